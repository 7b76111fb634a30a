"""What solvers see of choices, optional capabilities, periods and leaders is what they mean.

For every consortium of a tiny question and everything that it may undertake: with the decisions fixed, the rows of one
part of the structure can be satisfied exactly when that part finds no violation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
from meaning import Posted
from oracle import deliveries, memberships

from consortia import structure
from consortia.checking import verify
from consortia.columns import Columns
from consortia.consortium import Consortium, Delivery
from consortia.instance import Instance
from consortia.model import build
from consortia.posing import pose
from consortia.rules import Leaders
from consortia.structure import Backups, Calendar, Supply, TakesPart, Undertaking

POOL: dict[str, Any] = {
    "clusters": [{"id": "north"}, {"id": "south"}],
    "partners": [
        {
            "id": "ada",
            "clusters": ["north", "south"],
            "offers": [{"competence": "films", "rate": 3}, {"competence": "seal"}],
        },
        {
            "id": "bor",
            "offers": [{"competence": "films", "rate": 2}, {"competence": "lab", "fixed": 2}, {"competence": "seal"}],
        },
        {
            "id": "cid",
            "offers": [
                {"competence": "lab", "fixed": 1},
                {"id": "annex", "competence": "lab", "fixed": 4},
                {"competence": "tests", "rate": 1},
            ],
        },
        {"id": "dor", "role": "associated", "offers": [{"competence": "name"}, {"competence": "lab", "fixed": 0}]},
    ],
}
FILMS = {"id": "films", "effort": "0.2", "providers": {"max": 2}, "optional": True, "value": 3}
LAB = {"id": "lab", "mode": "delivered", "backups": 1, "providers": {"min": 1, "max": 2}}
TESTS = {"id": "tests", "effort": "0.1", "providers": 1}
SEAL = {"id": "seal", "providers": {"min": 2}, "optional": True, "value": "0.5"}
NAME = {"id": "name"}
QUESTIONS: dict[str, dict[str, Any]] = {
    "one or the other": {"capabilities": [FILMS, LAB, TESTS, SEAL], "choices": [["lab", "tests"]]},
    "one, or both": {"capabilities": [FILMS, LAB, TESTS, NAME], "choices": [["lab", ["lab", "tests"]]]},
    "two choices that overlap": {
        "capabilities": [FILMS, LAB, TESTS, SEAL],
        "choices": [[["lab", "seal"], "tests"], ["films", ["lab", "seal"]]],
    },
    "held or done": {"capabilities": [FILMS, LAB, SEAL, NAME], "choices": [["seal", ["lab", "films"]]]},
    "all optional": {"capabilities": [{**entry, "optional": True} for entry in (FILMS, LAB, TESTS, NAME)]},
}
PARTS = (Undertaking(), Supply(), Backups(), TakesPart())


def question(**changes: Any) -> Instance:
    return pose({"title": "tiny", "cooperation": "any", **changes}, POOL)


@cache
def asked(name: str) -> tuple[Instance, list[Consortium]]:
    """Return a question and every consortium for it, each with everything that it may undertake."""
    instance = question(**QUESTIONS[name])
    left_open = sorted(set(instance.capabilities) - instance.settled)
    found = []
    for taken in product((False, True), repeat=len(left_open)):
        undertaken = instance.settled | {name for name, chosen in zip(left_open, taken, strict=True) if chosen}
        for members in memberships(instance):
            found += [Consortium(members, made, undertaken=undertaken) for made in deliveries(instance, members)]
    return instance, found


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_what_is_left_open_means_what_solvers_see(part: Any, name: str) -> None:
    instance, found = asked(name)
    posted = Posted(instance, lambda columns, switch: part.post(columns))
    met = set()
    for consortium in found[::3]:
        if not isinstance(part, Undertaking) and not _delivers_what_it_undertakes(consortium):
            continue  # which `Undertaking` forbids
        obeys = not part.violations(instance, consortium)
        met.add(obeys)
        assert posted.satisfiable(consortium, {}) == obeys, consortium
    assert met == {True, False}


def _delivers_what_it_undertakes(consortium: Consortium) -> bool:
    return {delivery.capability for delivery in consortium.deliveries} <= (consortium.undertaken or frozenset())


def test_what_is_settled_is_undertaken() -> None:
    instance, found = asked("one, or both")
    model = build(instance)
    compiled = model.program.compile()
    for place, name in enumerate(instance.capabilities):
        assert compiled.lower[model.columns.needed[place]] == (name in instance.settled)
    for consortium in found[::101]:
        assert consortium.undertaken is not None
        less = replace(consortium, undertaken=consortium.undertaken - {"name"})
        assert "name must be undertaken and is not" in [str(each) for each in verify(instance, less).violations]


def test_all_rows_together_are_what_the_checker_says() -> None:
    """The whole program, cost included, and not one part after the other."""
    met = Counter[bool]()
    for name in QUESTIONS:
        instance, found = asked(name)
        posted = Posted(instance, lambda columns, switch: _post_all(columns))
        for consortium in found[::7]:
            valid = verify(instance, consortium).valid
            met[valid] += 1
            assert posted.satisfiable(consortium, {}) == valid, consortium
    assert min(met[True], met[False]) >= 10


def _post_all(columns: Columns) -> None:
    for part in structure.PARTS:
        part.post(columns)


PACKAGES = [
    {"id": "one", "capabilities": ["films"]},
    {"id": "two", "capabilities": ["lab", "seal"]},
    {"id": "three", "capabilities": ["tests", "lab"]},
]


@pytest.mark.parametrize("name", ["one or the other", "two choices that overlap"])
@pytest.mark.parametrize(
    "rule",
    [{}, {"max_led": 1}, {"max_led": 2, "filter": {"id": ["ada", "cid", "dor"]}}, {"filter": {"cluster": "north"}}],
    ids=str,
)
def test_leaders_of_what_may_be_left_out_mean_what_solvers_see(rule: dict[str, Any], name: str) -> None:
    plain, found = asked(name)
    instance = plain.replace(work_packages={entry["id"]: tuple(entry["capabilities"]) for entry in PACKAGES})
    leaders = Leaders.model_validate(rule)
    posted = Posted(instance, lambda columns, switch: leaders.post(columns, (switch,)))
    met = set()
    for consortium in _led(instance, [one for one in found if _delivers_what_it_undertakes(one)][::17]):
        obeys = not leaders.violations(instance, consortium)
        met.add(obeys)
        places = instance.partner_at
        if all((package, places[who]) in posted.model.columns.leader for package, who in consortium.leaders.items()):
            assert posted.satisfiable(consortium, {posted.switch: 1}) == obeys, consortium
            assert posted.satisfiable(consortium, {posted.switch: 0}), consortium
        else:
            assert not obeys, consortium
    assert met == {True, False}


def _led(instance: Instance, consortia: list[Consortium]) -> Iterator[Consortium]:
    """Return consortia with anybody or nobody named to lead each work package, one in three of them."""
    ways = list(product((None, *instance.partners), repeat=len(instance.work_packages)))
    for number, consortium in enumerate(consortia):
        for way in ways[number % 3 :: 3]:
            named = zip(instance.work_packages, way, strict=True)
            yield replace(consortium, leaders={package: who for package, who in named if who is not None})


SPREAD: list[tuple[dict[str, Any], ...]] = [
    (FILMS, {**TESTS, "start": "second"}),
    ({**FILMS, "end": "first"}, TESTS),
    ({**FILMS, "providers": 1}, {**TESTS, "start": "second"}),
]


@pytest.mark.parametrize("capabilities", SPREAD, ids=["late", "early", "whole"])
def test_who_works_when_means_what_solvers_see(capabilities: Any) -> None:
    limits = {"ada": "0.1", "bor": {"first": "0.1", "second": 0}, "cid": None}
    pool = {"partners": [_with_tests(entry, limits) for entry in POOL["partners"][:3]], "clusters": POOL["clusters"]}
    project = {"title": "tiny", "cooperation": "any", "periods": ["first", "second"], "capabilities": capabilities}
    instance = pose(project, pool)
    posted = Posted(instance, lambda columns, switch: Calendar().post(columns))
    met = set()
    for members in memberships(instance):
        for made in deliveries(instance, members):
            for parts in product(*(_parts(instance, delivery) for delivery in made)):
                consortium = Consortium(members, parts, undertaken=frozenset(instance.capabilities))
                obeys = not Calendar().violations(instance, consortium)
                if all(_in_time(instance, delivery) for delivery in parts):
                    met.add(obeys)
                    assert posted.satisfiable(consortium, {}) == obeys, consortium
                else:
                    assert not obeys, consortium  # there is no column for it
    assert met == {True, False}


def _with_tests(partner: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    offers = [entry for entry in partner["offers"] if entry["competence"] == "films"]
    made = {"id": partner["id"], "offers": [*offers, {"competence": "tests", "rate": 1}]}
    limit = limits[partner["id"]]
    return made if limit is None else {**made, "capacity_per_period": limit}


def _parts(instance: Instance, delivery: Delivery) -> Iterator[Delivery]:
    """Return a delivery with every spread, also ones that do not add up to it."""
    steps = instance.steps(delivery.effort) or 0
    for parts in product(range(steps + 1), repeat=len(instance.periods)):
        if any(parts):
            amounts = (instance.months(part) for part in parts)
            yield replace(delivery, periods=dict(zip(instance.periods, amounts, strict=True)))


def _in_time(instance: Instance, delivery: Delivery) -> bool:
    place = instance.capability_at[delivery.capability]
    allowed = instance.periods[int(instance.first_period[place]) : int(instance.last_period[place]) + 1]
    return all(period in allowed for period, effort in delivery.periods.items() if effort)


def test_work_whose_time_is_not_said_is_wrong() -> None:
    instance = question(periods=2, capabilities=[{**FILMS, "optional": False}])
    made = next(parts for parts in deliveries(instance, {"bor": None}) if parts and parts[0].effort * 10 == 2)
    found = Calendar().violations(instance, Consortium({"bor": None}, made))
    assert [str(each) for each in found] == ["bor delivers 0.2 person-months of films, and its periods add up to 0"]
    half = replace(made[0], periods={"1": made[0].effort / 4, "2": made[0].effort * 3 / 4})
    found = Calendar().violations(instance, Consortium({"bor": None}, (half,)))
    assert "bor works 0.05 person-months on films in 1, not whole steps of 0.1" in [str(each) for each in found]
