"""The mixed-integer back ends: one suite for the inner solvers, and what is each one's own."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia.errors import SolverRefused, SolverUnavailable
from consortia.program import Linear, Program, Tag
from consortia.solvers import find, floating, pulp_cbc, pulp_named, pulp_versions
from consortia.solvers.contract import Answer, Request, Verdict
from consortia.solvers.floating import Found, Question
from consortia.solvers.milp import Milp
from consortia.solvers.pulp_highs import SilentHighs

INNER = ["highs", "cbc"]
TAG = Tag("test")


@pytest.fixture(params=INNER)
def milp(request: pytest.FixtureRequest) -> Milp:
    return Milp(request.param)


def cover(rows: int, columns: int, density: float, seed: int, dearest: int, scale: int = 1) -> Program:
    """A random weighted set cover; costs from 1 to `dearest` - 1, times `scale`, plus 11."""
    random = np.random.default_rng(seed)
    suits = random.random((rows, columns)) < density
    suits[np.arange(rows), random.integers(columns, size=rows)] = True
    program = Program()
    chosen = program.add_columns(TAG, columns)
    program.add_rows(TAG, suits.sum(axis=1), np.nonzero(suits)[1], 1, lower=1)
    program.expressions["cost"] = Linear(chosen, random.integers(1, dearest, columns) * scale, 11)
    return program


def easy() -> Program:
    """Least cost 3910; costs are 7 apart."""
    return cover(200, 1000, 0.02, seed=1, dearest=100, scale=7)


def hard() -> Program:
    """Nobody proves its optimum in a minute, and the first solution comes in a fraction of a second."""
    return cover(250, 500, 0.05, seed=3, dearest=2)


def integers_of(low: int, high: int, least: int) -> Program:
    """Minimise x >= least, from `low` up to `high`."""
    program = Program()
    (x,) = program.add_columns(TAG, 1, low, high)
    program.add_row(TAG, Linear([x], [1]), lower=least)
    program.expressions["cost"] = Linear([x], [1])
    return program


def holds(program: Program, answer: Answer) -> int:
    """The cost of an answer, which holds and whose bound does not contradict it."""
    compiled = program.compile()
    assert answer.values is not None
    assert not len(compiled.violated(answer.values))
    cost = compiled.cost(answer.values)
    assert answer.bound is None or answer.bound <= cost
    return cost


def test_optimum_and_bound_meet(milp: Milp) -> None:
    program = easy()
    answer = milp.solve(program, Request())
    assert (answer.verdict, answer.bound, answer.proof) == (Verdict.OPTIMAL, 3910, "tolerance")
    assert holds(program, answer) == 3910


def test_infeasible_by_search(milp: Milp) -> None:
    program = Program()
    x = program.add_columns(TAG, 3)
    for pair in ([0, 1], [1, 2], [0, 2]):
        program.add_row(TAG, Linear(x[pair], [1, 1]), upper=1)
    program.add_row(TAG, Linear(x, 1), lower=2)
    program.expressions["cost"] = Linear(x, 1)
    assert milp.solve(program, Request()) == Answer(Verdict.INFEASIBLE, proof="tolerance")


def test_a_row_without_entries(milp: Milp) -> None:
    program = easy()
    program.add_row(TAG, Linear(), lower=1)
    assert milp.solve(program, Request()).verdict is Verdict.INFEASIBLE
    program = easy()
    program.add_row(TAG, Linear(), upper=1)
    assert holds(program, milp.solve(program, Request())) == 3910


def test_no_columns(milp: Milp) -> None:
    program = Program({"cost": Linear(constant=5)})
    answer = milp.solve(program, Request())
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, 5, 5)
    program.add_row(TAG, Linear(), lower=1)
    assert milp.solve(program, Request()).verdict is Verdict.INFEASIBLE


def test_no_rows_and_no_objective(milp: Milp) -> None:
    program = Program()
    program.add_columns(TAG, 3, -2, 5)
    answer = milp.solve(program, Request())
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, 0, 0)


@pytest.mark.parametrize("cutoff", [3910, 3911, 3916, 3917, 10**7])
def test_cutoff_that_leaves_the_optimum(milp: Milp, cutoff: int) -> None:
    program = easy()
    answer = milp.solve(program, Request(cutoff=cutoff))
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, 3910, 3910)


@pytest.mark.parametrize("cutoff", [3909, 3904, 3903, 11, 0, -(10**7)])
def test_cutoff_below_the_optimum_is_not_infeasible(milp: Milp, cutoff: int) -> None:
    answer = milp.solve(easy(), Request(cutoff=cutoff))
    assert (answer.verdict, answer.values, answer.proof) == (Verdict.CUTOFF, None, "tolerance")
    assert answer.bound is not None and cutoff < answer.bound <= 3910


def test_bound_under_a_cutoff_is_one_for_all_solutions() -> None:
    compiled = easy().compile()
    request = Request(cutoff=3905)
    for claimed in (0.0, 500.0, 1e9):
        milp = with_inner(found=Found("time", None, claimed))
        bound = milp.solve(easy(), request).bound
        assert bound is not None and bound <= 3910
    assert floating.next_cost(compiled, 3905) == 3910


def test_gap(milp: Milp) -> None:
    program = easy()
    answer = milp.solve(program, Request(gap=Fraction(1, 5)))
    assert answer.verdict is Verdict.OPTIMAL and answer.bound is not None
    cost = holds(program, answer)
    assert cost - answer.bound <= cost / 5
    assert answer.bound <= 3910 <= cost


def test_gap_counts_the_constant(milp: Milp) -> None:
    program = easy()
    program.expressions["cost"] = program.expressions["cost"] - 3910
    answer = milp.solve(program, Request(gap=Fraction(1, 5)))
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, 0, 0)


def test_time_limit_of_nothing(milp: Milp) -> None:
    answer = milp.solve(hard(), Request(time_limit=0))
    assert answer.verdict in (Verdict.UNKNOWN, Verdict.FEASIBLE)
    assert answer.stopped == "time"


def test_time_limit_never_looks_optimal(milp: Milp) -> None:
    program = hard()
    answer = milp.solve(program, Request(time_limit=2))
    assert answer.verdict in (Verdict.UNKNOWN, Verdict.FEASIBLE)
    assert answer.stopped == "time"
    assert answer.bound is None or answer.bound <= 35  # what CBC finds in minutes
    if answer.values is not None:
        holds(program, answer)


def test_effort_limit_is_deterministic(milp: Milp) -> None:
    program = cover(100, 250, 0.06, seed=5, dearest=2)
    answers = [milp.solve(program, Request(effort_limit=2, seed=3)) for _ in range(2)]
    assert answers[0].stopped == "effort"
    assert answers[0].verdict is Verdict.FEASIBLE
    assert holds(program, answers[0]) == holds(program, answers[1])
    assert answers[0].bound == answers[1].bound
    assert np.array_equal(answers[0].values, answers[1].values)


def test_stop_before_the_start(milp: Milp) -> None:
    stop = Event()
    stop.set()
    answer = milp.solve(hard(), Request(stop=stop))
    assert (answer.verdict, answer.values, answer.stopped) == (Verdict.UNKNOWN, None, "interrupted")


class Later(Event):
    """An event that is found set from the `calls`-th look on."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def is_set(self) -> bool:
        self.calls -= 1
        return self.calls <= 0


