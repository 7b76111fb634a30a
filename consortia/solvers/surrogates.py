"""What is asked for needs room: one row that follows from all that ask and all that have room.

The rows that ask for something, each weighed with the least room that it takes, and those of the rooms add up to one
row: the rooms of those that are open hold all of it. The linear relaxation obeys it; rounded
(:mod:`consortia.solvers.rounding`), it says how many there have to be, or which of them, and raises the bound where
rooms are tight.

Source: Aardal, Pochet, Wolsey 1995, "Capacitated facility location: valid inequalities and facets" (surrogate
knapsacks).
"""

from __future__ import annotations

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers, Linear
from consortia.solvers.lagrangian import Mask

_LARGEST = 2**28  # products of two rooms stay exact below it


def surrogate(compiled: Compiled) -> tuple[Linear, int] | None:
    """Add the rows of a program without literals up.

    Returns
    -------
    (Linear, int) or None
        The rooms of columns of 0 and 1, and what they have to hold; None where rows say nothing of that kind.

    Examples
    --------
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> opener, pairs = program.add_columns(Tag("member"), 2), program.add_columns(Tag("delivers"), 6)
    >>> for choice in range(3):
    ...     program.add_row(Tag("demand"), Linear(pairs[[choice, choice + 3]]), lower=1, upper=1)
    >>> for who in range(2):
    ...     inside = Linear(pairs[3 * who : 3 * who + 3], [3, 4, 5])
    ...     program.add_row(Tag("capacity"), inside - Linear(opener[[who]], 8), upper=0)
    >>> rooms, demand = surrogate(program.compile())
    >>> rooms.columns, rooms.coefficients, demand
    (array([0, 1]), array([8, 8]), 12)
    """
    rooms = _Rooms(compiled)
    if not rooms.weight.any():
        return None
    used, asked, others, amounts = _demands(compiled, rooms.weight)
    openers, room, free = rooms.of(used & (rooms.weight > 0))
    demand = asked - free
    if not 0 < demand < _LARGEST:
        return None
    columns, place = np.unique(np.concatenate([openers, others]), return_inverse=True)
    room = np.bincount(place, np.concatenate([room, amounts]), len(columns)).astype(np.int64)
    if np.any(compiled.lower[columns] < 0) or np.any(compiled.upper[columns] > 1):
        return None
    return Linear(columns, np.minimum(room, demand)), demand


class _Rooms:
    """Rows ``sum of weight x column <= room x opener``, then ``<= room``, the widest first; they share no column."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.weight = np.zeros(len(compiled.lower), dtype=np.int64)
        self.row = np.full(len(compiled.lower), -1, dtype=np.int64)
        """What each column takes of a room, and in which row."""
        lengths, owner = np.diff(compiled.indptr), compiled.row_of_entry
        negative = compiled.data < 0
        openers = np.bincount(owner[negative], minlength=len(lengths))
        fit = (compiled.row_lower == -INFINITE) & (compiled.row_upper < INFINITE) & (lengths - openers >= 2)
        fit &= ((openers == 0) & (compiled.row_upper > 0)) | ((openers == 1) & (compiled.row_upper == 0))
        fit[owner[compiled.lower[compiled.indices] < 0]] = False
        self.opener, self.room = np.full(len(lengths), -1, dtype=np.int64), compiled.row_upper.copy()
        """What opens the room of each row, -1 where it is open anyway, and how much it is."""
        opens = negative & fit[owner]
        self.opener[owner[opens]], self.room[owner[opens]] = compiled.indices[opens], -compiled.data[opens]
        is_opener = np.zeros(len(compiled.lower), dtype=bool)
        is_opener[compiled.indices[opens]] = True
        rows = np.flatnonzero(fit)
        for row in rows[np.lexsort((rows, -lengths[rows], -openers[rows]))].tolist():
            entries = slice(compiled.indptr[row], compiled.indptr[row + 1])
            items, data = compiled.indices[entries], compiled.data[entries]
            items, data = items[data > 0], data[data > 0]
            if np.all(self.row[items] < 0) and not is_opener[items].any():
                self.row[items], self.weight[items] = row, data

    def of(self, used: Mask) -> tuple[Integers, Integers, int]:
        """Return the openers of the columns that are used, their rooms, and the room that is open anyway."""
        rows, place = np.unique(self.row[used], return_inverse=True)
        most = np.bincount(place, self.weight[used] * self.compiled.upper[used].astype(float), len(rows))
        most = np.minimum(most, float(INFINITE)).astype(np.int64)
        opener, room = (
            self.opener[rows],
            np.minimum(self.room[rows], most),
        )
        has = opener >= 0
        return opener[has], room[has], int(room[~has].sum())


def _demands(compiled: Compiled, weight: Integers) -> tuple[Mask, int, Integers, Integers]:
    """Add up what is asked for, in room that it takes at least.

    Rows ``sum of columns >= some`` share no column; the least room that one of their columns takes counts.

    Returns
    -------
    array of bool, one a column
        Whether it is in such a row.
    int
        How much room all takes.
    array, array
        Columns that take no room, and how much of it each spares.
    """
    owner = compiled.row_of_entry
    fit = (compiled.row_lower > 0) & (np.diff(compiled.indptr) > 0)
    fit[owner[(compiled.data != 1) | (compiled.lower[compiled.indices] < 0)]] = False
    used = np.zeros(len(weight), dtype=bool)
    asked, others, amounts = 0, [], []
    for row in np.flatnonzero(fit).tolist():
        columns = compiled.indices[compiled.indptr[row] : compiled.indptr[row + 1]]
        inside = columns[weight[columns] > 0]
        if not len(inside) or used[columns].any():
            continue
        used[columns] = True
        least = int(weight[inside].min())
        asked += least * int(compiled.row_lower[row])
        others.append(columns[weight[columns] == 0])
        amounts.append(np.full(len(columns) - len(inside), least))
    none = np.zeros(0, dtype=np.int64)
    return used, asked, np.concatenate([none, *others]), np.concatenate([none, *amounts])
