"""A search tree whose nodes are priced by patterns of whole knapsacks: branch and price.

As long as openers are open, nodes have their linear relaxation, which is cheap; once it has settled them, or where
little is missing to prune a node, patterns give bounds that are nearly exact (:mod:`consortia.solvers.patterns`), and
say what to branch on. Where few patterns are left, all of them are enumerated and an exact solver chooses.

Sources: Savelsbergh 1997, "A branch-and-price algorithm for the generalized assignment problem"; Díaz and Fernández
2002, "A branch-and-price algorithm for the single source capacitated plant location problem"; Klose and Görtz 2007.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from consortia.linear import Integers
from consortia.solvers.branching import Tree
from consortia.solvers.contract import Answer, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.enumeration import enumerated
from consortia.solvers.lagrangian import Box, Point
from consortia.solvers.linear_program import Basis, LinearProgram, Solved
from consortia.solvers.nodes import Node, Visit
from consortia.solvers.pattern_program import Multipliers, PatternProgram
from consortia.solvers.reduction.bounds import propagate

_INTEGRAL = 1e-6
_PATTERNS = 3_000  # more of them are not chosen from
_WINDOW, _WINDOW_EFFORT = 0.0005, 0.2  # around the bound, as a share of it, in which solutions are looked for


class PatternTree(Tree):
    """Branch and price over boxes; its programs are of the kind :class:`PatternProgram`."""

    def _box(self, node: Node) -> Box:
        """Return the box of a node with what follows from rows."""
        lower, upper = super()._box(node)
        if node.step is None:
            return lower, upper
        reached = propagate(replace(self.relaxation.compiled, lower=lower, upper=upper))
        return (upper + 1, upper) if reached is None else (reached[0].lower, reached[0].upper)

    def _abreast(self) -> int:
        return 2  # each program has patterns of its own to find

    def _priced(self, node: Node, point: Point, box: Box, most: int | None) -> tuple[Point, int | None]:
        return point, None  # patterns leave nothing to raise

    def _completed(self, box: Box, most: int | None) -> Integers | None:
        """Follow patterns from a box whose openers are settled."""
        program = self.programs[0]
        reached = propagate(replace(self.relaxation.compiled, lower=box[0], upper=box[1]))
        if reached is None or not isinstance(program, PatternProgram):
            return None
        box = reached[0].lower, reached[0].upper
        solved = program.solve(*box)
        return program.dive(box, solved) if isinstance(solved.basis, Multipliers) else None

    def _finish(self, visit: Visit, most: int | None) -> Visit:
        return replace(visit, tried=visit.node.tried)

    def _can_try(self, solved: Solved) -> bool:
        return not isinstance(solved.basis, Multipliers)  # linear programs of children say less than patterns have

    def _solved(self, node: Node, box: Box, program: LinearProgram, basis: Basis | None) -> Visit:
        visit = super()._solved(node, box, program, basis)
        priced = isinstance(visit.solved.basis, Multipliers) and not visit.empty
        point = visit.point
        if not priced or point is None or not isinstance(program, PatternProgram) or self._is_loose(visit):
            return visit
        if self._dives > 0:
            visit = replace(self._dived(visit, point, program), dived=True)
        most = self._most(visit)
        return visit if most is None else self._chosen(visit, point, most)

    def _is_loose(self, visit: Visit) -> bool:
        """Whether a column of the highest rank is neither fixed nor integral."""
        values = visit.solved.values
        far = np.abs(values - np.rint(values)) > _INTEGRAL
        return bool(np.any(far & (visit.box[0] < visit.box[1]) & (self.rank == self.rank.max())))

    def _objective(self, values: Integers) -> int:
        return int(self.record.compiled.objective @ values)

    def _most(self, visit: Visit) -> int | None:
        """The greatest objective of interest after a visit."""
        found = [self._objective(values) - 1 for values in visit.found]
        return min([*found, *([] if self._known is None else [self._known])], default=None)

    def _dived(self, visit: Visit, point: Point, program: PatternProgram) -> Visit:
        """Look for solutions along patterns, and then a little above the bound of the node."""
        relaxation = self.relaxation
        values = program.dive(visit.box, visit.solved)
        if values is not None:
            visit = replace(visit, found=(*visit.found, values))
        bound, most = relaxation.least_objective(point), self._most(visit)
        window = bound + int(_WINDOW * abs(bound))
        window = window if most is None else min(window, most)
        box = relaxation.tightened(point, window, visit.box)
        if np.any(box[0] > box[1]):
            return visit
        choice = enumerated(relaxation, point, window, box, _PATTERNS)
        if choice is None:
            answer = self._exact(*box, most, _WINDOW_EFFORT)
            values = answer.values
        else:
            answer = search(choice.program, self.record.inner(_WINDOW_EFFORT, most))
            values = None if answer.values is None else choice.values(answer.values)
        proven = window + 1
        if values is not None:
            visit = replace(visit, found=(*visit.found, values))
            proven = min(proven, self._objective(values))
        return replace(visit, bound=proven * relaxation.scale) if _is_complete(answer) else visit

    def _chosen(self, visit: Visit, point: Point, most: int) -> Visit:
        """Where few patterns can be in a solution of interest, let an exact solver choose among them."""
        box = self.relaxation.tightened(point, most, visit.box)
        visit = replace(visit, box=box, empty=bool(np.any(box[0] > box[1])))
        count = int((box[0] < box[1]).sum())
        if visit.empty or 2 * count > visit.node.tried:
            return visit
        choice = enumerated(self.relaxation, point, most, box, _PATTERNS)
        if choice is None:
            return visit
        answer = search(choice.program, self.record.inner(self._effort, most))
        if answer.values is not None:
            visit = replace(visit, found=(*visit.found, choice.values(answer.values)))
        return replace(visit, tried=count, empty=_is_complete(answer))


def _is_complete(answer: Answer) -> bool:
    return answer.verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE, Verdict.CUTOFF)
