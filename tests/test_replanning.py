"""Somebody drops out, or a price changes: the best consortium now, what keeping to the old one is worth, the words."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from consortia import check, solve
from consortia.cli.running import run
from consortia.consortium import Consortium
from consortia.outcome import Outcome, Status

EXACT = ("cpsat", "milp", "exhaustive")
POOL: dict[str, Any] = {
    "partners": [
        {"id": "ada", "offers": [{"competence": "films", "rate": 10}]},
        {"id": "bor", "offers": [{"competence": "films", "rate": 11}, {"competence": "lab", "fixed": 9}]},
        {"id": "cid", "offers": [{"competence": "lab", "fixed": 4}]},
        {"id": "dor", "offers": [{"competence": "lab", "fixed": 5}]},
    ]
}
PROJECT: dict[str, Any] = {
    "title": "t",
    "cooperation": "any",
    "effort_step": 1,
    "capabilities": [{"id": "films", "effort": 2, "providers": 1}, {"id": "lab", "mode": "delivered"}],
}
# ada and cid 24, ada and dor 25, bor and cid 26, bor and dor 27, bor alone 31


def before() -> Outcome:
    outcome = solve(PROJECT, POOL)
    assert (outcome.cost, members(outcome)) == (24, {"ada", "cid"})
    return outcome


def members(outcome: Outcome) -> set[str]:
    assert outcome.consortium is not None
    return set(outcome.consortium.members)


def dearer(partner: int, price: dict[str, Any]) -> dict[str, Any]:
    pool = deepcopy(POOL)
    pool["partners"][partner]["offers"][0].update(price)
    return pool


@pytest.mark.parametrize("solver", EXACT)
def test_a_member_drops_out(solver: str) -> None:
    outcome = solve({**PROJECT, "interest": {"cid": "declined"}}, POOL, solver=solver, previous=before())
    assert (outcome.status, outcome.cost, outcome.bound) == (Status.OPTIMAL, 25, 25)
    assert members(outcome) == {"ada", "dor"}
    assert [str(change) for change in outcome.changes()][:2] == ["cid leaves", "dor joins"]
    assert [(stage.expression, stage.value) for stage in outcome.stages] == [("cost", 25), ("change", 2)]


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("keep", "cost", "who"),
    [
        (0, 25, {"ada", "dor"}),  # cid asks 6 now
        ("0.4999", 25, {"ada", "dor"}),
        ("0.5", 25, {"ada", "dor"}),  # 25 and twice 0.5 is as good as 26, and changes come second
        ("0.5001", 26, {"ada", "cid"}),
        (3, 26, {"ada", "cid"}),
        (10**9, 26, {"ada", "cid"}),
    ],
)
def test_a_price_changes(solver: str, keep: Any, cost: int, who: set[str]) -> None:
    outcome = solve(PROJECT, dearer(2, {"fixed": 6}), solver=solver, previous=before(), keep=Decimal(keep))
    assert outcome.status is Status.OPTIMAL
    tied = keep == "0.5"
    assert members(outcome) == ({"ada", "cid"} if tied and outcome.cost == 26 else who)
    assert outcome.cost in ({25, 26} if tied else {cost})
    first = outcome.stages[0]
    assert first.expression == ("cost and change" if keep else "cost")
    assert first.value == first.bound == min(25 + 2 * Decimal(keep), 26)
    assert (outcome.bound is None) == bool(keep), "what a change is worth is no cost"
    assert check(outcome.instance, outcome.to_dict()).valid


@pytest.mark.parametrize("solver", EXACT)
def test_among_the_cheapest_the_least_changed(solver: str) -> None:
    pool = dearer(2, {"fixed": 5})  # cid and dor ask the same
    for partner in ("cid", "dor"):
        was = Consortium({"ada": None, partner: None})
        outcome = solve(PROJECT, pool, solver=solver, previous=was)
        assert (outcome.cost, members(outcome)) == (25, {"ada", partner})
        assert outcome.stages[-1].value == 0


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("most", "cost"),
    [(0, 26), (1, 26), (2, 25), (9, 25)],
)
def test_changes_are_bounded_by_a_rule(solver: str, most: int, cost: int) -> None:
    project = {**PROJECT, "rules": [{"rule": "limit", "of": "change", "max": most}]}
    outcome = solve(project, dearer(2, {"fixed": 6}), solver=solver, previous=before())
    assert (outcome.status, outcome.cost) == (Status.OPTIMAL, cost)
    assert outcome.bound == cost


def test_a_rule_on_changes_asks_nothing_of_the_first_consortium() -> None:
    project = {**PROJECT, "rules": [{"rule": "limit", "of": "change", "max": 0}]}
    outcome = solve(project, POOL)
    assert outcome.cost == 24
    assert check(project, outcome.to_dict(), POOL).valid
    assert solve({**project, "interest": {"cid": "declined"}}, POOL, previous=outcome).status is Status.INFEASIBLE


def test_who_is_not_there_any_more_counts_as_a_change() -> None:
    outcome = solve(PROJECT, POOL, previous=Consortium({"ada": None, "cid": None, "zed": "north"}))
    assert outcome.stages[-1].value == 1
    assert "zed leaves" in [str(change) for change in outcome.changes()]


def test_objectives_of_the_project_stay_what_they_are() -> None:
    project = {**PROJECT, "objectives": ["members", {"of": "cost", "slack": "10%"}]}
    outcome = solve(project, POOL, previous=before(), keep=1)
    assert [stage.expression for stage in outcome.stages] == ["members", "cost and change", "change"]
    assert [stage.value for stage in outcome.stages] == [1, 34, 3]  # bor alone, 31; ada and cid leave, bor joins


def test_differences_in_words() -> None:
    capabilities = [
        {"id": "films", "effort": 3},
        {"id": "lab", "mode": "delivered", "optional": True, "value": 1},
    ]
    pool: dict[str, Any] = {
        "clusters": [{"id": "north", "fee": 1}, {"id": "south", "fee": 2}],
        "partners": [
            {"id": "ada", "capacity": 2, "offers": [{"competence": "films", "rate": 1}]},
            {"id": "bor", "clusters": ["north", "south"], "offers": [{"competence": "films", "rate": 2}]},
            {"id": "cid", "offers": [{"competence": "lab", "fixed": 1}]},
        ],
    }
    project = {
        **PROJECT,
        "capabilities": capabilities,
        "rules": [{"rule": "coordinator"}, {"rule": "leaders"}],
        "work_packages": [{"id": "all", "capabilities": ["films", "lab"]}],
    }
    first = solve({**project, "rules": [*project["rules"], {"rule": "include", "partners": ["bor"]}]}, pool)
    assert first.cost == 5  # ada does two, bor one, through north
    pool["partners"][0]["capacity"] = 1
    pool["clusters"][0]["fee"] = 3
    ruled = [{"rule": "coordinator", "filter": {"id": "bor"}}, {"rule": "leaders", "filter": {"id": "bor"}}]
    second = solve({**project, "rules": ruled, "objectives": ["value", "cost"]}, pool, previous=first)
    words = [str(change) for change in second.changes()]
    assert words[:5] == [
        "cid joins",
        "bor enters through south instead of north",
        "ada delivers 1 person-months of films instead of 2",
        "bor delivers 2 person-months of films instead of 1",
        "cid takes on lab",
    ]
    assert "undertaken: lab" in words
    assert first.consortium is not None
    assert ("bor coordinates instead of ada" in words) == (first.consortium.coordinator == "ada")
    assert ("bor leads all instead of ada" in words) == (first.consortium.leaders["all"] == "ada")
    assert second.to_dict()["changes"] == words
    assert not solve({**project, "objectives": ["members"]}, POOL | pool, previous=None).changes()


@pytest.mark.parametrize("keep", [-1, float("nan"), float("inf")])
def test_what_keeping_is_worth_is_a_number(keep: float) -> None:
    with pytest.raises(ValueError, match="keep"):
        solve(PROJECT, POOL, previous=before(), keep=keep)


def test_what_is_kept_to_must_be_a_consortium() -> None:
    nothing = solve({**PROJECT, "budget": 1}, POOL)
    with pytest.raises(ValueError, match="no consortium"):
        solve(PROJECT, POOL, previous=nothing)


def test_the_command_line_replans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, was = (tmp_path / name for name in ("old.json", "new.json", "was.json"))
    old.write_text(json.dumps({**PROJECT, "pool": POOL}), encoding="utf-8")
    new.write_text(json.dumps({**PROJECT, "pool": dearer(2, {"fixed": 6})}), encoding="utf-8")
    assert run(["solve", str(old), "--format", "json", "--output", str(was)]) == 0
    for keep, cost, changes in (("0", 25, 2), ("10", 26, 0)):
        capsys.readouterr()
        assert run(["solve", str(new), "--previous", str(was), "--keep", keep, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["cost"] == cost
        assert told["objectives"][-1]["value"] == changes
        assert [line for line in told["changes"] if "joins" in line or "leaves" in line] == (
            ["cid leaves", "dor joins"] if changes else []
        )
    assert run(["solve", str(new), "--previous", str(was), "--format", "text"]) == 0
    text = capsys.readouterr().out
    assert "What changes against the previous consortium" in text
    assert "cid leaves" in text
    assert run(["solve", str(new), "--previous", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
