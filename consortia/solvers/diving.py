"""Dive: follow the linear relaxation of a kernel down to values that break few rows, or none.

Columns of the first rank that are whole in the linear relaxation are settled, then those nearest to the next whole
number, a tenth of them at a time, with a linear program after each step. Demands may be broken at a price, so a step
that asks too much costs something and is no dead end. Once the first columns are settled, the others fall apart into
many small questions, which HiGHS answers as one.

What comes out is nothing proven, and may break rows: see :mod:`consortia.solvers.windows` for what mends it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.families import Families
from consortia.solvers.integer_highs import find
from consortia.solvers.lagrangian import Floats
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.sifting import Kernel

_WHOLE = 1e-6
_SHARE = 0.1  # of the fractional columns that a step settles
_STEPS = 400
_GAP = 0.005  # at which HiGHS may stop
_NODES = 100


def dive(
    compiled: Compiled,
    ranks: Integers,
    families: Families,
    charges: Floats,
    price: int,
    stop: Event,
    deadline: float | None,
) -> Integers | None:
    """Return values near the linear relaxation; None where nothing came out in time.

    Parameters
    ----------
    compiled : Compiled
        Without literals.
    ranks : array, one a column
    families : Families
    charges : array, one a column
        Reduced costs, zero where a column has a part in the solution of the relaxation: those families are looked at.
    price : int
        Of a broken row.
    stop : Event
    deadline : float or None
        On the clock of `time.monotonic`.
    """
    kernel = Kernel.of(compiled, families, (families.level == 1) & (charges <= 0), price)
    program, width = kernel.elastic.compiled, len(kernel.columns)
    first = np.zeros(len(program.lower), dtype=bool)
    first[:width] = ranks[kernel.columns] == ranks.max(initial=0)
    settled = _settled(LinearProgram(program, stop, deadline, lazy=False), first)
    if settled is None:
        return None
    bounds, relaxed = settled
    found = _finished(replace(program, lower=bounds[0], upper=bounds[1]), stop, deadline)
    if found is None:
        found = np.clip(np.rint(relaxed), *bounds).astype(np.int64)
    values = compiled.lower.copy()
    values[kernel.columns] = found[:width]
    return values


def _settled(linear: LinearProgram, first: npt.NDArray[np.bool_]) -> tuple[tuple[Integers, Integers], Floats] | None:
    """Return column bounds at which all of the `first` columns are settled, and the values there."""
    lower, upper = linear.compiled.lower.copy(), linear.compiled.upper.copy()
    solved = linear.solve(lower, upper)
    for _ in range(_STEPS):
        if solved.ending != "optimal":
            return None
        values = solved.values
        floor = np.floor(values + _WHOLE)
        part = np.where(first & (lower < upper), values - floor, 0)
        loose = np.flatnonzero(part > _WHOLE)
        if not len(loose):
            whole = np.clip(np.rint(values), lower, upper).astype(np.int64)
            return (np.where(first, whole, lower), np.where(first, whole, upper)), values
        reached = first & (values > upper - _WHOLE)
        lower[reached] = upper[reached]
        chosen = loose[np.argsort(-part[loose], kind="stable")[: max(1, round(_SHARE * len(loose)))]]
        solved = _step(linear, lower, upper, chosen, floor[chosen].astype(np.int64))
    return None


def _step(linear: LinearProgram, lower: Integers, upper: Integers, chosen: Integers, floor: Integers) -> Any:
    """Raise the `chosen` columns, or fewer of them where that contradicts; change the bounds in place."""
    while True:
        before = lower[chosen].copy()
        lower[chosen] = floor + 1
        solved = linear.solve(lower, upper)
        if solved.ending != "infeasible":
            return solved
        lower[chosen] = before
        if len(chosen) == 1:
            upper[chosen] = floor
            return linear.solve(lower, upper)
        keep = max(1, len(chosen) // 4)
        chosen, floor = chosen[:keep], floor[:keep]


def _finished(program: Compiled, stop: Event, deadline: float | None) -> Integers | None:
    """Let HiGHS settle what is open."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    return find(program, None, _NODES, 0, stop.is_set, gap=_GAP, left=left)[0]
