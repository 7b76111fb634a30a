"""Compositions: prices and a tree that prove, rounds of search that improve, one on each core.

``prices`` is the tree by itself, ``search`` the rounds by themselves (which prove something where CP-SAT does),
``auto`` both: one side raises the bound and narrows what is open, the other lowers the cost, and each uses what the
other has found. Small programs go straight to CP-SAT, which needs a few milliseconds for them.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.program import Program
from consortia.solvers import cpsat, subsets
from consortia.solvers.contract import Abilities, Answer, Request, Verdict, refuse
from consortia.solvers.reduction import Part, Reduction, parts, reduce

if TYPE_CHECKING:
    from consortia.solvers.course import Course

Stopped = Literal["time", "effort", "interrupted"] | None

_SMALL = 400  # columns and entries up to which CP-SAT alone is quicker than anything that prepares
_RANKS = {
    "member": 3,
    "present": 3,
    "needed": 3,
    "waived": 3,
    "seat": 2,
}  # what is branched on first; deliveries come after that

_PREPARING = 0.25  # of the time limit

_version = cache(version)  # to look it up takes as long as to answer a small question


class Strategy:
    """A composition of the tree and the rounds."""

    def __init__(self, name: Literal["auto", "prices", "search"]) -> None:
        self.name: str = name
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
        return {name: _version(name) for name in ("ortools", "highspy")}

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective.

        A unit of the effort limit is one of CP-SAT's deterministic seconds, or fifty nodes of the tree.
        """
        refuse(self, request)
        deadline = request.deadline()
        compiled = program.compile()
        if np.any(compiled.lower > compiled.upper):
            return Answer(Verdict.INFEASIBLE, proof="exact")
        quick = _quick(compiled, request) if self.name == "auto" else None
        if quick is not None:
            return quick
        reduction = reduce(compiled, cutoff=request.cutoff, deadline=_share_of(deadline))
        if deadline is not None:  # on large programs it takes its time
            request = replace(request, time_limit=max(0.0, deadline - time.monotonic()))
        if reduction.infeasible:
            return _nothing(compiled, request)
        if not len(reduction.columns):
            return self._settled(compiled, reduction, request)
        if request.time_limit == 0 and not request.hint:
            return Answer(Verdict.UNKNOWN, stopped="time")
        ranks = _ranks(program)[reduction.columns]
        pieces = parts(reduction.compiled)
        if len(pieces) > 1:
            answer = self._apart(reduction.compiled, pieces, ranks, replace(request, hint=None))
        else:
            answer = self._whole(reduction, ranks, request)
        restored = None if answer.values is None else reduction.restore(answer.values)
        return replace(answer, values=restored, left_out=reduction)

    def _whole(self, reduction: Reduction, ranks: Integers, request: Request) -> Answer:
        """Answer a reduced program."""
        quick = _quick(reduction.compiled, replace(request, hint=None)) if self.name == "auto" else None
        if quick is not None:
            return quick
        from consortia.solvers.course import Course  # it brings HiGHS and scipy along, which small questions do without

        start, hint = None, dict(request.hint or {})
        if len(hint) == len(reduction.fixed):
            start = reduction.project(np.array([hint[column] for column in range(len(hint))], dtype=np.int64))
        sides = (self._proves, self._improves)
        course = Course(reduction.compiled, ranks, start, reduction.reduced_hint(hint), request, *sides)
        course.run()
        return self._answer(reduction.compiled, course, request)

    def _apart(self, whole: Compiled, pieces: list[Part], ranks: Integers, request: Request) -> Answer:
        """Answer parts that no row connects one after the other."""
        deadline, values, bound, verdict = request.deadline(), np.zeros_like(whole.lower), 0, Verdict.OPTIMAL
        stopped, known = None, True
        for piece in pieces:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            # where costs differ in sign, gaps that are small in the parts are not small in the whole
            asked = replace(request, time_limit=left, cutoff=None, on_progress=None, gap=Fraction(0))
            reduction = reduce(piece.compiled)
            if reduction.infeasible:
                return _nothing(whole, request)
            if len(reduction.columns):
                answer = self._whole(reduction, ranks[piece.columns][reduction.columns], asked)
                restored = None if answer.values is None else reduction.restore(answer.values)
                answer = replace(answer, values=restored)
            else:
                answer = self._settled(piece.compiled, reduction, asked)
            if answer.verdict is Verdict.INFEASIBLE:
                return _nothing(whole, request)
            if answer.values is None:
                verdict = Verdict.UNKNOWN
            else:
                values[piece.columns] = answer.values
                verdict = answer.verdict if verdict is Verdict.OPTIMAL else verdict
            known = known and answer.bound is not None
            bound += answer.bound or 0
            stopped = stopped or answer.stopped
        return self._together(whole, values, bound if known else None, verdict, stopped, request)

    def _together(
        self,
        whole: Compiled,
        values: Integers,
        bound: int | None,
        verdict: Verdict,
        stopped: Stopped,
        request: Request,
    ) -> Answer:
        """Put the answers of parts together."""
        cost = None if verdict is Verdict.UNKNOWN else whole.cost(values)
        if request.cutoff is not None:
            if bound is not None and bound > request.cutoff:
                return _nothing(whole, request)
            if cost is not None and cost > request.cutoff:
                verdict, cost = Verdict.UNKNOWN, None
        if request.on_progress is not None:
            request.on_progress(0.0, cost, bound)
        return Answer(verdict, None if cost is None else values, bound, None if bound is None else "exact", stopped)

    def _settled(self, compiled: Compiled, reduction: Reduction, request: Request) -> Answer:
        """Answer where nothing is left to decide."""
        values = reduction.restore(np.zeros(0, dtype=np.int64))
        cost = compiled.cost(values)
        if len(compiled.violated(values)) or (request.cutoff is not None and cost > request.cutoff):
            return _nothing(compiled, request)
        if request.on_progress is not None:
            request.on_progress(0.0, cost, cost)
        return Answer(Verdict.OPTIMAL, values, cost, "exact", left_out=reduction)

    def _answer(self, compiled: Compiled, course: Course, request: Request) -> Answer:
        record = course.record
        if record.closed and record.values is None:
            return _nothing(compiled, request)
        bound = None if record.bound is None else record.cost(record.bound)
        if record.values is None and request.cutoff is not None and bound is not None:
            bound = min(bound, cpsat.next_cost(compiled, request.cutoff))
        if record.proven and record.values is not None:
            return Answer(Verdict.OPTIMAL, record.values, bound, "exact")
        verdict = Verdict.UNKNOWN if record.values is None else Verdict.FEASIBLE
        return Answer(verdict, record.values, bound, "exact" if bound is not None else None, course.stopped())


