"""Covers at low cost: local search that is guided by prices of the rows.

Several things take turns. A greedy choice at the prices gives the start. Short walks among few columns, whose weights
start from the prices, find the best covers where prices say much (gaps of a few per cent, as where costs differ). One
long walk among many columns, whose weights start equal, finds them where prices say little (equal costs, say).
Where a linear relaxation is known, induced walks change only what it and the best cover disagree on (after Danna,
Rothberg, Le Pape 2005): often a hundred columns, so that they find the best covers in which rows have several
columns. They have most of the turns where prices say much. Whenever a cover or a bound gets better, columns that cannot
be in a better one are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
NONE = np.zeros(0, dtype=np.int64)
LOOSE = 0.1
"""From which gap to the bound on, as a share of the cost, prices say little."""
SPREAD = 3
"""From how many times as many columns a wide induced walk draws those that it may change as well."""
PRICING = 1000
"""Steps to find prices."""
ALIKE = 1e-6
"""How near a relaxation has to be to the value of a column to agree with it."""


def search_cover(
    compiled: Compiled,
    *,
    start: Integers | None = None,
    prices: Floats | None = None,
    relaxed: Floats | None = None,
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
    relaxed : array of float, optional
        Values of all columns in a linear relaxation of the program.
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
        search.run(prices, relaxed, steps)
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
        self.long: Walk | None = None

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

    def run(self, prices: Floats | None, relaxed: Floats | None, steps: int | None) -> None:
        """Search by turns until nothing is left to find or to spend."""
        cover = self.cover
        given = None if prices is None else np.maximum(prices[cover.rows], 0)
        self.prices = prices = priced(cover, self.cost, PRICING, self.halt) if given is None else given
        self.reduced = cover.reduced(prices)
        self.bound = float(cover.need @ prices + np.minimum(self.reduced, 0).sum())
        self._choose(attractive(cover, self.reduced, WIDTHS[0]))
        kinds: list[Callable[[int], tuple[Walk, Integers]]] = [self._short, self._long]
        if relaxed is not None:
            near, far = (partial(self._induced, relaxed, wide=wide) for wide in (False, True))
            kinds = [near, far, near, far, self._short, self._long]
            if self.loose:
                kinds = [near, self._short, far, self._long]
        spent, turn = 0, 0
        while not self.over() and (steps is None or spent < steps):
            walk, kept = kinds[turn % len(kinds)](turn // len(kinds))
            turn += 1
            length = 4 * ROUND if walk is self.long and self.loose else ROUND
            before, beside = walk.steps, int(self.cover.cost[kept].sum())
            walk.best_total = min(walk.best_total, self.cost - beside)
            report = partial(self._report, walk, kept)
            walk.run(length if steps is None else min(length, steps - spent), self.halt, self.aim - beside, report)
            spent += max(walk.steps - before, 1)

    def _choose(self, kept: Integers) -> None:
        """Choose greedily among the `kept` columns, at the prices and at others near by."""
        cover = self.cover.only(kept)
        for attempt in range(ATTEMPTS):
            if self.over():
                return
            noise = self._noise(0.02, self.prices) if attempt else 1.0
            self.offer(np.sort(kept[cover.greedy(self.prices * noise)]))

    @property
    def loose(self) -> bool:
        """Whether prices say little of the best cover."""
        return self.cost - self.bound >= LOOSE * self.cost

    def over(self) -> bool:
        return self.cost <= self.aim or self.bound > self.cost - 1 + 1e-6 or self.halt()

    def _report(self, walk: Walk, kept: Integers) -> None:
        chosen = np.searchsorted(self.cover.columns, walk.cover.columns[walk.best])
        self.offer(np.sort(np.concatenate([kept, chosen])))

    def _within(self, kept: Integers) -> Cover:
        """The cover of the `kept` columns that may be in a better solution, and of the best solution's."""
        useful = self.reduced[kept] + self.bound <= self.cost - 1 + 1e-6
        return self.cover.only(np.union1d(kept[useful], self.chosen))

    def _short(self, number: int) -> tuple[Walk, Integers]:
        """A walk from the best cover, or from one chosen anew, among the columns that the prices favour."""
        cover = self._within(attractive(self.cover, self.reduced, WIDTHS[number % len(WIDTHS)]))
        return self._priced(cover, anew=number % 2 == 0), NONE

    def _long(self, number: int) -> tuple[Walk, Integers]:
        """The one walk among many columns."""
        if self.long is None:
            width = max(WIDTHS[1], WIDE * len(self.cover.cost) // len(self.cover.row_column))
            self.long = self._even(self._within(attractive(self.cover, self.reduced, width)))
        return self.long, NONE

    def _induced(self, relaxed: Floats, number: int, wide: bool) -> tuple[Walk, Integers]:
        """A walk that keeps the columns on which the best cover and a relaxation agree; with what it keeps.

        Where it is `wide`, it changes about as many again, drawn from those of small reduced cost.
        """
        cover, taken = self.cover, np.zeros(len(self.cover.cost), dtype=bool)
        taken[self.chosen] = True
        apart = np.abs(taken - relaxed[cover.columns]) > ALIKE
        if wide:
            dearness = np.where(apart, np.inf, np.abs(self.reduced))
            cheap = np.argsort(dearness, kind="stable")[: SPREAD * np.count_nonzero(apart)]
            apart[cheap[self.random.random(len(cheap)) < 1 / SPREAD]] = True
        kept = np.flatnonzero(taken & ~apart)
        values, upper = self.fixed.copy(), self.compiled.lower.copy()
        values[cover.columns[kept]] = 1
        upper[cover.columns[apart]] = 1
        rest = Cover.of(replace(self.compiled, upper=upper), values)
        if not len(rest.need):  # all that is covered is covered by what both take
            self.offer(kept)
            return self._short(number)
        return (self._priced(rest, anew=True) if number % 2 else self._even(rest)), kept

    def _priced(self, cover: Cover, anew: bool) -> Walk:
        """A walk whose weights start from the prices."""
        prices = self.prices[np.searchsorted(self.cover.rows, cover.rows)]
        weights = prices / max(float(prices.mean()), 1e-9) * self._noise(0.1, prices)
        chosen = cover.greedy(prices * self._noise(0.03, prices)) if anew else self._best_in(cover)
        return self._walk(cover, np.rint(FINE * weights).astype(np.int64) + 1, chosen)

    def _even(self, cover: Cover) -> Walk:
        """A walk whose weights start equal."""
        return self._walk(cover, np.ones(len(cover.need), dtype=np.int64), self._best_in(cover))

    def _walk(self, cover: Cover, weight: Integers, chosen: Integers) -> Walk:
        return Walk(cover, chosen, weight, int(self.random.integers(2**32)))

    def _best_in(self, cover: Cover) -> Integers:
        """The part of the best cover that is of use in another one's rows."""
        return np.flatnonzero(np.isin(cover.columns, self.cover.columns[self.chosen], assume_unique=True))

    def _noise(self, most: float, prices: Floats) -> Floats:
        return self.random.uniform(1 - most, 1 + most, len(prices))
