"""Rules that are linear rows and nothing else, so that a literal can tell whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consortia.program import INFINITE, Linear, Tag
from consortia.rules.base import Rule

if TYPE_CHECKING:
    from consortia.columns import Columns


@dataclass(frozen=True)
class Row:
    """That ``least <= body <= most``, if all columns of `given` are one."""

    body: Linear
    least: int = -INFINITE
    most: int = INFINITE
    given: tuple[int, ...] = ()


class Reifiable(Rule):
    """A rule that holds exactly when its rows do: over decisions, and columns that decisions pin both ways.

    No column of its own is left to the solver, so that the rule can be denied as well as posted. It may therefore
    be a condition of other rules.
    """

    def rows(self, columns: Columns) -> Iterator[Row]:
        """Return the rows, all of which must hold."""
        raise NotImplementedError

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        tag = self.tag
        for row in self.rows(columns):
            columns.program.add_row(tag, row.body, row.least, row.most, (*when, *row.given))

    def holds(self, columns: Columns) -> int:
        """Return a literal that holds exactly when the rule does."""
        tag, parts = Tag("holds", source=str(self.title())), []
        for row in self.rows(columns):
            for body, least in _sides(row):
                part = int(columns.program.add_columns(tag, 1)[0])
                columns.at_least(tag, body, least, (part, *row.given))
                columns.at_most(tag, body, least - 1, (~part,))
                for literal in row.given:
                    columns.at_least(tag, Linear([literal]), 1, (~part,))
                parts.append(part)
        if len(parts) == 1:
            return parts[0]
        made = int(columns.program.add_columns(tag, 1)[0])
        for part in parts:
            columns.at_most(tag, Linear([made, part], [1, -1]), 0)
        columns.at_most(tag, Linear(parts) - Linear([made]), len(parts) - 1)
        return made


def _sides(row: Row) -> Iterator[tuple[Linear, int]]:
    """Return the row as sums that have a least value each."""
    if row.least > -INFINITE:
        yield row.body, row.least
    if row.most < INFINITE:
        yield -1 * row.body, -row.most
