"""Reports that partners may see: nobody's prices, in any form and language, and what is hidden is said."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from consortia import Outcome, check, pose, solve
from consortia.cli.running import run
from consortia.inviting import invitations
from consortia.language import language
from consortia.report.discreet import discreet_data, hidden, write_discreet
from consortia.report.discreet_workbook import discreet_workbook
from consortia.report.pages import page_file

RATES = {"ash": "1013.17", "birch": "2027.29", "cedar": "3041.31"}
JOINING = {"ash": "401.37", "birch": "503.41", "cedar": "607.43"}
PROJECT: dict[str, Any] = {
    "title": "A sledge",
    "currency": "EUR",
    "cooperation": "any",
    "budget": 90000,
    "capabilities": [{"id": f"of {name}", "effort": 7} for name in RATES],
    "rules": [
        {"rule": "share", "filter": {"id": "ash"}, "max": "90 %"},
        {"rule": "count", "filter": {"country": "BY"}, "min": 1},
        {"rule": "limit", "of": "cost", "max": 80000},
    ],
    "funding": "horizon-ria",
    "costs": [
        {"cost": "discount", "id": "volume", "cluster": "wood", "tiers": [{"effort": 2, "off": "3%"}]},
        {"cost": "discount", "id": "loyalty", "partner": "ash", "tiers": [{"effort": 2, "off": "7%"}]},
    ],
    "pool": {
        "clusters": [{"id": "wood", "fee": 77, "country": "BY"}],
        "partners": [
            {
                "id": name,
                "clusters": ["wood"],
                "joining_cost": JOINING[name],
                "offers": [{"competence": f"of {name}", "rate": rate}],
            }
            for name, rate in RATES.items()
        ]
        + [{"id": "dogwood", "offers": [{"competence": "of ash"}]}],
    },
}


def outcome(count: int = 3) -> Outcome:
    return solve({**PROJECT, "capabilities": PROJECT["capabilities"][:count]}, solver="exhaustive")


def texts(found: Outcome) -> list[str]:
    made = [json.dumps(discreet_data(found), ensure_ascii=False)]
    for form in ("text", "md", "html"):
        for lang in ("en", "ru"):
            page = page_file(form, language(lang), lambda page: write_discreet(found, page))
            made.append(page if isinstance(page, str) else page.decode())
    return [*made, *(cells(found, lang) for lang in ("en", "ru"))]


def cells(found: Outcome, lang: str) -> str:
    """Return all that the cells of the workbook hold."""
    book = load_workbook(io.BytesIO(discreet_workbook(found, lang)))
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def secrets(found: Outcome) -> set[str]:
    """Return every amount that is somebody's, in each way in which it may be written."""
    amounts = [*RATES.values(), *JOINING.values(), *found.own_costs().values()]
    amounts += [found.instance.money(abs(line.cost)) for line in found.lines if line.component != "cluster fee"]
    amounts += [entry["grant"] for entry in found.to_dict()["funding"]["members"]]
    written = {format(Decimal(str(amount)), "f") for amount in amounts}
    return {text.rstrip("0").rstrip(".") for text in written}


@pytest.mark.parametrize("count", [2, 3])
def test_no_amount_of_anybody_is_shown(count: int) -> None:
    found = outcome(count)
    assert found.consortium is not None and len(found.consortium.members) == count
    whole = found.to_json()
    assert any(amount in whole for amount in secrets(found))
    for text in texts(found):
        digits = re.sub(r"(?<=\d)[ ,\u00a0\u202f](?=\d)", "", text.replace("&nbsp;", "")).replace(",", ".")
        assert [amount for amount in secrets(found) if amount in digits] == []
        assert "dogwood" not in text


def test_the_whole_is_hidden_where_two_could_tell_each_other() -> None:
    three, two = outcome(3), outcome(2)
    total = format(two.cost or 0, "f").rstrip("0")
    assert discreet_data(three)["cost"] is not None and discreet_data(two)["cost"] is None
    assert {discreet_data(two)[key] for key in ("cost", "bound", "gap", "budget")} == {None}
    assert all(total not in re.sub(r"(?<=\d)[ ,\u00a0\u202f](?=\d)", "", text) for text in texts(two))
    assert len(hidden(two)) == len(hidden(three)) + 1


def test_work_is_shown() -> None:
    for text in texts(outcome()):
        assert all(name in text for name in RATES) and "of cedar" in text and "7" in text


def test_the_form_is_that_of_every_outcome_and_says_what_is_hidden() -> None:
    found = outcome()
    data, whole = discreet_data(found), found.to_dict()
    assert set(data) == {*whole, "hidden"} and data["hidden"]
    for key, value in data.items():
        assert (
            value == whole.get(key)
            or value in (None, [])
            or key in ("members", "deliveries", "rules", "objectives", "hidden")
        )
    counted = {entry["what"]: entry["value"] for entry in data["rules"]}
    assert sorted(value for value in counted.values() if value is not None) == [3]


def test_it_can_be_checked_and_members_invited() -> None:
    found = outcome()
    data = json.loads(json.dumps(discreet_data(found)))
    assert check(pose(PROJECT), found).valid
    assert {entry.partner: (entry.own, entry.effort) for entry in invitations(data)} == dict.fromkeys(RATES, (None, 7))


def test_a_key_that_is_new_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome()
    whole = {**found.to_dict(), "salaries": {"ash": 1013.17}}
    monkeypatch.setattr(Outcome, "to_dict", lambda self: whole)
    assert "salaries" not in discreet_data(found)


def test_no_consortium() -> None:
    none = solve({**PROJECT, "capabilities": [{"id": "nobody"}]}, solver="exhaustive")
    assert discreet_data(none)["status"] == "infeasible"
    assert all("dogwood" not in text for text in texts(none))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "project.json"
    path.write_text(json.dumps(PROJECT), encoding="utf-8")
    base = ["solve", str(path), "--solver", "exhaustive", "--hide-rates"]
    assert run(base) == 0
    shown = capsys.readouterr()
    assert "Hidden in this report" in shown.out and "1,013" not in shown.out + shown.err
    assert run([*base, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["members"][0]["cost"] is None
    assert run([*base, "--prices"]) == 2
    assert run([*base, "-o", str(tmp_path / "plot.svg")]) == 2
    assert not (tmp_path / "plot.svg").exists()
    assert run([*base, "-o", str(tmp_path / "shown.xlsx")]) == 0
    assert [sheet.title for sheet in load_workbook(tmp_path / "shown.xlsx")] == [
        "Summary",
        "Members",
        "Deliveries",
        "Table 3.1f",
        "Rules",
    ]
