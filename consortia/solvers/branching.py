"""A search tree of our own: branching on members first, with exact prices at each node.

A node is a box of column bounds. Its linear relaxation gives multipliers; those are evaluated in integers
(:mod:`consortia.solvers.lagrangian`), prune the node or fix columns in it, and only their bound counts: rounding
errors of the linear solver can make the search longer, never wrong. Where capacities open knapsacks, the multipliers
that a node inherits are tried as well, and raised where that may prune it.

Nodes are taken best bound first, several at once, one for each linear solver; they are merged in their order, so
that the search is the same every time.

Members, and what says that a cluster or a value is present, are branched on before deliveries: once they are
settled the linear relaxation is nearly exact. On generated questions of 60 partners this takes a third of the nodes.
"""

from __future__ import annotations

import heapq
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from consortia.linear import Integers
from consortia.solvers.choosing import Gains, Seen, fraction
from consortia.solvers.contract import Answer, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.integer_highs import find, has_quantities
from consortia.solvers.lagrangian import Box, Floats, Point, Relaxation, raised
from consortia.solvers.linear_program import Basis, LinearProgram, Solved
from consortia.solvers.nodes import Node, Step, Visit
from consortia.solvers.plunging import plunge
from consortia.solvers.record import Record

_INTEGRAL = 1e-6
_RAISES = 25  # steps at a node
_EFFORT, _LEAST_EFFORT, _MOST_EFFORT = 0.4, 0.03, 2.0  # of CP-SAT in a box: more after a proof, less without one
_PLUNGE = 40  # nodes between plunges at first
_TINY = 300  # columns up to which the first nodes find solutions soon enough
_DIVE_EFFORT = 0.5  # of CP-SAT where members are as they are
_DIVE_NODES = 50  # of HiGHS there
_DIVES = 5  # fruitless ones at first; more for each that is not,
_DIVE_AGAIN = 50  # and one for so many nodes
_THREADS = 2
_LARGE, _EARLY = 30_000, 300  # entries of a linear program, and nodes
_ABREAST, _ABREAST_EARLY, _ABREAST_LARGE = 8, 4, 2  # nodes: more than cores, as some take much longer
_NARROWER = 0.8  # share of the columns of the linear programs that are left, from which they are made anew
_SURE = 1e-7  # by which share the linear relaxation has to be above what is of interest to end early
_SLOW = 0.3  # how much of the gap one raise is expected to close at best, before it is known


