"""The searches of ortools.set_cover for plain cover: greedy, steepest, guided local search, and again from a part."""

from __future__ import annotations

import time

import ortools
from ortools.set_cover.python import set_cover

from consortia.compiled import Compiled
from raw.contestant import PlainCover, Reply, Tell

_STEPS, _KEPT_FROM = 5_000, 10


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
    state = set_cover.SetCoverInvariant(model)
    best: tuple[float, object] | None = None
    while best is None or time.perf_counter() - began < seconds:
        set_cover.GreedySolutionGenerator(state).next_solution()
        set_cover.SteepestSearch(state).set_max_iterations(_STEPS).next_solution()
        search = set_cover.GuidedLocalSearch(state)
        search.initialize()
        search.set_max_iterations(_STEPS).next_solution()
        if best is None or state.cost() < best[0]:
            best = state.cost(), state.export_solution_as_proto()
            tell(best[0], None)
        state.import_solution_from_proto(best[1])
        state.recompute(set_cover.consistency_level.FREE_AND_UNCOVERED)
        set_cover.clear_random_subsets(max(1, model.num_subsets // _KEPT_FROM), state)
    state.import_solution_from_proto(best[1])
    return Reply(cover.values(compiled, [place for place in range(model.num_subsets) if state.is_selected()[place]]))
