"""Ctrl-C: before a first consortium, after one, twice, after an earlier solve, outside of a solve."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from running import LIMIT, Ended, environment

import consortia
from consortia import Progress

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")

DRIVER = """
import sys
sys.path.insert(0, {folder!r})
from consortia import solvers, solve
for name in ("Empty", "Lucky", "Deaf"):
    solvers._CLASSES[name.lower()] = f"waiting:{{name}}"
if {before!r}:
    assert solve({question!r}, solver={before!r}).consortium is not None
from consortia.cli import main
main(["solve", {question!r}, "--solver", {solver!r}, "--format", "json"])
"""


def interrupted(question: Path, solver: str, words: Sequence[str], before: str = "") -> Ended:
    """Run a solve, and interrupt it each time it says one of the words."""
    code = DRIVER.format(folder=str(Path(__file__).parent), question=str(question), solver=solver, before=before)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    ) as running:
        assert running.stderr is not None
        for word in words:
            for line in running.stderr:
                if line.strip() == word:
                    break
            running.send_signal(signal.SIGINT)
        assert running.stdout is not None
        err, out = running.stderr.read(), running.stdout.read()  # communicate() would miss what is buffered already
        running.wait(LIMIT)
    return Ended(running.returncode, out, err)


def test_before_a_first_consortium(labels: Path) -> None:
    ended = interrupted(labels, "empty", ["searching"])
    assert ended.code == 130
    data = json.loads(ended.out)
    assert (data["status"], data["stopped"], data["members"]) == ("unknown", "interrupted", [])


def test_after_a_consortium(labels: Path) -> None:
    ended = interrupted(labels, "lucky", ["searching"])
    assert ended.code == 0
    data = json.loads(ended.out)
    assert (data["status"], data["stopped"]) == ("feasible", "interrupted")
    assert data["cost"] is not None and data["bound"] is None and data["members"]


def test_twice(labels: Path) -> None:
    ended = interrupted(labels, "deaf", ["searching", "stopping"])
    assert (ended.code, ended.out) == (130, "")
    assert "Interrupted; nothing was found." in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("before", ["cpsat", "milp", "greedy", "exhaustive"])
def test_after_an_earlier_solve(labels: Path, before: str) -> None:
    ended = interrupted(labels, "lucky", ["searching"], before)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["stopped"] == "interrupted"


@pytest.mark.parametrize("solver", ["cpsat", "milp", "greedy"])
def test_real_back_ends_keep_what_they_found(solver: str) -> None:
    from consortia.generate import generate

    sent = []

    def interrupt(progress: Progress) -> None:
        if progress.best is not None and not sent:
            sent.append(progress.best)
            os.kill(os.getpid(), signal.SIGINT)

    question = generate("sourcing", seed=3, partners=60, capabilities=60)
    outcome = consortia.solve(question, solver=solver, time_limit=60, on_progress=interrupt)
    assert sent
    assert outcome.cost is not None and outcome.cost <= sent[0]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
