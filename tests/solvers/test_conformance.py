"""What every back end promises, tested on every back end of the registry."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_programs import TAG, Drawn, cover, programs, sourcing

from consortia.errors import SolverRefused
from consortia.program import Linear, Program
from consortia.solvers import find, names
from consortia.solvers.contract import Abilities, Answer, Request, Solver, Verdict

EVERY = (*names(), "milp:cbc")
WITHOUT_PROOF = [name for name in EVERY if find(name).abilities.proof is None]
PROVING = [name for name in EVERY if name not in WITHOUT_PROOF]
WITH = {
    ability: [name for name in EVERY if getattr(find(name).abilities, ability)]
    for ability in ("hint", "cutoff", "gap", "time_limit", "effort_limit", "progress", "interruption")
}
few = settings(max_examples=60)
solver_names = pytest.mark.parametrize("name", EVERY)


def is_solution(program: Program, values: Any) -> bool:
    return not len(program.compile().violated(values))


def check_optimal(drawn: Drawn, answer: Answer, name: str) -> None:
    """Check `answer` against what trying every assignment says."""
    least = drawn.least()
    if least is None:
        assert answer.verdict is Verdict.INFEASIBLE
        assert answer.values is None
    else:
        assert answer.verdict is Verdict.OPTIMAL
        assert answer.values is not None
        assert is_solution(drawn.program(), answer.values)
        assert drawn.cost(tuple(answer.values.tolist())) == least
        assert answer.bound == least
    # a floating-point back end may have had its answer proven exactly
    assert answer.proof in (find(name).abilities.proof, "exact")
    assert answer.stopped is None


def test_every_name_of_the_registry_is_here() -> None:
    assert set(EVERY) >= set(names())
    assert PROVING
    assert WITHOUT_PROOF == ["greedy"]


@pytest.mark.parametrize("name", PROVING)
@few
@given(drawn=programs())
def test_finds_the_least_cost_or_that_there_is_none(name: str, drawn: Drawn) -> None:
    check_optimal(drawn, find(name).solve(drawn.program(), Request()), name)


@pytest.mark.parametrize("name", WITHOUT_PROOF)
@settings(max_examples=150)
@given(drawn=programs())
def test_without_a_proof_what_is_found_is_a_solution(name: str, drawn: Drawn) -> None:
    answer = find(name).solve(drawn.program(), Request())
    assert answer.bound is answer.proof is None
    if answer.values is None:
        assert answer.verdict is Verdict.UNKNOWN
    else:
        assert answer.verdict is Verdict.FEASIBLE
        assert tuple(answer.values.tolist()) in drawn.solutions()


@pytest.mark.parametrize("name", WITH["cutoff"])
@few
@given(drawn=programs(), above=st.integers(0, 5), below=st.integers(1, 5))
def test_a_cutoff_is_an_upper_limit_on_the_cost(name: str, drawn: Drawn, above: int, below: int) -> None:
    solver, least = find(name), drawn.least()
    if least is None:
        answer = solver.solve(drawn.program(), Request(cutoff=above))
        assert answer.verdict in (Verdict.CUTOFF, Verdict.INFEASIBLE)
        assert answer.values is None
        return
    check_optimal(drawn, solver.solve(drawn.program(), Request(cutoff=least + above)), name)
    answer = solver.solve(drawn.program(), Request(cutoff=least - below))
    assert answer.verdict is Verdict.CUTOFF
    assert answer.values is None
    assert answer.proof in (solver.abilities.proof, "exact")
    assert answer.bound is None or answer.bound <= least


@pytest.mark.parametrize("name", WITH["gap"])
@few
@given(drawn=programs(), gap=st.fractions(0, 2, max_denominator=20))
def test_a_gap_is_kept_exactly(name: str, drawn: Drawn, gap: Fraction) -> None:
    answer, least = find(name).solve(drawn.program(), Request(gap=gap)), drawn.least()
    if least is None:
        assert answer.verdict is Verdict.INFEASIBLE
        return
    assert answer.values is not None
    assert is_solution(drawn.program(), answer.values)
    cost = drawn.cost(tuple(answer.values.tolist()))
    assert answer.bound is not None
    assert answer.bound <= least <= cost
    assert (answer.verdict is Verdict.OPTIMAL) == (cost - answer.bound <= gap * abs(cost))


@pytest.mark.parametrize("name", WITH["hint"])
@few
@given(drawn=programs(), data=st.data())
def test_no_hint_changes_the_least_cost(name: str, drawn: Drawn, data: st.DataObject) -> None:
    columns = data.draw(st.sets(st.sampled_from(range(len(drawn.columns)))))
    hint = {column: data.draw(st.integers(*drawn.columns[column])) for column in columns}
    check_optimal(drawn, find(name).solve(drawn.program(), Request(hint=hint)), name)
    for values in drawn.solutions()[:1]:
        complete = Request(hint=dict(enumerate(values)))
        check_optimal(drawn, find(name).solve(drawn.program(), complete), name)


@solver_names
def test_refuses_what_it_does_not_declare(name: str) -> None:
    solver = find(name)
    asked: dict[str, Any] = {
        "hint": {0: 1}, "cutoff": 5, "gap": Fraction(1, 10), "time_limit": 9.0, "effort_limit": 9.0,
    }  # fmt: skip
    for ability, value in asked.items():
        if not getattr(solver.abilities, ability):
            with pytest.raises(SolverRefused, match=r"does not take"):
                solver.solve(cover(1, 3, 4, 0.5), Request(**{ability: value}))
    with pytest.raises(SolverRefused, match="'colour'"):
        solver.solve(cover(1, 3, 4, 0.5), Request(options={"colour": "red"}))


@solver_names
def test_programs_without_columns(name: str) -> None:
    solver, program = find(name), Program()
    program.expressions["cost"] = Linear(constant=7)
    answer = solver.solve(program, Request())
    assert answer.verdict is (Verdict.FEASIBLE if solver.abilities.proof is None else Verdict.OPTIMAL)
    assert answer.values is not None
    assert answer.values.shape == (0,)
    assert answer.bound == (None if solver.abilities.proof is None else 7)
    program.add_row(TAG, Linear(), lower=1)
    answer = solver.solve(program, Request())
    assert answer.verdict is (Verdict.UNKNOWN if solver.abilities.proof is None else Verdict.INFEASIBLE)


@pytest.mark.parametrize("name", PROVING)
@pytest.mark.parametrize(("amount", "divisor"), [(10**6 + 1, 1), (10**9, 999_999_937), (2**53 + 1, 1)])
def test_large_amounts_are_exact_or_refused(name: str, amount: int, divisor: int) -> None:
    program = Program()
    columns = program.add_columns(TAG, 3)
    program.add_row(TAG, Linear(columns), lower=2)
    prices = [amount * divisor, (amount + 1) * divisor, (amount + 2) * divisor]
    program.expressions["cost"] = Linear(columns, prices, -3)
    try:
        answer = find(name).solve(program, Request())
    except SolverRefused:
        assert find(name).abilities.proof == "tolerance"
        return
    assert answer.verdict is Verdict.OPTIMAL
    assert answer.values is not None
    assert answer.values.tolist() == [1, 1, 0]
    assert answer.bound == (2 * amount + 1) * divisor - 3


@pytest.mark.parametrize("name", WITH["interruption"])
@pytest.mark.parametrize("sign", [1, -1])
def test_stopped_before_the_start_it_returns_what_is_true(name: str, sign: int) -> None:
    program, stop = cover(5, 50, 60, 0.1, sign), Event()
    stop.set()
    request = Request(stop=stop)
    if name == "exhaustive":
        request = replace(request, effort_limit=1e9)  # or else it declines so large a question
    answer = find(name).solve(program, request)
    least = find("cpsat").solve(program, Request()).bound
    assert least is not None
    assert answer.verdict in (Verdict.UNKNOWN, Verdict.FEASIBLE, Verdict.OPTIMAL)
    assert answer.stopped == (None if answer.verdict is Verdict.OPTIMAL else "interrupted")
    assert answer.bound is None or answer.bound <= least
    assert answer.values is None or is_solution(program, answer.values)
    again = find(name).solve(cover(1, 3, 4, 0.5), Request())
    assert again.verdict in (Verdict.OPTIMAL, Verdict.FEASIBLE)


def hard_for(solver: Solver) -> Program:
    """A program that the solver needs some seconds or much longer for."""
    if solver.name == "exhaustive":
        return cover(3, 40, 60, 0.1)
    return sourcing(7, 20, 40) if solver.name == "cpsat" else sourcing(7, 15, 30)


@pytest.mark.parametrize("name", sorted(set(WITH["interruption"]) & set(WITH["progress"]) - {"greedy"}))
def test_stopped_at_its_first_solution_it_keeps_it(name: str) -> None:
    stop, costs = Event(), []

    def tell(seconds: float, best: int | None, bound: int | None) -> None:
        if best is not None:
            costs.append(best)
            stop.set()

    solver = find(name)
    program = hard_for(solver)
    answer = solver.solve(program, Request(effort_limit=1e9, stop=stop, on_progress=tell))
    assert costs
    assert answer.verdict is Verdict.FEASIBLE
    assert answer.stopped == "interrupted"
    assert answer.values is not None
    assert is_solution(program, answer.values)
    cost = program.compile().cost(answer.values)
    assert cost <= costs[0]
    assert answer.bound is not None
    assert answer.bound < cost


EFFORT = {
    "auto": 0.1,
    "prices": 0.4,
    "search": 0.3,
    "cpsat": 0.15,
    "exhaustive": 800.0,
    "greedy": 2.0,
    "milp": 1.0,
    "milp:cbc": 3.0,
}


@pytest.mark.parametrize("name", WITH["effort_limit"])
def test_the_same_effort_gives_the_same_answer(name: str) -> None:
    solver = find(name)
    program = hard_for(solver)
    first, second = (solver.solve(program, Request(effort_limit=EFFORT[name], seed=4)) for _ in range(2))
    assert first.stopped == "effort"
    assert (first.verdict, first.bound) == (second.verdict, second.bound)
    assert first.values is None or np.array_equal(first.values, second.values)
    assert (first.values is None) == (second.values is None)


@pytest.mark.parametrize("name", WITH["time_limit"])
def test_no_time_at_all(name: str) -> None:
    solver = find(name)
    program = hard_for(solver)
    answer = solver.solve(program, Request(time_limit=0.0))
    assert answer.verdict in (Verdict.UNKNOWN, Verdict.FEASIBLE)
    assert answer.stopped == "time"
    assert answer.values is None or is_solution(program, answer.values)


@pytest.mark.parametrize("name", WITH["progress"])
def test_progress_tells_true_costs_and_bounds(name: str) -> None:
    told: list[tuple[float, int | None, int | None]] = []
    program = cover(8, 12, 14, 0.25)
    find(name).solve(program, Request(on_progress=lambda *news: told.append(news)))
    least = find("exhaustive").solve(program, Request()).bound
    assert least is not None
    bests = [best for _, best, _ in told if best is not None]
    bounds = [bound for _, _, bound in told if bound is not None]
    assert bests
    assert all(best >= least for best in bests)
    assert bests == sorted(bests, reverse=True)
    assert all(bound <= least for bound in bounds)
    assert bounds == sorted(bounds)
    assert all(seconds >= 0 for seconds, _, _ in told)


@solver_names
def test_tells_what_it_is_made_of(name: str) -> None:
    solver = find(name)
    assert isinstance(solver.abilities, Abilities)
    assert all(package and version for package, version in solver.versions().items())


def test_nothing_is_printed() -> None:
    script = f"""
from consortia.program import Linear, Program, Tag
from consortia.solvers import find
from consortia.solvers.contract import Request
for name in {EVERY!r}:
    program = Program()
    columns = program.add_columns(Tag("x"), 6)
    program.add_row(Tag("x"), Linear(columns, [3, 5, 7, 4, 6, 2]), lower=11)
    program.expressions["cost"] = Linear(columns, [4, 6, 9, 5, 7, 3])
    assert find(name).solve(program, Request()).values is not None
    program.add_row(Tag("x"), Linear(columns), lower=7)
    assert find(name).solve(program, Request()).values is None
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
