"""Covers at low cost: local search that is guided by prices of the rows.

Three things take turns. A greedy choice at the prices gives the start. Short walks among few columns, whose weights
start from the prices, find the best covers where prices say much (gaps of a few per cent, as where costs differ). One
long walk among many columns, whose weights start equal, finds them where prices say little (equal costs, say).
Whenever a cover or a bound gets better, columns that cannot be in a better one are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.covers import Cover, Floats, is_covering
from consortia.solvers.subgradient import attractive, priced
from consortia.solvers.weighting import Walk

__all__ = ["cover_prices", "is_covering", "search_cover"]

ROUND = 1000
"""Steps of a walk before something else has its turn."""
WIDTHS = (2, 5, 1)
"""How many columns a short walk may use: as many as rows, times these by turns."""
WIDE = 30
"""How many columns a row of the long walk may have on average."""
FINE = 100
"""Mean weight of a row where weights start from prices."""
ATTEMPTS = 20
"""Greedy choices before the first walk."""
PRICING = 1000
"""Steps to find prices."""


def search_cover(
    compiled: Compiled,
    *,
    start: Integers | None = None,
    prices: Floats | None = None,
    seed: int = 0,
    steps: int | None = None,
    halt: Callable[[], bool] = lambda: False,
    on_better: Callable[[int, Integers], None] = lambda cost, values: None,
    target: int | None = None,
) -> tuple[int, Integers] | None:
    """Search for a cheap solution of a covering program.

    Parameters
    ----------
    compiled : Compiled
        A program for which `is_covering` holds.
    start : array of int, optional
        Values of all columns; if they solve the program, the answer costs no more.
    prices : array of float, optional
        A multiplier for each row of the program; found by `cover_prices` if absent.
    seed : int
        Same program, arguments and seed, same answer, unless `halt` ends the search.
    steps : int, optional
        Steps of local search before it ends; without it, `halt` or `target` ends it.
    halt : callable
        Asked often; when it says true, the search ends with what it has.
    on_better : callable
        Called with the cost and the values of all columns whenever a cheaper solution is found.
    target : int, optional
        The search ends once a solution costs no more than this, a proven bound, say.

    Returns
    -------
    (int, array of int) or None
        The cost and the values of all columns; None if nothing solves the program.
    """
    search = _Search(compiled, seed, halt, on_better)
    if not search.cover.feasible():
        return None
    search.offer(search.cover.greedy(np.zeros(len(search.cover.need))))
    if start is not None and not len(compiled.violated(start)):
        search.offer(np.flatnonzero(start[search.cover.columns]))
    search.aim = -1 if target is None else (target - search.base) // compiled.divisor
    if len(search.cover.need) and search.cost > search.aim:
        search.run(prices, steps)
    return search.base + compiled.divisor * search.cost, search.values()


def cover_prices(compiled: Compiled, upper: int, *, steps: int, halt: Callable[[], bool]) -> Floats:
    """Return multipliers for the rows of a covering program, in units of its `objective`.

    Parameters
    ----------
    compiled : Compiled
        A program for which `is_covering` holds.
    upper : int
        The cost of some solution.
    steps : int
        Subgradient steps at most; a thousand come within a thousandth of the bound of the linear relaxation.
    halt : callable
        Asked now and then; when it says true, what was found so far is returned.
    """
    fixed = _taken(compiled)
    cover = Cover.of(compiled, fixed)
    prices = np.zeros(len(compiled.row_lower))
    if len(cover.need) and cover.feasible():
        prices[cover.rows] = priced(cover, (upper - compiled.cost(fixed)) // compiled.divisor, steps, halt)
    return prices


def _taken(compiled: Compiled) -> Integers:
    """Values of all columns with those that cost nothing taken, and the other open ones left out."""
    return np.where(compiled.objective == 0, compiled.upper, compiled.lower)


class _Search:
    """The best cover so far, and what is known to be left out of better ones."""

    def __init__(
        self, compiled: Compiled, seed: int, halt: Callable[[], bool], on_better: Callable[[int, Integers], None]
    ) -> None:
        self.compiled, self.halt, self.on_better = compiled, halt, on_better
        self.random = np.random.default_rng(seed)
        self.fixed = _taken(compiled)
        self.base = compiled.cost(self.fixed)
        self.cover = Cover.of(compiled, self.fixed)
        self.chosen = np.zeros(0, dtype=np.int64)
        self.cost = int(self.cover.cost.sum()) + 1
        self.aim = -1
        self.bound = 0.0

    def offer(self, chosen: Integers) -> None:
        """Keep a cover if it is cheaper than the best."""
        cost = int(self.cover.cost[chosen].sum())
        if cost < self.cost:
            self.chosen, self.cost = chosen, cost
            self.on_better(self.base + self.compiled.divisor * cost, self.values())

    def values(self) -> Integers:
        """Values of all columns for the best cover, without columns that cost nothing and bring nothing."""
        values = self.fixed.copy()
        values[self.cover.columns[self.chosen]] = 1
        free = (self.compiled.objective == 0) & (self.compiled.lower < self.compiled.upper)
        if free.any():
            rest = Cover.of(self.compiled, self.compiled.lower)
            kept = rest.thinned(np.flatnonzero(values[rest.columns]))
            values = self.compiled.lower.copy()
            values[rest.columns[kept]] = 1
        return values

    def run(self, prices: Floats | None, steps: int | None) -> None:
        """Search by turns until nothing is left to find or to spend."""
        cover = self.cover
        given = None if prices is None else np.maximum(prices[cover.rows], 0)
        self.prices = prices = priced(cover, self.cost, PRICING, self.halt) if given is None else given
        self.reduced = cover.reduced(prices)
        self.bound = float(cover.need @ prices + np.minimum(self.reduced, 0).sum())
        self._choose(attractive(cover, self.reduced, WIDTHS[0]))
        spent, turn, long = 0, 0, None
        while not self.over() and (steps is None or spent < steps):
            short = turn % 2 == 0
            if short:
                walk = self._short(WIDTHS[turn // 2 % len(WIDTHS)], anew=turn % 4 == 0)
            else:
                walk = long = self._long(long)
            length = ROUND if short or self.cost - self.bound < 0.1 * self.cost else 4 * ROUND
            before = walk.steps
            report = partial(self._report, walk)
            walk.run(length if steps is None else min(length, steps - spent), self.halt, self.aim, report)
            spent += walk.steps - before
            turn += 1

    def _choose(self, kept: Integers) -> None:
        """Choose greedily among the `kept` columns, at the prices and at others near by."""
        cover = self.cover.only(kept)
        for attempt in range(ATTEMPTS):
            if self.over():
                return
            noise = self._noise(0.02) if attempt else np.ones(len(self.prices))
            self.offer(np.sort(kept[cover.greedy(self.prices * noise)]))

    def over(self) -> bool:
        return self.cost <= self.aim or self.bound > self.cost - 1 + 1e-6 or self.halt()

    def _report(self, walk: Walk) -> None:
        self.offer(np.searchsorted(self.cover.columns, np.sort(walk.cover.columns[walk.best])))

    def _within(self, kept: Integers) -> Cover:
        """The cover of the `kept` columns that may be in a better solution, and of the best solution's."""
        useful = self.reduced[kept] + self.bound <= self.cost - 1 + 1e-6
        return self.cover.only(np.union1d(kept[useful], self.chosen))

    def _short(self, width: int, anew: bool) -> Walk:
        """A walk from the best cover, or from one chosen anew, among the columns that the prices favour."""
        cover = self._within(attractive(self.cover, self.reduced, width))
        mean = max(float(self.prices.mean()), 1e-9)
        weights = self.prices / mean * self._noise(0.1)
        chosen = cover.greedy(self.prices * self._noise(0.03)) if anew else None
        return self._walk(cover, np.rint(FINE * weights).astype(np.int64) + 1, chosen)

    def _long(self, walk: Walk | None) -> Walk:
        if walk is None:
            width = max(WIDTHS[1], WIDE * len(self.cover.cost) // len(self.cover.row_column))
            cover = self._within(attractive(self.cover, self.reduced, width))
            return self._walk(cover, np.ones(len(cover.need), dtype=np.int64))
        walk.best_total = min(walk.best_total, self.cost)
        return walk

    def _walk(self, cover: Cover, weight: Integers, chosen: Integers | None = None) -> Walk:
        if chosen is None:
            chosen = np.searchsorted(cover.columns, self.cover.columns[self.chosen])
        walk = Walk(cover, chosen, weight, int(self.random.integers(2**32)))
        walk.best_total = min(walk.best_total, self.cost)
        return walk

    def _noise(self, most: float) -> Floats:
        return self.random.uniform(1 - most, 1 + most, len(self.prices))
