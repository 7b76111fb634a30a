"""From the rows of a table to values: which column is which, what its cells mean, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from consortia.errors import Problem, WrongValue
from consortia.files import cells
from consortia.files.cells import Cell
from consortia.files.headers import folded as fold
from consortia.files.headers import synonyms
from consortia.files.loaded import Loc, path_text
from consortia.files.sheets import ALL_COLUMNS
from consortia.files.table import Row, Table, Tables
from consortia.files.terms import read_terms
from consortia.sentence import Sentence, listed, say
from consortia.spec.references import nearest

_Reader = Callable[[Cell], object]
_READERS: dict[str, _Reader] = {
    "accepted_only": cells.yes_or_no,
    "any_of": cells.several,
    "as_of": cells.day,
    "backups": cells.whole,
    "broader": cells.several,
    "budget": cells.money,
    "capabilities": cells.several,
    "capacity": cells.number,
    "capacity_per_period": cells.by_period,
    "category": partial(cells.choice, column="category"),
    "clusters": cells.memberships,
    "competences": cells.competences,
    "default_rate": cells.money,
    "effort": cells.number,
    "fee": cells.money,
    "fixed": cells.money,
    "joining_cost": cells.money,
    "kind": partial(cells.choice, column="kind"),
    "least_share": cells.share,
    "level": cells.whole,
    "optional": cells.yes_or_no,
    "providers_max": cells.whole,
    "providers_min": cells.whole,
    "rate": cells.money,
    "reliability": cells.share,
    "role": partial(cells.choice, column="role"),
}
_OF_SHEETS: dict[tuple[str, str], _Reader] = {
    ("capabilities", "mode"): partial(cells.choice, column="mode"),
    ("capabilities", "value"): cells.number,
    ("costs", "cost"): partial(cells.choice, column="cost"),
    ("costs", "more"): read_terms,
    ("project", "value"): cells.as_it_is,
    ("rules", "each"): partial(cells.choice, column="each"),
    ("rules", "filter"): partial(read_terms, filtering=True),
    ("rules", "max"): cells.share,
    ("rules", "min"): cells.share,
    ("rules", "more"): read_terms,
    ("rules", "partners"): cells.several,
    ("rules", "rule"): partial(cells.choice, column="rule"),
}
_REQUIRED = {
    "partners": ("id",),
    "offers": ("partner", "competence"),
    "clusters": ("id",),
    "competences": ("id",),
    "project": ("field",),
    "capabilities": ("id",),
    "work packages": ("id", "capabilities"),
    "rules": ("rule",),
    "costs": ("cost",),
}
"""Cells without which a row means nothing."""
_COLUMNS = {**_REQUIRED, "project": ("field", "value")}
"""Columns without which a table means nothing."""
_WHOLE = frozenset({"rules", "costs"})
"""Tables whose rows mean nothing if one of their cells cannot be read."""
_TAGGED = {"partners": {"attr": "attr"}, "competences": {"label": "label", "название": "label", "name": "label"}}


@dataclass
class Read:
    """A row that was read."""

    table: Table
    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


class Reading:
    """Reads the rows of tables, and keeps what is wrong with them and where everything stands.

    Parameters
    ----------
    tables : Tables

    Attributes
    ----------
    problems : list of Problem
    unsure : set of str
        Sections that define ids which could not be read.
    placed : dict
        For paths into the data, the table, the row and perhaps the column they come from.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problems = list(tables.problems)
        self.unsure = set(tables.unsure)
        self.columns = {name: self._columns(table) for name, table in tables.tables.items()}
        self.placed: dict[Loc, tuple[Table, Row, str | None]] = {}

    def rows(self, name: str, section: str | None = None) -> Iterator[Read]:
        """Read the rows of a table; in a section of the data, remember where each entry came from."""
        table = self.tables.tables.get(name)
        if table is None:
            return
        count = 0
        for row in table.rows:
            read = self._row(table, row)
            missing = [column for column in _REQUIRED.get(name, ()) if read.values.get(column, "") == ""]
            for column in missing:
                if column in self.columns[name].values() and column not in read.unread:
                    self._blank(read, column)
            if missing or (read.unread and name in _WHOLE):
                self.unsure |= {section} if section else set()
                continue
            if section is not None:
                self.placed[(section, count)] = (table, row, None)
                count += 1
            yield read

    def _blank(self, read: Read, column: str) -> None:
        at = next(at for at, name in self.columns[read.table.name].items() if name == column)
        if at >= len(read.row.cells) or cells.tidy(read.row.cells[at]) == "":
            remedy = say("Fill the cell, or remove the row")
            self.problem(read, column, say("{column} is missing", column=column), remedy)

    def _row(self, table: Table, row: Row) -> Read:
        read = Read(table, row)
        for at, given in enumerate(row.cells):
            column = self.columns[table.name].get(at)
            if isinstance(given, cells.Unreadable):
                if column is not None:
                    self.problem(read, at + 1, given.message, given.remedy)
                    read.unread.add(column)
                continue
            cell = cells.tidy(given)
            if cell == "":
                continue
            if column is None:
                if at >= len(table.header.cells) or _heading(table.header.cells[at]) == "":
                    remedy = say("Remove it, name its column, or put quotes around a cell that contains the delimiter")
                    self.problem(read, at + 1, say("there is a cell without a column: {found}", found=cell), remedy)
                continue
            try:
                self._fill(table.name, read.values, column, cell)
            except WrongValue as error:
                self.problem(read, column, error.message, error.remedy)
                read.unread.add(column)
        return read

    def _fill(self, table: str, values: dict[str, Any], column: str, cell: Cell) -> None:
        kind, _, tag = column.partition(":")
        if kind == "attr" and tag:
            values.setdefault("attributes", {})[tag] = cells.attribute(cell)
        elif kind == "label" and tag:
            values.setdefault("labels", {})[tag] = cells.text(cell)
        else:
            reader = _OF_SHEETS.get((table, column)) or _READERS.get(column, cells.text)
            values[column] = reader(cell)

    def _columns(self, table: Table) -> dict[int, str]:
        """Find out which column is which."""
        known = synonyms(ALL_COLUMNS[table.name])
        found: dict[int, str] = {}
        for at, given in enumerate(table.header.cells):
            if isinstance(given, cells.Unreadable):
                self._header_problem(table, at, given.message, given.remedy)
                continue
            written = _heading(given)
            if not written:
                continue
            column = _tagged(table.name, written) or known.get(fold(written))
            if column is None:
                close = nearest(fold(written), known)
                remedy = say("Perhaps {name} is meant", name=close) if close else _all_columns(table)
                self._header_problem(table, at, say("there is no such column in this table"), remedy)
            elif column in found.values():
                message = say("there are two columns for {column}", column=column)
                self._header_problem(table, at, message, say("Remove one of them"))
            else:
                found[at] = column
        for column in _COLUMNS.get(table.name, ()):
            if column not in found.values():
                message = say("there is no column {column}", column=column)
                self._header_problem(table, None, message, say("Add one"))
                self.unsure.add(table.name)
        return found

    def _header_problem(self, table: Table, at: int | None, message: Sentence, remedy: Sentence) -> None:
        written = "" if at is None else _heading(table.header.cells[at])
        place = table.at(table.header, at, written)
        self.problems.append(Problem(self.tables.file, place, message, remedy))

    def problem(self, read: Read, column: str | int, message: Sentence, remedy: Sentence | None) -> None:
        """Note what is wrong with a cell; a column that has no name is known by its number, from 1."""
        if isinstance(column, int):
            place = read.table.at(read.row, column - 1, str(column))
        else:
            place = self.place(read.table, read.row, column)
        self.problems.append(Problem(self.tables.file, place, message, remedy))

    def place(self, table: Table, row: Row, column: str = "") -> str:
        """Return the place of a cell, by the column's name as the file writes it."""
        at = next((at for at, name in self.columns[table.name].items() if name == column), None)
        return table.at(row, at, column if at is None else _heading(table.header.cells[at]))

    def locate(self, loc: Loc) -> str:
        """Return file, line and column of a path into the data."""
        size = next((size for size in range(len(loc), 0, -1) if loc[:size] in self.placed), 0)
        if not size:
            pool = self.tables.tables.get("pool")
            if loc and pool is not None and pool.rows and loc[0] in ALL_COLUMNS["pool"]:
                return self.place(pool, pool.rows[0], str(loc[0]))
            return path_text(loc)
        table, row, column = self.placed[loc[:size]]
        return self.place(table, row, self._column(table, loc[size:]) if column is None else column)

    def _column(self, table: Table, rest: Loc) -> str:
        """Return the column that holds what a path within a row leads to."""
        if not rest:
            return ""
        tagged = {"attributes": "attr", "labels": "label"}.get(str(rest[0]))
        if tagged and len(rest) > 1:
            return f"{tagged}:{rest[1]}"
        columns = self.columns[table.name].values()
        names = ("_".join(map(str, rest[:2])), str(rest[0]), "more")
        return next((name for name in names if name in columns), str(rest[0]))


def _heading(cell: object) -> str:
    tidy = cells.tidy(cell)
    return tidy.isoformat() if isinstance(tidy, date) else cells.text(tidy)


def _tagged(table: str, written: str) -> str | None:
    kind, colon, tag = written.partition(":")
    prefix = _TAGGED.get(table, {}).get(fold(kind))
    return f"{prefix}:{tag.strip()}" if colon and prefix and tag.strip() else None


def _all_columns(table: Table) -> Sentence:
    return say("Write one of {columns}", columns=listed(ALL_COLUMNS[table.name]))
