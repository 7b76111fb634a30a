"""What happens in the process of a run: read, warm up, start the clock, answer, stop the clock, certify."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Lock, Thread
from typing import Any

from consortia.bench.contestants import Contestant, Found
from consortia.bench.machine import cores, peak_memory
from consortia.bench.rows import Point, Row, number
from consortia.bench.sources import Source
from consortia.checking import verify
from consortia.errors import InternalError, SolverRefused, SolverUnavailable, SpecError
from consortia.instance import Instance


@dataclass(frozen=True)
class Task:
    """A run to do.

    Attributes
    ----------
    row : Row
        What is known of it beforehand.
    source : Source
    contestant : Contestant
    log : str
        The file for what solvers print.
    memory : float or None
        Most data of the process, in megabytes, where the system can hold it to that.
    """

    row: Row
    source: Source
    contestant: Contestant
    log: str
    memory: float | None = None


class Clock:
    """Times an answer, and passes on what is told on the way."""

    def __init__(self, send: Callable[[tuple[str, Any]], None]) -> None:
        self._send, self._lock, self._start = send, Lock(), 0.0
        self.trace: list[Point] = []
        self.seconds: float | None = None

    def start(self) -> None:
        """Start, and let the parent know."""
        self._send(("began", None))
        self._start = time.perf_counter()

    def stop(self) -> float:
        """Stop; what is told later is not heard."""
        with self._lock:
            self.seconds = time.perf_counter() - self._start
        self._send(("answered", None))
        return self.seconds

    def tell(self, cost: Decimal | float | None, bound: Decimal | float | None) -> None:
        """Note the best cost and bound so far, if they are news."""
        with self._lock:
            if self.seconds is not None:
                return
            point = further(self.trace, time.perf_counter() - self._start, _plain(cost), _plain(bound))
            if point is not None:
                self.trace.append(point)
                self._send(("point", point))


def further(trace: list[Point], seconds: float, cost: float | None, bound: float | None) -> Point | None:
    """Return the next point of a trace in which costs fall and bounds rise, or None if there is nothing new.

    Examples
    --------
    >>> further([(0.1, 9.0, None)], 0.2, 10.0, 4.0)
    (0.2, 9.0, 4.0)
    >>> further([(0.1, 9.0, 4.0)], 0.2, 9.0, 3.0) is None
    True
    """
    before = trace[-1][1:] if trace else (None, None)
    best = min((value for value in (before[0], cost) if value is not None), default=None)
    proven = max((value for value in (before[1], bound) if value is not None), default=None)
    return None if (best, proven) == before else (round(seconds, 4), best, proven)


def certified(trace: list[Point], seconds: float, cost: float | None, bound: float | None) -> list[Point]:
    """Return a trace that ends with what was certified and never claims more on the way.

    Examples
    --------
    >>> certified([(0.1, 9.0, None), (0.3, 6.9999, 5.0)], 0.4, 7.0, 7.0)
    [(0.1, 9.0, None), (0.3, 7.0, 5.0), (0.4, 7.0, 7.0)]
    >>> certified([(0.1, 9.0, 4.0)], 0.4, None, None)
    []
    """
    kept: list[Point] = []
    for when, dear, low in [*trace, (round(seconds, 4), cost, bound)]:
        claim = None if dear is None or cost is None else max(dear, cost)
        proven = None if low is None or bound is None else min(low, bound)
        point = further(kept, when, claim, proven)
        if point is not None:
            kept.append(point)
    return kept


def _plain(value: Decimal | float | None) -> float | None:
    if value is None:
        return None
    found = float(value)
    return found if abs(found) < float("inf") else None


def main(connection: Connection, task: Task) -> None:
    """Do a run and send its row; the parent deals with what ends this process before."""
    _settle(task)
    lock = Lock()

    def send(message: tuple[str, Any]) -> None:
        with lock:
            connection.send(message)

    send(("row", measure(task, send)))
    connection.close()


def _settle(task: Task) -> None:
    """Lead a process group of one's own, print into the log, and obey the limit of memory."""
    if hasattr(os, "setsid"):
        os.setsid()
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    log = os.open(task.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    if task.memory is not None:
        import resource

        most = int(task.memory * 1e6)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _end_with(parent: Any) -> None:
    """Leave nothing running that would disturb the next benchmark, if whoever started this process is killed."""
    parent.join()
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    else:
        os.kill(os.getpid(), signal.SIGTERM)


def measure(task: Task, send: Callable[[tuple[str, Any]], None]) -> Row:
    """Return the row of a run, whatever happens short of the end of the process."""
    row = replace(task.row, cores=cores())
    clock = Clock(send)
    try:
        row = replace(row, versions=_versions({}))
        task.contestant.prepare()
        began = time.perf_counter()
        instance = task.source.instance()
        row = replace(
            row,
            hash=instance.fingerprint(),
            reading=round(time.perf_counter() - began, 4),
            partners=len(instance.partners),
            capabilities=len(instance.capabilities),
        )
        send(("known", row))
        known = set(sys.modules)
        clock.start()
        found = task.contestant.answer(instance, row.limit, row.seed, clock.tell)
        seconds = clock.stop()
        late = {name.partition(".")[0] for name in set(sys.modules) - known}
        row = replace(row, late_imports=tuple(sorted(late - {"consortia"})))
        return replace(_judged(row, instance, found, clock.trace, seconds), memory=peak_memory())
    except Exception as error:
        status, reason = _failure(error)
        overrun = 0.0 if clock.seconds is None else max(0.0, clock.seconds - row.limit)
        return replace(row, status=status, reason=reason, memory=peak_memory(), overrun=round(overrun, 3))


def _failure(error: Exception) -> tuple[str, str]:
    if isinstance(error, SolverRefused):
        return "refused", str(error)
    missing = isinstance(error, ImportError) and not (error.name or "").startswith("consortia")
    if missing or isinstance(error, SolverUnavailable):
        return "unavailable", str(error)
    if isinstance(error, SpecError):
        return "unreadable", str(error)
    if isinstance(error, InternalError):
        return "wrong", str(error)
    return "error", f"{type(error).__name__}: {error}"


def _judged(row: Row, instance: Instance, found: Found, trace: list[Point], seconds: float) -> Row:
    """Certify what was found; the costs are those of the checker."""
    row = replace(
        row,
        proof=found.proof,
        stopped=found.stopped,
        seconds=round(seconds, 4),
        overrun=round(max(0.0, seconds - row.limit), 3),
        notes=found.notes,
        versions=_versions(found.versions),
    )
    consortium = found.consortium() if callable(found.consortium) else found.consortium
    cost = None
    if consortium is not None:
        verification = verify(instance, consortium)
        if not verification.valid:
            reason = "; ".join(str(violation) for violation in verification.violations[:3])
            return replace(row, status="wrong", reason=f"the answer breaks: {reason}")
        cost = instance.money(verification.cost)
        if found.bound is not None and found.bound > cost:
            return replace(row, status="wrong", reason=f"the bound {found.bound} is above the cost {cost}")
    optimal = cost is not None and cost == found.bound
    infeasible = found.status == "infeasible" and cost is None
    status = "optimal" if optimal else "feasible" if cost is not None else "infeasible" if infeasible else "unknown"
    trace = certified(trace, seconds, _plain(cost), _plain(found.bound))
    return replace(
        row,
        status=status,
        cost=number(cost),
        bound=number(found.bound),
        certified=cost is not None,
        first=next((point[0] for point in trace if point[1] is not None), None),
        best=next((point[0] for point in trace if point[1] is not None and point[1] == trace[-1][1]), None),
        proved=round(seconds, 4) if optimal or infeasible else None,
        trace=tuple(trace),
    )


def _versions(others: Any) -> dict[str, str]:
    return {"python": sys.version.partition(" ")[0], **dict(others)}