@pytest.mark.parametrize("looks", [2, 30])
def test_interrupted_twice_and_then_solved(milp: Milp, looks: int) -> None:
    program = hard()
    for _ in range(2):
        answer = milp.solve(program, Request(stop=Later(looks)))
        assert answer.stopped == "interrupted"
        assert answer.verdict in (Verdict.UNKNOWN, Verdict.FEASIBLE)
        assert (answer.values is None) == (answer.verdict is Verdict.UNKNOWN)
        if answer.values is not None:
            holds(program, answer)
    assert milp.solve(easy(), Request()).bound == 3910


def test_highs_keeps_what_it_found_when_interrupted() -> None:
    program, stop = hard(), Event()
    costs = []

    def at_first(seconds: float, best: int | None, bound: int | None) -> None:
        if best is not None:
            costs.append(best)
            stop.set()

    answer = Milp().solve(program, Request(stop=stop, on_progress=at_first))
    assert (answer.verdict, answer.stopped) == (Verdict.FEASIBLE, "interrupted")
    assert holds(program, answer) <= costs[0]


def test_highs_progress_is_exact_and_monotone() -> None:
    seen: list[tuple[float, int | None, int | None]] = []
    Milp().solve(easy(), Request(on_progress=lambda *news: seen.append(news)))
    bests = [best for _, best, _ in seen if best is not None]
    bounds = [bound for _, _, bound in seen if bound is not None]
    assert bests[-1] == 3910
    assert bests == sorted(bests, reverse=True)
    assert bounds == sorted(bounds) and all(bound <= 3910 for bound in bounds)
    assert all((cost - 11) % 7 == 0 for cost in bests + bounds)


