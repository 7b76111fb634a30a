"""What solvers see of the rules on shares of counts, links, conditions, losses and odds is what they mean.

For every consortium of a tiny question: with the decisions fixed, the rows can be satisfied exactly when there is no
violation, and are always satisfied when the literal before them is off.
"""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from enumerated import POOL, PROJECT, consortia, tiny
from meaning import hold_literal_to_meaning, hold_to_meaning
from pydantic import TypeAdapter, ValidationError

from consortia.consortium import Consortium, Delivery
from consortia.errors import SpecError
from consortia.files import read, write_yaml
from consortia.posing import pose
from consortia.rules import AnyCondition, AnyRule, sums
from consortia.spec.project import Project

RULE = TypeAdapter(AnyRule)
INSTANCE = tiny(worked_together=[["ada", "bor"], ["cid", "bor"], ["cid", "dor"]])
ALL = list(consortia(INSTANCE, 3))

EVERYBODY = {"role": ["beneficiary", "associated"]}
EXAMPLES: list[dict[str, Any]] = [
    {"rule": "count", "min_share": "50%", "filter": {"kind": "sme"}},
    {"rule": "count", "min_share": "0.3", "max_share": "0.7", "filter": {"country": "BY"}},
    {"rule": "count", "max_share": "50%", "min": 1, "filter": {"role": "associated"}, "base": EVERYBODY},
    {"rule": "count", "min_share": "60%", "filter": {"cluster": "north"}, "base": {"kind": ["sme", "large"]}},
    {"rule": "distinct", "attribute": "country", "min_share": "60%", "filter": {"kind": "sme"}},
    {"rule": "distinct", "attribute": "cluster", "max_share": "50%", "filter": {"country": "RU"}, "base": EVERYBODY},
    {"rule": "distinct", "attribute": "cluster", "min_share": "100%", "filter": {"country": "BY"}},
    {"rule": "links"},
    {"rule": "links", "min": 2, "filter": EVERYBODY, "pairs": [["ada", "bor"], ["bor", "cid"], ["ada", "cid"]]},
    {"rule": "links", "filter": {"cluster": "north", **EVERYBODY}, "pairs": [["ada", "cid"]]},
    {"rule": "connected"},
    {"rule": "connected", "filter": EVERYBODY},
    {"rule": "connected", "filter": {"cluster": ["north", "south"], **EVERYBODY}},
    {"rule": "connected", "filter": EVERYBODY, "pairs": [["ada", "bor"], ["cid", "dor"]]},
    {"rule": "connected", "pairs": []},
    {"rule": "reliability", "min": "90%", "capabilities": ["films"]},
    {"rule": "reliability", "min": "0.675"},
    {"rule": "reliability", "min": "0.676", "capabilities": ["films"]},
    {"rule": "reliability", "min": "0.975", "mode": "any"},
    {"rule": "reliability", "min": "0.9750001", "mode": "any", "capabilities": ["lab"]},
    {"rule": "reliability", "min": 1, "mode": "any", "capabilities": ["lab"]},
    {"rule": "reliability", "min": 1, "capabilities": ["lab"]},
]

CONDITIONS: list[dict[str, Any]] = [
    {"rule": "count", "min": 1, "max": 2, "filter": {"country": "BY"}},
    {"rule": "count", "min_share": "50%", "filter": {"cluster": "north"}},
    {"rule": "distinct", "attribute": "country", "min": 2, "max": 2, "filter": EVERYBODY},
    {"rule": "distinct", "attribute": "cluster", "max_share": "50%", "filter": {"country": "RU"}, "base": EVERYBODY},
    {"rule": "share", "min": "50%", "filter": {"cluster": "north"}},
    {"rule": "share", "each": "partner", "min": "20%", "max": "80%"},
    {"rule": "participation", "min_effort": "0.1", "min_share": "10%"},
    {"rule": "include", "partners": ["ada", "cid"]},
    {"rule": "include", "partners": ["gone"]},
    {"rule": "exclude", "filter": {"cluster": "south"}},
    {"rule": "conflict", "partners": ["ada", "bor", "cid"]},
    {"rule": "requires", "when": "ada", "any_of": ["bor", "dor"]},
    {"rule": "requires", "when": "ada", "any_of": ["ada"]},
    {"rule": "links"},
    {"rule": "reliability", "min": "0.675"},
    {"rule": "reliability", "min": "0.975", "mode": "any", "capabilities": ["lab"]},
]
CONSEQUENCES: list[dict[str, Any]] = [
    {"rule": "count", "min": 2},
    {"rule": "representatives", "attribute": "country", "min": 2},
    {"rule": "connected"},
    {"rule": "share", "each": "cluster", "min": "20%", "max": "60%"},
]


def named(rule: dict[str, Any]) -> str:
    return " ".join(str(value) for value in rule.values())


@pytest.mark.parametrize("data", EXAMPLES, ids=named)
def test_rows_are_what_the_rule_means(data: dict[str, Any]) -> None:
    rule = RULE.validate_python(data)
    assert hold_to_meaning(INSTANCE, rule, ALL) == {True, False}


