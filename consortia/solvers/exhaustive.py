"""The oracle: every assignment of a tiny program, save those whose row sums can no longer come right.

It is written to be obviously right, in plain integers and without anything from the other back ends.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from consortia.errors import SolverRefused
from consortia.program import Compiled, Program
from consortia.sentence import say
from consortia.solvers.contract import Abilities, Answer, Request, Verdict, refuse

_BITS = 60  # without a limit, questions with more than 2^60 assignments are declined
_ROUNDS = 30  # for bounds that creep; what is left to tighten shows further down

Box = tuple[list[int], list[int]]  # lower and upper bound of every column


@dataclass(frozen=True)
class _Row:
    terms: tuple[tuple[int, int], ...]  # column, coefficient
    lower: int
    upper: int
    literals: tuple[int, ...] = ()

    def tighten(self, box: Box) -> bool | None:
        """Tighten `box` by this row; say whether anything changed, None if nothing satisfies the row."""
        lower, upper = box
        free = []
        for literal in self.literals:
            column, true = (literal, 1) if literal >= 0 else (~literal, 0)
            if lower[column] == upper[column]:
                if lower[column] != true:
                    return False
            else:
                free.append((column, true))
        least = sum(min(factor * lower[c], factor * upper[c]) for c, factor in self.terms)
        most = sum(max(factor * lower[c], factor * upper[c]) for c, factor in self.terms)
        if least > self.upper or most < self.lower:
            if len(set(free)) != 1:
                return False if free else None
            column, true = free[0]
            lower[column] = upper[column] = 1 - true
            return True
        return False if free else self._tighten_columns(box, self.upper - least, most - self.lower)

    def _tighten_columns(self, box: Box, above: int, below: int) -> bool | None:
        lower, upper = box
        changed = False
        for column, factor in self.terms:
            rise, fall = (above, below) if factor > 0 else (below, above)
            low = max(lower[column], upper[column] - fall // abs(factor))
            high = min(upper[column], lower[column] + rise // abs(factor))
            if low > high:
                return None
            if (low, high) != (lower[column], upper[column]):
                lower[column], upper[column] = low, high
                # later columns of the row use its old slacks, which is safe; the next round uses the new ones
                changed = True
        return changed


class Exhaustive:
    """Minimise a tiny program by trying everything."""

    name = "exhaustive"
    abilities = Abilities(
        proof="exact",
        bound=True,
        cutoff=True,
        time_limit=True,
        effort_limit=True,
        progress=True,
        interruption=True,
    )

    def versions(self) -> dict[str, str]:
        return {}

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective; the effort limit is a number of partial assignments.

        Of several optima it returns the first in the order of the columns.

        Raises
        ------
        SolverRefused
            If there are too many assignments and neither a time nor an effort limit is set.
        """
        refuse(self, request)
        return _Enumeration(program.compile(), request).run()


