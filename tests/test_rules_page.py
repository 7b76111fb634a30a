"""The page on rules is what it claims: its example has the least costs of its table, and its rules are sound."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from consortia import solve
from consortia.posing import pose

PAGE = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n# (.*?)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
PROJECT: dict[str, Any] = yaml.safe_load(next(text for name, text in BLOCKS if name == "project.yaml"))
STEPS = re.findall(r"^\| (?:none|`(\w+)`) \| (\d+) \|", PAGE, flags=re.MULTILINE)


def test_the_table_has_every_rule_of_the_example() -> None:
    assert [name for name, _ in STEPS] == ["", *(rule["rule"] for rule in PROJECT["rules"])]


@pytest.mark.parametrize("solver", ["cpsat", "milp"])
@pytest.mark.parametrize("number", range(len(STEPS)))
def test_the_least_costs_are_those_of_the_table(number: int, solver: str) -> None:
    outcome = solve({**PROJECT, "rules": PROJECT["rules"][:number]}, solver=solver)
    assert outcome.status.value == "optimal"
    assert outcome.cost == int(STEPS[number][1])


@pytest.mark.parametrize("text", [text for name, text in BLOCKS if name == "rules"])
def test_the_rules_of_the_page_are_sound(text: str) -> None:
    rules = yaml.safe_load(text)
    assert len(pose({**PROJECT, "rules": rules}, None).rules) == len(rules)
