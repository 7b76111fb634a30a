"""``consortia bench`` from the outside."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from running import Here, process

from consortia.bench import runner

COVER = "2 3\n5 6 7\n2\n1 2\n2\n2 3\n"


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "one.txt").write_text(COVER, encoding="ascii")
    (folder / "two.txt").write_text(COVER.replace("6", "60"), encoding="ascii")
    return folder


def test_from_questions_to_a_report(here: Here, cover: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    ran = process("bench", cover, "--solver", "cpsat,workers=2", "--solver", "exhaustive", "-o", folder)
    assert (ran.code, ran.out) == (0, "")
    assert "4/4 set/two.txt" in ran.err
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(row["instance"], row["cost"]) for row in rows} == {("set/one.txt", 6), ("set/two.txt", 12)}
    assert {row["solver"] for row in rows} == {"cpsat,workers=2", "exhaustive"}
    assert all(row["status"] == "optimal" and row["certified"] for row in rows)

    again = here("bench", "run", cover, "--solver", "exhaustive", "-o", folder)
    assert (again.code, "/2 set/" in again.err) == (0, False)

    known = tmp_path / "known.csv"
    known.write_text("file,best_known\none.txt,6\ntwo.txt,11\n", encoding="utf-8")
    report = here("bench", "report", folder, "--best-known", known, "--format", "json")
    assert report.code == 0
    found = json.loads(report.out)
    assert [one["at_best"] for one in found["solvers"]] == [1, 1, 1]
    assert len(found["contradictions"]) == 2  # nobody can prove 12 where 11 is known
    shown = here("bench", "report", folder, "--only", "*/one.txt")
    assert shown.code == 0
    assert shown.out.startswith("Questions: 1, solvers: 2")
    assert "virtual best" in shown.out
    assert here("bench", "report", folder, "--time-limit", "60").out.startswith("Questions: 2")
    missed = here("bench", "report", folder, "--time-limit", "5")
    assert (missed.code, "under one limit" in missed.err) == (2, True)
    russian = here("bench", "report", folder, "--lang", "ru")
    assert russian.out.startswith("Вопросов: 2")
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Вопросов: 2")


def test_plots_are_drawn_or_what_they_need_is_said(
    here: Here, cover: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "results"
    assert here("bench", cover / "one.txt", "--solver", "exhaustive", "-o", folder).code == 0
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    without = here("bench", "report", folder)
    assert without.code == 0
    assert "pip install consortia[bench]" in without.err
    assert not (folder / "profile.svg").exists()
    monkeypatch.undo()
    pytest.importorskip("matplotlib")
    assert here("bench", "report", folder).code == 0
    for name in ("profile", "gaps"):
        assert "<svg" in (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert (folder / f"{name}.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ["bench", "nothing-there.yaml", "-o", "results"],
        ["bench", "empty", "-o", "results"],
        ["bench", "set", "--solver", "nobody", "-o", "results"],
        ["bench", "set", "--solver", "cpsat,workers", "-o", "results"],
        ["bench", "set", "--solver", "exhaustive", "--solver", "cpsat,foo=1", "-o", "results"],
        ["bench", "set"],
        ["bench", "report", "no-results"],
    ],
)
def test_wrong_use_is_refused(
    here: Here, cover: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    ran = here(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert not (tmp_path / "results").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_any_run(
    here: Here, cover: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "run", None)
    file = tmp_path / "file.json"
    file.write_text("{}", encoding="utf-8")
    (tmp_path / "taken" / "rows.jsonl").mkdir(parents=True)
    for folder, reason in (
        (file, "this is a file, and a folder is to be written"),
        (file / "deeper" / "still", "there is no folder"),
        (tmp_path / "taken", "the file cannot be written"),
        (tmp_path / ("x" * 300), "the file cannot be written"),
    ):
        ran = here("bench", cover, "-o", folder)
        assert (ran.code, ran.out) == (2, "")
        assert reason in ran.err


@pytest.mark.parametrize(("line", "key"), [("{}", "instance"), ('{"instance": "a", "solver": "b"}', "limit")])
def test_a_line_that_is_no_row_is_named(here: Here, tmp_path: Path, line: str, key: str) -> None:
    row = json.dumps({"instance": "a", "solver": "b", "limit": 1})
    (tmp_path / "rows.jsonl").write_text(f"{row}\n\n{line}\n", encoding="utf-8")
    ran = here("bench", "report", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f"rows.jsonl, line 3: this is no row of a benchmark: it has no {key}" in ran.err


def test_help_names_both_commands(here: Here) -> None:
    shown = here("bench", "--help")
    assert shown.code == 0
    assert "run" in shown.out and "report" in shown.out
