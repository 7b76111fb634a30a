"""What instances are made of is recognised, named and frozen."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from consortia import solve
from consortia.bench.sources import FromFile, Made, find, multiple, recognise
from consortia.errors import SpecError
from consortia.files import write_json, write_workbook
from consortia.generate import generate
from consortia.instance import Instance

ROOT = Path(__file__).parents[2]

COVER = "2 3\n5 6 7\n2\n1 2\n2\n2 3\n"  # rows: {1, 2}, {2, 3}
RAIL = "2 3\n5 1 1\n6 2 1 2\n7 1 2\n"
LOCATION = "2 2\n10 10\n5 6\n4 4\n1 2\n3 4\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "set"
    (made / "deep").mkdir(parents=True)
    (made / "scp10.txt").write_text(COVER, encoding="ascii")
    (made / "scp2.txt").write_text(COVER, encoding="ascii")
    (made / "deep" / "rail").write_text(RAIL, encoding="ascii")
    (made / "p1").write_text(LOCATION, encoding="ascii")
    (made / "small.yaml").write_text((ROOT / "instances" / "small.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (made / "README.md").write_text("2 3 no numbers", encoding="utf-8")
    (made / "best_known.csv").write_text("file,best_known\np1,4\n", encoding="utf-8")
    (made / "pool.yaml").write_text("partners: []\n", encoding="utf-8")
    (made / ".hidden.txt").write_text(COVER, encoding="ascii")
    return made


@pytest.mark.parametrize(("text", "format"), [(COVER, "orlib-scp"), (RAIL, "orlib-rail"), (LOCATION, "sscflp")])
def test_published_formats_are_recognised(tmp_path: Path, text: str, format: str) -> None:
    file = tmp_path / "file"
    file.write_text(text, encoding="ascii")
    assert recognise(file) == format


@pytest.mark.parametrize("text", ["", "2", "2 3\n5 6 7\n2\n1 2\n2\n2\n", "words", "2 2\n1 1 9 1 1\n"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file"
    file.write_text(text, encoding="ascii")
    with pytest.raises(SpecError):
        find([file])


def test_a_folder_gives_its_questions_and_nothing_else(folder: Path) -> None:
    found = find([folder])
    assert [source.name for source in found] == [
        "set/deep/rail",
        "set/p1",
        "set/scp2.txt",
        "set/scp10.txt",
        "set/small.yaml",
    ]
    assert [len(source.instance().partners) for source in found[:4]] == [3, 2, 3, 3]


def test_projects_are_found_however_they_are_written(tmp_path: Path) -> None:
    project = generate("cover", 1, partners=4, capabilities=3)
    write_json(project, tmp_path / "indented.json")
    (tmp_path / "compact.json").write_text(json.dumps(project), encoding="utf-8")
    (tmp_path / "flow.yaml").write_text(json.dumps(project), encoding="utf-8")
    write_workbook(project, tmp_path / "book.xlsx")
    (tmp_path / "recipe.yaml").write_text(
        "{benchmark: flow, instances: [{generate: cover, seed: 1}]}\n", encoding="utf-8"
    )
    found = find([tmp_path])
    names = [source.name.removeprefix(f"{tmp_path.name}/") for source in found]
    assert names == ["book.xlsx", "compact.json", "flow.yaml", "indented.json", "flow/cover-60x40-s01"]
    assert [len(source.instance().partners) for source in found[:-1]] == [4] * 4
    assert [source.name for source in find([tmp_path / "compact.json"])] == [found[1].name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bad.json", '{"title": "t", "capabilities": ['),
        ("typo.yaml", "title: t\ncapabilites: [{id: a}]\n"),
        ("typo.json", '{"capabilites": [], "pool": "pool.csv"}'),
        ("words.yaml", "capabilities\n"),
        ("empty.json", ""),
        ("latin.yaml", "\udcff"),
        ("book.xlsx", "no workbook"),
    ],
)
def test_what_was_meant_as_a_project_is_not_passed_over(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    (found,) = find([tmp_path])
    assert (found.name, len(found.content())) == (f"{tmp_path.name}/{name}", 16)
    with pytest.raises(SpecError):
        found.instance()


def test_pools_and_answers_beside_projects_are_passed_over(tmp_path: Path) -> None:
    project = generate("cover", 1, partners=4, capabilities=3)
    (tmp_path / "project.json").write_text(json.dumps(project), encoding="utf-8")
    (tmp_path / "pool.json").write_text(json.dumps(project["pool"]), encoding="utf-8")
    write_workbook(project["pool"], tmp_path / "pool.xlsx")
    outcome = solve(project, solver="exhaustive")
    (tmp_path / "answer.json").write_text(json.dumps(outcome.to_dict()), encoding="utf-8")
    (tmp_path / "bounds.json").write_text('{"project.json": {"status": "optimal"}}', encoding="utf-8")
    (tmp_path / "~$project.xlsx").write_text("of a spreadsheet that has it open", encoding="utf-8")
    assert [source.name for source in find([tmp_path])] == [f"{tmp_path.name}/project.json"]
    with pytest.raises(SpecError, match="no question"):
        find([tmp_path / "pool.json"])


@pytest.mark.parametrize("name", ["README.md", "recipe.yaml"])
def test_where_there_is_no_question_this_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("benchmark: none\ninstances: []\n", encoding="utf-8")
    with pytest.raises(SpecError, match="there is no question in it"):
        find([tmp_path])


def test_a_file_is_called_as_in_its_folder(folder: Path) -> None:
    assert [source.name for source in find([folder / "scp2.txt"])] == ["set/scp2.txt"]


def test_two_of_one_name_are_refused(folder: Path) -> None:
    with pytest.raises(SpecError, match="scp2"):
        find([folder, folder / "scp2.txt"])


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="nothing"):
        find([tmp_path / "nothing.yaml"])


def test_content_follows_the_file_and_how_it_is_read(folder: Path) -> None:
    file = folder / "scp2.txt"
    before = FromFile("x", file).content()
    assert FromFile("x", file, holders=2).content() != before
    file.write_text(COVER.replace("5", "4"), encoding="ascii")
    assert FromFile("x", file).content() != before


def test_several_holders_or_all_there_are() -> None:
    question = Instance.from_arrays(partners=3, capabilities=2, joining=[1, 2, 4], holds=([0, 1, 2, 2], [0, 0, 0, 1]))
    assert multiple(question, 2).least_providers.tolist() == [2, 1]
    assert multiple(question, 3).least_providers.tolist() == [3, 1]


def test_a_recipe_makes_all_combinations(folder: Path) -> None:
    recipe = folder.parent / "recipe.yaml"
    recipe.write_text(
        "benchmark: mine\ninstances:\n"
        "  - {generate: cover, seed: [1, 2], partners: [5, 6], capabilities: 4}\n"
        "  - {read: orlib-scp, files: ['set/scp*.txt'], holders: [1, 2]}\n"
        "  - {read: sscflp, files: set/p1}\n",
        encoding="utf-8",
    )
    found = find([recipe], data=folder.parent)
    assert [source.name for source in found] == [
        "mine/cover-5x4-s01",
        "mine/cover-6x4-s01",
        "mine/cover-5x4-s02",
        "mine/cover-6x4-s02",
        "mine/scp2-k1",
        "mine/scp10-k1",
        "mine/scp2-k2",
        "mine/scp10-k2",
        "set/p1",
    ]
    assert isinstance(found[0], Made)
    assert found[0].project() == generate("cover", 1, partners=5, capabilities=4)
    assert found[6].instance().least_providers.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{generate: nothing, seed: 1}", "nothing"),
        ("{generate: cover, partners: 5}", "seed"),
        ("{generate: cover, seed: 1, partners: 1}", "partners"),
        (
            "{generate: cover, seed: 1, no_such: 1}",
            "no_such means nothing in this place; there are generate, seed, partners",
        ),
        ("{read: orlib-scp, files: 'set/none*'}", "none"),
        ("{read: orlib-scp, files: p1, wrong: 1}", "wrong means nothing in this place; there are read, files, holders"),
        ("{read: orlib-scp, files: set/scp2.txt, holders: 0}", "holders must be a whole number of at least 1, not 0"),
        ("{read: orlib-scp, files: set/scp2.txt, holders: [2, few]}", "at least 1, not 'few'"),
        ("3", "3"),
    ],
)
def test_a_wrong_recipe_is_refused(folder: Path, entry: str, reason: str) -> None:
    recipe = folder.parent / "recipe.yaml"
    recipe.write_text(f"benchmark: mine\ninstances:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(SpecError, match=reason):
        find([recipe], data=folder.parent)


@pytest.mark.parametrize("name", ["", "''"])
def test_a_recipe_needs_a_name(tmp_path: Path, name: str) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(f"benchmark: {name}\ninstances: [{{generate: cover, seed: 1}}]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="no name after benchmark"):
        find([recipe])


def test_published_files_of_a_recipe_need_their_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSORTIA_DATA", raising=False)
    recipe = folder.parent / "recipe.yaml"
    recipe.write_text("benchmark: mine\ninstances: [{read: sscflp, files: set/p1}]\n", encoding="utf-8")
    with pytest.raises(SpecError, match="--data"):
        find([recipe])
    monkeypatch.setenv("CONSORTIA_DATA", str(folder.parent))
    assert [source.name for source in find([recipe])] == ["set/p1"]


# of what the instances are made of; a change here means that published figures are of other instances
FROZEN = {
    "consortium-60x40": (10, "15af83b196f829cd"),
    "consortium-60x40-hard": (10, "f91f7438ab1a31b3"),
    "consortium-120x80": (10, "b0e24b6b9e4b62e8"),
    "consortium-300x150": (10, "2b5fa38d1285a6c0"),
    "consortium-default": (10, "d36f844d734918ee"),
    "split": (15, "259a6ce788cc63c2"),
    "growth": (27, "e26b745e508fb559"),
    "large": (2, "9d5e84cb535c2cf3"),
}


@pytest.mark.parametrize("name", FROZEN)
def test_the_sets_of_the_targets_are_frozen(name: str) -> None:
    found = find([ROOT / "benchmarks" / "sets" / f"{name}.yaml"])
    content = "".join(source.content() for source in found)
    assert (len(found), hashlib.sha256(content.encode()).hexdigest()[:16]) == FROZEN[name]
