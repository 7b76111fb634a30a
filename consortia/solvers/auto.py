"""Compositions: prices and a tree that prove, rounds of search that improve, one on each core.

``prices`` is the tree by itself, ``search`` the rounds by themselves (which prove something where CP-SAT does), ``auto``
both: one side raises the bound and
narrows what is open, the other lowers the cost, and each uses what the other has found. Small programs go straight
to CP-SAT, which needs a few milliseconds for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Literal

import highspy
import numpy as np
import ortools

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.program import Program
from consortia.solvers import cpsat
from consortia.solvers.branching import Tree
from consortia.solvers.contract import Abilities, Answer, Request, Verdict, refuse
from consortia.solvers.improving import Improver
from consortia.solvers.lagrangian import Box, Point, Relaxation, raised
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.record import Record
from consortia.solvers.reduction import Reduction, reduce

_SMALL = 400  # columns and entries up to which CP-SAT alone is quicker than anything that prepares
_RANKS = {"member": 3, "present": 3, "needed": 3, "seat": 2}  # what is branched on first; deliveries come after that
_NODES = 20  # before the first meeting with the other side
_NODES_OF_EFFORT = 50  # nodes that count as much as a unit of effort
_WORK = 2e9  # of raising multipliers at the root, in cells of knapsack tables
_RAISES = 100
_POLL = 0.02


class Strategy:
    """A composition of the tree and the rounds."""

    def __init__(self, name: Literal["auto", "prices", "search"]) -> None:
        self.name = name
        self._proves, self._improves = name != "search", name != "prices"
        self.abilities = Abilities(
            proof="exact",
            bound=True,
            hint=True,
            cutoff=True,
            gap=True,
            time_limit=True,
            effort_limit=True,
            progress=True,
            interruption=True,
        )

    def versions(self) -> dict[str, str]:
        """Versions of what is used."""
        from importlib.metadata import version

        return {"ortools": ortools.__version__, "highspy": version("highspy")}

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective.

        A unit of the effort limit is one of CP-SAT's deterministic seconds, or fifty nodes of the tree.
        """
        refuse(self, request)
        compiled = program.compile()
        if np.any(compiled.lower > compiled.upper):
            return Answer(Verdict.INFEASIBLE, proof="exact")
        if self.name == "auto" and len(compiled.data) + len(compiled.lower) <= _SMALL:
            return cpsat.search(compiled, replace(request, options={"workers": 1}))
        reduction = reduce(compiled, cutoff=request.cutoff)
        if reduction.infeasible:
            return self._nothing(compiled, request)
        if not len(reduction.columns):
            return self._settled(compiled, reduction, request)
        course = _Course(reduction, _ranks(program)[reduction.columns], request, self._proves, self._improves)
        course.run()
        return self._answer(compiled, reduction, course, request)

    def _settled(self, compiled: Compiled, reduction: Reduction, request: Request) -> Answer:
        """Answer where nothing is left to decide."""
        values = reduction.restore(np.zeros(0, dtype=np.int64))
        cost = compiled.cost(values)
        if len(compiled.violated(values)) or (request.cutoff is not None and cost > request.cutoff):
            return self._nothing(compiled, request)
        if request.on_progress is not None:
            request.on_progress(0.0, cost, cost)
        return Answer(Verdict.OPTIMAL, values, cost, "exact")

    def _nothing(self, compiled: Compiled, request: Request) -> Answer:
        if request.cutoff is None:
            return Answer(Verdict.INFEASIBLE, proof="exact")
        return Answer(Verdict.CUTOFF, bound=cpsat.next_cost(compiled, request.cutoff), proof="exact")

    def _answer(self, compiled: Compiled, reduction: Reduction, course: _Course, request: Request) -> Answer:
        record = course.record
        values = None if record.values is None else reduction.restore(record.values)
        if record.closed and values is None:
            return self._nothing(compiled, request)
        bound = None if record.bound is None else record.cost(record.bound)
        if values is None and request.cutoff is not None and bound is not None:
            bound = min(bound, cpsat.next_cost(compiled, request.cutoff))
        if record.proven and values is not None:
            return Answer(Verdict.OPTIMAL, values, bound, "exact")
        verdict = Verdict.UNKNOWN if values is None else Verdict.FEASIBLE
        return Answer(verdict, values, bound, "exact" if bound is not None else None, course.stopped())


auto, prices, search = (partial(Strategy, name) for name in ("auto", "prices", "search"))


def _ranks(program: Program) -> Integers:
    ranks = np.zeros(program.width, dtype=np.int64)
    for block in program.column_blocks:
        ranks[block.start : block.stop] = _RANKS.get(block.tag.kind, 0)
    return ranks


class _Course:
    """One run on a reduced program."""

    def __init__(
        self, reduction: Reduction, ranks: Integers, request: Request, proves: bool, improves: bool
    ) -> None:
        self.request = request
        self.record = Record(reduction.compiled, request)
        self.ranks = ranks
        self.proves, self.improves = proves, improves
        # where only effort limits the search, the same question has the same answer
        patient = proves and improves and (request.effort_limit is not None or request.time_limit is None)
        self.improver = Improver(self.record, patient)
        self.nodes = 0
        self._failures: list[BaseException] = []
        if request.hint is not None and len(request.hint) == len(reduction.fixed):
            hinted = np.array([request.hint[column] for column in range(len(reduction.fixed))], dtype=np.int64)
            smaller = reduction.project(hinted)
            if smaller is not None:
                self.record.offer(smaller)

    def run(self) -> None:
        """Run both sides until one has the proof, or the limits are reached."""
        sides = [self._prove] * self.proves + [self.improver.run] * self.improves
        threads = [Thread(target=self._guarded, args=(side,), daemon=True) for side in sides]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not self.record.over:
            threads[0].join(_POLL)
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
        count = 1 if self.improves else 2
        programs = [LinearProgram(plain, record.halt, record.deadline) for _ in range(count)]
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
