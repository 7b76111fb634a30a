"""The game of shared lines, and its divisions, against their definitions."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from typing import Any

import pytest
from combining import combinations as richer
from drawing import Data, maybe, money, written
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import well_formed

from consortia.consortium import Consortium, Delivery
from consortia.costs import lines
from consortia.explaining import coalitions
from consortia.explaining.coalitions import Dividing, Game
from consortia.instance import Instance
from consortia.posing import pose

CASES = int(os.environ.get("CONSORTIA_CASES", "1000"))
NAMES = ("ada", "bor", "cid", "dor", "eva", "fox")
CLUSTERS = ("north", "south", "west")
amounts = st.sampled_from([1, 2, 5, "2.5", "0.01"])
signed = st.sampled_from([-3, -1, "-0.5", 0, 1, 4])


@st.composite
def costs(draw: st.DrawFn) -> list[Data]:
    """Draw two or more of all components."""
    someone = st.sampled_from(NAMES[:3])
    seats = st.sampled_from([{"kind": "sme"}, {"cluster": "north"}, {"country": ["BY", "RU"]}])
    made: list[st.SearchStrategy[Data]] = [
        written(
            cost=st.just("equipment"),
            price=amounts,
            needed_by=st.lists(
                st.just({"capability": "films"}) | someone.map(lambda name: {"partner": name}), min_size=1, max_size=2
            ),
            owners=maybe(st.lists(someone, min_size=1, max_size=2, unique=True)),
        ),
        written(cost=st.just("service"), shared=amounts, per_member=maybe(amounts), filter=maybe(seats)),
        written(
            cost=st.just("discount"),
            cluster=st.sampled_from(CLUSTERS),
            tiers=st.sampled_from([[{"cost": 2, "off": "10%"}], [{"effort": "0.2", "off": "20%"}]]),
        ),
        written(
            cost=st.just("discount"), partner=someone, tiers=st.just([{"cost": 1, "off": "5%"}, {"cost": 4, "off": 1}])
        ),
        written(
            cost=st.just("coordination"),
            same_cluster=signed,
            same_country=signed,
            across=st.sampled_from([-1, 2, 3]),
            filter=maybe(seats),
            pairs=maybe(st.just([{"partners": ["ada", "bor"], "amount": "-1.5"}])),
        ),
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(made))), min_size=2, max_size=5, unique=True))
    return [{"id": f"cost {place}", **draw(made[place])} for place in chosen]


@st.composite
def games(draw: st.DrawFn) -> tuple[Instance, Consortium]:
    """Draw two to six members of three clusters with deliveries, and what they share."""
    names = NAMES[: draw(st.integers(3, 6))]
    fees = {name: draw(maybe(money)) for name in CLUSTERS}
    clusters = [{"id": name, **({} if fee is None else {"fee": fee})} for name, fee in fees.items()]
    partners = [
        {
            "id": name,
            "clusters": [
                {"cluster": cluster, "paid": draw(st.booleans())}
                for cluster in draw(st.lists(st.sampled_from(CLUSTERS), max_size=2, unique=True))
            ],
            "kind": draw(st.sampled_from(["sme", "large"])),
            "country": draw(st.sampled_from(["BY", "RU"])),
            "offers": [{"competence": "films", "rate": draw(amounts), "fixed": draw(amounts)}],
        }
        for name in names
    ]
    project = {"title": "drawn", "cooperation": "any", "costs": draw(costs())}
    project["capabilities"] = [{"id": "films", "effort": 9}]
    instance = pose(project, {"clusters": clusters, "partners": partners})
    members = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=2, unique=True)):
        members[name] = draw(st.sampled_from([cluster for partner, cluster in instance.seat_at if partner == name]))
    efforts = {name: instance.months(draw(st.integers(0, 3))) for name in members}
    made = tuple(Delivery(name, "films", "films", effort) for name, effort in efforts.items() if effort)
    return instance, Consortium(members, made)


def shared_alone(instance: Instance, consortium: Consortium, group: tuple[str, ...]) -> int:
    """Work out the shared lines of a group from the definition."""
    members = {name: cluster for name, cluster in consortium.members.items() if name in group}
    made = tuple(delivery for delivery in consortium.deliveries if delivery.partner in group)
    return sum(line.cost for line in lines(instance, Consortium(members, made)) if line.partner is None)


def own_costs(instance: Instance, consortium: Consortium) -> dict[str, int]:
    return {name: instance.own_cost(consortium, name) for name in consortium.members}


def check(instance: Instance, consortium: Consortium) -> None:
    """Hold the divisions against Shapley's definition, its properties, and the definition of the core."""
    names, scale = tuple(consortium.members), instance.scale
    groups = {group: 0 for size in range(len(names) + 1) for group in combinations(names, size)}
    for group in groups:
        groups[group] = shared_alone(instance, consortium, group)
    game = Game(instance, consortium)
    total = sum(line.cost for line in lines(instance, consortium) if line.partner is None)
    assert game.value(0) == 0 and game.value(game.everybody) == total
    own = own_costs(instance, consortium)
    equal, by_own, shapley = Dividing(game, own).divisions()

    expected = dict.fromkeys(names, 0)
    for order in permutations(names):
        before: tuple[str, ...] = ()
        for name in order:
            after = tuple(other for other in names if other in (*before, name))
            expected[name] += groups[after] - groups[tuple(other for other in names if other in before)]
            before = after
    size = factorial(len(names))
    assert shapley.parts == {name: Fraction(sum_, size * scale) for name, sum_ in expected.items()}
    assert shapley.errors is None
    assert equal.parts == {name: Fraction(total, scale * len(names)) for name in names}
    if sum(own.values()):
        assert by_own.parts == {name: Fraction(total * own[name], scale * sum(own.values())) for name in names}

    for division in (equal, by_own, shapley):
        assert sum(division.parts.values()) * scale == total
        above = {
            group: sum((division.parts[name] for name in group), Fraction(0)) - Fraction(value, scale)
            for group, value in groups.items()
        }
        assert division.all_groups and division.excess == max(above.values())
        assert above[tuple(name for name in names if name in division.group)] == division.excess
        assert bool(division.group) == (division.excess > 0)

    for name in names:
        added = {
            group: groups[tuple(other for other in names if other in (*group, name))] - value
            for group, value in groups.items()
            if name not in group
        }
        if not any(added.values()):
            assert shapley.parts[name] == 0
        for other in names:
            alike = all(
                value == groups[tuple(one for one in names if one in (*group, other))] - groups[group]
                for group, value in added.items()
                if other not in group
            )
            if other != name and alike:
                assert shapley.parts[name] == shapley.parts[other]


