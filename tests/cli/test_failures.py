"""Every way to fail has its exit code and a line that helps; no traceback is ever seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import LIMIT, Here, environment, process
from smart_labels import LABELS

import consortia.bench.runner
import consortia.posing


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage"),
        (["solve"], "Missing argument 'PROJECT'"),
        (["sovle", "x.yaml"], "No such command"),
        (["solve", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["solve", "{labels}", "--pool", "nowhere.csv"], "nowhere.csv"),
        (["solve", "{labels}", "--gap", "1.5"], "is not between 0 and 1"),
        (["solve", "{labels}", "--gap", "much"], "is not a share"),
        (["solve", "{labels}", "--time-limit", "-1"], "--time-limit"),
        (["solve", "{labels}", "--time-limit", "nan"], "is not a finite number"),
        (["solve", "{labels}", "--effort-limit", "inf"], "is not a finite number"),
        (["solve", "{labels}", "--cutoff", "nan"], "is not a finite number"),
        (["solve", "{labels}", "--cutoff", "1 000"], "is not a number"),
        (["solve", "{labels}", "--option", "workers"], "NAME=VALUE"),
        (["solve", "{labels}", "--solver", "oracle"], "there is no solver called 'oracle'"),
        (["solve", "{labels}", "--solver", "milp:nothing"], "nothing"),
        (["solve", "{labels}", "--lang", "de"], "'de' is not one of"),
        (["solve", "{labels}", "--hint", "nowhere.txt"], "nowhere.txt"),
        (["check", "{labels}", "nowhere.json"], "nowhere.json"),
        (["check", "{labels}", "{labels}"], "labels.yaml"),
        (["gap", "{labels}"], "--core"),
        (["gap", "{labels}", "--core", "nobody"], "there is no partner nobody"),
        (["screen", "{labels}", "-o", "missing/x.json"], "there is no folder"),
        (["schema", "partner"], "'partner' is not one of"),
        (["generate", "nothing", "--seed", "1"], "No such command"),
        (["generate", "cover", "--seed", "1", "--partners", "0"], "partners"),
        (["generate", "cover"], "--seed"),
        (["generate", "cover", "--seed", "1", "-o", "question.txt"], "ends in .yaml, .json or .xlsx"),
    ],
)
def test_bad_usage_is_2(here: Here, labels: Path, arguments: list[str], said: str) -> None:
    ended = here(*(argument.format(labels=labels) for argument in arguments))
    assert ended.code == 2, ended.err
    assert said in ended.err
    assert ended.out == ""
    assert "Traceback" not in ended.err


def test_all_problems_are_told_one_a_line(here: Here, labels: Path) -> None:
    bad = LABELS.replace("level: 2, name", "level: two, name").replace("clusters: [digi]", "clusters: [dogi]")
    labels.write_text(bad.replace("budget: 90000", "bugdet: 90000"), encoding="utf-8")
    ended = here("solve", labels)
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert len(lines) >= 4
    assert all(line.startswith(str(labels)) for line in lines)
    for said in ("bugdet", "two", "dogi"):
        assert said in ended.err


def test_the_unforeseen_is_1_in_one_line(here: Here, labels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("division by zero\nand more")

    monkeypatch.setattr(consortia.posing, "pose", fail)
    ended = here("solve", labels)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "ZeroDivisionError: division by zero" in ended.err
    ended = here("solve", labels, "--debug")
    assert ended.code == 1
    assert "Traceback" in ended.err


@pytest.mark.parametrize(
    ("error", "code"), [(MemoryError(), 1), (KeyboardInterrupt(), 130), (OSError("disk"), 1), (RecursionError(), 1)]
)
def test_what_the_system_raises(
    here: Here, labels: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(consortia.posing, "pose", fail)
    ended = here("solve", labels)
    assert ended.code == code
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1


def test_an_interrupted_bench_keeps_its_rows_and_says_so(
    here: Here, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consortia.bench.runner, "run", interrupt)
    ended = here("bench", labels, "-o", tmp_path / "rows")
    assert (ended.code, ended.err) == (130, "Interrupted; what is done is kept, and the same command goes on.\n")


@pytest.mark.parametrize("theirs", ['{"mine": 1}', "folder"])
def test_a_bench_leaves_rows_of_others_alone(here: Here, labels: Path, tmp_path: Path, theirs: str) -> None:
    rows = tmp_path / "rows" / "rows.jsonl"
    rows.parent.mkdir()
    if theirs == "folder":
        rows.mkdir()
    else:
        rows.write_text(theirs, encoding="utf-8")
    ended = here("bench", labels, "-o", rows.parent)
    remedy = "Write it elsewhere" if theirs == "folder" else "Name another file"
    assert ended.code == 2 and remedy in ended.err
    assert rows.is_dir() or rows.read_text(encoding="utf-8") == theirs


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_goes_away_is_no_error(labels: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "consortia", "solve", str(labels)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        err = running.stderr.read()
        assert running.wait(LIMIT) == 141
    assert err == b""


def test_help_needs_no_stdin_and_ends_well() -> None:
    for arguments in (["--help"], ["solve", "--help"], ["generate", "cover", "--help"], ["--version"]):
        ended = process(*arguments)
        assert ended.code == 0
        assert ended.out and not ended.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from consortia.cli.running import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'pydantic', 'numpy', 'rich', 'babel', 'yaml', 'ortools', 'pulp', 'scipy'}.intersection(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=False)
    assert made.returncode == 0, made.stderr.decode()