def test_highs_passes_on_an_error_of_the_listener() -> None:
    def broken(*news: object) -> None:
        raise ZeroDivisionError("of the listener")

    with pytest.raises(ZeroDivisionError, match="of the listener"):
        Milp().solve(easy(), Request(on_progress=broken))


def first_cost(program: Program, hint: dict[int, int] | None) -> int:
    """The cost of the first solution that HiGHS reports."""
    costs: list[int] = []

    def note(seconds: float, best: int | None, bound: int | None) -> None:
        costs.extend([] if best is None else [best])

    Milp().solve(program, Request(hint=hint, on_progress=note))
    return costs[0]


def test_highs_starts_from_a_complete_hint() -> None:
    program = easy()
    values = Milp().solve(program, Request()).values
    assert values is not None
    assert first_cost(program, None) > 3910
    assert first_cost(program, dict(enumerate(values.tolist()))) == 3910


def test_highs_completes_a_partial_hint() -> None:
    program = easy()
    values = Milp().solve(program, Request()).values
    assert values is not None
    ones = np.flatnonzero(values)[3:]
    assert first_cost(program, dict.fromkeys(ones.tolist(), 1)) == 3910


def test_highs_survives_a_hint_that_does_not_hold() -> None:
    program = easy()
    for hint in ({}, dict.fromkeys(range(1000), 0), dict.fromkeys(range(500), 0)):
        assert holds(program, Milp().solve(program, Request(hint=hint))) == 3910


def test_bounds_of_the_search_that_completes_a_hint_are_not_reported() -> None:
    program = easy()
    poor = dict.fromkeys(range(200), 1)
    bounds: list[int] = []
    Milp().solve(
        program, Request(hint=poor, on_progress=lambda _, best, bound: bounds.extend([bound] if bound else []))
    )
    assert all(bound <= 3910 for bound in bounds)


def test_threads(milp: Milp) -> None:
    for threads in (2, 1):
        assert milp.solve(easy(), Request(options={"threads": threads})).bound == 3910


def test_what_is_not_declared_is_refused(milp: Milp) -> None:
    with pytest.raises(SolverRefused, match="presolv"):
        milp.solve(easy(), Request(options={"presolv": 1}))
    if not milp.abilities.hint:
        with pytest.raises(SolverRefused, match="a hint"):
            milp.solve(easy(), Request(hint={0: 1}))


def test_highs_is_exact_where_cbc_declines() -> None:
    program = integers_of(0, 200_000_000, 123_456_789)
    answer = Milp().solve(program, Request())
    assert (answer.verdict, holds(program, answer)) == (Verdict.OPTIMAL, 123_456_789)
    with pytest.raises(SolverRefused, match="200,000,000"):
        Milp("cbc").solve(program, Request())
    just = integers_of(-99_999_999, 99_999_999, 12_345_679)
    assert holds(just, Milp("cbc").solve(just, Request())) == 12_345_679


