"""The solver-neutral program: bounded integer columns, tagged linear rows, named expressions.

A :class:`Program` is written block by block with numpy arrays and read by back ends as a
:class:`~consortia.compiled.Compiled` program in compressed sparse row form. It knows nothing of partners or rules,
except that each block of columns and rows carries a :class:`Tag` that says what it is and whom it is about.

A *literal* is the index of a 0-1 column, or its bitwise complement ``~index`` for the negated column.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from consortia.compiled import Compiled
from consortia.errors import SolverRefused
from consortia.linear import INFINITE, TOO_LARGE, Integers, Linear, integers, spread

__all__ = ["INFINITE", "Block", "Compiled", "Integers", "Linear", "OutOfTime", "Program", "Tag", "integers"]


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


class OutOfTime(Exception):
    """The deadline came while a program was written."""


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
    deadline : float or None
        On the clock of `time.monotonic`; rows that are added later raise :class:`OutOfTime`.
    """

    expressions: dict[str, Linear] = field(default_factory=dict)
    objective: str = "cost"
    deadline: float | None = None
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

    def ends(self, body: Linear) -> tuple[int, int]:
        """Return the least and the greatest value that `body` can take by the bounds of its columns alone."""
        body = body.merged()
        low = high = body.constant
        for column, factor in zip(body.columns.tolist(), body.coefficients.tolist(), strict=True):
            place = bisect_right(self.column_blocks, column, key=lambda block: block.start) - 1
            at = column - self.column_blocks[place].start
            reach = factor * int(self._lower[place][at]), factor * int(self._upper[place][at])
            low, high = low + min(reach), high + max(reach)
        return low, high

    def add_columns(self, tag: Tag, count: int, lower: object = 0, upper: object = 1) -> Integers:
        """Add `count` integer columns and return their indices; bounds are finite, one for all or one each."""
        start = self.width
        if count:
            self.column_blocks.append(Block(start, start + count, tag))
            self._lower.append(spread(lower, count))
            self._upper.append(spread(upper, count))
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
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime
        count = integers(lengths)
        height = len(count)
        if not height:
            return
        places = integers(columns)
        start = self.height
        self.row_blocks.append(Block(start, start + height, tag))
        literals = [spread(literal, height) for literal in when]
        self._rows.append(
            _Rows(
                count,
                places,
                spread(coefficients, len(places)),
                spread(lower, height),
                spread(upper, height),
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

    def reach(self, body: Linear) -> tuple[int, int]:
        """Return the least and the most that an expression can be within the bounds of its columns.

        Raises
        ------
        SolverRefused
            If that is too large for any back end.
        """
        body = body.merged()
        bounds = [
            np.concatenate(parts)[body.columns] if parts else body.columns for parts in (self._lower, self._upper)
        ]
        ends = [
            [int(factor) * int(end) for factor, end in zip(body.coefficients, side, strict=True)] for side in bounds
        ]
        least = sum((min(pair) for pair in zip(*ends, strict=True)), body.constant)
        most = sum((max(pair) for pair in zip(*ends, strict=True)), body.constant)
        if max(-least, most) >= INFINITE:
            raise SolverRefused(TOO_LARGE)
        return least, most

    def compile(self) -> Compiled:
        """Return the program in the form back ends read, rows and objective divided by common divisors.

        Raises
        ------
        SolverRefused
            If a row or the objective could reach 2^62: the exact integers are too large for any back end.
        """
        return self.written().folded()

    def written(self) -> Compiled:
        """Return the program with its rows as they were written, only the objective divided by a common divisor.

        Raises
        ------
        SolverRefused
            If a row or the objective could reach 2^62: the exact integers are too large for any back end.
        """
        none = np.zeros(0, dtype=np.int64)

        def joined(parts: Iterable[Integers]) -> Integers:
            return np.concatenate([none, *parts])

        goal = self.expressions.get(self.objective, Linear()).merged()
        divisor = int(np.gcd.reduce(goal.coefficients)) or 1
        objective = np.zeros(self.width, dtype=np.int64)
        objective[goal.columns] = goal.coefficients // divisor
        widths = [np.full(len(rows.lengths), rows.literals.shape[1]) for rows in self._rows]
        plain = Compiled(
            lower=joined(self._lower),
            upper=joined(self._upper),
            indptr=np.append(0, np.cumsum(joined(rows.lengths for rows in self._rows))),
            indices=joined(rows.columns for rows in self._rows),
            data=joined(rows.coefficients for rows in self._rows),
            row_lower=joined(rows.lower for rows in self._rows),
            row_upper=joined(rows.upper for rows in self._rows),
            literal_indptr=np.append(0, np.cumsum(joined(widths))),
            literals=joined(rows.literals.ravel() for rows in self._rows),
            objective=objective,
            divisor=divisor,
            constant=goal.constant,
        )
        if plain.reaches(INFINITE):
            raise SolverRefused(TOO_LARGE)
        return plain
