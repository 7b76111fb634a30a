"""A linear relaxation made tighter by rounded rows, before a tree begins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from consortia.solvers.lagrangian import Box
from consortia.solvers.linear_program import LinearProgram, Solved
from consortia.solvers.rounding import Rounded, Rounding, Rows
from consortia.solvers.surrogates import surrogate

_ROUNDS = 15
_MANY = 200  # rows that join in a round
_WORTHWHILE = 0.02  # share of what rounds have raised that the next one has to add
_HOLDS = 1e-7  # what a row's multiplier has to be for the row to stay


def strengthened(
    program: LinearProgram, box: Box, over: Callable[[], bool], patterned: bool
) -> tuple[LinearProgram, Solved]:
    """Solve a linear program, and again with rows that whole numbers obey as long as they raise it.

    Parameters
    ----------
    program : LinearProgram
    box : pair of arrays
        Column bounds within which it is solved.
    over : callable
        Asked before each round; True ends them.
    patterned : bool
        Patterns will know all that follows from the room of one column; only that of all together is of use then.

    Returns
    -------
    (LinearProgram, Solved)
        The program with the rows that hold it up at the end.
    """
    solved, compiled = program.solve(*box), program.compiled
    if solved.ending != "optimal":
        return program, solved
    added = surrogate(compiled)
    if added is None and (patterned or np.abs(compiled.data).max(initial=0) <= 1):
        return program, solved
    rows = Rows.of(compiled, np.arange(0 if patterned else len(compiled.row_lower)))
    rows = rows if added is None else rows.joined(*added)
    rounding, joined = Rounding(compiled), list[Rounded]()
    first, tighter, best = solved.objective, program, solved
    for _ in range(_ROUNDS):
        found = [] if over() else rounding.of(rows.tight(best.values), best.values)[:_MANY]
        if not found:
            break
        joined += found
        tighter = tighter.joined([one.row for one in found], [one.least for one in found])
        again = tighter.solve(*box, best.basis)
        if again.ending != "optimal":
            break
        raised, best = again.objective - best.objective, again
        if raised <= _WORTHWHILE * (best.objective - first):
            break
    holding = np.flatnonzero(np.abs(best.prices[len(compiled.row_lower) :]) > _HOLDS).tolist()
    if not holding:
        return program, solved
    thin = program.joined([joined[at].row for at in holding], [joined[at].least for at in holding])
    again = thin.solve(*box)
    return (thin, again) if again.ending == "optimal" else (program, solved)
