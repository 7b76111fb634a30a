"""What several searches of one program know together: the best solution, the best bound, what is still open."""

from __future__ import annotations

import time
from threading import Event, Lock

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.contract import Request
from consortia.solvers.lagrangian import Box, Floats

_FEW = 3


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
    closed : bool
        Proven that there is no solution of interest that is better.
    box : pair of arrays
        Column bounds that lose no solution of interest that is better.
    prices : array or None
        The best multipliers of rows known.
    charges : array or None
        Reduced costs in the linear relaxation of the root, zero where a column has a part in its solution.
    relaxed : array or None
        Values of the latest linear relaxation.
    halt : Event
        Set when everybody is to stop.
    """

    def __init__(self, compiled: Compiled, request: Request) -> None:
        self.compiled = compiled
        self.request = request
        self.values: Integers | None = None
        self.objective: int | None = None
        self.bound: int | None = None
        self.closed = False
        self.box: Box = (compiled.lower, compiled.upper)
        self.prices: Floats | None = None
        self.charges: Floats | None = None
        self.relaxed: Floats | None = None
        self.halt = Event()
        self._lock = Lock()
        self._started = time.monotonic()
        self.deadline = request.deadline()
        """On the clock of `time.monotonic`."""

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
        """Take a proven bound on what is of interest if it is better."""
        with self._lock:
            most = self.most
            if most is not None and bound > most:
                self.closed, bound = True, most + 1
            if self.bound is not None and bound <= self.bound:
                return
            self.bound = bound
        self._tell()

    def close(self) -> None:
        """Take it as proven that nothing of interest is better."""
        self.closed = True
        if self.most is not None:
            self.raise_bound(self.most + 1)

    @property
    def proven(self) -> bool:
        """Whether nothing is better, or nothing by more than the gap asked for."""
        objective, bound = self.objective, self.bound
        if self.closed or objective is None or bound is None:
            return self.closed
        cost = self.cost(objective)
        return cost - self.cost(bound) <= self.request.gap * abs(cost)

    @property
    def wide(self) -> bool:
        """Whether the best solution may still be far above the least one, or there is none.

        Far is more than a hundredth, and more than a few units: where costs are small integers, little is left to find.
        """
        objective, bound = self.objective, self.bound
        return objective is None or bound is None or objective - bound > max(_FEW, abs(objective) // 100)

    @property
    def over(self) -> bool:
        """Whether to stop: told to, out of time, or done."""
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return late or self.halt.is_set() or self.request.stop.is_set() or self.proven

    @property
    def seconds_left(self) -> float | None:
        """Until the deadline."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def inner(self, effort: float | None, most: int | None) -> Request:
        """Return the request for a solver that is to find an objective of at most `most`, or to prove there is none."""
        return Request(
            time_limit=self.seconds_left,
            effort_limit=effort,
            cutoff=None if most is None else self.cost(most),
            seed=self.request.seed,
            stop=self.halt,
            options={"workers": 1},
        )

    def cost(self, objective: int) -> int:
        """Cost of an objective."""
        return self.compiled.divisor * objective + self.compiled.constant

    def objective_of(self, cost: int) -> int:
        """Return the least objective whose cost is at least this."""
        return -(-(cost - self.compiled.constant) // self.compiled.divisor)

    def narrow(self, lower: Integers, upper: Integers) -> None:
        """Note column bounds that lose nothing of interest."""
        self.box = (np.maximum(self.box[0], lower), np.minimum(self.box[1], upper))

    def _tell(self) -> None:
        tell = self.request.on_progress
        if tell is not None:
            costs = (None if units is None else self.cost(units) for units in (self.objective, self.bound))
            tell(time.monotonic() - self._started, *costs)
