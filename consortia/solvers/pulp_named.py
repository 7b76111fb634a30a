"""Any other solver that PuLP reaches, as PuLP reaches it: no hint, no progress, no bound before the end."""

from __future__ import annotations

import inspect
import time
from typing import Any

import pulp

from consortia.errors import SolverUnavailable
from consortia.sentence import Sentence, say
from consortia.solvers import pulp_versions
from consortia.solvers.contract import Abilities
from consortia.solvers.floating import Found, Question

_HINTS = {"scip": say("pip install pyscipopt"), "gurobi": say("pip install gurobipy, and a licence")}


def class_name(name: str) -> str:
    """The class of PuLP that `name` means, in upper or lower case, with or without its ending.

    Of several classes for one solver (``SCIP_CMD``, ``SCIP_PY``) it is the first that can run here.

    Raises
    ------
    SolverUnavailable
        If PuLP knows no such solver, or it is not installed.
    """
    known = pulp_versions.known()
    meant = [each for each in known if _means(name, each)]
    if not meant:
        raise SolverUnavailable(
            say(
                "PuLP knows no solver called {name}; known are highs, cbc, {known}",
                name=repr(name),
                known=", ".join(sorted(known)),
            )
        )
    here = next((each for each in meant if pulp_versions.available(each)), None)
    if here is None:
        remedy = _HINTS.get(name.lower().partition("_")[0]) or say(
            "install {name}, and see that PuLP finds it", name=name
        )
        text = "the solver milp:{name} is not installed here: {remedy}"
        raise SolverUnavailable(Sentence(text, {"name": name, "remedy": remedy}))
    return here


def _means(name: str, known: str) -> bool:
    return name.lower() in (known.lower(), known.lower().partition("_")[0])


class Named:
    """One solver class of PuLP.

    Parameters
    ----------
    solver : str
        The name of the class, as `pulp.listSolvers` gives it.
    """

    greatest_column = 10**8  # those that go through text files write few digits

    def __init__(self, solver: str) -> None:
        self.solver = solver
        self._takes = inspect.signature(type(pulp.getSolver(solver, msg=False))).parameters
        self.abilities = Abilities(proof="tolerance", cutoff=True, time_limit="timeLimit" in self._takes)

    def versions(self) -> dict[str, str]:
        """Version of PuLP; it does not tell that of the solver."""
        return {"pulp": pulp.__version__}

    def run(self, question: Question) -> Found:
        """Solve once."""
        seconds = question.seconds
        settings: dict[str, Any] = {} if seconds is None else {"timeLimit": max(1, seconds)}
        if "gapRel" in self._takes:
            settings["gapRel"] = 0.0
        problem, variables = pulp_versions.problem_from(question.compiled)
        start = time.monotonic()
        claim = pulp_versions.solve(problem, pulp.getSolver(self.solver, msg=False, **settings))
        # several classes call "infeasible" or "optimal" what a time limit left
        in_time = seconds is None or time.monotonic() - start < 0.9 * seconds
        if claim.infeasible:
            return Found("infeasible" if in_time else "time")
        values = pulp_versions.values_of(variables) if claim.has_solution else None
        if values is None:
            return Found("unclear" if in_time else "time")
        if claim.optimal and in_time:
            return Found("optimal", values, float(values @ question.compiled.objective))
        return Found("unclear" if in_time else "time", values)
