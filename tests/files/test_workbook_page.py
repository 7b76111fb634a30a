"""The page on workbooks is what it claims to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_workbook import SMALL, save

from consortia.files import read
from consortia.files.archive import MOST_UNPACKED
from consortia.files.headers import folded
from consortia.files.sheets import FIELDS, SHEET_COLUMNS, SHEETS, sheet_title
from consortia.files.terms import read_terms, write_terms
from consortia.language import language
from consortia.spec.project import Project

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8")
ROWS = [
    [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("|") and not line.startswith("|---")
]


def table(*head: str) -> list[list[str]]:
    """Return the rows below a header, which begins so."""
    first = next(at for at, row in enumerate(ROWS) if tuple(row[: len(head)]) == head)
    width = len(ROWS[first])
    rows = []
    for row in ROWS[first + 1 :]:
        if len(row) != width or row[0] in ("sheet", "what", "rule"):
            break
        rows.append(row)
    return rows


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_sheets_are_those_that_are_read() -> None:
    shown = {row[0]: row[1] for row in table("sheet", "in Russian", "a row is")}
    assert shown == {sheet_title(name, "en"): sheet_title(name, "ru") for name in SHEETS}


def test_the_columns_are_those_that_are_read() -> None:
    shown = {row[0].lower(): codes(row[1]) for row in table("sheet", "columns")}
    assert shown == {name: [key.replace("_", " ") for key in columns] for name, columns in SHEET_COLUMNS.items()}


def test_every_field_of_a_project_is_on_the_page_or_has_a_sheet() -> None:
    part = PAGE.partition("Fields of Project are ")[2].partition(", as in")[0]
    assert [folded(name) for name in codes(part)] == [folded(name) for name in FIELDS]
    sheets = {"capabilities", "work_packages", "rules", "costs"}
    assert {*FIELDS, *sheets} == set(Project.model_fields)


@pytest.mark.parametrize("row", table("what", "how"), ids=lambda row: row[0])
def test_examples_of_terms_are_read(row: list[str]) -> None:
    (example,) = codes(row[2])
    filtering = "in filters" in row[0]
    found = read_terms(example, filtering=filtering)
    assert isinstance(found, dict)
    assert read_terms(write_terms(found, filtering=filtering), filtering=filtering) == found


def test_examples_of_rules_are_read(tmp_path: Path) -> None:
    rows = [[cell.strip("`") or None for cell in row] for row in table("rule", "label")]
    head = ["rule", "label", "filter", "min", "max", "attribute", "each", "more"]
    project, _, _ = read(save(tmp_path / "x.xlsx", {**SMALL, "Rules": [head, *rows]}))
    assert [rule.rule for rule in project.rules] == [row[0] for row in rows]  # type: ignore[attr-defined]


def test_the_sheets_of_answers_are_those_that_are_written() -> None:
    from consortia import solve
    from consortia.explaining.further import look_further
    from consortia.report.workbook import outcome_workbook

    shown = table("sheet", "in Russian", "what it shows")
    question = {
        "title": "T",
        "cooperation": "any",
        "capabilities": [{"id": "a"}],
        "pool": {"partners": [{"id": "P", "offers": [{"competence": "a"}]}]},
    }
    outcome = solve(question, solver="exhaustive")
    import io

    from openpyxl import load_workbook

    for at, lang in enumerate(("en", "ru")):
        further = look_further(outcome, others=1, entry_prices=True)
        book = load_workbook(io.BytesIO(outcome_workbook(outcome, lang, prices=True, further=further)))
        assert [row[at] for row in shown] == book.sheetnames
        assert language(lang).say("Summary") == book.sheetnames[0]


def test_the_limit_is_that_of_the_reader() -> None:
    assert f"{MOST_UNPACKED // 2**20} MB" in " ".join(PAGE.split())
