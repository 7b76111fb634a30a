"""CBC as a child process, through a subclass of PuLP's own solver class."""

from __future__ import annotations

import atexit
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pulp

from consortia.errors import SolverUnavailable
from consortia.sentence import say
from consortia.solvers import pulp_versions
from consortia.solvers.contract import Abilities
from consortia.solvers.floating import Doubles, Ending, Found, Question

_PATIENCE = 10.0
"""Seconds that an interrupted CBC gets to write its best solution."""

_FIRST_LINE = re.compile(r"^(?P<status>[A-Z].*?) - objective value (?P<objective>\S+)")
_RESULT = re.compile(r"^Result - (?P<result>.*)$", re.MULTILINE)
_VERSION = re.compile(r"^Version:\s+(?P<version>.+?)\s*$", re.MULTILINE)
_INFEASIBLE = ("Infeasible", "Integer infeasible")

_OWN_GROUP: dict[str, Any] = {"creationflags": 0x00000200} if sys.platform == "win32" else {"start_new_session": True}
"""Keeps Ctrl-C at the terminal from reaching CBC before we have decided what it means."""


class PatientCbc(pulp.COIN_CMD):  # type: ignore[misc]
    """PuLP's CBC that can be interrupted, leaves no file behind and says how it really ended.

    PuLP's own class loses the solution when it is interrupted and calls what a time limit left optimal.
    """

    def __init__(self, question: Question, path: str) -> None:
        self.question = question
        self.found = Found("unclear")
        super().__init__(msg=False, path=path, **_options(question))

    def solve_CBC(self, lp: Any, use_mps: bool = True) -> Any:  # noqa: N802
        with TemporaryDirectory(prefix="consortia-cbc-") as folder:
            model, log, solution = (Path(folder, name) for name in ("model.mps", "log.txt", "solution.txt"))
            lp.writeMPS(str(model))
            limits = [] if self.timeLimit is None else ["-sec", str(self.timeLimit)]
            words = [word for option in self.getOptions() + self.options for word in f"-{option}".split()]
            command = [self.path, str(model), *limits, *words, "-solve", "-solution", str(solution)]
            with log.open("w") as output:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, **_OWN_GROUP
                )
                stopped = self._wait(process)
            said = log.read_text(errors="replace")
            if solution.exists():
                ratio = self.optionsDict.get("gapRel", 0.0)
                self.found = read(solution.read_text(), said, self.question, stopped, ratio)
            elif stopped:
                self.found = Found("interrupted")
        return pulp_versions.nothing_claimed()

    def actualSolve(self, lp: Any, **kwargs: Any) -> Any:  # noqa: N802
        if pulp_versions.IS_4:
            return super().actualSolve(lp, **kwargs)
        status, solution_status = self.solve_CBC(lp)
        lp.assignStatus(status, solution_status)
        return status

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the end of `process`; return whether it was asked to stop."""
        stop = self.question.request.stop
        gentle = signal.SIGTERM if sys.platform == "win32" else signal.SIGINT
        asked = 0.0
        atexit.register(process.kill)  # a second Ctrl-C ends the program without waiting for this thread
        try:
            while True:
                try:
                    process.wait(1.0 if asked else 0.05)
                    return bool(asked)
                except subprocess.TimeoutExpired:
                    if not stop.is_set():
                        continue
                asked = asked or time.monotonic()
                if time.monotonic() - asked > _PATIENCE:
                    return True
                process.send_signal(gentle)  # again: one that comes before the search is not heard
        finally:
            atexit.unregister(process.kill)
            if process.poll() is None:
                process.kill()
                process.wait()


def _options(question: Question) -> dict[str, Any]:
    request, seconds, program = question.request, question.seconds, question.compiled
    # a seed of 0 would be the time of the day
    options: dict[str, Any] = {"options": [f"randomSeed {request.seed % (2**31 - 1) + 1}"]}
    if seconds is not None:
        options["timeLimit"] = seconds
    # its gap is one of the objective without the constant: smaller than that of the cost only if neither is negative
    ends = np.minimum(program.objective * program.lower, program.objective * program.upper)
    if request.gap and ends.sum() >= 0 and program.constant >= 0:
        options["gapRel"] = float(request.gap)
    if request.effort_limit is not None:
        options["maxNodes"] = int(request.effort_limit)
    if "threads" in request.options:
        options["threads"] = int(request.options["threads"])
    return options


def read(solution: str, log: str, question: Question, stopped: bool = False, ratio: float = 0.0) -> Found:
    """Return what CBC found, from its solution file and its log.

    The lower bound in its log is left alone: stopped at the root, CBC may give the cost of its best solution there.
    What it calls optimal is so within `ratio`, the gap that it was given.
    """
    headings = list(map(_FIRST_LINE.match, solution.splitlines()))
    heading = next((match for match in reversed(headings) if match), None)
    if heading is None:
        return Found("interrupted" if stopped else "unclear")
    status, objective = heading["status"], float(heading["objective"])
    if status.startswith(_INFEASIBLE):
        return Found("infeasible")
    if status.startswith("Optimal"):
        return Found("optimal", _values(solution, question), objective - ratio * abs(objective))
    whole = "no integer solution" not in status and status.startswith("Stopped")
    return Found(_ended(log, question, stopped), _values(solution, question) if whole else None)


def _ended(log: str, question: Question, stopped: bool) -> Ending:
    results = _RESULT.findall(log)
    if stopped:
        return "interrupted"
    if results and "node" in results[-1]:
        return "effort"
    # stopped in the first relaxation it gives no result at all
    in_time = question.seconds is None or question.seconds > 0
    return "unclear" if in_time and not (results and "time" in results[-1]) else "time"


def _values(solution: str, question: Question) -> Doubles:
    """The columns in a solution file; those at 0 are not in it."""
    values = np.zeros(len(question.compiled.lower))
    for line in solution.splitlines():
        words = line.replace("**", "").split()
        if len(words) == 4 and words[1].startswith("x"):
            values[int(words[1][1:])] = float(words[2])
    return values


class Cbc:
    """CBC: interruption, but no bound before the end; its unit of effort is a node of the search tree.

    It takes no hints: a start that is incomplete or infeasible is ignored or, worse, leads it astray.
    """

    abilities = Abilities(
        proof="tolerance",
        cutoff=True,
        gap=True,
        time_limit=True,
        effort_limit=True,
        interruption=True,
        options=("threads",),
    )
    greatest_column = 10**8  # it writes eight digits

    def __init__(self) -> None:
        path = pulp_versions.cbc_path()
        if path is None:
            raise SolverUnavailable(say("the solver milp:cbc needs the program CBC: pip install 'pulp[cbc]'"))
        self.path = path

    def versions(self) -> dict[str, str]:
        """Versions of PuLP and CBC."""
        said = subprocess.run([self.path, "-quit"], capture_output=True, text=True, check=False).stdout
        found = _VERSION.search(said)
        return {"pulp": pulp.__version__, "cbc": found["version"] if found else "unknown"}

    def run(self, question: Question) -> Found:
        """Solve once."""
        solver = PatientCbc(question, self.path)
        problem, _ = pulp_versions.problem_from(question.compiled)
        pulp_versions.solve(problem, solver)
        return solver.found
