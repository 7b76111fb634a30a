"""What is CP-SAT's own: exact bounds, its options, and what it must leave alone."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from threading import Event
from typing import Any

import numpy as np
import pytest
from small_programs import TAG, cover, sourcing

from consortia.errors import SolverRefused
from consortia.program import Linear, Program
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import CpSat


def test_the_bound_is_read_as_an_integer() -> None:
    program = Program()
    columns = program.add_columns(TAG, 2)
    program.add_row(TAG, Linear(columns), lower=1)
    program.expressions["cost"] = Linear(columns, [2**53 + 1, 2**53 + 3])
    told: list[int | None] = []
    answer = CpSat().solve(program, Request(on_progress=lambda _, best, bound: told.append(bound)))
    assert answer.bound == 2**53 + 1
    assert all(bound is None or bound <= 2**53 + 1 for bound in told)


def test_costs_beyond_doubles_that_differ_by_one_are_different() -> None:
    program = cover(11, 30, 40, 0.2)
    small = CpSat().solve(program, Request())
    columns = np.arange(program.width)
    # a column that is always bought lifts all costs to where a double cannot tell neighbours apart
    always = program.add_columns(TAG, 1, 1, 1)
    program.expressions["cost"] += Linear(always, 2**57 + 1)
    large = CpSat().solve(program, Request())
    assert small.bound is not None
    assert large.verdict is Verdict.OPTIMAL
    assert large.bound == small.bound + 2**57 + 1
    assert large.values is not None
    assert program.expressions["cost"].value(large.values) == large.bound
    assert large.values[columns].max() == 1


def test_a_search_that_had_no_time_for_a_bound_does_not_claim_zero() -> None:
    program, stop = cover(5, 50, 60, 0.1, sign=-1), Event()
    stop.set()
    answer = CpSat().solve(program, Request(stop=stop))
    least = CpSat().solve(program, Request()).bound
    assert answer.bound is not None
    assert least is not None
    assert answer.bound <= least < 0


def test_the_bound_is_kept_without_a_solution() -> None:
    program = cover(1, 200, 2000, 0.02)
    answer = CpSat().solve(program, Request(effort_limit=0.0))
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.stopped == "effort"
    assert answer.bound is not None


def test_a_bound_under_a_cutoff_stays_below_the_next_cost() -> None:
    program = cover(6, 30, 40, 0.2)
    program.expressions["cost"] = 7 * program.expressions["cost"] + 3
    least = CpSat().solve(program, Request()).bound
    assert least is not None
    answer = CpSat().solve(program, Request(cutoff=least - 4))
    assert answer.verdict is Verdict.CUTOFF
    assert answer.bound == least  # the next cost above the cut-off, for costs are 7 apart
    stop = Event()
    stop.set()
    stopped = CpSat().solve(program, Request(cutoff=least - 4, stop=stop))
    assert stopped.bound is not None
    assert stopped.bound <= least


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "'workers'"),
        ({"workers": True}, "'workers'"),
        ({"workers": "2"}, "'workers'"),
        ({"subsolvers": "max_lp"}, "'subsolvers'"),
        ({"subsolvers": [3]}, "'subsolvers'"),
        ({"subsolvers": ["nobody"]}, "nobody"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SolverRefused, match=message):
        CpSat().solve(cover(1, 3, 4, 0.5), Request(options=options))


def test_options_reach_the_solver() -> None:
    options = {"workers": 2, "subsolvers": ["max_lp", "reduced_costs"]}
    program = cover(2, 20, 30, 0.2)
    assert CpSat().solve(program, Request(options=options)).bound == CpSat().solve(program, Request()).bound


def test_numbers_too_large_for_it_are_refused_with_its_reason() -> None:
    program = Program()
    program.add_columns(TAG, 1, 0, 2**62 + 1)
    with pytest.raises(SolverRefused, match=r"CP-SAT does not take this question: .*domain"):
        CpSat().solve(program, Request())


def test_a_column_without_values_is_infeasible() -> None:
    program = Program()
    program.add_columns(TAG, 1, 3, 2)
    assert CpSat().solve(program, Request()).verdict is Verdict.INFEASIBLE


def test_a_seed_of_any_size_is_taken() -> None:
    for seed in (-1, 2**40):
        assert CpSat().solve(cover(1, 3, 4, 0.5), Request(seed=seed)).verdict is Verdict.OPTIMAL


@pytest.mark.parametrize("program", [cover(9, 100, 400, 0.05), sourcing(3, 6, 8)])
def test_a_proven_answer_comes_back_the_same(program: Program) -> None:
    first, second, third = (CpSat().solve(program, Request(seed=3, time_limit=limit)) for limit in (None, None, 600))
    assert first.verdict is Verdict.OPTIMAL
    assert first.values is not None
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(first.values, third.values)


def test_an_error_in_progress_reaches_the_caller() -> None:
    def tell(seconds: float, best: int | None, bound: int | None) -> None:
        raise LookupError("from the callback")

    with pytest.raises(LookupError, match="from the callback"):
        CpSat().solve(cover(9, 100, 400, 0.05), Request(on_progress=tell, gap=Fraction(1, 100)))


def test_interrupts_still_reach_python_after_a_solve() -> None:
    script = """
import os, signal
from consortia.program import Linear, Program, Tag
from consortia.solvers.contract import Request
from consortia.solvers.cpsat import CpSat
program = Program()
columns = program.add_columns(Tag("x"), 6)
program.add_row(Tag("x"), Linear(columns, [3, 5, 7, 4, 6, 2]), lower=11)
program.expressions["cost"] = Linear(columns, [4, 6, 9, 5, 7, 3])
CpSat().solve(program, Request())
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.sigtimedwait([], 5)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "interrupted\n")


def test_a_complete_hint_is_a_first_solution() -> None:
    program = cover(1, 200, 2000, 0.02)
    hint = dict.fromkeys(range(program.width), 1)
    without, hinted = (CpSat().solve(program, Request(effort_limit=0.01, hint=h)) for h in (None, hint))
    assert without.values is None
    assert hinted.values is not None


def test_it_brings_no_pandas() -> None:
    script = "import sys, consortia.solvers.cpsat; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(("when", "verdict", "cost"), [((), Verdict.INFEASIBLE, None), ((1,), Verdict.OPTIMAL, 5)])
def test_a_row_that_no_integers_obey(when: tuple[int, ...], verdict: Verdict, cost: int | None) -> None:
    """Twice a column is never 1: divided by two, the row has its bounds the wrong way round."""
    program = Program()
    columns = program.add_columns(TAG, 3)
    program.add_row(TAG, Linear(columns[[0]], [2]), 1, 1, when)
    program.add_row(TAG, Linear(columns[[1, 2]]), lower=1)
    program.expressions["cost"] = Linear(columns, [1, 1, 5])
    answer = CpSat().solve(program, Request())
    assert answer.verdict is verdict
    assert (None if answer.values is None else program.expressions["cost"].value(answer.values)) == cost
