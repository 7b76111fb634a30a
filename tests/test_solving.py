"""The one verb: statuses and their limits, back ends that lie, interruption, determinism."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consortia import solvers
from consortia.checking import verify
from consortia.consortium import Consortium
from consortia.errors import InternalError, SolverRefused, SolverUnavailable, SpecError
from consortia.instance import Instance
from consortia.model import build
from consortia.outcome import Status
from consortia.program import OutOfTime
from consortia.progress import Progress
from consortia.solvers.contract import Abilities, Answer, Request, Verdict
from consortia.solvers.cpsat import CpSat
from consortia.solving import solve

EXACT = ("cpsat", "milp", "exhaustive")
ROOT = Path(__file__).resolve().parents[1]


def small() -> Instance:
    """Three competences; the best pair costs 7, the dearest of all 15."""
    return Instance.from_arrays(
        partners=["a", "b", "c", "d"],
        capabilities=3,
        joining=[3, 4, 5, 3],
        holds=([0, 0, 1, 1, 2, 2, 3], [0, 1, 1, 2, 0, 2, 1]),
    )


def infeasible() -> Instance:
    return Instance.from_arrays(partners=["a"], capabilities=2, joining=[1], holds=([0], [0]))


def hard(capabilities: int = 120, partners: int = 400) -> Instance:
    """A cover whose optimum nobody proves soon; a small one is proven at once."""
    draw = np.random.default_rng(5)
    who, what = np.nonzero(draw.random((partners, capabilities)) < 0.05)
    everything = np.arange(capabilities)  # dear partners that hold one each: there always is a consortium
    return Instance.from_arrays(
        partners=partners + capabilities,
        capabilities=capabilities,
        joining=[*draw.integers(90, 111, partners).tolist(), *[500] * capabilities],
        holds=(np.concatenate([who, partners + everything]), np.concatenate([what, everything])),
    )


# --- statuses, limits, wishes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", EXACT)
def test_optimal(solver: str) -> None:
    outcome = solve(small(), solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert outcome.proven
    assert outcome.cost == outcome.bound == 7
    assert outcome.gap == 0
    assert outcome.stopped is None
    assert outcome.proof == ("tolerance" if solver == "milp" else "exact")
    assert outcome.consortium is not None
    assert set(outcome.consortium.members) == {"a", "b"}


@pytest.mark.parametrize("solver", EXACT)
def test_infeasible(solver: str) -> None:
    outcome = solve(infeasible(), solver=solver)
    assert outcome.status is Status.INFEASIBLE
    assert (outcome.cost, outcome.bound, outcome.gap, outcome.consortium) == (None, None, None, None)
    assert outcome.proof is not None
    assert not outcome.proven
    assert outcome.own_costs() == {}


def test_the_greedy_back_end_gives_a_start_and_no_proof() -> None:
    outcome = solve(small(), solver="greedy")
    assert outcome.status is Status.FEASIBLE
    assert outcome.cost is not None
    assert outcome.cost >= 7
    assert outcome.gap is None
    assert outcome.proof is None


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("cutoff", [7.5, 8, "7.01", Decimal("1e9")])
def test_a_cutoff_above_the_optimum_finds_it(solver: str, cutoff: Any) -> None:
    outcome = solve(small(), solver=solver, cutoff=Decimal(str(cutoff)))
    assert (outcome.status, outcome.cost) == (Status.OPTIMAL, 7)


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("cutoff", [7, 6, 3, 1])
def test_only_what_costs_less_than_the_cutoff_counts(solver: str, cutoff: int) -> None:
    outcome = solve(small(), solver=solver, cutoff=cutoff)
    assert outcome.status is Status.UNKNOWN
    assert outcome.stopped == "cutoff"
    assert outcome.bound == cutoff
    assert outcome.proof is not None
    assert (outcome.cost, outcome.consortium) == (None, None)


@pytest.mark.parametrize("solver", EXACT)
def test_infeasible_under_a_cutoff_is_not_known_to_be_infeasible(solver: str) -> None:
    outcome = solve(infeasible(), solver=solver, cutoff=100)
    assert (outcome.status, outcome.stopped, outcome.bound) == (Status.UNKNOWN, "cutoff", 100)


def test_a_cutoff_finer_than_the_money() -> None:
    assert solve(small(), cutoff=Decimal("7.001")).cost == 7
    outcome = solve(small(), cutoff=Decimal("6.999"))
    assert outcome.stopped == "cutoff"
    assert outcome.bound is not None
    assert Decimal("6.999") <= outcome.bound <= 7


@pytest.mark.parametrize("gap", [0.5, Fraction(1, 3), Decimal("0.9")])
def test_a_gap_is_kept(gap: Any) -> None:
    outcome = solve(hard(50, 100), gap=gap, solver="cpsat")
    assert outcome.status is Status.OPTIMAL
    assert outcome.gap is not None
    assert outcome.gap <= Fraction(str(gap)) if not isinstance(gap, Fraction) else outcome.gap <= gap


def test_wrong_limits_are_refused() -> None:
    for wrong in ({"time_limit": -1}, {"effort_limit": float("inf")}, {"gap": float("nan")}, {"cutoff": float("nan")}):
        with pytest.raises(ValueError, match="finite"):
            solve(small(), **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        solve(small(), limit=3)  # type: ignore[call-arg]
    with pytest.raises(SolverRefused, match="no such"):
        solve(small(), options={"no such": 1})
    with pytest.raises(SolverUnavailable, match="magic"):
        solve(small(), solver="magic")


@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ({"solver": None}, TypeError),
        ({"time_limit": "5"}, TypeError),
        ({"time_limit": True}, TypeError),
        ({"effort_limit": "much"}, TypeError),
        ({"gap": "1%"}, TypeError),
        ({"gap": None}, TypeError),
        ({"gap": 1}, ValueError),
        ({"cutoff": "much"}, ValueError),
        ({"seed": "a"}, ValueError),
        ({"seed": 1.5}, ValueError),
        ({"seed": -1}, ValueError),
        ({"on_progress": 5}, TypeError),
        ({"hint": {"members": []}}, TypeError),
        ({"hint": 5}, TypeError),
        ({"hint": ["nobody"]}, SpecError),
        ({"hint": [5]}, SpecError),
        ({"require": 5}, TypeError),
        ({"require": None}, TypeError),
        ({"forbid": [5]}, SpecError),
    ],
)
def test_arguments_of_the_wrong_kind_are_named(argument: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        solve(small(), **argument)
    name = next(iter(argument))
    assert name in str(raised.value) or "nobody" in str(raised.value) or "partners' ids" in str(raised.value)


def test_a_seed_may_come_from_an_array() -> None:
    assert solve(small(), seed=np.int64(3)).cost == 7  # type: ignore[arg-type]


def test_what_a_back_end_cannot_is_refused_aloud() -> None:
    with pytest.raises(SolverRefused, match="a hint"):
        solve(small(), solver="exhaustive", hint=["a"])


def test_hints() -> None:
    best = solve(small())
    for hint in (best, best.consortium, ["a", "b"], ["c"], Consortium({"a": None, "ghost": None}), [], ("d",)):
        assert solve(small(), hint=hint).cost == 7
    with pytest.raises(TypeError, match="hint"):
        solve(small(), hint="a")


@pytest.mark.parametrize("solver", EXACT)
def test_require_and_forbid(solver: str) -> None:
    required = solve(small(), solver=solver, require=["c"])
    assert required.cost == 8
    assert required.consortium is not None
    assert "c" in required.consortium.members
    assert solve(small(), solver=solver, forbid=["b"]).cost == 8
    assert solve(small(), solver=solver, require=["a"], forbid=["a"]).status is Status.INFEASIBLE
    # one more than is needed, by name
    assert solve(small(), solver=solver, require=["a", "b", "d"]).cost == 10


def test_require_and_forbid_name_partners() -> None:
    with pytest.raises(SpecError, match="there is no partner e"):
        solve(small(), require=["e"])
    with pytest.raises(TypeError):
        solve(small(), forbid="a")


def test_progress_is_told_and_can_stop_the_search() -> None:
    seen: list[Progress] = []

    def stop(progress: Progress) -> bool:
        seen.append(progress)
        return progress.best is not None

    outcome = solve(hard(), solver="cpsat", on_progress=stop, time_limit=60)
    assert outcome.status is Status.FEASIBLE
    assert outcome.stopped == "interrupted"
    assert outcome.cost is not None
    assert outcome.bound is not None
    assert outcome.bound <= outcome.cost
    assert all(isinstance(progress, Progress) for progress in seen)
    bests = [progress.best for progress in seen if progress.best is not None]
    assert bests == sorted(bests, reverse=True)


def test_what_fails_in_a_progress_function_reaches_the_caller() -> None:
    def fail(progress: Progress) -> None:
        raise RuntimeError("no paper in the printer")

    with pytest.raises(RuntimeError, match="printer"):
        solve(hard(), solver="cpsat", on_progress=fail, time_limit=60)


def test_the_bound_is_kept_when_no_consortium_was_found() -> None:
    outcome = solve(hard(), solver="cpsat", effort_limit=1e-6)
    assert outcome.stopped == "effort"
    if outcome.consortium is None:
        assert outcome.status is Status.UNKNOWN
        assert outcome.bound is not None
        assert outcome.bound >= 0


# --- back ends that lie -------------------------------------------------------------------------------------------


@dataclass
class Liar:
    """Solves with CP-SAT and tells something else."""

    lie: Callable[[Answer, Request], Answer]
    name: str = "liar"
    abilities: Abilities = CpSat.abilities

    def versions(self) -> dict[str, str]:
        return {}

    def solve(self, program: Any, request: Request) -> Answer:
        honest = CpSat().solve(program, replace(request, cutoff=None, hint=None))
        return self.lie(honest, request)


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    def ask(lie: Callable[[Answer, Request], Answer], question: Instance | None = None, **wishes: Any) -> Any:
        monkeypatch.setattr(solvers, "find", lambda name: Liar(lie))
        return solve(question or small(), solver="liar", **wishes)

    return ask


def everything(answer: Answer, request: Request) -> Answer:
    """Return the dearest consortium as if it were the best."""
    assert answer.values is not None
    return replace(answer, values=np.ones_like(answer.values), bound=15)


def test_an_honest_back_end_passes(liar: Any) -> None:
    assert liar(lambda answer, request: answer).cost == 7


LIES: dict[str, tuple[Callable[[Answer, Request], Answer], dict[str, Any], str]] = {
    "a bound above its own cost": (lambda a, r: replace(a, bound=8), {}, "above"),
    "a bound above the hint's cost": (
        lambda a, r: Answer(Verdict.UNKNOWN, bound=9, proof="exact"),
        {"hint": ["a", "b"]},
        "above",
    ),
    "a bound above the hint's cost under a cut-off": (
        lambda a, r: Answer(Verdict.UNKNOWN, bound=9, proof="exact"),
        {"hint": ["a", "b"], "cutoff": 8},
        "above",
    ),
    "a consortium that breaks the rules": (
        lambda a, r: replace(a, values=np.zeros_like(a.values)),
        {},
        "breaks: nobody supplies",
    ),
    "optimal without a proof": (lambda a, r: replace(a, bound=None), {}, "does not reach"),
    "optimal with a bound that is too low": (lambda a, r: replace(a, bound=6), {}, "does not reach"),
    "optimal with a proof of no grade": (lambda a, r: replace(a, proof=None), {}, "how far its proof reaches"),
    "optimal without a consortium": (lambda a, r: replace(a, values=None), {}, "gives no consortium"),
    "feasible without a consortium": (
        lambda a, r: Answer(Verdict.FEASIBLE, bound=3, proof="exact"),
        {},
        "gives no consortium",
    ),
    "infeasible with a consortium": (lambda a, r: replace(a, verdict=Verdict.INFEASIBLE), {}, "a consortium is known"),
    "infeasible though the hint is a consortium": (
        lambda a, r: Answer(Verdict.INFEASIBLE, proof="exact"),
        {"hint": Consortium({"a": None, "b": None, "c": None})},
        "a consortium is known",
    ),
    "nothing below the cut-off though the hint is": (
        lambda a, r: Answer(Verdict.CUTOFF, proof="exact"),
        {"hint": ["a", "b"], "cutoff": 8},
        "a consortium is known",
    ),
    "infeasible under a cut-off though the hint is below it": (
        lambda a, r: Answer(Verdict.INFEASIBLE, proof="exact"),
        {"hint": ["a", "b"], "cutoff": 8},
        "a consortium is known",
    ),
    "infeasible without a proof": (lambda a, r: Answer(Verdict.INFEASIBLE), {}, "how far its proof reaches"),
    "a cut-off that nobody asked for": (lambda a, r: Answer(Verdict.CUTOFF, proof="exact"), {}, "not asked for"),
    "a cost that is not below the cut-off": (everything, {"cutoff": 8}, "not below the cut-off"),
    "a cost equal to the cut-off": (lambda a, r: a, {"cutoff": 7}, "not below the cut-off"),
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_are_caught(liar: Any, lie: str) -> None:
    tell, wishes, expected = LIES[lie]
    with pytest.raises(InternalError, match=expected):
        liar(tell, **wishes)


def test_feasible_that_reaches_its_bound_is_optimal(liar: Any) -> None:
    outcome = liar(lambda answer, request: replace(answer, verdict=Verdict.FEASIBLE))
    assert outcome.status is Status.OPTIMAL


def test_optimal_within_the_gap_asked_for(liar: Any) -> None:
    outcome = liar(lambda answer, request: replace(answer, bound=6), gap=Fraction(1, 7))
    assert outcome.status is Status.OPTIMAL
    assert outcome.gap == Fraction(1, 7)
    assert not outcome.proven
    with pytest.raises(InternalError, match="does not reach"):
        liar(lambda answer, request: replace(answer, bound=6), gap=Fraction(1, 8))


def test_infeasible_under_a_cutoff_says_nothing_of_dearer_ones(liar: Any) -> None:
    """PuLP's solvers say infeasible where nothing is below the cut-off; a dearer hint does not contradict that."""
    lie = lambda answer, request: Answer(Verdict.INFEASIBLE, proof="exact")  # noqa: E731
    for hint in (None, ["a", "b"]):
        outcome = liar(lie, cutoff=7, hint=hint)
        assert (outcome.status, outcome.stopped, outcome.bound) == (Status.UNKNOWN, "cutoff", 7)


