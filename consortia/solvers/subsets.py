"""Covers of few rows, solved at once: a dynamic program over the subsets of what is to be covered.

However many columns there are, of those that cover the same rows only the cheapest matters, and of n rows there are
no more than 2^n subsets. With a dozen rows and thousands of columns this takes less than a millisecond, which is less
than any solver needs to begin.
"""

from __future__ import annotations

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.contract import Answer, Request, Verdict

MOST_ROWS = 16
_MOST_WORK = 2**24
"""Subsets times columns: some tens of milliseconds."""


def answer(compiled: Compiled, request: Request) -> Answer | None:
    """Answer a program that asks for nothing but to cover a few rows by 0-1 columns, exactly.

    Parameters
    ----------
    compiled : Compiled
    request : Request
        Its cut-off is kept. An exact answer at once needs neither limits nor a hint.

    Returns
    -------
    Answer or None
        None where the program asks for something else, or for too much.

    Examples
    --------
    >>> from consortia.program import Linear, Program, Tag
    >>> program = Program()
    >>> columns = program.add_columns(Tag("member"), 3)
    >>> program.add_row(Tag("cover"), Linear(columns[[0, 2]]), lower=1)
    >>> program.add_row(Tag("cover"), Linear(columns[[1, 2]]), lower=1)
    >>> program.expressions["cost"] = Linear(columns, [3, 1, 5])
    >>> answer(program.compile(), Request()).values
    array([1, 1, 0])
    """
    rows = _rows(compiled)
    if rows is None or np.any(compiled.lower > compiled.upper):
        return None
    covers = _covers(compiled, rows)
    best = _cheapest(covers, compiled.objective, len(rows))
    if len(best) << len(rows) > _MOST_WORK:
        return None
    chosen = _least(covers[best].tolist(), compiled.objective[best].tolist(), len(rows))
    if chosen is None:
        return Answer(Verdict.INFEASIBLE if request.cutoff is None else Verdict.CUTOFF, proof="exact")
    values = compiled.lower.copy()
    values[best[chosen]] = 1
    cost = compiled.cost(values)
    if request.cutoff is not None and cost > request.cutoff:
        return Answer(Verdict.CUTOFF, bound=cost, proof="exact")
    return Answer(Verdict.OPTIMAL, values, cost, "exact")


def _rows(compiled: Compiled) -> Integers | None:
    """Return the rows to cover; None if there is anything but a few of them."""
    free = compiled.lower < compiled.upper
    lengths = np.diff(compiled.indptr)
    least = np.where(compiled.row_lower == -INFINITE, 0, compiled.row_lower)
    rows = np.flatnonzero(least > 0)
    plain = (
        len(rows) <= MOST_ROWS
        and not len(compiled.literals)
        and bool(np.all(compiled.upper[free] == 1) and np.all(compiled.lower[free] == 0))
        and bool(np.all(compiled.objective[free] >= 0))
        and bool(np.all(compiled.data == 1) and np.all(free[compiled.indices]))
        and bool(np.all(least <= 1) and np.all(compiled.row_upper >= lengths))
    )
    return rows if plain else None


def _covers(compiled: Compiled, rows: Integers) -> Integers:
    """For each column the set of rows that it covers, one bit a row."""
    bits = np.zeros(len(compiled.row_lower))
    bits[rows] = 2.0 ** np.arange(len(rows))
    found = np.bincount(compiled.indices, bits[compiled.row_of_entry], minlength=len(compiled.lower))
    return found.astype(np.int64)


def _cheapest(covers: Integers, costs: Integers, count: int) -> Integers:
    """Return the columns that matter: no other covers as much, and more or for less."""
    order = np.lexsort((costs, covers))
    order = order[np.flatnonzero(np.diff(covers[order], prepend=-1))]
    order = order[covers[order] > 0]
    least = np.full(1 << count, INFINITE, dtype=np.int64)
    least[covers[order]] = costs[order]
    own = least.copy()
    beyond = np.full(1 << count, INFINITE, dtype=np.int64)  # the least of those that cover more
    for row in range(count):
        whole, more = least.reshape(-1, 2, 1 << row), beyond.reshape(-1, 2, 1 << row)
        np.minimum(more[:, 0], np.minimum(whole[:, 1], more[:, 1]), out=more[:, 0])
        np.minimum(whole[:, 0], whole[:, 1], out=whole[:, 0])
    return order[own[covers[order]] < beyond[covers[order]]]


def _least(covers: list[int], costs: list[int], count: int) -> list[int] | None:
    """Return which of some columns cover everything at least cost; None if all together do not."""
    subsets = np.arange(1 << count)
    least = np.full(1 << count, INFINITE, dtype=np.int64)
    least[0] = 0
    improves = []
    for cover, cost in zip(covers, costs, strict=True):
        found = least[subsets & ~cover] + cost
        improves.append(found < least)
        least = np.minimum(least, found)
    if least[-1] >= INFINITE:
        return None
    chosen, left = [], (1 << count) - 1
    for column in range(len(covers) - 1, -1, -1):
        if improves[column][left]:
            chosen.append(column)
            left &= ~covers[column]
    return chosen
