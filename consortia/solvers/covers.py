"""Covering programs in the form that searches read: only open columns and rows, by rows and by columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers

Floats = npt.NDArray[np.float64]

LARGEST = 2**40
"""Sums in a row stay below this, so that a row's weight times what it lacks is an exact integer."""


def is_covering(compiled: Compiled) -> bool:
    """Whether a program asks for no more than to cover rows by 0-1 columns at least cost.

    That is, once fixed columns are folded into the rows: every open column is 0 or 1 and costs nothing or something,
    every row asks for at least something of factors that are not negative, and nothing depends on a literal.

    Examples
    --------
    >>> from consortia.linear import Linear
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> columns = program.add_columns(Tag("member"), 3)
    >>> program.add_row(Tag("cover"), Linear(columns), lower=2)
    >>> is_covering(program.compile())
    True
    >>> program.add_row(Tag("limit"), Linear(columns), upper=2)
    >>> is_covering(program.compile())
    False
    """
    folded = compiled.folded()
    free = compiled.lower != compiled.upper
    binary = (compiled.lower[free] == 0) & (compiled.upper[free] == 1)
    if len(folded.literals) or not binary.all() or (compiled.objective[free] < 0).any() or (folded.data < 0).any():
        return False
    most = folded.activities()[1]
    return bool((folded.row_upper >= most).all() and most.max(initial=0) < LARGEST)


