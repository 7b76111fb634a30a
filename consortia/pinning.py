"""Auxiliary columns for what is not linear: thresholds, products, minima, pairs.

Each is pinned in both directions: once the decisions are fixed there is one value that it can take, so that neither a
cost nor a saving can be switched on at will.
"""

from __future__ import annotations

import numpy as np

from consortia.columns import Columns
from consortia.instance import Mask
from consortia.program import Linear, Tag


def reached(columns: Columns, tag: Tag, body: Linear, least: int) -> int:
    """Return a literal that holds exactly when ``body >= least``."""
    low, high = columns.program.ends(body)
    made = int(columns.program.add_columns(tag, 1, int(low >= least), int(high >= least))[0])
    if low < least <= high:
        columns.at_least(tag, body, least, (made,))
        columns.at_most(tag, body, least - 1, (~made,))
    return made


def product(columns: Columns, tag: Tag, body: Linear, literal: int) -> Linear:
    """Return what equals `body` where the literal holds, and nothing where it does not."""
    low, high = columns.program.ends(body)
    if low == high:
        return Linear([literal], [low])
    part = columns.program.add_columns(tag, 1, min(low, 0), max(high, 0))
    columns.program.add_row(tag, Linear(part) - body, 0, 0, (literal,))
    columns.program.add_row(tag, Linear(part), 0, 0, (~literal,))
    return Linear(part)


def capped(columns: Columns, tag: Tag, body: Linear, most: int) -> Linear:
    """Return the lesser of `body` and `most`."""
    low, high = columns.program.ends(body)
    if high <= most:
        return body
    if low >= most:
        return Linear(constant=most)
    over = reached(columns, tag, body, most)
    part = columns.program.add_columns(tag, 1, min(low, most), most)
    columns.at_least(tag, Linear(part), most, (over,))
    columns.program.add_row(tag, Linear(part) - body, 0, 0, (~over,))
    return Linear(part)


def pairs(columns: Columns, seats: Mask) -> Linear:
    """Return how many pairs there are among the members that take one of these `seats`.

    A ladder of columns says of each number up to the most whether so many are there; the m-th to come makes m - 1
    new pairs. So it costs a column a member, not a column a pair.
    """
    return columns.once(("pairs", np.packbits(seats).tobytes()), lambda: _pairs(columns, seats))


def _pairs(columns: Columns, seats: Mask) -> Linear:
    counted = columns.count(seats)
    most = len(np.unique(columns.instance.seat_partner[seats]))
    if most < 2:
        return Linear()
    tag = Tag("pairs")
    ladder = columns.program.add_columns(tag, most)
    columns.program.add_row(tag, Linear(ladder) - counted, 0, 0)
    steps = np.stack([ladder[:-1], ladder[1:]], axis=1).ravel()
    columns.program.add_rows(tag, np.full(most - 1, 2), steps, np.tile([1, -1], most - 1), lower=0)
    return Linear(ladder, np.arange(most))
