"""Alternatives against the oracle by enumeration."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from combining import combinations
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from valid import Valid

from consortia.checking import check
from consortia.explaining.others import alternatives
from consortia.explaining.question import asked
from consortia.explaining.with_and_without import by_cost
from consortia.generate import generate
from consortia.language import language
from consortia.outcome import Status
from consortia.report.others import write_alternatives
from consortia.report.page import TextPage
from consortia.solving import solve

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)
WISHES = st.tuples(
    st.integers(1, 4), st.sampled_from([Fraction(1, 20), Fraction(1, 2), Fraction(2)]), st.integers(1, 3)
)


def hold(question: tuple[Any, Any], wishes: tuple[int, Fraction, int], met: Counter[str]) -> None:
    count, within, distance = wishes
    instance = by_cost(asked(*question).instance)
    known = Valid(instance)
    best = known.cheapest()
    found = alternatives(*question, count=count, within=within, distance=distance, presence=True)
    assert found.stopped is None
    if best is None:
        assert found.present.status is Status.INFEASIBLE and found.presence == {}
        met["infeasible"] += 1
        return
    most = best.cost + within * abs(best.cost)
    before: list[set[str]] = []
    for outcome in found.found:
        expected = known.cheapest(lambda one: all(len(set(one.members) ^ other) >= distance for other in before))
        assert expected is not None and expected.cost <= most
        assert outcome.proven and outcome.cost == instance.money(expected.cost)
        assert outcome.consortium is not None and check(instance, outcome.consortium).valid
        members = set(outcome.consortium.members)
        assert all(len(members ^ other) >= distance for other in before)
        before.append(members)
        met["found"] += 1
    further = known.cheapest(lambda one: all(len(set(one.members) ^ other) >= distance for other in before))
    more = further is not None and further.cost <= most
    assert found.more is more
    assert len(found.found) == count or not more
    met["more" if more else "all found"] += 1
    hold_presence(known, found.presence, most, met)


def hold_presence(known: Valid, presence: dict[str, Any], most: Fraction, met: Counter[str]) -> None:
    sets = [set(entry.consortium.members) for entry in known.all() if entry.cost <= most]
    assert list(presence) == list(known.instance.partners)
    for partner, said in presence.items():
        times = sum(partner in members for members in sets)
        assert said == ("none" if not times else "all" if times == len(sets) else "some"), partner
        met[said] += 1


def test_alternatives_are_those_of_the_oracle() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=60, phases=UNSHRUNK)
    @given(combinations(), WISHES)
    def draw(question: tuple[Any, Any], wishes: tuple[int, Fraction, int]) -> None:
        hold(question, wishes, met)

    draw()
    assert min(met[kind] for kind in ("infeasible", "more", "all found", "none", "all", "some")) >= 3, met


@pytest.mark.slow
def test_alternatives_are_those_of_the_oracle_on_many() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=MANY, phases=UNSHRUNK)
    @given(combinations(), WISHES)
    def draw(question: tuple[Any, Any], wishes: tuple[int, Fraction, int]) -> None:
        hold(question, wishes, met)

    draw()
    assert min(met[kind] for kind in ("infeasible", "more", "all found", "none", "all", "some")) >= 10, met


def hold_unproven(question: tuple[Any, Any], wishes: tuple[int, Fraction, int], met: Counter[str]) -> None:
    """Hold what is said where the least cost is not proven: the bound, the costs, the distances, the order."""
    count, within, distance = wishes
    instance = by_cost(asked(*question).instance)
    present = solve(instance)
    if present.cost is None:
        return
    loose = replace(present, bound=present.cost - abs(present.cost) / 100 - 1, status=Status.FEASIBLE, stopped="time")
    found = alternatives(instance, count=count, within=within, distance=distance, present=loose)
    assert not found.proven and found.stopped == "time"
    before: list[set[str]] = []
    costs = [outcome.cost or 0 for outcome in found.found]
    assert costs == sorted(costs) and len(costs) <= count
    for outcome in found.found:
        assert outcome.consortium is not None and outcome.bound == loose.bound
        verification = check(instance, outcome.consortium)
        assert verification.valid and outcome.cost == instance.money(verification.cost)
        assert found.limit is not None and outcome.cost <= found.limit
        members = set(outcome.consortium.members)
        assert all(len(members ^ other) >= distance for other in before)
        before.append(members)
        met["found"] += 1
    far = Valid(instance).cheapest(lambda one: all(len(set(one.members) ^ other) >= distance for other in before))
    more = far is not None and instance.money(far.cost) <= (found.limit or 0)
    assert found.more is more or (found.more is None and len(before) == count)
    assert len(before) == count or not more
    met["more" if found.more else "all found"] += 1
    met["several"] += len(before) > 1


def test_what_is_not_proven_is_valid_different_and_bounded() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=200, phases=UNSHRUNK)
    @given(combinations(), WISHES)
    def draw(question: tuple[Any, Any], wishes: tuple[int, Fraction, int]) -> None:
        hold_unproven(question, wishes, met)

    draw()
    assert min(met[kind] for kind in ("found", "several", "more", "all found")) >= 3, met


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "not proven; none costs less than"), ("ru", "что не доказано; дешевле")],
)
def test_others_are_found_where_the_least_cost_is_not_proven(lang: str, said: str) -> None:
    present = solve(generate("consortium", seed=1, partners=20, capabilities=12, rules=False))
    assert present.cost is not None
    loose = replace(present, bound=present.cost - 1, status=Status.FEASIBLE, stopped="time")
    found = alternatives(present.instance, present=loose, count=5, within=1)
    text = StringIO()
    with TextPage(language(lang), text) as page:
        write_alternatives(found, page)
    assert len(found.found) == 5 and not found.to_dict()["proven"]
    assert said in " ".join(text.getvalue().split())


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"count": 0}, ValueError),
        ({"distance": 0}, ValueError),
        ({"within": -1}, ValueError),
        ({"count": "3"}, TypeError),
    ],
)
def test_wrong_wishes_are_refused(wish: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(wish))):
        alternatives({}, **wish)
