"""What a core lacks, who could bring it, at what cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from consortia import Instance, SpecError, solve
from consortia.gaps import Coverage, Gap, find_gap
from consortia.shortages import effort_together, most_effort, shortages

PROJECT: dict[str, Any] = {
    "title": "Labels",
    "cooperation": "any",
    "capabilities": [
        {"id": "print", "effort": 6, "level": 2},
        {"id": "weld", "effort": 4},
        {"id": "safety", "level": 2},
        {"id": "lab", "mode": "delivered", "backups": 1},
    ],
    "interest": {"gone": "declined"},
}
POOL: dict[str, Any] = {
    "clusters": [{"id": "pack", "fee": 100}, {"id": "digi", "fee": 70}],
    "competences": [{"id": name} for name in ("print", "weld", "safety", "lab")] + [{"id": "laser", "broader": "weld"}],
    "partners": [
        {"id": "ink", "clusters": ["pack"], "offers": [{"competence": "print", "level": 2, "rate": 50, "capacity": 4}]},
        {"id": "dot", "clusters": ["pack"], "offers": [{"competence": "print", "level": 3, "rate": 60, "capacity": 3}]},
        {
            "id": "ray",
            "clusters": ["digi"],
            "joining_cost": 5,
            "capacity": 5,
            "offers": [{"competence": "print", "level": 2, "rate": 40}, {"competence": "laser", "rate": 30}],
        },
        {
            "id": "sun",
            "clusters": [{"cluster": "digi", "paid": True}],
            "offers": [{"competence": "weld", "rate": 45}, {"competence": "safety", "level": 2}],
        },
        {"id": "one", "offers": [{"competence": "lab", "fixed": 20}]},
        {
            "id": "two",
            "joining_cost": 9,
            "offers": [{"competence": "lab", "fixed": 10}, {"competence": "safety", "level": 2}],
        },
        {"id": "gone", "offers": [{"competence": "print", "level": 3, "rate": 1}]},
    ],
}


def gap(*core: str) -> Gap:
    return find_gap(PROJECT, POOL, core=core)


def of(found: Gap, capability: str) -> Coverage:
    return next(entry for entry in found.coverage if entry.capability == capability)


def test_what_the_core_covers() -> None:
    found = gap("ink", "one")
    printing, lab = of(found, "print"), of(found, "lab")
    assert (printing.by, printing.possible, printing.missing_effort, printing.level) == (("ink",), 4, 2, 2)
    assert (lab.by, lab.required, lab.missing_suppliers) == (("one",), 2, 1)
    assert (found.possible, found.effort) == (4, 10)
    assert [entry.capability for entry in found.missing] == ["print", "weld", "safety", "lab"]


def test_prices_of_what_is_missing() -> None:
    found = gap("ink")
    bringers = [(who.partner, who.effort, who.cost) for who in of(found, "print").bringers]
    # two person-months are missing: ray 2 x 40 + 5 + fee 70, dot 2 x 60 in a cluster that the core is in already
    assert bringers == [("dot", 2, 120), ("ray", 2, 155)]
    welding = of(found, "weld").bringers
    assert [(who.partner, who.joining, who.delivery, who.fee) for who in welding] == [
        ("sun", 0, 180, 0),
        ("ray", 5, 120, 70),
    ]
    assert welding[1].path == ("laser", "weld")
    assert welding[0].also == ("safety",) and welding[1].also == ("print",)
    assert [(who.partner, who.cost) for who in of(found, "safety").bringers] == [("sun", 0), ("two", 9)]


def test_a_fee_that_the_core_need_not_owe_is_not_taken_as_paid() -> None:
    assert {who.partner: who.fee for who in of(gap("sun"), "print").bringers}["ray"] == 70


def test_those_who_bring_a_part_come_last() -> None:
    bringers = of(gap("one"), "print").bringers
    assert [(who.partner, who.whole, who.effort, who.cost) for who in bringers] == [
        ("ray", False, 5, 275),
        ("dot", False, 3, 280),
        ("ink", False, 4, 300),
    ]


def test_capacity_is_shared_between_capabilities() -> None:
    found = gap("ray")
    assert (of(found, "print").possible, of(found, "weld").possible) == (5, 4)
    assert found.possible == 5


def test_a_core_that_covers_all_needs_nobody() -> None:
    found = gap("ink", "dot", "sun", "one", "two")
    assert not found.missing and found.possible == found.effort
    outcome = found.complete(solver="cpsat")
    assert outcome.consortium is not None and set(found.core) <= set(outcome.consortium.members)


def test_the_completion_costs_least_among_those_with_the_core() -> None:
    outcome = gap("ink").complete(solver="cpsat")
    assert outcome.proven and outcome.consortium is not None
    assert "ink" in outcome.consortium.members
    assert outcome.cost == solve(PROJECT, POOL, require=["ink"], solver="milp").cost


def test_who_has_declined_is_barred_with_the_reason() -> None:
    found = gap("gone")
    assert str(found.barred["gone"]) == "has declined"
    assert found.complete(solver="cpsat").status == "infeasible"


def test_a_core_that_does_not_exist() -> None:
    with pytest.raises(SpecError, match="there is no partner nobody"):
        gap("ink", "nobody")
    with pytest.raises(SpecError, match="the core is empty"):
        find_gap(PROJECT, POOL, core=[])


def test_a_question_from_arrays() -> None:
    question = Instance.from_arrays(partners=["a", "b"], capabilities=["x"], joining=[2, 3], holds=([1], [0]))
    found = find_gap(question, core=["a"])
    assert [(who.partner, who.cost) for who in found.missing[0].bringers] == [("b", Decimal(3))]
    assert found.missing[0].level is None


def test_shortages_of_each_sort() -> None:
    def said(**capability: Any) -> list[str]:
        project = {**PROJECT, "capabilities": [{"id": "print", **capability}]}
        return [str(entry.sentence) for entry in shortages(find_gap(project, POOL, core=["ink"]).instance)]

    assert said(effort=4) == []
    assert said(level=4) == ["nobody can supply print"]
    assert said(providers={"min": 5}) == ["print: 3 can supply it, but 5 are required"]
    assert said(effort=1, providers={"min": 2}, backups=2) == [
        "print: 3 can supply it, but 2 and 2 backups are required"
    ]
    assert said(effort=90) == ["print: its suppliers have capacity for 12 of 90 person-months"]
    assert said(effort=9, providers={"max": 2}) == []
    assert said(effort=10, providers={"max": 2}) == ["print: its suppliers have capacity for 9 of 10 person-months"]


def test_capacities_that_are_short_only_together() -> None:
    project = {
        "title": "x",
        "cooperation": "any",
        "capabilities": [{"id": "print", "effort": 5}, {"id": "weld", "effort": 5}],
    }
    pool = {
        "partners": [
            {
                "id": "ray",
                "capacity": 8,
                "offers": [{"competence": "print", "rate": 1}, {"competence": "weld", "rate": 1}],
            }
        ]
    }
    instance = find_gap(project, pool, core=["ray"]).instance
    assert [str(entry.sentence) for entry in shortages(instance)] == [
        "all partners together have capacity for 8 of the 10 person-months"
    ]
    assert effort_together(instance, instance.partners) == 80
    assert most_effort(instance).tolist() == [50, 50]
