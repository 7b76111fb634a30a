"""Runs in processes of their own: what ends badly is one row, and a killed benchmark goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from troublesome import Troublesome

from consortia import solve
from consortia.bench import runner
from consortia.bench.child import Task, measure
from consortia.bench.contestants import Ours
from consortia.bench.rows import FILE, Row
from consortia.bench.runner import bench, read_rows, run, told_in_a_line
from consortia.bench.sources import FromFile, Made

ROOT = Path(__file__).parents[2]
COVER = Made("tiny/cover", "cover", 1, (("partners", 8), ("capabilities", 6)))
SOURCING = Made("tiny/sourcing", "sourcing", 1, (("partners", 4), ("capabilities", 4)))
POSIX = pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups and limits are of POSIX systems")


def outcome_of(way: str, limit: float = 60.0, **more: float) -> Row:
    return run(Row(COVER.name, way, limit), COVER, Troublesome(way), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("solver", ["cpsat", "greedy"])
def test_a_row_says_what_the_solver_found(solver: str) -> None:
    row = run(Row(COVER.name, solver, 60.0), COVER, Ours(solver))
    outcome = solve(COVER.instance(), solver=solver)
    assert (row.status, row.cost, row.proof) == (outcome.status.value, outcome.cost, outcome.proof)
    assert row.certified
    assert row.hash == outcome.instance.fingerprint()
    assert (row.partners, row.capabilities) == (len(outcome.instance.partners), 6)
    assert row.solved == outcome.proven
    assert row.seconds is not None and row.first is not None and row.best is not None
    assert 0 <= row.first <= row.best <= row.seconds
    assert row.trace[-1][1] == row.cost
    assert row.memory is not None and 10 < row.memory < 10_000
    assert row.versions["python"] == sys.version.partition(" ")[0]


@pytest.mark.parametrize("solver", ["cpsat", "milp:highs", "greedy", "exhaustive"])
def test_nothing_is_imported_while_the_clock_runs(solver: str) -> None:
    row = run(Row(SOURCING.name, solver, 60.0), SOURCING, Ours(solver))
    assert row.late_imports == ()
    assert row.certified


def test_proven_infeasibility_is_a_proof() -> None:
    source = Made("tiny/none", "cover", 1, (("partners", 8), ("capabilities", 6), ("infeasible", True)))
    row = run(Row(source.name, "cpsat", 60.0), source, Ours("cpsat"))
    assert (row.status, row.cost, row.certified, row.solved) == ("infeasible", None, False, True)


def here(way: str, folder: Path) -> Row:
    """Return the row of a run in this process."""
    task = Task(Row(COVER.name, way, 60.0), COVER, Troublesome(way), str(folder / "log"))
    return measure(task, lambda message: None)


@pytest.mark.parametrize(
    ("way", "status", "reason"),
    [
        ("not installed", "unavailable", "a_solver_that_nobody_has"),
        ("refuses", "refused", "not this one"),
        ("fails", "error", "ZeroDivisionError: of all things"),
        ("lies about the consortium", "wrong", "nobody supplies"),
        ("lies about the bound", "wrong", "above the cost"),
    ],
)
def test_what_ends_badly_says_so(way: str, status: str, reason: str, tmp_path: Path) -> None:
    row = here(way, tmp_path)
    assert row.status == status
    assert reason in row.reason
    assert (row.cost, row.certified, row.solved) == (None, False, False)


@pytest.mark.parametrize(("way", "reason"), [("dies", "exit code 9; last words"), ("dies early", "exit code 7")])
def test_a_crash_is_one_row(way: str, reason: str) -> None:
    row = outcome_of(way)
    assert row.status == "crashed"
    assert reason in row.reason
    assert (row.cost, row.certified, row.solved) == (None, False, False)


def test_a_crash_keeps_what_was_told_before() -> None:
    row = outcome_of("dies")
    assert [point[1:] for point in row.trace] == [(1000.0, 1.0)]
    assert row.hash == COVER.instance().fingerprint()


def test_a_proof_is_believed_only_where_the_bound_reaches_the_cost(tmp_path: Path) -> None:
    row = here("claims too much", tmp_path)
    assert (row.status, row.solved, row.bound) == ("feasible", False, 1)


def test_costs_are_those_of_the_checker_and_end_the_trace(tmp_path: Path) -> None:
    row = here("answers late", tmp_path)
    everybody = sum(COVER.instance().joining.tolist())
    assert (row.status, row.cost, row.stopped, row.notes) == ("feasible", everybody, "time", ("slowly",))
    assert [point[1:] for point in row.trace] == [(1000.0, None), (everybody, None)] or row.trace[-1][1] == everybody
    assert all(point[1] is None or point[1] >= everybody for point in row.trace)


@POSIX
def test_what_does_not_stop_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    row = run(Row(COVER.name, "hangs", 0.5), COVER, Troublesome("hangs", str(place)), grace=2.0)
    assert row.status == "killed"
    assert row.overrun >= 2.0
    assert row.trace[-1][1:] == (1000.0, 1.0)
    assert row.cost is None
    assert row.memory is None or row.memory > 10
    assert row.memory is not None or not Path("/proc/self/status").exists()
    assert _ends(int(place.read_text(encoding="ascii")))


@POSIX
def test_a_killed_benchmark_leaves_nothing_running(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    code = f"""
from pathlib import Path
from test_runner import COVER, Troublesome, bench
if __name__ == "__main__":
    bench([COVER], [Troublesome("hangs", {str(place)!r})], Path({str(tmp_path / "results")!r}), limit=600)
