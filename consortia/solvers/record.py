"""What several searches of one program know together: the best solution and the best bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.contract import Request


class Record:
    """Keeps the best solution and bound, and reports them; safe to use from any thread.

    Objectives here are ``compiled.objective @ values``, without divisor and constant.

    Parameters
    ----------
    compiled : Compiled
    request : Request
        Its cut-off limits what counts as a solution of interest.

    Attributes
    ----------
    values : array or None
    objective : int or None
        Of `values`.
    bound : int or None
        No solution has less, unless it has more than the cut-off.
    """

    def __init__(self, compiled: Compiled, request: Request) -> None:
        self.compiled = compiled
        self.request = request
        self.values: Integers | None = None
        self.objective: int | None = None
        self.bound: int | None = None
        self._lock = Lock()
        self._started = time.monotonic()
        self._deadline = request.deadline()

    @property
    def most(self) -> int | None:
        """The greatest objective that is still of interest: below the best known, within the cut-off."""
        if self.objective is not None:
            return self.objective - 1
        cutoff = self.request.cutoff
        return None if cutoff is None else (cutoff - self.compiled.constant) // self.compiled.divisor

    def offer(self, values: Integers) -> bool:
        """Take `values` if they are a better solution; tell whether they are."""
        objective = int(self.compiled.objective @ values)
        with self._lock:
            most = self.most
            if (most is not None and objective > most) or len(self.compiled.violated(values)):
                return False
            self.values, self.objective = values, objective
        self._tell()
        return True

    def raise_bound(self, bound: int) -> None:
        """Take a proven bound if it is better."""
        with self._lock:
            if self.bound is not None and bound <= self.bound:
                return
            self.bound = bound
        self._tell()

    @property
    def proven(self) -> bool:
        """Whether the bound has met the best solution, to within the gap asked for."""
        objective, bound, most = self.objective, self.bound, self.most
        if bound is None:
            return False
        if objective is None:
            return most is not None and bound > most
        cost, least = self._cost(objective), self._cost(bound)
        return cost - least <= self.request.gap * abs(cost)

    @property
    def over(self) -> bool:
        """Whether the time is up or somebody asked to stop."""
        late = self._deadline is not None and time.monotonic() >= self._deadline
        return late or self.request.stop.is_set()

    @property
    def seconds_left(self) -> float | None:
        """Until the deadline."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    @property
    def deadline(self) -> float | None:
        """On the clock of `time.monotonic`."""
        return self._deadline

    def inner(self, effort: float, **options: Any) -> Request:
        """Return the request for a solver that is to improve on what is known, or to prove that nothing does."""
        most = self.most
        return Request(
            time_limit=self.seconds_left,
            effort_limit=effort,
            cutoff=None if most is None else self._cost(most),
            seed=self.request.seed,
            stop=self.request.stop,
            options={"workers": 1, "subsolvers": ("max_lp", "reduced_costs"), **options},
        )

    def objective_of(self, cost: int) -> int:
        """Return the least objective whose cost is at least this."""
        return -(-(cost - self.compiled.constant) // self.compiled.divisor)

    def _cost(self, objective: int) -> int:
        return self.compiled.divisor * objective + self.compiled.constant

    def _tell(self) -> None:
        tell: Callable[[float, int | None, int | None], None] | None = self.request.on_progress
        if tell is not None:
            costs = (None if units is None else self._cost(units) for units in (self.objective, self.bound))
            tell(time.monotonic() - self._started, *costs)
