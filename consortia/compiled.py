"""A program as back ends read it: compressed sparse rows of exact integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from consortia.linear import INFINITE, Integers, Linear, integers


def spans(starts: Integers, lengths: Integers) -> Integers:
    """Return the positions ``start, start + 1, ...`` of all spans, one span after the other.

    Examples
    --------
    >>> spans(np.array([7, 2]), np.array([2, 3]))
    array([7, 8, 2, 3, 4])
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(starts - ends + lengths, lengths)


@dataclass(frozen=True)
class Compiled:
    """A program as back ends read it; rows in compressed sparse row form, all numbers exact integers.

    Row ``r`` says ``row_lower[r] <= sum(data[k] * x[indices[k]]) <= row_upper[r]`` for ``k`` from ``indptr[r]``
    up to ``indptr[r + 1]``, if all its literals hold: ``literals[literal_indptr[r]:literal_indptr[r + 1]]``.
    A bound of ``-INFINITE`` or ``INFINITE`` is absent. The cost is ``divisor * (objective @ x) + constant``.
    """

    lower: Integers
    upper: Integers
    indptr: Integers
    indices: Integers
    data: Integers
    row_lower: Integers
    row_upper: Integers
    literal_indptr: Integers
    literals: Integers
    objective: Integers
    divisor: int
    constant: int

    @cached_property
    def row_of_entry(self) -> Integers:
        """For each entry of `data`, its row."""
        return np.repeat(np.arange(len(self.row_lower)), np.diff(self.indptr))

    def folded(self) -> Compiled:
        """Return the same program with fixed columns taken out of the rows, and rows divided by common divisors.

        The columns stay where they are. A row whose literal is fixed to false is emptied.
        """
        fixed = self.lower == self.upper
        inert = fixed[self.indices]
        indices, data, lengths = self.indices, self.data, np.diff(self.indptr)
        low, high = self.row_lower.copy(), self.row_upper.copy()
        if inert.any():
            shift = _sums(np.where(inert, data * self.lower[indices], 0), self.indptr)
            low[low != -INFINITE] -= shift[low != -INFINITE]
            high[high != INFINITE] -= shift[high != INFINITE]
            indices, data = indices[~inert], data[~inert]
            lengths = np.bincount(self.row_of_entry[~inert], minlength=len(low))

        owner = np.repeat(np.arange(len(low)), np.diff(self.literal_indptr))
        column = np.where(self.literals >= 0, self.literals, ~self.literals)
        settled = fixed[column]
        holds = (self.lower[column] == 1) == (self.literals >= 0)
        void = owner[settled & ~holds]
        low[void], high[void] = -INFINITE, INFINITE

        indptr = _pointers(lengths)
        if np.any(np.abs(data) > 1):
            divisors = np.gcd.reduceat(np.append(np.abs(data), 0), indptr[:-1])
            common = np.where(lengths > 0, np.maximum(divisors, 1), 1)
            data = data // np.repeat(common, lengths)
            low = np.where(low == -INFINITE, low, -(-low // common))
            high = np.where(high == INFINITE, high, high // common)
        return replace(
            self,
            indptr=indptr,
            indices=indices,
            data=data,
            row_lower=low,
            row_upper=high,
            literal_indptr=_pointers(np.bincount(owner[~settled], minlength=len(low))),
            literals=self.literals[~settled],
        )

    def activities(self) -> tuple[Integers, Integers]:
        """Least and greatest value that each row's sum can take within the column bounds."""
        low, high = self.lower[self.indices], self.upper[self.indices]
        ends = self.data * low, self.data * high
        return _sums(np.minimum(*ends), self.indptr), _sums(np.maximum(*ends), self.indptr)

    def restricted(self, rows: Integers, columns: Integers) -> Compiled:
        """Return the program of these rows and columns, in this order; the rows must not name other columns."""
        place = np.full(len(self.lower), -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        lengths, counts = np.diff(self.indptr)[rows], np.diff(self.literal_indptr)[rows]
        entries = spans(self.indptr[rows], lengths)
        literals = self.literals[spans(self.literal_indptr[rows], counts)]
        return replace(
            self,
            lower=self.lower[columns],
            upper=self.upper[columns],
            indptr=_pointers(lengths),
            indices=place[self.indices[entries]],
            data=self.data[entries],
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            literal_indptr=_pointers(counts),
            literals=np.where(literals >= 0, place[literals], ~place[~literals]),
            objective=self.objective[columns],
        )

    def joined(self, sums: Sequence[Linear], lower: Sequence[int]) -> Compiled:
        """Return the same program with rows more: sums without constant that have to be at least so much."""
        lengths = np.concatenate([np.diff(self.indptr), integers([len(row.columns) for row in sums])])
        none = np.zeros(len(sums), dtype=np.int64)
        return replace(
            self,
            indptr=_pointers(lengths),
            indices=np.concatenate([self.indices, *(row.columns for row in sums)]),
            data=np.concatenate([self.data, *(row.coefficients for row in sums)]),
            row_lower=np.concatenate([self.row_lower, integers(lower)]),
            row_upper=np.concatenate([self.row_upper, none + INFINITE]),
            literal_indptr=np.concatenate([self.literal_indptr, none + len(self.literals)]),
        )

    def reaches(self, limit: int) -> bool:
        """Tell whether a row or the objective could get as far as `limit` in absolute value, to within rounding.

        Rows are looked at one by one only where the largest coefficient all along the longest row would get there.
        """
        ends = np.maximum(np.abs(self.lower), np.abs(self.upper))
        longest = max(len(self.objective), int(np.diff(self.indptr).max(initial=0)))
        largest = max(int(np.abs(part).max(initial=0)) for part in (self.data, self.objective))
        if longest * largest * int(ends.max(initial=0)) < limit:
            return False
        sizes = np.bincount(self.row_of_entry, np.abs(self.data.astype(float)) * ends[self.indices])
        return bool(max(sizes.max(initial=0), np.abs(self.objective.astype(float)) @ ends) >= limit)

    def without_literals(self) -> Compiled:
        """Return the same program with enforced rows lowered to plain ones, for back ends without literals."""
        return self.lowered()[0]

    def lowered(self) -> tuple[Compiled, Integers]:
        """Return the same program with enforced rows lowered to plain ones, and for each of its rows the row it was.

        A row ``a x >= b`` under literals becomes ``a x >= b - (b - least) * (number of false literals)``, with
        `least` the row's least activity: the tightest constant that is safe without looking at other rows.
        A row with two bounds becomes two rows.
        """
        enforced = np.flatnonzero(np.diff(self.literal_indptr))
        if not len(enforced):
            return self, np.arange(len(self.row_lower))
        least, most = self.activities()
        plain = np.flatnonzero(np.diff(self.literal_indptr) == 0)
        rows: list[tuple[Integers, Integers, int, int]] = []
        origins: list[int] = []
        for row in enforced:
            entries = slice(self.indptr[row], self.indptr[row + 1])
            literals = self.literals[self.literal_indptr[row] : self.literal_indptr[row + 1]]
            body = Linear(self.indices[entries], self.data[entries])
            low, high = int(self.row_lower[row]), int(self.row_upper[row])
            for bound, reach, absent in ((low, int(least[row]), -INFINITE), (high, int(most[row]), INFINITE)):
                slack = bound - reach
                if bound == absent or (slack <= 0 if absent < 0 else slack >= 0):
                    continue
                # each false literal, (1 - x) for x and x for its negation, gives the whole slack back
                relief = Linear.total(
                    Linear([literal], -slack, slack) if literal >= 0 else Linear([~literal], slack)
                    for literal in literals.tolist()
                )
                lowered = (body + relief).merged()
                limit = bound - lowered.constant
                ends = (limit, INFINITE) if absent < 0 else (-INFINITE, limit)
                rows.append((lowered.columns, lowered.coefficients, *ends))
                origins.append(int(row))
        keep = np.repeat(np.diff(self.literal_indptr) == 0, np.diff(self.indptr))
        lengths = np.concatenate([np.diff(self.indptr)[plain], integers([len(r[0]) for r in rows])])
        none = np.zeros(0, dtype=np.int64)
        program = Compiled(
            lower=self.lower,
            upper=self.upper,
            indptr=_pointers(lengths),
            indices=np.concatenate([self.indices[keep], *(r[0] for r in rows)]),
            data=np.concatenate([self.data[keep], *(r[1] for r in rows)]),
            row_lower=np.concatenate([self.row_lower[plain], integers([r[2] for r in rows])]),
            row_upper=np.concatenate([self.row_upper[plain], integers([r[3] for r in rows])]),
            literal_indptr=np.zeros(len(lengths) + 1, dtype=np.int64),
            literals=none,
            objective=self.objective,
            divisor=self.divisor,
            constant=self.constant,
        )
        return program, np.concatenate([plain, integers(origins)])

    def cost(self, values: Integers) -> int:
        """Cost of the column `values`, in exact integers."""
        used = np.flatnonzero((self.objective != 0) & (values != 0))
        inner = sum(int(c) * int(v) for c, v in zip(self.objective[used], values[used], strict=True))
        return self.divisor * inner + self.constant

    def violated(self, values: Integers) -> Integers:
        """Positions of the rows that the column `values` break; a broken column bound counts as row -1."""
        total = np.zeros(len(self.row_lower), dtype=np.int64)
        np.add.at(total, self.row_of_entry, self.data * values[self.indices])
        broken = (total < self.row_lower) | (total > self.row_upper)
        if len(self.literals):
            holds = np.where(self.literals >= 0, values[self.literals], 1 - values[~self.literals]) == 1
            owner = np.repeat(np.arange(len(self.row_lower)), np.diff(self.literal_indptr))
            broken[owner[~holds]] = False
        outside = np.any((values < self.lower) | (values > self.upper))
        found = np.flatnonzero(broken)
        return np.concatenate([[-1], found]).astype(np.int64) if outside else found


def _sums(terms: Integers, indptr: Integers) -> Integers:
    """Add terms up row by row; what overflows in between comes back, for the sums themselves fit."""
    running = np.concatenate([[0], np.cumsum(terms)])
    sums: Integers = running[indptr[1:]] - running[indptr[:-1]]
    return sums


def _pointers(lengths: Integers) -> Integers:
    """Return where each row begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