"""
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "bench")))}
    running = subprocess.Popen([sys.executable, str(script)], env=environment)
    while not (place.exists() and place.read_text(encoding="ascii")):
        assert running.poll() is None
        time.sleep(0.05)
    running.kill()
    running.wait()
    assert _ends(int(place.read_text(encoding="ascii")))


def _ends(pid: int) -> bool:
    """Wait until a process has ended."""
    for _ in range(1200):
        if not _runs(pid):
            return True
        time.sleep(0.05)
    return False


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if status.parent.parent.joinpath("self").exists():
        return status.exists() and status.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds the data of a process to a limit")
def test_a_blow_up_of_memory_hurts_one_row() -> None:
    row = outcome_of("eats", memory=1000.0)
    assert row.status == "error"
    assert "MemoryError" in row.reason


def test_a_file_that_cannot_be_read_is_one_row(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("capabilities: 3\n", encoding="utf-8")
    row = run(Row("broken", "exhaustive", 1.0), FromFile("broken", file), Ours("exhaustive"))
    assert row.status == "unreadable"
    assert "capabilities" in row.reason


def test_a_run_is_told_in_a_line() -> None:
    told = told_in_a_line(Row("a", "b", 1.0, status="unreadable", reason="one\ntwo"), 1, 2)
    assert told == "1/2 a b: unreadable - one two"


def done(folder: Path, *solvers: str) -> list[tuple[str, str]]:
    """Run, and return what was new."""
    new: list[tuple[str, str]] = []
    rows = bench(
        [COVER, SOURCING],
        [Troublesome(name) for name in solvers],
        folder,
        limit=60.0,
        told=lambda row, number, plan: new.append((row.instance, row.solver)),
    )
    assert len(rows) == 2 * len(solvers)
    return new


def test_a_killed_benchmark_goes_on_and_solvers_take_turns(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    first = done(folder, "answers late", "claims too much")
    assert first == [
        ("tiny/cover", "answers late"),
        ("tiny/cover", "claims too much"),
        ("tiny/sourcing", "claims too much"),
        ("tiny/sourcing", "answers late"),
    ]
    assert done(folder, "answers late", "claims too much") == []
    file = folder / FILE
    file.write_bytes(file.read_bytes()[:-20])  # killed while it wrote
    assert len(read_rows(folder)) == 3
    assert done(folder, "answers late", "claims too much") == first[-1:]
    assert len(read_rows(folder)) == 4
    assert [json.loads(line)["format"] for line in file.read_text(encoding="utf-8").splitlines()] == [
        "consortia-bench/1"
    ] * 4
    assert done(folder, "answers late", "claims too much", "lies about the bound") == [
        ("tiny/cover", "lies about the bound"),
        ("tiny/sourcing", "lies about the bound"),
    ]


def test_rows_survive_being_written(tmp_path: Path) -> None:
    bench([COVER], [Ours("cpsat", {"workers": 2})], tmp_path, limit=60.0)
    (row,) = read_rows(tmp_path)
    assert row.solver == "cpsat,workers=2"
    assert Row.from_record({**row.record(), "of a later version": 1}) == row


def test_what_lacked_something_is_tried_again(tmp_path: Path) -> None:
    ways = ("not installed", "fails", "refuses", "dies")
    new: list[str] = []

    def told(row: Row, number: int, plan: int) -> None:
        new.append(row.solver)

    for expected in (ways, ways[:2]):
        new.clear()
        bench([COVER], [Troublesome(way) for way in ways], tmp_path, limit=1.0, told=told)
        assert tuple(new) == expected


def test_an_interrupt_leaves_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = []

    def interrupted(row: Row, process: object, *rest: object) -> Row:
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench([COVER], [Ours("exhaustive")], tmp_path, limit=1.0)
    assert not started[0].is_alive()
    assert read_rows(tmp_path) == []
