"""CP-SAT by itself; with ``subsolvers``, two chosen ones that prove and its usual helpers beside them."""

from __future__ import annotations

from typing import Any

import ortools
from ortools.sat.python import cp_model_helper as cp

from consortia.compiled import Compiled
from consortia.solvers.contract import Request
from consortia.solvers.cpsat import translate
from raw.contestant import Reply, Tell


def versions() -> dict[str, str]:
    """Return the version of OR-Tools."""
    return {"ortools": ortools.__version__}


class _Watch(cp.SolutionCallback):
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.tell = tell

    def OnSolutionCallback(self) -> None:  # noqa: N802 - CP-SAT's name
        self.tell(self.Response().objective_value, None)


def solve(
    compiled: Compiled, seconds: float, seed: int, tell: Tell, workers: int, subsolvers: tuple[str, ...] = ()
) -> Reply:
    """Hand over the rows as CP-SAT's own messages and solve them."""
    model = translate(compiled, Request())
    # the objective as it is, so that what callbacks tell is in its units
    model.objective.scaling_factor, model.objective.offset = 1.0, 0.0
    parameters = cp.SatParameters()
    parameters.catch_sigint_signal = False  # after a solve Python's own handler would be gone
    parameters.num_workers = workers
    parameters.subsolvers.extend(subsolvers)
    parameters.random_seed = seed
    parameters.max_time_in_seconds = seconds
    parameters.relative_gap_limit = 0.0
    parameters.absolute_gap_limit = 0.0
    wrapper = cp.SolveWrapper()
    wrapper.set_parameters(parameters)
    watch = _Watch(tell)
    wrapper.add_solution_callback(watch)
    wrapper.add_best_bound_callback(lambda bound: tell(None, bound))
    response = wrapper.solve(model)
    wrapper.clear_solution_callback(watch)
    if response.status == cp.INFEASIBLE:
        return Reply(infeasible=True, exact=True)
    solved = response.status in (cp.OPTIMAL, cp.FEASIBLE)
    bound: Any = int(response.inner_objective_lower_bound)
    return Reply(list(response.solution) if solved else None, bound, exact=True)
