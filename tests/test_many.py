"""Many projects over one pool: the answers of one at a time, whoever does the work, and whatever is wrong with some."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import consortia
from consortia import (
    Instance,
    Pool,
    Project,
    SolverRefused,
    SolverUnavailable,
    SpecError,
    pose,
    prepare,
    solve,
    solve_many,
)
from consortia.many import Result, parcels, sharing
from consortia.many.parcels import Parcel, PoolMissing, Ticket
from consortia.outcome import Outcome
from consortia.solving import answer

COMPETENCES = [
    {"id": "joining"},
    {"id": "welding", "broader": ["joining"]},
    {"id": "laser", "broader": ["welding", "optics"]},
    {"id": "optics"},
    {"id": "certificate"},
]
NAMES = [entry["id"] for entry in COMPETENCES]
RATES = [{"currency": "USD", "rate": "0.9137", "date": "2026-11-01"}]
CHEAP = {"title": "cheap", "cooperation": "any", "rates": RATES, "capabilities": [{"id": "certificate"}]}
WRONG = {"title": "wrong", "cooperation": "any", "capabilities": [{"id": "certificate", "efort": 1}]}
UNKNOWN = {"title": "unknown", "cooperation": "any", "capabilities": [{"id": "juggling"}]}


def drawn_pool(seed: int = 0, size: int = 12) -> dict[str, Any]:
    draw = random.Random(seed)
    partners = []
    for number in range(size):
        offers: list[dict[str, Any]] = []
        for name in draw.sample(NAMES, draw.randint(1, 4)):
            price = {"rate": f"{draw.randint(100, 900)}.{draw.randint(0, 99):02}"} if draw.random() < 0.8 else {}
            offers.append({"competence": name, "level": draw.randint(1, 3), **price})
        partner: dict[str, Any] = {"id": f"p{number}", "joining_cost": draw.randint(0, 300), "offers": offers}
        if draw.random() < 0.5:
            partner["clusters"] = [draw.choice(["north", "south"])]
        if draw.random() < 0.3:
            partner["capacity"] = draw.randint(1, 4)
        if draw.random() < 0.3:
            partner["default_rate"] = {"amount": draw.randint(100, 900), "currency": "USD"}
        partners.append(partner)
    clusters = [{"id": "north", "industry": "a", "fee": 150}, {"id": "south", "industry": "b"}]
    return {"competences": COMPETENCES, "clusters": clusters, "partners": partners}


def drawn_project(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)
    capabilities = []
    for name in draw.sample(NAMES, draw.randint(1, 4)):
        effort = {"effort": draw.randint(1, 3), "providers": draw.choice([1, {"min": 1}])}
        capabilities.append({"id": name, "level": draw.randint(1, 2), **(effort if draw.random() < 0.5 else {})})
    project: dict[str, Any] = {
        "title": f"drawn {seed}",
        "cooperation": draw.choice(["any", "any", "cross-cluster"]),
        "capabilities": capabilities,
        "rates": RATES,
    }
    if draw.random() < 0.3:
        project["budget"] = draw.randint(20, 900)
    if draw.random() < 0.3:
        project["interest"] = {f"p{draw.randint(0, 11)}": "declined"}
    if draw.random() < 0.3:
        project["rules"] = [{"rule": "exclude", "filter": {"cluster": "south"}}]
    return project


PROJECTS = [drawn_project(seed) for seed in range(30)]


@pytest.fixture(scope="module")
def pool() -> dict[str, Any]:
    return drawn_pool()


@pytest.fixture(scope="module")
def alone(pool: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The answers one at a time."""
    return [facts(Result(place, project["title"], solve(project, pool))) for place, project in enumerate(PROJECTS)]


def facts(result: Result) -> tuple[Any, ...]:
    """What must agree: all but the time and which of several equals was found."""
    outcome = result.outcome
    assert outcome is not None, result.error
    return (
        result.position,
        result.name,
        outcome.status,
        outcome.cost,
        outcome.bound,
        outcome.instance.fingerprint(),
        [str(note) for note in outcome.instance.notes],
        [(entry.partner, entry.capability, str(entry.reason)) for entry in outcome.instance.exclusions],
    )


