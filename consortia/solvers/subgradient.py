"""Prices of a cover's rows by the subgradient method, on the columns that matter.

The columns are chosen anew now and then by their reduced costs, as in A. Caprara, M. Fischetti and P. Toth (1999), A
heuristic method for the set covering problem. Directions remember the ones before, as in F. Barahona and R. Anbil
(2000), The volume algorithm: measured on published covers, that halves the steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from consortia.linear import Integers
from consortia.solvers.covers import Cover, Floats

MEMORY = 0.7
SHRINK = 0.7
PATIENCE = 10
"""Steps without a better bound after which steps become shorter."""
SHORTEST = 1e-3
SAME = 1e-4
"""Bounds that differ relatively by less are no progress."""


def priced(cover: Cover, upper: int, steps: int, halt: Callable[[], bool]) -> Floats:
    """Return the best prices found for a unit of each row.

    Parameters
    ----------
    cover : Cover
    upper : int
        What some cover costs.
    steps : int
        At most so many.
    halt : callable
        Asked now and then; when it says true, what was found so far is returned.
    """
    ascent = Ascent(first_prices(cover), upper)
    best, best_bound = ascent.prices, -np.inf
    pause, kept = 10, np.zeros(len(cover.cost), dtype=bool)
    while True:
        reduced = cover.reduced(ascent.best)
        bound = _bound(cover, ascent.best, reduced)
        gap = ascent.bound - bound
        if bound > best_bound:
            best, best_bound = ascent.best, bound
        done = steps <= 0 or best_bound > upper - 1 or ascent.length < SHORTEST
        if done or halt():
            return best
        pause = min(4 * pause, 200) if gap < 0.01 * upper else 10
        ascent.bound = bound
        kept[attractive(cover, reduced, 2)] = True
        ascent.climb(cover.only(np.flatnonzero(kept)), min(pause, steps))
        steps -= pause


@dataclass
class Ascent:
    """Where a subgradient method stands: prices, the direction it came by, and how long its steps are."""

    prices: Floats
    upper: int

    def __post_init__(self) -> None:
        self.best, self.bound = self.prices, -np.inf
        self.direction = np.zeros(len(self.prices))
        self.length, self.idle = 1.0, 0

    def climb(self, cover: Cover, steps: int) -> None:
        """Take some steps, on the columns of `cover`."""
        for _ in range(steps):
            reduced = cover.reduced(self.prices)
            bound = _bound(cover, self.prices, reduced)
            self.idle = 0 if bound > self.bound + SAME * abs(self.bound) else self.idle + 1
            if bound > self.bound:
                self.best, self.bound = self.prices, bound
            if self.idle >= PATIENCE:
                self.length, self.idle = self.length * SHRINK, 0
            lacking = (cover.need - cover.supply(np.flatnonzero(reduced < 0))).astype(float)
            lacking[(self.prices <= 0) & (lacking < 0)] = 0
            self.direction = MEMORY * self.direction + (1 - MEMORY) * lacking
            square = float(self.direction @ self.direction)
            if square == 0 or self.length < SHORTEST:
                return
            stride = self.length * max(self.upper - bound, 0) / square
            self.prices = np.maximum(self.prices + stride * self.direction, 0)


def first_prices(cover: Cover) -> Floats:
    """Each row's least cost for a unit, a column's cost spread evenly over what it brings."""
    start, rows, factors = cover.by_columns
    brings = np.concatenate([[0], np.cumsum(factors)])
    share = cover.cost / (brings[start[1:]] - brings[start[:-1]])
    least = np.full(len(cover.need), np.inf)
    np.minimum.at(least, rows, np.repeat(share, np.diff(start)))
    return least


def attractive(cover: Cover, reduced: Floats, each: int) -> Integers:
    """Columns of least `reduced` cost: `each` times as many as rows, and as many beyond a row's need for every row."""
    width = len(reduced)
    count = min(width, each * len(cover.need))
    if count == width:
        return np.arange(width)
    kept = np.zeros(width, dtype=bool)
    kept[np.argpartition(reduced, count)[:count]] = True
    kept |= reduced < 0
    wanted = np.minimum(cover.need + each, np.diff(cover.row_start))
    for row in np.flatnonzero(np.bincount(cover.row_of_entry[kept[cover.row_column]], minlength=len(wanted)) < wanted):
        columns = cover.row_column[cover.row_start[row] : cover.row_start[row + 1]]
        kept[columns[np.argsort(reduced[columns], kind="stable")[: wanted[row]]]] = True
    return np.flatnonzero(kept)


def _bound(cover: Cover, prices: Floats, reduced: Floats) -> float:
    return float(cover.need @ prices + np.minimum(reduced, 0).sum())
