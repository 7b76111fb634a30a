"""The linear relaxation of a program on HiGHS: solved again and again under changing column bounds.

Nothing that comes back is trusted: the row multipliers go to :mod:`consortia.solvers.lagrangian`, which turns them into
exact bounds. Rows that link two columns (a delivery to its partner) are many and seldom bind; where they
dominate they join the relaxation only when it breaks them. On 80 facilities and 400 customers that takes a fifth of
the time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Literal

import highspy
import numpy as np
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers, Linear
from consortia.solvers.lagrangian import Box, Floats
from consortia.solvers.silent_highs import SilentHighs, let_interrupt

_LONG = 100_000  # entries beyond which a solve may last too long not to be interrupted
_MANY = 2_000  # links fewer than these are all there from the start
_TOLERANCE = 1e-6
_ROUNDS = 40  # of adding broken links, at the root
_STATUS = highspy.HighsModelStatus
_LIMITS = (_STATUS.kTimeLimit, _STATUS.kInterrupt)
_ENDLESS = 2**31 - 1
_DEVEX = 1  # exact weights of a basis that is set take longer to find than the few steps from it


Ending = Literal["optimal", "beyond", "infeasible", "stopped"]


@dataclass(frozen=True)
class Basis:
    """Where a solve ended, for others with the same columns to start from.

    Attributes
    ----------
    columns : int
        How many there were.
    rows : array
        Those that had joined.
    statuses : HighsBasis
    """

    columns: int
    rows: Integers
    statuses: Any


@dataclass(frozen=True)
class Solved:
    """How one solve ended.

    Attributes
    ----------
    ending : {"optimal", "beyond", "infeasible", "stopped"}
        "beyond" where the objective is above what was of interest, without being known to the end. What HiGHS fails at
        counts as infeasible as well: without a ray that says so, nothing follows from it.
    prices : array, one a row
        Row multipliers; where it is infeasible a ray along which they grow without end, where there is one.
    values : array, one a column
        Empty unless optimal.
    objective : float
    iterations : int
        Of the simplex method.
    basis : Basis or None
        None unless optimal.
    """

    ending: Ending
    prices: Floats
    values: Floats
    objective: float
    iterations: int
    basis: Basis | None = None


class LinearProgram:
    """A program without literals and without integrality; for use by one thread at a time.

    Parameters
    ----------
    compiled : Compiled
    stop : Event
        Ends a solve early.
    deadline : float or None
        The same, on the clock of `time.monotonic`.
    box : pair of arrays, optional
        Column bounds that all solves lie within: columns with one value in them are left out.
    lazy : bool
        Links may wait until they are broken. What is solved once or twice is quicker with all of them.
    """

    def __init__(
        self,
        compiled: Compiled,
        stop: Event,
        deadline: float | None,
        box: Box | None = None,
        lazy: bool = True,
    ) -> None:
        self.compiled = compiled
        self._stop, self._deadline = stop, deadline
        self.box = lower, upper = (compiled.lower, compiled.upper) if box is None else box
        self.columns = np.flatnonzero(lower < upper)
        """Those that are not left out."""
        self._fixed = lower.astype(float)
        self._fixed[self.columns] = 0.0
        self._offset = float(compiled.objective @ self._fixed)
        shape = (len(compiled.row_lower), len(compiled.lower))
        matrix = sparse.csr_array((compiled.data.astype(float), compiled.indices, compiled.indptr), shape=shape)
        there = matrix @ self._fixed
        self._matrix = matrix[:, self.columns]
        low = np.where(compiled.row_lower == -INFINITE, -highspy.kHighsInf, compiled.row_lower)
        high = np.where(compiled.row_upper == INFINITE, highspy.kHighsInf, compiled.row_upper)
        self._low, self._high = low - there, high - there
        links = np.flatnonzero(
            (np.diff(compiled.indptr) == 2) & ~((compiled.row_lower > -INFINITE) & (compiled.row_upper < INFINITE))
        )
        lazy = lazy and len(links) > _MANY and 2 * len(links) > shape[0]
        self._waiting = links if lazy else links[:0]
        present = np.ones(shape[0], dtype=bool)
        present[self._waiting] = False
        self.rows = np.flatnonzero(present)
        """The rows that have joined, in HiGHS's order."""
        self._solver = self._loaded()
        self._every = np.arange(len(self.columns), dtype=np.int32)

    @property
    def entries(self) -> int:
        """How many numbers its rows have."""
        return int(self._matrix.nnz)

    def within(self, box: Box) -> LinearProgram:
        """Return the same program without what has one value in a box."""
        return LinearProgram(self.compiled, self._stop, self._deadline, box)

    def joined(self, sums: Sequence[Linear], lower: Sequence[int]) -> LinearProgram:
        """Return the same program with rows more: sums that have to be at least so much."""
        return LinearProgram(self.compiled.joined(sums, lower), self._stop, self._deadline, self.box)

    def apart(self) -> LinearProgram:
        """Return the same program for another thread."""
        return self.within(self.box)

    def _loaded(self) -> Any:
        solver = SilentHighs()
        solver.setOptionValue("output_flag", False)
        compiled, part = self.compiled, self._matrix[self.rows]
        if part.nnz > _LONG:
            let_interrupt(solver, self._stop.is_set)
        columns, count = self.columns, len(self.columns)
        solver.passModel(
            count,
            len(self.rows),
            part.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            compiled.objective[columns].astype(float),
            compiled.lower[columns].astype(float),
            compiled.upper[columns].astype(float),
            self._low[self.rows],
            self._high[self.rows],
            part.indptr.astype(np.int32),
            part.indices.astype(np.int32),
            part.data,
            np.zeros(count, dtype=np.int32),
        )
        return solver

    def solve(
        self,
        lower: Integers,
        upper: Integers,
        basis: Basis | None = None,
        rounds: int = _ROUNDS,
        steps: int | None = None,
        beyond: float | None = None,
    ) -> Solved:
        """Solve within these column bounds; from `basis` where it still fits, else from the last solve's.

        Links that stay broken after so many `rounds` make the answer a weaker relaxation, not a wrong one. So does
        ending after so many `steps` of the simplex method: what it has come to counts as optimal then. It may end as
        soon as the objective is above `beyond`: its prices say so, and no more is known.
        """
        solver, iterations = self._solver, 0
        solver.setOptionValue("simplex_iteration_limit", _ENDLESS if steps is None else steps)
        solver.setOptionValue("objective_bound", highspy.kHighsInf if beyond is None else beyond - self._offset)
        ends = (lower[self.columns].astype(float), upper[self.columns].astype(float))
        solver.changeColsBounds(len(self._every), self._every, *ends)
        if basis is not None and basis.columns == len(self.columns):
            solver.setBasis(self._adopted(basis))
            solver.setOptionValue("simplex_dual_edge_weight_strategy", _DEVEX)
        while True:
            ending = self._run()
            iterations += max(0, int(solver.getInfo().simplex_iteration_count))
            if ending not in ("optimal", "beyond"):
                return Solved(ending, self._ray(ending), np.zeros(0), np.inf, iterations)
            found = solver.getSolution()
            free = np.array(found.col_value)
            if ending == "beyond" or rounds == 0 or not self._join(free):
                break
            rounds -= 1
        prices = np.zeros(len(self._low))
        prices[self.rows] = np.array(found.row_dual)[: len(self.rows)] if len(found.row_dual) else 0.0
        objective = self._offset + float(solver.getInfo().objective_function_value)
        if ending == "beyond":
            return Solved(ending, prices, np.zeros(0), objective, iterations)
        values = self._fixed.copy()
        values[self.columns] = free
        basis = Basis(len(self.columns), self.rows, solver.getBasis())
        return Solved(ending, prices, values, objective, iterations, basis)

    def _adopted(self, basis: Basis) -> Any:
        """Let the rows of a basis join, and return it with those that are here beyond them."""
        if basis.rows is self.rows:
            return basis.statuses
        self._add(np.setdiff1d(basis.rows, self.rows, assume_unique=True))
        if np.array_equal(basis.rows, self.rows):
            return basis.statuses
        status = dict(zip(basis.rows.tolist(), basis.statuses.row_status, strict=True))
        adopted = highspy.HighsBasis()
        adopted.col_status = basis.statuses.col_status
        adopted.row_status = [status.get(row, highspy.HighsBasisStatus.kBasic) for row in self.rows.tolist()]
        adopted.valid = True
        return adopted

    def _run(self) -> Ending:
        solver = self._solver
        if self._stop.is_set():
            return "stopped"
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                return "stopped"
            solver.setOptionValue("time_limit", solver.getRunTime() + left)
        solver.run()
        status = solver.getModelStatus()
        if status in (_STATUS.kOptimal, _STATUS.kModelEmpty, _STATUS.kIterationLimit):  # the second without rows
            return "optimal"
        if status == _STATUS.kObjectiveBound:
            return "beyond"
        return "stopped" if status in _LIMITS else "infeasible"

    def _join(self, values: Floats) -> bool:
        """Let the waiting rows join that `values` break; tell whether there are any."""
        if not len(self._waiting):
            return False
        sums = self._matrix[self._waiting] @ values
        broken = (sums < self._low[self._waiting] - _TOLERANCE) | (sums > self._high[self._waiting] + _TOLERANCE)
        self._add(self._waiting[broken])
        return bool(broken.any())

    def _add(self, joining: Integers) -> None:
        """Let waiting rows join."""
        if not len(joining):
            return
        part = self._matrix[joining]
        self._solver.addRows(
            len(joining),
            self._low[joining],
            self._high[joining],
            part.nnz,
            part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32),
            part.data,
        )
        self._waiting = np.setdiff1d(self._waiting, joining, assume_unique=True)
        self.rows = np.concatenate([self.rows, joining])

    def _ray(self, ending: str) -> Floats:
        prices = np.zeros(len(self._low))
        if ending == "infeasible":
            _, has, ray = self._solver.getDualRay()
            if has:
                prices[self.rows] = np.array(ray)[: len(self.rows)]
        return prices
