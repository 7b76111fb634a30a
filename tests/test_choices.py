"""What a project leaves open: optional capabilities and choices between alternatives, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from consortia import check, solve
from consortia.consortium import Consortium
from consortia.outcome import Outcome, Status
from consortia.posing import pose

EXACT = ("cpsat", "milp", "exhaustive")
POOL: dict[str, Any] = {
    "partners": [
        {"id": "ada", "offers": [{"competence": "glue", "rate": 7}, {"competence": "weld", "rate": 4}]},
        {"id": "bor", "joining_cost": 1, "offers": [{"competence": "grind", "rate": 2}, {"competence": "seal"}]},
        {"id": "cid", "joining_cost": 2, "offers": [{"competence": "grind", "rate": 3}, {"competence": "seal"}]},
    ]
}
GLUE, WELD, GRIND = ({"id": name, "effort": 1} for name in ("glue", "weld", "grind"))
SEAL = {"id": "seal", "optional": True}
# glue 7; weld 4 and grind 3 by bor or 5 by cid


def answer(*capabilities: dict[str, Any], solver: str = "cpsat", **keys: Any) -> Outcome:
    project = {"title": "t", "cooperation": "any", "effort_step": 1, "capabilities": capabilities, **keys}
    outcome = solve(project, POOL, solver=solver)
    assert outcome.consortium is None or check(project, outcome.to_dict(), POOL).valid
    return outcome


def undertaken(outcome: Outcome) -> set[str]:
    assert outcome.consortium is not None and outcome.consortium.undertaken is not None
    return set(outcome.consortium.undertaken)


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("keys", "cost", "chosen"),
    [
        ({}, 7, None),  # either way
        ({"interest": {"bor": "declined"}}, 7, {"glue"}),
        ({"rules": [{"rule": "include", "partners": ["bor"]}]}, 7, {"weld", "grind"}),
        ({"rules": [{"rule": "count", "min": 2}]}, 7, {"weld", "grind"}),
        ({"rules": [{"rule": "exclude", "partners": ["ada"]}]}, None, None),
        ({"budget": "6.99"}, None, None),
    ],
    ids=str,
)
def test_either_this_or_those(solver: str, keys: dict[str, Any], cost: int | None, chosen: set[str] | None) -> None:
    outcome = answer(GLUE, WELD, GRIND, solver=solver, choices=[["glue", ["weld", "grind"]]], **keys)
    assert outcome.cost == outcome.bound == cost
    assert outcome.status is (Status.INFEASIBLE if cost is None else Status.OPTIMAL)
    assert chosen is None or undertaken(outcome) == chosen


@pytest.mark.parametrize("solver", EXACT)
def test_choices_that_share_a_capability_agree_on_it(solver: str) -> None:
    choices = [["glue", ["weld", "grind"]], ["grind", "seal"]]
    outcome = answer(GLUE, WELD, GRIND, {"id": "seal"}, solver=solver, choices=choices)
    assert (outcome.cost, undertaken(outcome)) == (7, {"weld", "grind"})
    one = {"rule": "limit", "of": "members", "max": 1}
    assert answer(GLUE, WELD, GRIND, {"id": "seal"}, solver=solver, choices=choices, rules=[one]).cost is None
    apart = answer(GLUE, WELD, GRIND, {"id": "seal"}, solver=solver, choices=choices, interest={"bor": "declined"})
    assert apart.cost == 9
    assert undertaken(apart) in ({"glue", "seal"}, {"weld", "grind"})


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("budget", "value", "cost"),
    [(0, 0, 0), ("0.99", 0, 0), (1, 1, 1), (3, 4, 3), (4, 5, 4), (7, 9, 7), (13, 9, 7), (14, "11.5", 14)],
)
def test_most_value_within_the_budget(solver: str, budget: Any, value: Any, cost: int) -> None:
    worth = {"glue": "2.5", "weld": 5, "grind": 3, "seal": 1}
    wanted = [{**entry, "optional": True, "value": worth[entry["id"]]} for entry in (GLUE, WELD, GRIND, SEAL)]
    outcome = answer(*wanted, solver=solver, budget=budget, objectives=["value", "cost"])
    assert [stage.value for stage in outcome.stages] == [Fraction(value), cost]
    assert outcome.cost == cost


@pytest.mark.parametrize("solver", EXACT)
def test_who_holds_what_is_left_out_takes_no_part(solver: str) -> None:
    """The seal would excuse bor from work, were it undertaken."""
    two = {"rule": "count", "min": 2}
    outcome = answer(GLUE, SEAL, solver=solver, rules=[two])
    assert (outcome.cost, undertaken(outcome)) == (8, {"glue", "seal"})
    idle = Consortium({"ada": None, "bor": None}, outcome.consortium.deliveries, undertaken=frozenset({"glue"}))  # type: ignore[union-attr]
    assert [str(each) for each in check(outcome.instance, idle).violations] == ["bor is a member and takes no part"]


@pytest.mark.parametrize("solver", EXACT)
def test_what_is_left_out_needs_no_backups_and_survives(solver: str) -> None:
    grind = {**GRIND, "optional": True, "value": 1, "backups": 1}
    rules = [{"rule": "survives", "capabilities": ["grind"]}]
    assert answer(GLUE, grind, solver=solver, rules=rules).cost == 7
    worth = answer(GLUE, grind, solver=solver, rules=rules, objectives=["value", "cost"])
    assert [stage.value for stage in worth.stages] == [0, 7]
    held = answer(GLUE, grind, {"id": "seal"}, solver=solver, objectives=["value", "cost"])
    assert [stage.value for stage in held.stages] == [1, 12]  # bor and cid hold the seal, and one of them grinds
    covered = answer({**GLUE, "optional": True}, {**GRIND, "backups": 1}, solver=solver)
    assert covered.status is Status.INFEASIBLE, "whoever backs up takes no part by that"


@pytest.mark.parametrize("solver", EXACT)
def test_work_packages_of_nothing_need_no_leader(solver: str) -> None:
    packages = [{"id": "joints", "capabilities": ["glue"]}, {"id": "seals", "capabilities": ["seal"]}]
    ruled = {"work_packages": packages, "rules": [{"rule": "leaders", "max_led": 1}]}
    outcome = answer(GLUE, SEAL, solver=solver, **ruled)
    assert outcome.consortium is not None
    assert (outcome.cost, outcome.consortium.leaders) == (7, {"joints": "ada"})
    sealed = answer(GLUE, {**SEAL, "value": 1}, solver=solver, objectives=["value", "cost"], **ruled)
    assert sealed.consortium is not None
    assert (sealed.cost, sealed.consortium.leaders) == (8, {"joints": "ada", "seals": "bor"})


def test_the_checker_reads_what_is_undertaken() -> None:
    project = {
        "title": "t",
        "cooperation": "any",
        "effort_step": 1,
        "capabilities": [GLUE, WELD, GRIND, {**SEAL, "value": 2}],
        "choices": [["glue", ["weld", "grind"]]],
        "rules": [{"rule": "limit", "of": "value", "max": 1}, {"rule": "exclude", "partners": ["bor", "cid"]}],
    }
    told = solve(project, POOL).to_dict()
    assert told["undertaken"] == ["glue"]
    either = "exactly one of glue / grind, weld must be undertaken, not "
    for names, messages in (
        ([], [either + "-", "glue is delivered and not undertaken"]),
        (["glue", "weld"], [either + "glue, weld", "nobody supplies weld"]),
        (["glue", "seal"], ["nobody supplies seal", "value: at most 1: value: 2, but at most 1 is allowed"]),
        (["glue", "varnish"], ["there is no capability varnish"]),
    ):
        found = check(project, {**told, "undertaken": names}, POOL).violations
        assert [str(violation) for violation in found] == messages
    assert pose(project, POOL).settled == frozenset()
