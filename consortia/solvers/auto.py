"""Compositions: prices and a tree that prove, rounds of search that improve, one on each core.

``prices`` is the tree by itself, ``search`` the rounds by themselves (which prove something where CP-SAT does),
``auto`` both: one side raises the bound and narrows what is open, the other lowers the cost, and each uses what the
other has found. Small programs go straight to CP-SAT, which needs a few milliseconds for them.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.program import Program
from consortia.solvers import cpsat
from consortia.solvers.contract import Abilities, Answer, Proof, Request, Verdict, refuse
from consortia.solvers.reduction import Reduction, reduce

if TYPE_CHECKING:
    from consortia.solvers.course import Course

_SMALL = 400  # columns and entries up to which CP-SAT alone is quicker than anything that prepares
_RANKS = {"member": 3, "present": 3, "needed": 3, "seat": 2}  # what is branched on first; deliveries come after that


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
        return {name: version(name) for name in ("ortools", "highspy")}

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective.

        A unit of the effort limit is one of CP-SAT's deterministic seconds, or fifty nodes of the tree.
        """
        refuse(self, request)
        compiled = program.compile()
        if np.any(compiled.lower > compiled.upper):
            return Answer(Verdict.INFEASIBLE, proof="exact")
        if self.name == "auto" and len(compiled.data) + len(compiled.lower) <= _SMALL:
            return cpsat.search(compiled, request)
        glance = cpsat.glance(compiled, request) if self.name == "auto" else None
        if glance is not None:
            return glance
        reduction = reduce(compiled, cutoff=request.cutoff)
        if reduction.infeasible:
            return self._nothing(compiled, request)
        if not len(reduction.columns):
            return self._settled(compiled, reduction, request)
        from consortia.solvers.course import Course  # it brings HiGHS and scipy along, which small questions do without

        course = Course(reduction, _ranks(program)[reduction.columns], request, self._proves, self._improves)
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
        return Answer(Verdict.OPTIMAL, values, cost, "exact", left_out=reduction)

    def _nothing(self, compiled: Compiled, request: Request) -> Answer:
        if request.cutoff is None:
            return Answer(Verdict.INFEASIBLE, proof="exact")
        return Answer(Verdict.CUTOFF, bound=cpsat.next_cost(compiled, request.cutoff), proof="exact")

    def _answer(self, compiled: Compiled, reduction: Reduction, course: Course, request: Request) -> Answer:
        record = course.record
        values = None if record.values is None else reduction.restore(record.values)
        if record.closed and values is None:
            return self._nothing(compiled, request)
        bound = None if record.bound is None else record.cost(record.bound)
        if values is None and request.cutoff is not None and bound is not None:
            bound = min(bound, cpsat.next_cost(compiled, request.cutoff))
        if record.proven and values is not None:
            return Answer(Verdict.OPTIMAL, values, bound, "exact", left_out=reduction)
        verdict = Verdict.UNKNOWN if values is None else Verdict.FEASIBLE
        grade: Proof | None = "exact" if bound is not None else None
        return Answer(verdict, values, bound, grade, course.stopped(), left_out=reduction)


auto, prices, search = (partial(Strategy, name) for name in ("auto", "prices", "search"))


def _ranks(program: Program) -> Integers:
    ranks = np.zeros(program.width, dtype=np.int64)
    for block in program.column_blocks:
        ranks[block.start : block.stop] = _RANKS.get(block.tag.kind, 0)
    return ranks