def test_large_numbers_are_declined(milp: Milp) -> None:
    def priced(price: int, other: int) -> Program:
        program = Program()
        x = program.add_columns(TAG, 2)
        program.add_row(TAG, Linear(x, 1), lower=1)
        program.expressions["cost"] = Linear(x, [price, other])
        return program

    with pytest.raises(SolverRefused, match="coefficient"):
        milp.solve(priced(10**12 + 1, 10**12), Request())
    # a common divisor takes the size out
    fine = priced(3 * 10**14, 2 * 10**14)
    assert holds(fine, milp.solve(fine, Request())) == 2 * 10**14
    many = Program()
    x = many.add_columns(TAG, 2, 0, 10**6)
    many.expressions["cost"] = Linear(x, [10**10, 10**10 + 1])
    with pytest.raises(SolverRefused, match="2\\^53"):
        milp.solve(many, Request())


def test_costs_of_millions_in_small_units_are_proven(milp: Milp) -> None:
    program = Program()
    x = program.add_columns(TAG, 3)
    program.add_row(TAG, Linear(x, 1), lower=2)
    program.expressions["cost"] = Linear(x, [30_000_000_001, 20_000_000_003, 50_000_000_000])
    answer = milp.solve(program, Request())
    assert (answer.verdict, answer.bound) == (Verdict.OPTIMAL, 50_000_000_004)


coefficients = st.integers(-4, 4)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A tiny program with enforced rows."""
    program = Program()
    binary = program.add_columns(TAG, draw(st.integers(1, 4)))
    whole = program.add_columns(TAG, draw(st.integers(0, 2)), draw(st.integers(-3, 0)), draw(st.integers(0, 3)))
    columns = np.concatenate([binary, whole])
    sized = st.lists(coefficients, min_size=len(columns), max_size=len(columns))
    literal = st.integers(0, len(binary) - 1).flatmap(lambda index: st.sampled_from([index, ~index]))
    for _ in range(draw(st.integers(0, 5))):
        low = draw(st.integers(-8, 8))
        ends = draw(st.sampled_from([{"lower": low}, {"upper": low}, {"lower": low, "upper": low + 2}]))
        when = draw(st.lists(literal, max_size=2))
        program.add_row(TAG, Linear(columns, draw(sized)), **ends, when=when)
    program.expressions["cost"] = Linear(columns, draw(sized), draw(st.integers(-9, 9)))
    return program


def least_cost(program: Program) -> int | None:
    """By trying every point."""
    compiled = program.compile()
    ranges = [range(low, high + 1) for low, high in zip(compiled.lower, compiled.upper, strict=True)]
    points = (np.array(point, dtype=np.int64) for point in product(*ranges))
    return min((compiled.cost(point) for point in points if not len(compiled.violated(point))), default=None)


@pytest.mark.parametrize("inner", INNER)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(program=programs(), slack=st.integers(-3, 3))
def test_agrees_with_brute_force(inner: str, program: Program, slack: int) -> None:
    milp, least = Milp(inner), least_cost(program)
    answer = milp.solve(program, Request())
    if least is None:
        assert answer.verdict is Verdict.INFEASIBLE
        assert milp.solve(program, Request(cutoff=0)).verdict is Verdict.CUTOFF
        return
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, least, least)
    cut = milp.solve(program, Request(cutoff=least + slack))
    if slack < 0:
        assert (cut.verdict, cut.values) == (Verdict.CUTOFF, None)
        assert cut.bound is not None and least + slack < cut.bound <= least
    else:
        assert (cut.verdict, holds(program, cut)) == (Verdict.OPTIMAL, least)


def with_inner(found: Found, *later: Found) -> Milp:
    """A back end whose inner solver claims what it is told to, one thing a call."""

    class Claims:
        abilities = Milp().abilities
        greatest_column = 10**9

        def __init__(self) -> None:
            self.claims = [found, *later]

        def versions(self) -> dict[str, str]:
            return {}

        def run(self, question: Question) -> Found:
            return self.claims.pop(0)

    milp = Milp()
    milp._inner = Claims()
    return milp


def test_a_bound_loses_its_tolerance_and_rises_to_the_grid() -> None:
    compiled = easy().compile()
    for claimed, expected in ((500.0, 3511), (500.0000005, 3511), (500.1, 3518), (499.9999999, 3511)):
        assert floating.safe_bound(compiled, Found("time", None, claimed)) == expected
    assert floating.safe_bound(compiled, Found("time", None, float("-inf"))) is None


def test_optimal_needs_a_bound_that_reaches_the_cost() -> None:
    values = Milp().solve(easy(), Request()).values
    assert values is not None
    answer = with_inner(Found("optimal", values + 1e-7, 556.0)).solve(easy(), Request())
    assert (answer.verdict, answer.bound) == (Verdict.FEASIBLE, 3903)
    assert "does not reach" in answer.notes[0]


def test_a_bound_above_its_own_solution_is_dropped() -> None:
    values = Milp().solve(easy(), Request()).values
    assert values is not None
    answer = with_inner(Found("optimal", values.astype(float), 558.0)).solve(easy(), Request())
    assert (answer.verdict, answer.bound, answer.proof) == (Verdict.FEASIBLE, None, None)


def padded() -> Program:
    """Effort e = 5 needs the switch y, through a big M."""
    program = Program()
    y, e = program.add_columns(TAG, 1)[0], program.add_columns(TAG, 1, 0, 10**7)[0]
    program.add_row(TAG, Linear([e], [1]), lower=5)
    program.add_row(TAG, Linear([e, y], [1, -(10**7)]), upper=0)
    program.expressions["cost"] = Linear([y, e], [100, 1])
    return program


def test_a_big_m_that_leaks_is_caught(milp: Milp) -> None:
    program = padded()
    answer = milp.solve(program, Request())
    assert holds(program, answer) == 105


def test_decisions_are_fixed_and_solved_again() -> None:
    leaks = Found("optimal", np.array([1.0, 3.6]), 104.0)
    mended = Found("optimal", np.array([1.0, 5.0]), 105.0)
    answer = with_inner(leaks, mended).solve(padded(), Request())
    assert (answer.verdict, answer.bound, holds(padded(), answer)) == (Verdict.FEASIBLE, 104, 105)
    assert "fixed" in answer.notes[0]


def test_cp_sat_has_the_last_word() -> None:
    leaks = Found("optimal", np.array([5e-7, 5.0]), 5.0)
    answer = with_inner(leaks, Found("infeasible")).solve(padded(), Request())
    assert (answer.verdict, holds(padded(), answer)) == (Verdict.OPTIMAL, 105)
    assert "CP-SAT" in answer.notes[0]


def test_cp_sat_answers_where_a_search_ends_without_a_verdict() -> None:
    answer = with_inner(Found("unclear")).solve(padded(), Request())
    assert (answer.verdict, holds(padded(), answer)) == (Verdict.OPTIMAL, 105)
    assert "CP-SAT" in answer.notes[0]


SILENT = """
import sys
from threading import Event
sys.path[:0] = {path!r}
from tests.solvers.test_milp import Later, Milp, Request, easy, hard
for inner in {inner!r}:
    milp = Milp(inner)
    milp.solve(easy(), Request())
    milp.solve(easy(), Request(cutoff=1))
    if milp.abilities.hint:
        milp.solve(easy(), Request(hint={{0: 1}}))
    if milp.abilities.interruption:
        milp.solve(hard(), Request(stop=Later(9)))
