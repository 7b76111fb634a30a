"""What solvers see of the rules on shares of counts, links, conditions, losses and odds is what they mean.

For every consortium of a tiny question: with the decisions fixed, the rows can be satisfied exactly when there is no
violation, and are always satisfied when the literal before them is off.
"""

from __future__ import annotations

from typing import Any, get_args

import pytest
from enumerated import consortia, tiny
from meaning import hold_literal_to_meaning, hold_to_meaning
from pydantic import TypeAdapter, ValidationError

from consortia.rules import AnyCondition, AnyRule

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
