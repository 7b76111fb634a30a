"""One run on a reduced program: the tree and the rounds beside it, or CP-SAT alone where that proves more.

Where many rows are enforced, or the linear relaxation turns out to be far from the best solution, CP-SAT with all its
workers gets a look at the whole. If its bound is above that of the tree then, it goes on alone: the tree needs
relaxations that are nearly exact, and CP-SAT needs all cores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Literal

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.branching import Tree
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.improving import Improver
from consortia.solvers.lagrangian import Point, Relaxation, raised
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.pattern_program import PatternProgram
from consortia.solvers.pattern_tree import PatternTree
from consortia.solvers.record import Record
from consortia.solvers.shrinking import Shrinking
from consortia.solvers.strengthening import strengthened

_NODES = 20  # before the first meeting with the other side
_NODES_OF_EFFORT = 50  # nodes that count as much as a unit of effort
_WORK = 2e9  # of raising multipliers at the root, in cells of knapsack tables
_RAISES = 100
_LOOK = 4.0  # effort of CP-SAT's look
_RULED = 0.02  # share of enforced rows from which it has one before anything else
_FAR = 0.05  # how far the tree may be below the best solution, as a share of it, before CP-SAT has one
_LEGIBLE = 30_000  # entries beyond which it has none
_MEETINGS = 4  # on a large program before a tree begins, which may not see its first node for minutes
_POLL = 0.02


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
        self.ranks, self._hint = ranks, hint
        self.proves, self.improves = proves, improves
        # where only effort limits the search, the same question has the same answer
        self.patient = proves and improves and (request.effort_limit is not None or request.time_limit is None)
        self.improver = Improver(self.record, ranks, hint, self.patient, proves)
        self.nodes = 0
        self._seen: int | None = None  # the bound of CP-SAT's last look
        self._legible = len(compiled.data) <= _LEGIBLE and not self.improver.has_local
        self._failures: list[BaseException] = []
        if start is not None:
            self.record.offer(start)

    def run(self) -> None:
        """Run until there is a proof, or the limits are reached."""
        both = self.proves and self.improves
        if both and self._legible and _is_ruled(self.record.compiled):
            self._run([partial(self._look, _LOOK)])
        if not self.record.over and not self._spent():
            self._run([self._prove] * self.proves + [self.improver.run] * self.improves)
        self.record.halt.set()

    def _run(self, sides: list[Callable[[], None]]) -> None:
        threads = [Thread(target=self._guarded, args=(side,), daemon=True) for side in sides]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not self.record.over:
            self.record.halt.wait(_POLL)
        if self.record.over:
            self.record.halt.set()
            self.improver.retire()
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
        return limit is not None and self._effort >= limit

    @property
    def _effort(self) -> float:
        return self.nodes / _NODES_OF_EFFORT + self.improver.effort

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
        if self.improver.large and self._prove_large():
            record.halt.set()
            return
        tree = self._tree()
        nodes = _NODES
        while not record.over and not self._spent():
            proven = None if tree is None else tree.bound
            if self._seen is None and (tree is None or self.nodes) and self._is_far(proven):
                self._look(_LOOK)
            if self._seen is not None and (proven is None or self._seen > proven):
                self.improver.retire()
                self._look(None)
                break
            if tree is not None:
                left = nodes if limit is None else min(nodes, max(1, int((limit - self._effort) * _NODES_OF_EFFORT)))
                if tree.run(left):
                    record.close()
                    break
                self.nodes = tree.nodes
                nodes = nodes * 3 // 2
            if self.improves and self.patient:
                self.improver.meet()
            elif tree is None:
                return  # the other side goes on
        record.halt.set()

    def _prove_large(self) -> bool:
        """Price a large program and prove what that leaves open; tell whether that is all that is to be done."""
        record, asked = self.record, self.request
        shrinking = Shrinking(record, self.ranks, self._within)
        shrinking.price()
        limited = asked.time_limit is not None or asked.effort_limit is not None
        meetings = 0
        while self.improves and not record.over and not self._spent() and (limited or meetings < _MEETINGS):
            left = None if asked.effort_limit is None else max(0.0, asked.effort_limit - self._effort)
            if shrinking.shrink(replace(asked, effort_limit=left), self.improver.retire):
                return True
            self.improver.meet() if self.patient else self.improver.help()
            meetings += 1
        return record.over or (self.improves and limited)

    def _within(self, compiled: Compiled, ranks: Integers, request: Request) -> Record:
        """Run another course on what is left of a large program."""
        course = Course(compiled, ranks, None, {}, request, True, True)
        course.run()
        self.improver.effort += course._effort
        return course.record

    def _is_far(self, proven: int | None) -> bool:
        """Whether what the tree has proven is far from what is of interest, although there was a round of search."""
        most = self.record.most
        if not self.improves or not self.improver.effort or not self._legible:
            return False
        return proven is None or most is None or most - proven > _FAR * abs(most)

    def _look(self, effort: float | None) -> None:
        """Let CP-SAT with all its workers try the whole program."""
        record, asked = self.record, self.request
        if asked.effort_limit is not None:
            left = max(0.0, asked.effort_limit - self._effort)
            effort = left if effort is None else min(effort, left)
        hint = self._hint if record.values is None else dict(enumerate(record.values.tolist()))

        def tell(seconds: float, best: int | None, bound: int | None) -> None:
            # it is the answer that proves: until then the bound stays at what a better solution may have
            if bound is not None and not (self.patient and asked.gap):
                units = record.objective_of(bound)
                record.raise_bound(units if record.most is None else min(units, record.most))

        request = replace(record.inner(effort, None), cutoff=asked.cutoff, gap=asked.gap, options={})
        answer = search(record.compiled, replace(request, hint=hint or None, on_progress=tell), record.offer)
        self.improver.effort += effort or 0.0
        if answer.values is not None:
            record.offer(answer.values)
        if answer.verdict in (Verdict.INFEASIBLE, Verdict.CUTOFF):
            record.close()
        elif answer.bound is not None:
            self._seen = record.objective_of(answer.bound)
            record.raise_bound(self._seen)

    def _tree(self) -> Tree | None:
        """Price the root; None where the linear relaxation gives nothing."""
        record = self.record
        plain = record.compiled.without_literals()
        relaxation = Relaxation(plain)
        patterned = _is_patterned(relaxation)
        program = LinearProgram(plain, record.halt, record.deadline)
        program, solved = strengthened(program, record.box, lambda: record.over, patterned)
        if program.compiled is not plain:
            relaxation = Relaxation(program.compiled)
        if patterned:
            program = PatternProgram(relaxation, record)
            solved = program.solve(*record.box, solved.basis)
        if solved.ending == "infeasible":
            refuted = relaxation.point(solved.prices, toll=0)
            if refuted is not None and refuted.bound > 0:
                record.close()
                return None
        if solved.ending == "optimal":
            charges = relaxation.compiled.objective - relaxation.columns @ solved.prices
            record.relaxed = solved.values
            record.charges = np.where(solved.values > plain.lower + 1e-6, 0.0, charges)
        point = relaxation.point(solved.prices) or relaxation.point(np.zeros(len(relaxation.compiled.row_lower)))
        if point is None:
            return None
        record.raise_bound(relaxation.least_objective(point))
        if not patterned:
            point = self._raised(relaxation, point)
        record.prices = point.multipliers[: len(plain.row_lower)] / relaxation.scale
        record.raise_bound(relaxation.least_objective(point))
        kind = PatternTree if patterned else Tree
        return kind(record, relaxation, program, self.ranks, record.box, point)

    def _raised(self, relaxation: Relaxation, point: Point) -> Point:
        """Raise the multipliers of the root where knapsacks make that worthwhile."""
        cells = relaxation.blocks.knapsacks.cells
        if self.improves and cells * _RAISES > _WORK:
            self.improver.meet()  # that takes so long that a proof may have come by now
        target = self.record.objective
        if not cells or self.record.over:
            return point
        if target is None:  # a guess serves to set the pace
            target = int(relaxation.least_objective(point) * 1.02) + 1
        return raised(relaxation, point, target, None, min(_RAISES, int(_WORK / cells)), lambda: self.record.over)


def _is_patterned(relaxation: Relaxation) -> bool:
    """Whether most columns share the room of knapsacks: what these may take says nearly all then."""
    return 2 * len(relaxation.blocks.item) >= len(relaxation.compiled.lower) > 0


def _is_ruled(compiled: Compiled) -> bool:
    """Whether rows that hold only on conditions are many: the linear relaxation knows little of them."""
    enforced = int(np.count_nonzero(np.diff(compiled.literal_indptr)))
    return 0 < enforced >= _RULED * len(compiled.row_lower)
