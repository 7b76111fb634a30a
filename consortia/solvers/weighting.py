"""Local search for covers whose rows grow heavier for as long as they stay uncovered.

After C. Gao, T. Weise and J. Li (2015), An efficient local search heuristic with row weighting for the unicost set
covering problem; here with costs, with needs greater than one and with factors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from consortia.linear import Integers
from consortia.solvers.covers import Cover

PATIENCE = 32
"""Steps between two looks at the clock."""


class Walk:
    """A walk among sets of columns, each cheaper than the best cover so far, towards one that covers all rows.

    What column ``j`` is worth in row ``i`` is ``weight[i] * clip(factor * chosen[j] - slack[i], 0, factor)``: what the
    row would lack without it if it is chosen, what it would lack less with it if not. `worth` sums this over rows, so
    that it stays the same when the column itself is chosen or dropped.

    Parameters
    ----------
    cover : Cover
    chosen : array of int
        Columns that cover all rows.
    weight : array of int
        What a unit that a row lacks weighs at first, at least 1.
    seed : int
    """

    def __init__(self, cover: Cover, chosen: Integers, weight: Integers, seed: int) -> None:
        width, height = len(cover.cost), len(cover.need)
        self.cover = cover
        self.random = np.random.default_rng(seed)
        self.start, self.rows, self.factors = cover.by_columns
        # rows are padded to one length, so that the entries of some rows are one slice; the last column stands for none
        lengths = np.diff(cover.row_start)
        place = np.arange(len(cover.row_column)) - cover.row_start[cover.row_of_entry]
        self.members_of = np.full((height, int(lengths.max(initial=1))), width)
        self.members_of[cover.row_of_entry, place] = cover.row_column
        self.unit = bool((cover.row_factor == 1).all())
        self.factor_in = np.zeros((0, 0), dtype=np.int64)
        if not self.unit:
            self.factor_in = np.zeros_like(self.members_of)
            self.factor_in[cover.row_of_entry, place] = cover.row_factor
        self.largest = np.zeros(height, dtype=np.int64)
        np.maximum.at(self.largest, cover.row_of_entry, cover.row_factor)

        self.cost = np.append(cover.cost, 1)
        self.chosen = np.zeros(width + 1, dtype=np.int64)
        self.chosen[chosen] = 1
        self.order = np.zeros(width + 1, dtype=np.int64)  # the chosen ones, oldest first
        self.count = len(chosen)
        self.order[: self.count] = chosen
        self.total = int(cover.cost[chosen].sum())
        self.slack = cover.supply(chosen) - cover.need
        self.weight = np.zeros(height, dtype=np.int64)
        self.worth = np.zeros(width + 1, dtype=np.int64)
        self._raise(np.arange(height), weight)
        self.stamp = np.zeros(width + 1, dtype=np.int64)
        # a column that was dropped waits until something about it changes; the padding waits for ever
        self.waits = np.zeros(width + 1, dtype=bool)
        self.waits[width] = True
        self.best, self.best_total = chosen.copy(), self.total
        self.steps = 0

    def run(self, steps: int | None, halt: Callable[[], bool], target: int, on_better: Callable[[], None]) -> None:
        """Walk until a cover costs at most `target`, no step is left or `halt` says so."""
        end = None if steps is None else self.steps + steps
        fresh = -1
        while self.best_total > target and (end is None or self.steps < end):
            if self.steps % PATIENCE == 0 and halt():
                return
            self.steps += 1
            self._drop_while_covered(on_better)
            if self.count:
                self._drop(self._lightest(fresh))
            fresh = self._cover_again()

    def _cover_again(self) -> int:
        """Choose columns for uncovered rows until none is left, or none fits the cost; return the last one chosen."""
        fresh = -1
        while len(bare := np.flatnonzero(self.slack < 0)):
            column = self._best_for(int(bare[int(self.random.random() * len(bare))]))
            if column >= 0:
                fresh = column
                self._flip(column, 1)
                self.order[self.count] = column
                self.count += 1
                self.total += int(self.cost[column])
                bare = bare[self.slack[bare] < 0]
            if len(bare):
                self._raise(bare, 1)
            if column < 0:
                break
        return fresh

    def _drop_while_covered(self, on_better: Callable[[], None]) -> None:
        """Drop columns until a row is uncovered; every cover on the way that needs all its columns may be the best."""
        while self.count and self.slack.min(initial=0) >= 0:
            place = self._lightest(-1)
            if self.worth[self.order[place]] > 0 and self.total < self.best_total:
                self.best, self.best_total = self.order[: self.count].copy(), self.total
                on_better()
            self._drop(place)

    def _lightest(self, spared: int) -> int:
        """The place in `order` of the column whose loss is least for its cost, the oldest of equals."""
        order = self.order[: self.count]
        ratio = self.worth[order] / self.cost[order]
        place = int(ratio.argmin())
        if order[place] == spared and self.count > 1:
            ratio[place] = np.inf
            place = int(ratio.argmin())
        return place

    def _best_for(self, row: int) -> int:
        """The column that is worth most for its cost among those that can cover some of `row`; -1 if none may."""
        columns = self.members_of[row]
        columns = columns[~self.waits[columns] & (self.cost[columns] < self.best_total - self.total)]
        columns = columns[self.chosen[columns] == 0]
        if not len(columns):
            return -1
        ratio = self.worth[columns] / self.cost[columns]
        equals = columns[ratio == ratio.max()]
        return int(equals[self.stamp[equals].argmin()])

    def _drop(self, place: int) -> None:
        column = int(self.order[place])
        self._flip(column, -1)
        self.count -= 1
        self.order[place : self.count] = self.order[place + 1 : self.count + 1]
        self.total -= int(self.cost[column])
        self.waits[column] = True

    def _flip(self, column: int, sign: int) -> None:
        """Choose or drop a column, and keep `slack` and `worth` true."""
        entries = slice(self.start[column], self.start[column + 1])
        rows = self.rows[entries]
        before = self.slack[rows]
        after = before + sign * self.factors[entries]
        self.slack[rows] = after
        lower = np.minimum(before, after)
        felt = (lower == 0) | (lower == -1) if self.unit else lower < self.largest[rows]
        rows = rows[felt]
        columns = self.members_of[rows]
        if self.unit:
            # between 0 and 1 the row matters to those that cover it, between -1 and 0 to those that could
            change = self.chosen[columns] ^ (lower[felt] < 0)[:, None]
            change *= (-sign * self.weight[rows])[:, None]
        else:
            change = self._units(columns, rows, after[felt]) - self._units(columns, rows, before[felt])
            change *= self.weight[rows][:, None]
        own = self.worth[column]
        np.add.at(self.worth, columns.ravel(), change.ravel())
        self.worth[column] = own
        self.chosen[column] += sign
        self.waits[columns] = False
        self.waits[-1] = True
        self.stamp[column] = self.steps

    def _raise(self, rows: Integers, weight: Integers | int) -> None:
        """Let `rows` weigh more by `weight`, and keep `worth` true."""
        columns = self.members_of[rows]
        more = self._units(columns, rows, self.slack[rows]) * np.reshape(weight, (-1, 1))
        np.add.at(self.worth, columns.ravel(), more.ravel())
        self.weight[rows] += weight

    def _units(self, columns: Integers, rows: Integers, slack: Integers) -> Integers:
        """What each of the `columns` in `rows` is worth there, at weight 1 and some slack."""
        factor = self.factor_in[rows] if len(self.factor_in) else 1
        units: Integers = np.minimum(np.maximum(self.chosen[columns] * factor - slack[:, None], 0), factor)
        return units