"""


def test_not_a_byte_on_stdout_or_stderr() -> None:
    code = SILENT.format(path=[str(Path.cwd())], inner=INNER)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_cbc_leaves_no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    Milp("cbc").solve(hard(), Request(stop=Later(9)))
    Milp("cbc").solve(easy(), Request())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("solution", "log", "ended", "has_values", "bound"),
    [
        ("Optimal - objective value 7.00000000\n", "", "optimal", True, 7.0),
        ("Infeasible - objective value 7.0\n** 0 x0 9 0\n", "", "infeasible", False, None),
        ("Integer infeasible - objective value 7.0\n", "", "infeasible", False, None),
        (
            "Stopped on time - objective value 9.0\n",
            "Result - Stopped on time limit\nLower bound:   6.5\n",
            "time",
            True,
            None,
        ),
        (
            "Stopped on time (no integer solution - continuous used) - objective value 6.5\n",
            "Result - Stopped on time limit\n",
            "time",
            False,
            None,
        ),
        ("Stopped on iterations - objective value 9.0\n", "Result - Stopped on node limit\n", "effort", True, None),
        ("Unbounded - objective value -1e50\n", "", "unclear", False, None),
        ("", "", "unclear", False, None),
    ],
)
def test_how_cbc_says_it_ended(solution: str, log: str, ended: str, has_values: bool, bound: float | None) -> None:
    found = pulp_cbc.read(solution, log, Question(easy().compile(), Request()))
    assert (found.ended, found.values is not None, found.bound) == (ended, has_values, bound)


def test_names() -> None:
    assert find("milp").name == "milp:highs"
    assert find("milp:CBC").name == "milp:cbc"
    assert set(find("milp").versions()) == {"pulp", "highspy"}
    with pytest.raises(SolverUnavailable, match=r"highs, cbc, .*GLPK_CMD.*SCIP_CMD"):
        find("milp:excel")
    with pytest.raises(SolverUnavailable, match="no solver called 'cpsat'"):
        find("milp:cpsat")
    with pytest.raises(SolverUnavailable, match="not installed here"):
        find("milp:mipcl")


class Other(pulp.HiGHS):  # type: ignore[misc]
    """Stands for any solver that PuLP has and we do not know."""

    name = "OTHER_PY"

    def createAndConfigureSolver(self, lp: Any) -> None:  # noqa: N802
        lp.solverModel = SilentHighs()


class OtherCommand(Other):
    """The same solver by another way, which is not here."""

    name = "OTHER_CMD"

    def available(self) -> bool:
        return False


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Milp:
    monkeypatch.setattr("pulp.apis._all_solvers", [*pulp.apis._all_solvers, OtherCommand, Other])
    assert pulp_named.class_name("Other") == "OTHER_PY"
    return Milp("other")


def with_loose_column(low: int, high: int) -> Program:
    """An easy program with a column that is in no row and has no cost."""
    program = easy()
    program.add_columns(TAG, 1, low, high)
    return program


@pytest.mark.parametrize("ends", [(2, 5), (-5, -2)])
def test_a_column_in_no_row_stays_within_its_bounds(milp: Milp, ends: tuple[int, int]) -> None:
    program = with_loose_column(*ends)
    assert holds(program, milp.solve(program, Request())) == 3910


def test_a_column_in_no_row_by_any_other_solver(other: Milp) -> None:
    program = with_loose_column(2, 5)
    assert holds(program, other.solve(program, Request())) == 3910


def test_any_other_solver(other: Milp) -> None:
    program = easy()
    answer = other.solve(program, Request())
    assert (answer.verdict, answer.bound, holds(program, answer)) == (Verdict.OPTIMAL, 3910, 3910)
    assert other.solve(program, Request(cutoff=3909)).verdict is Verdict.CUTOFF
    with pytest.raises(SolverRefused, match="a hint, an effort limit"):
        other.solve(program, Request(hint={}, effort_limit=1))


def test_problem_has_the_rows_of_the_program() -> None:
    program = Program()
    x = program.add_columns(TAG, 2, -1, 7)
    program.add_row(TAG, Linear(x, [2, 3]), lower=1, upper=5)
    program.add_row(TAG, Linear(x, [1, 1]), lower=4, upper=4)
    program.add_row(TAG, Linear(x, [1, -1]), lower=0)
    problem, variables = pulp_versions.problem_from(program.compile())
    assert [variable.name for variable in variables] == ["x0", "x1"]
    assert problem.numConstraints() == 4


def test_a_fixed_column_in_no_row_keeps_its_value(milp: Milp) -> None:
    """Some solvers say 0 of a column that no row and no objective names; it needs no second search."""
    program = Program()
    fixed = program.add_columns(Tag("needed"), 1, lower=1)
    column = program.add_columns(Tag("member"), 2)
    program.add_row(Tag("cover"), Linear(column) - Linear(fixed), 0)
    program.expressions["cost"] = Linear(column, [3, 2])
    answer = milp.solve(program, Request())
    assert answer.values is not None
    assert answer.values[fixed].tolist() == [1]
    assert (answer.verdict, answer.bound, answer.notes) == (Verdict.OPTIMAL, 2, ())
