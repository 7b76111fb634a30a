"""Many 0-1 knapsacks at once, solved exactly by dynamic programming in integers.

The tables of all knapsacks advance together, one item of each at a time, so that the work is done on whole arrays:
200 items and 60 knapsacks of capacity 300 take about 5 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
        table, ranked, took = self._filled(cost)
        return table[np.arange(len(self.capacity)), self.capacity], self._traced(cost, ranked, took)

    def forced(self, cost: Integers) -> Integers:
        """Return for each item the least cost of its knapsack if the item is taken.

        Examples
        --------
        >>> one = Knapsacks(np.array([0, 3]), np.array([2, 3, 4]), np.array([5]))
        >>> one.forced(np.array([-3, -4, -5])).tolist()
        [-7, -7, -5]
        """
        table, ranked, _ = self._filled(cost)
        owner = self.owner
        # an item that is not worth taking leaves the others the rest of the room
        left = self.capacity[owner] - self.weight
        result = np.where(left >= 0, table[owner, np.maximum(left, 0)] + cost, HUGE)
        worth = np.flatnonzero(cost < 0)
        if len(worth):
            result[worth] = self._without_each(cost, ranked, worth) + cost[worth]
        return result

    def _ranked(self, cost: Integers) -> Integers:
        """For each knapsack (row), its items that are worth taking, padded by -1."""
        worth = np.flatnonzero(cost < 0)
        owner = self.owner[worth]
        counts = np.bincount(owner, minlength=len(self.capacity))
        ranked = np.full((len(self.capacity), int(counts.max(initial=0))), -1, dtype=np.int64)
        place = np.arange(len(worth)) - np.repeat(np.cumsum(counts) - counts, counts)
        ranked[owner, place] = worth
        return ranked

    def _filled(self, cost: Integers) -> tuple[Integers, Integers, list[np.ndarray]]:
        """Return the table of least costs by room, the items in their order, and which steps took one."""
        ranked = self._ranked(cost)
        room = int(self.capacity.max(initial=0)) + 1
        table = np.zeros((len(self.capacity), room), dtype=np.int64)
        took = []
        for step in range(ranked.shape[1]):
            rows = np.flatnonzero(ranked[:, step] >= 0)
            items = ranked[rows, step]
            better, mask = _step(table[rows], self.weight[items], cost[items])
            table[rows] = better
            took.append(mask)
        return table, ranked, took

    def _traced(self, cost: Integers, ranked: Integers, took: list[np.ndarray]) -> Integers:
        """Walk the tables backwards and return which items were taken."""
        taken = np.zeros(len(self.weight), dtype=np.int64)
        left = self.capacity.copy()
        for step in range(ranked.shape[1] - 1, -1, -1):
            rows = np.flatnonzero(ranked[:, step] >= 0)
            items = ranked[rows, step]
            chosen = took[step][np.arange(len(rows)), left[rows]]
            taken[items[chosen]] = 1
            left[rows[chosen]] -= self.weight[items[chosen]]
        return taken

    def _without_each(self, cost: Integers, ranked: Integers, worth: Integers) -> Integers:
        """For each item worth taking, the least cost of the others in the room that it leaves."""
        room = int(self.capacity.max(initial=0)) + 1
        height, width = ranked.shape
        before = np.zeros((width + 1, height, room), dtype=np.int64)
        for step in range(width):
            rows = np.flatnonzero(ranked[:, step] >= 0)
            items = ranked[rows, step]
            before[step + 1] = before[step]
            before[step + 1][rows] = _step(before[step][rows], self.weight[items], cost[items])[0]
        after = np.zeros((height, room), dtype=np.int64)
        result = np.zeros(len(self.weight), dtype=np.int64)
        for step in range(width - 1, -1, -1):
            rows = np.flatnonzero(ranked[:, step] >= 0)
            items = ranked[rows, step]
            rest = self.capacity[rows] - self.weight[items]
            # the others share the room: those before the item fill w of it, those after it what is left
            inside = np.arange(room)[None, :] <= rest[:, None]
            back = np.clip(rest[:, None] - np.arange(room)[None, :], 0, None)
            together = before[step][rows] + np.take_along_axis(after[rows], back, axis=1)
            result[items] = np.where(inside, together, HUGE).min(axis=1)
            after[rows] = _step(after[rows], self.weight[items], cost[items])[0]
        return result[worth]


def _step(table: Integers, weight: Integers, cost: Integers) -> tuple[Integers, np.ndarray]:
    """Offer one item to each table; return the better tables, and where the item is taken."""
    place = np.arange(table.shape[1])[None, :] - weight[:, None]
    with_item = np.take_along_axis(table, np.clip(place, 0, None), axis=1) + cost[:, None]
    taken = (place >= 0) & (with_item < table)
    return np.where(taken, with_item, table), taken
