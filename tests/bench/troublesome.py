"""Contestants that end badly, each in its own way; the processes of runs import this module."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from consortia.bench.contestants import Found, Report
from consortia.consortium import Consortium
from consortia.errors import SolverRefused
from consortia.instance import Instance


@dataclass(frozen=True)
class Troublesome:
    """Does what `way` says."""

    way: str
    place: str = ""

    @property
    def label(self) -> str:
        return self.way

    def prepare(self) -> None:
        if self.way == "not installed":
            import a_solver_that_nobody_has  # type: ignore[import-not-found]  # noqa: F401
        if self.way == "dies early":
            os._exit(7)

    def answer(self, instance: Instance, limit: float, seed: int, report: Report) -> Found:
        everybody = Consortium(dict.fromkeys(instance.partners))
        report(1000.0, 1.0)
        if self.way == "dies":
            print("last words", file=sys.stderr, flush=True)
            os._exit(9)
        if self.way == "hangs":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            Path(self.place).write_text(str(child.pid), encoding="ascii")
            time.sleep(600)
        if self.way == "refuses":
            raise SolverRefused("not this one")
        if self.way == "fails":
            raise ZeroDivisionError("of all things")
        if self.way == "eats":
            return Found("feasible" if bytearray(1 << 31) else "unknown", everybody)
        if self.way == "lies about the consortium":
            return Found("optimal", Consortium(), Decimal(0), "exact")
        if self.way == "lies about the bound":
            return Found("feasible", everybody, Decimal(10**9), "exact")
        if self.way == "claims too much":
            return Found("optimal", everybody, Decimal(1), "exact")
        assert self.way == "answers late"
        return Found("feasible", lambda: everybody, None, None, "time", ("slowly",))
