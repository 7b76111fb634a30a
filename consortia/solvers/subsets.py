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
_AT_ONCE = 2**14
"""Subsets times columns that are looked at together: what fits near the processor."""


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
    chosen = _least(covers[best], compiled.objective[best], len(rows))
    if chosen is None:
        return Answer(Verdict.INFEASIBLE if request.cutoff is None else Verdict.CUTOFF, proof="exact")
    values = compiled.lower.copy()
    values[best[chosen]] = 1
    cost = compiled.cost(values)
    if request.cutoff is not None and cost > request.cutoff:
        return Answer(Verdict.CUTOFF, bound=cost, proof="exact")
    return Answer(Verdict.OPTIMAL, values, cost, "exact")


def _rows(compiled: Compiled) -> Integers | None:
    """Return the rows to cover, those with the fewest columns last; None if there is anything but a few of them."""
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
    return rows[np.argsort(-lengths[rows], kind="stable")] if plain else None


def _covers(compiled: Compiled, rows: Integers) -> Integers:
    """For each column the set of rows that it covers, one bit a row."""
    bits = np.zeros(len(compiled.row_lower))
    bits[rows] = 2.0 ** np.arange(len(rows))
    found = np.bincount(compiled.indices, bits[compiled.row_of_entry], minlength=len(compiled.lower))
    return found.astype(np.int64)


def _cheapest(covers: Integers, costs: Integers, count: int) -> Integers:
    """Return the columns that matter: no other covers as much, and more or for less."""
    own = np.full(1 << count, INFINITE, dtype=np.int64)
    np.minimum.at(own, covers, costs)
    least = own.copy()  # of those that cover as much, or more
    for row in range(count):
        sides = least.reshape(-1, 2, 1 << row)
        np.minimum(sides[:, 0], sides[:, 1], out=sides[:, 0])
    found = np.flatnonzero(own[1:] < INFINITE) + 1
    bits = 1 << np.arange(count)
    more = np.where(found[:, None] & bits, INFINITE, least[found[:, None] | bits])
    found = found[own[found] < more.min(axis=1, initial=INFINITE)]
    first = np.zeros(1 << count, dtype=np.int64)
    cheapest = np.flatnonzero(costs == own[covers])[::-1]
    first[covers[cheapest]] = cheapest
    chosen: Integers = first[found]
    return chosen


def _least(covers: Integers, costs: Integers, count: int) -> list[int] | None:
    """Return which of some columns cover everything at least cost; None if all together do not.

    A cover of a subset has a column that covers its last row, and the others cover what that one leaves of the rows
    before it: so row by row the least costs of all subsets that end there follow from those that end earlier. Half of
    all subsets end with the last row, so it should be the one with the fewest columns.
    """
    subsets, least = np.arange(1 << count), np.full(1 << count, INFINITE, dtype=np.int64)
    least[0] = 0
    with_row = [(covers & 1 << row).nonzero()[0] for row in range(count)]
    for row, able in enumerate(with_row):
        ending, at_once = least[1 << row : 2 << row], max(1, _AT_ONCE >> row)
        for first in range(0, len(able), at_once):
            some = able[first : first + at_once]
            left = subsets[: 1 << row] & ~covers[some, None]
            np.minimum(ending, (least[left] + costs[some, None]).min(axis=0), out=ending)
    if least[-1] >= INFINITE:
        return None
    chosen, rest = [], (1 << count) - 1
    while rest:
        able = with_row[rest.bit_length() - 1]
        column = int(able[np.argmin(least[rest & ~covers[able]] + costs[able])])
        chosen.append(column)
        rest &= ~int(covers[column])
    return chosen
