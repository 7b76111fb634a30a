"""A back end that searches until it is told to stop, for tests of interruption; it says on stderr where it is."""

from __future__ import annotations

import sys
import threading

from consortia.program import Program
from consortia.solvers.contract import Abilities, Answer, Request, Verdict
from consortia.solvers.cpsat import CpSat


class Empty:
    """Finds nothing."""

    name = "empty"
    abilities = Abilities(interruption=True)

    def versions(self) -> dict[str, str]:
        """Name no packages."""
        return {}

    def solve(self, program: Program, request: Request) -> Answer:
        """Wait to be stopped."""
        tell("searching")
        request.stop.wait()
        return Answer(Verdict.UNKNOWN, stopped="interrupted")


class Lucky(Empty):
    """Has a consortium when it is stopped."""

    name = "lucky"

    def solve(self, program: Program, request: Request) -> Answer:
        """Find one, then wait to be stopped."""
        values = CpSat().solve(program, Request()).values
        tell("searching")
        request.stop.wait()
        return Answer(Verdict.FEASIBLE, values, stopped="interrupted")


class Deaf(Empty):
    """Hears that it is to stop, and does not."""

    name = "deaf"

    def solve(self, program: Program, request: Request) -> Answer:
        """Wait for ever."""
        tell("searching")
        request.stop.wait()
        tell("stopping")
        threading.Event().wait()
        raise AssertionError


def tell(word: str) -> None:
    """Say on stderr where the search is."""
    print(word, file=sys.stderr, flush=True)
