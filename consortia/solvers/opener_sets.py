"""Sets of openers in the order of what they may cost, found one from another.

Estimates say what a set costs at least (:mod:`consortia.solvers.rents`). Few sets of sixty openers can cost less than a
good solution, but the best of them may differ from those at hand in several openers: so sets are kept that lie on the
way, and the cheapest one of all is changed next, as in a best-first search.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consortia.linear import Integers
from consortia.solvers.assignments import Assignments, Floats
from consortia.solvers.rents import Prices

Mask = npt.NDArray[np.bool_]

NEAR, CHANGES = 60, 100
"""How many openers are looked at that might be opened, and how many changes of a set are."""
KEPT = 2_000
"""Sets that are kept."""


class OpenerSets:
    """Sets that have been found; each step changes one of them.

    Parameters
    ----------
    program : Assignments
    prices : Prices
    asked : float
        How much room there has to be.
    start : array of bool, one an opener
    """

    def __init__(self, program: Assignments, prices: Prices, asked: float, start: Mask) -> None:
        self.program, self.prices, self.asked = program, prices, asked
        if not start.any():
            start = np.arange(len(start)) == prices.dear.argmin()
        chosen = np.flatnonzero(start)
        first = float(prices.estimates(program, chosen, chosen[:0])[-1, -1])
        self._known = {start.tobytes()}
        self._open = [(first, 0, start)]
        self._good: list[tuple[float, Mask]] = []
        self._keep(first, start)

    def _keep(self, estimate: float, chosen: Mask) -> None:
        if suits(self.program, chosen):
            self._good.append((estimate, chosen))

    def below(self, most: float) -> tuple[list[Mask], list[float]]:
        """Sets with room for everything that may cost less than `most`, and what they cost at least."""
        self._good = [pair for pair in self._good if pair[0] < most]
        return [chosen for _, chosen in self._good], [estimate for estimate, _ in self._good]

    def expand(self, most: float) -> None:
        """Change the cheapest set that has not been, in one opener or by an exchange."""
        if not self._open or len(self._good) >= KEPT:
            return
        program, bound = self.program, self.prices.bound
        changes = Changes.of(program, self.prices, self.asked, heapq.heappop(self._open)[2])
        # a set that lacks room is only on the way: what it lacks counts with what room is worth at most
        gap = max(most - bound, 0.0) if most < np.inf else 0.1 * abs(bound)
        price = gap / max(float(program.room.mean()), 1e-9)
        for estimate, spare, chosen in changes.cheapest(most, -float(program.room.max())):
            key = chosen.tobytes()
            if key not in self._known:
                self._known.add(key)
                lack = max(0.0, -spare)
                heapq.heappush(self._open, (estimate + price * lack, len(self._known), chosen))
                if lack == 0:
                    self._keep(estimate, chosen)


@dataclass(frozen=True)
class Changes:
    """What a set becomes if an opener is closed, or opened, or exchanged for another, or nothing is.

    Attributes
    ----------
    is_open : array of bool, one an opener
    inside, outside : array
        Openers that may be closed, and those that may be opened: what seems cheapest.
    estimates, spare : array, one more row than `inside`, one more column than `outside`
        What each costs at least, and how much more room it has than is asked for; the last row closes none, the last
        column opens none.
    """

    is_open: Mask
    inside: Integers
    outside: Integers
    estimates: Floats
    spare: Floats

    @staticmethod
    def of(program: Assignments, prices: Prices, asked: float, is_open: Mask) -> Changes:
        """Estimate the changes of a set."""
        inside, outside = np.flatnonzero(is_open), np.flatnonzero(~is_open)
        outside = outside[np.argsort(prices.dear[outside], kind="stable")[:NEAR]]
        spare = np.append(-program.room[inside], 0)[:, None] + np.append(program.room[outside], 0)
        spare += program.room[is_open].sum() - asked
        return Changes(is_open, inside, outside, prices.estimates(program, inside, outside), spare)

    def cheapest(self, most: float, least_spare: float) -> list[tuple[float, float, Mask]]:
        """Estimates below `most`, room to spare and sets, the cheapest first; none that has less room to spare."""
        value = np.where(self.spare < least_spare, np.inf, self.estimates)
        found = []
        for place in np.argsort(value, axis=None)[: np.count_nonzero(value < most)][:CHANGES].tolist():
            chosen = self.is_open.copy()
            leaves, enters = divmod(place, len(self.outside) + 1)
            chosen[self.inside[leaves : leaves + 1]] = False
            chosen[self.outside[enters : enters + 1]] = True
            found.append((float(value.flat[place]), float(self.spare.flat[place]), chosen))
        return found


def suits(program: Assignments, chosen: Mask) -> bool:
    """Whether a set has what is needed, and an opener for every choice."""
    return bool(chosen[program.needed].all() and np.isfinite(program.cost[chosen]).any(axis=0).all())
