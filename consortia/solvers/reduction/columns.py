"""Columns that an optimum can do without.

All of it reads the *demands* of a program: every end of every row, measured from the ends of the columns at which
its sum is least, ``sum of a * distance >= need``, and every row's literals as ``at least one of them is false``. A
column *helps* a demand in which its coefficient is positive and *hurts* one in which it is negative. No rule is read:
a rule that a column could break is a demand that it hurts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.reduction.containment import Mask, Sets, by_number, first

_SUBSTITUTES = 8  # more than so many are not looked for


class Stands(NamedTuple):
    """Columns that can be left at zero, by rank, and pairs of such a column and one that stands in for it."""

    gone: Mask
    inner: Integers
    outer: Integers


@dataclass(frozen=True, eq=False)
class Demands:
    """The demands of a program, entry by entry.

    Attributes
    ----------
    need : array, one a demand
    demand, column, value : array, one an entry
    """

    need: Integers
    demand: Integers
    column: Integers
    value: Integers

    @classmethod
    def of(cls, compiled: Compiled) -> Demands:
        least, most = compiled.activities()
        height = len(compiled.row_lower)
        counts = np.diff(compiled.literal_indptr)
        parts = []
        for end, sign, used in (
            (compiled.row_lower - least, 1, compiled.row_lower != -INFINITE),
            (most - compiled.row_upper, -1, compiled.row_upper != INFINITE),
        ):
            number = np.cumsum(used) - 1
            entries = used[compiled.row_of_entry]
            rows = compiled.row_of_entry[entries]
            parts.append((end[used], number[rows], compiled.indices[entries], sign * compiled.data[entries]))
        plain = compiled.literals >= 0
        parts.append(
            (
                np.ones(np.count_nonzero(counts), dtype=np.int64),
                np.repeat((np.cumsum(counts > 0) - 1), counts) if height else counts,
                np.where(plain, compiled.literals, ~compiled.literals),
                np.where(plain, -1, 1),
            )
        )
        need = np.concatenate([part[0] for part in parts])
        before = np.cumsum([0, *(len(part[0]) for part in parts)])
        demand = np.concatenate([part[1] + start for part, start in zip(parts, before, strict=False)])
        return cls(need, demand, *(np.concatenate([part[k] for part in parts]) for k in (2, 3)))


def idle(compiled: Compiled, demands: Demands) -> tuple[Integers, Integers]:
    """Return columns that can be left at their lower bounds, and others at their upper ones.

    A column that helps nowhere and does not save costs is best at its lower bound, in every solution; one that hurts
    nowhere and costs nothing at its upper one.
    """
    width = len(compiled.lower)
    helps = np.bincount(demands.column[demands.value > 0], minlength=width) > 0
    hurts = np.bincount(demands.column[demands.value < 0], minlength=width) > 0
    free = compiled.lower < compiled.upper
    down = free & ~helps & (compiled.objective >= 0)
    up = free & ~hurts & (compiled.objective <= 0) & ~down
    return np.flatnonzero(down), np.flatnonzero(up)


class Ranked:
    """The 0-1 columns in the order of their costs, those that help most first among equals, and their demands.

    Every column is left out for columns before it in this order. That is why many can be left out at once: of all
    optima take the one that is least when its values are compared from the last column of the order to the first. Had
    it a column that was left out at one, exchanging it would give an optimum that is less, for only columns before it
    rise.
    """

    def __init__(self, compiled: Compiled, demands: Demands) -> None:
        width = len(compiled.lower)
        help_sum = np.bincount(demands.column, demands.value, minlength=width)
        binary = np.flatnonzero((compiled.lower == 0) & (compiled.upper == 1))
        self.columns = binary[np.lexsort((-help_sum[binary], compiled.objective[binary]))]
        self.cost = compiled.objective[self.columns]
        self.need = demands.need
        count = len(self.columns)
        rank = np.full(width, -1, dtype=np.int64)
        rank[self.columns] = np.arange(count)
        owner = rank[demands.column]
        sides = []
        for sign in (1, -1):
            used = (owner >= 0) & (sign * demands.value > 0)
            entries = owner[used], demands.demand[used], sign * demands.value[used]
            sides.append(Sets.of(*entries, count, max(len(demands.need), 1)))
        self.helps, self.hurts = sides
        # how many columns with coefficients like its own are enough for all that a column helps
        self.enough = np.zeros(count, dtype=np.int64)
        share = -(-self.need[self.helps.items] // self.helps.weights)
        np.maximum.at(self.enough, self.helps.owner, share)

    def dominated(self, among: Mask, late: Callable[[], bool]) -> Stands:
        """Find columns, `among` those given, that others can each replace.

        Column k stands in for column j if it costs no more, its coefficient in every demand is at least j's, and so
        exchanging j = 1, k = 0 for j = 0, k = 1 leaves every demand met. That fails where k = 1 already. So as many
        stand-ins are asked for as together meet every demand that j helps: if all of them are at one, j is not needed
        and can go to zero, at no cost as its own is not negative. For a plain cover one is enough, where n holders
        are asked for it takes n. Once it is `late`, columns that were not looked at stay.

        References
        ----------
        Gamrath, Koch, Martin, Miltenberger, Weninger: Progress in presolving for mixed integer programming.
        Mathematical Programming Computation 7, 2015.
        """
        able = among & (self.cost >= 0) & (self.enough <= _SUBSTITUTES)
        most = int(self.enough[able].max(initial=0)) + 1
        pairs = [(self.need[:0], self.need[:0])]
        for inner, outer in self.helps.earlier(able):
            if late():
                break
            kept = np.flatnonzero(self.helps.screen(inner, outer))
            kept = kept[self.hurts.screen(outer[kept], inner[kept])]
            kept = kept[first(inner[kept], most)]
            kept = kept[self.helps.verify(inner[kept], outer[kept])]
            kept = kept[self.hurts.verify(outer[kept], inner[kept])]
            pairs.append((inner[kept], outer[kept]))
        inner, outer = (np.concatenate(part) for part in zip(*pairs, strict=True))
        count = np.bincount(inner, minlength=len(self.columns))
        return _stands((count >= self.enough) & (count > 0), inner, outer)

    def covered(self) -> Stands:
        """Find columns that several others replace together.

        In each demand that column j helps, the first column of the order that hurts nowhere and meets the demand
        alone is taken. Where these columns, each counted once, cost no more than j, they replace it: raising them
        hurts nothing, and every demand that j helps is met by one of them whatever the rest does.

        References
        ----------
        Beasley: An algorithm for set covering problem. European Journal of Operational Research 31, 1987.
        """
        helps, count = self.helps, len(self.columns)
        harmless = (self.hurts.sizes == 0) & (self.cost >= 0)
        alone = harmless[helps.owner] & (helps.weights >= self.need[helps.items])
        cheapest = np.full(helps.universe, count, dtype=np.int64)
        np.minimum.at(cheapest, helps.items[alone], helps.owner[alone])
        taken = cheapest[helps.items]
        hopeless = np.bincount(helps.owner[taken >= helps.owner], minlength=count) > 0
        entries = np.flatnonzero(~hopeless[helps.owner] & (self.cost[helps.owner] >= 0))
        owner, by = _distinct(helps.owner[entries], taken[entries], count)
        rough = np.bincount(owner, self.cost[by].astype(float), minlength=count)
        price = np.zeros(count, dtype=np.int64)
        np.add.at(price, owner, self.cost[by])
        able = np.zeros(count, dtype=bool)
        able[owner] = True
        return _stands(able & (rough < INFINITE) & (price <= self.cost), owner, by)


def _stands(gone: Mask, inner: Integers, outer: Integers) -> Stands:
    used = gone[inner]
    return Stands(gone, inner[used], outer[used])


def _distinct(owner: Integers, other: Integers, count: int) -> tuple[Integers, Integers]:
    """Return each pair once; `owner` ascends and both are less than `count`."""
    order = by_number(other, count)
    order = order[by_number(owner[order], count)]
    owner, other = owner[order], other[order]
    new = (np.diff(owner, prepend=-1) != 0) | (np.diff(other, prepend=-1) != 0)
    return owner[new], other[new]