@settings(max_examples=60)
@given(games())
def test_divisions_are_what_they_say(drawn: tuple[Instance, Consortium]) -> None:
    check(*drawn)


@pytest.mark.slow
@settings(max_examples=3 * CASES)
@given(games())
def test_divisions_are_what_they_say_thousands_of_times(drawn: tuple[Instance, Consortium]) -> None:
    check(*drawn)


@settings(max_examples=60)
@given(richer(), st.data())
def test_divisions_on_questions_with_everything_in_them(drawn: tuple[Data, Data], data: st.DataObject) -> None:
    instance = pose(*drawn)
    for place, consortium in enumerate(well_formed(instance)):
        if place > 200:
            break
        if consortium.members and not place % 40:
            check(instance, consortium)


def flights() -> tuple[Instance, Consortium]:
    """Return a game with a known answer: a runway that is as long as its largest aeroplane needs."""
    needs = [{"partner": name} for name in ("ada", "bor", "cid")]
    costs: list[dict[str, Any]] = [
        {"cost": "equipment", "id": f"part {place}", "price": price, "needed_by": needs[place:]}
        for place, price in enumerate((8, 3, 7))
    ]
    offers = [{"competence": "landing", "rate": 10}]
    instance = pose(
        {"title": "airport", "cooperation": "any", "capabilities": [{"id": "landing", "effort": 3}], "costs": costs},
        {"partners": [{"id": name, "offers": offers} for name in ("ada", "bor", "cid")]},
    )
    made = tuple(Delivery(name, "landing", "landing", instance.months(10)) for name in ("ada", "bor", "cid"))
    return instance, Consortium(dict.fromkeys(("ada", "bor", "cid")), made)


def test_the_runway_is_shared_section_by_section() -> None:
    instance, consortium = flights()
    equal, _, shapley = Dividing(Game(instance, consortium), own_costs(instance, consortium)).divisions()
    third, half = Fraction(8, 3), Fraction(3, 2)
    assert list(shapley.parts.values()) == [third, third + half, third + half + 7]
    assert (shapley.group, shapley.excess) == ((), 0)
    assert equal.parts == dict.fromkeys(("ada", "bor", "cid"), Fraction(6))
    assert (equal.group, equal.excess) == (("ada", "bor"), 1)  # a runway for the two of them costs 11


def test_sampled_orders_come_near_and_say_how_near(monkeypatch: pytest.MonkeyPatch) -> None:
    instance, consortium = flights()
    own = own_costs(instance, consortium)
    exact = Dividing(Game(instance, consortium), own).divisions()[-1]
    monkeypatch.setattr(coalitions, "MOST_EXACT", 2)
    sampled, again, other = (Dividing(Game(instance, consortium), own, seed).divisions()[-1] for seed in (1, 1, 2))
    assert sampled.parts == again.parts != other.parts
    assert sampled.errors is not None and not sampled.all_groups
    assert sum(sampled.parts.values()) == 18
    for name, part in sampled.parts.items():
        assert 0 < sampled.errors[name] < 0.5
        assert abs(part - exact.parts[name]) < 4 * sampled.errors[name]


def test_sampling_ends_early_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "MOST_EXACT", 2)
    instance, consortium = flights()
    own, asked = own_costs(instance, consortium), []

    def over() -> bool:
        asked.append(len(asked))
        return len(asked) > 5

    game = Game(instance, consortium)
    few = Dividing(game, own, seed=3, over=over).divisions()[2]
    assert few.parts == Dividing(game, own, seed=3, orders=5).divisions()[2].parts
    least = Dividing(game, own, seed=3, over=lambda: True).divisions()[2]
    assert least.parts == Dividing(game, own, seed=3, orders=2).divisions()[2].parts
    assert sum(least.parts.values()) == 18 and least.errors
