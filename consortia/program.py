"""The solver-neutral program: bounded integer columns, tagged linear rows, named expressions.

A :class:`Program` is written block by block with numpy arrays and read by back ends as a
:class:`Compiled` program in compressed sparse row form. It knows nothing of partners or rules, except
that each block of columns and rows carries a :class:`Tag` that says what it is and whom it is about.

A *literal* is the index of a 0-1 column, or its bitwise complement ``~index`` for the negated column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

import numpy as np
import numpy.typing as npt

from consortia.errors import SolverRefused

Integers = npt.NDArray[np.int64]

INFINITE = 2**62
"""Stands for an absent bound; activities and costs stay below it, as CP-SAT requires."""


def integers(values: object) -> Integers:
    """Return `values` as a flat array of 64-bit integers."""
    return np.atleast_1d(np.asarray(values, dtype=np.int64))


@dataclass(frozen=True)
class Linear:
    """A linear expression: integer coefficients on columns, and a constant.

    Examples
    --------
    >>> Linear([0, 2], [3, 1]) + 2 * Linear([0], [1], 5)
    Linear(columns=array([0, 2, 0]), coefficients=array([3, 1, 2]), constant=10)
    """

    columns: Integers
    coefficients: Integers
    constant: int = 0

    def __init__(self, columns: object = (), coefficients: object = 1, constant: int = 0) -> None:
        places = integers(columns)
        factors = np.broadcast_to(integers(coefficients), places.shape)
        object.__setattr__(self, "columns", places)
        object.__setattr__(self, "coefficients", factors)
        object.__setattr__(self, "constant", int(constant))

    def __add__(self, other: Linear | int) -> Linear:
        if isinstance(other, int):
            return Linear(self.columns, self.coefficients, self.constant + other)
        return Linear.total((self, other))

    def __sub__(self, other: Linear | int) -> Linear:
        return self + (-other if isinstance(other, int) else -1 * other)

    def __rmul__(self, factor: int) -> Linear:
        return Linear(self.columns, factor * self.coefficients, factor * self.constant)

    @staticmethod
    def total(parts: Iterable[Linear]) -> Linear:
        """Add expressions up."""
        parts = tuple(parts)
        if not parts:
            return Linear()
        return Linear(
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.coefficients for part in parts]),
            sum(part.constant for part in parts),
        )

    def merged(self) -> Linear:
        """Return the same expression with one term a column, in the order of columns, none of them zero."""
        columns, position = np.unique(self.columns, return_inverse=True)
        coefficients = np.zeros(len(columns), dtype=np.int64)
        np.add.at(coefficients, position, self.coefficients)
        kept = coefficients != 0
        return Linear(columns[kept], coefficients[kept], self.constant)

    def value(self, values: Integers) -> int:
        """Evaluate in exact integers at the column `values`."""
        products = (int(c) * int(v) for c, v in zip(self.coefficients, values[self.columns], strict=True) if v)
        return sum(products, self.constant)


@dataclass(frozen=True)
class Tag:
    """What a block of columns or rows is, and whom it is about.

    Parameters
    ----------
    kind : str
        ``member``, ``seat``, ``delivers``, ``effort``, ``needed``, ``cover``, ``link``, ``capacity``, ``entry``,
        ``rule``, ...
    source : str
        Name of the rule, cost or structure that the block came from.
    partners, capabilities : array or None
        For each column or row of the block, the partner's and the capability's position in the Instance.
    """

    kind: str
    source: str = ""
    partners: Integers | None = None
    capabilities: Integers | None = None


@dataclass(frozen=True)
class Block:
    """The columns or rows from `start` up to `stop`, and their tag."""

    start: int
    stop: int
    tag: Tag


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

    @property
    def row_of_entry(self) -> Integers:
        """For each entry of `data`, its row."""
        return np.repeat(np.arange(len(self.row_lower)), np.diff(self.indptr))

    def activities(self) -> tuple[Integers, Integers]:
        """Least and greatest value that each row's sum can take within the column bounds."""
        low, high = self.lower[self.indices], self.upper[self.indices]
        positive = self.data > 0
        least = np.where(positive, self.data * low, self.data * high)
        most = np.where(positive, self.data * high, self.data * low)
        rows = self.row_of_entry
        sums = []
        for terms in (least, most):
            total = np.zeros(len(self.row_lower), dtype=np.int64)
            np.add.at(total, rows, terms)
            sums.append(total)
        return sums[0], sums[1]

    def without_literals(self) -> Compiled:
        """Return the same program with enforced rows lowered to plain ones, for back ends without literals.

        A row ``a x >= b`` under literals becomes ``a x >= b - (b - least) * (number of false literals)``, with
        `least` the row's least activity: the tightest constant that is safe without looking at other rows.
        A row with two bounds becomes two rows.
        """
        enforced = np.flatnonzero(np.diff(self.literal_indptr))
        if not len(enforced):
            return self
        least, most = self.activities()
        plain = np.flatnonzero(np.diff(self.literal_indptr) == 0)
        rows: list[tuple[Integers, Integers, int, int]] = []
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
        keep = np.repeat(np.diff(self.literal_indptr) == 0, np.diff(self.indptr))
        lengths = np.concatenate([np.diff(self.indptr)[plain], integers([len(r[0]) for r in rows])])
        none = np.zeros(0, dtype=np.int64)
        return Compiled(
            lower=self.lower,
            upper=self.upper,
            indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
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

    def cost(self, values: Integers) -> int:
        """Cost of the column `values`, in exact integers."""
        used = np.flatnonzero(self.objective)
        inner = sum(int(c) * int(v) for c, v in zip(self.objective[used], values[used], strict=True) if v)
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


@dataclass
class _Rows:
    lengths: Integers
    columns: Integers
    coefficients: Integers
    lower: Integers
    upper: Integers
    literals: Integers  # rows x literals a row


@dataclass
class Program:
    """Columns, rows and expressions, written block by block.

    Attributes
    ----------
    expressions : dict of str to Linear
        Named expressions (``cost``, ``members``, ...); `objective` names the one that is minimised.
    """

    expressions: dict[str, Linear] = field(default_factory=dict)
    objective: str = "cost"
    column_blocks: list[Block] = field(default_factory=list)
    row_blocks: list[Block] = field(default_factory=list)
    _lower: list[Integers] = field(default_factory=list)
    _upper: list[Integers] = field(default_factory=list)
    _rows: list[_Rows] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.column_blocks[-1].stop if self.column_blocks else 0

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.row_blocks[-1].stop if self.row_blocks else 0

    def add_columns(self, tag: Tag, count: int, lower: object = 0, upper: object = 1) -> Integers:
        """Add `count` integer columns and return their indices; bounds are finite, one for all or one each."""
        start = self.width
        self.column_blocks.append(Block(start, start + count, tag))
        self._lower.append(np.broadcast_to(integers(lower), (count,)))
        self._upper.append(np.broadcast_to(integers(upper), (count,)))
        return np.arange(start, start + count, dtype=np.int64)

    def add_rows(
        self,
        tag: Tag,
        lengths: object,
        columns: object,
        coefficients: object,
        lower: object = -INFINITE,
        upper: object = INFINITE,
        when: Sequence[object] = (),
    ) -> None:
        """Add a block of rows.

        Parameters
        ----------
        tag : Tag
            What the rows are.
        lengths : array, one a row
            How many entries each row has.
        columns, coefficients : array, one an entry
            The entries, row by row; a row names each column once.
        lower, upper : int or array, one a row
            Bounds of the rows' sums.
        when : sequence of literals
            The rows hold only if all of these do; each is one literal for all rows, or an array with one a row.
        """
        count = integers(lengths)
        height = len(count)
        if not height:
            return
        places = integers(columns)
        start = self.height
        self.row_blocks.append(Block(start, start + height, tag))
        literals = [np.broadcast_to(integers(literal), (height,)) for literal in when]
        self._rows.append(
            _Rows(
                count,
                places,
                np.broadcast_to(integers(coefficients), places.shape),
                np.broadcast_to(integers(lower), (height,)),
                np.broadcast_to(integers(upper), (height,)),
                np.stack(literals, axis=1) if literals else np.zeros((height, 0), dtype=np.int64),
            )
        )

    def add_row(
        self,
        tag: Tag,
        body: Linear,
        lower: int = -INFINITE,
        upper: int = INFINITE,
        when: Sequence[int] = (),
    ) -> None:
        """Add the row ``lower <= body <= upper``, to hold when all literals `when` do.

        A row without entries is kept: it is how a requirement that nobody can meet makes a program infeasible.
        """
        body = body.merged()
        low = lower if lower == -INFINITE else lower - body.constant
        high = upper if upper == INFINITE else upper - body.constant
        self.add_rows(tag, [len(body.columns)], body.columns, body.coefficients, low, high, when)

    def bounds(self, body: Linear) -> tuple[int, int]:
        """Least and greatest value of `body` within the column bounds alone."""
        body = body.merged()
        lower, upper = np.concatenate([*self._lower, []]), np.concatenate([*self._upper, []])
        low, high = body.constant, body.constant
        for column, factor in zip(body.columns.tolist(), body.coefficients.tolist(), strict=True):
            ends = (factor * int(lower[column]), factor * int(upper[column]))
            low, high = low + min(ends), high + max(ends)
        return low, high

    def compile(self) -> Compiled:
        """Return the program in the form back ends read, rows and objective divided by common divisors.

        Raises
        ------
        SolverRefused
            If a row or the objective could reach 2^62: the exact integers are too large for any back end.
        """
        none = np.zeros(0, dtype=np.int64)
        indices = np.concatenate([none, *(rows.columns for rows in self._rows)])
        data = np.concatenate([none, *(rows.coefficients for rows in self._rows)])
        lengths = np.concatenate([none, *(rows.lengths for rows in self._rows)])
        row_lower = np.concatenate([none, *(rows.lower for rows in self._rows)])
        row_upper = np.concatenate([none, *(rows.upper for rows in self._rows)])
        literal_counts = np.concatenate(
            [none, *(np.full(len(rows.lengths), rows.literals.shape[1]) for rows in self._rows)]
        )
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        lower, upper = np.concatenate([none, *self._lower]), np.concatenate([none, *self._upper])

        goal = self.expressions.get(self.objective, Linear()).merged()
        divisor = reduce(gcd, goal.coefficients.tolist(), 0) or 1
        objective = np.zeros(self.width, dtype=np.int64)
        objective[goal.columns] = goal.coefficients // divisor

        reach = np.maximum(np.abs(lower), np.abs(upper)).astype(float)
        size = np.bincount(
            np.repeat(np.arange(len(lengths)), lengths),
            np.abs(data.astype(float)) * reach[indices],
            minlength=len(lengths),
        )
        if (len(size) and size.max() >= INFINITE) or np.abs(objective.astype(float)) @ reach >= INFINITE:
            raise SolverRefused(
                "the amounts of this question are too large for exact integers: "
                "state money with fewer decimals or effort in larger steps"
            )

        wide = np.flatnonzero((lengths > 0) & (np.minimum.reduceat(np.abs(np.append(data, INFINITE)), indptr[:-1]) > 1))
        if len(wide):
            data, row_lower, row_upper = data.copy(), row_lower.copy(), row_upper.copy()
        for row in wide.tolist():
            entries = slice(indptr[row], indptr[row + 1])
            common = int(np.gcd.reduce(data[entries]))
            if common > 1:
                data[entries] //= common
                if row_lower[row] != -INFINITE:
                    row_lower[row] = -(-int(row_lower[row]) // common)
                if row_upper[row] != INFINITE:
                    row_upper[row] = int(row_upper[row]) // common
        return Compiled(
            lower=lower,
            upper=upper,
            indptr=indptr,
            indices=indices,
            data=data,
            row_lower=row_lower,
            row_upper=row_upper,
            literal_indptr=np.concatenate([[0], np.cumsum(literal_counts)]).astype(np.int64),
            literals=np.concatenate([none, *(rows.literals.ravel() for rows in self._rows)]),
            objective=objective,
            divisor=divisor,
            constant=goal.constant,
        )
