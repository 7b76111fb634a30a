"""CBC by itself: the program that PuLP carries or finds, on an MPS file."""

from __future__ import annotations

import re
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from consortia.compiled import Compiled
from consortia.errors import SolverUnavailable
from raw.contestant import Reply, Tell
from raw.files import column, mps


def versions() -> dict[str, str]:
    """Return the version of PuLP."""
    return {"pulp": version("pulp")}


def _program() -> str:
    for name in ("PULP_CBC_CMD", "COIN_CMD"):
        solver = getattr(pulp, name, None)
        if solver is not None and (made := solver(msg=False)).available():
            return str(made.path)
    raise SolverUnavailable("PuLP finds no CBC")


def solve(compiled: Compiled, seconds: float, seed: int, tell: Tell, threads: int = 2) -> Reply:
    """Write the rows, and let the program solve them."""
    began = time.perf_counter()
    with mps(compiled) as path:
        answer = path.with_suffix(".sol")
        left = max(0.1, seconds - (time.perf_counter() - began))
        command = [_program(), str(path), "-sec", f"{left:.2f}", "-timeMode", "elapsed", "-threads", str(threads)]
        # costs are whole numbers: half a unit apart is no gap
        command += ["-ratio", "0", "-allow", "0.5", "-randomCbcSeed", str(seed + 1), "-solve", "-solution", str(answer)]
        bound = None
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
            assert running.stdout is not None
            for line in running.stdout:
                bound = _listen(line, bound, tell)
        return _read(answer, compiled, bound)


_PROGRESS = re.compile(r"(?:best solution|best objective|Integer solution of) ?(\S+?)(?:,| found|$)")
_POSSIBLE = re.compile(r"best possible (\S+?)[ ,(]")
_LOWER = re.compile(r"^Lower bound:\s+(\S+)")


def _listen(line: str, bound: float | None, tell: Tell) -> float | None:
    """Read a line of the log."""
    if found := _LOWER.match(line) or _POSSIBLE.search(line):
        bound = _number(found[1]) if bound is None else max(bound, _number(found[1]) or bound)
    best = _PROGRESS.search(line)
    objective = None if best is None else _number(best[1])
    if best is not None or found is not None:
        tell(objective, bound)
    return bound


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e49 else None


def _read(path: Path, compiled: Compiled, bound: float | None) -> Reply:
    if not path.exists():
        return Reply(bound=bound)
    head, *lines = path.read_text(encoding="ascii").splitlines()
    if head.startswith(("Infeasible", "Integer infeasible")):
        return Reply(infeasible=True)
    values: Any = np.array(compiled.lower, dtype=float)
    values[compiled.lower < compiled.upper] = 0.0
    for line in lines:
        fields = line.replace("**", "").split()
        values[column(fields[1])] = float(fields[2])
    if head.startswith("Optimal"):
        bound = float(head.rpartition(" ")[2])
    elif "no integer solution" in head.lower() or not lines:
        return Reply(bound=bound)
    return Reply(values, bound)
