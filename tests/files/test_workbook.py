"""Workbooks say what other files say: what is written reads back as the same, and what people do to them is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from test_round_trip import PROJECTS, QUICK, TABLE_WORDS, pools, valid

from consortia.costs import AnyCost
from consortia.errors import SpecError
from consortia.files import read, read_pool, read_project, write_workbook, yaml_text
from consortia.files.sheets import ALL_COLUMNS, CHOICES, SHEETS, choice_text, sheet_title
from consortia.files.template import template
from consortia.files.terms import read_terms, write_terms
from consortia.posing import pose
from consortia.rules import AnyRule
from consortia.spec.pool import BUILT_IN, Pool
from consortia.spec.project import Project

ROOT = Path(__file__).parents[2]
QUESTIONS = sorted((ROOT / "instances").glob("*.yaml"))
FEW = settings(QUICK, max_examples=25)
Sheets = dict[str, list[list[Any]]]
RUBLE = "currency = RUB; rate = 0,01; date = 2026-11-20"
SMALL: Sheets = {
    "Project": [["Field", "Value"], ["title", "T"], ["cooperation", "any"]],
    "Capabilities": [["Id", "Effort"], ["a", 2]],
    "Partners": [["Id", "Default rate"], ["P", 100]],
    "Offers": [["Partner", "Competence"], ["P", "a"]],
}


def save(path: Path, sheets: Sheets, change: Callable[[Workbook], None] | None = None) -> Path:
    """Write sheets as they are, without anything of the project."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_shipped_questions_come_back_as_the_same(question: Path, lang: str, tmp_path: Path) -> None:
    project, pool, _ = read(question)
    write_workbook(project, tmp_path / "x.xlsx", lang)
    again, pool_again, _ = read(tmp_path / "x.xlsx")
    assert again.model_copy(update={"pool": None}) == project.model_copy(update={"pool": None})
    assert pool_again == pool
    assert pose(tmp_path / "x.xlsx").fingerprint() == pose(question).fingerprint()


def test_every_rule_and_cost_of_the_schema_comes_back(tmp_path: Path) -> None:
    """The examples of the page on the file format have every rule; the flagship has every cost."""
    page = (ROOT / "docs" / "file-format.md").read_text(encoding="utf-8")
    rules = page.partition("# rules\n")[2].partition("```")[0]
    costs = (ROOT / "instances" / "cold-chain.yaml").read_text(encoding="utf-8").partition("\ncosts:\n")[2]
    base = "title: T\ncapabilities: [{id: a}]\n"
    parsed = [yaml_text.parse(text, "x").data for text in (f"{rules}", "costs:\n" + costs.partition("\nrules:")[0])]
    rules_data = parsed[0] if isinstance(parsed[0], list) else parsed[0]["rules"]  # type: ignore[index]
    data: Any = {**yaml_text.parse(base, "x").data, "rules": rules_data, **parsed[1]}  # type: ignore[dict-item]
    project = Project.model_validate(data)
    assert {type(rule) for rule in project.rules} == set(get_args(get_args(AnyRule)[0]))
    assert {type(cost) for cost in project.costs} == set(get_args(get_args(AnyCost)[0]))
    for lang in ("en", "ru"):
        path = tmp_path / f"{lang}.xlsx"
        write_workbook(project, path, lang)
        with pytest.raises(SpecError):  # references lead nowhere: there is no pool; the rules are the same anyway
            read(path)
        from consortia.files.reading import _project_drafts

        model = _project_drafts(path)[0].model
        assert model is not None and model.rules == project.rules and model.costs == project.costs


@FEW
@given(pool=pools(TABLE_WORDS))
def test_pools(tmp_path: Path, pool: Pool) -> None:
    write_workbook(pool, tmp_path / "x.xlsx", "ru")
    assert read_pool(tmp_path / "x.xlsx").model == pool


@FEW
@given(project=PROJECTS.map(valid).filter(lambda project: project is not None), lang=st.sampled_from(["en", "ru"]))
def test_projects_come_back_or_are_refused(tmp_path: Path, project: Project, lang: str) -> None:
    try:
        write_workbook(project, tmp_path / "x.xlsx", lang)
    except SpecError as error:
        assert all("cannot hold" in str(problem.message) for problem in error.problems)
        return
    assert read_project(tmp_path / "x.xlsx").model == project


@pytest.mark.parametrize(
    "value",
    [
        {"a": "b; c", "d": ['say "x"', "1", "да", "65 %", ""], "e": [[1, 2], ["x", "y"]]},
        {"if": {"rule": "count", "filter": {"country": {"not": {"in": "eu"}}, "a in b": 3}, "min": 3}},
        {"filter": {"country": "NO", "region": ["1", "no"], "x": {"min": 1, "max": 2, "not": ["a", "b"]}, "y": True}},
        {"pairs": [["a", "b"]], "any_of": ["x"], "tiers": [{"cost": 1, "off": 2}]},
    ],
)
def test_terms_come_back(value: Any) -> None:
    assert read_terms(write_terms(value)) == value


