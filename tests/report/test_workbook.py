"""A workbook of an outcome shows the outcome: its figures add up, and its formulas come to what stands beside them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from consortia import Outcome, solve
from consortia.report.money import Shown
from consortia.report.sheet_tables import rounding
from consortia.report.workbook import outcome_workbook

LANGUAGES = ("en", "ru")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Commas, double quotes, UTF-8, values as they are and not as they are shown, one file a sheet."""
SMALL: dict[str, Any] = {
    "title": "=HYPERLINK(1)",
    "currency": "EUR",
    "budget": 100000,
    "effort_step": "0.1",
    "cooperation": "any",
    "capabilities": [
        {"id": "+a", "effort": "3.3", "providers": {"min": 2}},
        {"id": "b", "effort": 2},
        {"id": "c"},
    ],
    "work_packages": [{"id": "w1", "title": "One", "capabilities": ["+a"]}],
    "rules": [{"rule": "leaders"}, {"rule": "coordinator"}, {"rule": "count", "max": 3}],
    "costs": [{"cost": "service", "id": "manual", "shared": "10.01"}],
    "funding": {"programme": "ours", "rates": [{"rate": "70 %"}], "indirect": "25 %"},
    "pool": {
        "clusters": [{"id": "k", "fee": 50}],
        "partners": [
            {
                "id": "@p",
                "name": "-P",
                "clusters": ["k"],
                "attributes": {"pic": "999"},
                "joining_cost": "7.77",
                "offers": [
                    {"competence": "+a", "rate": "33.33", "capacity": 2},
                    {"competence": "b", "rate": "0.5", "fixed": 5},
                ],
            },
            {
                "id": "q",
                "country": "BY",
                "offers": [{"competence": "+a", "rate": "44.45", "category": "travel"}, {"competence": "c"}],
            },
            {"id": "r", "offers": [{"competence": "b"}]},
        ],
    },
}


CAPPED: dict[str, Any] = {
    **SMALL,
    "funding": {
        "rates": [{"filter": {"country": "BY"}, "rate": "50 %", "max_grant": 20}, {"rate": "70 %"}],
        "indirect": "7 %",
        "joining": True,
        "max_grant": 60,
    },
    "costs": [{"cost": "discount", "id": "off", "partner": "@p", "tiers": [{"cost": 20, "off": "3 %"}]}],
}
BY_CATEGORY: dict[str, Any] = {
    **SMALL,
    "funding": {"rates": [{"rate": "0.333", "by_category": {"travel": "12.5 %"}}], "indirect": "25 %"},
    "work_packages": [],
    "rules": [],
}


@pytest.fixture(scope="module")
def small() -> Outcome:
    return solve(SMALL, solver="exhaustive")


@pytest.fixture(scope="module")
def capped() -> Outcome:
    return solve(CAPPED, solver="exhaustive")


@pytest.fixture(scope="module")
def by_category() -> Outcome:
    return solve(BY_CATEGORY, solver="exhaustive")


ALL = pytest.mark.parametrize("question", ["small", "capped", "by_category"])


def opened(data: bytes, *, values: bool = True) -> list[Worksheet]:
    return list(load_workbook(io.BytesIO(data), data_only=values).worksheets)


