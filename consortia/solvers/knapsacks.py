"""Many 0-1 knapsacks at once, solved exactly by dynamic programming in integers.

The tables of all knapsacks advance together, one item of each at a time, so that the work is done on whole arrays:
200 items and 60 knapsacks of capacity 300 take about 5 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consortia.linear import Integers

HUGE = 2**61
"""Stands for what no knapsack can hold; costs stay below it."""


@dataclass(frozen=True)
class Knapsacks:
    """Knapsacks with their items, in compressed form: items ``indptr[k]`` up to ``indptr[k + 1]`` are of knapsack k.

    Attributes
    ----------
    indptr : array (K + 1,)
    weight : array (N,)
        Positive.
    capacity : array (K,)
    """

    indptr: Integers
    weight: Integers
    capacity: Integers

    @property
    def owner(self) -> Integers:
        """The knapsack of each item."""
        return np.repeat(np.arange(len(self.capacity)), np.diff(self.indptr))

    @property
    def cells(self) -> int:
        """Cells of all tables when every item is worth taking: the work of one solve at most."""
        return int((np.diff(self.indptr) * (self.capacity.max(initial=0) + 1)).sum())

    def solve(self, cost: Integers) -> tuple[Integers, Integers]:
        """Fill every knapsack at the least total cost.

        Parameters
        ----------
        cost : array (N,)
            Of taking each item; only negative ones are worth taking.

        Returns
        -------
        array (K,), array (N,)
            The least cost of each knapsack, at most 0, and for each item whether it is taken.

        Examples
        --------
        >>> two = Knapsacks(np.array([0, 3, 5]), np.array([2, 3, 4, 1, 1]), np.array([5, 1]))
        >>> least, taken = two.solve(np.array([-3, -4, -5, 2, -1]))
        >>> least.tolist(), taken.tolist()
        ([-7, -1], [1, 1, 0, 0, 1])
        """
        ranked, weight, gain = self._ranked(cost)
        tables = _Tables(self.capacity, weight)
        took = [tables.add(weight[:, step], gain[:, step]) for step in range(ranked.shape[1])]
        knapsack = np.arange(len(self.capacity))
        taken = np.zeros(len(self.weight), dtype=np.int64)
        left = self.capacity.copy()
        for step in range(ranked.shape[1] - 1, -1, -1):
            chosen = took[step][knapsack, left]
            taken[ranked[chosen, step]] = 1
            left[chosen] -= weight[chosen, step]
        return tables.now[knapsack, self.capacity], taken

    def forced(self, cost: Integers) -> Integers:
        """Return for each item the least cost of its knapsack if the item is taken.

        Examples
        --------
        >>> one = Knapsacks(np.array([0, 3]), np.array([2, 3, 4]), np.array([5]))
        >>> one.forced(np.array([-3, -4, -5])).tolist()
        [-7, -7, -5]
        """
        ranked, weight, gain = self._ranked(cost)
        forward = _Tables(self.capacity, weight)
        before = []
        for step in range(ranked.shape[1]):
            before.append(forward.now.copy())
            forward.add(weight[:, step], gain[:, step])
        # an item that is not worth taking leaves the others the rest of the room
        owner = self.owner
        left = self.capacity[owner] - self.weight
        result = np.where(left >= 0, forward.now[owner, np.maximum(left, 0)] + cost, HUGE)
        backward = _Tables(self.capacity, weight)
        for step in range(ranked.shape[1] - 1, -1, -1):
            # the others share the room: those before the item fill some of it, those after it what is left
            rest = self.capacity - weight[:, step]
            real = ranked[:, step] >= 0
            result[ranked[real, step]] = backward.shared(before[step], rest)[real] + gain[real, step]
            backward.add(weight[:, step], gain[:, step])
        return result

    def _ranked(self, cost: Integers) -> tuple[Integers, Integers, Integers]:
        """For each knapsack (row), its items that are worth taking, padded by -1, their weights and their costs."""
        worth = np.flatnonzero(cost < 0)
        owner = self.owner[worth]
        counts = np.bincount(owner, minlength=len(self.capacity))
        ranked = np.full((len(self.capacity), int(counts.max(initial=0))), -1, dtype=np.int64)
        place = np.arange(len(worth)) - np.repeat(np.cumsum(counts) - counts, counts)
        ranked[owner, place] = worth
        padding = ranked < 0
        return ranked, np.where(padding, 0, self.weight[ranked]), np.where(padding, 0, cost[ranked])


class _Tables:
    """For each knapsack and each room in it, the least cost; beside it what stands for a room below nothing."""

    def __init__(self, capacity: Integers, weight: Integers) -> None:
        height, room, pad = len(capacity), int(capacity.max(initial=0)) + 1, int(weight.max(initial=0))
        self._whole = np.full((height, pad + room), HUGE // 2, dtype=np.int64)
        self.now = self._whole[:, pad:]
        self.now[:] = 0
        self._flat = self._whole.reshape(-1)
        self._place = np.arange(height)[:, None] * (pad + room) + pad + np.arange(room)[None, :]
        self._room = np.arange(room)[None, :]
        self._pad = pad

    def add(self, weight: Integers, cost: Integers) -> npt.NDArray[np.bool_]:
        """Offer one item to each knapsack; return in which rooms it is taken."""
        with_item = self._flat.take(self._place - weight[:, None])
        with_item += cost[:, None]
        taken: npt.NDArray[np.bool_] = with_item < self.now
        np.minimum(self.now, with_item, out=self.now)
        return taken

    def shared(self, other: Integers, rest: Integers) -> Integers:
        """Return the least cost when these items and those of `other` share the room `rest`."""
        inside = self._room <= rest[:, None]
        first = self._place[:, :1] - self._pad
        back = np.where(inside, self._place[:, :1] + rest[:, None] - self._room, first)
        together = np.where(inside, other + self._flat.take(back), HUGE)
        least: Integers = together.min(axis=1)
        return least
