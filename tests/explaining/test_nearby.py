"""Consortia near a known one: of the whole question, with whom they were asked for, and found where they are near."""

from __future__ import annotations

from collections import Counter
from typing import Any

from combining import combinations
from hypothesis import Phase, given, settings
from valid import Valid

from consortia.checking import check
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.nearby import among, found_near, near
from consortia.explaining.question import asked
from consortia.explaining.with_and_without import by_cost
from consortia.instance import Instance
from consortia.outcome import Status
from consortia.rules import Requires
from consortia.solving import solve


def always(name: str) -> bool:
    return True


def test_what_is_near_is_a_consortium_of_the_whole_question() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=100, phases=(Phase.generate,))
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        instance = by_cost(asked(*question).instance)
        present = solve(instance)
        if present.consortium is None:
            return
        known, members = Valid(instance), present.consortium.members
        for outcome in (*found_near(Inquiry(), present, always), *found_near(Inquiry(), present, always, 3)):
            assert outcome.consortium is not None
            checked = check(instance, outcome.consortium)
            assert checked.valid and instance.money(checked.cost) == outcome.cost
            met["found"] += 1
        for name in instance.partners:
            joins = name not in members
            outcome = solve(near(instance, present.consortium, [name], joins, 1), solver="cpsat")
            if outcome.consortium is not None:
                other = known.cheapest(lambda one, name=name, joins=joins: (name in one.members) is joins)
                assert (name in outcome.consortium.members) is joins
                assert other is not None and outcome.cost is not None and outcome.cost >= instance.money(other.cost)
                met["joins" if joins else "leaves"] += 1

    draw()
    assert min(met[kind] for kind in ("found", "joins", "leaves")) >= 5, met


def test_among_some_partners_is_the_question_without_the_others() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=30, phases=(Phase.generate,))
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        instance = by_cost(asked(*question).instance)
        few = among(instance, instance.partners[1:])
        assert few.partners == instance.partners[1:]
        outcome = solve(few, solver="cpsat")
        assert outcome.status in (Status.OPTIMAL, Status.INFEASIBLE)
        if outcome.consortium is not None and check(instance, outcome.consortium).valid:
            other = Valid(instance).cheapest(lambda one: instance.partners[0] not in one.members)
            assert other is not None and outcome.cost == instance.money(other.cost)
            met["found"] += 1

    draw()
    assert met["found"] >= 5, met


def test_the_work_of_a_member_goes_to_who_can_do_it() -> None:
    question = Instance.from_arrays(
        partners=["ada", "bor", "cid", "dor"],
        capabilities=2,
        joining=[1, 1, 1, 5],
        deliveries=([0, 1, 2, 3, 2], [0, 1, 0, 0, 1], [3, 3, 6, 4, 9]),
    )
    present = solve(question)
    assert present.consortium is not None and set(present.consortium.members) == {"ada", "bor"}
    # cid does what ada does, for 7; dor would for 9
    assert solve(near(question, present.consortium, ["ada"], False, 1)).cost == 11
    assert solve(near(question, present.consortium, ["dor"], True, 1)).cost == 13


def test_who_comes_in_brings_along_whom_it_may_not_come_without() -> None:
    question = Instance.from_arrays(
        partners=["ada", "bor", "cid", "dor"], capabilities=1, joining=[1, 2, 3, 4], holds=([0, 1, 2, 3], [0, 0, 0, 0])
    ).replace(rules=(Requires(when="bor", any_of=("cid",)), Requires(when="cid", any_of=("dor",))))
    present = solve(question)
    assert present.consortium is not None and set(present.consortium.members) == {"ada"}
    assert solve(near(question, present.consortium, ["bor"], True, 1)).cost == 2 + 3 + 4


def test_outsiders_come_in_together_first_and_then_one_by_one() -> None:
    question = Instance.from_arrays(
        partners=["ada", "bor", "cid", "dor"], capabilities=1, joining=[1, 2, 3, 4], holds=([0, 1, 2, 3], [0, 0, 0, 0])
    )
    unknown = set(question.partners)
    found = []
    for outcome in found_near(Inquiry(), solve(question), unknown.__contains__, 3):
        assert outcome.consortium is not None
        unknown -= {*outcome.consortium.members}
        found.append({*outcome.consortium.members} - {"ada"})
    assert found[0] == {"bor", "cid", "dor"}
    assert [{"bor"}, {"cid"}, {"dor"}] == found[-3:]
