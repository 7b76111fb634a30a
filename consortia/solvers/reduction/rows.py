"""Rows that others make needless, and smaller coefficients; every solution stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.reduction.containment import Mask, Sets, first


def tidy(compiled: Compiled) -> Compiled:
    """Drop the sides of rows that the column bounds imply, and shrink coefficients to what their row needs.

    Measured from the ends of the columns at which it is least, a row says ``sum of |a| * distance >= need``. A column
    whose coefficient is above the need satisfies the row by one step, and does so with the need for coefficient too.
    Rows with two sides keep their coefficients.
    """
    least, most = compiled.activities()
    low = np.where(least >= compiled.row_lower, -INFINITE, compiled.row_lower)
    high = np.where(most <= compiled.row_upper, INFINITE, compiled.row_upper)
    below, above = low != -INFINITE, high != INFINITE
    need = np.where(below, low - least, most - high)
    rows, data = compiled.row_of_entry, compiled.data
    large = (np.abs(data) > need[rows]) & (below != above)[rows]
    smaller = _kept(compiled, low, high)
    if not np.any(large):
        return smaller
    shrunk = replace(compiled, data=np.where(large, np.sign(data) * need[rows], data))
    least, most = shrunk.activities()
    single = below != above
    low = np.where(single & below, need + least, low)
    high = np.where(single & above, most - need, high)
    return _kept(shrunk, low, high).folded()


def _kept(compiled: Compiled, low: Integers, high: Integers) -> Compiled:
    """Return the program with these ends of its rows, without the rows that have none."""
    left = (low != -INFINITE) | (high != INFINITE)
    changed = replace(compiled, row_lower=low, row_upper=high)
    return changed if np.all(left) else changed.restricted(np.flatnonzero(left), np.arange(len(compiled.lower)))


def undominated(compiled: Compiled) -> Compiled:
    """Drop the sides of rows that another row implies.

    Measured as in :func:`tidy`, side s follows from side t if t needs at least as much, has its columns among those of
    s with coefficients at most as large, and its literals among those of s: then ``sum over s >= sum over t >= need
    of t >= need of s``. Of equal sides the last in the order stays, and every side that is dropped follows from one
    after it, so from one that stays.
    """
    sides = _sides(compiled)
    if len(sides[0]) < 2:
        return compiled
    row, lower_end, need, sets = sides
    dropped = np.zeros(len(row), dtype=bool)
    for inner, outer in sets.earlier():
        fits = np.flatnonzero((need[inner] >= need[outer]) & ~dropped[outer])
        inner, outer = inner[fits], outer[fits]
        passed = sets.screen(inner, outer)
        inner, outer = inner[passed], outer[passed]
        few = first(outer, 4)
        inner, outer = inner[few], outer[few]
        dropped[outer[sets.verify(inner, outer)]] = True
    if not np.any(dropped):
        return compiled
    low, high = compiled.row_lower.copy(), compiled.row_upper.copy()
    low[row[dropped & lower_end]], high[row[dropped & ~lower_end]] = -INFINITE, INFINITE
    return _kept(compiled, low, high)


def _sides(compiled: Compiled) -> tuple[Integers, Mask, Integers, Sets]:
    """Rows by sides, the longest first: row, whether it is its lower end, need, and columns with coefficients."""
    least, most = compiled.activities()
    width, height = len(compiled.lower), len(compiled.row_lower)
    lows = np.flatnonzero(compiled.row_lower != -INFINITE)
    highs = np.flatnonzero(compiled.row_upper != INFINITE)
    row = np.concatenate([lows, highs])
    lower_end = np.arange(len(row)) < len(lows)
    need = np.concatenate([compiled.row_lower[lows] - least[lows], most[highs] - compiled.row_upper[highs]])
    weight = np.bincount(compiled.row_of_entry, np.abs(compiled.data), minlength=height)[row]
    lengths = (np.diff(compiled.indptr) + np.diff(compiled.literal_indptr))[row]
    # wherever one side lies within another, it comes later by these, or they are equal and the later one stays
    order = np.lexsort((need, -weight, -lengths))
    row, lower_end, need = row[order], lower_end[order], need[order]

    place = np.full((2, height), -1, dtype=np.int64)
    place[np.where(lower_end, 0, 1), row] = np.arange(len(row))
    owners, items, weights = [], [], []
    literal_owner = np.repeat(np.arange(height), np.diff(compiled.literal_indptr))
    for end, sign in ((0, 1), (1, -1)):
        side = place[end][compiled.row_of_entry]
        used = side >= 0
        owners.append(side[used])
        items.append(2 * compiled.indices[used] + (sign * compiled.data[used] > 0))
        weights.append(np.abs(compiled.data[used]))
        side = place[end][literal_owner]
        used = side >= 0
        owners.append(side[used])
        column = np.where(compiled.literals >= 0, compiled.literals, ~compiled.literals)[used]
        items.append(2 * width + 2 * column + (compiled.literals[used] >= 0))
        weights.append(np.ones(len(column), dtype=np.int64))
    owner, item, size = (np.concatenate(part) for part in (owners, items, weights))
    sets = Sets.of(owner, item, size, len(row), 4 * width)
    return row, lower_end, need, sets