@pytest.mark.parametrize("data", CONDITIONS, ids=named)
def test_a_literal_tells_whether_a_rule_holds(data: dict[str, Any]) -> None:
    hold_literal_to_meaning(INSTANCE, TypeAdapter(AnyCondition).validate_python(data), ALL)


def test_every_condition_is_tried() -> None:
    kinds = {kind.model_fields["rule"].default for kind in get_args(get_args(AnyCondition)[0])}
    assert kinds == {rule["rule"] for rule in CONDITIONS}


@pytest.mark.parametrize("condition", CONDITIONS[::3], ids=named)
@pytest.mark.parametrize("consequence", CONSEQUENCES, ids=named)
def test_rules_under_conditions_are_what_they_mean(condition: dict[str, Any], consequence: dict[str, Any]) -> None:
    rule = RULE.validate_python({"rule": "conditional", "if": condition, "then": consequence})
    assert True in hold_to_meaning(INSTANCE, rule, ALL[::3])


def test_what_cannot_be_denied_is_no_condition() -> None:
    for kind in ({"rule": "connected"}, {"rule": "representatives", "attribute": "country", "min": 2}):
        with pytest.raises(ValidationError, match="does not match any of the expected tags"):
            RULE.validate_python({"rule": "conditional", "if": kind, "then": {"rule": "count", "min": 1}})


@pytest.mark.parametrize("mode", ["any", "all"])
@pytest.mark.parametrize("least", ["0.675", "0.67500001", "0.9", "0.95", "0.999", "0.9995", 1])
def test_odds_of_what_is_held_and_digit_by_digit(mode: str, least: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offers state reliabilities of their own here; with tiny digits every sum has several."""
    pool = deepcopy(POOL)
    pool["partners"][0]["offers"][1]["reliability"] = "0.98"
    pool["partners"][2]["offers"][1]["reliability"] = "0.5"
    pool["partners"][1]["offers"].append({"id": "better", "competence": "lab", "reliability": "0.95"})
    question = pose({**PROJECT, "capabilities": [{"id": "films", "effort": "0.2"}, {"id": "lab"}]}, pool)
    rule = RULE.validate_python({"rule": "reliability", "min": least, "mode": mode, "capabilities": ["lab"]})
    held = [Consortium(one.members) for one in consortia(question) if not one.deliveries]
    assert True in hold_to_meaning(question, rule, held)
    monkeypatch.setattr(sums, "_BASE", 4)
    assert True in hold_to_meaning(question, rule, held)
    hold_literal_to_meaning(question, rule, held)


def test_what_is_not_known_is_no_chance() -> None:
    rule = RULE.validate_python({"rule": "reliability", "min": "0.01", "capabilities": ["films"]})
    one = Consortium({"cid": "north"}, (Delivery("cid", "films", "films", Decimal("0.3")),))
    assert [str(violation) for violation in rule.violations(INSTANCE, one)] == [
        "chance that films is supplied: 0 %, but at least 1 % is required"
    ]


def test_what_rules_name_must_exist() -> None:
    with pytest.raises(SpecError) as caught:
        tiny(
            worked_together=[["ada", "bob"]],
            rules=[
                {"rule": "survives", "capabilities": ["film"]},
                {"rule": "reliability", "min": 1, "capabilities": ["films", "labs"]},
                {"rule": "links", "pairs": [["ada", "bor"], ["cit", "ada"]]},
                {
                    "rule": "conditional",
                    "if": {"rule": "include", "partners": ["dorr"]},
                    "then": {"rule": "count", "min": 1, "filter": {"cluster": "nort"}},
                },
            ],
        )
    places = [(problem.place, str(problem.message)) for problem in caught.value.problems]
    assert places == [
        ("worked_together[0][1]", "there is no partner bob"),
        ("rules[0].capabilities[0]", "there is no capability film"),
        ("rules[1].capabilities[1]", "there is no capability labs"),
        ("rules[2].pairs[1][0]", "there is no partner cit"),
        ("rules[3].if.partners[0]", "there is no partner dorr"),
        ("rules[3].then.filter.cluster", "there is no cluster nort"),
    ]


def test_a_wrong_condition_is_told_with_what_is_right() -> None:
    with pytest.raises(SpecError) as caught:
        tiny(rules=[{"rule": "conditional", "if": {"rule": "connected"}, "then": {"rule": "count", "min": 1}}])
    assert [problem.place for problem in caught.value.problems] == ["rules[0].if"]
    assert "count" in str(caught.value) and "tag" not in str(caught.value)


def test_conditions_are_written_as_they_are_read(tmp_path: Path) -> None:
    rules = [{"rule": "conditional", "if": {"rule": "include", "partners": ["dor"]}, "then": {"rule": "links"}}]
    project = Project.model_validate({**PROJECT, "rules": rules})
    write_yaml(project, tmp_path / "project.yaml")
    assert read(tmp_path / "project.yaml", POOL)[0].rules == project.rules
