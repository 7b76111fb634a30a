"""Fronts: complete and not surpassed, held to all consortia that there are; what is open when a limit came first."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from combining import combinations, coordination, funding, service
from drawing import COMPETENCES, PARTNERS
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lexicographic import candidates, complete

from consortia import Instance, SpecError, front, pose, solve
from consortia.checking import verify
from consortia.explaining.bounds import Bound
from consortia.explaining.fronts import Front, OpenPart
from consortia.explaining.quadrants import inside, largest, split
from consortia.expressions import EXPRESSIONS
from consortia.outcome import Status

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)  # what fails is small as it is, and making it smaller takes many solves
Values = tuple[Fraction, ...]
POOL: dict[str, Any] = {
    "clusters": [{"id": "north", "fee": 3}],
    "partners": [
        {
            "id": "ada",
            "reliability": "0.8",
            "offers": [{"competence": "films", "rate": 10}, {"competence": "lab", "fixed": 9}],
        },
        {"id": "bor", "reliability": "0.95", "offers": [{"competence": "films", "rate": "11.5"}]},
        {"id": "cid", "reliability": "0.9", "clusters": ["north"], "offers": [{"competence": "lab", "fixed": 2}]},
    ],
}
PROJECT: dict[str, Any] = {
    "title": "Films",
    "cooperation": "any",
    "effort_step": 1,
    "capabilities": [{"id": "films", "effort": 2, "providers": 1}, {"id": "lab", "mode": "delivered"}],
}
# ada and cid 25 at 0.8, bor and cid 28 at 0.9, ada alone 29 at 0.8, bor and ada 32 at 0.8


def signs(names: Iterable[str]) -> list[int]:
    return [-1 if EXPRESSIONS[name].maximised else 1 for name in names]


def at_least_as_good(one: Values, other: Values, names: tuple[str, ...]) -> bool:
    return all(sign * first <= sign * second for sign, first, second in zip(signs(names), one, other, strict=True))


def values(instance: Instance, names: tuple[str, ...], consortium: Any) -> Values:
    found = ((EXPRESSIONS[name].value(instance, consortium), EXPRESSIONS[name].scale(instance)) for name in names)
    return tuple(Fraction(units, scale) for units, scale in found)


def expected(instance: Instance, names: tuple[str, ...]) -> set[Values]:
    """Return the values of all consortia that no other equals in all objectives and surpasses in one."""
    plain = instance.replace(objectives=(("cost", Fraction(0)),))
    ranked = [(values(plain, names, one), place, one) for place, one in enumerate(candidates(plain))]
    ranked.sort(
        key=lambda entry: ([sign * value for sign, value in zip(signs(names), entry[0], strict=True)], entry[1])
    )
    best: list[Values] = []  # whatever surpasses another comes before it
    for reached, _, candidate in ranked:
        if not any(at_least_as_good(one, reached, names) for one in best) and complete(plain, candidate) is not None:
            best.append(reached)
    return set(best)


def hold_points(found: Front, instance: Instance, names: tuple[str, ...]) -> None:
    """Hold every point to the question and to its own values."""
    assert found.objectives == names
    for point in found.points:
        consortium = point.outcome.consortium
        assert consortium is not None and point.members == tuple(consortium.members)
        assert verify(instance, consortium).valid
        assert values(instance, names, consortium) == point.values
        assert point.proof is not None
    first = [signs(names)[0] * point.values[0] for point in found.points]
    assert first == sorted(first)


def in_part(point: Values, part: OpenPart, names: tuple[str, ...]) -> bool:
    """Tell whether values are within the limits of a part, and no better than its bound."""
    reached = dict(zip(names, point, strict=True))
    sign = dict(zip(names, signs(names), strict=True))
    within = all(sign[name] * reached[name] <= sign[name] * limit for name, limit in part.limits.items())
    leading = part.objective
    return within and (part.bound is None or sign[leading] * reached[leading] >= sign[leading] * part.bound)


def known(project: dict[str, Any]) -> list[str]:
    """Return the expressions that mean something in a project."""
    names = ["cost", "members", "clusters", "affinity", "reliability"]
    names += ["value"] if any(capability.get("value") for capability in project["capabilities"]) else []
    names += ["coordination"] if any(made["cost"] == "coordination" for made in project.get("costs", ())) else []
    return names + (["grant", "own contribution", "eligible cost", "total cost"] if "funding" in project else [])


price = st.integers(1, 30)


@st.composite
def varied(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a question with much to choose from: four partners, most of them able, each with a cluster of its own."""
    industries = st.sampled_from(["digital", "health", "energy", "transport", "creative"])
    partners = []
    for number, reliability in enumerate(draw(st.permutations(["0.5", "0.8", "0.9", 1]))):
        offers = [{"competence": name, "fixed": draw(price)} for name in ("laser", "films") if draw(st.integers(0, 3))]
        made = {"reliability": reliability, "industry": draw(industries), "offers": offers}
        partners.append({"id": PARTNERS[number], "clusters": [f"k{number}"], **made})
    wanted = [{"id": name, "mode": "delivered", "providers": 1} for name in ("laser", "films")]
    wanted.append({"id": "more", "competence": "films", "mode": "delivered", "optional": True, "value": draw(price)})
    project = {"title": "varied", "cooperation": "any", "capabilities": wanted, "rules": []}
    clusters = [{"id": f"k{number}", "fee": draw(price)} for number in range(4)]
    pool = {"clusters": clusters, "partners": partners, "competences": COMPETENCES}
    if draw(st.booleans()):
        draw(st.sampled_from([coordination, funding, service]))(draw, project, pool)
    return project, pool