def in_order(results: Iterator[Result]) -> list[tuple[Any, ...]]:
    return sorted((facts(result) for result in results), key=lambda found: found[0])


def test_the_drawn_questions_are_worth_asking(alone: list[tuple[Any, ...]]) -> None:
    statuses = [str(found[2]) for found in alone]
    assert statuses.count("optimal") > 10 and statuses.count("infeasible") > 2
    assert any(found[6] for found in alone) and any(found[7] for found in alone)


# --- whoever does the work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_the_answers_are_those_of_one_at_a_time(
    workers: int, pool: dict[str, Any], alone: list[tuple[Any, ...]]
) -> None:
    assert in_order(solve_many(PROJECTS, pool, workers=workers)) == alone


def processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@pytest.mark.parametrize("made", [lambda: ThreadPoolExecutor(2), processes], ids=["threads", "processes"])
def test_any_executor_will_do(made: Callable[[], Executor], pool: dict[str, Any], alone: list[tuple[Any, ...]]) -> None:
    with made() as executor:
        assert in_order(solve_many(PROJECTS, pool, executor=executor)) == alone
        assert in_order(solve_many(PROJECTS[:2], pool, executor=executor)) == alone[:2]  # it was left open


def test_a_dask_cluster_will_do(pool: dict[str, Any], alone: list[tuple[Any, ...]]) -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert in_order(solve_many(PROJECTS, pool, executor=client.get_executor())) == alone


def test_the_order_of_projects_decides_nothing(pool: dict[str, Any], alone: list[tuple[Any, ...]]) -> None:
    backwards = in_order(solve_many(PROJECTS[::-1], pool, workers=2))
    assert [found[1:] for found in backwards[::-1]] == [found[1:] for found in alone]


def test_projects_are_taken_as_they_are_needed(pool: dict[str, Any]) -> None:
    taken = []

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            taken.append(CHEAP)
            yield CHEAP

    results = solve_many(endless(), pool, workers=1)
    assert next(results).outcome is not None
    results.close()  # type: ignore[attr-defined]
    assert len(taken) < 100


class Counting(Executor):
    """Passes tasks to processes, and counts what travels."""

    def __init__(self, inner: Executor) -> None:
        self.inner, self.sizes = inner, list[int]()

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.sizes.append(len(pickle.dumps(arguments)))
        return self.inner.submit(function, *arguments, **named)


def test_the_pool_travels_once_to_each_process() -> None:
    large = prepare(drawn_pool(1, size=400))
    weight = len(pickle.dumps(Parcel(Ticket(large))))
    with processes() as inner:
        executor = Counting(inner)
        results = list(solve_many([CHEAP] * 200, large, executor=executor, workers=2, solver="greedy"))
    assert len(results) == 200 and all(result.outcome is not None for result in results)
    heavy = [size for size in executor.sizes if size > weight]
    # it travels until every process has it; how many tasks are under way by then is up to the machine
    assert 1 <= len(heavy) < len(executor.sizes)


def test_a_ticket_alone_does_not_bring_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = Ticket(prepare(drawn_pool()))
    sent, parcel = pickle.dumps(ticket), pickle.dumps(Parcel(ticket))
    monkeypatch.setattr(parcels, "_pools", {})  # another process
    with pytest.raises(PoolMissing):
        _ = pickle.loads(sent).pool
    assert pickle.loads(parcel).pool.partners == pickle.loads(sent).pool.partners


# --- what is wrong with some --------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_wrong_with_one_is_its_own_result(workers: int, pool: dict[str, Any], tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    asked = {"good": CHEAP, "wrong": WRONG, "unknown": UNKNOWN, "missing": missing, "odd": 7, "last": CHEAP}
    found = {result.name: result for result in solve_many(asked, pool, workers=workers)}
    assert {name for name, result in found.items() if result.error is None} == {"good", "last"}
    for name, project in asked.items():
        error = found[name].error
        if error is None:
            continue
        assert found[name].outcome is None and isinstance(error, SpecError)
        with pytest.raises(SpecError) as alone:
            solve(project, pool)
        assert list(map(str, error.problems)) == list(map(str, alone.value.problems))