def test_a_bound_says_nothing_beyond_the_cutoff(liar: Any) -> None:
    outcome = liar(lambda a, r: Answer(Verdict.UNKNOWN, bound=50, proof="exact", stopped="time"), cutoff=7)
    assert (outcome.status, outcome.bound) == (Status.UNKNOWN, 7)


def test_the_cost_is_recomputed_and_never_believed(liar: Any) -> None:
    def dearer(answer: Answer, request: Request) -> Answer:
        return replace(everything(answer, request), bound=7, verdict=Verdict.FEASIBLE)

    outcome = liar(dearer)
    assert (outcome.status, outcome.cost, outcome.bound) == (Status.FEASIBLE, 15, 7)


def test_what_fails_inside_a_back_end_reaches_the_caller(liar: Any) -> None:
    def fail(answer: Answer, request: Request) -> Answer:
        raise RuntimeError("out of order")

    with pytest.raises(RuntimeError, match="out of order"):
        liar(fail)


# --- interruption -------------------------------------------------------------------------------------------------


@pytest.fixture
def handler() -> Iterator[None]:
    """Leave Python's own handling of interrupts as it was, and see that solving did so as well."""
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


def interrupt(after: float, times: int = 1, when: Callable[[], bool] = lambda: True) -> threading.Thread:
    def work() -> None:
        limit = time.monotonic() + 60
        while not when() and time.monotonic() < limit:
            time.sleep(0.005)
        for _ in range(times):
            time.sleep(after)
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@dataclass
class Deaf:
    """A back end that waits for the interrupt, and whose patience after it can be set."""

    found: bool
    patience: threading.Event
    begun: threading.Event
    name: str = "deaf"
    abilities: Abilities = CpSat.abilities

    def versions(self) -> dict[str, str]:
        return {}

    def solve(self, program: Any, request: Request) -> Answer:
        honest = CpSat().solve(program, Request())
        self.begun.set()
        assert request.stop.wait(60)
        assert self.patience.wait(60)
        if self.found:
            return replace(honest, verdict=Verdict.FEASIBLE, bound=1, stopped="interrupted")
        return Answer(Verdict.UNKNOWN, bound=1, proof="exact", stopped="interrupted")


