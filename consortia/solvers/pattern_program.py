"""The linear relaxation, and patterns of whole knapsacks where it has nothing more to say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from consortia.linear import Integers
from consortia.solvers.lagrangian import Box, Floats, Relaxation
from consortia.solvers.linear_program import Basis, LinearProgram, Solved
from consortia.solvers.patterns import Patterns
from consortia.solvers.record import Record
from consortia.solvers.reduction.bounds import propagate

_INTEGRAL = 1e-6
_SURE = 0.99  # columns above it are taken together when diving


@dataclass(frozen=True)
class Multipliers(Basis):
    """What a node that was priced by patterns leaves its children to start from."""

    prices: Floats


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
        self._lift = 0.0  # what patterns have added to the linear relaxation lately

    def solve(self, lower: Integers, upper: Integers, basis: Basis | None = None, rounds: int | None = None) -> Solved:
        """Solve within these column bounds; with a number of `rounds`, only the linear relaxation.

        Once a node was priced by patterns, its children are priced so at once.
        """
        box, most = (lower, upper), self._record.most
        if isinstance(basis, Multipliers):
            return self._priced(box, basis.prices, None)
        if rounds is not None:
            return super().solve(lower, upper, basis, rounds)
        solved = super().solve(lower, upper, basis)
        if solved.ending != "optimal" or (most is not None and solved.objective > most + _INTEGRAL):
            return solved
        openers = solved.values[self._openers]
        settled = bool(np.all(np.abs(openers - np.rint(openers)) <= _INTEGRAL))
        if settled or (most is not None and most + 1 - solved.objective <= 2 * self._lift):
            return self._priced(box, solved.prices, solved)
        return solved

    def _priced(self, box: Box, prices: Floats, linear: Solved | None) -> Solved:
        found = self._patterns.solve(box, prices, self._record.most)
        if found is None:
            return linear or super().solve(*box)
        bound = found.point.bound / self._scale
        if linear is not None:
            lift = bound - linear.objective
            self._lift = 0.8 * self._lift + 0.2 * lift if self._lift else lift
        prices = found.point.multipliers / self._scale
        return Solved("optimal", prices, found.values, bound, found.steps, Multipliers(-1, None, prices))

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
            found = self._patterns.solve(box, prices, None)
            if found is None:
                return None
            values, prices = found.values, found.point.multipliers / self._scale
        return None
