"""Ranges of prices against the oracle: the same members just inside, somebody else just outside."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from fractions import Fraction
from typing import Any

import pytest
from combining import combinations
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from valid import Valid

from consortia.explaining.cases import through
from consortia.explaining.entries import prices
from consortia.explaining.question import asked
from consortia.explaining.ranges import PriceRange
from consortia.explaining.with_and_without import by_cost

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)


def stay(known: Valid, members: Collection[str], entry: PriceRange, price: Fraction) -> bool:
    """Tell by enumeration whether these members are of least cost at another price, in exact fractions."""
    instance = known.instance
    step = Fraction(1) if entry.per == "delivery" else Fraction(instance.step)
    least: dict[bool, Fraction] = {}
    for other in known.all():
        count = through(instance, other.consortium, entry.partner, entry.offer, entry.per)
        cost = Fraction(other.cost, instance.scale) + (price - entry.price) * count * step
        same = set(other.consortium.members) == set(members)
        least[same] = min(cost, least.get(same, cost))
    return False not in least or least[True] <= least[False]


def hold(question: tuple[Any, Any], met: Counter[str]) -> None:
    known = Valid(by_cost(asked(*question).instance))
    offers = sorted({(partner, offer) for partner, _, offer in known.instance.arc_at})[:5]
    found = prices(*question, rules=False, ranges=offers)
    if found.present.consortium is None:
        return
    members = found.present.consortium.members
    assert list(dict.fromkeys((entry.partner, entry.offer) for entry in found.ranges)) == offers
    for entry in found.ranges:
        assert entry.exact and entry.lower is not None
        assert 0 <= entry.lower <= entry.price and (entry.upper is None or entry.price <= entry.upper)
        met["ranges"] += 1
        near = Fraction(1, 10**9)
        for inside in (entry.lower, entry.price, entry.upper, (entry.lower + entry.price) / 2):
            assert inside is None or stay(known, members, entry, inside), (entry, inside)
        if entry.lower > 0:
            met["lower ends"] += 1
            assert not stay(known, members, entry, entry.lower - near), entry
        if entry.upper is None:
            assert stay(known, members, entry, Fraction(10**9)), entry
        else:
            met["upper ends"] += 1
            assert not stay(known, members, entry, entry.upper + near), entry


@st.composite
def competing(draw: st.DrawFn) -> tuple[Any, Any]:
    """Draw partners that can do all of the work in parts, at prices that are close to one another."""
    amount = st.sampled_from([0, 1, "1.5", 2, 3])
    pool = [
        {
            "id": name,
            "joining_cost": draw(amount),
            "offers": [
                {"competence": competence, "rate": draw(st.sampled_from([20, 25, 30, 34])), "fixed": draw(amount)}
                for competence in ("films", "laser")
                if draw(st.integers(0, 3))
            ],
        }
        for name in ("ada", "bor", "cid")
    ]
    for partner in pool:
        if draw(st.booleans()):
            partner["capacity"] = draw(st.sampled_from(["0.2", "0.3", "0.4"]))
    capabilities = [
        {"id": "films", "effort": "0.3", **draw(st.sampled_from([{}, {"providers": {"max": 1}}]))},
        {"id": "laser", "effort": draw(st.sampled_from(["0.1", "0.2"]))},
    ]
    return {"title": "close", "cooperation": "any", "capabilities": capabilities}, {"partners": pool}


def test_ranges_end_where_the_oracle_says() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=30, phases=UNSHRUNK)
    @given(st.one_of(competing(), combinations()))
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    assert min(met["ranges"], met["lower ends"], met["upper ends"]) >= 3, met


@pytest.mark.slow
def test_ranges_end_where_the_oracle_says_on_many() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=MANY, phases=UNSHRUNK)
    @given(st.one_of(competing(), combinations()))
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    assert min(met["ranges"], met["lower ends"], met["upper ends"]) >= 20, met
