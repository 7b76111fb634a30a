"""What is the oracle's own: order among equals, limits, and what it declines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from small_programs import TAG, Drawn, cover, programs

from consortia.errors import SolverRefused
from consortia.program import Linear, Program
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.exhaustive import Exhaustive


@settings(max_examples=80)
@given(drawn=programs())
def test_of_several_optima_it_returns_the_first(drawn: Drawn) -> None:
    answer = Exhaustive().solve(drawn.program(), Request())
    optima = [values for values in drawn.solutions() if drawn.cost(values) == drawn.least()]
    assert (None if answer.values is None else tuple(answer.values.tolist())) == min(optima, default=None)


def wide(columns: int) -> Program:
    program = Program()
    made = program.add_columns(TAG, columns)
    program.add_row(TAG, Linear(made), lower=1)
    program.expressions["cost"] = Linear(made)
    return program


def test_declines_what_it_could_never_finish() -> None:
    with pytest.raises(SolverRefused, match=r"about 2\^61 assignments"):
        Exhaustive().solve(wide(61), Request())
    answer = Exhaustive().solve(wide(61), Request(effort_limit=10))
    assert (answer.verdict, answer.stopped) == (Verdict.UNKNOWN, "effort")


def test_only_columns_that_are_still_free_count() -> None:
    program = wide(80)
    program.add_row(TAG, Linear(range(79)), upper=0)
    answer = Exhaustive().solve(program, Request())
    assert answer.verdict is Verdict.OPTIMAL
    assert answer.bound == 1


def test_bounds_grow_with_the_effort_up_to_the_optimum() -> None:
    program = cover(2, 10, 12, 0.2)
    least = Exhaustive().solve(program, Request()).bound
    assert least is not None
    verdicts = set()
    for effort in range(0, 200, 7):
        answer = Exhaustive().solve(program, Request(effort_limit=effort))
        verdicts.add(answer.verdict)
        assert answer.bound is not None
        assert answer.bound <= least
        assert (answer.verdict is Verdict.OPTIMAL) == (answer.stopped is None)
    assert verdicts == {Verdict.UNKNOWN, Verdict.FEASIBLE, Verdict.OPTIMAL}


def test_bounds_that_creep_towards_each_other() -> None:
    program = Program()
    low, high = program.add_columns(TAG, 2, 0, 1000)
    program.add_row(TAG, Linear([low, high], [1, -1]), upper=-1)
    program.add_row(TAG, Linear([high, low], [1, -1]), upper=-1)
    assert Exhaustive().solve(program, Request()).verdict is Verdict.INFEASIBLE


def test_large_ranges_are_halved() -> None:
    program = Program()
    columns = program.add_columns(TAG, 2, -(10**6), 10**6)
    program.add_row(TAG, Linear(columns, [3, 5]), 7, 7)
    program.expressions["cost"] = Linear(columns, [2, 3])
    program.add_row(TAG, Linear([columns[0]]), lower=-1)
    answer = Exhaustive().solve(program, Request())
    assert answer.values is not None
    assert answer.values.tolist() == [-1, 2]
    assert answer.bound == 4
