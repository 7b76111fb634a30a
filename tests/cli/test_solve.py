"""``consortia solve``: answers, forms, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from running import LIMIT, Here, environment, process
from smart_labels import COST, LABELS

SOLVERS = ("cpsat", "milp", "greedy", "exhaustive")


@pytest.mark.parametrize("solver", SOLVERS)
def test_json_on_stdout_is_nothing_but_json(labels: Path, solver: str) -> None:
    ended = process("solve", labels, "--solver", solver, "--format", "json")
    assert ended.code == 0, ended.err
    data = json.loads(ended.out)
    assert ended.out == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    assert data["format"] == "consortia-outcome/1"
    assert data["cost"] >= 43632.498


def test_what_a_solver_prints_in_c_is_not_in_the_answer(labels: Path, tmp_path: Path) -> None:
    script = tmp_path / "noisy.py"
    script.write_text(
        "import os, sys\n"
        "from consortia.solvers import cpsat\n"
        "calm = cpsat.CpSat.solve\n"
        "def noisy(self, program, request):\n"
        "    os.write(1, b'a banner from C')\n"
        "    print('and one from Python', flush=True)\n"
        "    return calm(self, program, request)\n"
        "cpsat.CpSat.solve = noisy\n"
        "from consortia.cli import main\n"
        f"main(['solve', {str(labels)!r}, '--solver', 'cpsat', '--format', 'json'])\n",
        encoding="utf-8",
    )
    made = subprocess.run([sys.executable, script], capture_output=True, env=environment(), timeout=LIMIT, check=False)
    assert made.returncode == 0
    assert json.loads(made.stdout)["status"] == "optimal"
    assert b"a banner from C" in made.stderr
    assert b"and one from Python" not in made.stdout


def test_text_says_what_is_proven(here: Here, labels: Path) -> None:
    ended = here("solve", labels)
    assert ended.code == 0
    assert "Proven least cost: 43,632.50\u00a0EUR" in ended.out
    for said in ("Press AG", "laser-welding", "Cost by cluster", "≤ 80\u00a0%", "has declined", "1 RUB = 0.0105 EUR"):
        assert said in ended.out
    assert "What no software can verify" in ended.out


def test_no_line_is_wider_than_the_page(here: Here, labels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for lang in ("en", "ru"):
        lines = here("solve", labels, "--lang", lang).out.splitlines()
        assert max(map(len, lines)) <= 80
        assert not [line for line in lines if line != line.rstrip()]


def test_russian_throughout(here: Here, labels: Path) -> None:
    out = here("solve", labels, "--lang", "ru").out
    assert "Доказанная наименьшая стоимость: 43\u00a0632,50\u00a0EUR" in out
    for english in ("Members", "Cost by", "Rules", "Proven", "Solver", "Total", "least two"):
        assert english not in out


def test_the_language_of_the_environment(labels: Path) -> None:
    ended = process("check", labels, "nowhere.json", CONSORTIA_LANG="ru_RU.UTF-8")
    assert "не читается" in ended.err
    ended = process("check", labels, "nowhere.json", CONSORTIA_LANG="tlh")
    assert "cannot be read" in ended.err


def test_proven_infeasible_is_3_and_says_why(here: Here, impossible: Path, tmp_path: Path) -> None:
    ended = here("solve", impossible)
    assert ended.code == 3
    assert "Proven: no consortium meets these requirements" in ended.out
    assert "the whole costs at most 40,000.00\u00a0EUR" in ended.out
    nobody = tmp_path / "nobody.yaml"
    nobody.write_text(
        LABELS.replace("food-safety, level: 2}\n  - {id: lab", "food-safety, level: 5}\n  - {id: lab"), encoding="utf-8"
    )
    ended = here("solve", nobody)
    assert ended.code == 3
    assert "nobody can supply food-safety" in ended.out


def test_nothing_found_within_the_limit_is_4(here: Here, labels: Path) -> None:
    ended = here("solve", labels, "--cutoff", "100", "--format", "json")
    assert ended.code == 4
    data = json.loads(ended.out)
    assert (data["status"], data["stopped"], data["members"]) == ("unknown", "cutoff", [])
    assert "no consortium costs less than the cut-off" in here("solve", labels, "--cutoff", "100").out


def test_prices_are_shown_where_they_are_asked_for(here: Here, labels: Path) -> None:
    assert json.loads(here("solve", labels, "--format", "json").out)["prices"] is None
    data = json.loads(here("solve", labels, "--prices", "--format", "json").out)
    assert data["prices"]["bound"] <= data["cost"]
    assert {entry["name"] for entry in data["prices"]["entries"] if entry["kind"] == "capability"} >= {"food-safety"}
    text = here("solve", labels, "--prices").out
    assert "Prices at the margin" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "Prices at the margin" not in here("solve", labels).out


@pytest.mark.parametrize("gap", ["0.5", "50%", "50 %"])
def test_gap_is_a_share_or_a_percentage(here: Here, labels: Path, gap: str) -> None:
    data = json.loads(here("solve", labels, "--gap", gap, "--format", "json").out)
    assert data["status"] == "optimal"
    assert data["cost"] - data["bound"] <= 0.5 * data["cost"]


def test_require_and_forbid(here: Here, labels: Path) -> None:
    data = json.loads(here("solve", labels, "--require", "uni", "--require", "ink", "--format", "json").out)
    assert {"uni", "ink"} <= {member["id"] for member in data["members"]}
    assert here("solve", labels, "--forbid", "ink").code == 3
    ended = here("solve", labels, "--require", "imk")
    assert ended.code == 2
    assert "there is no partner imk" in ended.err and "ink" in ended.err


def test_options_of_the_solver(here: Here, labels: Path) -> None:
    assert here("solve", labels, "--solver", "cpsat", "--option", "workers=1").code == 0
    ended = here("solve", labels, "--option", "threads=1")
    assert ended.code == 2
    assert "threads" in ended.err


def test_hints_from_an_outcome_and_from_a_list(here: Here, labels: Path, tmp_path: Path) -> None:
    outcome, names = tmp_path / "outcome.json", tmp_path / "names.txt"
    assert here("solve", labels, "-o", outcome).code == 0
    names.write_text("ink\n# a remark\nbond  # another\n\n", encoding="utf-8")
    for hint in (outcome, names):
        ended = here("solve", labels, "--hint", hint, "--format", "json")
        assert ended.code == 0
        assert json.loads(ended.out)["cost"] == pytest.approx(COST, abs=0.01)


def test_hints_that_cannot_be_understood(here: Here, labels: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"members": 7}', encoding="utf-8")
    ended = here("solve", labels, "--hint", other)
    assert ended.code == 2
    assert str(other) in ended.err
    names = tmp_path / "names.txt"
    names.write_text("ink\nimk\n", encoding="utf-8")
    ended = here("solve", labels, "--hint", names)
    assert ended.code == 2
    assert f"{names}, line 2: there is no partner imk" in ended.err


def test_output_into_files(here: Here, labels: Path, tmp_path: Path) -> None:
    outcome, page = tmp_path / "outcome.json", tmp_path / "report.txt"
    ended = here("solve", labels, "-o", outcome)
    assert (ended.code, ended.out) == (0, "")
    assert json.loads(outcome.read_text(encoding="utf-8"))["status"] == "optimal"
    assert here("solve", labels, "-o", page).code == 0
    assert "Proven least cost" in page.read_text(encoding="utf-8")
    assert here("solve", labels, "-o", outcome, "--format", "text").code == 0
    assert "Proven least cost" in outcome.read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"labels.yaml", "outcome.json", "report.txt"}


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_output_into_stdout_by_name(here: Here, labels: Path, name: str) -> None:
    ended = here("solve", labels, "--format", "json", "-o", name)
    assert ended.code == 0
    assert json.loads(ended.out)["status"] == "optimal"


def test_output_into_what_cannot_be_written(here: Here, labels: Path, tmp_path: Path) -> None:
    ended = here("solve", labels, "-o", tmp_path / "missing" / "outcome.json")
    assert (ended.code, ended.out) == (2, "")
    assert "there is no folder" in ended.err
    assert here("solve", labels, "-o", tmp_path).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["labels.yaml"]


def test_an_interrupted_writing_leaves_what_was_there(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Here
) -> None:
    outcome = tmp_path / "outcome.json"
    outcome.write_text("what was there", encoding="utf-8")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    ended = here("solve", labels, "-o", outcome)
    assert ended.code == 2
    assert "No space left on device" in ended.err
    assert outcome.read_text(encoding="utf-8") == "what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"labels.yaml", "outcome.json"}


@pytest.mark.parametrize("encoding", ["cp1251", "cp437", "ascii"])
def test_narrow_encodings_do_not_break_it(labels: Path, encoding: str) -> None:
    ended = process("solve", labels, "--lang", "ru", PYTHONIOENCODING=encoding)
    assert ended.code == 0, ended.err
    assert "Press AG" in ended.out and ("─────" in ended.out or "-----" in ended.out)
    assert ("доказанная наименьшая" in ended.out.lower()) == (encoding == "cp1251")
    # signs that the encoding lacks are written in others; cp437 has this one, and the no-break space
    assert ("≤ 80\u00a0%" if encoding == "cp437" else "<= 80") in ended.out


def test_json_is_utf_8_whatever_the_terminal_speaks(labels: Path) -> None:
    text = labels.read_text(encoding="utf-8").replace("Smart labels for medicines", "Умные этикетки")
    labels.write_text(text, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-m", "consortia", "screen", str(labels), "--format", "json"],
        capture_output=True,
        env=environment(PYTHONIOENCODING="cp1251"),
        timeout=LIMIT,
        check=False,
    )
    assert json.loads(made.stdout.decode("utf-8"))["title"] == "Умные этикетки"
    assert made.stdout == process("screen", labels, "--format", "json").out.encode()
