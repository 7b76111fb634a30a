"""Sets of openers in the order of what they may cost, found one from another.

Estimates say what a set costs at least (:mod:`consortia.solvers.rents`). Few sets of sixty openers can cost less than a
good solution, but the best of them may differ from those at hand in several openers: so sets are kept that lie on the
way, and the cheapest one of all is changed next, as in a best-first search.
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from consortia.linear import Integers
from consortia.solvers.assignments import Assignments
from consortia.solvers.rents import Prices

Mask = npt.NDArray[np.bool_]

NEAR, CHANGES = 60, 100
"""How many openers are looked at that might be opened, and how many changes of a set are kept."""
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
        program = self.program
        if chosen[program.needed].all() and np.isfinite(program.cost[chosen]).any(axis=0).all():
            self._good.append((estimate, chosen))

    def below(self, most: float) -> tuple[list[Mask], list[float]]:
        """Sets with room for everything that may cost less than `most`, and what they cost at least."""
        self._good = [pair for pair in self._good if pair[0] < most]
        return [chosen for _, chosen in self._good], [estimate for estimate, _ in self._good]

    def expand(self, most: float) -> None:
        """Change the cheapest set that has not been, in one opener or by an exchange."""
        if not self._open or len(self._good) >= KEPT:
            return
        program, prices = self.program, self.prices
        _, _, is_open = heapq.heappop(self._open)
        inside, outside = within_reach(prices, is_open)
        value = prices.estimates(program, inside, outside)
        # a set that lacks room is only on the way: what it lacks counts with what room is worth at most
        gap = max(most - prices.bound, 0.0) if most < np.inf else 0.1 * abs(prices.bound)
        price = gap / max(float(program.room.mean()), 1e-9)
        room = float(program.room[is_open].sum())
        spare = np.append(-program.room[inside], 0)[:, None] + np.append(program.room[outside], 0) + room - self.asked
        value[spare < -program.room.max()] = np.inf
        for place in np.argsort(value, axis=None)[: np.count_nonzero(value < most)][:CHANGES].tolist():
            chosen = changed(is_open, inside, outside, place)
            key = chosen.tobytes()
            if key not in self._known:
                self._known.add(key)
                estimate, lack = float(value.flat[place]), max(0.0, -float(spare.flat[place]))
                heapq.heappush(self._open, (estimate + price * lack, len(self._known), chosen))
                if lack == 0:
                    self._keep(estimate, chosen)


def within_reach(prices: Prices, is_open: Mask) -> tuple[Integers, Integers]:
    """Return the openers of a set, and the others that seem cheapest."""
    inside, outside = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    return inside, outside[np.argsort(prices.dear[outside], kind="stable")[:NEAR]]


def changed(is_open: Mask, inside: Integers, outside: Integers, place: int) -> Mask:
    """Return the set after a change, numbered as the entries of :meth:`Prices.estimates`."""
    chosen = is_open.copy()
    leaves, enters = divmod(place, len(outside) + 1)
    chosen[inside[leaves : leaves + 1]] = False
    chosen[outside[enters : enters + 1]] = True
    return chosen
