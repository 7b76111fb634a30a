"""Plunges: along the linear relaxation, from a node of the tree straight down to settled members."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from consortia.solvers.choosing import fraction
from consortia.solvers.lagrangian import Box, Floats
from consortia.solvers.linear_program import Basis, LinearProgram

_DEPTH, _ROUNDS = 80, 3  # steps of a plunge, and rounds of links at each
_INTEGRAL = 1e-6


def plunge(
    program: LinearProgram,
    box: Box,
    basis: Basis | None,
    first: npt.NDArray[np.bool_],
    over: Callable[[], bool],
) -> Floats | None:
    """Settle the first columns one by one, each time the largest that the linear relaxation takes in part.

    Parameters
    ----------
    program : LinearProgram
    box : pair of arrays
        Where to begin.
    basis : Basis or None
        Of the linear relaxation there.
    first : array of bool, one a column
        What is settled.
    over : callable
        Asked before each step; True ends it.

    Returns
    -------
    array or None
        What the last linear relaxation takes of each column; None if there is none.
    """
    lower, upper = box[0].copy(), box[1].copy()
    solved = program.solve(lower, upper, basis, rounds=_ROUNDS)
    for _ in range(_DEPTH):
        if solved.ending != "optimal" or over():
            break
        loose = np.flatnonzero(first & (lower < upper) & (fraction(solved.values) > _INTEGRAL))
        if not len(loose):
            break
        settled = first & (solved.values > upper - _INTEGRAL)
        lower[settled] = upper[settled]
        column = int(loose[np.argmax(solved.values[loose] - lower[loose])])
        floor = int(np.floor(solved.values[column]))
        before, lower[column] = int(lower[column]), floor + 1
        trial = program.solve(lower, upper, solved.basis, rounds=_ROUNDS)
        if trial.ending == "infeasible":
            lower[column], upper[column] = before, floor
            trial = program.solve(lower, upper, solved.basis, rounds=_ROUNDS)
        solved = trial
    return solved.values if solved.ending == "optimal" else None
