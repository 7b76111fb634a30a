"""HiGHS on the integers of a narrow box: a quick way to something better, never a proof.

Where members are settled and deliveries may be split, what is left is nearly a flow problem: HiGHS ends it in a
fraction of a second, while CP-SAT is still 0.4 % away after half a minute (100 partners, 150 capabilities).
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.silent_highs import SilentHighs, let_interrupt, pass_program

_COMPLETE = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
_HALF = 0.5  # of a unit of the objective: nearer bounds are equal
_SEEDS = 2**31
_MANY = 0.4  # share of columns with more than two values from which they are quantities


def has_quantities(compiled: Compiled) -> bool:
    """Whether much more is to be decided than yes or no, without literals: then HiGHS is quicker than CP-SAT."""
    return not len(compiled.literals) and bool(np.mean(compiled.upper - compiled.lower > 1) >= _MANY)


def find(
    compiled: Compiled,
    most: int | None,
    nodes: int,
    seed: int,
    over: Callable[[], bool],
    start: Integers | None = None,
    gap: float = 0.0,
    left: float | None = None,
) -> tuple[Integers | None, bool]:
    """Look for values with an objective of at most `most`.

    Parameters
    ----------
    compiled : Compiled
        Nothing is found while literals of its rows are open.
    most : int or None
        Of ``compiled.objective @ values``.
    nodes : int
        Of HiGHS's tree, at most.
    seed : int
    over : callable
        Asked now and then; True ends the search.
    start : array, optional
        Values to begin with.
    gap : float
        Share of the objective at which the search may end.
    left : float, optional
        Seconds, for HiGHS looks at its clock more often than it asks.

    Returns
    -------
    values : array or None
        They break no row.
    complete : bool
        Whether the search came to its end: most likely there is nothing better.
    """
    free = np.flatnonzero(compiled.lower < compiled.upper)
    folded = compiled.folded()
    if len(folded.literals) or over():
        return None, False
    small = folded.restricted(np.arange(len(compiled.row_lower)), free)
    solver = SilentHighs()
    options = {"output_flag": False, "mip_max_nodes": nodes, "mip_abs_gap": _HALF, "mip_rel_gap": gap}
    options |= {"time_limit": np.inf if left is None else left, "random_seed": seed % _SEEDS}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    settled = int(np.where(compiled.lower < compiled.upper, 0, compiled.objective) @ compiled.lower)
    let_interrupt(solver, over, np.inf if most is None else most - settled + _HALF)
    pass_program(solver, small)
    if start is not None:
        solver.setSolution(len(free), np.arange(len(free), dtype=np.int32), start[free].astype(float))
    solver.run()
    found, complete = None, solver.getModelStatus() in _COMPLETE
    if solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible:
        values = compiled.lower.copy()
        whole = np.rint(solver.getSolution().col_value).astype(np.int64)
        values[free] = np.clip(whole, small.lower, small.upper)
        good = most is None or int(compiled.objective @ values) <= most
        found = values if good and not len(compiled.violated(values)) else None
    solver.setCallback(None, None)
    return found, complete
