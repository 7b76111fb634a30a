"""HiGHS by itself, and after fixing columns by reduced costs of the LP with a greedy upper bound."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np

from consortia.compiled import Compiled
from consortia.solvers.contract import Request
from consortia.solvers.greedy import Greedy
from raw.contestant import Reply, Tell, doubles

_EVENTS = (highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution, highspy.cb.HighsCallbackType.kCallbackMipLogging)


def versions() -> dict[str, str]:
    """Return the version of HiGHS."""
    return {"highspy": version("highspy")}


def load(compiled: Compiled, integer: bool = True) -> Any:
    """Return HiGHS with the rows in it, and no output."""
    plain, low, high = doubles(compiled, highspy.kHighsInf)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    columns = len(plain.lower)
    solver.passModel(
        columns,
        len(low),
        len(plain.data),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        plain.objective.astype(np.float64),
        plain.lower.astype(np.float64),
        plain.upper.astype(np.float64),
        low,
        high,
        plain.indptr.astype(np.int32),
        plain.indices.astype(np.int32),
        plain.data.astype(np.float64),
        np.full(columns, int(integer), dtype=np.int32),
    )
    return solver


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell, threads: int = 2, fix: bool = False) -> Reply:
    """Hand over the rows as arrays and solve them."""
    if fix:
        return _fixed(compiled, seconds, seed, tell, threads)
    solver = load(compiled)
    for name, value in {
        "time_limit": seconds,
        "random_seed": seed,
        "threads": threads,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.5,  # costs are whole numbers: half a unit apart is no gap
    }.items():
        solver.setOptionValue(name, value)

    def watch(event: Any, message: str, seen: Any, answer: Any, data: Any) -> None:
        tell(seen.mip_primal_bound, seen.mip_dual_bound)

    solver.setCallback(watch, None)
    for event in _EVENTS:
        solver.startCallback(event)
    solver.run()
    solver.setCallback(None, None)
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Reply(infeasible=True)
    solved = info.primal_solution_status == 2
    values = np.array(solver.getSolution().col_value) if solved else None
    bound = info.mip_dual_bound
    if status == highspy.HighsModelStatus.kOptimal and not np.any(compiled.objective):
        bound = 0.0
    return Reply(values, bound)


def _fixed(compiled: Compiled, seconds: float, seed: int, tell: Tell, threads: int) -> Reply:
    """Solve the LP; fix what cannot be in a better solution than a greedy one; solve the rest."""
    began = time.perf_counter()
    incumbent = _greedy(compiled, seconds)
    best = None if incumbent is None else int(compiled.objective @ incumbent)
    tell(best, None)
    relaxed = load(compiled, integer=False)
    relaxed.setOptionValue("time_limit", max(0.1, seconds - (time.perf_counter() - began)))
    relaxed.run()
    status = relaxed.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Reply(infeasible=True)
    left = seconds - (time.perf_counter() - began)
    if status != highspy.HighsModelStatus.kOptimal or left <= 0:
        return Reply(incumbent, None, notes=("the LP did not end in time",))
    bound = relaxed.getInfo().objective_function_value
    tell(None, bound)
    if best is None:
        reply = solve(compiled, left, seed, tell, threads)
        return replace(reply, notes=("greedy found nothing, so nothing was fixed",))
    solution = relaxed.getSolution()
    reduced, at = np.array(solution.col_dual), np.array(solution.col_value)
    room = best - 1 - bound + 1e-6 * (1 + abs(bound))  # only what costs at least one unit less is of interest
    down = (at <= compiled.lower + 1e-7) & (reduced > room)
    up = (at >= compiled.upper - 1e-7) & (-reduced > room)
    rest = replace(
        compiled,
        lower=np.where(up, compiled.upper, compiled.lower),
        upper=np.where(down, compiled.lower, compiled.upper),
    ).folded()
    left = max(0.1, seconds - (time.perf_counter() - began))
    free = int(np.count_nonzero(compiled.lower < compiled.upper))
    notes = (f"fixed {int(down.sum() + up.sum())} of {free} columns, greedy {best}",)

    def known(objective: float | None, proven: float | None) -> None:
        tell(objective, None if proven is None else min(proven, float(best)))

    reply = solve(rest, left, seed, known, threads)
    if reply.infeasible:
        return Reply(incumbent, float(best), notes=notes)
    worse = reply.values is None or compiled.objective @ np.rint(reply.values).astype(np.int64) > best
    proven = max(bound, min(float(best), bound if reply.bound is None else reply.bound))
    return Reply(incumbent if worse else reply.values, proven, notes=notes)


def _greedy(compiled: Compiled, seconds: float) -> Any:
    """Return the solution of a simple greedy method, or None."""
    program: Any = SimpleNamespace(compile=lambda: compiled)
    return Greedy().solve(program, Request(time_limit=seconds / 10)).values
