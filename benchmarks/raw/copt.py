"""COPT by itself; without a licence of its own it takes small programs only."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import coptpy
import numpy as np
from coptpy import COPT

from consortia.compiled import Compiled
from consortia.errors import SolverRefused
from raw.contestant import Reply, Tell, doubles, matrix


def versions() -> dict[str, str]:
    """Return the version of COPT."""
    return {"coptpy": version("coptpy")}


class _Watch(coptpy.CallbackBase):  # type: ignore[misc]
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.tell = tell

    def callback(self) -> None:
        known = self.getInfo(COPT.CbInfo.BestObj), self.getInfo(COPT.CbInfo.BestBnd)
        self.tell(*(None if abs(value) >= COPT.INFINITY else value for value in known))


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell, threads: int = 2) -> Reply:
    """Hand over the rows as a sparse matrix and solve them."""
    plain, low, high = doubles(compiled, COPT.INFINITY)
    try:
        environment = coptpy.Envr()
        model = environment.createModel("program")
        model.setParam(COPT.Param.Logging, 0)
        columns = model.addMVar(
            len(plain.lower),
            lb=plain.lower.astype(float),
            ub=plain.upper.astype(float),
            obj=plain.objective.astype(float),
            vtype=COPT.INTEGER,
        )
        rows = matrix(plain)
        for chosen, sense, side in (
            (np.flatnonzero(low == high), "E", low),
            (np.flatnonzero((low > -COPT.INFINITY) & (low != high)), "G", low),
            (np.flatnonzero((high < COPT.INFINITY) & (low != high)), "L", high),
        ):
            if len(chosen):
                model.addMConstr(rows[chosen], columns, sense, side[chosen])
        model.setParam(COPT.Param.TimeLimit, seconds)
        model.setParam(COPT.Param.Threads, threads)
        model.setParam(COPT.Param.RelGap, 0.0)
        model.setParam(COPT.Param.AbsGap, 0.5)  # costs are whole numbers: half a unit apart is no gap
        watch = _Watch(tell)
        model.setCallback(watch, COPT.CBCONTEXT_INCUMBENT | COPT.CBCONTEXT_MIPRELAX)
        model.solve()
    except coptpy.CoptError as error:
        raise SolverRefused(f"licence: {error}") from error
    if model.status == COPT.INFEASIBLE:
        return Reply(infeasible=True)
    values: Any = np.array(model.getValues()) if model.hasmipsol else None
    return Reply(values, model.bestbnd if abs(model.bestbnd) < COPT.INFINITY else None)
