"""The linear relaxation, and patterns of whole knapsacks where it has nothing more to say."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from consortia.linear import Integers
from consortia.solvers.lagrangian import Box, Floats, Relaxation
from consortia.solvers.linear_program import Basis, LinearProgram, Solved
from consortia.solvers.patterns import Patterns
from consortia.solvers.record import Record
from consortia.solvers.reduction.bounds import propagate

_INTEGRAL = 1e-6
_NEAR = 2.0  # times what patterns add: how little may be missing to prune a node for them to be asked
_QUICK = 3_000  # columns up to which patterns take hardly longer than the linear relaxation
_ROUGHLY = 1e-4  # how near bounds have to come when diving, as a share of them
_SURE = 0.99  # columns above it are taken together when diving


@dataclass(frozen=True)
class Multipliers(Basis):
    """What a node that was priced by patterns leaves its children to start from.

    Attributes
    ----------
    prices : array
        Multipliers of rows.
    settled : bool
        Whether openers were: then the linear relaxation has nothing to say below.
    """

    prices: Floats
    settled: bool


class PatternProgram(LinearProgram):
    """Solves the linear relaxation first, and prices by patterns where that settles the openers or may prune the node.

    Parameters
    ----------
    relaxation : Relaxation
        With blocks.
    record : Record
        Knows what is of interest.
    """

    def __init__(self, relaxation: Relaxation, record: Record) -> None:
        super().__init__(relaxation.compiled, record.halt, record.deadline)
        self._patterns = Patterns(relaxation, record.halt, record.deadline)
        self._record, self._scale = record, relaxation.scale
        opener = relaxation.blocks.opener
        self._openers = opener[opener >= 0]
        # what patterns have added to the linear relaxation lately; where they are quick, the first node tells
        self._lift: float | None = None if len(relaxation.compiled.lower) <= _QUICK else 0.0

    def within(self, box: Box) -> PatternProgram:
        """Return the same program, with the same patterns, whose linear part is without what has one value in a box."""
        program = copy(self)
        LinearProgram.__init__(program, self.compiled, self._stop, self._deadline, box)
        return program

    def apart(self) -> PatternProgram:
        """Return the same program for another thread, with patterns of its own."""
        program = self.within(self.box)
        program._patterns = Patterns(self._patterns.relaxation, self._stop, self._deadline)
        return program

    def solve(
        self,
        lower: Integers,
        upper: Integers,
        basis: Basis | None = None,
        rounds: int | None = None,
        steps: int | None = None,
        beyond: float | None = None,
    ) -> Solved:
        """Solve within these column bounds; with a number of `rounds`, only the linear relaxation.

        Once a node was priced by patterns, its children are priced so at once.
        """
        box, most = (lower, upper), self._record.most
        above = basis if isinstance(basis, Multipliers) else None
        if above is not None and above.settled:
            return self._priced(box, above.prices, None)
        if rounds is not None:
            return super().solve(lower, upper, basis, rounds, steps, beyond)
        solved = super().solve(lower, upper, basis, beyond=beyond)
        if solved.ending != "optimal" or (most is not None and solved.objective > most + _INTEGRAL):
            return solved
        near = self._lift is None or (most is not None and most + 1 - solved.objective <= _NEAR * self._lift)
        if near or self._is_settled(solved.values):
            return self._priced(box, solved.prices if above is None else above.prices, solved)
        return solved

    def _is_settled(self, values: Floats) -> bool:
        openers = values[self._openers]
        return bool(np.all(np.abs(openers - np.rint(openers)) <= _INTEGRAL))

    def _priced(self, box: Box, prices: Floats, linear: Solved | None) -> Solved:
        found = self._patterns.solve(box, prices, self._record.most)
        if found is None:
            return linear or super().solve(*box)
        bound, basis = found.point.bound / self._scale, None if linear is None else linear.basis
        if linear is not None:
            lift = bound - linear.objective
            self._lift = lift if not self._lift else 0.8 * self._lift + 0.2 * lift
        prices = found.point.multipliers / self._scale
        columns, rows, statuses = (
            (-1, self.rows, None) if basis is None else (basis.columns, basis.rows, basis.statuses)
        )
        left = Multipliers(columns, rows, statuses, prices, self._is_settled(found.values))
        return Solved("optimal", prices, found.values, bound, found.steps, left)

    def dive(self, box: Box, solved: Solved) -> Integers | None:
        """Follow patterns from a node that they have priced: take what they take most, and price again.

        Returns
        -------
        array or None
            Values of all columns; None where that led nowhere.
        """
        compiled = self.compiled
        assert isinstance(solved.basis, Multipliers)
        values, prices = solved.values, solved.basis.prices
        while not self._record.over:
            lower, upper = box
            free = np.flatnonzero(lower < upper)
            if not len(free):
                return lower if not len(compiled.violated(lower)) else None
            part = values[free] - lower[free]
            sure = free[(part > _SURE) & (upper[free] == 1)]
            first = free[np.argmax(part)]
            moves = [(sure, True)] if len(sure) else []
            for columns, up in [*moves, (first, True), (first, False)]:
                ends = lower.copy(), upper.copy()
                if up:
                    ends[0][columns] += 1
                else:
                    ends[1][columns] = ends[0][columns]
                reached = propagate(replace(compiled, lower=ends[0], upper=ends[1]))
                if reached is not None:
                    break
            else:
                return None
            box = reached[0].lower, reached[0].upper
            found = self._patterns.solve(box, prices, None, _ROUGHLY)
            if found is None:
                return None
            values, prices = found.values, found.point.multipliers / self._scale
        return None
