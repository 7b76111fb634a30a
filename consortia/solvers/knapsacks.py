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

_TABLES = 1_500_000  # cells beyond which what an item forces is not worth knowing exactly


@dataclass(frozen=True)
class _Priced:
    """Where room has a price: for each item a bound on what it forces, and for each knapsack what a filling costs."""

    forced: Integers
    reached: Integers


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
        priced = self._priced(cost)
        # the others are in no filling that costs so little
        offers = self._offers(np.where(priced.forced <= priced.reached[self.owner], cost, 0))
        tables = _Tables(self.capacity[offers.knapsack], offers.heaviest)
        took = [tables.add(weight, gain) for _, weight, gain in offers.steps]
        taken = np.zeros(len(self.weight), dtype=np.int64)
        left = self.capacity[offers.knapsack]
        for chosen, (item, weight, _) in zip(took[::-1], offers.steps[::-1], strict=True):
            here = chosen[np.arange(len(item)), left[: len(item)]]
            taken[item[here]] = 1
            left[: len(item)] -= np.where(here, weight, 0)
        least = np.zeros(len(self.capacity), dtype=np.int64)
        least[offers.knapsack] = tables.now[np.arange(len(least)), self.capacity[offers.knapsack]]
        return least, taken

    def forced(self, cost: Integers, most: Integers | None = None) -> Integers:
        """Return for each item the least cost of its knapsack if the item is taken.

        Parameters
        ----------
        cost : array (N,)
        most : array (K,), optional
            Costs of a knapsack above it are of no interest: what comes out higher is, but need not be so high. Where
            tables would be large, lower bounds come out.

        Examples
        --------
        >>> one = Knapsacks(np.array([0, 3]), np.array([2, 3, 4]), np.array([5]))
        >>> one.forced(np.array([-3, -4, -5])).tolist()
        [-7, -7, -5]
        """
        kept = cost
        if most is not None:
            linear = self._priced(cost).forced
            of_interest = linear <= most[self.owner]
            kept = np.where(of_interest, cost, 0)
            deepest = int(np.bincount(self.owner[kept < 0], minlength=1).max())
            if deepest * len(self.capacity) * int(self.capacity.max(initial=0)) > _TABLES:
                return linear
        offers = self._offers(kept)
        capacity = self.capacity[offers.knapsack]
        forward, before = _Tables(capacity, offers.heaviest), []
        for item, weight, gain in offers.steps:
            before.append(forward.now[: len(item)].copy())
            forward.add(weight, gain)
        # an item that is not worth taking leaves the others the rest of the room
        place = np.empty_like(offers.knapsack)
        place[offers.knapsack] = np.arange(len(place))
        left = self.capacity[self.owner] - self.weight
        result = np.where(left >= 0, forward.now[place[self.owner], np.maximum(left, 0)] + cost, HUGE)
        backward = _Tables(capacity, offers.heaviest)
        for others, (item, weight, gain) in zip(before[::-1], offers.steps[::-1], strict=True):
            # the others share the room: those before the item fill some of it, those after it what is left
            result[item] = backward.shared(others, capacity[: len(item)] - weight) + gain
            backward.add(weight, gain)
        return result if most is None else np.where(of_interest, result, linear)

    def _priced(self, cost: Integers) -> _Priced:
        """Price the room by what is worth least, for its weight, of what fits in the order of worth by weight.

        No filling costs less than the sum of what items then cost below zero, less the price of all room; and none
        with an item that then costs more than nothing by less than that above it (Dembo, Hammer 1980).
        """
        owner, inside = self.owner, self.weight <= self.capacity[self.owner]
        worth = np.flatnonzero((cost < 0) & inside)
        order = worth[np.lexsort((cost[worth] / self.weight[worth], owner[worth]))]
        at, weight, value = owner[order], self.weight[order], cost[order]
        counts = np.bincount(at, minlength=len(self.capacity))
        starts = np.cumsum(counts) - counts
        running, spent = np.concatenate([[0], np.cumsum(weight)]), np.concatenate([[0], np.cumsum(value)])
        fits = running[1:] - running[starts][at] <= self.capacity[at]
        ends = starts + np.bincount(at[fits], minlength=len(counts))  # weights add up: what fits comes first
        price = np.zeros(len(counts), dtype=np.int64)
        binds = np.flatnonzero(ends < starts + counts)
        price[binds] = -value[ends[binds]] // weight[ends[binds]]
        extra = np.where(inside, cost + price[owner] * np.where(inside, self.weight, 0), HUGE)
        least = -price * self.capacity
        np.add.at(least, at, np.minimum(extra[order], 0))
        # the beginning, and the best that still fits
        rest = self.capacity - (running[ends] - running[starts])
        late = ~fits & (weight <= rest[at])
        more = np.zeros(len(counts), dtype=np.int64)
        np.minimum.at(more, at[late], value[late])
        return _Priced(np.where(inside, least[owner] + np.maximum(extra, 0), HUGE), spent[ends] - spent[starts] + more)

    def _offers(self, cost: Integers) -> _Offers:
        """Put the items that are worth taking in an order of steps, one of each knapsack that has any left."""
        worth = np.flatnonzero(cost < 0)
        owner = self.owner[worth]
        counts = np.bincount(owner, minlength=len(self.capacity))
        knapsack = np.argsort(-counts, kind="stable")
        starts, counts = (np.cumsum(counts) - counts)[knapsack], counts[knapsack]
        steps = []
        for step in range(int(counts.max(initial=0))):
            item = worth[starts[: np.searchsorted(-counts, -step)] + step]
            steps.append((item, self.weight[item], cost[item]))
        return _Offers(knapsack, steps, int(self.weight[worth].max(initial=0)))


@dataclass(frozen=True)
class _Offers:
    """Knapsacks, those with most items first, and in each step an item, its weight and cost for the first of them."""

    knapsack: Integers
    steps: list[tuple[Integers, Integers, Integers]]
    heaviest: int


class _Tables:
    """For each knapsack and each room in it, the least cost; beside it what stands for a room below nothing."""

    def __init__(self, capacity: Integers, heaviest: int) -> None:
        height, room = len(capacity), int(capacity.max(initial=0)) + 1
        self._whole = np.full((height, heaviest + room), HUGE // 2, dtype=np.int64)
        self.now = self._whole[:, heaviest:]
        self.now[:] = 0
        self._flat = self._whole.reshape(-1)
        self._place = np.arange(height)[:, None] * (heaviest + room) + heaviest + np.arange(room)[None, :]
        self._room = np.arange(room)[None, :]
        self._pad = heaviest

    def add(self, weight: Integers, cost: Integers) -> npt.NDArray[np.bool_]:
        """Offer one item to each of the first knapsacks; return in which rooms it is taken."""
        some = len(weight)
        with_item = self._flat.take(self._place[:some] - weight[:, None])
        with_item += cost[:, None]
        now = self.now[:some]
        taken: npt.NDArray[np.bool_] = with_item < now
        np.minimum(now, with_item, out=now)
        return taken

    def shared(self, other: Integers, rest: Integers) -> Integers:
        """Return the least cost when these items and those of `other` share the room `rest`."""
        some = len(rest)
        inside = self._room <= rest[:, None]
        first = self._place[:some, :1] - self._pad
        back = np.where(inside, self._place[:some, :1] + rest[:, None] - self._room, first)
        together = np.where(inside, other + self._flat.take(back), HUGE)
        least: Integers = together.min(axis=1)
        return least