@st.composite
def trade_offs(draw: st.DrawFn) -> tuple[Instance, tuple[str, ...]]:
    project, pool = draw(varied() | varied() | varied() | combinations())
    names = draw(st.permutations(known(project)))[: draw(st.integers(2, 3))]
    if "cost" not in names and draw(st.booleans()):
        names[0] = "cost"
    return pose(project, pool), tuple(names)


def hold(question: tuple[Instance, tuple[str, ...]], solver: str, stop: int, met: Counter[str]) -> None:
    """Hold a front to the oracle, and one that is ended early to what it says is open."""
    instance, names = question
    wanted = expected(instance, names)
    found = front(instance, objectives=names, solver=solver)
    hold_points(found, instance, names)
    assert {point.values for point in found.points} == wanted and len(found.points) == len(wanted)
    assert found.status is (Status.OPTIMAL if wanted else Status.INFEASIBLE)
    assert (found.open, found.stopped, found.complete) == ((), None, bool(wanted))
    assert found.proof is not None
    met[f"{len(names)} objectives, {min(len(wanted), 3)} points"] += 1
    met["most points"] = max(met["most points"], len(wanted))
    early = front(instance, objectives=names, solver=solver, on_step=lambda step: step.done >= stop)
    assert early.asked <= stop
    assert (early.stopped == "interrupted") == bool(early.open)
    met["ended early"] += hold_what_is_open(early, instance, names, wanted)


def hold_what_is_open(found: Front, instance: Instance, names: tuple[str, ...], wanted: set[Values]) -> bool:
    """Hold a front that is not complete to where it says that more may lie; tell whether anything is missing."""
    hold_points(found, instance, names)
    reached = {point.values for point in found.points}
    assert reached <= wanted and len(reached) == len(found.points)
    assert all(any(in_part(point, part, names) for part in found.open) for point in wanted - reached)
    for candidate in (part.found for part in found.open if part.found is not None):
        others = reached | {part.found.values for part in found.open if part.found is not None} - {candidate.values}
        assert not any(at_least_as_good(other, candidate.values, names) for other in others - {candidate.values})
    if found.open:
        assert found.status is (
            Status.FEASIBLE if reached or any(part.found for part in found.open) else Status.UNKNOWN
        )
    return reached != wanted


def drawn(cases: int) -> Counter[str]:
    met: Counter[str] = Counter()

    @settings(max_examples=cases, phases=UNSHRUNK)
    @given(trade_offs(), st.sampled_from(["cpsat", "cpsat", "cpsat", "milp:highs", "auto"]), st.integers(1, 4))
    def draw(question: tuple[Instance, tuple[str, ...]], solver: str, stop: int) -> None:
        hold(question, solver, stop, met)

    draw()
    return met


def test_fronts_are_complete_and_not_surpassed() -> None:
    met = drawn(80)
    assert met["2 objectives, 3 points"] + met["3 objectives, 3 points"] >= 5 <= met["ended early"], met


