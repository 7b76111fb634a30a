"""The way of somebody who has partners in a spreadsheet: template, solve, result; and every command that takes one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from running import Here

from consortia.posing import pose

FLAGSHIP = Path(__file__).parents[2] / "instances" / "cold-chain.yaml"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_from_a_template_to_a_result(here: Here, tmp_path: Path, lang: str) -> None:
    filled, result = tmp_path / "partners.xlsx", tmp_path / "result.xlsx"
    assert here("template", "-o", filled, "--lang", lang).code == 0
    assert here("solve", filled, "--lang", lang, "--prices", "-o", result).code == 0
    answer = tmp_path / "answer.json"
    assert here("solve", filled, "-o", answer).code == 0
    data = json.loads(answer.read_text(encoding="utf-8"))
    members = {entry["id"] for entry in data["members"]}
    shown = load_workbook(result, data_only=True).worksheets[1]
    assert {row[0] for row in shown.iter_rows(min_row=2, max_row=len(members) + 1, values_only=True)} == members
    assert here("check", filled, answer).code == 0
    assert here("screen", filled).code == 0
    assert here("gap", filled, "--core", "alpha").code == 0
    assert here("lint", filled).code == 0
    assert here("solve", filled, "--pool", filled).code == 0
    lines = tmp_path / "answers.jsonl"
    assert here("batch", filled, "--pool", filled, "-o", lines).code == 0
    assert json.loads(lines.read_text(encoding="utf-8").splitlines()[0])["cost"] == data["cost"]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_flagship_goes_into_a_workbook_and_back(here: Here, tmp_path: Path, lang: str) -> None:
    book, back = tmp_path / "x.xlsx", tmp_path / "back.yaml"
    assert here("convert", FLAGSHIP, "-o", book, "--lang", lang).code == 0
    assert here("convert", book, "-o", back).code == 0
    assert {pose(path).fingerprint() for path in (FLAGSHIP, book, back)} == {pose(FLAGSHIP).fingerprint()}


def test_a_generated_question_may_be_a_workbook(here: Here, tmp_path: Path) -> None:
    size = ("--seed", "1", "--partners", "8", "--capabilities", "4")
    for form in ("xlsx", "yaml"):
        assert here("generate", "consortium", *size, "-o", tmp_path / f"x.{form}").code == 0
    assert pose(tmp_path / "x.xlsx").fingerprint() == pose(tmp_path / "x.yaml").fingerprint()


def test_what_is_wrong_names_the_cell_in_the_language_asked_for(here: Here, tmp_path: Path) -> None:
    filled = tmp_path / "partners.xlsx"
    here("template", "-o", filled)
    book = load_workbook(filled)
    book["Offers"]["D2"], book["Partners"]["C3"] = "best", "packging"
    book.save(filled)
    ended = here("solve", filled, "--lang", "ru")
    assert (ended.code, ended.out) == (2, "")
    assert f"{filled}, Offers!D2: best — не число" in ended.err
    assert "Partners!C3" in ended.err
    assert "Traceback" not in ended.err


def test_usage(here: Here, tmp_path: Path) -> None:
    assert here("template", "-o", tmp_path / "x.csv").code == 2
    assert here("template").code == 2
    assert here("template", "-o", tmp_path / "absent" / "x.xlsx").code == 2
    assert here("template", "-o", tmp_path / "x.xlsx", "--taxonomy", tmp_path / "absent.yaml").code == 2
    assert here("convert", FLAGSHIP, FLAGSHIP).code == 2
    assert here("solve", FLAGSHIP, "--format", "xlsx").code == 2
    assert list(tmp_path.iterdir()) == []
