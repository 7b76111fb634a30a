"""What is the greedy back end's own: how good its starts are, and the propagation below it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_programs import TAG, Drawn, cover, programs, sourcing

from consortia.program import Linear, Program
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import CpSat
from consortia.solvers.greedy import Greedy
from consortia.solvers.propagation import Domains


def cost_of(program: Program, request: Request | None = None) -> int:
    answer = Greedy().solve(program, request or Request())
    assert answer.verdict is Verdict.FEASIBLE
    assert answer.values is not None
    compiled = program.compile()
    assert not len(compiled.violated(answer.values))
    return compiled.cost(answer.values)


@pytest.mark.parametrize("seed", range(5))
def test_a_cover_costs_at_most_a_tenth_too_much(seed: int) -> None:
    program = cover(seed, 200, 1000, 0.02)
    least = CpSat().solve(program, Request()).bound
    assert least is not None
    assert least <= cost_of(program) <= 1.1 * least


@pytest.mark.parametrize("seed", range(5))
def test_nothing_of_a_cover_is_needless(seed: int) -> None:
    program = cover(seed, 100, 400, 0.03)
    compiled = program.compile()
    values = Greedy().solve(program, Request()).values
    assert values is not None
    for column in np.flatnonzero(values):
        without = values.copy()
        without[column] = 0
        assert len(compiled.violated(without))


@pytest.mark.parametrize("seed", range(5))
def test_efforts_capacities_and_literals(seed: int) -> None:
    program = sourcing(seed, 8, 12)
    bound = CpSat().solve(program, Request(effort_limit=1)).bound
    assert bound is not None
    assert bound <= cost_of(program) <= 1.5 * bound


def test_it_takes_a_wrong_turn_back() -> None:
    program = Program()
    cheap, dear, *others = program.add_columns(TAG, 4).tolist()
    program.add_row(TAG, Linear([cheap, dear]), lower=1)
    # with the cheap one nothing fits, which bounds alone do not show: each row leaves both others open
    for signs, least in (([1, 1], 1), ([1, -1], 0), ([-1, 1], 0), ([-1, -1], -1)):
        program.add_row(TAG, Linear(others, signs), lower=least, when=[cheap])
    program.expressions["cost"] = Linear([cheap, dear], [1, 100])
    assert cost_of(program) == 100


def test_negative_costs_are_taken_unless_rows_forbid() -> None:
    program = cover(4, 30, 60, 0.1, sign=-1)
    least = CpSat().solve(program, Request()).bound
    assert least is not None
    assert least <= cost_of(program) < 0


def test_an_infeasible_program_is_unknown() -> None:
    program = cover(1, 5, 6, 0.4)
    program.add_row(TAG, Linear(range(6)), upper=0)
    assert Greedy().solve(program, Request()).verdict is Verdict.UNKNOWN


def test_the_effort_limit_counts_constructions() -> None:
    program = cover(2, 100, 400, 0.03)
    nothing = Greedy().solve(program, Request(effort_limit=0))
    assert (nothing.verdict, nothing.stopped) == (Verdict.UNKNOWN, "effort")
    assert cost_of(program, Request(effort_limit=1)) >= cost_of(program, Request(effort_limit=4))


def state(domains: Domains) -> list[list[int]]:
    parts = (domains.lower, domains.upper, domains.least, domains.most, domains.rest)
    return [part.tolist() for part in parts]


@settings(max_examples=150)
@given(drawn=programs(), data=st.data())
def test_propagation_loses_no_solution_and_can_be_undone(drawn: Drawn, data: st.DataObject) -> None:
    compiled = drawn.program().compile().without_literals()
    domains = Domains(compiled)
    column = data.draw(st.sampled_from(range(len(drawn.columns))))
    value = data.draw(st.integers(*drawn.columns[column]))
    start, mark = state(domains), domains.mark()
    possible = domains.propagate() and domains.narrow(column, value, value)
    left = [values for values in drawn.solutions() if values[column] == value]
    if not possible:
        assert not left
    for values in left:
        assert np.all((domains.lower <= values) & (np.array(values) <= domains.upper))
    if possible:
        fresh = Domains(replace(compiled, lower=domains.lower.copy(), upper=domains.upper.copy()))
        assert state(fresh) == state(domains)
    domains.undo(mark)
    assert state(domains) == start
