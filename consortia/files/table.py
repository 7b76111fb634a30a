"""From tables to a pool: rows of cells, whatever they were read from, become plain data with places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consortia.errors import Problem
from consortia.sentence import Sentence


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
        ``partners``, ``offers``, ``clusters``, ``competences`` or ``pool``; of a workbook also those of a project.
    place : str
        What to call it in places: a file such as ``partners.csv`` or a sheet; empty where the file is named anyway.
    header : Row
        Names of columns.
    rows : tuple of Row
        The rows beneath, without blank ones.
    sheet : bool
        Whether it is a sheet of a workbook; then the places of rows are their numbers.
    """

    name: str
    place: str
    header: Row
    rows: tuple[Row, ...]
    sheet: bool = False

    def at(self, row: Row, index: int | None, column: str) -> str:
        """Return the place of a cell; of a sheet as ``Partners!C7``.

        Parameters
        ----------
        row : Row
        index : int or None
            Its position in the row; None where it has none.
        column : str
            The name of its column; empty for the row as a whole.
        """
        if self.sheet:
            return f"{self.place}!{letters(index or 0)}{row.place}"
        named = f"column {column}" if column else ""
        return ", ".join(part for part in (self.place, row.place, named) if part)


@dataclass(frozen=True)
class Tables:
    """The tables of a pool: the file or folder they come from, notes, and what is wrong with them already."""

    file: str
    tables: Mapping[str, Table]
    notes: tuple[Sentence, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsure: frozenset[str] = frozenset()


def letters(index: int) -> str:
    """Return what spreadsheets call a column.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    index, last = divmod(index, 26)
    return (letters(index - 1) if index else "") + chr(ord("A") + last)
