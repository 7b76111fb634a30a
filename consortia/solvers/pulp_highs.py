"""HiGHS in this process, through a subclass of PuLP's own solver class."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from math import isfinite
from typing import Any

import highspy
import numpy as np
import pulp

from consortia.solvers import pulp_versions
from consortia.solvers.contract import Abilities, Request
from consortia.solvers.floating import Ending, Found, Question
from consortia.solvers.silent_highs import SilentHighs, pass_program

_STATUS = highspy.HighsModelStatus
_ENDINGS: dict[Any, Ending] = {
    _STATUS.kOptimal: "optimal",
    _STATUS.kInfeasible: "infeasible",
    _STATUS.kUnboundedOrInfeasible: "infeasible",  # every column has finite bounds
    _STATUS.kTimeLimit: "time",
    _STATUS.kSolutionLimit: "effort",
    _STATUS.kInterrupt: "interrupted",
}
_EVENTS = (
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution,
)
_FEASIBLE = 2  # of the solution status in HighsInfo


class ArraySolver(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, configured, filled, watched and read back in full.

    PuLP's own class drops hints and bounds and mistakes some endings; the program goes over as arrays.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.found = Found("unclear")
        self.failure: BaseException | None = None
        program, request = question.compiled, question.request
        # the gap is one of the whole cost; without a gap the constant would only cost digits
        self.offset = program.constant / program.divisor if request.gap else 0.0
        # the completion of a partial hint is a search of its own, whose bounds are not those of the question
        self.trusts_events = request.hint is None or len(request.hint) == len(program.lower)
        super().__init__(msg=False)

    def createAndConfigureSolver(self, lp: Any) -> None:  # noqa: N802
        lp.solverModel = SilentHighs()
        for name, value in _options(self.question.request, self.question.seconds).items():
            if lp.solverModel.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise ValueError(f"HiGHS does not take {value!r} for {name}")
        lp.solverModel.setCallback(self._watch, None)
        for event in _EVENTS:
            lp.solverModel.startCallback(event)

    def buildSolverModel(self, lp: Any) -> None:  # noqa: N802
        pass_program(lp.solverModel, self.question.compiled, self.offset)
        hint = self.question.request.hint
        if hint:
            places = np.array(list(hint), dtype=np.int32)
            lp.solverModel.setSolution(len(places), places, np.array(list(hint.values()), dtype=np.float64))

    def callSolver(self, lp: Any) -> None:  # noqa: N802
        # HiGHS keeps its pool of threads for each thread that calls it and refuses another size later on
        with ThreadPoolExecutor(1, thread_name_prefix="highs") as fresh:
            fresh.submit(lp.solverModel.run).result()
        if self.failure is not None:
            raise self.failure

    def findSolutionValues(self, lp: Any) -> tuple[Any, Any]:  # noqa: N802
        solver = lp.solverModel
        ending = _ENDINGS.get(solver.getModelStatus(), "unclear")
        info = solver.getInfo()
        values = bound = None
        if ending != "unclear" and info.primal_solution_status == _FEASIBLE:
            values = np.array(solver.getSolution().col_value, dtype=np.float64)
        # after an error the bound reads 0
        if ending != "unclear" and isfinite(info.mip_dual_bound):
            bound = info.mip_dual_bound - self.offset
        self.found = Found(ending, values, bound)
        solver.setCallback(None, None)
        return pulp_versions.nothing_claimed()

    def _watch(self, event: Any, message: str, seen: Any, answer: Any, data: Any) -> None:
        try:
            best = seen.mip_primal_bound - self.offset
            bound = seen.mip_dual_bound - self.offset
            if event == _EVENTS[0]:
                answer.user_interrupt = self.failure is not None or self.question.request.stop.is_set()
            self.question.report(
                best if isfinite(best) else None,
                bound if self.trusts_events and isfinite(bound) else None,
            )
        except BaseException as failure:  # it must not travel through C++
            self.failure = self.failure or failure


def _options(request: Request, seconds: float | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        "random_seed": request.seed % 2**31,
        "mip_rel_gap": float(request.gap),
        # costs are whole units: half a unit apart is no gap
        "mip_abs_gap": 0.5,
    }
    if seconds is not None:
        options["time_limit"] = seconds
    if request.effort_limit is not None:
        options["mip_max_nodes"] = int(request.effort_limit)
    if "threads" in request.options:
        options["threads"] = int(request.options["threads"])
    return options


class Highs:
    """HiGHS: bound, hints, progress, interruption; its unit of effort is a node of the search tree."""

    abilities = Abilities(
        proof="tolerance",
        bound=True,
        hint=True,
        cutoff=True,
        gap=True,
        time_limit=True,
        effort_limit=True,
        progress=True,
        interruption=True,
        options=("threads",),
    )
    greatest_column = 2**53

    def versions(self) -> dict[str, str]:
        """Versions of PuLP and highspy."""
        return {"pulp": pulp.__version__, "highspy": version("highspy")}

    def run(self, question: Question) -> Found:
        """Solve once."""
        solver = ArraySolver(question)
        pulp_versions.solve(pulp.LpProblem("consortium"), solver)
        return solver.found