@pytest.mark.parametrize("found", [False, True], ids=["before a first consortium", "after one"])
def test_an_interrupt_gives_the_best_so_far(monkeypatch: pytest.MonkeyPatch, handler: None, found: bool) -> None:
    deaf = Deaf(found, threading.Event(), threading.Event())
    deaf.patience.set()
    monkeypatch.setattr(solvers, "find", lambda name: deaf)
    thread = interrupt(0.01, when=deaf.begun.is_set)
    outcome = solve(small())
    thread.join()
    assert outcome.stopped == "interrupted"
    assert outcome.status is (Status.FEASIBLE if found else Status.UNKNOWN)
    assert outcome.bound == 1


def test_a_second_interrupt_is_raised(monkeypatch: pytest.MonkeyPatch, handler: None) -> None:
    deaf = Deaf(True, threading.Event(), threading.Event())
    monkeypatch.setattr(solvers, "find", lambda name: deaf)
    thread = interrupt(0.2, times=2, when=deaf.begun.is_set)
    with pytest.raises(KeyboardInterrupt):
        solve(small())
    deaf.patience.set()
    thread.join()


@pytest.mark.parametrize("solver", ["cpsat", "milp", "milp:cbc", "exhaustive"])
def test_every_back_end_is_interrupted_again_and_again(solver: str, handler: None) -> None:
    """Before a first consortium or after one, and after an earlier solve: whichever it is, the answer is true."""
    question = hard()
    try:
        solve(small(), solver=solver)
    except SolverUnavailable as absent:
        pytest.skip(str(absent))
    for _ in range(2):
        thread = interrupt(0.4)
        outcome = solve(question, solver=solver, time_limit=120)
        thread.join()
        assert outcome.stopped == "interrupted"
        assert outcome.seconds < 60
        assert outcome.status in (Status.FEASIBLE, Status.UNKNOWN)
        if outcome.consortium is not None:
            assert verify(question, outcome.consortium).valid
    assert solve(small(), solver=solver).cost == 7


