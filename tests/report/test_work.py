"""Sections of the report on objectives, choices, work packages, periods and changes, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from consortia import Outcome, solve
from consortia.report.text import text_report

PROJECT: dict[str, Any] = {
    "title": "A box",
    "cooperation": "any",
    "periods": ["spring", "summer"],
    "capabilities": [
        {"id": "foam", "effort": 3},
        {"id": "panels", "effort": 2, "end": "spring"},
        {"id": "film", "effort": 1},
        {"id": "app", "effort": 2, "optional": True, "value": 4},
        {"id": "label", "effort": 2, "optional": True, "value": 1},
    ],
    "choices": [["foam", ["panels", "film"]]],
    "work_packages": [{"id": "box", "title": "The box itself", "capabilities": ["foam", "panels", "film"]}],
    "objectives": ["value", {"of": "cost", "slack": "10%"}, "members"],
    "budget": 13000,
    "costs": [{"cost": "coordination", "across": 100, "same_country": 50}],
    "rules": [{"rule": "survives", "capabilities": ["panels"]}],
}
POOL: dict[str, Any] = {
    "partners": [
        {"id": "ada", "country": "BY", "offers": [{"competence": "foam", "rate": 5000}]},
        {"id": "bor", "country": "BY", "offers": [{"competence": each, "rate": 2000} for each in ("panels", "film")]},
        {"id": "cid", "country": "RU", "offers": [{"competence": each, "rate": 3000} for each in ("app", "panels")]},
        {"id": "dor", "country": "RU", "offers": [{"competence": "label", "rate": 4000}]},
    ]
}


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return solve(PROJECT, POOL, solver="cpsat")


def lines(outcome: Outcome, lang: str = "en") -> list[str]:
    return [" ".join(line.split()) for line in text_report(outcome, lang, 120).splitlines()]


def test_objectives_stand_with_their_values_and_proofs(outcome: Outcome) -> None:
    found = lines(outcome)
    assert found[1].startswith("Proven best by the objectives below, at a cost of ")
    assert "1. value, maximised 4 proven" in found
    assert "2. cost, minimised 12,100.00 EUR 10 % proven" in found
    assert "3. members, minimised 2 proven" in found


def test_what_was_chosen_and_left_out(outcome: Outcome) -> None:
    found = lines(outcome)
    assert "- panels + film, rather than foam" in found
    assert "- app (value 4): undertaken" in found
    assert "- label (value 1): left out" in found


def test_work_packages_have_titles_leaders_and_effort(outcome: Outcome) -> None:
    assert "The box itself [box] bor 3" in lines(outcome)


def test_periods_are_columns(outcome: Outcome) -> None:
    found = lines(outcome)
    assert "Member spring summer" in found
    assert any(line.startswith("bor 2") or line.startswith("bor 3") for line in found)


def test_who_stands_by_is_named(outcome: Outcome) -> None:
    assert "stands by: cid (2)" in lines(outcome)


def test_coordination_is_paid_by_class(outcome: Outcome) -> None:
    assert "coordination: across countries 100.00 EUR" in lines(outcome)
    assert any("across countries" in line for line in lines(outcome)) is True
    assert not any("across countries" in line for line in lines(outcome, "ru"))


def test_russian_has_no_english_heading(outcome: Outcome) -> None:
    found = lines(outcome, "ru")
    for heading in ("Цели по убыванию важности", "Что оставалось открытым", "Рабочие пакеты"):
        assert heading in found
    assert "1. ценность: как можно больше 4 доказано" in found


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_no_line_is_wider_than_the_page(outcome: Outcome, width: int, lang: str) -> None:
    assert max(map(len, text_report(outcome, lang, width).splitlines())) <= width


def test_one_objective_needs_no_section() -> None:
    plain = solve({**PROJECT, "objectives": ["cost"]}, POOL, solver="cpsat")
    assert not any("Objectives" in line for line in lines(plain))
    assert lines(plain)[1].startswith("Proven least cost: ")


def test_changes_are_told_in_words(outcome: Outcome) -> None:
    after = solve(PROJECT, POOL, previous=outcome, forbid=["bor"], solver="cpsat")
    assert after.consortium is None  # nobody else has films
    same = solve(PROJECT, POOL, previous=outcome, keep=10, solver="cpsat")
    found = lines(same)
    assert found[found.index("What changes against the previous consortium") + 1] == "- nothing"


def test_json_has_the_stages_and_what_is_undertaken(outcome: Outcome) -> None:
    told = outcome.to_dict()
    assert [stage["expression"] for stage in told["objectives"]] == ["value", "cost", "members"]
    assert [stage["value"] == stage["bound"] for stage in told["objectives"]] == [True] * 3
    assert told["objectives"][1]["slack"] == 0.1
    assert told["undertaken"] == ["app", "film", "panels"]
    assert told["leaders"] == {"box": "bor"}
    assert told["backups"] == [{"partner": "cid", "capability": "panels", "offer": "panels", "effort": 2}]