@pytest.mark.slow
def test_many_fronts_are_complete_and_not_surpassed() -> None:
    met = drawn(MANY)
    assert met["2 objectives, 3 points"] + met["3 objectives, 3 points"] >= MANY // 50 and met["ended early"], met


def cover(seed: int) -> Instance:
    """Make up who holds what: eight partners, dear where reliable, in three clusters and five industries."""
    chance = random.Random(seed)
    partners = []
    for number in range(8):
        reliability = chance.choice(["0.6", "0.7", "0.8", "0.9", "0.95"])
        held = chance.sample(["a", "b", "c", "d"], chance.randint(1, 3))
        made = {"joining_cost": chance.randint(1, 20) * len(held) + int(float(reliability) * 20)}
        made.update(reliability=reliability, industry=chance.choice(["digital", "health", "energy", "transport"]))
        place = {"clusters": [f"k{chance.randint(0, 2)}"], "offers": [{"competence": name} for name in held]}
        partners.append({"id": f"p{number}", **made, **place})
    clusters = [{"id": f"k{number}", "fee": chance.randint(0, 15)} for number in range(3)]
    capabilities = [{"id": name} for name in ("a", "b", "c", "d")]
    return pose(
        {"title": "cover", "cooperation": "any", "capabilities": capabilities},
        {"partners": partners, "clusters": clusters},
    )


def test_fronts_with_many_points() -> None:
    met: Counter[str] = Counter()
    for seed in range(8):
        hold((cover(seed), ("cost", "reliability", "affinity")), "cpsat", seed + 1, met)
        hold((cover(seed), ("clusters", "cost", "reliability")), "cpsat", seed + 1, met)
    assert met["most points"] >= 6 and met["3 objectives, 3 points"] >= 10, met


def test_what_is_open_after_little_effort() -> None:
    names, met = ("cost", "reliability", "affinity"), Counter[bool]()
    for seed in range(4):
        wanted = expected(cover(seed), names)
        for effort, time_limit in product((0, 0.0002, 0.001, 0.01), (None, 1000)):
            limits = {"effort_limit": effort, "time_limit": time_limit}
            found = front(cover(seed), objectives=names, solver="cpsat", **limits)
            met[hold_what_is_open(found, cover(seed), names, wanted)] += 1
            assert found.stopped in (None, "effort")
    assert min(met[True], met[False]) > 0, met


