"""Gurobi by itself; without a licence of its own it takes 2,000 columns and 2,000 rows."""

from __future__ import annotations

from typing import Any

import gurobipy
import numpy as np
from gurobipy import GRB

from consortia.compiled import Compiled
from consortia.errors import SolverRefused
from raw.contestant import Reply, Tell, doubles, matrix


def versions() -> dict[str, str]:
    """Return the version of Gurobi."""
    return {"gurobi": ".".join(map(str, gurobipy.gurobi.version()))}


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell, threads: int = 2) -> Reply:
    """Hand over the rows as a sparse matrix and solve them."""
    plain, low, high = doubles(compiled, np.inf)
    rows = matrix(plain)
    with gurobipy.Env(empty=True) as environment:
        environment.setParam("OutputFlag", 0)
        environment.start()
        model = gurobipy.Model(env=environment)
        columns = model.addMVar(
            len(plain.lower),
            lb=plain.lower.astype(float),
            ub=plain.upper.astype(float),
            obj=plain.objective.astype(float),
        )
        columns.VType = GRB.INTEGER
        equal = np.flatnonzero(low == high)
        least = np.flatnonzero((low > -np.inf) & (low != high))
        most = np.flatnonzero((high < np.inf) & (low != high))
        for chosen, sense, side in ((equal, "=", low), (least, ">", low), (most, "<", high)):
            if len(chosen):
                model.addMConstr(rows[chosen], columns, sense, side[chosen])
        model.Params.TimeLimit, model.Params.Threads, model.Params.Seed = seconds, threads, seed
        model.Params.MIPGap, model.Params.MIPGapAbs = 0.0, 0.5  # costs are whole numbers

        def watch(model: Any, where: int) -> None:
            if where == GRB.Callback.MIP:
                known = model.cbGet(GRB.Callback.MIP_OBJBST), model.cbGet(GRB.Callback.MIP_OBJBND)
                tell(*(None if abs(value) >= GRB.INFINITY else value for value in known))

        try:
            model.optimize(watch)
        except gurobipy.GurobiError as error:
            raise SolverRefused(f"licence: {error}") from error
        if model.Status in (GRB.INFEASIBLE, GRB.INF_OR_UNBD):
            return Reply(infeasible=True)
        bound = model.ObjBound
        return Reply(columns.X if model.SolCount else None, None if abs(bound) >= GRB.INFINITY else bound)