class Tree:
    """Branch and bound over boxes.

    Parameters
    ----------
    record : Record
        Receives solutions and bounds.
    relaxation : Relaxation
    program : LinearProgram
        Solved for `box`.
    rank : array, one a column
        Columns of the highest rank are branched on first.
    box : pair of arrays
        Where to search.
    root : Point
        Certified for `box`.
    """

    def __init__(
        self,
        record: Record,
        relaxation: Relaxation,
        program: LinearProgram,
        rank: Integers,
        box: Box,
        root: Point,
    ) -> None:
        self.record, self.relaxation, self.rank = record, relaxation, rank
        self.box, self.root = box, root
        self.programs = [program]
        """One for each node that is visited before they are merged."""
        none, width = np.zeros(0, dtype=np.int64), len(rank)
        prices = root.multipliers / relaxation.scale
        self.open = [Node(root.bound, 0, none.astype(np.int32), none, none, prices, None, 2 * width)]
        self.nodes = 0
        self._gains = Gains(rank)
        self._lift = 0.0  # what raising has added to a bound lately, in the units of the relaxation
        self._known: int | None = None
        self._made = 0
        self._dives, self._effort = _DIVES, _EFFORT
        self._next_plunge, self._pause = (0 if width > _TINY else _PLUNGE), _PLUNGE

    @property
    def bound(self) -> int | None:
        """The least objective that open nodes leave possible; None when none is open."""
        return -(-self.open[0].bound // self.relaxation.scale) if self.open else None

    def run(self, nodes: int | None = None) -> bool:
        """Visit up to so many nodes; tell whether the search is complete."""
        record = self.record
        with ThreadPoolExecutor(_THREADS) as pool:
            while self.open and not record.over and (nodes is None or nodes > 0):
                self._renew()
                if self.nodes >= self._next_plunge:
                    self._plunge()
                    self._renew()
                batch = self._pop()
                if not batch:
                    break
                visits = list(pool.map(self._visit, batch, self.programs))
                self.nodes += len(batch)
                self._dives += self.nodes % _DIVE_AGAIN < len(batch)
                nodes = None if nodes is None else nodes - len(batch)
                for visit in visits:
                    self._merge(visit)
                if self.open:
                    record.raise_bound(self.bound)  # type: ignore[arg-type]
        return not self.open

    def _plunge(self) -> None:
        """Follow the linear relaxation from the best open node until the first columns are settled, and try that."""
        record, first = self.record, self.rank == self.rank.max()
        best = self.open[0]
        solved = plunge(self.programs[0], self._box(best), best.basis, first, lambda: record.over)
        better = False
        if solved is not None and not record.over:
            values = self._completed(self._rounded(solved, self.box), record.most)
            better = values is not None and record.offer(values)
        self._pause = _PLUNGE if better else 2 * self._pause
        self._next_plunge = self.nodes + self._pause

    def _rounded(self, relaxed: Floats, box: Box) -> Box:
        """Return the box in which the first columns are as in a relaxation, rounded."""
        first, values = self.rank == self.rank.max(), np.clip(np.rint(relaxed).astype(np.int64), *box)
        return np.where(first, values, box[0]), np.where(first, values, box[1])

    def _completed(self, box: Box, most: int | None) -> Integers | None:
        """Look for a solution with an objective of at most `most` where the first columns are settled."""
        record = self.record
        if has_quantities(record.compiled):
            program = replace(record.compiled, lower=box[0], upper=box[1])
            return find(program, most, _DIVE_NODES, record.request.seed, lambda: record.over)[0]
        return self._exact(*box, most, _DIVE_EFFORT).values

    def _renew(self) -> None:
        """Tighten the box of the root when a better solution is known, and the linear programs with it."""
        most = self.record.most
        if most is not None and most != self._known:
            self._known = most
            self.box = self.relaxation.tightened(self.root, most, self.box)
            self.record.narrow(*self.box)
            free = int((self.box[0] < self.box[1]).sum())
            if free < _NARROWER * len(self.programs[0].columns):
                self.programs = [program.within(self.box) for program in self.programs]

    def _pop(self) -> list[Node]:
        record = self.record
        most, scale = record.most, self.relaxation.scale
        batch: list[Node] = []
        abreast = self._abreast()
        if record.objective is None and self.open:
            # until there is a solution, the newest node is the nearest to one
            newest = max(self.open, key=lambda node: node.number)
            self.open.remove(newest)
            heapq.heapify(self.open)
            batch.append(newest)
        while self.open and len(batch) < abreast:
            if most is not None and self.open[0].bound > most * scale:
                self.open.clear()
                break
            batch.append(heapq.heappop(self.open))
        self.programs += [self.programs[0].apart() for _ in range(len(batch) - len(self.programs))]
        return batch

    def _abreast(self) -> int:
        """How many nodes are visited before they are merged; few as long as they can learn from each other."""
        if self.programs[0].entries > _LARGE:
            return _ABREAST_LARGE
        return _ABREAST_EARLY if self.nodes < _EARLY else _ABREAST

    def _box(self, node: Node) -> Box:
        lower, upper = self.box[0].copy(), self.box[1].copy()
        lower[node.columns] = np.maximum(lower[node.columns], node.lower)
        upper[node.columns] = np.minimum(upper[node.columns], node.upper)
        if node.step is not None and node.step.up:
            lower[node.step.column] = max(lower[node.step.column], node.step.floor + 1)
        elif node.step is not None:
            upper[node.step.column] = min(upper[node.step.column], node.step.floor)
        return lower, upper

    def _visit(self, node: Node, program: LinearProgram) -> Visit:
        """Solve a node, and again where trials have narrowed it so far that nothing else was found to branch on."""
        box, basis = self._box(node), node.basis
        seen: tuple[Seen, ...] = ()
        while True:
            visit = self._solved(node, box, program, basis)
            if visit.empty or visit.solved.ending == "stopped":
                return replace(visit, seen=seen)
            trier = program if self._can_try(visit.solved) else None
            choice = self._gains.choose(visit.solved, visit.box, trier, self._refuted)
            seen += choice.seen
            if np.any(choice.box[0] > choice.box[1]):
                return replace(visit, box=choice.box, seen=seen, empty=True)
            if choice.column >= 0 or choice.box is visit.box:
                return replace(visit, box=choice.box, seen=seen, column=choice.column)
            box, basis = choice.box, visit.solved.basis

    def _can_try(self, solved: Solved) -> bool:
        """Whether trials before branching are worth their time."""
        return True

    def _refuted(self, solved: Solved, box: Box) -> bool:
        """Whether prices prove that nothing of interest is in a box."""
        if solved.ending == "infeasible":
            point = self.relaxation.point(solved.prices, box, toll=0)
            return point is not None and point.bound > 0
        most = self._known
        if most is None or solved.objective <= most:
            return False
        point = self.relaxation.point(solved.prices, box)
        return point is not None and point.bound > most * self.relaxation.scale

    def _solved(self, node: Node, box: Box, program: LinearProgram, basis: Basis | None) -> Visit:
        relaxation, most = self.relaxation, self._known
        if np.any(box[0] > box[1]):
            return Visit(node, box, Solved("infeasible", np.zeros(0), np.zeros(0), np.inf, 0), None, True)
        solved = program.solve(*box, basis, beyond=None if most is None else most + _SURE * max(1, abs(most)))
        if solved.ending == "beyond":
            if self._refuted(solved, box):
                return Visit(node, box, solved, None, True)
            solved = program.solve(*box, basis)
        if solved.ending == "stopped":
            return Visit(node, box, solved, None)
        if solved.ending == "infeasible":
            return Visit(node, box, solved, None, self._refuted(solved, box))
        point, lift = relaxation.point(solved.prices, box), None
        if len(relaxation.blocks.row) and point is not None:
            point, lift = self._priced(node, point, box, most)
        if point is not None and most is not None:
            box = relaxation.tightened(point, most, box)
        visit = Visit(node, box, solved, point, bool(np.any(box[0] > box[1])), lift=lift)
        return visit if visit.empty else self._finish(visit, most)

    def _finish(self, visit: Visit, most: int | None) -> Visit:
        """Once the first columns are settled, let an exact solver try: as they are, and then the whole box."""
        lower, upper = visit.box
        values, first = visit.solved.values, self.rank == self.rank.max()
        if np.any(first & (lower < upper) & (fraction(values) > _INTEGRAL)):
            return replace(visit, tried=visit.node.tried)
        found = []
        if self._dives > 0:
            completed = self._completed(self._rounded(values, visit.box), most)
            if completed is not None:
                found.append(completed)
                most = int(self.record.compiled.objective @ completed) - 1
        count = int((lower < upper).sum())
        if 2 * count > visit.node.tried:
            return replace(visit, tried=visit.node.tried, found=tuple(found), dived=self._dives > 0)
        answer = self._exact(lower, upper, most, self._effort)
        if answer.values is not None:
            found.append(answer.values)
        visit = replace(visit, tried=count, found=tuple(found), dived=self._dives > 0)
        if answer.verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE, Verdict.CUTOFF):
            return replace(visit, empty=True)
        bound = None if answer.bound is None else self.record.objective_of(answer.bound) * self.relaxation.scale
        return replace(visit, bound=bound)

    def _exact(self, lower: Integers, upper: Integers, most: int | None, effort: float) -> Answer:
        program = replace(self.record.compiled, lower=lower, upper=upper).folded()
        return search(program, self.record.inner(effort, most))

    def _priced(self, node: Node, point: Point, box: Box, most: int | None) -> tuple[Point, int | None]:
        """Try inherited multipliers, and raise the better ones where that may prune the node; by how much."""
        relaxation = self.relaxation
        linear = point.bound
        if node.prices is not None:
            other = relaxation.point(node.prices, box)
            if other is not None and other.bound > point.bound:
                point = other
        if most is None or point.bound > most * relaxation.scale:
            return point, None
        gap = (most + 1) * relaxation.scale - point.bound
        if gap <= max(2 * self._lift, _SLOW * abs(linear) * 1e-3):
            better = raised(relaxation, point, most + 1, box, _RAISES, lambda: self.record.over)
            return better, better.bound - point.bound
        return point, None

    def _merge(self, visit: Visit) -> None:
        """Learn from a visit, and open its children."""
        node, record = visit.node, self.record
        if visit.solved.ending == "stopped":
            heapq.heappush(self.open, node)
            return
        if visit.solved.ending == "optimal":
            record.relaxed = visit.solved.values
        self._learn(visit)
        if visit.lift is not None:
            self._lift = 0.9 * self._lift + 0.1 * visit.lift
        better = [record.offer(values) for values in visit.found]
        if visit.tried < node.tried:  # an exact solver has tried
            changed = self._effort * (1.3 if visit.empty else 0.7)
            self._effort = min(max(changed, _LEAST_EFFORT), _MOST_EFFORT)
        if visit.dived:
            self._dives += 2 if any(better) else -1
        if visit.empty:
            return
        proven = (node.bound, visit.bound, None if visit.point is None else visit.point.bound)
        bound = max(found for found in proven if found is not None)
        most, scale = record.most, self.relaxation.scale
        if most is not None and bound > most * scale:
            return
        values = visit.solved.values
        if len(values):
            rounded = np.rint(values).astype(np.int64)
            if np.abs(values - rounded).max(initial=0) <= _INTEGRAL:
                record.offer(np.clip(rounded, *visit.box))
                most = record.most
                if most is not None and bound > most * scale:
                    return
        if visit.column >= 0:
            self._branch(visit, bound, visit.column)
        elif not self._settled(visit):
            raise AssertionError("a box of one point is a solution or is refuted")

    def _settled(self, visit: Visit) -> bool:
        """A box with a single point: offer it."""
        self.record.offer(visit.box[0].copy())
        return bool(np.all(visit.box[0] == visit.box[1]))

    def _learn(self, visit: Visit) -> None:
        """Note what the branching that led here gained, and what trials did."""
        for seen in visit.seen:
            self._gains.learn(seen)
        step, solved = visit.node.step, visit.solved
        if step is not None:
            known = solved.ending in ("optimal", "beyond")
            gain = solved.objective - step.objective if known else 2 * self._gains.average(step.up)
            self._gains.learn(Seen(step.column, step.up, gain / step.distance))

    def _branch(self, visit: Visit, bound: int, column: int) -> None:
        lower, upper = visit.box
        values = visit.solved.values
        at = float(values[column]) if len(values) else (lower[column] + upper[column]) / 2
        floor = int(min(max(np.floor(at), lower[column]), upper[column] - 1))
        # both children share these
        columns = np.flatnonzero((lower > self.box[0]) | (upper < self.box[1])).astype(np.int32)
        above = (columns, lower[columns], upper[columns])
        prices = None
        if visit.point is not None and len(self.relaxation.blocks.row):
            prices = visit.point.multipliers / self.relaxation.scale
        inherited = (visit.solved.basis, visit.tried)
        for up in (False, True):
            self._made += 1
            distance = max(floor + 1 - at if up else at - floor, 1e-3)
            step = Step(column, floor, up, distance, visit.solved.objective)
            heapq.heappush(self.open, Node(bound, self._made, *above, prices, *inherited, step))