@pytest.mark.parametrize("time_limit", [0.05, 0.2, 0.5, 100])
def test_whatever_the_time_what_is_open_is_said(time_limit: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consortia.explaining.sweeping.LEAST_SHARE", 0.01)
    names = ("cost", "reliability", "affinity")
    for seed in range(4):
        found = front(cover(seed), objectives=names, solver="cpsat", time_limit=time_limit)
        hold_what_is_open(found, cover(seed), names, expected(cover(seed), names))


def test_with_a_time_limit_what_is_not_proven_does_not_keep_the_rest_from_being_asked() -> None:
    names = ("cost", "reliability")
    found = front(cover(3), objectives=names, solver="greedy", time_limit=1000)
    assert not found.points and len(found.open) >= 2
    reached = [part.found.values[1] for part in found.open if part.found is not None]
    assert reached == sorted(set(reached)), "each is more reliable than the ones before"


@pytest.mark.parametrize(
    ("objectives", "points"),
    [
        (("cost", "members"), [(25, 2), (29, 1)]),
        (("members", "cost"), [(1, 29), (2, 25)]),
        (("cost", "clusters"), [(25, 1), (29, 0)]),
        (("cost", "reliability"), [(25, Fraction(4, 5)), (28, Fraction(9, 10))]),
        (("reliability", "members"), [(Fraction(9, 10), 2), (Fraction(4, 5), 1)]),
        (
            ("cost", "members", "reliability"),
            [(25, 2, Fraction(4, 5)), (28, 2, Fraction(9, 10)), (29, 1, Fraction(4, 5))],
        ),
    ],
)
@pytest.mark.parametrize("solver", ["cpsat", "milp", "exhaustive", "auto"])
def test_a_front_by_hand(solver: str, objectives: tuple[str, ...], points: list[Any]) -> None:
    found = front(PROJECT, POOL, objectives, solver=solver)
    assert [point.values for point in found.points] == points
    assert found.complete and not found.open


def test_every_point_is_the_answer_to_a_question_with_a_proof() -> None:
    found = front(PROJECT, POOL)
    for point in found.points:
        outcome = point.outcome
        assert outcome.status is Status.OPTIMAL
        assert [stage.value for stage in outcome.stages] == list(point.values)
        assert [stage.bound for stage in outcome.stages] == list(point.values)
    assert found.points[0].outcome.instance.rules == found.instance.rules
    assert found.points[1].outcome.instance.rules[len(found.instance.rules) :] == (Bound(of="members", units=1),)


def test_partners_required_and_forbidden() -> None:
    found = front(PROJECT, POOL, require=["bor"])
    assert [point.values for point in found.points] == [(25, 3), (28, 2)]  # bor may be idle, being asked for
    assert all("bor" in point.members for point in found.points)
    assert [point.members for point in front(PROJECT, POOL, forbid=["cid"]).points] == [("ada",)]
    assert front(PROJECT, POOL, forbid=["ada", "bor"]).status is Status.INFEASIBLE


def test_objectives_of_the_project_are_left_aside() -> None:
    found = front({**PROJECT, "objectives": [{"of": "reliability"}]}, POOL)
    assert [point.values for point in found.points] == [(25, 2), (29, 1)]


def test_no_time_leaves_everything_open() -> None:
    found = front(PROJECT, POOL, time_limit=0)
    assert (found.status, found.stopped, found.points, found.asked) == (Status.UNKNOWN, "time", (), 0)
    (part,) = found.open
    assert (part.limits, part.objective, part.bound, part.found) == ({}, "cost", None, None)


def test_what_is_open_when_it_is_ended_early() -> None:
    found = front(PROJECT, POOL, on_step=lambda step: True, solver="cpsat")
    assert (found.status, found.stopped) == (Status.FEASIBLE, "interrupted")
    assert [point.values for point in found.points] == [(25, 2)]
    (part,) = found.open
    assert (part.limits, part.bound) == ({"members": 1}, 25)


def test_without_proofs_nothing_is_a_point() -> None:
    found = front(PROJECT, POOL, solver="greedy")
    assert (found.status, found.points, found.proof) == (Status.FEASIBLE, (), None)
    (part,) = found.open
    assert part.found is not None and part.found.proof is None
    assert len(part.found.values) == 2


@pytest.mark.parametrize(
    ("objectives", "error"),
    [
        ("cost", TypeError),
        (("cost",), ValueError),
        (("cost", "cost"), ValueError),
        (("cost", "members", "clusters", "grant"), ValueError),
        (("cost", "prices"), ValueError),
        (("cost", "waived"), ValueError),
        (("cost", "value"), SpecError),
        (("cost", "change"), SpecError),
    ],
)
def test_objectives_that_make_no_sense(objectives: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        front(PROJECT, POOL, objectives)


@pytest.mark.parametrize("least", [False, True])
def test_bounds_mean_what_their_rows_say(least: bool) -> None:
    instance = pose(PROJECT, POOL)
    for units in range(-1, 4):
        bound = Bound(of="members", units=units, least=least)
        kept = [one for one in candidates(instance) if not bound.violations(instance, one)]
        assert kept == [
            one for one in candidates(instance) if (len(one.members) >= units if least else len(one.members) <= units)
        ]
        narrowed = instance.replace(rules=(bound,))
        possible = any(verify(narrowed, one).valid for one in kept)
        assert (solve(narrowed, solver="cpsat").status is Status.OPTIMAL) == possible


corners = st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4))


@given(corner=corners, point=st.tuples(st.integers(0, 4), st.integers(0, 4)), other=st.tuples(*[st.integers(0, 4)] * 2))
def test_a_split_leaves_what_is_better_in_some_place(corner: Any, point: Any, other: Any) -> None:
    better = any(value < given for value, given in zip(other, point, strict=True))
    if inside(point, corner):
        assert any(inside(other, part) for part in split(point, corner)) == (better and inside(other, corner))


@given(st.lists(corners, max_size=6), st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_the_largest_quadrants_hold_what_all_hold(drawn: list[Any], point: tuple[int, int]) -> None:
    kept = largest(drawn)
    assert any(inside(point, corner) for corner in kept) == any(inside(point, corner) for corner in drawn)
    assert all(one == other or largest([one, other]) == [one, other] for one in kept for other in kept)
