"""``check``, ``screen``, ``gap``, ``schema``, ``solvers``, ``generate``."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from running import Here, process

import consortia
from consortia import packs


@pytest.fixture
def outcome(here: Here, labels: Path, tmp_path: Path) -> Path:
    path = tmp_path / "outcome.json"
    assert here("solve", labels, "-o", path).code == 0
    return path


def test_check_of_what_solve_wrote(here: Here, labels: Path, outcome: Path) -> None:
    ended = here("check", labels, outcome)
    assert ended.code == 0
    assert "The consortium holds. Its cost, recomputed: 43,632.50\u00a0EUR" in ended.out


def test_check_says_each_lie_in_a_sentence(here: Here, labels: Path, outcome: Path) -> None:
    data: dict[str, Any] = json.loads(outcome.read_text(encoding="utf-8"))
    data["cost"] = 1
    data["members"] = [member for member in data["members"] if member["id"] != "press"]
    outcome.write_text(json.dumps(data), encoding="utf-8")
    ended = here("check", labels, outcome)
    assert ended.code == 3
    assert "press delivers welding and is not a member" in " ".join(ended.out.split())
    ended = here("check", labels, outcome, "--format", "json", "--lang", "ru")
    assert ended.code == 3
    found = json.loads(ended.out)
    assert not found["valid"]
    assert "press выполняет «welding», не будучи участником" in found["violations"]


def test_screen_shows_paths_reasons_and_shortages(here: Here, labels: Path) -> None:
    ended = here("screen", labels)
    assert ended.code == 0
    for said in ("laser-welding < welding", "quick", "has declined", "offers level 1, below 2"):
        assert said in " ".join(ended.out.split())
    data = json.loads(here("screen", labels, "--format", "json").out)
    assert data["shortages"] == []
    suppliers = {entry["id"]: entry["suppliers"] for entry in data["capabilities"]}
    press = next(entry for entry in suppliers["welding"] if entry["partner"] == "press")
    assert (press["path"], press["rate"]) == (["laser-welding", "welding"], 3150)
    assert [entry["partner"] for entry in suppliers["food-safety"]] == ["bond"]
    assert {"partner": "quick", "capability": None, "reason": "has declined"} in data["excluded"]
    text = labels.read_text(encoding="utf-8")
    labels.write_text(text.replace("{id: food-safety, level: 2}", "{id: food-safety, level: 9}"), encoding="utf-8")
    ended = here("screen", labels)
    assert ended.code == 0
    assert "nobody can supply food-safety" in ended.out


def test_gap_of_a_core(here: Here, labels: Path) -> None:
    ended = here("gap", labels, "--core", "ink")
    assert ended.code == 0
    for said in ("Capabilities covered by the core: 1 of 4", "Who could bring welding", "laser-welding < welding"):
        assert said in " ".join(ended.out.split())
    data = json.loads(here("gap", labels, "--core", "ink,uni", "--format", "json").out)
    assert data["core"] == ["ink", "uni"]
    welding = next(entry for entry in data["capabilities"] if entry["capability"] == "welding")
    assert [bringer["cost"] for bringer in welding["bringers"]] == sorted(b["cost"] for b in welding["bringers"])
    assert data["completion"]["status"] == "optimal"
    without = json.loads(here("gap", labels, "--core", "ink", "--no-complete", "--format", "json").out)
    assert without["completion"] is None


def test_gap_whose_core_may_not_join(here: Here, labels: Path) -> None:
    ended = here("gap", labels, "--core", "quick")
    assert ended.code == 0
    assert "quick may not join: has declined" in ended.out
    assert "Proven: no consortium meets these requirements" in ended.out


@pytest.mark.parametrize("kind", ["project", "pool"])
def test_schema_is_json(here: Here, kind: str) -> None:
    ended = here("schema", kind)
    assert ended.code == 0
    schema = json.loads(ended.out)
    assert schema["additionalProperties"] is False
    assert {"project": "capabilities", "pool": "partners"}[kind] in schema["properties"]


def test_solvers_and_what_they_can_do(here: Here) -> None:
    data = json.loads(here("solvers", "--format", "json").out)
    found = {entry["name"]: entry for entry in data["solvers"]}
    assert found["cpsat"]["abilities"]["proof"] == "exact"
    assert {"milp:highs", "greedy", "exhaustive"} <= found.keys()
    assert "ortools" in found["cpsat"]["versions"]
    assert "доказательство: точное" in here("solvers", "--lang", "ru").out


def test_generated_questions_can_be_solved(here: Here, tmp_path: Path) -> None:
    size = ("--seed", "1", "--partners", "12", "--capabilities", "6")
    for form in ("yaml", "json"):
        path = tmp_path / f"question.{form}"
        assert here("generate", "cover", *size, "-o", path).code == 0
        assert here("solve", path).code == 0
    printed = here("generate", "cover", *size)
    assert printed.out == (tmp_path / "question.yaml").read_text(encoding="utf-8")
    assert process("generate", "cover", *size).out == printed.out


def test_the_version(here: Here) -> None:
    ended = here("--version")
    assert ended.code == 0
    assert ended.out.startswith("consortia ")


def test_the_report_of_the_api_is_that_of_the_command(
    labels: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consortia.report.text import text_report

    monkeypatch.setenv("COLUMNS", "80")
    shown = text_report(consortia.solve(labels), "en", 80).splitlines()
    printed = here("solve", labels).out.splitlines()
    assert [line for line in shown if "Solver" not in line] == [line for line in printed if "Solver" not in line]


SCP = "2 3\n4 5 6\n2\n1 2\n2\n2 3\n"  # two rows, three columns; column 2 covers both


def test_published_files_are_solved_and_converted(here: Here, tmp_path: Path) -> None:
    source, question = tmp_path / "tiny.txt", tmp_path / "tiny.yaml"
    source.write_text(SCP, encoding="utf-8")
    direct = json.loads(here("solve", "--from", "orlib-scp", source, "--format", "json").out)
    assert (direct["cost"], direct["members"]) == (5, [{"id": "2", "cluster": None, "cost": 5}])
    assert here("convert", "--from", "orlib-scp", source, "-o", question).code == 0
    assert json.loads(here("solve", question, "--format", "json").out)["cost"] == 5
    source.write_text(SCP[:-4], encoding="utf-8")
    ended = here("solve", "--from", "orlib-scp", source)
    assert ended.code == 2
    assert str(source) in ended.err
    assert here("solve", "--from", "orlib-scp", source, "--pool", source).code == 2


def test_csv_tables_become_a_pool(here: Here, tmp_path: Path) -> None:
    table, pool = tmp_path / "partners.csv", tmp_path / "pool.json"
    table.write_text("id;competences\nAcme;welding:3\n", encoding="utf-8")
    assert here("convert", "--from", "csv", table, "-o", pool).code == 0
    assert json.loads(pool.read_text(encoding="utf-8"))["partners"][0]["id"] == "Acme"
    assert here("convert", "--from", "csv", table, "--seed", "1").code == 2
    assert here("convert", "--from", "csv", table, table).code == 2


def test_the_formats_offered_are_those_that_are_read() -> None:
    from consortia.cli import convert, solve
    from consortia.files.convert import FORMATS
    from consortia.files.published import PUBLISHED

    assert solve.PUBLISHED == PUBLISHED
    assert convert.FORMATS == FORMATS


def test_packs_are_listed_and_shown(here: Here) -> None:
    listed = here("packs")
    assert listed.code == 0
    assert "eurostars-3" in listed.out
    assert "the lead is an innovative SME" in here("packs", "eurostars-3").out


@pytest.mark.parametrize("name", packs.names())
def test_packs_are_json_that_reads_back_as_a_pack(here: Here, name: str) -> None:
    shown = json.loads(here("packs", name, "--format", "json").out, parse_float=Decimal)
    assert packs.Pack.model_validate(shown) == packs.load(name)


def test_a_pack_that_is_not_there_is_a_wrong_usage(here: Here) -> None:
    ended = here("packs", "eurostar")
    assert ended.code == 2
    assert "there is no rule pack 'eurostar'" in ended.err


def test_a_repair_tells_what_changes(here: Here, labels: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    assert here("solve", labels, "-o", before).code == 0
    same = here("solve", labels, "--previous", before, "--keep", "100")
    assert same.code == 0
    assert "What changes against the previous consortium\n  - nothing" in same.out


def test_a_previous_outcome_that_cannot_be_read_is_bad_input(here: Here, labels: Path, tmp_path: Path) -> None:
    (tmp_path / "before.json").write_text("[]", encoding="utf-8")
    assert here("solve", labels, "--previous", tmp_path / "before.json").code == 2
    assert here("solve", labels, "--previous", tmp_path / "absent.json").code == 2
