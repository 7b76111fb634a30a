"""Borders and members' worth against solving with less of the pool; money that adds up."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from combining import combinations
from drawing import Data, questions
from hypothesis import given, settings
from hypothesis import strategies as st

import consortia
from consortia import Consortium, Instance, Outcome, SpecError, Status, pose, solve
from consortia.explaining.crossing import KINDS
from consortia.explaining.fairness import Shares, shares
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.possible import why_stopped
from consortia.explaining.with_and_without import WithAndWithout
from consortia.report.shares import amounts

CASES = int(os.environ.get("CONSORTIA_CASES", "1000"))
INSTANCES = Path(__file__).parents[2] / "instances"


def only_from(pool: Data, kind: str, name: str, instance: Instance) -> tuple[Data, list[str]]:
    """Return the pool in which memberships of other clusters are gone, and who is to be kept out besides."""
    inside = {partner for partner, cluster in instance.seat_at if instance.attribute(kind, partner, cluster) == name}
    partners = []
    for partner in pool["partners"]:
        known = {}
        if partner["id"] in instance.partner_at:  # not to change with the first cluster
            asked = {key: instance.attribute(key, partner["id"], None) for key in ("country", "industry")}
            known = {key: value for key, value in asked.items() if value is not None}
        kept = partner["clusters"]
        if kind == "cluster":
            kept = [entry for entry in kept if entry["cluster"] == name]
        partners.append({**partner, **known, "clusters": kept})
    return {**pool, "partners": partners}, sorted(set(instance.partners) - inside)


def check(project: Data, pool: Data) -> None:
    instance = pose(project, pool)
    found = shares(project, pool, solver="cpsat")
    best = solve(instance, solver="cpsat")
    assert found.status is best.status and found.cost == best.cost
    if found.consortium is None:
        assert found.status is Status.INFEASIBLE and not found.divisions
        return
    assert found.complete
    assert sum(found.own.values()) + found.shared == found.cost
    for division in found.divisions:
        shown = amounts(found, division)
        assert sum(shown.values()) == found.shared.quantize(Decimal("0.01"))
        assert all(abs(float(shown[name]) - float(part)) <= 0.01 for name, part in division.parts.items())
    by_cost = {**project, "objectives": ["cost"]}
    for member, worth in found.worth.items():
        without = solve(by_cost, pool, solver="cpsat", forbid=[member])
        assert (worth.status, worth.cost) == (without.status, without.cost)
    bare = {**by_cost, "cooperation": "any"}
    posed = pose(bare, pool)
    kinds = {(kind, posed.attribute(kind, *seat)) for kind in KINDS for seat in posed.seat_at}
    assert {(region.kind, region.name) for region in found.regions} == {entry for entry in kinds if entry[1]}
    for region in found.regions:
        part, out = only_from(pool, region.kind, region.name, posed)
        inside = solve(bare, part, solver="cpsat", forbid=out)
        assert (region.status, region.cost) == (inside.status, inside.cost)
        if region.status is not Status.INFEASIBLE:
            assert not set(region.missing).intersection(posed.settled)


@settings(max_examples=25)
@given(st.one_of(questions(), combinations()))
def test_parts_of_the_pool_are_solved_as_such(drawn: tuple[Data, Data]) -> None:
    check(*drawn)


@pytest.mark.slow
@settings(max_examples=2 * CASES)
@given(st.one_of(questions(), combinations()))
def test_parts_of_the_pool_are_solved_as_such_thousands_of_times(drawn: tuple[Data, Data]) -> None:
    check(*drawn)


@pytest.fixture(scope="module")
def box() -> Shares:
    return shares(INSTANCES / "small.yaml")


def test_the_box_for_the_market(box: Shares) -> None:
    assert (box.cost, box.shared) == (20650, 800)
    equal, own, shapley = box.divisions
    assert set(equal.parts.values()) == {200}
    assert shapley.parts == {"bigplast": 0, "polytechnic": 500, "dairy": 150, "lab": 150}  # fees of their clusters
    assert not shapley.group and equal.excess == 300 and "bigplast" in own.group
    assert box.saving("cluster") is None and box.saving("country") == 0
    assert all(str(rule.title()).startswith("cross-cluster") for rule in box.dropped) and len(box.dropped) == 2


def test_a_consortium_that_is_given_is_divided_as_it_is(box: Shares) -> None:
    outcome = solve(INSTANCES / "small.yaml")
    for given_ in (outcome, outcome.consortium, outcome.to_dict()):
        found = shares(INSTANCES / "small.yaml", of=given_)
        assert [division.parts for division in found.divisions] == [division.parts for division in box.divisions]
        assert found.status is (Status.OPTIMAL if given_ is outcome else Status.FEASIBLE)


def test_a_consortium_that_breaks_rules_is_refused() -> None:
    with pytest.raises(SpecError, match="nobody supplies"):
        shares(INSTANCES / "small.yaml", of=Consortium({"lab": "farming"}))


def test_nothing_is_asked_when_time_is_over() -> None:
    outcome = solve(INSTANCES / "small.yaml")
    found = shares(INSTANCES / "small.yaml", of=outcome, time_limit=0)
    assert len(found.divisions) == 3 and not found.worth and not found.complete
    assert {region.asked for region in found.regions if not region.missing} == {False}


def test_no_question_takes_the_time_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []
    ask = Inquiry.ask

    def noting(inquiry: Inquiry, instance: Instance, **more: Any) -> Outcome:
        assert inquiry.left is not None
        limits.append(min(inquiry.left, more.get("time_limit", inquiry.left)))
        return ask(inquiry, instance, **more)

    monkeypatch.setattr(Inquiry, "ask", noting)
    found = shares(INSTANCES / "small.yaml", time_limit=10_000)
    asked = [region for region in found.regions if region.status is not Status.INFEASIBLE]
    assert found.complete and len(limits) >= 1 + len(asked)
    assert limits[0] <= 4_000  # the best consortium
    assert all(limit <= 10_000 / len(asked) for limit in limits[-len(asked) :])


def test_members_are_worth_something_where_the_best_is_not_proven(box: Shares) -> None:
    best = solve(INSTANCES / "small.yaml")
    present = replace(best, status=Status.FEASIBLE, bound=Decimal(1))
    search = WithAndWithout(Inquiry(), present, without=box.worth)
    search.find()
    assert {name: present.instance.money(entry.most or 0) for name, entry in search.standings.items()} == {
        name: worth.cost for name, worth in box.worth.items()
    }


def test_a_part_of_the_time_ends_with_it() -> None:
    inquiry, unlimited = Inquiry(time_limit=10_000), Inquiry()
    with inquiry.part(0.5), unlimited.part(0.5):
        assert inquiry.left is not None and inquiry.left <= 5_000
        assert unlimited.left is None
    assert inquiry.left is not None and inquiry.left > 5_000
    with inquiry.part(0):
        assert inquiry.over
        inquiry.ask(pose(INSTANCES / "small.yaml"))
    assert not inquiry.over
    assert why_stopped(inquiry, finished=False) == "time" and why_stopped(inquiry, finished=True) is None


def test_without_cooperation_nothing_is_dropped() -> None:
    question = Instance.from_arrays(partners=["a", "b"], capabilities=1, joining=[3, 2], holds=([0, 1], [0, 0]))
    found = consortia.shares(question)
    assert (found.cost, found.shared) == (2, 0)
    assert not found.dropped and not found.regions
    assert found.worth["b"].cost == 3
    assert found.divisions[0].parts == {"b": 0}


def test_steps_are_counted_and_end_the_inquiry() -> None:
    seen: list[Any] = []

    def stop(step: Any) -> bool:
        seen.append(step.done)
        return len(seen) == 2

    found = shares(INSTANCES / "small.yaml", on_step=stop)
    assert seen in ([1, 2], [1, 2, 3]) and not found.complete  # two questions are asked at a time


@pytest.mark.parametrize("wrong", [{"solver": "nobody"}, {"time_limit": -1}, {"seed": -1}])
def test_arguments_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"nobody|time_limit|seed"):
        shares(INSTANCES / "small.yaml", **wrong)
