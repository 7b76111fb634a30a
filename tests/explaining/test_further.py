"""What a report shows beside the answer is what the questions asked one by one say, in every form."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from running import Here

from consortia import Status, alternatives, pose, prices, solve
from consortia.explaining.further import Further, look_further
from consortia.language import language
from consortia.report.page import TextPage
from consortia.report.text import write_report
from consortia.report.workbook import outcome_workbook

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "instances" / "small.yaml"
NONE = ROOT / "instances" / "vaccine-lab.yaml"


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return Here(capsys)


def costs(found: Any) -> list[Decimal]:
    return [outcome.cost for outcome in found.found]


def test_an_answer_that_is_there_is_not_asked_for_again() -> None:
    outcome = solve(SMALL)
    again, known = alternatives(SMALL, count=4), alternatives(outcome.instance, count=4, present=outcome)
    assert costs(again) == costs(known) and known.questions == again.questions - 1
    assert known.present is outcome
    asked, taken = prices(SMALL), prices(outcome.instance, present=outcome)
    assert taken.exact and taken.questions < asked.questions
    assert [(entry.partner, entry.least, entry.most) for entry in taken.partners] == [
        (entry.partner, entry.least, entry.most) for entry in asked.partners
    ]


def test_an_answer_to_another_question_is_refused() -> None:
    outcome = solve(SMALL)
    for function in (alternatives, prices):
        with pytest.raises(ValueError, match="another question"):
            function(SMALL, present=outcome)


def test_other_objectives_are_left_aside() -> None:
    """With the fewest members first the answer is dearer; what is shown starts at the least cost."""
    instance = pose(SMALL)
    outcome = solve(instance.replace(objectives=(("members", Fraction(0)), ("cost", Fraction(0)))))
    found = look_further(outcome, others=1, entry_prices=True)
    assert found.alternatives is not None and found.entry_prices is not None
    assert outcome.cost is not None and found.alternatives.by_cost_alone
    assert found.alternatives.present.cost == found.entry_prices.present.cost == solve(instance).cost
    assert outcome.cost > costs(found.alternatives)[0]


def test_nothing_is_looked_for_without_need() -> None:
    outcome = solve(SMALL)
    assert look_further(outcome) == Further()
    none = solve(NONE)
    assert none.status is Status.INFEASIBLE
    assert look_further(none, others=2, entry_prices=True) == Further()


def test_no_time_left_leaves_the_answer_alone() -> None:
    outcome = solve(SMALL)
    found = look_further(outcome, others=2, entry_prices=True, time_limit=0)
    assert found.alternatives is not None and found.entry_prices is not None
    assert costs(found.alternatives) == [outcome.cost] and found.alternatives.more is None
    assert found.alternatives.stopped == found.entry_prices.stopped == "time"
    assert not found.entry_prices.exact
    assert all(entry.most is None or (entry.least or 0) <= entry.most for entry in found.entry_prices.partners)


def test_a_report_says_that_the_search_for_more_ended_early() -> None:
    outcome = solve(SMALL)
    stream = StringIO()
    with TextPage(language("en"), stream, 100) as page:
        write_report(outcome, page, further=look_further(outcome, others=2, time_limit=0))
    assert "The search ended early; whether there are more is open." in stream.getvalue()


def test_after_an_interrupt_nothing_more_is_asked() -> None:
    outcome = solve(SMALL)
    ended = replace(outcome, stopped="interrupted")
    assert look_further(ended, others=2, entry_prices=True) == Further(interrupted=True)
    found = look_further(outcome, others=2, entry_prices=True, on_step=lambda step: True)
    assert found.interrupted and found.entry_prices is None
    assert found.alternatives is not None and found.alternatives.present is outcome


def test_json_has_the_keys_only_when_asked(here: Here) -> None:
    plain = json.loads(here("solve", SMALL, "--format", "json").out)
    assert not {"alternatives", "entry_prices"} & set(plain)
    data = json.loads(here("solve", SMALL, "--format", "json", "--alternatives", 3, "--entry-prices").out)
    assert set(data) - set(plain) == {"alternatives", "entry_prices"}
    assert [entry["cost"] for entry in data["alternatives"]["consortia"]] == [20650, 20700, 20800, 20850]
    found = {entry["partner"]: entry["price"] for entry in data["entry_prices"]["partners"]}
    assert found["studio"] == 360 and found["polytechnic"] == 620


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_pages_have_the_sections_only_when_asked(here: Here, form: str) -> None:
    headings = ("The cheapest consortia that differ", "What members are worth", "What it takes to come in")
    said = here("solve", SMALL, "--format", form).out
    assert not any(heading in said for heading in headings)
    said = here("solve", SMALL, "--format", form, "--alternatives", "1", "--entry-prices").out
    assert all(heading in said for heading in headings)
    assert "20,700.00" in said and "620.00" in said and "There are more." in said
    said = here("solve", SMALL, "--format", form, "--alternatives", "1", "--lang", "ru").out
    assert "20 700,00" in said.replace("\u00a0", " ") and "20,700.00" not in said


def test_sheets_say_what_was_found() -> None:
    outcome = solve(SMALL)
    further = look_further(outcome, others=3, entry_prices=True)
    found, listed = further.alternatives, further.entry_prices
    assert found is not None and listed is not None
    book = load_workbook(io.BytesIO(outcome_workbook(outcome, further=further)), data_only=True)
    rows = [list(row[2:6]) for row in book["Alternatives"].iter_rows(values_only=True)]
    ids = [row[0] for row in book["Alternatives"].iter_rows(values_only=True)]
    for at, entry in enumerate(found.found):
        assert entry.consortium is not None
        marked = {name for name, row in zip(ids, rows, strict=True) if row[at] == "●"}
        assert marked == set(entry.consortium.members)
    line = ids.index("Cost")
    assert [Decimal(str(value)) for value in rows[line]] == costs(found)
    assert rows[line + 1] == [None, 50, 150, 200]
    sheet = list(book["Entry prices"].iter_rows(values_only=True))
    priced = {row[0]: (row[2] == "yes", row[3], row[4]) for row in sheet[1 : 1 + len(listed.partners)]}
    assert priced == {
        entry.partner: (entry.member, None if entry.never or entry.reason else entry.least, entry.most)
        for entry in listed.partners
    }


def test_what_does_not_go_together_is_refused(here: Here, tmp_path: Path) -> None:
    for option in (["--alternatives", "2"], ["--entry-prices"]):
        for other in (["--hide-rates"], ["-o", tmp_path / "x.svg"]):
            ended = here("solve", SMALL, *option, *other)
            assert ended.code == 2 and "--alternatives" in ended.err and not ended.out
    assert here("solve", SMALL, "--alternatives", "0").code == 2
