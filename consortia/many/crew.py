"""Who does the work: processes of our own, somebody's executor, or this process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, Protocol

from consortia.many.parcels import Ticket, keep
from consortia.prepared import PreparedPool


class Crew(Protocol):
    """Takes tasks and works at several of them at a time.

    Attributes
    ----------
    most : int
        How many tasks it should have at a time, so that nobody waits for one.
    """

    most: int

    def begin(self, ticket: Ticket) -> None:
        """Get ready for tasks on a pool."""
        ...

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Take a task."""
        ...

    def end(self, early: bool) -> None:
        """Go home; if it is early, at once."""
        ...


def crew_of(executor: Executor | None, workers: int | None) -> Crew:
    """Return the crew for an executor, or for a number of workers."""
    if workers is not None and (not isinstance(workers, int) or isinstance(workers, bool) or workers < 1):
        raise ValueError(f"workers must be a whole number of at least 1, not {workers!r}")
    if executor is not None:
        return Guests(executor, workers or os.cpu_count() or 1)
    workers = workers or os.cpu_count() or 1
    return Processes(workers) if workers > 1 else Alone()


class Alone:
    """Does the work in this process."""

    most = 1

    def begin(self, ticket: Ticket) -> None:
        """Get ready."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do the task."""
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future

    def end(self, early: bool) -> None:
        """Do nothing."""


class Guests:
    """Somebody's executor, which is left open."""

    def __init__(self, executor: Executor, workers: int) -> None:
        self._executor = executor
        self.most = 2 * workers

    def begin(self, ticket: Ticket) -> None:
        """Get ready."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Pass a task on."""
        return self._executor.submit(function, *arguments)

    def end(self, early: bool) -> None:
        """Leave the executor as it is."""


class Processes:
    """Processes of our own, which have the pool from the beginning and end with this one."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.most = 2 * workers

    def begin(self, ticket: Ticket) -> None:
        """Start the processes; where they are forked they share the pool's memory."""
        arguments = (ticket.token, ticket.pool)
        self._executor = ProcessPoolExecutor(
            self._workers, mp_context=_context(), initializer=_settle, initargs=arguments
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Pass a task on."""
        return self._executor.submit(function, *arguments)

    def end(self, early: bool) -> None:
        """End the processes; early, without waiting for a search that may take hours."""
        running = list((self._executor._processes or {}).values()) if early else []
        self._executor.shutdown(wait=not early, cancel_futures=True)
        for process in running:
            process.terminate()
        for process in running:
            process.join()


def _context() -> Any:
    """Return how processes are started: as usual, but not by forking what may hold a lock just then."""
    usual = multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]
    if usual == "fork" and (threading.active_count() > 1 or "highspy" in sys.modules):
        usual = "forkserver"
    return multiprocessing.get_context(usual)


def _settle(token: str, pool: PreparedPool) -> None:
    """Make a process ready: it has the pool, leaves interrupts to its parent, and does not outlive it."""
    keep(token, pool)
    gc.freeze()  # what came with the process stays as it is: looking through it for garbage would take most of the time
    gc.set_threshold(20_000, 20, 20)  # a question is arrays that go when it is done; little of it is ever in a circle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()


def _follow(parent: Any) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
