"""The relaxation with whole knapsacks as a linear program: its columns are patterns, one of what a block may take.

Multipliers of the rows that are not kept in blocks bound the program by the least point of its blocks. The best of
these bounds is the optimum of a linear program over all patterns (Dantzig, Wolfe 1960), which grows by those that a
solve finds worth taking. Beside the best multipliers it gives a point, fractional as a rule, that says what to branch
on. Multipliers stay in a box around the best ones found, and are mixed with them before they are tried (du Merle,
Villeneuve, Desrosiers, Hansen 1999; Wentges 1997): otherwise they swing for a hundred solves before any bound rises.

Nothing that comes back is trusted: :meth:`Relaxation.point` turns multipliers into exact bounds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sparse

from consortia.linear import INFINITE, Integers
from consortia.solvers.lagrangian import Box, Floats, Point, Relaxation
from consortia.solvers.silent_highs import SilentHighs

_WIDTH, _WIDER, _WIDEST = 0.1, 3.0, 1e5  # of the box, as a share of the multipliers; where it binds it grows
_UNIT = 0.01  # what a multiplier may be at first, as a share of what a column costs, where none is known
_MIXED = 0.5  # how much of the best multipliers those that are tried have
_NEAR = 0.01  # how much of what is left to prove may stay open between the linear program and the bound
_NEARER = 1e-5  # the same as a share of the objective, where no solution is known
_TOLERANCE = 1e-6
_CROWDED = 6  # patterns for each row and block, beyond which the dearer half goes before the next solve
_STEPS = 2_000


@dataclass(frozen=True)
class Priced:
    """How generating patterns ended.

    Attributes
    ----------
    point : Point
        The best bound found.
    values : array, one a column
        A mixture of patterns that obeys the rows, or nearly so where it ended early.
    objective : float
        Of the linear program.
    steps : int
        Solves of it.
    """

    point: Point
    values: Floats
    objective: float
    steps: int


class Patterns:
    """The linear program over the patterns that have been found so far; for use by one thread at a time.

    Parameters
    ----------
    relaxation : Relaxation
    stop : Event
        Ends a solve early.
    deadline : float or None
        The same, on the clock of `time.monotonic`.
    """

    def __init__(self, relaxation: Relaxation, stop: Event, deadline: float | None) -> None:
        self.relaxation = relaxation
        self._stop, self._deadline = stop, deadline
        compiled, blocks = relaxation.compiled, relaxation.blocks
        self._count, width = len(blocks.row), len(compiled.lower)
        rows = np.ones(len(compiled.row_lower), dtype=bool)
        rows[relaxation.silent] = False
        self._rows = np.flatnonzero(rows)
        self._owner = np.full(width, -1, dtype=np.int64)
        self._owner[blocks.item] = blocks.knapsacks.owner
        has = blocks.opener >= 0
        self._owner[blocks.opener[has]] = np.flatnonzero(has)
        self._loose = np.flatnonzero(self._owner < 0)
        self._matrix = relaxation.matrix[self._rows].astype(float)
        self._known: set[bytes] = set()
        self._patterns = sparse.csr_array((0, width), dtype=np.float64)
        self._block = np.zeros(0, dtype=np.int64)
        self._unit = _UNIT * float(np.abs(compiled.objective).mean()) + _TOLERANCE if width else 0.0
        self._solver = self._loaded()

    @property
    def _first(self) -> int:
        """The place of the first pattern among the linear program's columns."""
        return len(self._loose) + 2 * len(self._rows)

    def _loaded(self) -> Any:
        """Return the linear program without patterns: loose columns, and for each row what it lacks and has too much.

        These make the box of the multipliers: what a row lacks costs the most that its multiplier may be.
        """
        compiled, loose, rows = self.relaxation.compiled, self._loose, self._rows
        solver = SilentHighs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("simplex_strategy", 0)  # primal after new patterns, dual after a change of bounds
        low = np.where(compiled.row_lower == -INFINITE, -highspy.kHighsInf, compiled.row_lower)[rows]
        high = np.where(compiled.row_upper == INFINITE, highspy.kHighsInf, compiled.row_upper)[rows]
        one = sparse.eye_array(len(rows))
        body = sparse.hstack([self._matrix[:, loose], one, -one])
        whole = sparse.vstack([body, sparse.csr_array((self._count, self._first))]).tocsr()
        infinite = np.full(2 * len(rows), highspy.kHighsInf)
        solver.passModel(
            self._first,
            len(rows) + self._count,
            whole.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate([compiled.objective[loose], np.zeros(2 * len(rows))]).astype(float),
            np.concatenate([compiled.lower[loose], np.zeros(2 * len(rows))]).astype(float),
            np.concatenate([compiled.upper[loose], infinite]).astype(float),
            np.concatenate([low, np.zeros(self._count)]).astype(float),
            np.concatenate([high, np.ones(self._count)]).astype(float),
            whole.indptr.astype(np.int32),
            whole.indices.astype(np.int32),
            whole.data.astype(float),
            np.zeros(self._first, dtype=np.int32),
        )
        return solver

    def take(self, values: Integers) -> bool:
        """Let what each block takes in `values` join; tell whether any of it is new."""
        taken = np.flatnonzero((self._owner >= 0) & (values > 0))
        taken = taken[np.argsort(self._owner[taken], kind="stable")]
        cuts = np.flatnonzero(np.diff(self._owner[taken])) + 1
        fresh = []
        for pattern in np.split(taken, cuts) if len(taken) else ():
            key = pattern.tobytes()
            if key not in self._known:
                self._known.add(key)
                fresh.append(pattern)
        if fresh:
            lengths = np.array([len(pattern) for pattern in fresh])
            ends = np.concatenate([[0], np.cumsum(lengths)])
            shape = (len(fresh), len(self._owner))
            self._join(sparse.csr_array((np.ones(ends[-1]), np.concatenate(fresh), ends), shape=shape))
        return bool(fresh)

    def _join(self, patterns: Any) -> None:
        """Add rows of `patterns` as columns."""
        count = patterns.shape[0]
        block = self._owner[patterns.indices[patterns.indptr[:-1]]]
        whole = sparse.vstack(
            [
                self._matrix @ patterns.T,
                sparse.csr_array((np.ones(count), (block, np.arange(count))), shape=(self._count, count)),
            ]
        ).tocsc()
        self._solver.addCols(
            count,
            patterns @ self.relaxation.compiled.objective.astype(float),
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            whole.nnz,
            whole.indptr[:-1].astype(np.int32),
            whole.indices.astype(np.int32),
            whole.data,
        )
        self._patterns = sparse.vstack([self._patterns, patterns]).tocsr()
        self._block = np.concatenate([self._block, block])

    def solve(self, box: Box, prices: Floats, most: int | None) -> Priced | None:
        """Generate patterns within `box` until the bound is as good as it gets, or above `most`.

        Parameters
        ----------
        box : pair of arrays
            Column bounds within the program's own.
        prices : array, one a row
            Multipliers to start from.
        most : int or None
            The greatest objective that is of interest.

        Returns
        -------
        Priced or None
            None if the box leaves a block no pattern, if multipliers are too large, or HiGHS failed.
        """
        relaxation = self.relaxation
        best = relaxation.point(prices, box)
        if best is None or self._overfull(box):
            return None
        self._thin(best)
        self._confine(box)
        self.take(best.values)
        width, steps, found = _WIDTH, 0, None
        self._centre(best, width)
        while steps < _STEPS and not self._late():
            self._run()
            steps += 1
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            objective = float(self._solver.getInfo().objective_function_value)
            found = self._solver.getSolution()
            if most is not None and best.bound > most * relaxation.scale:
                break
            at_best, fresh = best, False
            if objective - best.bound / relaxation.scale > self._near(best, most):
                best, fresh = self._tried(best, box, np.array(found.row_dual))
            if best is at_best and not fresh:
                if width > _WIDEST or not self._bound_by_box(found):
                    break
                width *= _WIDER
            if best is not at_best or not fresh:
                self._centre(best, width)
        if found is None:
            return None
        return Priced(best, self._mixture(np.array(found.col_value)), objective, steps)

    def _overfull(self, box: Box) -> bool:
        """Whether some block is closed, or has no room, for what has to be in it."""
        blocks, has = self.relaxation.blocks, self.relaxation.blocks.opener >= 0
        inside = box[0][blocks.item]
        load = np.bincount(blocks.knapsacks.owner, inside * blocks.knapsacks.weight, minlength=self._count)
        shut = np.zeros(self._count, dtype=bool)
        shut[has] = box[1][blocks.opener[has]] == 0
        return bool(np.any(load > np.where(shut, 0, blocks.knapsacks.capacity)))

    def _run(self) -> None:
        if self._deadline is not None:
            left = max(0.0, self._deadline - time.monotonic())
            self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        self._solver.run()

    def _late(self) -> bool:
        return self._stop.is_set() or (self._deadline is not None and time.monotonic() >= self._deadline)

    def _near(self, best: Point, most: int | None) -> float:
        """How far the bound may stay below the linear program."""
        bound = best.bound / self.relaxation.scale
        enough = _NEARER * abs(bound) if most is None else _NEAR * max(most + 1 - bound, 0.0)
        return max(enough, _TOLERANCE, 1e-9 * abs(bound))

    def _tried(self, best: Point, box: Box, duals: Floats) -> tuple[Point, bool]:
        """Try multipliers between the best ones and those of the linear program; tell whether patterns have joined."""
        relaxation = self.relaxation
        prices = np.zeros(len(best.multipliers))
        prices[self._rows] = duals[: len(self._rows)]
        mixed = _MIXED
        while True:
            point = relaxation.point(mixed * (best.multipliers / relaxation.scale) + (1 - mixed) * prices, box)
            if point is None:
                return best, False
            fresh = self.take(point.values)
            if point.bound > best.bound:
                return point, fresh
            if fresh or mixed == 0:
                return best, fresh
            mixed = 0.0

    def _bound_by_box(self, found: Any) -> bool:
        """Whether the solution uses what rows lack or have too much: then the box binds."""
        return bool(sum(found.col_value[len(self._loose) : self._first]) > _TOLERANCE)

    def _centre(self, best: Point, width: float) -> None:
        """Put the box around the best multipliers."""
        prices = best.multipliers[self._rows] / self.relaxation.scale
        some = np.abs(prices).sum() / max(len(prices), 1) + self._unit
        reach = width * (np.abs(prices) + some) / 2
        places = np.arange(len(self._loose), self._first, dtype=np.int32)
        self._solver.changeColsCost(len(places), places, np.concatenate([prices + reach, reach - prices]))

    def _confine(self, box: Box) -> None:
        """Close patterns that leave the box; a block in which something has to be taken has to have one."""
        lower, upper = box
        inside = self._owner >= 0
        forced = inside & (lower == 1)
        needs = np.bincount(self._owner[forced], minlength=self._count)
        closed = (self._patterns @ (inside & (upper == 0)).astype(float)) > 0
        closed |= (self._patterns @ forced.astype(float)) < needs[self._block]
        ends = np.where(closed, 0.0, highspy.kHighsInf)
        places = np.arange(self._first, self._first + len(ends), dtype=np.int32)
        self._solver.changeColsBounds(len(ends), places, np.zeros(len(ends)), ends)
        places = np.arange(len(self._loose), dtype=np.int32)
        self._solver.changeColsBounds(len(places), places, *(end[self._loose].astype(float) for end in box))
        for block, need in enumerate((needs > 0).astype(float).tolist()):
            self._solver.changeRowBounds(len(self._rows) + block, need, 1.0)

    def _thin(self, best: Point) -> None:
        """Where patterns crowd, keep the cheaper half."""
        count = len(self._block)
        if count <= _CROWDED * (len(self._rows) + self._count):
            return
        dear = self._patterns @ best.reduced.astype(float)
        kept = self._patterns[np.sort(np.argsort(dear, kind="stable")[: count // 2])]
        self._known = {kept.indices[start:end].astype(np.int64).tobytes() for start, end in _ends(kept)}
        self._patterns, self._block = self._patterns[:0], self._block[:0]
        self._solver = self._loaded()
        self._join(kept)

    def _mixture(self, weights: Floats) -> Floats:
        """Column values of a solution of the linear program."""
        values = np.zeros(len(self._owner))
        values[self._loose] = weights[: len(self._loose)]
        part = weights[self._first :]
        values += self._patterns[: len(part)].T @ part
        return values


def _ends(rows: Any) -> list[tuple[int, int]]:
    return list(zip(rows.indptr[:-1].tolist(), rows.indptr[1:].tolist(), strict=True))
