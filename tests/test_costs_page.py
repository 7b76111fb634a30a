"""The examples of the page on costs are what they claim to be."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from consortia import solve
from consortia.costs import AnyCost
from consortia.expressions import ExpressionName
from consortia.files import yaml_text
from consortia.funding import Funding, Rate, programmes
from consortia.outcome import Outcome, Status
from consortia.posing import pose

PAGE = (Path(__file__).parents[1] / "docs" / "costs.md").read_text(encoding="utf-8")
YAML = {
    text.partition("\n")[0].removeprefix("# "): text for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)
}
ROW = re.compile(r"^\| ([\w ]+) \| ([\w -]+) \| (-?\d+) \|", re.M)


def parsed(name: str) -> Any:
    return yaml_text.parse(YAML[name], "page").data


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return solve(parsed("project.yaml"), solver="cpsat")


def test_the_example_costs_what_the_page_says(outcome: Outcome) -> None:
    assert outcome.status is Status.OPTIMAL
    stated = sorted((component, item, Decimal(amount)) for component, item, amount in ROW.findall(PAGE))
    paid = [(line.component, line.item, outcome.instance.money(line.cost)) for line in outcome.lines]
    assert sorted(paid) == stated
    assert f"In all {outcome.cost}." in PAGE


def test_the_example_is_funded_as_the_page_says(outcome: Outcome) -> None:
    total = outcome.to_dict()["funding"]["total"]
    text = " ".join(PAGE.split())
    assert f"The grant is {total['grant']}," in text
    assert f"the total cost {total['cost']} + {total['indirect']} = {total['cost'] + total['indirect']}" in text
    assert f"the own contribution {total['own_contribution']}," in text


def test_every_cost_is_in_the_example() -> None:
    shown = {entry["cost"] for entry in parsed("project.yaml")["costs"]}
    assert shown == {kind.model_fields["cost"].default for kind in get_args(get_args(AnyCost)[0])}


@pytest.mark.parametrize("name", ["funding", "affinity"])
def test_snippets_are_sound(name: str) -> None:
    instance = pose({**parsed("project.yaml"), **parsed(name)})
    assert getattr(instance, name) is not None


def test_the_page_shows_every_key_of_funding_and_every_expression() -> None:
    funding = parsed("funding")["funding"]
    assert set(Funding.model_fields) - {"source", "as_of"} == set(funding)
    assert set(Rate.model_fields) == {key for rate in funding["rates"] for key in rate}
    assert all(f"`{name}`" in PAGE for name in (*get_args(ExpressionName), *programmes()))
