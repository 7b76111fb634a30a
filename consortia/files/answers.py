"""Questionnaires that partners have filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from consortia.errors import Problem, SpecError, WrongValue
from consortia.files.headers import COLUMNS, folded, synonyms
from consortia.files.loaded import Document, Loaded
from consortia.files.pool_document import pool_document
from consortia.files.reading import read_pool
from consortia.files.sheets import CHOICES
from consortia.files.table import Row, Table
from consortia.files.workbook import SUFFIXES, of_pool, read_workbook
from consortia.pools.answers import ANSWERED, INTEREST, OWN_COLUMNS, VALID_UNTIL, Answer
from consortia.sentence import listed, say
from consortia.spec.pool import Pool
from consortia.spec.project import Interest

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


def read_answers(paths: Sequence[Path]) -> list[Answer]:
    """Read questionnaires that were filled in.

    Parameters
    ----------
    paths : sequence of Path
        Workbooks, or anything else that is a pool of one partner.

    Returns
    -------
    list of Answer

    Raises
    ------
    SpecError
        If anything is wrong with any of them: all of it at once.
    """
    answers: list[Answer] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            answers.append(_answer(read_pool(_filled(path))))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return answers


def _filled(path: Path) -> Path | Document:
    """Return what a workbook says, its offers being those of its partner; of other files the path."""
    if path.suffix.lower() not in SUFFIXES:
        return path
    tables = of_pool(read_workbook(path))
    made = dict(tables.tables)
    if "partners" in made:
        made["partners"] = _with_own_columns(made["partners"])
    if "offers" in made and "partners" in made and made["partners"].rows:
        mine = _column(made["partners"], "id")
        name = "" if mine is None else _at(made["partners"].rows[0], mine)
        made["offers"] = _of_partner(made["offers"], name)
    return pool_document(replace(tables, tables=made))


def _of_partner(offers: Table, name: object) -> Table:
    """Let offers that name no partner be those of one; rows that say nothing else are no offers."""
    column = _column(offers, "partner")
    header = offers.header
    if column is None:
        column = len(header.cells)
        header = replace(header, cells=[*header.cells, "partner"])
    rows = []
    for row in offers.rows:
        cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
        if any(cell != "" for at, cell in enumerate(cells) if at != column):
            cells[column] = cells[column] if cells[column] != "" else name
            rows.append(replace(row, cells=cells))
    return replace(offers, header=header, rows=tuple(rows))


def _with_own_columns(partners: Table) -> Table:
    """Call what a questionnaire asks beyond a pool's columns by the names that attributes have."""
    own = synonyms(OWN_COLUMNS)
    header = [
        f"attr:{own[folded(cell)]}" if isinstance(cell, str) and folded(cell) in own else cell
        for cell in partners.header.cells
    ]
    return replace(partners, header=replace(partners.header, cells=header))


def _column(table: Table, key: str) -> int | None:
    known = synonyms(COLUMNS[table.name])
    return next((at for at, cell in enumerate(table.header.cells) if known.get(folded(str(cell))) == key), None)


def _at(row: Row, column: int) -> object:
    return row.cells[column] if column < len(row.cells) else ""


def _answer(loaded: Loaded[Pool]) -> Answer:
    """Make an answer of a pool of one partner."""
    partners = loaded.model.partners
    if len(partners) != 1:
        message = say("a questionnaire is about one partner, and there are {count} here", count=len(partners))
        raise SpecError([loaded.source.problem((), message, say("Keep each partner in a file of its own"))])
    partner = partners[0]
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, reader in ((INTEREST, _interest), (ANSWERED, _day), (VALID_UNTIL, _day)):
        try:
            found[name] = reader(partner.attributes.get(name))
        except WrongValue as error:
            loc = ("partners", 0, "attributes", name)
            problems.append(loaded.source.problem(loc, error.message, error.remedy))
    if problems:
        raise SpecError(problems)
    rest = {name: value for name, value in partner.attributes.items() if name not in found}
    inner = loaded.source.inner("partners", 0)
    return Answer(partner.model_copy(update={"attributes": rest}), inner, currency=loaded.model.currency, **found)


def _interest(said: object) -> Interest | None:
    if said is None:
        return None
    if isinstance(said, bool):
        return "accepted" if said else "declined"
    known: dict[str, Any] = synonyms(CHOICES[INTEREST])
    found: Interest | None = known.get(folded(str(said)))
    if found is None:
        message = say("{found} is not one of {choices}", found=str(said)[:60], choices=listed(CHOICES[INTEREST]))
        raise WrongValue(message, say("Write one of them"))
    return found


def _day(said: object) -> date | None:
    if said is None:
        return None
    parts = _DAY.fullmatch(str(said).strip())
    remedy = say("Write year, month and day, such as 2026-01-31")
    if parts is None:
        raise WrongValue(say("{found} is not a date", found=str(said)[:60]), remedy)
    year, month, day = (parts[1], parts[2], parts[3]) if parts[1] else (parts[6], parts[5], parts[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise WrongValue(say("{found} is not a date", found=str(said)[:60]), remedy) from None
