"""Work in its time: windows, capacities by period, and who works when, by hand."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from consortia import check, solve
from consortia.outcome import Outcome, Status

EXACT = ("cpsat", "milp", "exhaustive")
POOL: dict[str, Any] = {
    "partners": [
        {"id": "ada", "capacity_per_period": 1, "offers": [{"competence": "films", "rate": 10}]},
        {"id": "bor", "offers": [{"competence": "films", "rate": 12, "fixed": 1}, {"competence": "tests", "rate": 5}]},
    ]
}


def answer(
    *capabilities: dict[str, Any], solver: str = "cpsat", periods: Any = ("one", "two", "three"), **limits: Any
) -> Outcome:
    """Solve for capabilities; `limits` are the partners' capacities by period."""
    pool = deepcopy(POOL)
    for partner in pool["partners"]:
        if partner["id"] in limits:
            partner["capacity_per_period"] = limits[partner["id"]]
    project = {"title": "t", "cooperation": "any", "effort_step": 1, "periods": periods, "capabilities": capabilities}
    outcome = solve(project, pool, solver=solver)
    assert outcome.consortium is None or check(project, outcome.to_dict(), pool).valid
    return outcome


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("capability", "cost"),
    [
        ({"effort": 3}, 30),  # ada, one in each period
        ({"effort": 3, "start": "two"}, 33),  # ada two of them, bor the third
        ({"effort": 3, "start": "two", "end": "two"}, 35),  # ada one of them, bor two
        ({"effort": 4}, 43),
        ({"effort": 3, "end": "two", "providers": 1}, 37),  # bor alone
        ({"effort": 2, "end": "two", "providers": 1}, 20),
    ],
    ids=str,
)
def test_capacity_counts_in_each_period(solver: str, capability: dict[str, Any], cost: int) -> None:
    outcome = answer({"id": "films", **capability}, solver=solver)
    assert (outcome.status, outcome.cost, outcome.bound) == (Status.OPTIMAL, cost, cost)
    assert outcome.consortium is not None
    for delivery in outcome.consortium.deliveries:
        assert sum(delivery.periods.values()) == delivery.effort
        if delivery.partner == "ada":
            assert max(delivery.periods.values()) == 1


@pytest.mark.parametrize("solver", EXACT)
def test_one_capacity_for_all_that_a_partner_does_in_a_period(solver: str) -> None:
    films = {"id": "films", "effort": 3}
    tests = {"id": "tests", "effort": 2, "start": "two", "end": "two"}
    # tests take two of bor's in the second period, and ada does all the films
    assert answer(films, tests, solver=solver, bor={"one": 0, "two": 2, "three": 0}).cost == 30 + 10
    # without ada's third period one is left to bor, which has no room for it in the first two
    late = {"one": 1, "two": 1, "three": 0}
    assert answer(films, tests, solver=solver, ada=late, bor={"one": 0, "two": 2}).cost == 20 + 13 + 10
    nowhere = answer(films, tests, solver=solver, ada=late, bor={"one": 0, "two": 2, "three": 0})
    assert nowhere.status is Status.INFEASIBLE


@pytest.mark.parametrize("solver", EXACT)
def test_a_period_that_is_not_named_has_no_limit(solver: str) -> None:
    outcome = answer({"id": "films", "effort": 5}, solver=solver, ada={"one": 0, "three": 0})
    assert outcome.cost == 50
    assert outcome.consortium is not None
    assert {name: int(effort) for name, effort in outcome.consortium.deliveries[0].periods.items()} == {"two": 5}


def test_without_periods_capacities_by_period_say_nothing() -> None:
    outcome = answer({"id": "films", "effort": 5}, periods=())
    assert outcome.cost == 50
    assert outcome.to_dict()["deliveries"][0]["periods"] == {}


def test_periods_may_be_counted() -> None:
    outcome = answer({"id": "films", "effort": 2, "start": 2, "end": 3}, periods=3)
    assert outcome.to_dict()["deliveries"][0]["periods"] == {"2": 1, "3": 1}


def test_the_checker_reads_who_works_when() -> None:
    project = {
        "title": "t",
        "cooperation": "any",
        "effort_step": 1,
        "periods": 3,
        "capabilities": [{"id": "films", "effort": 3, "end": 2, "providers": {"max": 2}}],
    }
    told = solve(project, POOL).to_dict()
    ada = next(entry for entry in told["deliveries"] if entry["partner"] == "ada")
    assert (ada["effort"], ada["periods"]) == (2, {"1": 1, "2": 1})
    for periods, message in (
        ({"1": 2}, "ada works 2 person-months in 1 and has 1"),
        ({"1": 1, "3": 1}, "ada works on films in 3, outside its time"),
        ({"1": 1, "4": 1}, "ada works on films in 4, outside its time"),
        ({"1": 1}, "ada delivers 2 person-months of films, and its periods add up to 1"),
        ({"1": 3, "2": -1}, "ada works -1 person-months on films in 2, not whole steps of 1"),
    ):
        ada["periods"] = periods
        assert message in [str(violation) for violation in check(project, told, POOL).violations]
