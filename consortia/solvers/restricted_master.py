"""The linear program over the patterns that are known so far, with multipliers kept in a box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sparse

from consortia.linear import INFINITE, Integers
from consortia.solvers.lagrangian import Box, Floats, Point, Relaxation
from consortia.solvers.silent_highs import SilentHighs

_UNIT = 0.01  # what a multiplier may be at first, as a share of what a column costs, where none is known
_TOLERANCE = 1e-6
_CROWDED = 6  # patterns for each row and block, beyond which the dearer half goes before the next solve


@dataclass(frozen=True)
class Mixture:
    """A solution.

    Attributes
    ----------
    prices : array, one a row of the program
        Multipliers.
    values : array, one a column of the program
        What the mixture of patterns takes.
    objective : float
    on_box : bool
        Whether the box binds: the solution uses what rows lack or have too much.
    """

    prices: Floats
    values: Floats
    objective: float
    on_box: bool


class RestrictedMaster:
    """Loose columns, and patterns of blocks that join and leave; for use by one thread at a time.

    Parameters
    ----------
    relaxation : Relaxation
    """

    def __init__(self, relaxation: Relaxation) -> None:
        self.relaxation = relaxation
        compiled, blocks = relaxation.compiled, relaxation.blocks
        self.count, width = len(blocks.row), len(compiled.lower)
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
        whole = sparse.vstack([body, sparse.csr_array((self.count, self._first))]).tocsr()
        infinite = np.full(2 * len(rows), highspy.kHighsInf)
        solver.passModel(
            self._first,
            len(rows) + self.count,
            whole.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate([compiled.objective[loose], np.zeros(2 * len(rows))]).astype(float),
            np.concatenate([compiled.lower[loose], np.zeros(2 * len(rows))]).astype(float),
            np.concatenate([compiled.upper[loose], infinite]).astype(float),
            np.concatenate([low, np.zeros(self.count)]).astype(float),
            np.concatenate([high, np.ones(self.count)]).astype(float),
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
                sparse.csr_array((np.ones(count), (block, np.arange(count))), shape=(self.count, count)),
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

    def solve(self, seconds: float | None) -> Mixture | None:
        """Solve it; None where HiGHS does not within these `seconds`."""
        solver = self._solver
        if seconds is not None:
            solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = solver.getSolution()
        prices = np.zeros(len(self.relaxation.compiled.row_lower))
        prices[self._rows] = np.array(found.row_dual)[: len(self._rows)]
        weights = np.array(found.col_value)
        values = np.zeros(len(self._owner))
        values[self._loose] = weights[: len(self._loose)]
        values += self._patterns.T @ weights[self._first :]
        on_box = bool(weights[len(self._loose) : self._first].sum() > _TOLERANCE)
        return Mixture(prices, values, float(solver.getInfo().objective_function_value), on_box)

    def centre(self, best: Point, width: float) -> None:
        """Put the box around the best multipliers."""
        prices = best.multipliers[self._rows] / self.relaxation.scale
        some = np.abs(prices).sum() / max(len(prices), 1) + self._unit
        reach = width * (np.abs(prices) + some) / 2
        places = np.arange(len(self._loose), self._first, dtype=np.int32)
        self._solver.changeColsCost(len(places), places, np.concatenate([prices + reach, reach - prices]))

    def confine(self, box: Box) -> None:
        """Close patterns that leave the box; a block in which something has to be taken has to have one."""
        lower, upper = box
        inside = self._owner >= 0
        forced = inside & (lower == 1)
        needs = np.bincount(self._owner[forced], minlength=self.count)
        closed = (self._patterns @ (inside & (upper == 0)).astype(float)) > 0
        closed |= (self._patterns @ forced.astype(float)) < needs[self._block]
        ends = np.where(closed, 0.0, highspy.kHighsInf)
        places = np.arange(self._first, self._first + len(ends), dtype=np.int32)
        self._solver.changeColsBounds(len(ends), places, np.zeros(len(ends)), ends)
        places = np.arange(len(self._loose), dtype=np.int32)
        self._solver.changeColsBounds(len(places), places, *(end[self._loose].astype(float) for end in box))
        for block, need in enumerate((needs > 0).astype(float).tolist()):
            self._solver.changeRowBounds(len(self._rows) + block, need, 1.0)

    def thin(self, best: Point) -> None:
        """Where patterns crowd, keep the cheaper half."""
        count = len(self._block)
        if count <= _CROWDED * (len(self._rows) + self.count):
            return
        dear = self._patterns @ best.reduced.astype(float)
        kept = self._patterns[np.sort(np.argsort(dear, kind="stable")[: count // 2])]
        self._known = {kept.indices[start:end].astype(np.int64).tobytes() for start, end in _ends(kept)}
        self._patterns, self._block = self._patterns[:0], self._block[:0]
        self._solver = self._loaded()
        self._join(kept)


def _ends(rows: Any) -> list[tuple[int, int]]:
    return list(zip(rows.indptr[:-1].tolist(), rows.indptr[1:].tolist(), strict=True))
