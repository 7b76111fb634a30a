"""Kernels: the columns that are cheap at the linear relaxation's prices, and those that the best solution uses.

Source: Angelelli, Mansini, Speranza 2010, "Kernel search".
"""

from __future__ import annotations

import numpy as np

from consortia.linear import Integers
from consortia.solvers.record import Record

_SPARE_MEMBERS, _SPARE_OTHERS = 1.3, 3.0  # columns of the first kernel, for each that the linear relaxation uses
_GROWTH = 1.5


def kernel(record: Record, ranks: Integers, size: int) -> Integers:
    """Return upper bounds that close what is dear.

    Parameters
    ----------
    record : Record
        Knows reduced costs.
    ranks : array, one a column
        Those of the highest rank, other decisions and quantities have kernels of their own.
    size : int
        A kernel is half as large again as the one before.
    """
    lower, upper = record.box
    charges, closed, first, wide = record.charges, upper.copy(), ranks == ranks.max(), upper > 1
    assert charges is not None, "there is a linear relaxation"
    for spare, some in ((_SPARE_MEMBERS, first), (_SPARE_OTHERS, ~first & ~wide), (_SPARE_OTHERS, ~first & wide)):
        columns = np.flatnonzero(some & (lower == 0) & (lower < upper))
        used = int(np.count_nonzero(charges[columns] <= 0))
        order = np.argsort(charges[columns], kind="stable")
        closed[columns[order[int(spare * used * _GROWTH**size) :]]] = 0
    return closed if record.values is None else np.maximum(closed, np.minimum(record.values, upper))
