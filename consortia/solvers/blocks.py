"""What is left of a program when rows are priced, beside single columns: knapsacks that a column opens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.knapsacks import Knapsacks

_ROOM = 20_000  # capacities beyond it make tables too large


@dataclass(frozen=True)
class Blocks:
    """Columns that open a knapsack, one each.

    Attributes
    ----------
    opener : array (K,)
        The column that opens the knapsack, -1 where it is open anyway.
    row : array (K,)
        The row that says so.
    item : array (N,)
        The columns that share the room, in the order of `knapsacks`.
    knapsacks : Knapsacks
    """

    opener: Integers
    row: Integers
    item: Integers
    knapsacks: Knapsacks

    @staticmethod
    def of(compiled: Compiled) -> Blocks:
        """Find rows ``sum of weight x item <= capacity x opener`` that share no column, the widest first."""
        lengths = np.diff(compiled.indptr)
        owner = compiled.row_of_entry
        binary = (compiled.lower >= 0) & (compiled.upper == 1)
        free = binary & (compiled.lower == 0)
        negative = np.bincount(owner[compiled.data < 0], minlength=len(lengths))
        plain = np.ones(len(lengths), dtype=bool)
        unfit = np.where(compiled.data < 0, ~binary[compiled.indices], ~free[compiled.indices])
        plain[owner[unfit]] = False
        plain &= (compiled.row_lower == -INFINITE) & (negative <= 1) & (lengths - negative >= 2)
        plain &= compiled.row_upper == np.where(negative == 1, 0, compiled.row_upper)
        plain &= (negative == 1) | ((compiled.row_upper > 0) & (compiled.row_upper < INFINITE))
        return Blocks._chosen(compiled, np.flatnonzero(plain))

    @staticmethod
    def _chosen(compiled: Compiled, rows: Integers) -> Blocks:
        lengths = np.diff(compiled.indptr)
        used = np.zeros(len(compiled.lower), dtype=bool)
        openers, kept, items, weights, rooms = [], [], [], [], []
        for row in rows[np.lexsort((rows, -lengths[rows]))].tolist():
            entries = slice(compiled.indptr[row], compiled.indptr[row + 1])
            columns, data = compiled.indices[entries], compiled.data[entries]
            opens = data < 0
            room = int(-data[opens][0]) if opens.any() else int(compiled.row_upper[row])
            inside = ~opens & (data <= room)
            even = np.all(data[inside] == data[inside][:1])  # then nothing is gained over the linear relaxation
            if even or used[columns].any() or room > _ROOM or data[~opens].max() > room or data[inside].sum() <= room:
                continue
            used[columns] = True
            openers.append(int(columns[opens][0]) if opens.any() else -1)
            kept.append(row)
            items.append(columns[inside])
            weights.append(data[inside])
            rooms.append(room)
        none = np.zeros(0, dtype=np.int64)
        counts = [len(part) for part in items]
        return Blocks(
            np.array(openers, dtype=np.int64),
            np.array(kept, dtype=np.int64),
            np.concatenate([none, *items]),
            Knapsacks(
                np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
                np.concatenate([none, *weights]),
                np.array(rooms, dtype=np.int64),
            ),
        )