@dataclass(frozen=True)
class Cover:
    """Rows ``sum(factor * chosen) >= need``, for chosen columns at least cost.

    Attributes
    ----------
    columns, rows : array of int
        For each column and row, its position in the program.
    cost, need : array of int
        Cost of each column; need of each row, positive.
    row_start, row_column, row_factor : array of int
        The entries by rows, compressed; no factor is greater than its row's need.
    """

    columns: Integers
    rows: Integers
    cost: Integers
    need: Integers
    row_start: Integers
    row_column: Integers
    row_factor: Integers

    @classmethod
    def of(cls, compiled: Compiled, values: Integers) -> Cover:
        """Return the cover of what `values`, which no row keeps from growing, leave uncovered.

        Its columns are those that are zero in `values` and may be one.
        """
        total = np.zeros(len(compiled.row_lower), dtype=np.int64)
        np.add.at(total, compiled.row_of_entry, compiled.data * values[compiled.indices])
        lacking = np.where(compiled.row_lower == -INFINITE, 0, compiled.row_lower - total)
        open_columns = (compiled.upper > compiled.lower) & (values == 0)
        keep = (lacking > 0)[compiled.row_of_entry] & open_columns[compiled.indices] & (compiled.data != 0)
        columns, rows = np.unique(compiled.indices[keep]), np.flatnonzero(lacking > 0)
        row = np.searchsorted(rows, compiled.row_of_entry[keep])
        need = lacking[rows]
        return cls(
            columns,
            rows,
            compiled.objective[columns],
            need,
            _starts(row, len(need)),
            np.searchsorted(columns, compiled.indices[keep]),
            np.minimum(compiled.data[keep], need[row]),
        )

    @cached_property
    def row_of_entry(self) -> Integers:
        """For each entry by rows, its row."""
        return np.repeat(np.arange(len(self.need)), np.diff(self.row_start))

    @cached_property
    def by_columns(self) -> tuple[Integers, Integers, Integers]:
        """The entries by columns: where each column begins, rows, factors."""
        order = np.argsort(self.row_column, kind="stable")
        start = _starts(self.row_column, len(self.cost))
        return start, self.row_of_entry[order], self.row_factor[order]

    def supply(self, chosen: Integers) -> Integers:
        """How much the `chosen` columns bring to each row."""
        start, rows, factors = self.by_columns
        entries = _spans(start, chosen)
        total = np.zeros(len(self.need), dtype=np.int64)
        np.add.at(total, rows[entries], factors[entries])
        return total

    def feasible(self) -> bool:
        """Whether all columns together cover every row."""
        return bool((self.supply(np.arange(len(self.cost))) >= self.need).all())

    def reduced(self, prices: Floats) -> Floats:
        """Cost of each column less what it brings, at `prices` for a unit of each row."""
        start, rows, factors = self.by_columns
        running = np.concatenate([[0.0], np.cumsum(prices[rows] * factors)])
        return np.asarray(self.cost - (running[start[1:]] - running[start[:-1]]))

    def only(self, kept: Integers) -> Cover:
        """Return the same cover with the `kept` columns alone."""
        position = np.full(len(self.cost), -1)
        position[kept] = np.arange(len(kept))
        inside = position[self.row_column] >= 0
        return Cover(
            self.columns[kept],
            self.rows,
            self.cost[kept],
            self.need,
            _starts(self.row_of_entry[inside], len(self.need)),
            position[self.row_column[inside]],
            self.row_factor[inside],
        )

    def greedy(self, prices: Floats) -> Integers:
        """Choose, for as long as rows lack something, the column that costs least for what it brings.

        What it costs is less what the uncovered rows that it helps pay at `prices`; then leave out what is not needed.
        """
        start, rows, factors = self.by_columns
        lacking = self.need.copy()
        brings = np.zeros(len(self.cost))
        np.add.at(brings, self.row_column, self.row_factor)
        net = self.reduced(prices)
        ratio = _ratio(net, brings)
        chosen = []
        while lacking.any():
            column = int(ratio.argmin())
            chosen.append(column)
            brings[column] = 0
            entries = slice(start[column], start[column + 1])
            touched = rows[entries]
            touched = touched[lacking[touched] > 0]
            before = lacking[touched]
            lacking[rows[entries]] = np.maximum(lacking[rows[entries]] - factors[entries], 0)
            spans = _spans(self.row_start, touched)
            lengths = self.row_start[touched + 1] - self.row_start[touched]
            factor, columns = self.row_factor[spans], self.row_column[spans]
            less = np.minimum(factor, np.repeat(before, lengths)) - np.minimum(
                factor, np.repeat(lacking[touched], lengths)
            )
            np.subtract.at(brings, columns, less)
            np.add.at(net, columns, less * np.repeat(prices[touched], lengths))
            ratio[column] = np.inf
            columns = columns[ratio[columns] < np.inf]
            ratio[columns] = _ratio(net[columns], brings[columns])
        return self.thinned(np.array(chosen, dtype=np.int64))

    def thinned(self, chosen: Integers) -> Integers:
        """Leave out `chosen` columns that are not needed, the dearest first."""
        start, rows, factors = self.by_columns
        slack = self.supply(chosen) - self.need
        kept = []
        for column in chosen[np.argsort(-self.cost[chosen], kind="stable")].tolist():
            entries = slice(start[column], start[column + 1])
            if (slack[rows[entries]] >= factors[entries]).all():
                slack[rows[entries]] -= factors[entries]
            else:
                kept.append(column)
        return np.array(sorted(kept), dtype=np.int64)


def _starts(groups: Integers, count: int) -> Integers:
    """Where each of `count` groups begins among sorted entries, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))]).astype(np.int64)


def _spans(start: Integers, chosen: Integers) -> Integers:
    """Positions of the entries of the `chosen` groups, where group ``g`` is from ``start[g]`` to ``start[g + 1]``."""
    lengths = start[chosen + 1] - start[chosen]
    shift = np.repeat(start[chosen] - (np.cumsum(lengths) - lengths), lengths)
    positions: Integers = np.arange(len(shift)) + shift
    return positions


def _ratio(net: Floats, brings: Floats) -> Floats:
    """What columns cost for a unit that they bring; those that more than pay for themselves by how much they do."""
    useful = brings > 0.5
    ratio: Floats = np.where(net > 0, net / np.where(useful, brings, 1), net * brings)
    return np.where(useful, ratio, np.inf)
