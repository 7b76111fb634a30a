"""Workbooks to tables: which sheet is which, where its header is, what its cells hold.

Nothing in a workbook is run: of formulas the values are read that the spreadsheet saved with them.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from consortia.errors import Problem
from consortia.files import cells
from consortia.files.archive import Archive, open_archive
from consortia.files.headers import FILES, folded, synonyms
from consortia.files.sheets import ALL_COLUMNS, OF_PROJECT, SHEETS
from consortia.files.table import Row, Table, Tables
from consortia.files.text import refuse
from consortia.sentence import Sentence, say
from consortia.spec.references import nearest

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Of what a person may take for a workbook; some are refused with what to do."""
MOST_COLUMNS = 256
HEADER_WITHIN = 10
"""The header is among so many rows that are not blank: a title may stand above it."""
_ERRORS = frozenset(
    {"#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_UNCALCULATED = cells.Unreadable(
    say("the cell has a formula whose value was not saved"),
    say("Open the workbook in Excel or LibreOffice and save it, or write the value"),
)


def read_workbook(path: Path) -> Tables:
    """Read a workbook.

    Parameters
    ----------
    path : Path
        A file in the format of Excel since 2007.

    Returns
    -------
    Tables
        Of a project, a pool, or both.

    Raises
    ------
    SpecError
        If it cannot be read as a workbook.
    """
    archive = open_archive(path)
    notes: list[Sentence] = []
    if archive.macros:
        notes.append(say("{file} has macros; they were not run", file=str(path)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drop-downs and styles that openpyxl does not keep
            return _tables(path, archive, notes)
    except (MemoryError, RecursionError, KeyboardInterrupt):
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part happens to lead to
        from consortia.errors import SpecError

        if isinstance(error, SpecError):
            raise
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        remedy = say("Open it in Excel or LibreOffice and save it again, or get a whole copy of it")
        raise refuse(path, "", say("the workbook is damaged: {reason}", reason=reason), remedy) from None


def _open(archive: Archive, *, values: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(archive.data), read_only=True, data_only=values, keep_links=False)


def _tables(path: Path, archive: Archive, notes: list[Sentence]) -> Tables:
    book = _open(archive, values=True)
    formulas = _open(archive, values=False) if archive.formulas else None
    known = synonyms(SHEETS)
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    unread: list[str] = []
    for sheet in book.worksheets:
        name = known.get(folded(sheet.title))
        if name is None and sheet.sheet_state != "visible":
            continue
        if name is None or name in tables:
            problem = _unexpected(path, sheet.title, name, known)
            if problem is not None:
                problems.append(problem)
            else:
                unread.append(sheet.title)
            continue
        rows = list(_rows(sheet))
        if formulas is not None:
            rows = _with_formulas(rows, formulas[sheet.title])
        tables[name] = _table(name, sheet.title, rows)
    if not set(tables) & {"capabilities", "partners"} and not problems:
        message = say("there is neither a sheet Partners nor a sheet Capabilities in this workbook")
        raise refuse(path, "", message, say("Begin with `consortia template -o FILE.xlsx`"))
    if unread:
        notes.append(say("sheets of {file} that were not read: {sheets}", file=str(path), sheets=", ".join(unread)))
    unsure = {name for name in ("partners", "clusters", "competences") if problems and name not in tables}
    unsure |= {"attributes"} & unsure if "partners" in tables else {"attributes"} if unsure else set()
    return Tables(str(path), tables, tuple(notes), tuple(problems), frozenset(unsure))


def _unexpected(path: Path, title: str, name: str | None, known: dict[str, str]) -> Problem | None:
    if name is not None:
        message = say("there is another sheet with the table {name}", name=name)
        return Problem(str(path), title, message, say("Remove one of them"))
    close = nearest(folded(title), known, least=0.8)
    if close is None:
        return None
    remedy = say("Perhaps {name} is meant", name=close.capitalize())
    return Problem(str(path), title, say("this sheet is not one that is known"), remedy)


def _rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:
    """Return the rows of a sheet that are not blank, each with its number."""
    sheet.reset_dimensions()  # programs write wrong ones
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        last = next((at for at in range(len(row) - 1, -1, -1) if row[at] is not None), -1)
        if last < 0:
            continue
        found = [_value(cell) for cell in row[: last + 1]]
        if any(cell != "" for cell in found):
            yield number, found


def _value(cell: object) -> object:
    """Return what a cell holds: a text, an integer, a Decimal, a boolean, a day, or why it cannot be read."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in _ERRORS:
            remedy = say("Correct its formula, or write the value")
            return cells.Unreadable(say("the cell has the error {error}", error=cell), remedy)
        return cell
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, time | timedelta):
        remedy = say("Format the cell as a number or as text, and type it again")
        return cells.Unreadable(say("the cell holds the time {time}", time=str(cell)), remedy)
    return cell if isinstance(cell, bool | int | date) else str(cell)


def _number(value: float) -> object:
    """Return a number with the fifteen digits that spreadsheets keep: 12.0 is 12, and 0.30000000000000004 is 0.3."""
    if value != value or value in (float("inf"), float("-inf")):
        return cells.Unreadable(say("the number in the cell is out of range"), say("Write a smaller one"))
    exact = Decimal(f"{value:.15g}")
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**15 else exact


def _with_formulas(rows: list[tuple[int, list[object]]], sheet: Any) -> list[tuple[int, list[object]]]:
    """Mark cells that have a formula and no value."""
    filled = dict(rows)
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        for at, cell in enumerate(row):
            if cell.data_type != "f":
                continue
            found = filled.setdefault(number, [])
            found += [""] * (at + 1 - len(found))
            if found[at] == "":
                found[at] = _UNCALCULATED
    return sorted(filled.items())


def _table(name: str, title: str, rows: Sequence[tuple[int, list[object]]]) -> Table:
    """Find the header among the first rows: the one with most names of columns; the first among equals."""
    known = synonyms(ALL_COLUMNS[name])

    def score(at: int) -> int:
        return sum(isinstance(cell, str) and folded(cell) in known for cell in rows[at][1])

    if not rows:
        return Table(name, title, Row("1", ()), (), sheet=True)
    top = max(range(min(len(rows), HEADER_WITHIN)), key=score)
    made = [Row(str(number), found) for number, found in rows[top:]]
    return Table(name, title, made[0], tuple(made[1:]), sheet=True)


def of_pool(tables: Tables) -> Tables:
    """Return the tables of a pool among those of a workbook."""
    return Tables(
        tables.file,
        {name: table for name, table in tables.tables.items() if name in FILES},
        tables.notes,
        tables.problems,
        tables.unsure,
    )


def of_project(tables: Tables) -> Tables:
    """Return the tables of a project among those of a workbook, without notes and problems of the whole."""
    return Tables(tables.file, {name: table for name, table in tables.tables.items() if name in OF_PROJECT})
