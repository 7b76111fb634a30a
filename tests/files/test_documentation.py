"""The examples of the page on the file format are what they claim to be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from consortia.files import read, read_pool, yaml_text
from consortia.files.headers import COLUMNS
from consortia.groups import names
from consortia.rules import AnyRule
from consortia.spec.project import Project

PAGE = (Path(__file__).parents[2] / "docs" / "file-format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
YAML = {text.partition("\n")[0].removeprefix("# "): text for kind, text in BLOCKS if kind == "yaml"}
CSV = [text for kind, text in BLOCKS if kind == "csv"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("project.yaml", "pool.yaml"):
        (tmp_path / name).write_text(YAML[name], encoding="utf-8")
    return tmp_path


def test_the_project_and_its_pool_are_sound(folder: Path) -> None:
    project, pool, notes = read(folder / "project.yaml")
    assert (len(project.capabilities), len(pool.partners), notes) == (4, 3, ())


def test_the_project_shows_every_key_of_the_schema() -> None:
    data = yaml_text.parse(YAML["project.yaml"], "project").data
    assert isinstance(data, dict)
    assert set(data) == set(Project.model_fields)


def test_the_rules_are_sound_and_all_of_them_are_shown(folder: Path) -> None:
    rules = YAML["rules"].partition("\n")[2]
    text = YAML["project.yaml"].partition("rules:\n")[0] + "rules:\n" + rules
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    project, _, _ = read(folder / "project.yaml")
    union = get_args(get_args(AnyRule)[0])
    assert {type(rule) for rule in project.rules} == set(union)


@pytest.mark.parametrize("text", CSV)
def test_the_tables_are_sound(text: str, tmp_path: Path) -> None:
    (tmp_path / "clusters.csv").write_text("id\nDigital\nPolymers\n", encoding="utf-8")
    (tmp_path / "partners.csv").write_text(text, encoding="utf-8")
    assert [partner.id for partner in read_pool(tmp_path).model.partners][:1] == ["Sensorika"]


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_is_on_the_page(table: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{table}.csv` |"))
    shown = {name.replace("LANGUAGE", "en").strip("`") for name in re.findall(r"`[^`]+`", row)[1:]}
    assert set(COLUMNS[table]) - {"label:ru"} <= shown


def test_built_in_groups_that_the_page_names_exist() -> None:
    assert {"eu", "eaeu", "horizon-associated"} <= set(names())
