"""The page on keeping a pool is what it claims: its commands give what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consortia.cli.running import run
from consortia.files import read_pool, write_yaml
from consortia.files.taxonomies import TAXONOMIES
from consortia.linting import CHECKS, lint

PAGE = (Path(__file__).parents[2] / "docs" / "pools.md").read_text(encoding="utf-8")
POOL = re.findall(r"^```yaml\n# pool.yaml\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)[0]
SHOWN = [block for block in re.findall(r"(?:^(?:    .*)?\n)+", PAGE, flags=re.MULTILINE) if block.strip()]


def shown(start: str) -> list[str]:
    """Return the lines of an indented block of the page."""
    block = next(block for block in SHOWN if block.strip().startswith(start))
    return [line.removeprefix("    ") for line in block.strip("\n").splitlines()]


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "pool.yaml").write_text(POOL, encoding="utf-8")
    return tmp_path / "pool.yaml"


def test_the_findings_are_those_of_the_page(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "pool.yaml"]) == 0
    assert " ".join(capsys.readouterr().out.split()) == " ".join(" ".join(shown("Found:")).split())
    assert run(["lint", "pool.yaml", "--strict"]) == 3


def test_the_differences_are_those_of_the_page(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = read_pool(pool).model
    forge = model.partners[0]
    welding = forge.offers[0].model_copy(update={"rate": 5600})
    treatment = model.partners[2].offers[0].model_copy(update={"rate": None})
    changed = forge.model_copy(update={"capacity": 12, "offers": (welding, treatment)})
    write_yaml(model.model_copy(update={"partners": (changed, *model.partners[1:])}), "new.yaml")
    assert run(["pool", "diff", "pool.yaml", "new.yaml"]) == 0
    assert capsys.readouterr().out.rstrip().splitlines() == shown("Added:")


def test_the_checks_and_formats_are_all_described() -> None:
    rows = set(re.findall(r"^\| `([\w-]+)` \|", PAGE, flags=re.MULTILINE))
    assert rows == {*CHECKS, *TAXONOMIES}


@pytest.mark.parametrize("new", ["new.yaml", "new.json", "new.xlsx", "folder"])
def test_the_questionnaire_of_the_page(pool: Path, new: str) -> None:
    write_yaml({"title": "t", "capabilities": [{"id": "joining"}]}, "project.yaml")
    asked = next(line for line in shown("consortia questionnaire") if "questionnaire" in line)
    assert run(asked.split()[1:]) == 0
    assert run(["merge", "pool.yaml", "forge.xlsx", "-o", new]) == 0
    assert read_pool(new).model == read_pool(pool).model


def test_invitations_of_the_page(pool: Path) -> None:
    project = {
        "title": "t",
        "cooperation": "any",
        "pool": "pool.yaml",
        "capabilities": [{"id": "joining", "effort": 1}],
    }
    write_yaml(project, "project.yaml")
    for line in shown("consortia solve project.yaml -o result.json"):
        assert run(line.split()[1:]) == 0
    assert [file.name for file in Path("pages").iterdir()] == ["forge.html"]


def test_severities_are_those_of_the_page(pool: Path) -> None:
    assert {finding.severity for finding in lint(pool)} <= {"error", "warning", "note"}
    assert all(f"`{severity}`" in PAGE for severity in ("error", "warning", "note"))
