"""Runs one after another, each in a process of its own that is watched, and a row written when it has ended."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from consortia.bench import child
from consortia.bench.contestants import Contestant
from consortia.bench.machine import peak_memory
from consortia.bench.rows import AGAIN, FILE, Point, Row
from consortia.bench.sources import Source
from consortia.errors import Problem, SpecError, WrongValue
from consortia.files.jsonl import append_record, read_records
from consortia.files.write import begin_file

READING, CERTIFYING = 600.0, 300.0
"""Seconds that a run may take before and after what is timed; more is taken for being stuck."""
GRACE = 30.0


def bench(
    sources: Sequence[Source],
    contestants: Sequence[Contestant],
    folder: Path,
    *,
    limit: float,
    seeds: Sequence[int] = (0,),
    grace: float = GRACE,
    memory: float | None = None,
    told: Callable[[Row, int, int], object] = lambda row, done, all: None,
) -> list[Row]:
    """Run every contestant on every instance, except for what the folder has already.

    On each instance all contestants run one after another, so that a machine that drifts hurts all alike; who
    begins changes from instance to instance.

    Parameters
    ----------
    sources, contestants : sequence
    folder : Path
        Where ``rows.jsonl`` is, or will be; made if it does not exist.
    limit : float
        Seconds for each answer.
    seeds : sequence of int
        A run for each.
    grace : float
        Seconds over the limit after which a run is killed.
    memory : float, optional
        Megabytes of data that a run may have, where the system can hold it to that.
    told : callable, optional
        Called with each new row, how many runs are done, and how many there are.

    Returns
    -------
    list of Row
        All rows of these runs, old and new.

    Raises
    ------
    SpecError
        If the folder cannot be written to, or its rows are not such.
    """
    file = folder / FILE
    begin_file(file)
    done = {row.key: row for row in read_rows(folder) if row.status not in AGAIN}
    plan = list(_plan(sources, contestants, limit, seeds))
    rows = []
    for number, (row, source, contestant) in enumerate(plan, start=1):
        if row.key not in done:
            done[row.key] = run(row, source, contestant, grace, memory)
            append_record(file, done[row.key].record())
            told(done[row.key], number, len(plan))
        rows.append(done[row.key])
    return rows


def read_rows(folder: Path) -> list[Row]:
    """Return the rows of a folder.

    Raises
    ------
    SpecError
        If a line is no row.
    """
    file, rows = folder / FILE, []
    for place, record in enumerate(read_records(file)):
        try:
            rows.append(Row.from_record(record))
        except WrongValue as error:
            lines = [number for number, line in enumerate(file.read_bytes().split(b"\n"), start=1) if line.strip()]
            raise SpecError([Problem(str(file), f"line {lines[place]}", error.message, error.remedy)]) from None
    return rows


def _plan(
    sources: Sequence[Source], contestants: Sequence[Contestant], limit: float, seeds: Sequence[int]
) -> Iterator[tuple[Row, Source, Contestant]]:
    for seed in seeds:
        for place, source in enumerate(sources):
            content, first = source.content(), place % len(contestants)
            for contestant in (*contestants[first:], *contestants[:first]):
                yield Row(source.name, contestant.label, limit, seed, content), source, contestant


def run(row: Row, source: Source, contestant: Contestant, grace: float = GRACE, memory: float | None = None) -> Row:
    """Do one run in a process of its own and return its row, however it ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        log = Path(scratch) / "log"
        log.touch()
        context = get_context("spawn")
        here, there = context.Pipe(duplex=False)
        task = child.Task(row, source, contestant, str(log), memory)
        process = context.Process(target=child.main, args=(there, task))
        process.start()
        there.close()
        try:
            return _watch(row, process, here, grace, log)
        finally:
            _kill(process)
            here.close()


def _watch(row: Row, process: BaseProcess, connection: Connection, grace: float, log: Path) -> Row:
    """Return the row that a run sends, or one that says why it sent none."""
    began: float | None = None
    points: list[Point] = []
    phase, deadline = "reading", time.monotonic() + READING
    while True:
        try:
            if not connection.poll(max(0.0, deadline - time.monotonic())):
                row = replace(row, memory=peak_memory(process.pid))
                return _ended(row, "killed", f"still {phase}; killed", points, began)
            word, what = connection.recv()
        except (EOFError, OSError):
            process.join(5)
            reason = f"the process ended with exit code {process.exitcode}; {_tail(log)}"
            return _ended(row, "crashed", reason.strip("; "), points, began)
        if word == "row":
            answer: Row = what
            return answer
        if word == "known":
            row = what
        elif word == "began":
            began = time.monotonic()
            phase, deadline = "answering when the limit and the grace were over", began + row.limit + grace
        elif word == "answered":
            phase, deadline = "checking its answer", time.monotonic() + CERTIFYING
        else:
            points.append(what)


def _ended(row: Row, status: str, reason: str, points: list[Point], began: float | None) -> Row:
    over = 0.0 if began is None or status != "killed" else max(0.0, time.monotonic() - began - row.limit)
    return replace(row, status=status, reason=reason, trace=tuple(points), overrun=round(over, 3))


def _tail(log: Path) -> str:
    """Return the last words of a process."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " | ".join(lines[-3:])[-400:]


def _kill(process: BaseProcess) -> None:
    """End a process and those that it started."""
    if process.pid is not None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.is_alive():
        process.kill()
    process.join()


def told_in_a_line(row: Row, done: int, plan: int) -> str:
    """Return a line about a run that has ended."""
    parts: list[Any] = [f"{done}/{plan}", row.instance, f"{row.solver}:", row.status]
    if row.cost is not None:
        parts.append(f"{row.cost:.10g}")
    if row.bound is not None and row.status != "optimal":
        parts.append(f"(bound {row.bound:.10g})")
    if row.seconds is not None:
        parts.append(f"in {row.seconds:.2f} s")
    if row.reason:
        parts.append(f"- {' '.join(row.reason.split())[:120]}")
    return " ".join(map(str, parts))
