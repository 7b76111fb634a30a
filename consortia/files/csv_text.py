"""CSV files to tables: which file, which encoding, which delimiter."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.files.headers import COLUMNS, FILES, folded, synonyms
from consortia.files.table import Row, Table, Tables
from consortia.files.text import read_text, refuse
from consortia.sentence import Sentence, say
from consortia.spec.references import nearest

_DELIMITERS = ";,\t"


def read_folder(folder: Path) -> Tables:
    """Read a folder of CSV files.

    Parameters
    ----------
    folder : Path
        With ``partners.csv`` and perhaps ``offers.csv``, ``clusters.csv``, ``competences.csv``, ``pool.csv``.
    """
    known = synonyms(FILES)
    notes: list[Sentence] = []
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    unsure: set[str] = set()
    for path in _csv_files(folder):
        name = known.get(folded(path.stem))
        if name is None or name in tables:
            problem, note = _unexpected(folder, path, name, known)
            problems.extend(problem)
            notes.extend(note)
            continue
        try:
            tables[name], found = read_table(path, name, path.name)
            notes.extend(found)
        except SpecError as error:
            problems.extend(error.problems)
            unsure.add(name)
            if name == "partners":
                unsure.add("attributes")
    if "partners" not in tables and "partners" not in unsure:
        message = say("there is no partners.csv in this folder")
        problems.insert(0, Problem(str(folder), "", message, say("Add it; the other tables may be missing")))
        unsure |= {"partners", "attributes"}
    return Tables(str(folder), tables, tuple(notes), tuple(problems), frozenset(unsure))


def read_single(path: Path) -> Tables:
    """Read a pool that is one table of partners.

    Parameters
    ----------
    path : Path
        A CSV file with columns such as ``id``, ``name`` and ``competences``.
    """
    table, notes = read_table(path, "partners", "")
    known = synonyms(FILES)
    beside = [other.name for other in _csv_files(path.parent) if other != path and folded(other.stem) in known]
    if beside and known.get(folded(path.stem)) == "partners":
        note = say(
            "only {file} was read; name the folder to read {others} as well", file=str(path), others=", ".join(beside)
        )
        notes = (*notes, note)
    return Tables(str(path), {"partners": table}, notes)


def _csv_files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse(
            folder, "", say("the folder cannot be read: {reason}", reason=reason), say("Check its permissions")
        ) from None
    return (entry for entry in entries if entry.suffix.lower() == ".csv" and not entry.name.startswith((".", "~")))


def _unexpected(
    folder: Path, path: Path, name: str | None, known: dict[str, str]
) -> tuple[list[Problem], list[Sentence]]:
    if name is not None:
        message = say("there is another file with the table {name}", name=name)
        return [Problem(str(folder), path.name, message, say("Remove one of them"))], []
    close = nearest(folded(path.stem), known)
    if close is not None:
        remedy = say("Perhaps {name} is meant", name=f"{close}.csv")
        return [Problem(str(folder), path.name, say("this file is not a table of a pool"), remedy)], []
    return [], [say("{file} is not a table of a pool and was not read", file=str(path))]


def read_table(path: Path, name: str, place: str) -> tuple[Table, tuple[Sentence, ...]]:
    """Read one CSV file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Which table it is.
    place : str
        What to call it in places.

    Returns
    -------
    table : Table
    notes : tuple of Sentence
        That the encoding was guessed.

    Raises
    ------
    SpecError
        If it cannot be read as CSV.
    """
    text, notes = read_text(path, cyrillic=True)
    try:
        return parse_table(text, name, place), notes
    except _NotCsv as error:
        remedy = say("Close every quote, and double quotes inside a quoted cell")
        raise refuse(path, error.place, say("this is not CSV: {reason}", reason=str(error)), remedy) from None


class _NotCsv(ValueError):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place


def parse_table(text: str, name: str, place: str) -> Table:
    """Turn the text of a CSV file into a table.

    Parameters
    ----------
    text : str
        The text, not blank.
    name : str
        Which table it is.
    place : str
        What to call it in places.
    """
    lines = io.StringIO(text, newline="").readlines()
    first, delimiter = 1, ""
    marked = re.match(r"sep=(.)\r?\n", lines[0], re.IGNORECASE)
    if marked:
        # what spreadsheets write, and want, to be told the delimiter
        first, delimiter = 2, marked[1]
        lines = lines[1:]
    rows = list(_rows(lines, delimiter or _delimiter(lines, name), first))
    if not rows:
        return Table(name, place, Row("line 1", ()), ())
    return Table(name, place, rows[0], tuple(rows[1:]))


def _rows(lines: list[str], delimiter: str, first: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    before = first
    try:
        for found in reader:
            if any(cell.strip() for cell in found):
                yield Row(f"line {before}", found)
            before = reader.line_num + first
    except csv.Error as error:
        raise _NotCsv(f"line {before}", str(error)) from None


def _delimiter(lines: list[str], name: str) -> str:
    """Take the delimiter that makes most known columns of the first line, and most columns among equals."""
    known = synonyms(COLUMNS[name])
    header = next((line for line in lines if line.strip()), "")

    def score(delimiter: str) -> tuple[int, int]:
        columns = next(csv.reader([header], delimiter=delimiter))
        return sum(folded(column) in known for column in columns), len(columns)

    return max(_DELIMITERS, key=score)
