"""From tables to a pool: rows of cells, whatever they were read from, become plain data with places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consortia.errors import Problem, WrongValue
from consortia.files import cells
from consortia.files.cells import Cell
from consortia.files.headers import COLUMNS, synonyms
from consortia.files.headers import folded as fold
from consortia.files.loaded import Document, Loc, Source, path_text
from consortia.sentence import Sentence, listed, say
from consortia.spec.references import nearest


@dataclass(frozen=True)
class Row:
    """A row of a table: its place, such as ``line 4``, and its cells."""

    place: str
    cells: Sequence[object]


@dataclass(frozen=True)
class Table:
    """A table of a pool.

    Parameters
    ----------
    name : str
        ``partners``, ``offers``, ``clusters``, ``competences`` or ``pool``.
    place : str
        What to call it in places: a file such as ``partners.csv``; empty where the file is named anyway.
    header : Row
        Names of columns.
    rows : tuple of Row
        The rows beneath, without blank ones.
    """

    name: str
    place: str
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Tables:
    """The tables of a pool: the file or folder they come from, notes, and what is wrong with them already."""

    file: str
    tables: Mapping[str, Table]
    notes: tuple[Sentence, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsure: frozenset[str] = frozenset()


_READERS: dict[str, Callable[[Cell], object]] = {
    "clusters": cells.memberships,
    "kind": lambda cell: cells.choice(cell, "kind"),
    "role": lambda cell: cells.choice(cell, "role"),
    "category": lambda cell: cells.choice(cell, "category"),
    "joining_cost": cells.money,
    "default_rate": cells.money,
    "rate": cells.money,
    "fixed": cells.money,
    "fee": cells.money,
    "capacity": cells.number,
    "reliability": cells.share,
    "level": cells.whole,
    "competences": cells.competences,
    "broader": cells.several,
}
_REQUIRED = {"partners": ("id",), "offers": ("partner", "competence"), "clusters": ("id",), "competences": ("id",)}
_TAGGED = {"partners": {"attr": "attr"}, "competences": {"label": "label", "название": "label", "name": "label"}}


def pool_document(tables: Tables) -> Document:
    """Turn the tables of a pool into plain data.

    Parameters
    ----------
    tables : Tables
        The tables; only ``partners`` is obligatory.

    Returns
    -------
    Document
        Cells that cannot be told are left out, and are among its problems.
    """
    reading = _Reading(tables)
    data: dict[str, Any] = {}
    for row in reading.rows("pool"):
        data.update(row.values)
    for section in ("competences", "clusters", "partners"):
        data[section] = [row.values for row in reading.rows(section, section)]
    partners = {str(partner["id"]): at for at, partner in reversed(list(enumerate(data["partners"])))}
    for at, partner in enumerate(data["partners"]):
        short = partner.pop("competences", [])
        partner["offers"] = short
        for position in range(len(short)):
            table, line, _ = reading.placed["partners", at]
            reading.placed["partners", at, "offers", position] = (table, line, "competences")
    for row in reading.rows("offers"):
        owner = str(row.values.pop("partner"))
        if owner not in partners:
            if "partners" not in reading.unsure:
                close = nearest(owner, partners)
                remedy = say("Perhaps {name} is meant", name=close) if close else say("Add it to the partners")
                reading.problem(row, "partner", say("there is no partner {name}", name=owner), remedy)
            continue
        offers = data["partners"][partners[owner]]["offers"]
        reading.placed[("partners", partners[owner], "offers", len(offers))] = (row.table, row.row, None)
        offers.append(row.values)
    source = Source(tables.file, reading.locate)
    return Document(data, source, tables.notes, tuple(reading.problems), frozenset(reading.unsure))


@dataclass
class _Read:
    """A row that was read."""

    table: Table
    row: Row
    values: dict[str, Any] = field(default_factory=dict)


class _Reading:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problems = list(tables.problems)
        self.unsure = set(tables.unsure)
        self.columns = {name: self._columns(table) for name, table in tables.tables.items()}
        self.placed: dict[Loc, tuple[Table, Row, str | None]] = {}

    def rows(self, name: str, section: str | None = None) -> Iterator[_Read]:
        """Read the rows of a table; in a section of the data, remember where each entry came from."""
        table = self.tables.tables.get(name)
        if table is None:
            return
        count = 0
        for row in table.rows:
            read = self._row(table, row)
            missing = [column for column in _REQUIRED.get(name, ()) if read.values.get(column, "") == ""]
            for column in missing:
                if column in self.columns[name].values():
                    self._blank(read, column)
            if missing:
                self.unsure |= {section} if section else set()
                continue
            if section is not None:
                self.placed[(section, count)] = (table, row, None)
                count += 1
            yield read

    def _blank(self, read: _Read, column: str) -> None:
        at = next(at for at, name in self.columns[read.table.name].items() if name == column)
        if at >= len(read.row.cells) or cells.tidy(read.row.cells[at]) == "":
            remedy = say("Fill the cell, or remove the row")
            self.problem(read, column, say("{column} is missing", column=column), remedy)

    def _row(self, table: Table, row: Row) -> _Read:
        read = _Read(table, row)
        for at, given in enumerate(row.cells):
            cell = cells.tidy(given)
            column = self.columns[table.name].get(at)
            if cell == "":
                continue
            if column is None:
                if at >= len(table.header.cells) or cells.tidy(table.header.cells[at]) == "":
                    remedy = say("Remove it, name its column, or put quotes around a cell that contains the delimiter")
                    self.problem(read, at + 1, say("there is a cell without a column: {found}", found=cell), remedy)
                continue
            try:
                self._fill(read.values, column, cell)
            except WrongValue as error:
                self.problem(read, column, error.message, error.remedy)
        return read

    def _fill(self, values: dict[str, Any], column: str, cell: Cell) -> None:
        kind, _, tag = column.partition(":")
        if kind == "attr":
            values.setdefault("attributes", {})[tag] = cells.attribute(cell)
        elif kind == "label":
            values.setdefault("labels", {})[tag] = cells.text(cell)
        else:
            values[column] = _READERS.get(column, cells.text)(cell)

    def _columns(self, table: Table) -> dict[int, str]:
        """Find out which column is which."""
        known = synonyms(COLUMNS[table.name])
        found: dict[int, str] = {}
        for at, given in enumerate(table.header.cells):
            written = cells.text(cells.tidy(given))
            if not written:
                continue
            column = _tagged(table.name, written) or known.get(fold(written))
            if column is None:
                close = nearest(fold(written), known)
                remedy = say("Perhaps {name} is meant", name=close) if close else _all_columns(table)
                self._header_problem(table, written, say("there is no such column in this table"), remedy)
            elif column in found.values():
                message = say("there are two columns for {column}", column=column)
                self._header_problem(table, written, message, say("Remove one of them"))
            else:
                found[at] = column
        for column in _REQUIRED.get(table.name, ()):
            if column not in found.values():
                message = say("there is no column {column}", column=column)
                self._header_problem(table, "", message, say("Add one"))
                self.unsure.add(table.name)
        return found

    def _header_problem(self, table: Table, written: str, message: Sentence, remedy: Sentence) -> None:
        place = _place(table, table.header, written)
        self.problems.append(Problem(self.tables.file, place, message, remedy))

    def problem(self, read: _Read, column: str | int, message: Sentence, remedy: Sentence) -> None:
        """Note what is wrong with a cell."""
        written = column if isinstance(column, int) else self._written(read.table, column)
        self.problems.append(Problem(self.tables.file, _place(read.table, read.row, written), message, remedy))

    def _written(self, table: Table, column: str) -> str:
        """Return a column's name as the file writes it."""
        for at, name in self.columns[table.name].items():
            if name == column:
                return cells.text(cells.tidy(table.header.cells[at]))
        return column

    def locate(self, loc: Loc) -> str:
        """Return file, line and column of a path into the data."""
        size = next((size for size in range(len(loc), 0, -1) if loc[:size] in self.placed), 0)
        if not size:
            pool = self.tables.tables.get("pool")
            if loc and pool is not None and pool.rows and loc[0] in COLUMNS["pool"]:
                return _place(pool, pool.rows[0], self._written(pool, str(loc[0])))
            return path_text(loc)
        table, row, column = self.placed[loc[:size]]
        rest = loc[size:]
        if column is None and rest:
            tagged = {"attributes": "attr", "labels": "label"}.get(str(rest[0]))
            column = f"{tagged}:{rest[1]}" if tagged and len(rest) > 1 else str(rest[0])
        return _place(table, row, self._written(table, column) if column else "")


def _place(table: Table, row: Row, column: str | int) -> str:
    named = f"column {column}" if column != "" else ""
    return ", ".join(part for part in (table.place, row.place, named) if part)


def _tagged(table: str, written: str) -> str | None:
    kind, colon, tag = written.partition(":")
    prefix = _TAGGED.get(table, {}).get(fold(kind))
    return f"{prefix}:{tag.strip()}" if colon and prefix and tag.strip() else None


def _all_columns(table: Table) -> Sentence:
    return say("Write one of {columns}", columns=listed(COLUMNS[table.name]))
