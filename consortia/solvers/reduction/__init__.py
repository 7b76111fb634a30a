"""Presolve: a smaller program with the same least cost, exact, and able to say why a column is out.

It works on compiled programs, where every rule and every cost is a row or a term, so a reduction that looks at all
entries of a column cannot forget a rule. Everything is done for all rows or all columns at once.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.reduction import columns as by_columns
from consortia.solvers.reduction import rows as by_rows
from consortia.solvers.reduction.bounds import propagate
from consortia.solvers.reduction.openers import opened
from consortia.solvers.reduction.parts import Part, parts
from consortia.solvers.reduction.reduced import Reduction, Why

__all__ = ["Part", "Reduction", "Why", "parts", "reduce"]

_ROUNDS = 20


def reduce(
    compiled: Compiled, *, keep_all: bool = False, cutoff: int | None = None, deadline: float | None = None
) -> Reduction:
    """Make a program smaller.

    Parameters
    ----------
    compiled : Compiled
    keep_all : bool
        Keep every solution. Otherwise at least one least-cost solution is kept.
    cutoff : int, optional
        Only solutions that cost at most this are of interest; others may get lost.
    deadline : float, optional
        A time of `time.monotonic` after which nothing new is begun.

    Returns
    -------
    Reduction

    Examples
    --------
    Two capabilities; the third column has both for less than the first one alone.

    >>> from consortia.program import Linear, Program, Tag
    >>> program = Program()
    >>> columns = program.add_columns(Tag("member"), 3)
    >>> program.add_row(Tag("cover"), Linear(columns[[0, 2]]), lower=1)
    >>> program.add_row(Tag("cover"), Linear(columns[[1, 2]]), lower=1)
    >>> program.expressions["cost"] = Linear(columns, [3, 1, 2])
    >>> reduction = reduce(program.compile())
    >>> reduction.columns, reduction.restore(reduction.columns), Why(reduction.why[0]), reduction.stands_in(0)
    (array([], dtype=int64), array([0, 0, 1]), <Why.DOMINATED: 5>, [2])
    """
    return _Course(compiled, cutoff, deadline).run(keep_all)


class _Course:
    """One reduction under way: the program so far, with the columns where they were."""

    def __init__(self, compiled: Compiled, cutoff: int | None, deadline: float | None) -> None:
        self.original, self.deadline = compiled, deadline
        self.limit = None
        if cutoff is not None:
            units = (cutoff - compiled.constant) // compiled.divisor
            self.limit = max(1 - INFINITE, min(units, INFINITE))
        self.compiled = compiled
        self.why = np.where(compiled.lower == compiled.upper, Why.GIVEN, Why.KEPT).astype(np.int64)
        self.pairs: list[tuple[Integers, Integers]] = []
        self.order: list[Integers] = []

    def run(self, keep_all: bool) -> Reduction:
        for _ in range(_ROUNDS):
            before = self._size()
            if not self._bounds():
                return self._result(infeasible=True)
            self.compiled = by_rows.tidy(self.compiled)
            if not keep_all and self._size()[0]:
                self._columns()
            if not self._late():
                self.compiled = by_rows.undominated(self.compiled)
            if self._late() or not self._worthwhile(before):
                break
        if self._size()[0] and not self._late():
            self._open()
        return self._result()

    def _open(self) -> None:
        """Let limits grow with what opens all that they limit, and drop what follows from them then."""
        tighter = opened(self.compiled)
        if tighter is not self.compiled:
            self.compiled = by_rows.undominated(tighter)

    def _size(self) -> tuple[int, int, int]:
        free = np.count_nonzero(self.compiled.lower < self.compiled.upper)
        return int(free), len(self.compiled.row_lower), len(self.compiled.data)

    def _worthwhile(self, before: tuple[int, int, int]) -> bool:
        """Tell whether another round may bring something: on large programs not for a few entries."""
        after = self._size()
        if not after[0]:
            return False
        return before[2] - after[2] > before[2] // 50 if before[2] > 100_000 else after != before

    def _late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def _bounds(self) -> bool:
        """Draw the consequences of the rows, then of the cut-off; False if there is no solution."""
        for limit in (None, self.limit)[: 1 if self.limit is None else 2]:
            found = propagate(self.compiled, limit)
            if found is None:
                return False
            self.compiled, dear = found
            settled = (self.compiled.lower == self.compiled.upper) & (self.why == Why.KEPT)
            self.why[settled] = Why.FORCED
            self.why[dear[settled[dear]]] = Why.DEAR
        self.compiled = self.compiled.folded()
        return True

    def _columns(self) -> None:
        """Leave columns out, all on the same program: see :class:`Ranked` for why that is safe.

        Columns at their best bounds hurt nothing there, and what helps nothing stands in for nothing.
        """
        demands = by_columns.Demands.of(self.compiled)
        lowered, raised = by_columns.idle(self.compiled, demands)
        self._fix(lowered, self.compiled.lower[lowered], Why.IDLE)
        self._fix(raised, self.compiled.upper[raised], Why.IDLE)
        if not self._late():
            self._replace(by_columns.Ranked(self.compiled, demands))
        self.compiled = by_rows.tidy(self.compiled.folded())

    def _replace(self, ranked: by_columns.Ranked) -> None:
        """Leave out the columns that others replace, in an order in which they can be exchanged one by one."""
        covered = ranked.covered()
        dominated = ranked.dominated(~covered.gone, self._late)
        # what stands in may itself be left out, so the last of the ranking goes first
        self._fix(ranked.columns[np.flatnonzero(covered.gone | dominated.gone)[::-1]], 0, Why.COVERED)
        self.why[ranked.columns[dominated.gone]] = Why.DOMINATED
        alone = np.bincount(covered.inner, minlength=len(ranked.columns)) == 1  # replaced by one is dominated
        self.why[ranked.columns[alone]] = Why.DOMINATED
        for found in (covered, dominated):
            self.pairs.append((ranked.columns[found.inner], ranked.columns[found.outer]))

    def _fix(self, columns: Integers, values: Integers | int, why: Why) -> None:
        if not len(columns):
            return
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        lower[columns] = upper[columns] = values
        self.compiled = replace(self.compiled, lower=lower, upper=upper)
        self.why[columns] = why
        self.order.append(columns)

    def _result(self, infeasible: bool = False) -> Reduction:
        none = np.zeros(0, dtype=np.int64)
        owner, by = (np.concatenate([none, *part]) for part in zip((none, none), *self.pairs, strict=True))
        order = np.concatenate([none, *self.order])
        width = len(self.original.lower)
        if infeasible:
            everything = np.arange(width)
            return Reduction(self.original, everything, self.original.lower, 0 * self.why, none, none, none, True)
        whole = self.compiled
        free = whole.lower < whole.upper
        columns = np.flatnonzero(free)
        fixed = np.where(free, 0, whole.lower)
        smaller = whole.restricted(np.arange(len(whole.row_lower)), columns)
        common = int(np.gcd.reduce(smaller.objective)) or 1
        smaller = replace(
            smaller,
            objective=smaller.objective // common,
            divisor=whole.divisor * common,
            constant=whole.cost(fixed),
        )
        return Reduction(smaller, columns, fixed, self.why, order, owner, by)
