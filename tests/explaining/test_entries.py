"""Entry prices, replacement costs and costs of rules against the oracle by enumeration."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from combining import combinations
from hypothesis import Phase, given, settings
from valid import Valid

from consortia.checking import check
from consortia.errors import SpecError
from consortia.explaining.entries import PriceList, prices
from consortia.explaining.question import asked
from consortia.explaining.with_and_without import by_cost
from consortia.instance import Instance
from consortia.multipliers import bounds_by_partner
from consortia.outcome import Status
from consortia.solving import solve

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)


def hold(question: tuple[Any, Any], met: Counter[str]) -> None:
    instance = by_cost(asked(*question).instance)
    known = Valid(instance)
    best = known.cheapest()
    found = prices(*question, capabilities=True)
    assert found.stopped is None
    if best is None:
        assert found.present.status is Status.INFEASIBLE
        assert found.partners == found.rules == found.capabilities == ()
        met["infeasible"] += 1
        return
    assert found.present.cost == instance.money(best.cost)
    assert found.present.consortium is not None
    assert found.exact
    members = found.present.consortium.members
    assert [entry.partner for entry in found.partners if entry.reason is None] == list(instance.partners)
    for entry in found.partners:
        if entry.reason is not None:
            assert entry.partner not in instance.partner_at
            continue
        assert entry.member == (entry.partner in members)
        other = known.cheapest(lambda one, entry=entry: (entry.partner in one.members) is not entry.member)
        met["member" if entry.member else "outsider"] += 1
        assert entry.never == (other is None), entry
        if other is None:
            met["never"] += 1
            continue
        assert entry.least == entry.most == instance.money(other.cost - best.cost), entry
        met["dear"] += other.cost > best.cost
        hold_consortium(instance, found, entry.partner)
    hold_rules(instance, found, best.cost, met)
    hold_capabilities(instance, found, best.cost, met)


def hold_consortium(instance: Instance, found: PriceList, partner: str) -> None:
    """The consortium behind a price is valid and has it, and those who come and go are named."""
    entry, present = found.of(partner), found.present
    assert entry.consortium is not None and present.consortium is not None and present.cost is not None
    checked = check(instance, entry.consortium)
    assert checked.valid
    assert instance.money(checked.cost) - present.cost == entry.most
    before, after = set(present.consortium.members), set(entry.consortium.members)
    assert (set(entry.joins), set(entry.leaves)) == (after - before, before - after)
    assert partner in (entry.leaves if entry.member else entry.joins)


def hold_rules(instance: Instance, found: PriceList, best: int, met: Counter[str]) -> None:
    for entry in found.rules:
        if entry.rule is None:
            without = instance.replace(budget=None)
        else:
            without = instance.replace(rules=tuple(r for at, r in enumerate(instance.rules) if at != entry.rule))
        cheapest = Valid(without).cheapest()
        assert cheapest is not None
        assert entry.least == entry.most == instance.money(best - cheapest.cost), entry
        met["rule costs"] += cheapest.cost < best
    assert [entry.rule for entry in found.rules if entry.rule is not None] == list(range(len(instance.rules)))
    assert any(entry.rule is None for entry in found.rules) == (instance.budget is not None)


def hold_capabilities(instance: Instance, found: PriceList, best: int, met: Counter[str]) -> None:
    assert {entry.capability for entry in found.capabilities} == instance.settled
    for entry in found.capabilities:
        optional = [
            name == entry.capability or (instance.optional is not None and bool(instance.optional[place]))
            for place, name in enumerate(instance.capabilities)
        ]
        cheapest = Valid(instance.replace(optional=np.array(optional))).cheapest()
        assert cheapest is not None
        assert entry.least == entry.most == instance.money(best - cheapest.cost), entry
        met["capability costs"] += cheapest.cost < best


def test_prices_are_those_of_the_oracle() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=60, phases=UNSHRUNK)
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    assert min(met[kind] for kind in ("infeasible", "member", "outsider", "never", "dear")) >= 10, met
    assert met["rule costs"] and met["capability costs"], met


@pytest.mark.slow
def test_prices_are_those_of_the_oracle_on_many() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=MANY, phases=UNSHRUNK)
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    assert min(met[kind] for kind in ("infeasible", "member", "outsider", "never", "dear", "rule costs")) >= 10, met


def test_a_rebate_brings_an_outsider_in_and_a_cent_less_does_not() -> None:
    found = _labels()
    instance = found.present.instance
    tried = 0
    for entry in found.partners:
        if entry.member or entry.never or entry.reason is not None or not entry.most:
            continue
        tried += 1
        for change, present in ((1, True), (-1, False)):
            rebate = Fraction(entry.most) + Fraction(change, instance.scale)
            asked_for = instance.replace(
                rebates={(entry.partner, None, "membership"): rebate},
                objectives=(("cost after rebates", Fraction(0)),),
            )
            outcome = solve(asked_for, solver="cpsat")
            assert outcome.status is Status.OPTIMAL and outcome.consortium is not None
            assert (entry.partner in outcome.consortium.members) is present, (entry, rebate)
    assert tried == 2


PROJECT: dict[str, Any] = {
    "title": "four ways",
    "cooperation": "any",
    "budget": 60,
    "capabilities": [
        {"id": "films", "effort": 2, "providers": {"max": 1}},
        {"id": "laser", "effort": 1, "providers": {"max": 1}},
    ],
    "rules": [{"rule": "distinct", "attribute": "country", "min": 2, "label": "two countries"}],
}
POOL: dict[str, Any] = {
    "partners": [
        {
            "id": "ada",
            "country": "BY",
            "offers": [{"competence": "films", "rate": 10}, {"competence": "laser", "rate": 5}],
        },
        {
            "id": "bor",
            "country": "BY",
            "offers": [{"competence": "films", "rate": 9}, {"competence": "laser", "rate": 12}],
        },
        {"id": "cid", "country": "RU", "joining_cost": 3, "offers": [{"competence": "laser", "rate": 9}]},
        {"id": "dor", "country": "KZ", "joining_cost": 2, "offers": [{"competence": "films", "rate": 14}]},
        {"id": "eve", "country": "KZ", "offers": [{"competence": "films", "rate": 80}]},
    ]
}


def _labels() -> PriceList:
    return prices(PROJECT, POOL)


def test_prices_by_hand() -> None:
    found = _labels()
    # bor makes films (18) and cid the laser (12): two countries
    assert found.present.cost == 30
    costs = {entry.partner: (entry.member, entry.most, entry.joins, entry.leaves) for entry in found.partners}
    assert costs["ada"] == (False, Decimal(2), ("ada",), ("bor",))
    assert costs["bor"] == (True, Decimal(2), ("ada",), ("bor",))
    assert costs["cid"][:2] == (True, Decimal(5))
    assert found.of("eve").never  # the budget
    assert found.of("dor").most == Decimal(5)
    assert [(str(entry.title), entry.most) for entry in found.rules] == [
        ("two countries", Decimal(7)),
        ("Budget", Decimal(0)),
    ]


def test_costs_of_capabilities_by_hand() -> None:
    found = prices(PROJECT, POOL, rules=False, capabilities=True)
    # two countries take two members, each capability has one supplier, and nobody is idle: so both are kept
    costs = {entry.capability: entry.most for entry in found.capabilities}
    assert costs == {"films": Decimal(0), "laser": Decimal(0)}
    free = {**PROJECT, "rules": []}
    alone = {entry.capability: entry.most for entry in prices(free, POOL, rules=False, capabilities=True).capabilities}
    assert alone == {"films": Decimal(18), "laser": Decimal(5)}  # bor makes films, ada the laser


def test_what_is_left_open_is_bounded() -> None:
    found = prices(PROJECT, POOL, time_limit=0)
    assert not found.exact
    assert found.stopped is not None


def test_limits_of_prices_hold_the_prices() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=20, phases=UNSHRUNK)
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        instance = by_cost(asked(*question).instance)
        known, bounds = Valid(instance), bounds_by_partner(instance)
        told = prices(*question, rules=False, on_step=lambda step: step.done >= 2)  # ended after the second question
        for name in instance.partners:
            with_it = known.cheapest(lambda one, name=name: name in one.members)
            without = known.cheapest(lambda one, name=name: name not in one.members)
            if bounds is not None:
                met["bounds"] += 1
                assert with_it is None or bounds[name][0] <= with_it.cost
                assert without is None or bounds[name][1] <= without.cost
            if told.present.consortium is not None and told.present.cost is not None:
                entry, other = told.of(name), without if told.of(name).member else with_it
                assert entry.never <= (other is None)
                price = None if other is None else instance.money(other.cost) - told.present.cost
                assert price is None or entry.least is None or entry.least <= price
                assert entry.most is None or (price is not None and price <= entry.most)
                met["open"] += not entry.exact

    draw()
    assert met["bounds"] >= 10 and met["open"], met


def test_other_objectives_are_left_aside() -> None:
    found = prices({**PROJECT, "objectives": ["members", "cost"]}, POOL, rules=False)
    assert found.by_cost_alone and found.present.cost == 30
    assert not prices(PROJECT, POOL, rules=False).by_cost_alone


def test_no_consortium_no_prices() -> None:
    found = prices({**PROJECT, "budget": 5}, POOL)
    assert found.present.status is Status.INFEASIBLE and found.partners == ()


def test_wrong_wishes_are_refused() -> None:
    with pytest.raises(SpecError, match="lasers of ada"):
        prices(PROJECT, POOL, ranges=[("ada", "lasers")])
    with pytest.raises(ValueError, match="time_limit"):
        prices(PROJECT, POOL, time_limit=-1)
