"""Covering programs: what counts as one, prices and their bound, and the search, against enumeration."""

from __future__ import annotations

from threading import Event

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog
from small_programs import TAG, Drawn, Row, cover, programs, sourcing

from consortia.compiled import Compiled
from consortia.program import Linear, Program
from consortia.solvers.covering import cover_prices, is_covering, search_cover
from consortia.solvers.covers import Cover
from consortia.solvers.lagrangian import certified
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.weighting import Walk


@st.composite
def covers(draw: st.DrawFn) -> Drawn:
    """Draw a covering program of at most 7 columns and 6 rows: needs and factors above one, free and fixed columns."""
    bounds = st.sampled_from([(0, 1), (0, 1), (0, 1), (0, 1), (1, 1), (0, 0), (3, 3)])
    columns = tuple(draw(st.lists(bounds, min_size=1, max_size=7)))
    factor = st.sampled_from([1, 1, 1, 2, 5])
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        chosen = draw(st.lists(st.sampled_from(range(len(columns))), unique=True, max_size=5))
        factors = {column: draw(factor) for column in chosen}
        most = sum(factors[column] * columns[column][1] for column in chosen)
        rows.append(Row(factors, draw(st.integers(-1, most + (draw(st.integers(0, 9)) == 0))), None, ()))
    price = st.sampled_from([0, 1, 1, 2, 3, 7])
    prices = tuple(draw(price) for _ in columns)
    return Drawn(columns, tuple(rows), prices, draw(st.integers(-9, 9)))


def searched(
    compiled: Compiled, steps: int = 200, seed: int = 0, relaxed: npt.NDArray[np.float64] | None = None
) -> int | None:
    """The cost that a search finds, if it finds anything; its values are held to what it says."""
    found = search_cover(compiled, steps=steps, seed=seed, relaxed=relaxed)
    if found is None:
        return None
    cost, values = found
    assert not len(compiled.violated(values))
    assert compiled.cost(values) == cost
    return cost


@settings(max_examples=150)
@given(covers())
def test_small_covers_are_found_at_least_cost(drawn: Drawn) -> None:
    compiled = drawn.program().compile()
    assert is_covering(compiled)
    assert searched(compiled) == drawn.least()


@settings(max_examples=150)
@given(covers(), st.data())
def test_what_is_said_of_the_relaxation_leads_to_the_least_cost_all_the_same(drawn: Drawn, data: st.DataObject) -> None:
    compiled = drawn.program().compile()
    part = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
    relaxed = np.array([data.draw(part) for _ in compiled.lower])
    assert searched(compiled, steps=1500, relaxed=relaxed) == drawn.least()


def test_what_is_given_of_the_relaxation_helps_where_rows_have_several_columns() -> None:
    near = plain = 0
    for seed in range(5):
        compiled = cover(seed, 300, 2000, 0.03).compile()
        compiled.row_lower[:] = np.minimum(3, np.diff(compiled.indptr))
        relaxed = LinearProgram(compiled, Event(), None).solve(compiled.lower, compiled.upper).values
        near += searched(compiled, 3000, seed, relaxed)
        plain += searched(compiled, 3000, seed)
    assert near < plain


@settings(max_examples=150)
@given(covers(), st.data())
def test_the_bound_is_true_at_every_multiplier(drawn: Drawn, data: st.DataObject) -> None:
    compiled, least = drawn.program().compile(), drawn.least()
    multiplier = st.one_of(st.floats(0, 10), st.sampled_from([-1.0, 0.0, 1e-12, 1e9, 1e30]))
    prices = np.array([data.draw(multiplier) for _ in drawn.rows])
    bound = certified(compiled, prices)
    assert bound is not None
    assert least is None or bound <= least


@given(covers())
def test_the_bound_is_true_at_the_prices_found(drawn: Drawn) -> None:
    compiled, least = drawn.program().compile(), drawn.least()
    prices = cover_prices(compiled, compiled.cost(compiled.upper), steps=60, halt=lambda: False)
    assert (prices >= 0).all()
    assert least is None or certified(compiled, prices) <= least


@settings(max_examples=200)
@given(programs())
def test_what_is_taken_for_a_cover_is_solved_like_one(drawn: Drawn) -> None:
    compiled = drawn.program().compile()
    if is_covering(compiled):
        assert searched(compiled) == drawn.least()


