"""Everything that differs between PuLP 3.3 and PuLP 4, and the building of its problems."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pulp

from consortia.program import INFINITE, Compiled
from consortia.solvers.floating import Doubles

IS_4 = int(pulp.__version__.split(".")[0]) >= 4

# the class of the same name solves with CP-SAT, reports "feasible" as optimal and loses the bound
_MISLEADING = {"CPSAT": "cpsat"}


@dataclass(frozen=True)
class Claim:
    """What PuLP says after a solve.

    Attributes
    ----------
    optimal, infeasible, has_solution : bool
        None of them is true where it is not clear.
    """

    optimal: bool
    infeasible: bool
    has_solution: bool


def problem_from(compiled: Compiled) -> tuple[Any, list[Any]]:
    """Return the PuLP problem of a program without literals, and its variables in the order of columns."""
    problem = pulp.LpProblem("consortium", pulp.LpMinimize)
    variables = [
        problem.add_variable(f"x{column}", low, high, cat=pulp.LpInteger)
        for column, (low, high) in enumerate(zip(compiled.lower.tolist(), compiled.upper.tolist(), strict=True))
    ]
    used = np.flatnonzero(compiled.objective)
    terms = zip(used.tolist(), compiled.objective[used].tolist(), strict=True)
    problem.setObjective(_expression([(variables[column], factor) for column, factor in terms]))
    columns, factors = compiled.indices.tolist(), compiled.data.tolist()
    sides = zip(compiled.row_lower.tolist(), compiled.row_upper.tolist(), strict=True)
    for (start, stop), (low, high) in zip(pairwise(compiled.indptr.tolist()), sides, strict=True):
        if start == stop:
            continue  # a row without entries says nothing here: whoever asks has found it true
        row = [(variables[columns[entry]], factors[entry]) for entry in range(start, stop)]
        if low == high:
            problem.addConstraint(_expression(row) == low)
            continue
        if low != -INFINITE:
            problem.addConstraint(_expression(row) >= low)
        if high != INFINITE:
            problem.addConstraint(_expression(row) <= high)
    return problem, variables


def _expression(terms: list[tuple[Any, int]]) -> Any:
    return pulp.LpAffineExpression.from_list(terms) if IS_4 else pulp.LpAffineExpression(terms)


def solve(problem: Any, solver: Any) -> Claim:
    """Let `solver` solve `problem`."""
    outcome = problem.solve(solver)
    if IS_4:
        status = pulp.constants.LpSolveStatus
        return Claim(outcome.status == status.Optimal, outcome.status == status.Infeasible, bool(outcome.has_solution))
    # the status is "Optimal" also for what a time limit left; only the second one tells
    return Claim(
        optimal=problem.sol_status == pulp.LpSolutionOptimal,
        infeasible=problem.sol_status == pulp.LpSolutionInfeasible,
        has_solution=problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible),
    )


def nothing_claimed() -> tuple[Any, Any]:
    """The status that a solver class returns when its user reads the result elsewhere."""
    if IS_4:
        return pulp.constants.LpSolveStatus.NotSolved, False
    return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound


def values_of(variables: list[Any]) -> Doubles | None:
    """The values of `variables`, or None if none has one; PuLP 3 forgets those in no row, which then are 0."""
    values = [variable.varValue for variable in variables]
    if all(value is None for value in values):
        return None
    return np.array([value or 0.0 for value in values], dtype=np.float64)


def cbc_path() -> str | None:
    """Where CBC is: bundled with PuLP 3, in the package ``cbcbox`` with PuLP 4, or on the search path."""
    found = pulp.COIN_CMD(msg=False)
    if found.available():
        return str(found.path)
    bundled = None if IS_4 else pulp.PULP_CBC_CMD(msg=False, _skip_v4_deprecation=True)
    return str(bundled.path) if bundled is not None and bundled.available() else None


def known() -> list[str]:
    """Names of PuLP's solver classes, without those whose answers cannot be trusted."""
    return [str(name) for name in pulp.listSolvers() if name not in _MISLEADING]


def available(name: str) -> bool:
    """Whether the solver of PuLP called `name` can run here."""
    return bool(pulp.getSolver(name, msg=False).available())
