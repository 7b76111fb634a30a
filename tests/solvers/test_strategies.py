"""The strategies ``prices``, ``search`` and ``auto``, on programs of any size: true, monotone, the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from priced_programs import drawn_programs, single_source
from small_programs import Drawn, cover, sourcing
from test_reduction import covers

from consortia.model import build
from consortia.posing import pose
from consortia.program import Program
from consortia.solvers import branching, course, find
from consortia.solvers.contract import Answer, Request, Verdict
from consortia.solvers.improving import Improver
from consortia.solvers.record import Record

ROOT = Path(__file__).resolve().parents[2]
STRATEGIES = ("prices", "search", "auto")
every_strategy = pytest.mark.parametrize("name", STRATEGIES)
UNSHRUNK = (Phase.generate,)  # what fails is small as it is, and making it smaller takes many solves
pytestmark = pytest.mark.usefixtures("nothing_is_small")


class Told:
    """Keeps what a search reports on its way."""

    def __init__(self) -> None:
        self.bests: list[int] = []
        self.bounds: list[int] = []

    def __call__(self, seconds: float, best: int | None, bound: int | None) -> None:
        self.bests += [] if best is None else [best]
        self.bounds += [] if bound is None else [bound]

    def hold(self, least: int | None, cutoff: int | None = None) -> None:
        assert self.bests == sorted(self.bests, reverse=True)
        assert self.bounds == sorted(self.bounds)
        if least is None:
            assert not self.bests
        else:
            assert all(best >= least for best in self.bests)
            assert all(bound <= least for bound in self.bounds)
        assert cutoff is None or all(best <= cutoff for best in self.bests)


@every_strategy
def test_true_on_the_way_and_at_the_end(name: str) -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=120, phases=UNSHRUNK)
    @given(st.one_of(drawn_programs, covers()), st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        told, least = Told(), drawn.least()
        beside = data.draw(st.none() | st.integers(-4, 4))
        cutoff = None if beside is None else (least or 0) + beside
        gap = data.draw(st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 4)]))
        effort = data.draw(st.sampled_from([None, None, 0.0, 0.02]))
        asked = Request(cutoff=cutoff, gap=gap, effort_limit=effort, on_progress=told)
        with pytest.MonkeyPatch.context() as patch:
            look = data.draw(st.sampled_from([None, 0.0, 4.0]))
            patch.setattr(course, "_LEGIBLE", -1 if look is None else 30_000)
            patch.setattr(course, "_LOOK", look)
            patch.setattr(course, "_FAR", data.draw(st.sampled_from([0, 0.05])))
            answer = find(name).solve(drawn.program(), asked)
        told.hold(least, cutoff)
        met[answer.verdict] += 1
        hold_to_solutions(drawn, answer, asked)

    hold()
    assert min(met[verdict] for verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE, Verdict.CUTOFF)) >= 5, met


def hold_to_solutions(drawn: Drawn, answer: Answer, asked: Request) -> None:
    """Hold an answer to all solutions of a program."""
    solutions = drawn.solutions()
    least = min(map(drawn.cost, solutions), default=None)
    sought = [values for values in solutions if asked.cutoff is None or drawn.cost(values) <= asked.cutoff]
    if answer.values is not None:
        values = tuple(answer.values.tolist())
        assert values in sought
    assert answer.bound is None or least is None or answer.bound <= least
    if answer.verdict is Verdict.OPTIMAL:
        assert answer.bound is not None
        assert drawn.cost(values) - answer.bound <= asked.gap * abs(drawn.cost(values))
    elif answer.verdict in (Verdict.INFEASIBLE, Verdict.CUTOFF):
        assert not sought
    else:
        assert answer.stopped == "effort" and asked.effort_limit is not None


@every_strategy
@pytest.mark.parametrize("cutoff", [10**12, 10**40])
def test_a_cutoff_may_be_any_integer(name: str, cutoff: int) -> None:
    program = sourcing(3, 4, 5)
    least = find("cpsat").solve(program, Request()).bound
    assert find(name).solve(program, Request(cutoff=cutoff)).bound == least
    assert find(name).solve(program, Request(cutoff=-cutoff)).verdict is Verdict.CUTOFF


def flagship() -> Program:
    """A program in which many rows are enforced."""
    return build(pose(ROOT / "instances" / "cold-chain.yaml")).program


MEDIUM: dict[str, Callable[[], Program]] = {
    "split": lambda: sourcing(2, 8, 12),
    "single": lambda: single_source(15, 12, 36),
    "cover": lambda: cover(4, 60, 150, 0.08),
    "ruled": flagship,
}


@pytest.fixture
def load() -> Iterator[None]:
    """Keep the machine busy."""
    done = Event()

    def burn() -> None:
        while not done.is_set():
            sum(range(1000))

    threads = [Thread(target=burn, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield
    done.set()
    for thread in threads:
        thread.join()


def answered(name: str, program: Program, seed: int = 0) -> tuple[Any, ...]:
    answer = find(name).solve(program, Request(effort_limit=0.8, seed=seed))
    values = None if answer.values is None else tuple(answer.values.tolist())
    return answer.verdict, answer.bound, answer.stopped, values


@every_strategy
@pytest.mark.parametrize("kind", MEDIUM)
def test_the_same_answer_whatever_else_the_machine_does(
    name: str, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "_LOOK", 0.3)  # so that CP-SAT goes on alone after it
    alone = answered(name, MEDIUM[kind]())
    request.getfixturevalue("load")
    assert answered(name, MEDIUM[kind]()) == alone


def test_the_second_meeting_takes_what_the_first_round_found() -> None:
    record = Record(cover(4, 60, 150, 0.08).compile(), Request())
    improver = Improver(record, np.zeros(150, dtype=np.int64), {}, patient=True, shares=True)
    side = Thread(target=improver.run, daemon=True)
    side.start()
    improver.meet()
    assert record.values is None
    improver.meet()
    improver.retire()
    side.join()
    assert record.values is not None


class Looks(course.Course):
    """Keeps the efforts of CP-SAT's looks."""

    efforts: list[float | None]

    def _look(self, effort: float | None) -> None:
        self.efforts.append(effort)
        super()._look(effort)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    efforts: list[float | None] = []
    monkeypatch.setattr(Looks, "efforts", efforts, raising=False)
    monkeypatch.setattr("consortia.solvers.course.Course", Looks)
    return efforts