def test_a_failure_that_nobody_foresaw_is_one_result(monkeypatch: pytest.MonkeyPatch, pool: dict[str, Any]) -> None:
    from consortia.many import work

    def fails(instance: Instance, **named: Any) -> Any:
        if instance.title == "drawn 0":
            raise ZeroDivisionError("by mistake")
        return answer(instance, **named)

    monkeypatch.setattr(work, "solve_posed", fails)
    first, second = solve_many([PROJECTS[0], CHEAP], pool, workers=1)
    assert isinstance(first.error, consortia.InternalError) and "by mistake" in str(first.error)
    assert second.outcome is not None


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ({"solver": "nobody"}, SolverUnavailable),
        ({"solver": 3}, TypeError),
        ({"solver": "greedy", "options": {"workers": 2}}, SolverRefused),
        ({"time_limit": -1}, ValueError),
        ({"gap": "x"}, TypeError),
        ({"gap": 2}, ValueError),
        ({"seed": 0.5}, ValueError),
        ({"workers": 0}, ValueError),
        ({"workers": 1.5}, ValueError),
        ({"require": "p1"}, TypeError),
        ({"require": ["nobody"]}, SpecError),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_done(
    named: dict[str, Any], kind: type[Exception], pool: dict[str, Any]
) -> None:
    with pytest.raises(kind):
        solve_many([CHEAP], pool, **named)


def test_a_wrong_pool_and_projects_that_are_none_are_refused_at_once(pool: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        solve_many([CHEAP], {"partners": [{"id": "a"}, {"id": "a"}]})
    with pytest.raises(TypeError, match="a list of them"):
        solve_many("project.yaml", pool)


# --- a pool that is prepared --------------------------------------------------------------------------------------


@pytest.mark.parametrize("project", PROJECTS[:10])
def test_a_prepared_pool_poses_the_same_question(project: dict[str, Any], pool: dict[str, Any]) -> None:
    model = Pool.model_validate(pool)
    for given in (prepare(pool), prepare(model), prepare(prepare(pool))):
        posed, plain = pose(Project.model_validate(project), given), pose(project, pool)
        assert posed.fingerprint() == plain.fingerprint()
        assert list(posed.exclusions) == list(plain.exclusions) and posed.paths == plain.paths


def test_requirements_hold_for_every_project(pool: dict[str, Any]) -> None:
    for result in solve_many([CHEAP, CHEAP], pool, workers=1, require=["p3"], forbid=["p4"]):
        assert result.outcome is not None and result.outcome.consortium is not None
        assert "p3" in result.outcome.consortium.members and "p4" not in result.outcome.consortium.members


@pytest.mark.parametrize("workers", [None, 1, 2])
def test_an_outcome_travels_without_its_pool(workers: int | None, pool: dict[str, Any]) -> None:
    outcome = next(solve_many(PROJECTS, pool, workers=workers)).outcome if workers else solve(PROJECTS[0], pool)
    assert outcome is not None
    again = pickle.loads(pickle.dumps(outcome))
    assert type(again) is Outcome
    assert list(again.instance.exclusions) == list(outcome.instance.exclusions)
    assert again.to_dict() == outcome.to_dict()


def test_a_result_comes_home_without_its_question(monkeypatch: pytest.MonkeyPatch) -> None:
    large = prepare(drawn_pool(1, size=2000))
    sizes = []

    def counted(contents: list[bytes], *arguments: Any) -> Any:
        sizes.extend(map(len, contents))
        return parcels.unpacked(contents, *arguments)

    monkeypatch.setattr(sharing, "unpacked", counted)
    projects = [Project.model_validate(CHEAP), CHEAP]
    for result in solve_many(projects, large, workers=2, solver="greedy"):
        assert result.outcome is not None and len(result.outcome.instance.partners) > 500
        assert result.outcome.instance.fingerprint() == pose(CHEAP, large).fingerprint()
    assert len(sizes) == 2 and max(sizes) < 2_000