def column(sheet: Worksheet, title: str) -> list[Any]:
    """Return what stands below a title, down to the first row without a first cell."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == title:
                below = sheet.iter_rows(min_row=cell.row + 1, values_only=True)
                found = []
                for values in below:
                    if values[0] is None:
                        return found
                    found.append(values[cell.column - 1])
                return found
    raise AssertionError(f"{sheet.title} has no column {title}")


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


@ALL
def test_every_total_is_that_of_the_outcome(question: str, request: pytest.FixtureRequest) -> None:
    outcome: Outcome = request.getfixturevalue(question)
    assert outcome.consortium is not None
    amounts = Shown(outcome)
    sheets = {sheet.title: sheet for sheet in opened(outcome_workbook(outcome))}
    own = sum(amounts.own.values(), Decimal(0))
    assert money(column(sheets["Members"], "Own cost")[len(amounts.own)]) == own
    assert money(column(sheets["Budget"], "Own cost")[-1]) == own
    assert money(column(sheets["Summary"], "Cost")[-1 - 2 * (outcome.instance.budget is not None)]) == amounts.total
    effort = sum((entry.effort for entry in outcome.consortium.deliveries), Decimal(0))
    assert money(column(sheets["Deliveries"], "Person-months")[-1]) == effort
    assert money(column(sheets["Table 3.1f"], "Total")[-1]) == effort
    assert [str(name) for name in column(sheets["Members"], "Id")[: len(amounts.own)]] == sorted(
        outcome.consortium.members,
        key=lambda partner: partner != outcome.consortium.coordinator,  # type: ignore[union-attr]
    )


@ALL
def test_grants_are_those_of_the_funding_table(question: str, request: pytest.FixtureRequest) -> None:
    from consortia.report.funding import table

    outcome: Outcome = request.getfixturevalue(question)
    assert outcome.instance.funding is not None
    total = table(outcome, outcome.instance.funding, Shown(outcome))[-1]
    sheet = next(sheet for sheet in opened(outcome_workbook(outcome)) if sheet.title == "Budget")
    titles = ("Indirect costs", "Total eligible costs", "Requested contribution")
    assert [money(column(sheet, title)[-1]) for title in titles] == [total.indirect, total.eligible, total.grant]


def test_slacks_are_those_of_the_measures(small: Outcome) -> None:
    sheet = next(sheet for sheet in opened(outcome_workbook(small)) if sheet.title == "Rules")
    wanted = [measure.slack for _, measures in small.measures() for measure in measures]
    assert [found for found in column(sheet, "Slack") if found is not None] == wanted


def test_leaders_are_bold_and_no_one_else(small: Outcome) -> None:
    assert small.consortium is not None
    sheet = next(sheet for sheet in opened(outcome_workbook(small)) if sheet.title == "Table 3.1f")
    rows = [row for row in sheet.iter_rows(min_row=3) if isinstance(row[0].value, int)]
    bold = {(row[1].value, cell.column) for row in rows for cell in row if cell.font.bold}
    leader = small.consortium.leaders["w1"]
    assert bold == {(small.instance.partner_names.get(leader, leader), 3)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_never_formulas(small: Outcome, lang: str) -> None:
    ours = re.compile(r"=(ROUND\([A-Z0-9+*.,()]*\)([+-][0-9.]+)?|SUM\([A-Z0-9:]+\)|[A-Z]+\d+([-+][A-Z]+\d+)?)")
    found = set()
    for sheet in opened(outcome_workbook(small, lang, prices=True), values=False):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert ours.fullmatch(str(cell.value)), cell.value
                elif isinstance(cell.value, str):
                    found.add(cell.value)
    assert {"=HYPERLINK(1)", "+a", "@p", "-P"} <= found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_outcome_is_the_same_bytes(small: Outcome, lang: str) -> None:
    assert outcome_workbook(small, lang) == outcome_workbook(small, lang)


def test_an_outcome_without_a_consortium_says_why() -> None:
    outcome = solve({**SMALL, "budget": 1}, solver="exhaustive")
    sheets = opened(outcome_workbook(outcome, "ru"))
    assert [sheet.title for sheet in sheets] == ["Итоги", "Не учтено"]
    assert sheets[0]["A2"].value == "Доказано: консорциума, отвечающего требованиям, не существует"


def test_rounding_is_corrected_to_what_is_shown() -> None:
    for exact, shown in (("2.345", "2.34"), ("2.345", "2.35"), ("-2.345", "-2.34"), ("1", "1.00")):
        text = rounding("X", Decimal(exact), Decimal(shown), "EUR").text
        rounded = Decimal(exact).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        assert rounded + Decimal(text.partition(")")[2] or 0) == Decimal(shown)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_calculates_the_same(
    small: Outcome, capped: Outcome, by_category: Outcome, lang: str, tmp_path: Path
) -> None:
    """Formulas without what they come to are calculated by LibreOffice, and come to that; and nothing is lost."""
    made = [outcome_workbook(outcome, lang) for outcome in (small, capped, by_category)]
    for at, data in enumerate(made):
        (tmp_path / f"{at}.xlsx").write_bytes(without_values(data))
    _office(tmp_path, [f"{at}.xlsx" for at in range(len(made))], ALL_SHEETS)
    for at, data in enumerate(made):
        for sheet in opened(data):
            text = (tmp_path / f"{at}-{sheet.title}.csv").read_text(encoding="utf-8-sig")
            rows = list(csv.reader(io.StringIO(text)))
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                found = rows[cell.row - 1][cell.column - 1]
                if isinstance(cell.value, str):
                    assert found == cell.value
                    continue
                number = float(found.rstrip("%")) / (100 if found.endswith("%") else 1)
                assert abs(number - float(cell.value)) < 1e-9, (sheet.title, cell.coordinate)


def without_values(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            content = re.sub(rb"</f><v>[^<]+</v>", b"</f><v></v>", old.read(part))
            new.writestr(part, content)
    return made.getvalue()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_it(small: Outcome, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(outcome_workbook(small, "ru"))
    _office(tmp_path, ["x.xlsx"], "pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def _office(folder: Path, files: list[str], kind: str) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / file) for file in files)], check=True, capture_output=True, timeout=110)
