"""The relaxation with whole knapsacks as a linear program: its columns are patterns, one of what a block may take.

Multipliers of the rows that are not kept in blocks bound the program by the least point of its blocks. The best of
these bounds is the optimum of a linear program over all patterns (Dantzig, Wolfe 1960), which grows by those that a
solve finds worth taking. Beside the best multipliers it gives a point, fractional as a rule, that says what to branch
on. Multipliers stay in a box around the best ones found, and are mixed with them before they are tried (du Merle,
Villeneuve, Desrosiers, Hansen 1999; Wentges 1997): otherwise they swing for a hundred solves before any bound rises.

Nothing that comes back is trusted: :meth:`Relaxation.point` turns multipliers into exact bounds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event

import numpy as np

from consortia.solvers.lagrangian import Box, Floats, Point, Relaxation
from consortia.solvers.restricted_master import Mixture, RestrictedMaster

_WIDTH, _WIDER, _WIDEST = 0.03, 3.0, 1e5  # of the box, as a share of the multipliers; where it binds it grows
_MIXED = 0.5  # how much of the best multipliers those that are tried have
_NEAR = 0.01  # how much of what is left to prove may stay open between the linear program and the bound
_NEARER = 1e-5  # the same as a share of the objective, where nothing is of more interest than something else
_TOLERANCE = 1e-6
_STEPS = 2_000


@dataclass(frozen=True)
class Priced:
    """How generating patterns ended.

    Attributes
    ----------
    point : Point
        The best bound found.
    values : array, one a column
        A mixture of patterns that obeys the rows, or nearly so where it ended early.
    objective : float
        Of the linear program.
    steps : int
        Solves of it.
    """

    point: Point
    values: Floats
    objective: float
    steps: int


class Patterns:
    """The linear program over the patterns that have been found so far; for use by one thread at a time.

    Parameters
    ----------
    relaxation : Relaxation
    stop : Event
        Ends a solve early.
    deadline : float or None
        The same, on the clock of `time.monotonic`.
    """

    def __init__(self, relaxation: Relaxation, stop: Event, deadline: float | None) -> None:
        self.relaxation = relaxation
        self._stop, self._deadline = stop, deadline
        self._master = RestrictedMaster(relaxation)
        compiled = relaxation.compiled
        self._reach = 1.0 + float(np.abs(compiled.objective) @ (compiled.upper - compiled.lower).astype(float))

    def solve(self, box: Box, prices: Floats, most: int | None, near: float = _NEARER) -> Priced | None:
        """Generate patterns within `box` until the bound is as good as it gets, or above `most`.

        Parameters
        ----------
        box : pair of arrays
            Column bounds within the program's own.
        prices : array, one a row
            Multipliers to start from.
        most : int or None
            The greatest objective that is of interest.
        near : float
            How much of the objective may stay open where none is.

        Returns
        -------
        Priced or None
            None if the box leaves a block no pattern, if multipliers are too large, or HiGHS failed.
        """
        relaxation = self.relaxation
        # what exceeds all that columns can cost together says nothing, and steps back from it would be lost in rounding
        best = relaxation.point(np.clip(prices, -self._reach, self._reach), box)
        if best is None or self._overfull(box):
            return None
        self._master.thin(best)
        self._master.confine(box)
        self._master.take(best.values)
        width, steps = _WIDTH, 0
        found: Mixture | None = None
        self._master.centre(best, width)
        while steps < _STEPS and not self._late():
            again = self._master.solve(self._seconds_left())
            steps += 1
            if again is None:
                break
            found = again
            if most is not None and best.bound > most * relaxation.scale:
                break
            at_best, fresh = best, False
            if found.objective - best.bound / relaxation.scale > self._near(best, most, near):
                best, fresh = self._tried(best, box, found.prices)
            if best is at_best and not fresh:
                if width > _WIDEST or not found.on_box:
                    break
                width *= _WIDER
            if best is not at_best or not fresh:
                self._master.centre(best, width)
        if found is None:
            return None
        return Priced(best, found.values, found.objective, steps)

    def _overfull(self, box: Box) -> bool:
        """Whether some block is closed, or has no room, for what has to be in it."""
        blocks, has = self.relaxation.blocks, self.relaxation.blocks.opener >= 0
        inside = box[0][blocks.item]
        load = np.bincount(blocks.knapsacks.owner, inside * blocks.knapsacks.weight, minlength=self._master.count)
        shut = np.zeros(self._master.count, dtype=bool)
        shut[has] = box[1][blocks.opener[has]] == 0
        return bool(np.any(load > np.where(shut, 0, blocks.knapsacks.capacity)))

    def _seconds_left(self) -> float | None:
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def _late(self) -> bool:
        return self._stop.is_set() or (self._deadline is not None and time.monotonic() >= self._deadline)

    def _near(self, best: Point, most: int | None, near: float) -> float:
        """How far the bound may stay below the linear program."""
        bound = best.bound / self.relaxation.scale
        enough = near * abs(bound) if most is None else _NEAR * max(most + 1 - bound, 0.0)
        return max(enough, _TOLERANCE, 1e-9 * abs(bound))

    def _tried(self, best: Point, box: Box, prices: Floats) -> tuple[Point, bool]:
        """Try multipliers between the best ones and those of the linear program; tell whether patterns have joined."""
        relaxation = self.relaxation
        mixed = _MIXED
        while True:
            point = relaxation.point(mixed * (best.multipliers / relaxation.scale) + (1 - mixed) * prices, box)
            if point is None:
                return best, False
            fresh = self._master.take(point.values)
            if point.bound > best.bound:
                return point, fresh
            if fresh or mixed == 0:
                return best, fresh
            mixed = 0.0
