"""All patterns that a better solution may have, and the program that chooses among them.

Where the bound of the blocks is near the best solution, few patterns cost so little more than the best of their block
that a better solution may have them. They are enumerated with the knapsack's tables as guide, so that nothing is looked
at in vain, and the program over them has a linear relaxation as good as the bound of the blocks (Baldacci,
Hadjiconstantinou, Maniezzo, Mingozzi 2002, "A new method for solving capacitated location problems based on a set
partitioning approach"). All of it is in integers: what is left out is proven to be in no solution of interest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.knapsacks import HUGE
from consortia.solvers.lagrangian import Box, Point, Relaxation


@dataclass(frozen=True)
class Choice:
    """A program whose columns are the loose ones of another, then patterns of its blocks.

    Attributes
    ----------
    program : Compiled
    loose : array
        Columns of the other program.
    patterns : sparse array of int (patterns, columns)
        What each takes.
    """

    program: Compiled
    loose: Integers
    patterns: Any

    @staticmethod
    def of(relaxation: Relaxation, patterns: Any, block: Integers, needed: Integers, box: Box) -> Choice:
        """Return the program of choosing at most one pattern of each block, and one of those that are needed."""
        compiled = relaxation.compiled
        inside = np.zeros(len(compiled.lower), dtype=bool)
        inside[relaxation.blocks.item] = True
        inside[relaxation.blocks.opener[relaxation.blocks.opener >= 0]] = True
        loose = np.flatnonzero(~inside)
        rows = np.setdiff1d(np.arange(len(compiled.row_lower)), relaxation.silent)
        matrix, count = relaxation.matrix[rows], len(block)
        ones = np.ones(count, dtype=np.int64)
        one_each = sparse.csr_array(
            (ones, (block, len(loose) + np.arange(count))), shape=(len(needed), len(loose) + count)
        )
        whole = sparse.vstack([sparse.hstack([matrix[:, loose], matrix @ patterns.T]), one_each]).tocsr()
        whole.sum_duplicates()
        whole.eliminate_zeros()
        program = replace(
            compiled,
            lower=np.concatenate([box[0][loose], 0 * ones]),
            upper=np.concatenate([box[1][loose], ones]),
            indptr=whole.indptr.astype(np.int64),
            indices=whole.indices.astype(np.int64),
            data=whole.data.astype(np.int64),
            row_lower=np.concatenate([compiled.row_lower[rows], needed]),
            row_upper=np.concatenate([compiled.row_upper[rows], np.ones(len(needed), dtype=np.int64)]),
            literal_indptr=np.zeros(whole.shape[0] + 1, dtype=np.int64),
            objective=np.concatenate([compiled.objective[loose], patterns @ compiled.objective]),
        )
        return Choice(program, loose, patterns)

    def values(self, chosen: Integers) -> Integers:
        """Column values of the other program."""
        values: Integers = self.patterns.T @ chosen[len(self.loose) :]
        values[self.loose] = chosen[: len(self.loose)]
        return values


def enumerated(relaxation: Relaxation, point: Point, most: int, box: Box, limit: int) -> Choice | None:
    """Return the program over all patterns that solutions with an objective of at most `most` may have.

    Parameters
    ----------
    relaxation : Relaxation
    point : Point
        Certified for `box`, or for one around it.
    most : int
    box : pair of arrays
    limit : int
        How many patterns there may be.

    Returns
    -------
    Choice or None
        None if there are more.
    """
    blocks, filling = relaxation.blocks, relaxation.filling(point.reduced, box)
    closed = np.where(filling.forced, HUGE, 0)
    opened = np.where(filling.barred, HUGE, filling.opened)
    room = min(most * relaxation.scale - point.bound, HUGE)
    least = np.minimum(closed, opened)
    found, block = [], []
    for at in np.flatnonzero(opened - least <= room).tolist():
        items = np.arange(blocks.knapsacks.indptr[at], blocks.knapsacks.indptr[at + 1])
        free = items[filling.allowed[items]]
        # what the items of the block may cost
        most_here = int(least[at] + room - (opened[at] - filling.least[at]))
        sets = _within(
            filling.knapsacks.weight[free], filling.cost[free], int(filling.knapsacks.capacity[at]), most_here, limit
        )
        if sets is None or len(sets) > limit:
            return None
        limit -= len(sets)
        inside = blocks.item[items[filling.inside[items] > 0]]
        fixed = inside if blocks.opener[at] < 0 else np.append(inside, blocks.opener[at])
        found.append(_spread(sets, blocks.item[free], fixed, len(box[0])))
        block.append(np.full(len(sets), at, dtype=np.int64))
    width = len(box[0])
    patterns = sparse.vstack([sparse.csr_array((0, width), dtype=np.int64), *found]).tocsr()
    owner = np.concatenate([np.zeros(0, dtype=np.int64), *block])
    return Choice.of(relaxation, patterns, owner, filling.forced.astype(np.int64), box)


def _within(weight: Integers, cost: Integers, room: int, most: int, limit: int) -> npt.NDArray[np.bool_] | None:
    """All sets of items that fit into the room and cost at most so much, one a row; None if more than `limit`."""
    order = np.argsort(-np.abs(cost), kind="stable")
    weight, cost = weight[order], cost[order]
    least = _completions(weight, cost, room)
    taken = np.zeros((1, len(weight)), dtype=bool)
    left, spent = np.array([room]), np.array([0])
    if least[0][room] > most:
        return taken[:0]
    for item in range(len(weight)):
        after = least[item + 1]
        without = spent + after[left] <= most
        rest = left - weight[item]
        with_item = (rest >= 0) & (spent + cost[item] + after[np.maximum(rest, 0)] <= most)
        both = taken[with_item]
        both[:, item] = True
        taken = np.concatenate([taken[without], both])
        left, spent = (
            np.concatenate([left[without], rest[with_item]]),
            np.concatenate([spent[without], spent[with_item] + cost[item]]),
        )
        if len(taken) > limit:
            return None
    sets = np.empty_like(taken)
    sets[:, order] = taken
    return sets


def _completions(weight: Integers, cost: Integers, room: int) -> list[Integers]:
    """For each item and each room left, the least that it and those after it can cost."""
    least = [np.zeros(room + 1, dtype=np.int64)]
    for heavy, price in zip(weight[::-1].tolist(), cost[::-1].tolist(), strict=True):
        now = least[-1].copy()
        if price < 0:
            now[heavy:] = np.minimum(now[heavy:], least[-1][: room + 1 - heavy] + price)
        least.append(now)
    return least[::-1]


def _spread(sets: npt.NDArray[np.bool_], columns: Integers, fixed: Integers, width: int) -> Any:
    """Sets of `columns`, each with the `fixed` ones, as rows over all columns."""
    row, place = np.nonzero(sets)
    rows = np.concatenate([row, np.repeat(np.arange(len(sets)), len(fixed))])
    taken = np.concatenate([columns[place], np.tile(fixed, len(sets))])
    return sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, taken)), shape=(len(sets), width))