class _Enumeration:
    def __init__(self, compiled: Compiled, request: Request) -> None:
        self.compiled, self.request = compiled, request
        self.started, self.deadline = time.monotonic(), request.deadline()
        self.rows = _rows(compiled)
        used = np.flatnonzero(compiled.objective).tolist()
        terms = tuple((column, int(compiled.objective[column])) for column in used)
        most = sum(abs(c) * max(abs(int(compiled.lower[j])), abs(int(compiled.upper[j]))) for j, c in terms)
        limit = most if request.cutoff is None else self._inner(request.cutoff)
        self.goal = _Row(terms, -most, limit)  # what is still of interest
        self.best: list[int] | None = None
        self.nodes = 0

    def run(self) -> Answer:
        root = (self.compiled.lower.tolist(), self.compiled.upper.tolist())
        stack = [root] if all(map(int.__le__, *root)) and self._tighten(root) else []
        unlimited = self.deadline is None and self.request.effort_limit is None
        if stack and unlimited and (bits := _bits(root)) > _BITS:
            raise SolverRefused(
                say(
                    "the question has about 2^{bits} assignments, too many to try them all: "
                    "set a time or effort limit, or take another solver",
                    bits=f"{bits:.0f}",
                )
            )
        stopped = None
        while stack and (stopped := self._stopped()) is None:
            self.nodes += 1
            stack += self._expand(stack.pop())
        return self._answer(stack, stopped if stack else None)

    def _expand(self, box: Box) -> list[Box]:
        """Return what is left of `box`, cut in two, the part to look at first last."""
        if not self._tighten(box):
            return []
        lower, upper = box
        column = next((c for c, low in enumerate(lower) if low < upper[c]), None)
        if column is None:
            if all(row.tighten(box) is not None for row in (*self.rows, self.goal)):
                self._accept(lower)
            return []
        middle = (lower[column] + upper[column]) // 2
        first, second = (lower, upper.copy()), (lower.copy(), upper)
        first[1][column], second[0][column] = middle, middle + 1
        return [second, first]

    def _tighten(self, box: Box) -> bool:
        """Tighten `box` by all rows; False if it holds nothing of interest."""
        for _ in range(_ROUNDS):
            changed = False
            for row in (*self.rows, self.goal):
                outcome = row.tighten(box)
                if outcome is None:
                    return False
                changed |= outcome
            if not changed:
                break
        return True

    def _accept(self, values: Sequence[int]) -> None:
        self.best = list(values)
        inner = sum(factor * values[column] for column, factor in self.goal.terms)
        self.goal = replace(self.goal, upper=inner - 1)
        if self.request.on_progress is not None:
            self.request.on_progress(time.monotonic() - self.started, self._cost(inner), None)

    def _stopped(self) -> Literal["time", "effort", "interrupted"] | None:
        if self.request.stop.is_set():
            return "interrupted"
        if self.request.effort_limit is not None and self.nodes >= self.request.effort_limit:
            return "effort"
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return "time"
        return None

    def _answer(self, left: list[Box], stopped: Literal["time", "effort", "interrupted"] | None) -> Answer:
        # whatever is not in the boxes left costs more than what is still of interest
        ends = [self.goal.upper + 1]
        for lower, upper in left:
            ends.append(sum(min(factor * lower[c], factor * upper[c]) for c, factor in self.goal.terms))
        bound = self._cost(min(ends))
        if self.best is not None:
            values = np.array(self.best, dtype=np.int64)
            verdict = Verdict.FEASIBLE if bound < self.compiled.cost(values) else Verdict.OPTIMAL
            return Answer(verdict, values, bound, "exact", stopped if verdict is Verdict.FEASIBLE else None)
        if stopped is not None:
            return Answer(Verdict.UNKNOWN, None, bound, "exact", stopped)
        if self.request.cutoff is not None:
            return Answer(Verdict.CUTOFF, None, bound, "exact")
        return Answer(Verdict.INFEASIBLE, proof="exact")

    def _cost(self, inner: int) -> int:
        return self.compiled.divisor * inner + self.compiled.constant

    def _inner(self, cost: int) -> int:
        return (cost - self.compiled.constant) // self.compiled.divisor


def _rows(compiled: Compiled) -> list[_Row]:
    indptr, literal_indptr = compiled.indptr.tolist(), compiled.literal_indptr.tolist()
    columns, factors = compiled.indices.tolist(), compiled.data.tolist()
    literals = compiled.literals.tolist()
    return [
        _Row(
            tuple(
                (column, factor)
                for column, factor in zip(columns[start:stop], factors[start:stop], strict=True)
                if factor
            ),
            int(compiled.row_lower[row]),
            int(compiled.row_upper[row]),
            tuple(literals[literal_indptr[row] : literal_indptr[row + 1]]),
        )
        for row, (start, stop) in enumerate(pairwise(indptr))
    ]


def _bits(box: Box) -> float:
    return sum(math.log2(high - low + 1) for low, high in zip(*box, strict=True))