def _share_of(deadline: float | None) -> float | None:
    """Return until when to prepare: on large programs it could take all the time there is."""
    now = time.monotonic()
    return None if deadline is None else now + _PREPARING * (deadline - now)


def _nothing(compiled: Compiled, request: Request) -> Answer:
    """Answer that there is no solution of interest."""
    if request.cutoff is None:
        return Answer(Verdict.INFEASIBLE, proof="exact")
    return Answer(Verdict.CUTOFF, bound=cpsat.next_cost(compiled, request.cutoff), proof="exact")


def _quick(compiled: Compiled, request: Request) -> Answer | None:
    """Answer what takes a few milliseconds; None where something has to be prepared."""
    answer = subsets.answer(compiled, request)
    if answer is not None and answer.values is not None and request.on_progress is not None:
        request.on_progress(0.0, compiled.cost(answer.values), answer.bound)
    if answer is None and len(compiled.data) + len(compiled.lower) <= _SMALL:
        answer = cpsat.search(compiled, request)
    return cpsat.glance(compiled, request) if answer is None else answer


auto, prices, search = (partial(Strategy, name) for name in ("auto", "prices", "search"))


def _ranks(program: Program) -> Integers:
    ranks = np.zeros(program.width, dtype=np.int64)
    for block in program.column_blocks:
        ranks[block.start : block.stop] = _RANKS.get(block.tag.kind, 0)
    return ranks