@pytest.mark.parametrize("solver", ["cpsat", "milp", "exhaustive"])
def test_after_a_first_consortium_an_interrupt_keeps_it(solver: str, handler: None) -> None:
    found = threading.Event()

    def look(progress: Progress) -> None:
        if progress.best is not None:
            found.set()

    thread = interrupt(0.01, when=found.is_set)
    outcome = solve(hard(), solver=solver, time_limit=120, on_progress=look)
    thread.join()
    assert outcome.status is Status.FEASIBLE
    assert outcome.stopped == "interrupted"


# --- the same again -----------------------------------------------------------------------------------------------

AGAIN = """
import sys
sys.path.insert(0, sys.argv[1])
from test_solving import hard
from consortia.solving import solve
outcome = solve(hard(30, 60), solver=sys.argv[2], seed=3)
print(outcome.status.value, outcome.cost, sorted(outcome.consortium.members))
"""


@pytest.mark.parametrize("solver", ["cpsat", "milp", "greedy"])
def test_the_same_question_has_the_same_answer(solver: str) -> None:
    first, second = (solve(hard(30, 60), solver=solver, seed=3) for _ in range(2))
    assert first.consortium == second.consortium
    said = set()
    for hashes in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", AGAIN, str(Path(__file__).parent), solver]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        said.add(ran.stdout)
    assert first.consortium is not None
    assert said == {f"{first.status.value} {first.cost} {sorted(first.consortium.members)}\n"}


def test_the_time_limit_counts_building(monkeypatch: pytest.MonkeyPatch) -> None:
    from consortia import solving

    limits: list[float | None] = []

    def slow(instance: Instance, deadline: float | None) -> Any:
        monkeypatch.setattr(time, "monotonic", lambda: now + 7.0)
        return build(instance, deadline)

    def run(solver: Any, model: Any, request: Request) -> Answer:
        limits.append(request.time_limit)
        return run_really(solver, model, request)

    now, build, run_really = time.monotonic(), solving.build, solving._run
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(solving, "build", slow)
    monkeypatch.setattr(solving, "_run", run)
    assert solve(small(), solver="cpsat", time_limit=10).status is Status.OPTIMAL
    assert limits == [pytest.approx(3.0)]


def test_time_that_is_over_before_the_question_is_written_gives_no_answer_and_no_error() -> None:
    outcome = solve(small(), time_limit=0)
    assert (outcome.status, outcome.stopped, outcome.consortium) == (Status.UNKNOWN, "time", None)
    assert outcome.bound is None and outcome.stages[0].status is Status.UNKNOWN
    with pytest.raises(OutOfTime):
        build(small(), deadline=time.monotonic() - 1)
