"""Column bounds that follow from rows, all rows at once; every solution stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers

Mask = npt.NDArray[np.bool_]
_ROUNDS = 30  # bounds that creep towards each other by ones are left at that; it stays sound


def propagate(compiled: Compiled, limit: int | None = None) -> tuple[Compiled, Integers] | None:
    """Tighten the column bounds until no row says more.

    Parameters
    ----------
    compiled : Compiled
    limit : int, optional
        The most that ``objective @ x`` may be.

    Returns
    -------
    compiled : Compiled
        The same program with tighter bounds.
    dear : array
        The columns that `limit` itself, rather than a row, tightened last.
    None
        If there is no solution (within the limit).
    """
    table = compiled if limit is None else _with_limit(compiled, limit)
    height = len(compiled.row_lower)
    lower, upper = table.lower.copy(), table.upper.copy()
    dear = np.zeros(len(lower), dtype=bool)
    row_of_entry, owner = table.row_of_entry, np.repeat(np.arange(len(table.row_lower)), np.diff(table.literal_indptr))
    size = np.abs(table.data)
    for _ in range(_ROUNDS):
        if np.any(lower > upper):
            return None
        least, most = replace(table, lower=lower, upper=upper).activities()
        above, below = np.minimum(table.row_upper - least, INFINITE), np.minimum(most - table.row_lower, INFINITE)
        broken = (above < 0) | (below < 0)
        void, unsettled = _literals(table, owner, lower, upper)
        firm = ~void & (unsettled == 0)
        if np.any(broken & firm):
            return None
        before = lower.copy(), upper.copy()
        _deny_last_literal(table, owner, broken & ~void & (unsettled == 1), lower, upper)

        slack = np.where(firm, np.minimum(above, below), INFINITE)
        # a column can only be limited by a row whose slack is less than the column's own part
        entries = np.flatnonzero(size * (upper - lower)[table.indices] > slack[row_of_entry])
        rows, columns, positive = row_of_entry[entries], table.indices[entries], table.data[entries] > 0
        rise, fall = above[rows] // size[entries], below[rows] // size[entries]
        low, high = lower[columns], upper[columns]
        np.minimum.at(upper, columns, np.where(positive, low + rise, low + fall))
        np.maximum.at(lower, columns, np.where(positive, high - fall, high - rise))
        changed = (before[0] != lower) | (before[1] != upper)
        if not np.any(changed):
            break
        dear &= ~changed
        dear[columns[rows >= height]] |= changed[columns[rows >= height]]
    return replace(compiled, lower=lower, upper=upper), np.flatnonzero(dear)


def _with_limit(compiled: Compiled, limit: int) -> Compiled:
    """Return the program with ``objective @ x <= limit`` as its last row."""
    priced = np.flatnonzero(compiled.objective)
    return replace(
        compiled,
        indptr=np.append(compiled.indptr, compiled.indptr[-1] + len(priced)),
        indices=np.concatenate([compiled.indices, priced]),
        data=np.concatenate([compiled.data, compiled.objective[priced]]),
        row_lower=np.append(compiled.row_lower, -INFINITE),
        row_upper=np.append(compiled.row_upper, limit),
        literal_indptr=np.append(compiled.literal_indptr, compiled.literal_indptr[-1]),
    )


def _literals(table: Compiled, owner: Integers, lower: Integers, upper: Integers) -> tuple[Mask, Integers]:
    """For each row, whether one of its literals is false, and how many are not settled."""
    height = len(table.row_lower)
    if not len(owner):
        return np.zeros(height, dtype=bool), np.zeros(height, dtype=np.int64)
    plain = table.literals >= 0
    column = np.where(plain, table.literals, ~table.literals)
    settled = lower[column] == upper[column]
    false = settled & ((lower[column] == 1) != plain)
    unsettled = np.bincount(owner[~settled], minlength=height).astype(np.int64)
    return np.bincount(owner[false], minlength=height) > 0, unsettled


def _deny_last_literal(table: Compiled, owner: Integers, rows: Mask, lower: Integers, upper: Integers) -> None:
    """A row that cannot hold makes the only literal that is not settled false."""
    if not np.any(rows):
        return
    literals = table.literals[rows[owner]]
    column = np.where(literals >= 0, literals, ~literals)
    unsettled = lower[column] < upper[column]
    upper[column[unsettled & (literals >= 0)]] = 0
    lower[column[unsettled & (literals < 0)]] = 1
