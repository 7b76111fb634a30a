"""One run of the tree and of the rounds beside it, on a reduced program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Thread
from typing import Literal

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.branching import Tree
from consortia.solvers.contract import Request
from consortia.solvers.improving import Improver
from consortia.solvers.lagrangian import Point, Relaxation, raised
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.record import Record

_NODES = 20  # before the first meeting with the other side
_NODES_OF_EFFORT = 50  # nodes that count as much as a unit of effort
_WORK = 2e9  # of raising multipliers at the root, in cells of knapsack tables
_RAISES = 100
_POLL = 0.02
_THREADS = 2  # nodes that are solved at the same time


class Course:
    """One run on a reduced program."""

    def __init__(
        self,
        compiled: Compiled,
        ranks: Integers,
        start: Integers | None,
        hint: Mapping[int, int],
        request: Request,
        proves: bool,
        improves: bool,
    ) -> None:
        self.request = request
        self.record = Record(compiled, request)
        self.ranks = ranks
        self.proves, self.improves = proves, improves
        # where only effort limits the search, the same question has the same answer
        patient = proves and improves and (request.effort_limit is not None or request.time_limit is None)
        self.improver = Improver(self.record, ranks, hint, patient, proves)
        self.nodes = 0
        self._failures: list[BaseException] = []
        if start is not None:
            self.record.offer(start)

    def run(self) -> None:
        """Run both sides until one has the proof, or the limits are reached."""
        sides = [self._prove] * self.proves + [self.improver.run] * self.improves
        threads = [Thread(target=self._guarded, args=(side,), daemon=True) for side in sides]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not self.record.over:
            self.record.halt.wait(_POLL)
        self.record.halt.set()
        for thread in threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def stopped(self) -> Literal["time", "effort", "interrupted"] | None:
        """Why it ended before a proof."""
        if self.request.stop.is_set():
            return "interrupted"
        if self._spent():
            return "effort"
        return "time" if self.request.time_limit is not None else None

    def _spent(self) -> bool:
        limit = self.request.effort_limit
        return limit is not None and self.nodes / _NODES_OF_EFFORT + self.improver.effort >= limit

    def _guarded(self, side: Callable[[], None]) -> None:
        try:
            side()
        except BaseException as failure:
            self._failures.append(failure)
            self.record.halt.set()

    def _prove(self) -> None:
        record, limit = self.record, self.request.effort_limit
        if self.improves:
            self.improver.meet()
        tree = self._tree()
        nodes = _NODES
        while not record.over and not self._spent():
            if tree is not None:
                left = nodes if limit is None else min(nodes, max(1, int(limit * _NODES_OF_EFFORT) - self.nodes))
                if tree.run(left):
                    record.close()
                    break
                self.nodes = tree.nodes
                nodes = nodes * 3 // 2
            if self.improves and self.improver.patient:
                self.improver.meet()
            elif tree is None:
                return  # the other side goes on
        record.halt.set()

    def _tree(self) -> Tree | None:
        """Price the root; None where the linear relaxation gives nothing."""
        record = self.record
        plain = record.compiled.without_literals()
        programs = [LinearProgram(plain, record.halt, record.deadline) for _ in range(_THREADS)]
        solved = programs[0].solve(*record.box)
        relaxation = Relaxation(plain)
        if solved.ending == "infeasible":
            refuted = relaxation.point(solved.prices, toll=0)
            if refuted is not None and refuted.bound > 0:
                record.close()
                return None
        if solved.ending == "optimal":
            charges = plain.objective - relaxation.columns @ solved.prices
            record.charges = np.where(solved.values > plain.lower + 1e-6, 0.0, charges)
        point = relaxation.point(solved.prices) or relaxation.point(np.zeros(len(plain.row_lower)))
        if point is None:
            return None
        record.raise_bound(relaxation.least_objective(point))
        point = self._raised(relaxation, point)
        record.prices = point.multipliers / relaxation.scale
        record.raise_bound(relaxation.least_objective(point))
        return Tree(record, relaxation, programs, self.ranks, record.box, point)

    def _raised(self, relaxation: Relaxation, point: Point) -> Point:
        """Raise the multipliers of the root where knapsacks make that worthwhile."""
        cells = relaxation.blocks.knapsacks.cells
        target = self.record.objective
        if not cells or self.record.over:
            return point
        if target is None:  # a guess serves to set the pace
            target = int(relaxation.least_objective(point) * 1.02) + 1
        return raised(relaxation, point, target, None, min(_RAISES, int(_WORK / cells)))
