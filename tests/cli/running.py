"""Runs the command line, in a process of its own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from consortia.cli.running import run

ROOT = Path(__file__).parents[2]
LIMIT = 120  # seconds after which a process counts as stuck


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which processes find this package and speak English in UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSORTIA")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


def process(*arguments: object, **more: str) -> Ended:
    """Run a command in a process of its own."""
    made = subprocess.run(
        [sys.executable, "-m", "consortia", *map(str, arguments)],
        capture_output=True,
        env=environment(**more),
        timeout=LIMIT,
        check=False,
    )
    encoding = more.get("PYTHONIOENCODING", "utf-8")
    return Ended(made.returncode, made.stdout.decode(encoding), made.stderr.decode(encoding))


class Here:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ended:
        """Run a command."""
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        return Ended(code, out, err)
