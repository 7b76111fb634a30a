"""The linear relaxation of a program on HiGHS: solved again and again under changing column bounds.

Nothing that comes back is trusted: the row multipliers go to :mod:`consortia.solvers.lagrangian`, which turns them into
exact bounds. Rows that link two columns (a delivery to its partner) are many and seldom bind; where they
dominate they join the relaxation only when it breaks them. On 80 facilities and 400 customers that takes a fifth of
the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, Literal

import highspy
import numpy as np
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.lagrangian import Floats
from consortia.solvers.silent_highs import SilentHighs

_LONG = 100_000  # entries beyond which a solve may last too long not to be interrupted
_MANY = 2_000  # links fewer than these are all there from the start
_TOLERANCE = 1e-6
_ROUNDS = 40  # of adding broken links, at the root
_STATUS = highspy.HighsModelStatus
_LIMITS = (_STATUS.kTimeLimit, _STATUS.kIterationLimit, _STATUS.kInterrupt)


@dataclass(frozen=True)
class Basis:
    """Where a solve ended, for others to start from."""

    rows: int
    statuses: Any


@dataclass(frozen=True)
class Solved:
    """How one solve ended.

    Attributes
    ----------
    ending : {"optimal", "infeasible", "stopped"}
        What HiGHS fails at counts as infeasible as well: without a ray that says so, nothing follows from it.
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

    ending: Literal["optimal", "infeasible", "stopped"]
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
    lazy : bool
        Links may wait until they are broken. What is solved once or twice is quicker with all of them.
    """

    def __init__(self, compiled: Compiled, stop: Event, deadline: float | None, lazy: bool = True) -> None:
        self.compiled = compiled
        self._stop, self._deadline = stop, deadline
        shape = (len(compiled.row_lower), len(compiled.lower))
        self._matrix = sparse.csr_array((compiled.data.astype(float), compiled.indices, compiled.indptr), shape=shape)
        self._low = np.where(compiled.row_lower == -INFINITE, -highspy.kHighsInf, compiled.row_lower).astype(float)
        self._high = np.where(compiled.row_upper == INFINITE, highspy.kHighsInf, compiled.row_upper).astype(float)
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
        self._every = np.arange(shape[1], dtype=np.int32)

    def _loaded(self) -> Any:
        solver = SilentHighs()
        solver.setOptionValue("output_flag", False)
        compiled, part = self.compiled, self._matrix[self.rows]
        if part.nnz > _LONG:
            solver.setCallback(interrupter(self._stop), None)
            solver.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
        columns = len(compiled.lower)
        solver.passModel(
            columns,
            len(self.rows),
            part.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            compiled.objective.astype(float),
            compiled.lower.astype(float),
            compiled.upper.astype(float),
            self._low[self.rows],
            self._high[self.rows],
            part.indptr.astype(np.int32),
            part.indices.astype(np.int32),
            part.data,
            np.zeros(columns, dtype=np.int32),
        )
        return solver

    def solve(self, lower: Integers, upper: Integers, basis: Basis | None = None, rounds: int = _ROUNDS) -> Solved:
        """Solve within these column bounds; from `basis` where it still fits, else from the last solve's.

        Links that stay broken after so many `rounds` make the answer a weaker relaxation, not a wrong one.
        """
        solver, iterations = self._solver, 0
        solver.changeColsBounds(len(self._every), self._every, lower.astype(float), upper.astype(float))
        if basis is not None and basis.rows == len(self.rows):
            solver.setBasis(basis.statuses)
        while True:
            ending = self._run()
            iterations += max(0, int(solver.getInfo().simplex_iteration_count))
            if ending != "optimal":
                return Solved(ending, self._ray(ending), np.zeros(0), np.inf, iterations)
            found = solver.getSolution()
            values = np.array(found.col_value)
            if rounds == 0 or not self._join(values):
                break
            rounds -= 1
        prices = np.zeros(len(self._low))
        prices[self.rows] = np.array(found.row_dual)[: len(self.rows)] if len(found.row_dual) else 0.0
        basis = Basis(len(self.rows), solver.getBasis())
        return Solved("optimal", prices, values, float(solver.getInfo().objective_function_value), iterations, basis)

    def _run(self) -> Literal["optimal", "infeasible", "stopped"]:
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
        if status in (_STATUS.kOptimal, _STATUS.kModelEmpty):  # the latter where there are no rows
            return "optimal"
        return "stopped" if status in _LIMITS else "infeasible"

    def _join(self, values: Floats) -> bool:
        """Let the waiting rows join that `values` break; tell whether there are any."""
        if not len(self._waiting):
            return False
        sums = self._matrix[self._waiting] @ values
        broken = (sums < self._low[self._waiting] - _TOLERANCE) | (sums > self._high[self._waiting] + _TOLERANCE)
        joining = self._waiting[broken]
        if not len(joining):
            return False
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
        self._waiting = self._waiting[~broken]
        self.rows = np.concatenate([self.rows, joining])
        return True

    def _ray(self, ending: str) -> Floats:
        prices = np.zeros(len(self._low))
        if ending == "infeasible":
            _, has, ray = self._solver.getDualRay()
            if has:
                prices[self.rows] = np.array(ray)[: len(self.rows)]
        return prices


def interrupter(stop: Event) -> Callable[..., None]:
    """Return what HiGHS asks now and then; it knows nothing of the solver, which so does not keep itself alive."""

    def ask(event: Any, message: str, seen: Any, answer: Any, data: Any) -> None:
        answer.user_interrupt = stop.is_set()

    return ask
