"""``explain`` and ``repair``, in both languages, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Here

ROOT = Path(__file__).parents[2]
LAB = ROOT / "instances" / "vaccine-lab.yaml"
CONFLICT = ["Competitors who do not share samples", "stability: at least 2 suppliers", "the capability stability"]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_solve_points_to_explain_and_that_to_repair(here: Here) -> None:
    assert "`consortia explain` finds which requirements cannot be met together" in flat(here("solve", LAB).out)
    ended = here("explain", LAB)
    assert ended.code == 0
    for said in (*CONFLICT, "without any one of them the others can", "has declined", "`consortia repair` finds"):
        assert said in flat(ended.out)


def test_explanations_as_json(here: Here) -> None:
    data = json.loads(here("explain", LAB, "--format", "json").out)
    assert (data["format"], data["status"], data["complete"]) == ("consortia-explain/1", "infeasible", True)
    assert [demand["text"] for demand in data["conflicts"][0]["demands"]] == CONFLICT
    assert data["conflicts"][0]["minimal"]
    declined = [entry["partner"] for entry in data["lacks"][0]["left_out"] if entry["reason"] == "has declined"]
    assert declined == ["oka-vaccines", "esil-pharm", "astana-university"]


def test_repairs_in_both_languages(here: Here) -> None:
    english, russian = here("repair", LAB), here("repair", LAB, "--lang", "ru")
    assert english.code == russian.code == 0
    for said in ("Drop the rule “Competitors who do not share samples”", "1 instead of 2", "Leave out stability"):
        assert said in flat(english.out)
    for said in ("Отказаться от правила", "1 вместо 2", "Исключить из проекта «stability»", "Лучший компромисс"):
        assert said in flat(russian.out)
    assert "Way" not in russian.out and "Proven" not in russian.out


def test_weights_from_the_command_line(here: Here) -> None:
    ended = here(
        "repair", LAB, "--weight", f"{CONFLICT[0]}=2.5", "--keep", "stability", "--ways", 1, "--format", "json"
    )
    data = json.loads(ended.out)
    assert [change["to"] for change in data["ways"][0]["changes"]] == [1]
    assert (data["ways"][0]["weight"], data["ways"][0]["proven"]) == (1, True)
    names = (CONFLICT[0], "stability: suppliers", "stability")
    assert here("repair", LAB, *(word for name in names for word in ("--keep", name))).code == 3
    ended = here("repair", LAB, "--weight", "stabilty=1", "--keep", "nonsense")
    assert ended.code == 2 and ended.out == ""
    assert "stabilty" in ended.err and "Did you mean stability" in ended.err and "nonsense" in ended.err
    assert here("repair", LAB, "--weight", "stability=none").code == 2
    assert here("repair", LAB, "--weight", "stability").code == 2


def test_a_budget_is_raised(here: Here, labels: Path, impossible: Path) -> None:
    least = json.loads(here("solve", labels, "--format", "json").out)["cost"]
    data = json.loads(here("repair", impossible, "--ways", 1, "--format", "json").out)
    assert [change["to"] for change in data["ways"][0]["changes"]] == [least]
    assert "Raise the budget from 40,000.00\u00a0EUR to 43,632.50\u00a0EUR" in here("repair", impossible).out
    assert "the whole costs at most 40,000.00\u00a0EUR" in here("explain", impossible).out


@pytest.mark.parametrize("verb", ["explain", "repair"])
def test_where_there_is_a_consortium(verb: str, here: Here, labels: Path) -> None:
    ended = here(verb, labels)
    assert ended.code == 0 and "There is a consortium: there is nothing to" in ended.out
    assert json.loads(here(verb, labels, "--format", "json").out)["outcome"]["status"] == "optimal"


@pytest.mark.parametrize("verb", ["explain", "repair"])
def test_bad_input(verb: str, here: Here, labels: Path, tmp_path: Path) -> None:
    assert here(verb, tmp_path / "nowhere.yaml").code == 2
    assert here(verb, labels, "--require", "nobody").code == 2
    assert here(verb, labels, "--solver", "nonsense").code == 2
