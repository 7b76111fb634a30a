"""``prices`` and ``alternatives``: text, JSON, two languages, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Here

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "instances" / "small.yaml"
NONE = ROOT / "instances" / "vaccine-lab.yaml"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # names are not broken


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_prices_as_text(here: Here) -> None:
    said = one_line(here("prices", SMALL).out)
    assert "Proven least cost: 20,650.00 EUR" in said
    assert "Regional Polytechnic [polytechnic] 620.00 EUR" in said
    assert "Design Studio Nine [studio] 360.00 EUR" in said
    assert "These cost nothing:" in said and "Prices at the margin" not in said
    said = one_line(here("prices", SMALL, "--multipliers", "--no-rules").out)
    assert "Prices at the margin" in said and "What rules cost" not in said


def test_prices_as_data(here: Here) -> None:
    data = json.loads(here("prices", SMALL, "--format", "json", "--offer", "studio:design").out)
    assert data["format"] == "consortia-prices/1" and data["exact"] and data["multipliers"] is None
    found = {entry["partner"]: (entry["member"], entry["price"]) for entry in data["partners"]}
    assert found["studio"] == (False, 360) and found["polytechnic"] == (True, 620)
    assert {entry["rule"]: entry["price"] for entry in data["rules"]}["Budget"] == 0
    assert [(entry["partner"], entry["per"]) for entry in data["ranges"]] == [
        ("studio", "delivery"),
        ("studio", "person-month"),
    ]


def test_alternatives_as_text_and_data(here: Here) -> None:
    said = one_line(here("alternatives", SMALL, "--count", "2").out)
    assert "2 20,700.00 EUR 50.00 EUR" in said and "There are more." in said
    data = json.loads(here("alternatives", SMALL, "--within", "1%", "--format", "json", "--presence").out)
    assert data["format"] == "consortia-alternatives/1" and data["proven"] and data["more"] is False
    assert [entry["cost"] for entry in data["consortia"]] == [20650, 20700, 20800, 20850]
    assert data["presence"]["bigplast"] == "all" and data["presence"]["studio"] == "none"


@pytest.mark.parametrize("command", ["prices", "alternatives"])
def test_in_russian_and_without_a_consortium(here: Here, command: str) -> None:
    assert "Доказанная наименьшая стоимость" in here(command, SMALL, "--lang", "ru").out
    ended = here(command, NONE)
    assert ended.code == 3
    assert "Proven: no consortium meets these requirements" in ended.out
    assert "`consortia explain`" in ended.out
    assert "найдёт `consortia explain`" in here("alternatives", NONE, "--lang", "ru").out
    assert here(command, SMALL, "--time-limit", "0").code in (0, 4)


@pytest.mark.parametrize(
    "line", [("--offer", "studio"), ("--offer", "studio:design", "--ranges"), ("--offer", "studio:nothing")], ids=str
)
def test_wrong_offers_are_refused(here: Here, line: tuple[str, ...]) -> None:
    ended = here("prices", SMALL, *line)
    assert ended.code == 2
    assert "Traceback" not in ended.err
