"""Tabu search among assignments: shifts and swaps, with overload allowed at a price that adapts.

After S. C. Ho (2015), An iterated tabu search heuristic for the single source capacitated facility location problem;
here whole neighbourhoods are evaluated at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from consortia.linear import Integers
from consortia.solvers.assignments import Assignments, Floats

TENURE = (5, 12)
"""Between how many steps an assignment that was given up is tabu."""
PATIENCE = 32
"""Steps between two looks at the clock."""
SWAPS = 4096
"""About how many swaps are looked at in one step."""
RATE = 1.1
"""The price of overload goes up by it after a step that ends with overload, and down after one that does not."""
FLOOR, CEILING = 1 / 20, 50
"""Between which multiples of what a unit of room costs on average that price stays."""


class Shifts:
    """A walk among assignments, from each to the best of its neighbours that is not tabu.

    Parameters
    ----------
    program : Assignments
    at : array of int
        An opener for each choice; they need not have room.
    seed : int
    """

    def __init__(self, program: Assignments, at: Integers, seed: int) -> None:
        self.program = program
        self.random = np.random.default_rng(seed)
        self.openers, self.choices = program.cost.shape
        finite = np.where(np.isinf(program.cost), 0, program.cost)
        large = 1 + float(np.abs(finite).max(axis=0).sum() + np.abs(program.fee).sum())
        self.fee = np.where(program.needed, -large, program.fee)
        self.offset = large * int(program.needed.sum())
        self.cost, self.weight, self.room = program.cost, program.weight, program.room
        self.cost_by_choice, self.weight_by_choice = self.cost.T.copy(), self.weight.T.copy()
        self.all = np.arange(self.choices)
        self.uniform = bool((self.weight == self.weight[0]).all())
        self.until = np.zeros((self.openers, self.choices), dtype=np.int64)
        self.usual = self.price = self._first_price(at)
        self.step = 0
        self.place(at)

    def _first_price(self, at: Integers) -> float:
        used = np.unique(at)
        paid = float(np.abs(self.cost[at, self.all]).sum())
        if len(used) < self.openers:  # then an opener may be what overload costs
            paid += float(np.abs(self.program.fee[used]).sum())
        return max(paid, 1.0) / max(float(self.weight[at, self.all].sum()), 1.0)

    def place(self, at: Integers) -> None:
        """Go to an assignment."""
        self.at = at.copy()
        self.load = np.bincount(at, self.weight[at, self.all], self.openers)
        self.count = np.bincount(at, minlength=self.openers)
        self.total = float(self.cost[at, self.all].sum() + self.fee[self.count > 0].sum()) + self.offset
        self.enter = np.empty_like(self.cost)
        self._price_all()

    @property
    def excess(self) -> float:
        """How much more is assigned than there is room for."""
        return float(np.maximum(self.load - self.room, 0).sum())

    def _price_all(self) -> None:
        """What it costs to assign a choice to an opener, overload included, besides what it costs where it is."""
        over = self.load - self.room
        np.add(self.weight, over[:, None], out=self.enter)
        np.maximum(self.enter, 0, out=self.enter)
        self.enter -= np.maximum(over, 0)[:, None]
        self.enter *= self.price
        self.enter += self.cost
        self.enter += np.where(self.count == 0, self.fee, 0)[:, None]

    def run(self, steps: int, patience: int, halt: Callable[[], bool], aim: float) -> tuple[float, Integers] | None:
        """Walk until `patience` steps bring nothing better, none of the `steps` is left, or `halt` says so.

        Returns
        -------
        (float, array of int) or None
            The cheapest assignment met that has no overload, and its cost.
        """
        best: tuple[float, Integers] | None = None
        least, last, end = np.inf, self.step, self.step + steps
        nearest = self.excess
        if nearest == 0:
            best, least = (self.total, self.at.copy()), self.total
        while self.step < end and self.step - last < patience and least > aim:
            if self.step % PATIENCE == 0 and halt():
                break
            self.step += 1
            self._move(least)
            excess = self.excess
            if best is None and excess < nearest:
                nearest, last = excess, self.step
            if excess == 0 and self.total < least:
                best, least, last = (self.total, self.at.copy()), self.total, self.step
            self.price *= RATE if excess > 0 else 1 / RATE
            self.price = min(max(self.price, self.usual * FLOOR), self.usual * CEILING)
            self._price_all()
        return best

    def _move(self, least: float) -> None:
        at, load, room, everyone = self.at, self.load, self.room, self.all
        own = self.weight[at, everyone]
        over = np.maximum(load - room, 0)
        excess = float(over.sum())
        # what leads to something better than the best may be tabu
        spare = least - self.total - self.price * excess - 0.5 if least < np.inf else -np.inf
        here = self.cost[at, everyone]
        relief = over[at] - np.maximum(load[at] - own - room[at], 0)
        leave = here + self.price * relief + np.where(self.count == 1, self.fee, 0)[at]
        gain = self.enter - leave
        gain[at, everyone] = np.inf
        free = np.where(self.until > self.step, np.inf, gain)
        first = int(free.argmin())
        opener, choice = divmod(first, self.choices)
        value, other = float(free[opener, choice]), -1
        bold = int(gain.argmin())
        if gain.flat[bold] < min(value, spare):
            into, what = divmod(bold, self.choices)
            more = max(load[into] + self.weight[into, what] - room[into], 0.0) - over[into]
            if excess + more - relief[what] <= 0:
                opener, choice, value = into, what, float(gain.flat[bold])
        swap, one, two = self._swap(here, own, over)
        if swap < value:
            value, choice, other = swap, one, two
            opener = int(at[two])
        if not np.isfinite(value):
            return
        source = int(at[choice])
        self._put(choice, opener)
        if other >= 0:
            self._put(other, source)

    def _swap(self, here: Floats, own: Floats, over: Floats) -> tuple[float, int, int]:
        """The best swap of a random choice with any other."""
        size = max(1, SWAPS // self.choices)
        some = self.all if size >= self.choices else self.random.integers(self.choices, size=size)
        at, load, room = self.at, self.load, self.room
        mine = at[some]
        slack = (load - room)[at] - own  # of each choice's opener without it
        there = self.cost_by_choice[some].take(at, axis=1)
        if self.uniform:
            weights = own[some]
            came, went = weights[:, None], own
        else:
            came, went = self.weight_by_choice[some].take(at, axis=1), self.weight[mine]
        gain = np.maximum(slack + came, 0)
        gain += np.maximum(slack[some][:, None] + went, 0)
        gain -= over[at]
        gain -= over[mine][:, None]
        gain *= self.price
        gain += there
        gain += self.cost[mine]
        gain -= here
        gain -= here[some][:, None]
        gain[mine[:, None] == at] = np.inf
        tabu = self.until > self.step
        gain[tabu.T[some].take(at, axis=1) | tabu[mine]] = np.inf
        wild = int(gain.argmin())
        one, two = divmod(wild, self.choices)
        return float(gain.flat[wild]), int(some[one]), two

    def _put(self, choice: int, opener: int) -> None:
        source = int(self.at[choice])
        self.total += self.cost[opener, choice] - self.cost[source, choice]
        self.load[source] -= self.weight[source, choice]
        self.load[opener] += self.weight[opener, choice]
        self.count[source] -= 1
        if self.count[source] == 0:
            self.total -= self.fee[source]
        if self.count[opener] == 0:
            self.total += self.fee[opener]
        self.count[opener] += 1
        self.at[choice] = opener
        self.until[source, choice] = self.step + int(self.random.integers(*TENURE))
