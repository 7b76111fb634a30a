"""The searches of ortools.set_cover for plain cover: greedy, steepest, guided local search, and again from a part.

OR-Tools 9.15 aborts when a solution is loaded into a state that was searched, and its ``load_solution`` takes nothing
that Python has, so every round begins with a new state into which a part of the best solution is put.
"""

from __future__ import annotations

import random
import time

import ortools
from ortools.set_cover.python import set_cover

from consortia.compiled import Compiled
from raw.contestant import PlainCover, Reply, Tell

_STEPS = 500
_KEPT = (0.3, 0.5, 0.7, 0.8, 0.9)
_CONSISTENCY = set_cover.consistency_level.FREE_AND_UNCOVERED
_GENERATORS = (
    set_cover.GreedySolutionGenerator,
    set_cover.ElementDegreeSolutionGenerator,
    set_cover.RandomSolutionGenerator,
)


def versions() -> dict[str, str]:
    """Return the version of OR-Tools."""
    return {"ortools": ortools.__version__}


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell) -> Reply:
    """Search until the time is over: it proves nothing, so it never knows that it is done."""
    began = time.perf_counter()
    cover = PlainCover.of(compiled, "ortools.set_cover")
    model = set_cover.SetCoverModel()
    for rows, cost in zip(cover.covers, cover.costs.tolist(), strict=True):
        model.add_empty_subset(cost)
        for row in rows:
            model.add_element_to_last_subset(row)
    model.create_sparse_row_view()
    if not model.compute_feasibility():
        return Reply(infeasible=True)
    draws, best, chosen = random.Random(seed), float("inf"), list[int]()
    while time.perf_counter() - began < seconds:
        state = set_cover.SetCoverInvariant(model)
        state.initialize()
        state.recompute(_CONSISTENCY)
        kept = draws.choice(_KEPT)
        for place in chosen:
            if draws.random() < kept:
                state.select(place, _CONSISTENCY)
        generator = draws.choice(_GENERATORS) if chosen else _GENERATORS[0]
        generator(state).next_solution()
        set_cover.SteepestSearch(state).set_max_iterations(_STEPS).next_solution()
        search = set_cover.GuidedLocalSearch(state)
        search.initialize()
        search.set_max_iterations(_STEPS).next_solution()
        if state.cost() < best:
            taken = [place for place, selected in enumerate(state.is_selected()) if selected]
            # guided local search may end where something is uncovered
            if len(set().union(*(cover.covers[place] for place in taken))) == cover.rows:
                best, chosen = state.cost(), taken
                tell(best, None)
    return Reply(cover.values(compiled, chosen) if chosen else None)
