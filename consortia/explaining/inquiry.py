"""Many questions asked one after the other, under limits that hold for all of them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from threading import Event
from typing import Any, TypeVar

from consortia.instance import Instance
from consortia.outcome import Outcome
from consortia.progress import Step
from consortia.solving import POLL, answer, check_limits, takes_hints

_T = TypeVar("_T")
_TOGETHER = 2


class Inquiry:
    """Asks :func:`consortia.solve`, and keeps to limits on all questions together.

    Parameters
    ----------
    solver : str
    time_limit : float, optional
        Seconds for all questions together.
    effort_limit : float, optional
        Of each question, in the solver's units.
    seed : int
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each question; if it returns True no more are asked.

    Attributes
    ----------
    asked : int
        How many questions were asked so far.
    expected : int or None
        How many there will be in all, where that is known.
    interrupted : bool
        Whether somebody ended it.
    ran_out : bool
        Whether time ended a question, be it the part of the time that the question had.

    Raises
    ------
    ValueError, TypeError
        If a limit makes no sense.
    """

    def __init__(
        self,
        *,
        solver: str = "auto",
        time_limit: float | None = None,
        effort_limit: float | None = None,
        seed: int = 0,
        on_step: Callable[[Step], Any] | None = None,
    ) -> None:
        check_limits(time_limit, effort_limit, 0, seed)
        self.solver, self.effort_limit, self.seed = solver, effort_limit, seed
        self.asked = 0
        self.expected: int | None = None
        self.interrupted = False
        self.ran_out = False
        self._on_step = on_step
        self._began = time.monotonic()
        self._deadline = None if time_limit is None else self._began + time_limit

    @property
    def left(self) -> float | None:
        """Seconds left for all that is still to be asked; None where there is no limit."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether nothing more is to be asked: out of time, or ended by somebody."""
        return self.interrupted or self.left == 0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    @contextmanager
    def part(self, share: float) -> Iterator[None]:
        """Keep to a part of the time that is left, if there is a limit, so that the rest is left for what comes after.

        Parameters
        ----------
        share : float
            Between 0 and 1.
        """
        deadline, left = self._deadline, self.left
        if left is not None:
            self._deadline = time.monotonic() + share * left
        try:
            yield
        finally:
            self._deadline = deadline

    def ask(self, instance: Instance, **more: Any) -> Outcome:
        """Solve one question within what is left of the limits.

        Parameters
        ----------
        instance : Instance
        **more
            ``gap``, ``cutoff``, ``hint`` or another ``solver``, as for :func:`consortia.solve`; a hint is given only
            to a solver that takes one.

        Returns
        -------
        Outcome
        """
        return self._count(answer(instance, **self._limits(more)))

    def in_pairs(self, waiting: Iterable[_T]) -> Iterator[list[_T]]:
        """Take what is to be asked about two by two, as long as no limit is reached.

        Parameters
        ----------
        waiting : iterable
            Taken from only when a pair is due: a generator can leave out what is known by then.

        Yields
        ------
        list
            Two of them, or the last one.
        """
        left = iter(waiting)
        while not self.over and (pair := list(islice(left, _TOGETHER))):
            yield pair

    def ask_together(self, instances: Sequence[Instance], **more: Any) -> list[Outcome]:
        """Solve several questions, two at a time, each in a thread of its own; an interrupt ends them all.

        Parameters
        ----------
        instances : sequence of Instance
        **more
            As for :meth:`ask`, the same for all.

        Returns
        -------
        list of Outcome
            In the order of the questions; what came after an interrupt is unknown.
        """
        stop = Event()
        with ThreadPoolExecutor(_TOGETHER, "consortia inquiry") as threads:
            waiting = [
                threads.submit(lambda one: answer(one, stop=stop, **self._limits(more)), one) for one in instances
            ]
            outcomes = []
            for entry in waiting:
                while not entry.done():
                    try:
                        wait([entry], POLL)
                    except KeyboardInterrupt:
                        if stop.is_set():
                            raise
                        stop.set()
                outcomes.append(self._count(entry.result()))
                if self.interrupted:
                    stop.set()
        return outcomes

    def _limits(self, more: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is asked for, with the limits that hold unless it says otherwise."""
        limits = {"solver": self.solver, "effort_limit": self.effort_limit, "seed": self.seed}
        found = {**limits, "time_limit": self.left, **more}
        if not takes_hints(found["solver"]):
            found.pop("hint", None)
        return found

    def _count(self, outcome: Outcome) -> Outcome:
        """Count an answer, and tell that there is one."""
        self.asked += 1
        if outcome.stopped == "interrupted":
            self.interrupted = True
        self.ran_out = self.ran_out or outcome.stopped == "time"
        if self._on_step is not None and self._on_step(Step(self.seconds, self.asked, self.expected)) is True:
            self.interrupted = True
        return outcome
