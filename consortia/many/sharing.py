"""Sharing questions out: in chunks that are worth sending, and no more of them under way than the crew can take."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, NamedTuple

from consortia.errors import ConsortiaError
from consortia.many.crew import Crew
from consortia.many.parcels import Packer, Parcel, PoolMissing, Ticket, unpacked
from consortia.many.work import Question, Settings, Shape, answer
from consortia.prepared import PreparedPool

WORTHWHILE = 0.25  # seconds of work that a chunk should be, so that sending it costs next to nothing
MOST = 64


def share_out(
    questions: Iterator[Question],
    pool: PreparedPool,
    settings: Settings,
    shape: Shape,
    crew_of: Callable[[], Crew],
) -> Generator[Any, None, None]:
    """Solve questions as they are asked, and give the answers as they come.

    Parameters
    ----------
    questions : iterator of Question
    pool : PreparedPool
    settings : Settings
    shape : callable
        What is wanted of each result.
    crew_of : callable
        Calls the crew together.

    Yields
    ------
    object
        What `shape` made of each result.
    """
    crew, ticket = crew_of(), Ticket(pool)
    return _course(questions, crew, ticket, settings, shape)


def _course(
    questions: Iterator[Question], crew: Crew, ticket: Ticket, settings: Settings, shape: Shape
) -> Generator[Any, None, None]:
    parcel, size, early = Parcel(ticket), 1, True
    waiting: dict[Future[Any], list[Question]] = {}
    crew.begin(ticket)
    try:
        while True:
            while len(waiting) < crew.most and (chunk := list(islice(questions, size))):
                waiting[crew.submit(work, ticket, chunk, settings, shape)] = chunk
            if not waiting:
                break
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                chunk = waiting.pop(future)
                try:
                    done = future.result()
                except BrokenProcessPool:
                    names = ", ".join(question.name for question in chunk[:3])
                    raise ConsortiaError(
                        f"a process died, perhaps for want of memory, near {names}: try fewer workers"
                    ) from None
                if done is None:
                    waiting[crew.submit(work, parcel, chunk, settings, shape)] = chunk
                    continue
                size = max(1, min(MOST, 2 * size, int(WORTHWHILE * len(chunk) / max(done.seconds, 1e-6))))
                yield from unpacked(done.results, ticket.pool, chunk) if done.packed else done.results
        early = False
    finally:
        for future in waiting:
            future.cancel()
        crew.end(early)
        ticket.forget()


class Done(NamedTuple):
    """The results of a chunk, packed if they travel, and how many seconds they took."""

    results: list[Any]
    packed: bool
    seconds: float


def work(ticket: Ticket, chunk: list[Question], settings: Settings, shape: Shape) -> Done | None:
    """Answer a chunk of questions, in whatever process this is.

    Where the pool is not known there is no answer: the chunk has to come again, with the pool.
    """
    try:
        pool, began = ticket.pool, time.perf_counter()
    except PoolMissing:
        return None
    packer, results = None if ticket.at_home else Packer(pool, chunk), []
    for question in chunk:
        found = shape(answer(question, pool, settings))
        results.append(found if packer is None else packer.packed(found))
    return Done(results, packer is not None, time.perf_counter() - began)
