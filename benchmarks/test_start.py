"""How long a process takes to begin: imports and whole commands, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "python": ["-c", "pass"],
    "import": ["-c", "import consortia"],
    "help": ["-m", "consortia", "--help"],
    "flagship": ["-m", "consortia", "solve", "instances/cold-chain.yaml"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_start(benchmark: Any, name: str) -> None:
    """Run the command as a process of its own."""

    def run() -> int:
        return subprocess.run([sys.executable, *COMMANDS[name]], cwd=ROOT, capture_output=True, check=False).returncode

    assert benchmark.pedantic(run, rounds=5, warmup_rounds=1) == 0
