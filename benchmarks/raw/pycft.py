"""The heuristic of Caprara, Fischetti and Toth for plain cover, as pycft wraps it; its bound is its multipliers'."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version

from consortia.compiled import Compiled
from raw.contestant import PlainCover, Reply, Tell

_pycft = import_module("pycft")


def versions() -> dict[str, str]:
    """Return the version of pycft."""
    return {"pycft": version("pycft")}


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell) -> Reply:
    """Add the columns one after another and solve."""
    cover = PlainCover.of(compiled, "pycft")
    solver = _pycft.SetCoverSolver()
    for rows, cost in zip(cover.covers, cover.costs.tolist(), strict=True):
        if rows:
            solver.add_set(rows, cost)
    solver.solve(seed=seed, time_limit=seconds, verbose=0)
    filled = [place for place, rows in enumerate(cover.covers) if rows]
    chosen = [filled[place] for place in solver.get_solution() or ()]
    return Reply(cover.values(compiled, chosen) if chosen else None, solver.get_lower_bound())
