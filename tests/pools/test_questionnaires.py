"""Questionnaires: what is written is read back, what is filled in reaches the pool, and nothing half-way."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from consortia import Pool, SpecError
from consortia.cli.running import run
from consortia.files import read_pool, read_project, write_yaml
from consortia.files.headers import COLUMNS, folded, synonyms
from consortia.files.questionnaire import questionnaire
from consortia.language import language
from consortia.pools.answers import OWN_COLUMNS
from consortia.pools.changes import pool_changes
from consortia.pools.merging import merge

INSTANCES = Path(__file__).resolve().parents[2] / "instances"
TODAY = date(2026, 11, 24)
POOL = Pool.model_validate(
    {
        "currency": "EUR",
        "competences": [{"id": "welding"}, {"id": "coating"}, {"id": "=milling"}],
        "clusters": [{"id": "metal"}],
        "partners": [
            {
                "id": "acme",
                "name": "Acme",
                "clusters": ["metal"],
                "kind": "sme",
                "capacity": "7.5",
                "joining_cost": "1200 BYN",
                "attributes": {"iso": True},
                "offers": [
                    {"competence": "welding", "level": 2, "rate": 4000, "category": "equipment", "id": "w"},
                    {"competence": "coating", "fixed": 900},
                ],
            },
            {"id": "other", "name": "+375 Studio", "offers": [{"competence": "=milling", "rate": 10}]},
        ],
    }
)


def filled(path: Path, partner: str | None = "acme", lang: str = "en", *, offers: Any = None, **values: Any) -> Path:
    """Write a questionnaire and fill it in: cells of the partner by key, and all rows of offers."""
    known = next((entry for entry in POOL.partners if entry.id == partner), None)
    book = load_workbook(io.BytesIO(questionnaire(language(lang), known, taxonomy=POOL.competences)))
    sheet, rows = book.worksheets[0], book.worksheets[1]
    names = synonyms(COLUMNS["partners"] | OWN_COLUMNS)
    columns = {names[folded(cell.value)]: cell.column for cell in sheet[2]}
    for key, value in values.items():
        sheet.cell(3, columns[key]).value = value
    if offers is not None:
        rows.delete_rows(3, rows.max_row)
        for number, offer in enumerate(offers, 3):
            for column, value in enumerate(offer, 2):
                rows.cell(number, column).value = value
                rows.cell(number, column).data_type = "s" if isinstance(value, str) else "n"
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("partner", ["acme", "other"])
def test_what_is_left_as_it_is_changes_nothing(tmp_path: Path, partner: str, lang: str) -> None:
    path = filled(tmp_path / "answer.xlsx", partner, lang)
    before, merged = merge(POOL, [path], TODAY)
    assert pool_changes(before, merged.pool) == [] and merged.pool == POOL
    assert merged.notes == () and merged.interest == {}


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_everybody_of_a_large_pool(tmp_path: Path, lang: str) -> None:
    pool = read_pool(INSTANCES / "pools" / "cold-chain.yaml").model
    paths = []
    for partner in pool.partners:
        paths.append(tmp_path / f"{partner.id}.xlsx")
        paths[-1].write_bytes(questionnaire(language(lang), partner))
    assert merge(pool, paths, TODAY)[1].pool == pool


def test_what_is_filled_in_is_taken(tmp_path: Path) -> None:
    offers = [("welding", 3, 4100.5), ("=milling", 1, None, 50), ("coating", 2)]
    path = filled(
        tmp_path / "answer.xlsx",
        lang="ru",
        offers=offers,
        capacity=9,
        kind="крупное",
        contact="Ann <ann@acme.example>",
        interest="согласен",
        answered=datetime(2026, 11, 20),
        valid_until="31.12.2026",
    )
    before, merged = merge(POOL, [path], TODAY)
    said = [
        (change.section, change.kind, change.id, [(field.key, str(field.after)) for field in change.fields])
        for change in pool_changes(before, merged.pool)
    ]
    days = [("attributes.answered", "2026-11-20"), ("attributes.valid_until", "2026-12-31")]
    assert said == [
        (
            "partners",
            "changed",
            "acme",
            [("kind", "large"), ("capacity", "9"), *days, ("contact", "Ann <ann@acme.example>")],
        ),
        ("offers", "changed", "w", [("level", "3"), ("rate", "4100.5")]),
        ("offers", "added", "=milling", [("competence", "=milling"), ("fixed", "50")]),
        ("offers", "changed", "coating", [("level", "2"), ("fixed", "None")]),
    ]
    assert merged.interest == {"acme": "accepted"}
    acme = merged.pool.partners[0]
    assert acme.attributes["iso"] is True and acme.clusters == POOL.partners[0].clusters
    assert (acme.offers[0].id, acme.offers[0].category) == ("w", "equipment")


def test_the_column_of_partners_may_be_missing(tmp_path: Path) -> None:
    path = filled(tmp_path / "answer.xlsx", offers=[("welding", 4)])
    book = load_workbook(path)
    book["Offers"].delete_cols(1)
    book.save(path)
    offers = merge(POOL, [path], TODAY)[1].pool.partners[0].offers
    assert [(offer.id, offer.competence, offer.level) for offer in offers] == [("w", "welding", 4)]


def test_an_answer_that_no_longer_holds_is_taken_and_noted(tmp_path: Path) -> None:
    path = filled(tmp_path / "answer.xlsx", capacity=1, valid_until="2026-11-23")
    _, merged = merge(POOL, [path], TODAY)
    assert merged.pool.partners[0].capacity == 1
    assert [(note.place, str(note.message)) for note in merged.notes] == [
        ("Partners!M3", "what acme answered held until 2026-11-23 only")
    ]
    assert merge(POOL, [path], date(2026, 11, 23))[1].notes == ()


def test_offers_are_kept_where_an_answer_has_none(tmp_path: Path) -> None:
    path = filled(tmp_path / "answer.xlsx", offers=[], interest="declined")
    _, merged = merge(POOL, [path], TODAY)
    assert merged.pool.partners[0].offers == POOL.partners[0].offers and merged.interest == {"acme": "declined"}
    assert [str(note.message) for note in merged.notes] == ["acme gives no offers; those of the pool were kept"]


def test_a_new_partner_is_noted_with_whom_it_may_be(tmp_path: Path) -> None:
    path = filled(tmp_path / "new.xlsx", None, id="acme-2", name="ACME Ltd", offers=[("welding", 1, 5)])
    _, merged = merge(POOL, [path], TODAY)
    assert [partner.id for partner in merged.pool.partners] == ["acme", "other", "acme-2"]
    assert [str(note) for note in merged.notes] == [
        f"{path}, Partners!A3: acme-2 is new in the pool. If it is acme, correct the id."
    ]


def test_everything_wrong_with_all_files_is_told_at_once(tmp_path: Path) -> None:
    paths = [
        filled(tmp_path / "level.xlsx", offers=[("welding", "high", 5)], capacity="lots"),
        filled(tmp_path / "day.xlsx", "other", valid_until="soon", interest="perhaps", answered="2026-02-30"),
        filled(tmp_path / "competence.xlsx", "other", offers=[("weldin", 1, 5)]),
        tmp_path / "absent.xlsx",
    ]
    with pytest.raises(SpecError) as caught:
        merge({"partners": [{"id": "acme", "capacity": -1}]}, paths, TODAY)
    told = [(Path(problem.file).name, problem.place) for problem in caught.value.problems]
    assert told == [
        ("pool", "partners[0].capacity"),
        ("level.xlsx", "Partners!J3"),
        ("level.xlsx", "Offers!C3"),
        ("day.xlsx", "Partners!K3"),
        ("day.xlsx", "Partners!L3"),
        ("day.xlsx", "Partners!M3"),
        ("competence.xlsx", "Offers!B3"),
        ("absent.xlsx", ""),
    ]


def wrong(pool: Pool, *paths: Path) -> str:
    with pytest.raises(SpecError) as caught:
        merge(pool, paths, TODAY)
    return str(caught.value)


def test_answers_that_contradict_each_other_or_the_pool(tmp_path: Path) -> None:
    first, second = filled(tmp_path / "first.xlsx"), filled(tmp_path / "second.xlsx")
    assert "acme has answered in" in wrong(POOL, first, second)
    other = tmp_path / "other.yaml"
    write_yaml({"currency": "BYN", "partners": [{"id": "new", "offers": [{"competence": "sewing"}]}]}, other)
    told = wrong(POOL, other)
    assert "there is no competence sewing" in told and "its amounts are in BYN, and those of the pool in EUR" in told
    write_yaml(POOL, other)
    assert "about one partner, and there are 2 here" in wrong(POOL, other)


def test_nothing_that_begins_like_a_formula_is_one() -> None:
    partner = POOL.partners[1].model_copy(update={"contact": "=cmd|' /C calc'!A0", "name": "@sum", "region": "-1+1"})
    book = load_workbook(io.BytesIO(questionnaire(language("en"), partner, taxonomy=POOL.competences)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_what_a_project_asks_is_shown_and_not_read(tmp_path: Path) -> None:
    project = read_project(INSTANCES / "workshop.yaml").model
    path = tmp_path / "answer.xlsx"
    path.write_bytes(questionnaire(language("en"), POOL.partners[0], project=project))
    sheet = load_workbook(path)["What is asked for"]
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == [
        capability.wanted for capability in project.capabilities
    ]
    assert merge(POOL, [path], TODAY)[1].pool == POOL


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool, answer, new = tmp_path / "pool.yaml", tmp_path / "acme.xlsx", tmp_path / "new"
    write_yaml(POOL, pool)
    asked = ["questionnaire", "-o", str(answer), "--pool", str(pool), "--partner", "acme", "--lang", "ru"]
    assert run(asked) == 0
    book = load_workbook(answer)
    assert [sheet.title for sheet in book] == ["Партнёры", "Предложения", "Компетенции"]
    book["Партнёры"]["J3"] = 12
    book.save(answer)
    merging = ["merge", str(pool), str(answer), "-o", str(new), "--on", "2026-11-24"]
    capsys.readouterr()
    assert run(merging) == 0
    assert "capacity: 7.5 -> 12" in capsys.readouterr().out
    assert read_pool(new).model.partners[0].capacity == 12  # a folder of CSV files
    assert run([*merging, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "consortia-merge/1"
    book["Партнёры"]["J3"] = "a lot"
    book.save(answer)
    assert run(["merge", str(pool), str(answer), "-o", str(tmp_path / "none.yaml")]) == 2
    assert not (tmp_path / "none.yaml").exists() and "Партнёры!J3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["questionnaire", "-o", "answer.ods"],
        ["questionnaire", "-o", "answer.xlsx", "--partner", "acme"],
        ["questionnaire", "-o", "absent/answer.xlsx"],
        ["merge", "pool.yaml", "-o", "new.yaml"],
        ["merge", "pool.yaml", "answer.xlsx"],
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_partner_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_yaml(POOL, tmp_path / "pool.yaml")
    arguments = ["questionnaire", "-o", str(tmp_path / "a.xlsx"), "--pool", str(tmp_path / "pool.yaml")]
    assert run([*arguments, "--partner", "acne"]) == 2
    assert "acme" in capsys.readouterr().err