def test_filters_come_back_from_russian() -> None:
    attributes = {name: "x" for name in BUILT_IN if name not in ("kind", "role", "reliability")}
    value = {**attributes, "kind": ["sme", "large"], "role": {"not": "associated"}, "reliability": {"min": 1}}
    written = write_terms(value, filtering=True, lang="ru")
    assert "вид = мсп | крупное" in written and "роль != ассоциированный" in written
    assert read_terms(written, filtering=True) == value


def test_the_template_is_a_question_that_solves(tmp_path: Path) -> None:
    for lang in ("en", "ru"):
        (tmp_path / f"{lang}.xlsx").write_bytes(template(lang))
    english, russian = (pose(tmp_path / f"{lang}.xlsx") for lang in ("en", "ru"))
    assert english.partners == russian.partners
    from consortia import solve

    outcomes = [solve(question, solver="exhaustive") for question in (english, russian)]
    assert [outcome.status for outcome in outcomes] == ["optimal", "optimal"]
    assert outcomes[0].cost == outcomes[1].cost


def test_the_template_has_the_sheets_headers_comments_and_drop_downs(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(template("ru"))
    book = load_workbook(tmp_path / "x.xlsx")
    wanted = ("project", "capabilities", "rules", "clusters", "partners", "offers", "competences")
    assert book.sheetnames == [sheet_title(name, "ru") for name in wanted]
    for sheet in book.worksheets:
        assert all(cell.comment is not None for cell in next(sheet.iter_rows(max_row=1)))
    lists = {
        (sheet.title, part): entry.formula1
        for sheet in book.worksheets
        for entry in sheet.data_validations.dataValidation
        for part in str(entry.sqref).split(":")[:1]
    }
    kinds = ",".join(choice_text("kind", kind, "ru") for kind in CHOICES["kind"])
    assert lists["Партнёры", "G2"] == f'"{kinds}"'
    assert lists["Предложения", "C2"] == "'Компетенции'!$A$2:$A$2000"
    assert lists["Проект", "B6"].startswith('"межкластерный')
    assert all(len(text) <= 257 for text in lists.values())


def test_the_template_takes_competences_from_a_taxonomy(tmp_path: Path) -> None:
    names = ["broad", "one", "two", "three"]
    taxonomy = {"competences": [{"id": name, "broader": ["broad"] if name != "broad" else []} for name in names]}
    (tmp_path / "x.xlsx").write_bytes(template("en", taxonomy))
    project, pool, _ = read(tmp_path / "x.xlsx")
    assert [entry.id for entry in pool.competences] == names
    assert {entry.wanted for entry in project.capabilities} == {"one", "two", "three"}
    with pytest.raises(SpecError, match="fewer than three"):
        template("en", {"competences": [{"id": "only"}]})


def test_every_name_means_one_column() -> None:
    from consortia.files.headers import folded

    for table, columns in ALL_COLUMNS.items():
        names = [folded(name) for key, others in columns.items() for name in {key, *others}]
        assert len(names) == len(set(names)), table
    titles = [folded(name) for key, others in SHEETS.items() for name in {key, *others}]
    assert len(titles) == len(set(titles))
    for column, choices in CHOICES.items():
        values = [folded(name) for key, others in choices.items() for name in {key, *others}]
        assert len(values) == len(set(values)), column


def test_what_people_write_is_read(tmp_path: Path) -> None:
    """A title above the header, names in either language, да, decimal commas, percentages, spaces, blank rows."""
    path = save(
        tmp_path / "x.xlsx",
        {
            " проект ": [
                ["Поле", "Значение"],
                ["Название ", " Т "],
                ["бюджет", "12 500,50"],
                ["Кооперация", "любой"],
                ["курс", RUBLE],
            ],
            "Capabilities": [["ID", "Трудоёмкость", "по желанию", "Least share"], [12.0, "2,5", "да", "20 %"]],
            "Партнёры": [
                ["Наши партнёры"],
                [],
                ["код", "Kind", "clusters"],
                [],
                ["П ", "МСП", None],
                ["Q", None, None],
            ],
            "Offers": [
                ["Участник", "competence", "rate"],
                ["П", 12, "1 200,50 RUB"],
                [None, " ", None],
                ["Q", "12", 5.5],
            ],
            "Rules": [["rule", "Кто", "max"], ["доля", "вид = МСП; страна в eaeu", 0.65], ["число", None, 3]],
        },
    )
    project, pool, notes = read(path)
    assert (project.title, str(project.budget), project.cooperation, notes) == ("Т", "12500.50", "any", ())
    capability = project.capabilities[0]
    assert (capability.id, str(capability.effort), capability.optional) == ("12", "2.5", True)
    assert str(capability.least_share) == "0.2"
    assert [partner.kind for partner in pool.partners] == ["sme", None]
    rate = pool.partners[0].offers[0].rate
    assert rate is not None and (str(rate.amount), rate.currency) == ("1200.50", "RUB")  # type: ignore[union-attr]
    share = project.rules[0].model_dump(exclude_none=True)
    assert str(share["max"]) == "0.65" and share["filter"]["kind"]["any"] == ("sme",)
    assert project.rules[1].max == 3  # type: ignore[union-attr]


def test_numbers_have_the_digits_that_people_see(tmp_path: Path) -> None:
    sheets = {"Partners": [["id", "joining_cost", "attr:size"], ["a", 0.1 + 0.2, 3.0], [7.0, 1e15 / 3, True]]}
    one, other = read_pool(save(tmp_path / "x.xlsx", sheets)).model.partners
    assert (str(one.joining_cost), one.attributes, other.id) == ("0.3", {"size": 3}, "7")
    assert str(other.joining_cost) == "333333333333333" and other.attributes == {"size": True}


def test_days_are_days_where_days_are_asked_for(tmp_path: Path) -> None:
    sheets = {
        "Partners": [["id", "attr:since"], ["a", datetime(2024, 5, 6)]],
        "Pool": [["title", "as_of"], ["Ours", date(2026, 11, 24)]],
    }
    pool = read_pool(save(tmp_path / "x.xlsx", sheets)).model
    assert (pool.as_of, pool.partners[0].attributes) == ("2026-11-24", {"since": "2024-05-06"})


def test_formulas_are_read_by_their_saved_values_and_never_run(tmp_path: Path) -> None:
    from consortia.files import sheet_writing

    book = sheet_writing.new_workbook()
    sheet = book.create_sheet("Partners")
    for row, (name, cost) in enumerate([("id", "joining_cost"), ("a", "=1+1")], 1):
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = name, cost
    from decimal import Decimal

    (tmp_path / "x.xlsx").write_bytes(sheet_writing.book_bytes(book, {"Partners": {"B2": Decimal(40)}}))
    assert read_pool(tmp_path / "x.xlsx").model.partners[0].joining_cost == 40


def test_texts_that_begin_like_formulas_stay_texts(tmp_path: Path) -> None:
    names = ["=1+1", "+7 495", "-x", "@home", '=HYPERLINK("http://x","y")']
    pool = Pool.model_validate({"partners": [{"id": f"p{at}", "name": name} for at, name in enumerate(names)]})
    write_workbook(pool, tmp_path / "x.xlsx")
    cells = load_workbook(tmp_path / "x.xlsx")["Partners"]["B"][1:]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [(name, "s", True) for name in names]
    assert read_pool(tmp_path / "x.xlsx").model == pool


def test_the_same_question_is_the_same_bytes(tmp_path: Path) -> None:
    assert template("ru") == template("ru")


def test_a_workbook_may_be_a_pool_alone_or_beside_a_project(tmp_path: Path) -> None:
    save(tmp_path / "pool.xlsx", {name: SMALL[name] for name in ("Partners", "Offers")})
    save(tmp_path / "both.xlsx", SMALL)
    (tmp_path / "project.yaml").write_text(
        "title: T\ncooperation: any\npool: pool.xlsx\ncapabilities: [{id: a, effort: 2}]\n"
    )
    named = pose(tmp_path / "project.yaml").fingerprint()
    assert named == pose(tmp_path / "both.xlsx").fingerprint()
    assert named == pose(tmp_path / "project.yaml", tmp_path / "both.xlsx").fingerprint()
    assert named == pose(tmp_path / "both.xlsx", tmp_path / "pool.xlsx").fingerprint()


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["lists"].sheet_state = "hidden"

    path = save(tmp_path / "x.xlsx", {**SMALL, "Meetings": [["when"]], "lists": [["x"]]}, hide)
    notes = [str(note) for note in read(path)[2]]
    assert notes == [f"sheets of {path} that were not read: Meetings"]


def test_workbooks_without_their_dimensions_are_read_whole(tmp_path: Path) -> None:
    """Some programs write that a sheet has one cell."""
    import zipfile

    source = save(tmp_path / "x.xlsx", SMALL)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                before, _, after = data.partition(b'<dimension ref="')
                data = before + b'<dimension ref="A1"' + after.partition(b'"')[2] if after else data
            new.writestr(part.filename, data)
    assert pose(tmp_path / "y.xlsx").fingerprint() == pose(source).fingerprint()


def test_nothing_is_imported_before_a_workbook_is_read() -> None:
    import subprocess

    code = "import consortia, consortia.cli, sys; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
