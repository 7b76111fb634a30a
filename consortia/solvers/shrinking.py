"""Large programs: price them by sifting, and prove what prices leave open once a good solution is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.contract import Request
from consortia.solvers.lagrangian import Point, Relaxation
from consortia.solvers.record import Record
from consortia.solvers.reduction import Reduction, reduce
from consortia.solvers.sifting import Sifting

LARGE = 120_000
"""Entries beyond which CP-SAT takes longer to read a program than a round lasts, and HiGHS minutes for a node."""
_SMALL = 100_000  # entries up to which what is left is a program for tree and rounds
_STEADY = 0.01  # of the linear relaxation, by which it still falls when others learn of prices,
_TRUSTED, _NEARLY = 0.1, 0.002  # or which is open then, and at the end

Prove = Callable[[Compiled, Integers, Request], Record]


class Shrinking:
    """A large program under way to a small one.

    Parameters
    ----------
    record : Record
        Receives bounds, prices and charges, and what is found.
    ranks : array, one a column
    prove : callable
        Searches a small program within a request until there is a proof or a limit is reached.
    """

    def __init__(self, record: Record, ranks: Integers, prove: Prove) -> None:
        self.record, self._ranks, self._prove = record, ranks, prove
        self._relaxation = Relaxation(record.compiled.without_literals())
        self._best: Point | None = None
        self._tried: int | None = None

    def price(self) -> None:
        """Raise the bound, and let the other side know what is worth a look."""
        record, relaxation = self.record, self._relaxation
        sifting = Sifting(relaxation.compiled, self._ranks, record.halt, record.deadline)
        found, before = sifting.step(), np.inf
        while found is not None and not record.over:
            point, missing = relaxation.point(found.prices), np.inf
            if point is not None:
                record.raise_bound(relaxation.least_objective(point))
                missing = found.objective - point.bound / relaxation.scale
                if self._best is None or point.bound > self._best.bound:
                    self._best = point
            steady = before - found.objective <= _STEADY * abs(found.objective)
            if found.complete or (found.whole and (steady or missing <= _TRUSTED * abs(found.objective))):
                record.prices, record.charges = found.prices, found.charges
            if found.complete or (found.whole and missing <= _NEARLY * abs(found.objective)):
                return
            before = found.objective if found.whole else np.inf
            found = sifting.step()

    def shrink(self, request: Request, begin: Callable[[], None]) -> bool:
        """Prove what is left where prices and the best solution leave little open; tell whether that was so.

        Parameters
        ----------
        request : Request
            Its limits and its gap hold.
        begin : callable
            Called before a long search.
        """
        record, most = self.record, self.record.most
        if self._best is None or most is None or most == self._tried or record.over:
            return False
        self._tried = most
        record.narrow(*self._relaxation.tightened(self._best, most, record.box))
        lower, upper = record.box
        if np.any(lower > upper):
            record.close()
            return True
        narrowed = replace(record.compiled, lower=lower, upper=upper)
        reduction = reduce(narrowed, cutoff=record.cost(most), deadline=record.deadline)
        if reduction.infeasible:
            record.close()
            return True
        left = len(reduction.compiled.data)
        if left > _SMALL or 2 * left > len(record.compiled.data):
            return False
        begin()
        self._finish(reduction, most, request)
        return True

    def _finish(self, reduction: Reduction, most: int, request: Request) -> None:
        record = self.record
        if not len(reduction.columns):
            record.offer(reduction.restore(np.zeros(0, dtype=np.int64)))
            record.close()
            return

        def tell(seconds: float, best: int | None, bound: int | None) -> None:
            if bound is not None:
                record.raise_bound(min(record.objective_of(bound), most))

        asked = replace(
            request, time_limit=record.seconds_left, cutoff=record.cost(most), hint=None, on_progress=tell, options={}
        )
        found = self._prove(reduction.compiled, self._ranks[reduction.columns], asked)
        if found.values is not None:
            record.offer(reduction.restore(found.values))
        if found.closed:
            record.close()
        elif found.bound is not None:
            record.raise_bound(min(record.objective_of(found.cost(found.bound)), most + 1))
