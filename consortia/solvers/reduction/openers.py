"""Limits on what one column opens: where it is closed they leave no room at all.

A row ``sum of a x <= k`` whose columns all need the same column y to be open says as much as ``sum of a x <= k y``
about whole numbers, and more about fractions: a partner that joins by half delivers at most one half of what it may
deliver. On questions of 120 partners and 80 capabilities this closes up to two thirds of the gap between the linear
relaxation and the least cost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from consortia.compiled import Compiled, spans
from consortia.linear import INFINITE, Integers
from consortia.solvers.families import Links

_STEPS = 3  # from a quantity to a delivery, to a partner, to its cluster


def opened(compiled: Compiled) -> Compiled:
    """Let limits grow with the column that opens all that they limit; every solution stays.

    Examples
    --------
    >>> from consortia.linear import Linear
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> member, tasks = program.add_columns(Tag("member"), 1), program.add_columns(Tag("delivers"), 3)
    >>> for task in tasks:
    ...     program.add_row(Tag("link"), Linear([task]) - Linear(member), upper=0)
    >>> program.add_row(Tag("limit"), Linear(tasks), upper=2)
    >>> tighter = opened(program.compile())
    >>> tighter.indices[-4:], tighter.data[-4:], tighter.row_upper[-1]
    (array([1, 2, 3, 0]), array([ 1,  1,  1, -2]), np.int64(0))
    """
    sign = _limits(compiled)
    rows = np.flatnonzero(sign)
    if not len(rows):
        return compiled
    opener = _common(compiled, rows)
    rows, opener = rows[opener >= 0], opener[opener >= 0]
    if not len(rows):
        return compiled
    low, high = compiled.row_lower.copy(), compiled.row_upper.copy()
    room = np.where(sign[rows] > 0, high[rows], low[rows])
    # the other end says nothing about what is at least 0
    low[rows], high[rows] = np.where(sign[rows] > 0, -INFINITE, 0), np.where(sign[rows] > 0, 0, INFINITE)
    ends = compiled.indptr[rows + 1]
    added = np.bincount(rows, minlength=len(low))
    return replace(
        compiled,
        indptr=compiled.indptr + np.concatenate([[0], np.cumsum(added)]),
        indices=np.insert(compiled.indices, ends, opener),
        data=np.insert(compiled.data, ends, -room),
        row_lower=low,
        row_upper=high,
    )


def _limits(compiled: Compiled) -> Integers:
    """For each row 1 if it is ``sum of a x <= k``, -1 if ``sum of -a x >= -k``, with a, x and k positive; or 0."""
    owner, counts = compiled.row_of_entry, np.diff(compiled.indptr)
    positive = np.bincount(owner[compiled.data > 0], minlength=len(counts))
    apart = np.ones(len(counts), dtype=bool)
    apart[owner[compiled.lower[compiled.indices] < 0]] = False
    apart &= (np.diff(compiled.literal_indptr) == 0) & (counts > 1)
    low, high = compiled.row_lower, compiled.row_upper
    above = apart & (positive == counts) & (high > 0) & (high < INFINITE) & (low <= 0)
    below = apart & (positive == 0) & (low < 0) & (low > -INFINITE) & (high >= 0)
    signs: Integers = above.astype(np.int64) - below
    return signs


def _common(compiled: Compiled, rows: Integers) -> Integers:
    """For each row the column that all of its columns need, -1 if there is none; of several the one nearest to them."""
    needs, width = _needs(compiled), len(compiled.lower)
    lengths = np.diff(compiled.indptr)[rows]
    owner = np.repeat(np.arange(len(rows)), lengths)
    place, needed = _of(needs, compiled.indices[spans(compiled.indptr[rows], lengths)], width)
    shared, count = np.unique(owner[place] * width + needed, return_counts=True)
    row, column = np.divmod(shared, width)
    fit = count == lengths[row]
    row, column = row[fit], column[fit]
    # what needs most itself is the nearest
    order = np.lexsort((column, -np.bincount(needs // width, minlength=width)[column], row))
    opener = np.full(len(rows), -1, dtype=np.int64)
    first, at = np.unique(row[order], return_index=True)
    opener[first] = column[order][at]
    return opener


def _needs(compiled: Compiled) -> Integers:
    """Pairs of a column and one of 0 and 1 that has to be 1 wherever it is above 0: ``column * width + other``, sorted.

    None leads back to itself: two columns that need each other would need themselves.
    """
    links, width = Links.of(compiled, INFINITE), len(compiled.lower)
    direct = needs = np.unique(links.child * width + links.parent)
    for _ in range(_STEPS - 1):
        column, through = np.divmod(needs, width)
        place, needed = _of(direct, through, width)
        needs = np.union1d(needs, column[place] * width + needed)
    column, other = np.divmod(needs, width)
    ahead: Integers = needs[column != other]
    return ahead


def _of(needs: Integers, columns: Integers, width: int) -> tuple[Integers, Integers]:
    """What some columns need: places among them, and what the column there needs."""
    starts = np.searchsorted(needs, columns * width)
    lengths = np.searchsorted(needs, (columns + 1) * width) - starts
    return np.repeat(np.arange(len(columns)), lengths), needs[spans(starts, lengths)] % width