def test_where_rules_are_many_cpsat_has_the_first_look_and_goes_on(
    looks: list[float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "_LOOK", 0.3)
    answered("auto", flagship())
    assert looks == [0.3, None]


def test_where_the_tree_has_proven_more_it_goes_on(looks: list[float | None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "_LOOK", 0.0)
    monkeypatch.setattr(course, "_FAR", 0.0)
    answer = find("auto").solve(sourcing(2, 8, 12), Request(effort_limit=3))
    assert looks == [0.0]
    assert answer.verdict is Verdict.OPTIMAL


@pytest.mark.parametrize("kind", ["single", "cover"])
def test_no_look_where_a_local_search_knows_better(
    kind: str, looks: list[float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "_FAR", 0.0)
    answered("auto", MEDIUM[kind]())
    assert not looks


class Backwards:
    """A pool that works on what it is given from the last to the first."""

    def __init__(self, workers: int) -> None:
        pass

    def __enter__(self) -> Backwards:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def map(self, function: Callable[..., Any], *arguments: Iterable[Any]) -> list[Any]:
        tasks = list(zip(*arguments, strict=False))
        return [function(*task) for task in reversed(tasks)][::-1]


@pytest.mark.parametrize(("patterned", "raises"), [(True, 1.0), (False, branching._SLOW), (False, 1e9)])
@pytest.mark.parametrize("seed", range(11, 16))
def test_the_same_tree_whichever_node_is_done_first(
    seed: int, patterned: bool, raises: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Priced by patterns, and without; also where every node's multipliers are raised."""
    monkeypatch.setattr(branching, "_SLOW", raises)
    monkeypatch.setattr(course, "_is_patterned", lambda relaxation: patterned)
    trees: list[branching.Tree] = []
    kind: type[branching.Tree] = course.PatternTree if patterned else branching.Tree

    class Kept(kind):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            trees.append(self)

    monkeypatch.setattr(course, kind.__name__, Kept)
    forwards = answered("prices", single_source(seed, 12, 36))
    monkeypatch.setattr(branching, "ThreadPoolExecutor", Backwards)
    assert answered("prices", single_source(seed, 12, 36)) == forwards
    assert trees[0].nodes == trees[1].nodes
    assert trees[0]._lift == trees[1]._lift
    assert np.array_equal(trees[0]._gains._gain, trees[1]._gains._gain)
