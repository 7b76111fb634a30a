"""SCIP by itself, through PySCIPOpt; it reads the rows from an MPS file faster than Python can add them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyscipopt

from consortia.compiled import Compiled
from raw.contestant import Reply, Tell
from raw.files import column, mps

_SEEN = pyscipopt.SCIP_EVENTTYPE.BESTSOLFOUND | pyscipopt.SCIP_EVENTTYPE.NODESOLVED


def versions() -> dict[str, str]:
    """Return the versions of SCIP and its Python interface."""
    return {"pyscipopt": pyscipopt.__version__, "scip": str(pyscipopt.Model().version())}


class _Watch(pyscipopt.Eventhdlr):  # type: ignore[misc]
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.tell = tell

    def eventinit(self) -> None:
        self.model.catchEvent(_SEEN, self)

    def eventexit(self) -> None:
        self.model.dropEvent(_SEEN, self)

    def eventexec(self, event: Any) -> dict[str, Any]:
        infinity = self.model.infinity()
        known = [self.model.getPrimalbound(), self.model.getDualbound()]
        self.tell(*(None if abs(value) >= infinity else value for value in known))
        return {}


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell) -> Reply:
    """Read the rows and solve them."""
    began = time.perf_counter()
    model = pyscipopt.Model()
    model.hideOutput()
    with mps(compiled) as path:
        model.readProblem(str(path))
    model.setParam("randomization/randomseedshift", seed)
    model.setParam("limits/absgap", 0.5)  # costs are whole numbers: half a unit apart is no gap
    model.includeEventhdlr(_Watch(tell), "watch", "tells progress")
    model.setParam("limits/time", max(0.1, seconds - (time.perf_counter() - began)))
    model.optimize()
    if model.getStatus() == "infeasible":
        return Reply(infeasible=True)
    bound = model.getDualbound()
    values = None
    if model.getNSols():
        best = model.getBestSol()
        values = np.array(compiled.lower, dtype=float)
        for variable in model.getVars():
            values[column(variable.name)] = model.getSolVal(best, variable)
    return Reply(values, None if abs(bound) >= model.infinity() else bound)
