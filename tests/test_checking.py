"""Planted lies are caught, one by one, in consortia and in what outcomes state."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from consortia.checking import check, verify
from consortia.consortium import Consortium, Delivery
from consortia.errors import SpecError
from consortia.instance import Instance
from consortia.posing import pose
from consortia.solving import solve

POOL: dict[str, Any] = {
    "competences": [{"id": "welding"}, {"id": "laser welding", "broader": "welding"}],
    "clusters": [
        {"id": "north", "country": "BY", "industry": "packaging", "fee": 100},
        {"id": "south", "country": "RU", "industry": "pharma", "fee": 50},
    ],
    "partners": [
        {
            "id": "ada",
            "clusters": ["north", "south"],
            "kind": "sme",
            "joining_cost": 20,
            "capacity": 4,
            "offers": [{"competence": "laser welding", "rate": 10, "capacity": 3}, {"competence": "tests", "rate": 5}],
        },
        {
            "id": "bor",
            "clusters": ["south"],
            "kind": "large",
            "joining_cost": 30,
            "offers": [{"competence": "welding", "rate": 20, "fixed": 5}, {"competence": "certificate"}],
        },
        {"id": "cid", "kind": "sme", "owner": "bor", "offers": [{"competence": "certificate"}]},
        {"id": "low", "offers": [{"competence": "tests", "level": 1, "rate": 1}]},
        {"id": "off", "offers": [{"competence": "tests", "level": 3, "rate": 1}]},
        {"id": "sub", "role": "subcontractor", "joining_cost": 1, "offers": [{"competence": "tests", "fixed": 60}]},
        {"id": "box", "joining_cost": 1, "offers": [{"competence": "tests", "fixed": 90, "level": 2}]},
    ],
}
for _partner in POOL["partners"]:
    for _offer in _partner["offers"]:
        if _offer["competence"] == "tests":
            _offer.setdefault("level", 2)
POOL["competences"] += [{"id": "tests"}, {"id": "certificate"}]
PROJECT: dict[str, Any] = {
    "title": "lies",
    "cooperation": "any",
    "effort_step": "0.5",
    "interest": {"off": "declined"},
    "capabilities": [
        {"id": "certificate", "providers": {"min": 1}},
        {"id": "welding", "effort": 4, "least_share": "0.25"},
        {"id": "tests", "effort": 2, "level": 2, "providers": 1, "backups": 1},
    ],
}
MEMBERS = {"ada": "north", "bor": "south", "sub": None}
WELDS = (
    Delivery("ada", "welding", "laser welding", Decimal("2.5")),
    Delivery("bor", "welding", "welding", Decimal("1.5")),
)
TESTS = Delivery("sub", "tests", "tests", Decimal(2))


def question(*rules: dict[str, Any], **changes: Any) -> Instance:
    return pose({**PROJECT, "rules": rules, **changes}, POOL)


def told(instance: Instance, consortium: Consortium) -> list[str]:
    return [str(violation) for violation in verify(instance, consortium).violations]


def test_an_honest_consortium_passes_to_the_cent() -> None:
    found = verify(question(), Consortium(MEMBERS, (*WELDS, TESTS)))
    assert found.valid
    instance = question()
    paid = {(line.component, line.item, line.partner): instance.money(line.cost) for line in found.lines}
    assert paid == {
        ("joining", "ada", "ada"): 20,
        ("joining", "bor", "bor"): 30,
        ("joining", "sub", "sub"): 1,
        ("delivery", "welding", "ada"): 25,
        ("delivery", "welding", "bor"): 35,
        ("delivery", "tests", "sub"): 60,
        ("cluster fee", "north", None): 100,
        ("cluster fee", "south", None): 50,
    }
    assert instance.money(found.cost) == sum(paid.values()) == 321


def without(*names: str) -> dict[str, str | None]:
    return {name: cluster for name, cluster in MEMBERS.items() if name not in names}


LIES: dict[str, tuple[Consortium, list[str]]] = {
    "a missing member": (
        Consortium(without("bor"), (*WELDS, TESTS)),
        ["nobody supplies certificate", "bor delivers welding and is not a member"],
    ),
    "a missing supplier": (
        Consortium({**MEMBERS, "box": None}, WELDS),
        [
            "nobody supplies tests",
            "box is a member and takes no part",
            "sub is a member and takes no part",
        ],
    ),
    "over an offer's capacity": (
        Consortium({**MEMBERS}, (Delivery("ada", "welding", "laser welding", Decimal("4")), TESTS)),
        ["ada works 4 person-months through its offer laser welding, which has 3"],
    ),
    "over a partner's capacity": (
        Consortium(
            MEMBERS | {"box": None, "sub": None},
            (
                Delivery("ada", "welding", "laser welding", Decimal("3")),
                Delivery("bor", "welding", "welding", Decimal(1)),
                Delivery("ada", "tests", "tests", Decimal(2)),
            ),
        ),
        [
            "box is a member and takes no part",
            "sub is a member and takes no part",
            "ada works 5 person-months and has 4",
        ],
    ),
    "padding effort": (
        Consortium(MEMBERS, (WELDS[0], Delivery("bor", "welding", "welding", Decimal(2)), TESTS)),
        ["welding: 4.5 person-months are delivered, but 4 are asked for"],
    ),
    "too little effort": (
        Consortium(MEMBERS, (WELDS[0], Delivery("bor", "welding", "welding", Decimal(1)), TESTS)),
        ["welding: 3.5 person-months are delivered, but 4 are asked for"],
    ),
    "a part too small": (
        Consortium(
            MEMBERS,
            (
                Delivery("ada", "welding", "laser welding", Decimal("0.5")),
                Delivery("bor", "welding", "welding", Decimal("3.5")),
                TESTS,
            ),
        ),
        ["ada delivers 0.5 person-months of welding, less than 1"],
    ),
    "a negative part": (
        Consortium(
            {**MEMBERS, "ada": "north"},
            (
                Delivery("ada", "welding", "laser welding", Decimal("-1")),
                Delivery("bor", "welding", "welding", Decimal(5)),
                TESTS,
            ),
        ),
        ["ada delivers -1 person-months of welding, less than 1"],
    ),
    "half a step": (
        Consortium(MEMBERS, (WELDS[0], Delivery("bor", "welding", "welding", Decimal("1.25")), TESTS)),
        [
            "bor delivers 1.25 person-months of welding, not a whole number of steps of 0.5",
            "welding: 2.5 person-months are delivered, but 4 are asked for",
        ],
    ),
    "a hair more than a step": (
        Consortium(MEMBERS, (WELDS[0], Delivery("bor", "welding", "welding", Decimal("1.5" + "0" * 40 + "1")), TESTS)),
        [
            f"bor delivers 1.5{'0' * 40}1 person-months of welding, not a whole number of steps of 0.5",
            "welding: 2.5 person-months are delivered, but 4 are asked for",
        ],
    ),
    "one part written as two": (
        Consortium(MEMBERS, (WELDS[0], Delivery("ada", "welding", "laser welding", Decimal(1)), TESTS)),
        [
            "welding: 3.5 person-months are delivered, but 4 are asked for",
            "ada delivers welding more than once",
            "ada works 3.5 person-months through its offer laser welding, which has 3",
        ],
    ),
    "too many providers": (
        Consortium(MEMBERS | {"box": None}, (*WELDS, TESTS, Delivery("box", "tests", "tests", Decimal(0)))),
        [
            "tests: 2 suppliers, but at most 1 are allowed",
            "box delivers 0 person-months of tests, less than 0.5",
        ],
    ),
    "a passenger": (
        Consortium({**MEMBERS, "box": None}, (*WELDS, TESTS)),
        ["box is a member and takes no part"],
    ),
    "a cluster of others": (
        Consortium({**MEMBERS, "bor": "north"}, (*WELDS, TESTS)),
        ["bor enters through north, to which it does not belong"],
    ),
    "a cluster that does not exist": (
        Consortium({**MEMBERS, "sub": "moon"}, (*WELDS, TESTS)),
        ["sub enters through moon, to which it does not belong"],
    ),
    "no entry": (
        Consortium({**MEMBERS, "ada": None}, (*WELDS, TESTS)),
        ["ada belongs to clusters and enters through none"],
    ),
    "an unknown partner": (
        Consortium({**MEMBERS, "ghost": None}, (*WELDS, TESTS)),
        ["ghost is not in the pool"],
    ),
    "a partner that has declined": (
        Consortium({**MEMBERS, "off": None}, (*WELDS, TESTS)),
        ["off may not join: has declined"],
    ),
    "a level too low": (
        Consortium({**MEMBERS, "low": None}, (*WELDS, Delivery("low", "tests", "tests", Decimal(2)))),
        [
            "low may not join: supplies nothing that the project asks for",
            "low may not deliver tests through its offer tests",
            "nobody supplies tests",
            "sub is a member and takes no part",
        ],
    ),
    "an offer that does not exist": (
        Consortium(MEMBERS, (*WELDS, Delivery("sub", "tests", "better tests", Decimal(2)))),
        [
            "sub may not deliver tests through its offer better tests",
            "nobody supplies tests",
            "sub is a member and takes no part",
        ],
    ),
    "a held capability that is delivered": (
        Consortium(MEMBERS, (*WELDS, TESTS, Delivery("bor", "certificate", "certificate", Decimal(0)))),
        ["bor may not deliver certificate through its offer certificate"],
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_about_the_structure_are_caught(lie: str) -> None:
    consortium, expected = LIES[lie]
    found = told(question(), consortium)
    assert [sentence for sentence in found if "backups" not in sentence] == expected


def test_missing_backups_are_caught() -> None:
    consortium = Consortium({"bor": "south", "sub": None}, (Delivery("bor", "welding", "welding", Decimal(4)), TESTS))
    assert told(question(), consortium) == ["tests: 0 backups, but 1 are asked for"]


def test_too_few_holders_are_caught() -> None:
    capabilities = [{"id": "certificate", "providers": {"min": 2}}, *PROJECT["capabilities"][1:]]
    instance = question(capabilities=capabilities)
    found = told(instance, Consortium(MEMBERS, (*WELDS, TESTS)))
    assert found == ["certificate: 1 suppliers, but at least 2 are required"]
    assert told(instance, Consortium({**MEMBERS, "cid": None}, (*WELDS, TESTS))) == []


def test_a_cost_above_the_budget_is_caught() -> None:
    assert told(question(budget="320.99"), Consortium(MEMBERS, (*WELDS, TESTS))) == [
        "the cost 321 exceeds the budget 320.99"
    ]
    assert told(question(budget=321), Consortium(MEMBERS, (*WELDS, TESTS))) == []


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"rule": "count", "min": 3}, "members: 2, but at least 3 is required"),
    ({"rule": "count", "max": 1, "filter": {"kind": "sme"}}, ""),
    ({"rule": "count", "max": 1}, "members: 2, but at most 1 is allowed"),
    (
        # bor and ada both enter through one cluster each: a partner is never counted in two
        {"rule": "count", "min": 2, "filter": {"cluster": "south"}},
        "members with cluster = south: 1, but at least 2 is required",
    ),
    (
        {"rule": "distinct", "attribute": "cluster", "min": 3},
        "different values of cluster among members: 2, but at least 3 is required",
    ),
    (
        {"rule": "distinct", "attribute": "country", "max": 1},
        "different values of country among members: 2, but at most 1 is allowed",
    ),
    (
        {"rule": "representatives", "attribute": "country", "min": 3},
        "independent representatives with different country: 2, but at least 3 is required",
    ),
    (
        {"rule": "representatives", "attribute": "country", "min": 1, "filter": {"kind": "university"}},
        "representatives with kind = university: 0, but at least 1 is required",
    ),
    (
        {"rule": "share", "each": "partner", "max": "0.35"},
        "share of cost of bor: 38.01 %, but at most 35 % is allowed",
    ),
    (
        {"rule": "share", "of": "effort", "filter": {"kind": "sme"}, "min": "0.5"},
        "share of effort of members with kind = sme: 41.67 %, but at least 50 % is required",
    ),
    (
        {"rule": "share", "filter": {"role": "subcontractor"}, "max": "0.15", "base": "total"},
        "share of cost of members with role = subcontractor: 19 %, but at most 15 % is allowed",
    ),
    ({"rule": "participation", "min_effort": 2}, "effort of bor: 1.5, but at least 2 is required"),
    ({"rule": "participation", "min_share": "0.3"}, "share of cost of ada: 26.32 %, but at least 30 % is required"),
    ({"rule": "include", "partners": ["cid"]}, "cid must be a member and is not"),
    ({"rule": "exclude", "filter": {"cluster": "north"}}, "ada must not be a member and is"),
    ({"rule": "conflict", "partners": ["ada", "sub"]}, "ada, sub must not be members together (at most 1)"),
    ({"rule": "requires", "when": "ada", "any_of": ["cid"]}, "ada is a member, and none of cid is"),
    ({"rule": "coordinator"}, "nobody is named as coordinator"),
]


@pytest.mark.parametrize(("rule", "expected"), BROKEN, ids=lambda value: value if isinstance(value, str) else None)
def test_broken_rules_are_caught(rule: dict[str, Any], expected: str) -> None:
    found = told(question({**rule, "label": "it"}), Consortium(MEMBERS, (*WELDS, TESTS)))
    assert found == ([f"it: {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("rule", "coordinator", "expected"),
    [
        ({}, "ada", []),
        ({}, "cid", ["the coordinator cid is not a member"]),
        ({}, "ghost", ["the coordinator ghost is not a member"]),
        ({}, "sub", ["the coordinator sub is not a beneficiary"]),
        ({"filter": {"kind": "sme"}}, "bor", ["the coordinator bor is not among members with kind = sme"]),
        ({"capability": "tests"}, "ada", ["the coordinator ada does not supply tests"]),
        ({"capability": "certificate"}, "bor", []),
    ],
)
def test_wrong_coordinators_are_caught(rule: dict[str, Any], coordinator: str, expected: list[str]) -> None:
    instance = question({"rule": "coordinator", "label": "it", **rule})
    found = told(instance, Consortium(MEMBERS, (*WELDS, TESTS), coordinator))
    assert found == [f"it: {sentence}" for sentence in expected]


def test_a_seat_decides_what_a_filter_reads() -> None:
    """Ada belongs to two clusters and counts in the one through which it enters, whichever that is."""
    rule = {"rule": "count", "min": 2, "filter": {"cluster": "south"}, "label": "it"}
    assert told(question(rule), Consortium({**MEMBERS, "ada": "south"}, (*WELDS, TESTS))) == []


# --- what outcomes state ------------------------------------------------------------------------------------------

RULES = (
    {"rule": "coordinator"},
    {"rule": "representatives", "attribute": "cluster", "min": 2},
    {"rule": "include", "partners": ["ada", "bor"]},
    {"rule": "distinct", "attribute": "cluster", "min": 2},
)


@pytest.fixture(scope="module")
def stated() -> dict[str, Any]:
    data = solve({**PROJECT, "rules": RULES}, POOL, solver="cpsat").to_dict()
    assert data["shared"]
    assert len(data["deliveries"]) >= 2
    return data


def told_of(data: Any) -> list[str]:
    return [str(violation) for violation in check({**PROJECT, "rules": RULES}, data, POOL).violations]


def test_an_honest_outcome_passes(stated: dict[str, Any], tmp_path: Path) -> None:
    assert told_of(stated) == []
    file = tmp_path / "outcome.json"
    file.write_text(json.dumps(stated), encoding="utf-8")
    assert told_of(file) == []
    assert told_of(str(file)) == []


def plus(entry: dict[str, Any], key: str, more: Any) -> None:
    entry[key] = entry[key] + more


STATED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a wrong cost": (lambda d: plus(d, "cost", 1), "the cost is stated as"),
    "a cost a cent off": (lambda d: plus(d, "cost", 0.01), "the cost is stated as"),
    "no cost": (lambda d: d.pop("cost"), "the cost is stated as None"),
    "a wrong own cost": (lambda d: plus(d["members"][0], "cost", -1), "the own cost of"),
    "no own cost": (lambda d: d["members"][0].pop("cost"), "the own cost of"),
    "a wrong delivery cost": (lambda d: plus(d["deliveries"][0], "cost", 1), "the delivery of"),
    "a wrong shared line": (lambda d: plus(d["shared"][0], "cost", 1), "the shared line"),
    "a missing shared line": (lambda d: d["shared"].pop(), "the shared line"),
    "a shared line twice": (lambda d: d["shared"].append(d["shared"][0]), "the shared line"),
    "an invented shared line": (
        lambda d: d["shared"].append({"component": "gift", "item": "me", "cost": 1}),
        "the shared line gift me is stated as 1 and is 0",
    ),
    "a member twice": (lambda d: d["members"].append(d["members"][0]), "is listed more than once"),
    "a partner in two clusters": (
        lambda d: d["members"].append({**d["members"][0], "cluster": "elsewhere"}),
        "is listed more than once",
    ),
    "another currency": (lambda d: d.update(currency="XTS"), "the currency is stated as XTS"),
    "another budget": (lambda d: d.update(budget=1), "the budget is stated as 1"),
    "a bound above the cost": (lambda d: plus(d, "bound", 1), "the bound"),
    "a missing member": (lambda d: d["members"].pop(), "not a member"),
    "a missing delivery": (lambda d: d["deliveries"].pop(), "nobody supplies"),
    "a false effort": (lambda d: plus(d["deliveries"][-1], "effort", 0.5), "person-months are delivered, but"),
    "a false entry": (lambda d: d["members"][0].update(cluster="moon"), "to which it does not belong"),
    "a false coordinator": (lambda d: d.update(coordinator="sub"), "the coordinator sub"),
    "no coordinator": (lambda d: d.update(coordinator=None), "nobody is named as coordinator"),
    "a representative too few": (
        lambda d: d["representatives"][0]["partners"].pop(),
        "independent representatives with different cluster: 1, but at least 2",
    ),
    "a representative from outside": (
        lambda d: d["representatives"][0]["partners"].append("ghost"),
        "the representative ghost is not a member",
    ),
}


@pytest.mark.parametrize("lie", STATED)
def test_false_statements_are_caught(stated: dict[str, Any], lie: str) -> None:
    plant, expected = STATED[lie]
    data = copy.deepcopy(stated)
    plant(data)
    assert any(expected in sentence for sentence in told_of(data)), told_of(data)


UNREADABLE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no members": lambda d: d.pop("members"),
    "members that are none": lambda d: d.update(members=5),
    "a cost in words": lambda d: d.update(cost="much"),
    "a cost that is none": lambda d: d.update(cost="NaN"),
    "a monstrous cost": lambda d: d.update(cost="1e999999999"),
    "a bound in words": lambda d: d.update(bound="little"),
    "an own cost in words": lambda d: d["members"][0].update(cost="much"),
    "an effort in words": lambda d: d["deliveries"][0].update(effort="much"),
    "a delivery of nothing": lambda d: d["deliveries"][0].pop("capability"),
    "a line for nothing": lambda d: d["shared"][0].pop("item"),
    "lines that are none": lambda d: d.update(shared=3),
    "representatives that are none": lambda d: d.update(representatives=[{"rule": "it"}]),
    "an infeasible outcome": lambda d: d.update(status="infeasible"),
}


@pytest.mark.parametrize("damage", UNREADABLE)
def test_what_is_no_outcome_is_refused(stated: dict[str, Any], damage: str) -> None:
    data = copy.deepcopy(stated)
    UNREADABLE[damage](data)
    with pytest.raises(SpecError):
        told_of(data)


@pytest.mark.parametrize("text", ["", "[1, 2]", "{}", "null", "no json"])
def test_files_that_are_no_outcomes_are_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "outcome.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError):
        told_of(file)
    with pytest.raises(SpecError):
        told_of(tmp_path / "absent.json")


def test_a_missing_key_is_named_and_other_things_are_refused(stated: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match="deliveries is missing"):
        told_of({"members": []})
    with pytest.raises(TypeError, match="not NoneType"):
        told_of(None)
    assert told_of(json.dumps(stated)) == []


def test_odd_but_readable_statements_are_judged(stated: dict[str, Any]) -> None:
    """Names that are no texts and clusters that are lists are wrong, and no reason to fall over."""
    data = copy.deepcopy(stated)
    data["members"][0]["cluster"] = ["north"]
    data["coordinator"] = {"who": 1}
    assert len(told_of(data)) >= 2


def test_an_outcome_without_a_consortium_cannot_be_checked() -> None:
    outcome = solve({**PROJECT, "budget": 1}, POOL, solver="cpsat")
    with pytest.raises(SpecError, match="infeasible"):
        check({**PROJECT, "budget": 1}, outcome, POOL)


def test_a_coordinator_from_outside_is_seen_without_a_rule_too() -> None:
    question = Instance.from_arrays(partners=["a", "b"], capabilities=1, joining=[1, 2], holds=([0, 1], [0, 0]))
    found = verify(question, Consortium({"a": None}, coordinator="b"))
    assert [str(violation) for violation in found.violations] == ["the coordinator b is not a member"]
