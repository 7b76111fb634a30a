"""By how much: every kind of limit loosened by the least that will do, held against what a step less gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from consortia import Instance, explain, repair, solve
from consortia.explaining.repairs import Repair
from consortia.outcome import Status
from consortia.rules import Count, Exclude

LEVELS = (1, 2, 3)
POOL: dict[str, Any] = {
    "clusters": [{"id": "north", "country": "BY"}, {"id": "south", "country": "RU"}],
    "partners": [
        {
            "id": f"p{number}",
            "clusters": ["north" if number % 2 else "south"],
            "country": "BY" if number % 2 else "RU",
            "reliability": f"0.{number + 4}",
            "kind": "sme" if number < 3 else "large",
            "offers": [{"competence": f"c{number}", "rate": 10 * number, "level": min(number, 3)}],
        }
        for number in range(1, 5)
    ],
}
POOL["partners"].append({"id": "spare", "offers": [{"competence": "c1", "rate": 99, "level": 1}]})
PROJECT: dict[str, Any] = {
    "title": "t",
    "cooperation": "any",
    "effort_step": 1,
    "capabilities": [{"id": f"c{number}", "effort": 2} for number in range(1, 5)],
}
KEPT = {f"c{number}": None for number in range(1, 5)}
# p1 to p4 have to be in, at 20, 40, 60 and 80; spare may be


def repaired(rules: list[dict[str, Any]] | None = None, **keys: Any) -> Repair:
    """Repair with no capability left out, and hold what every repair owes."""
    project = {**PROJECT, "rules": rules or [], **keys}
    found = repair(project, POOL, weights=KEPT, ways=1)
    assert found.status == "repaired"
    assert found.ways[0].proven and found.ways[0].exact
    assert found.ways[0].outcome.status is Status.OPTIMAL
    return found


def only(found: Repair) -> str:
    assert len(found.ways[0].changes) == 1
    return str(found.ways[0].changes[0].sentence)


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [
        ({"rule": "count", "max": 2}, "max", 4),
        ({"rule": "count", "min": 9}, "min", 5),
        ({"rule": "count", "filter": {"kind": "sme"}, "min_share": "80%"}, "min_share", Decimal("0.5")),
        ({"rule": "count", "filter": {"kind": "sme"}, "max_share": "10%"}, "max_share", Decimal("0.25")),
        ({"rule": "distinct", "attribute": "country", "min": 4}, "min", 2),
        ({"rule": "distinct", "attribute": "country", "max": 1}, "max", 2),
        ({"rule": "share", "each": "partner", "max": "30%"}, "max", Decimal("0.35")),
        ({"rule": "share", "filter": {"country": "RU"}, "max": "10%"}, "max", Decimal("0.32")),
        ({"rule": "share", "filter": {"country": "BY"}, "min": "75%"}, "min", Decimal("0.4")),
        ({"rule": "participation", "min_effort": 7}, "min_effort", 2),
        ({"rule": "participation", "min_share": "30%"}, "min_share", Decimal("0.1")),
        ({"rule": "conflict", "partners": ["p1", "p2", "p3", "p4"]}, "at_most", 3),
        ({"rule": "representatives", "attribute": "country", "min": 3}, "min", 2),
        ({"rule": "limit", "of": "members", "max": 2}, "max", 4),
        ({"rule": "limit", "of": "members", "min": 9}, "min", 5),
        ({"rule": "limit", "of": "cost", "max": "99.5"}, "max", 200),
        ({"rule": "reliability", "min": "95%"}, "min", Decimal("0.5")),
    ],
    ids=str,
)
def test_limits_are_loosened_as_little_as_will_do(rule: dict[str, Any], field: str, value: Any) -> None:
    found = repaired([{**rule, "label": "that"}])
    change = found.ways[0].changes[0]
    assert only(found).startswith("Loosen the rule “that” to: ")
    loosened = change.to
    assert getattr(loosened, field) == value, only(found)
    step = Decimal("0.01") if isinstance(value, Decimal) else 1
    tighter = value + step if field.startswith("min") else value - step
    for limit, status in ((value, Status.OPTIMAL), (tighter, Status.INFEASIBLE)):
        assert solve({**PROJECT, "rules": [{**rule, field: limit}]}, POOL).status is status


def test_limits_under_a_condition() -> None:
    rule = {"rule": "conditional", "if": {"rule": "count", "min": 1}, "then": {"rule": "count", "max": 2}}
    assert only(repaired([rule])).endswith("then (at most 4 members)")


def test_both_limits_of_a_rule_are_demands_of_their_own() -> None:
    rule = {"rule": "count", "label": "few", "min": 1, "max": 2}
    assert only(repaired([rule])) == "Loosen the rule “few: at most 2 members” to: at most 4 members"
    weights = {**KEPT, "few": 2, "few: at most 2 members": 5}
    assert repair({**PROJECT, "rules": [rule]}, POOL, weights=weights).ways[0].weight == 5


def test_a_filter_and_a_number_of_representatives() -> None:
    rule = {"rule": "representatives", "attribute": "id", "min": 4, "filter": {"kind": "sme"}, "min_passing": 3}
    change = repaired([rule]).ways[0].changes[0]
    assert (change.to.min, change.to.min_passing) == (4, 2)  # type: ignore[union-attr]
    rule = {"rule": "representatives", "attribute": "country", "min": 3, "filter": {"country": "RU"}}
    change = repaired([rule]).ways[0].changes[0]
    assert (change.to.min, change.to.min_passing) == (2, 1)  # type: ignore[union-attr]


def test_the_budget_is_the_least_cost_and_never_rounded_down() -> None:
    found = repaired(budget=100)
    assert found.ways[0].changes[0].to == 200 == found.ways[0].outcome.cost
    assert only(found) == "Raise the budget from 100 EUR to 200 EUR"
    pool = {"partners": [{"id": "a", "offers": [{"competence": "c1", "rate": "0.0011"}]}]}
    project = {**PROJECT, "capabilities": PROJECT["capabilities"][:1], "budget": "0.001"}
    found = repair(project, pool, weights={"c1": None})
    assert found.ways[0].changes[0].to == Decimal("0.0022")
    assert only(found) == "Raise the budget from 0.001 EUR to 0.01 EUR"


def test_the_level_is_the_highest_that_works() -> None:
    capabilities = [{"id": "c3", "level": 9, "effort": 2}, {"id": "c1", "level": 1, "effort": 1}]
    found = repair({**PROJECT, "capabilities": capabilities}, POOL, weights={"c1": None, "c3": None})
    assert only(found) == "Be content with level 3 of c3 instead of 9"
    assert [str(text) for text in found.ways[0].violations] == ["p3 supplies c3 below level 9"]
    offers = [{"competence": "c3", "level": level, "rate": level} for level in (1, 4, 6)]
    pool = {"partners": [{"id": f"q{place}", "offers": [offer]} for place, offer in enumerate(offers)]}
    project = {**PROJECT, "capabilities": capabilities[:1], "rules": [{"rule": "exclude", "partners": ["q2"]}]}
    found = repair(project, pool, weights={"c3": None, "q2 must stay out": None})
    assert only(found) == "Be content with level 4 of c3 instead of 9"


def test_suppliers_and_backups_are_as_many_as_there_are() -> None:
    pool = {"partners": [{"id": f"q{n}", "offers": [{"competence": "x", "rate": 1, "level": 2}]} for n in range(3)]}
    wanted = {"id": "x", "effort": 5, "providers": {"min": 5}}
    found = repair({**PROJECT, "capabilities": [wanted]}, pool, weights={"x": None})
    assert only(found) == "Be content with fewer suppliers of x: 3 instead of 5"
    assert [str(text) for text in found.ways[0].violations] == ["x: 3 suppliers, but at least 5 are required"]
    wanted = {"id": "x", "effort": 5, "backups": 4}
    other = {**wanted, "id": "y", "competence": "x", "backups": 0}  # so that those who stand by take part
    found = repair({**PROJECT, "capabilities": [wanted, other]}, pool, weights={"x": None, "y": None})
    assert only(found) == "Be content with fewer backups of x: 2 instead of 4"
    assert [str(text) for text in found.ways[0].violations] == ["x: 2 backups, but 4 are asked for"]


def test_who_was_kept_out_is_let_in() -> None:
    rules = [{"rule": "exclude", "partners": ["p2", "p4"]}]
    found = repaired(rules)
    assert [str(change.sentence) for change in found.ways[0].changes] == ["Admit p2", "Admit p4"]
    project = {**PROJECT, "interest": {"p1": "accepted"}, "accepted_only": True}
    found = repair(project, POOL, weights=KEPT)
    assert only(found) == "Admit partners that have not accepted yet"
    assert [str(text) for text in found.ways[0].violations] == ["these members have not accepted: p2, p3, p4"]


def test_what_cannot_be_supplied_is_left_out() -> None:
    project = {**PROJECT, "capabilities": [*PROJECT["capabilities"], {"id": "magic"}]}
    found = repair(project, POOL)
    assert [only(found)] == ["Leave out magic"]
    assert found.complete and len(found.ways) == 1
    told = explain(project, POOL)
    assert [str(entry.sentence) for entry in told.shortages] == ["nobody can supply magic"]
    assert [str(text) for conflict in told.conflicts for text in conflict.sentences] == ["the capability magic"]


def test_conflicts_that_have_nothing_to_do_with_each_other() -> None:
    project = {
        **PROJECT,
        "rules": [{"rule": "count", "max": 3}, {"rule": "include", "partners": ["spare"]}],
        "capabilities": [*PROJECT["capabilities"], {"id": "magic"}],
    }
    told = explain(project, POOL, forbid=["spare"])
    assert told.complete and len(told.conflicts) == 3
    assert all(conflict.minimal for conflict in told.conflicts)


def test_nothing_to_explain_and_nothing_to_repair() -> None:
    assert explain(PROJECT, POOL).status == "feasible"
    found = repair(PROJECT, POOL)
    assert (found.status, found.ways, found.complete) == ("feasible", (), True)
    assert found.outcome is not None and found.outcome.cost == 200


def test_limits_and_interruptions_say_what_is_known() -> None:
    project = {**PROJECT, "budget": 100}
    told = explain(project, POOL, time_limit=0)
    assert told.stopped == "time" and not told.complete
    assert not any(conflict.minimal for conflict in told.conflicts)
    found = repair(project, POOL, time_limit=0)
    assert (found.status, found.stopped) == ("unknown", "time")
    for stop_after in range(1, 8):
        told = explain(project, POOL, on_step=lambda step, last=stop_after: step.done >= last)
        assert told.status == "infeasible"
        assert told.stopped == "interrupted" or told.complete
        found = repair(project, POOL, on_step=lambda step, last=stop_after: step.done >= last)
        assert found.status in ("repaired", "unknown")
        assert all(way.violations for way in found.ways)


def test_questions_from_arrays_have_demands_too() -> None:
    """Of three held capabilities the first by two holders; four are too many, and who alone holds the last is out."""
    question = Instance.from_arrays(
        partners=5,
        capabilities=["x", "y", "z"],
        joining=[2, 3, 4, 5, 6],
        holds=([0, 1, 2, 3, 4], [0, 0, 1, 1, 2]),
        holders=[2, 1, 1],
        rules=(Count(max=2), Exclude(partners=("5",))),
    )
    told = explain(question)
    said = [[str(text) for text in conflict.sentences] for conflict in told.conflicts]
    assert said == [
        ["at most 2 members", "x: at least 2 suppliers", "the capability x", "the capability y"],
        ["5 must stay out", "the capability z"],
    ]
    found = repair(question, ways=1)
    assert found.ways[0].weight == 2
    assert len(found.ways[0].violations) == 2
    kept = repair(question, weights=dict.fromkeys(("x", "y", "z", "x: suppliers")))
    assert [str(change.sentence) for change in kept.ways[0].changes] == [
        "Loosen the rule “at most 2 members” to: at most 4 members",
        "Admit 5",
    ]
    assert kept.ways[0].outcome.cost == 15 and kept.complete


@pytest.mark.parametrize("solver", ["auto", "cpsat", "milp", "exhaustive", "greedy"])
def test_any_solver_may_be_asked(solver: str) -> None:
    found = repair({**PROJECT, "budget": 100}, POOL, solver=solver, ways=1)
    assert found.status == "repaired"
    proves = solver != "greedy"
    assert found.ways[0].proven == proves
    assert found.stopped is None
    assert explain({**PROJECT, "budget": 100}, POOL, solver=solver).status == ("infeasible" if proves else "unknown")
