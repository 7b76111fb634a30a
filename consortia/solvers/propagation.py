"""Column bounds of a program of plain rows, tightened row by row, with a trail to go back on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled, spans
from consortia.linear import Integers

_ROUNDS = 60  # bounds that creep towards each other by ones are left at that; it stays sound


class Domains:
    """The bounds of all columns, and what each row can still add up to.

    Parameters
    ----------
    compiled : Compiled
        A program whose rows carry no literals (see :meth:`Compiled.without_literals`).

    Attributes
    ----------
    lower, upper : array, one a column
        The current bounds.
    least, most, rest : array, one a row
        The row's sum at its least, at its greatest, and with every column at its cheaper bound.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.lower, self.upper = compiled.lower.copy(), compiled.upper.copy()
        self.dear = compiled.objective < 0  # the cheaper bound is the upper one
        self.row_lengths = np.diff(compiled.indptr)
        order = np.argsort(compiled.indices, kind="stable")
        counts = np.bincount(compiled.indices, minlength=len(self.lower))
        self.column_rows = compiled.row_of_entry[order]
        self.column_data = compiled.data[order]
        self.column_lengths = counts.astype(np.int64)
        self.column_starts = np.cumsum(self.column_lengths) - self.column_lengths
        self.least, self.most = compiled.activities()
        self.rest = np.zeros(len(compiled.row_lower), dtype=np.int64)
        np.add.at(self.rest, compiled.row_of_entry, compiled.data * self.values()[compiled.indices])
        self._reach = np.zeros(len(compiled.row_lower), dtype=np.int64)
        widths = np.abs(compiled.data) * (self.upper - self.lower)[compiled.indices]
        np.maximum.at(self._reach, compiled.row_of_entry, widths)
        self._trail: list[tuple[Integers, Integers, Integers]] = []

    def values(self) -> Integers:
        """Every column at its cheaper bound."""
        return np.where(self.dear, self.upper, self.lower)

    def entries(self, columns: Integers) -> tuple[Integers, Integers, Integers]:
        """Rows and coefficients of the entries of `columns`, and for each entry its position in `columns`."""
        lengths = self.column_lengths[columns]
        places = spans(self.column_starts[columns], lengths)
        owner = np.repeat(np.arange(len(columns)), lengths)
        return self.column_rows[places], self.column_data[places], owner

    def mark(self) -> int:
        """Return a place on the trail for :meth:`undo`."""
        return len(self._trail)

    def undo(self, mark: int) -> None:
        """Give all bounds back that were tightened since `mark`."""
        while len(self._trail) > mark:
            self._set(*self._trail.pop())

    def narrow(self, column: int, lower: int, upper: int) -> bool:
        """Restrict `column` and draw the consequences; False if they contradict each other."""
        one = np.array([column], dtype=np.int64)
        low = np.maximum(self.lower[one], lower)
        high = np.minimum(self.upper[one], upper)
        return self._restrict(one, low, high) and self.propagate(np.unique(self.entries(one)[0]))

    def propagate(self, rows: Integers | None = None) -> bool:
        """Tighten bounds by the given rows, all by default, and by those they affect in turn.

        Returns
        -------
        bool
            False if a row or a column can no longer be satisfied.
        """
        compiled = self.compiled
        dirty = np.arange(len(self.least)) if rows is None else rows
        for _ in range(_ROUNDS):
            above = compiled.row_upper[dirty] - self.least[dirty]
            below = self.most[dirty] - compiled.row_lower[dirty]
            if np.any(above < 0) or np.any(below < 0):
                return False
            able = np.minimum(above, below) < self._reach[dirty]
            changed = self._tighten(dirty[able], above[able], below[able])
            if changed is None:
                return False
            if not len(changed):
                return True
            dirty = np.unique(self.entries(changed)[0])
        return not (
            np.any(self.least[dirty] > compiled.row_upper[dirty])
            or np.any(self.most[dirty] < compiled.row_lower[dirty])
        )

    def _tighten(self, rows: Integers, above: Integers, below: Integers) -> Integers | None:
        """Apply the slacks of `rows` to their columns; return the columns that changed, None if one is empty."""
        lengths = self.row_lengths[rows]
        places = spans(self.compiled.indptr[rows], lengths)
        columns, data = self.compiled.indices[places], self.compiled.data[places]
        # the slack towards the row's upper end limits what rises, that towards its lower end what falls
        size, positive = np.abs(data), data > 0
        rise = np.repeat(above, lengths) // size
        fall = np.repeat(below, lengths) // size
        highest = self.lower[columns] + np.where(positive, rise, fall)
        lowest = self.upper[columns] - np.where(positive, fall, rise)
        useful = (highest < self.upper[columns]) | (lowest > self.lower[columns])
        if not np.any(useful):
            return columns[:0]
        columns, highest, lowest = columns[useful], highest[useful], lowest[useful]
        changed, position = np.unique(columns, return_inverse=True)
        low, high = self.lower[changed], self.upper[changed]
        np.maximum.at(low, position, lowest)
        np.minimum.at(high, position, highest)
        return changed if self._restrict(changed, low, high) else None

    def _restrict(self, columns: Integers, lower: Integers, upper: Integers) -> bool:
        if np.any(lower > upper):
            return False
        self._trail.append((columns, self.lower[columns], self.upper[columns]))
        self._set(columns, lower, upper)
        return True

    def _set(self, columns: Integers, lower: Integers, upper: Integers) -> None:
        rows, data, owner = self.entries(columns)
        up, down = (lower - self.lower[columns])[owner], (upper - self.upper[columns])[owner]
        positive: npt.NDArray[np.bool_] = data > 0
        np.add.at(self.least, rows, data * np.where(positive, up, down))
        np.add.at(self.most, rows, data * np.where(positive, down, up))
        np.add.at(self.rest, rows, data * np.where(self.dear[columns][owner], down, up))
        self.lower[columns], self.upper[columns] = lower, upper