def test_programs_that_are_no_covers() -> None:
    assert not is_covering(sourcing(1, 3, 4).compile())
    assert not is_covering(cover(1, 5, 9, 0.3, sign=-1).compile())


@pytest.mark.parametrize("need", [1, 2])
def test_prices_come_close_to_the_linear_relaxation(need: int) -> None:
    compiled = cover(4, 60, 300, 0.05).compile()
    compiled.row_lower[::2] = need
    matrix = sparse.csr_matrix((compiled.data, compiled.indices, compiled.indptr))
    relaxed = linprog(compiled.objective, -matrix, -compiled.row_lower, bounds=(0, 1)).fun
    prices = cover_prices(compiled, int(1.2 * relaxed), steps=1000, halt=lambda: False)
    assert 0.995 * relaxed <= certified(compiled, prices) <= relaxed + 1


def test_a_start_is_kept_unless_something_is_cheaper() -> None:
    compiled = cover(3, 60, 200, 0.05).compile()
    best = search_cover(compiled, steps=2000)
    assert best is not None
    again = search_cover(compiled, start=best[1], steps=1, seed=1)
    assert again is not None and again[0] <= best[0]
    assert search_cover(compiled, start=best[1], halt=lambda: True)[0] <= best[0]


def test_a_start_that_solves_nothing_is_passed_over() -> None:
    compiled = cover(3, 20, 50, 0.1).compile()
    nothing = np.zeros(50, dtype=np.int64)
    assert search_cover(compiled, start=nothing, steps=10) is not None


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_finds_the_same(seed: int) -> None:
    compiled = cover(5, 80, 400, 0.04).compile()
    first, second = (search_cover(compiled, steps=1500, seed=seed) for _ in range(2))
    assert first is not None and second is not None
    assert (first[1] == second[1]).all()


def test_every_improvement_is_reported_and_the_target_ends_the_search() -> None:
    compiled = cover(5, 80, 400, 0.04).compile()
    seen: list[int] = []

    def better(cost: int, values: np.ndarray) -> None:
        assert not len(compiled.violated(values)) and compiled.cost(values) == cost
        seen.append(cost)

    found = search_cover(compiled, steps=1500, on_better=better)
    assert found is not None and seen[-1] == found[0]
    assert seen == sorted(set(seen), reverse=True)
    assert search_cover(compiled, steps=None, target=found[0])[0] <= found[0]


def test_prices_that_are_given_are_used() -> None:
    compiled = cover(5, 80, 400, 0.04).compile()
    best = search_cover(compiled, steps=1500)
    prices = cover_prices(compiled, best[0] + 1, steps=500, halt=lambda: False)
    found = search_cover(compiled, steps=1500, prices=prices)
    assert found is not None and abs(found[0] - best[0]) <= 0.05 * best[0]


def test_free_columns_that_bring_nothing_stay_out() -> None:
    program = Program()
    columns = program.add_columns(TAG, 4)
    program.add_row(TAG, Linear(columns[:3]), lower=2)
    program.expressions["cost"] = Linear(columns, [0, 5, 0, 0])
    cost, values = search_cover(program.compile(), steps=10)
    assert cost == 0
    assert values.tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("factor", [1, 2])
def test_a_walk_keeps_its_sums_true(factor: int) -> None:
    compiled = cover(9, 40, 120, 0.06).compile()
    compiled.data[::3] = factor
    compiled.row_lower[::2] = 2
    part = Cover.of(compiled, compiled.lower)
    weight = np.arange(1, len(part.need) + 1)
    walk = Walk(part, np.arange(len(part.cost)), weight, seed=0)
    walk.run(50, lambda: False, 0, lambda: None)
    chosen = np.flatnonzero(walk.chosen)
    slack = part.supply(chosen) - part.need
    assert (walk.slack == slack).all()
    assert walk.total == part.cost[chosen].sum()
    for column in range(len(part.cost)):
        other = np.setxor1d(chosen, [column])
        loss = np.minimum(slack, 0) - np.minimum(part.supply(other) - part.need, 0)
        assert walk.worth[column] == abs(int(loss @ walk.weight))
