"""From the sheets of a workbook to the plain data of a project, with its pool where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from consortia.errors import Problem, WrongValue
from consortia.files import cells
from consortia.files.headers import folded, synonyms
from consortia.files.loaded import Document, Loc, Source
from consortia.files.pool_document import pool_document
from consortia.files.reading_rows import Read, Reading
from consortia.files.sheets import CHOICES, FIELDS
from consortia.files.table import Tables
from consortia.files.terms import read_terms
from consortia.files.workbook import of_pool, of_project
from consortia.sentence import listed, say
from consortia.spec.references import nearest

_ENTRIES = frozenset({"rates", "worked_together", "choices"})
"""Fields that may stand in several rows, each with one entry."""
_LISTS = frozenset({"objectives", "packs", "periods"})
_MAPPINGS = frozenset({"interest", "roles", "groups"})
_READERS: dict[str, Callable[[cells.Cell], object]] = {
    "title": cells.text,
    "description": cells.text,
    "pool": cells.text,
    "currency": cells.text,
    "budget": cells.money,
    "effort_step": cells.number,
    "accepted_only": cells.yes_or_no,
    "cooperation": lambda cell: cells.choice(cell, "cooperation"),
}


def book_document(tables: Tables) -> Document:
    """Turn the sheets of a workbook into the data of a project, or of a pool where there is no project.

    Parameters
    ----------
    tables : Tables

    Returns
    -------
    Document
        With the pool inline where the workbook has partners.
    """
    if "capabilities" not in tables.tables:
        return pool_document(of_pool(tables))
    reading = Reading(of_project(tables))
    data: dict[str, Any] = {}
    for row in reading.rows("project"):
        if "value" in row.values:
            _field(reading, row, data)
        elif "value" not in row.unread and _fields().get(folded(str(row.values["field"]))) == "title":
            data["title"] = ""
    _capabilities(reading, data)
    _packages(reading, data)
    for name in ("rules", "costs"):
        _with_more(reading, name, data)
    if "project" not in tables.tables:
        data["title"] = ""
        remedy = say("Add it, with the columns Field and Value and the title in its first row")
        reading.problems.append(Problem(tables.file, "", say("there is no sheet Project in this workbook"), remedy))
    offered = "partners" in tables.tables or "partners" in tables.unsure
    pool = pool_document(of_pool(tables)) if offered else None
    if pool is not None:
        data["pool"] = pool.data

    def locate(loc: Loc) -> str:
        if loc[:1] == ("pool",) and pool is not None:
            return pool.source.locate(loc[1:])
        if loc in {("title",), ("pool",)} and str(loc[0]) not in data and "project" in tables.tables:
            return reading.place(tables.tables["project"], tables.tables["project"].header)
        return reading.locate(loc)

    problems = (*(pool.problems if pool is not None else tables.problems), *reading.problems)
    unsure = pool.unsure if pool is not None else tables.unsure
    return Document(data, Source(tables.file, locate), tables.notes, problems, unsure | reading.unsure)


@cache
def _fields() -> dict[str, str]:
    return synonyms(FIELDS)


def _field(reading: Reading, row: Read, data: dict[str, Any]) -> None:
    """Read a row of the sheet Project."""
    written = str(row.values["field"])
    name = _fields().get(folded(written))
    if name is None:
        close = nearest(folded(written), _fields())
        remedy = (
            say("Perhaps {name} is meant", name=close) if close else say("Write one of {fields}", fields=listed(FIELDS))
        )
        reading.problem(row, "field", say("there is no such field of a project"), remedy)
        return
    reading.placed.setdefault((name,), (row.table, row.row, "value"))
    reader: Callable[[cells.Cell], object] = _READERS.get(name, read_terms)
    try:
        value = reader(row.values["value"])
        _put(reading, row, data, name, value)
    except WrongValue as error:
        reading.problem(row, "value", error.message, error.remedy)


def _put(reading: Reading, row: Read, data: dict[str, Any], name: str, value: Any) -> None:
    if name in _ENTRIES:
        place = len(data.setdefault(name, []))
        reading.placed[name, place] = (row.table, row.row, "value")
        data[name].append(value)
    elif name in _LISTS:
        if name == "periods" and isinstance(value, int) and not data.get(name):
            data[name] = value
            return
        entries = value if isinstance(value, list) else [value]
        data[name] = [*(data[name] if isinstance(data.get(name), list) else []), *entries]
    elif name in _MAPPINGS:
        if not isinstance(value, dict):
            raise WrongValue(say("{found} has no name with a value", found=str(value)[:60]), say("Write NAME = VALUE"))
        known = synonyms(CHOICES[{"interest": "interest", "roles": "role"}[name]]) if name != "groups" else {}
        for key, entry in value.items():
            if key in data.setdefault(name, {}):
                raise WrongValue(say("{key} is given twice", key=key), say("Remove one of them"))
            reading.placed[name, key] = (row.table, row.row, "value")
            chosen = known.get(folded(entry), entry) if isinstance(entry, str) and known else entry
            data[name][key] = chosen if name != "groups" or isinstance(chosen, list) else [chosen]
    elif name in data:
        raise WrongValue(say("{key} is given twice", key=name), say("Remove one of them"))
    else:
        data[name] = value


def _capabilities(reading: Reading, data: dict[str, Any]) -> None:
    data["capabilities"] = []
    for row in reading.rows("capabilities", "capabilities"):
        least, most = row.values.pop("providers_min", None), row.values.pop("providers_max", None)
        providers = {"min": least, "max": most}
        given = {key: value for key, value in providers.items() if value is not None}
        data["capabilities"].append({**row.values, **({"providers": given} if given else {})})


def _packages(reading: Reading, data: dict[str, Any]) -> None:
    found = [row.values for row in reading.rows("work packages", "work_packages")]
    if found:
        data["work_packages"] = found


def _with_more(reading: Reading, name: str, data: dict[str, Any]) -> None:
    """Read rules or costs, whose last column holds whatever has no column of its own."""
    found = []
    for row in reading.rows(name, name):
        more = row.values.pop("more", {})
        if not isinstance(more, dict):
            message = say("{found} has no name with a value", found=str(more)[:60])
            reading.problem(row, "more", message, say("Write NAME = VALUE, apart by semicolons"))
            more = {}
        for key in set(more) & set(row.values):
            reading.problem(row, "more", say("{key} is given twice", key=key), say("Remove one of them"))
        found.append({**more, **row.values})
    if found:
        data[name] = found
