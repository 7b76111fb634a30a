"""Which column to branch on: what branching on it has gained before, and trials where little is known.

The gain of a column is by how much the linear relaxation rises for each unit that the column is moved, downwards and
upwards. Until it was seen a few times on either side, children are solved for a few steps of the simplex
method before one is chosen. Trials also settle columns whose child is refuted by exact prices.

Source: Achterberg, Koch, Martin 2005, "Branching rules revisited" (reliability branching).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from consortia.linear import Integers
from consortia.solvers.lagrangian import Box, Floats
from consortia.solvers.linear_program import LinearProgram, Solved

_INTEGRAL = 1e-6
_RELIABLE = 4  # gains seen on either side, from which no trial is needed
_TRIALS = 8  # columns tried at a node
_STEPS = 60  # of the simplex method in a trial
_LEAST = 1e-6  # what a gain counts for at least, so that products stay comparable
_CLEAR = 4  # columns in a row that are worse than the best one, after which no more are tried


@dataclass(frozen=True)
class Seen:
    """What moving a column to one side gained, for each unit of the way."""

    column: int
    up: bool
    gain: float


@dataclass(frozen=True)
class Choice:
    """What to branch on, and what was found out on the way.

    Attributes
    ----------
    column : int
        -1 if no column has a fraction and none is free.
    box : pair of arrays
        Narrower where a trial refuted one side of a column.
    seen : tuple of Seen
    """

    column: int
    box: Box
    seen: tuple[Seen, ...] = ()


def fraction(values: Floats) -> Floats:
    """How far each value is from a whole number."""
    far: Floats = np.abs(values - np.rint(values))
    return far


class Gains:
    """Remembers gains, and chooses by them.

    Parameters
    ----------
    rank : array, one a column
        Columns of the highest rank that have fractions are branched on first.
    """

    def __init__(self, rank: Integers) -> None:
        self.rank = rank
        self._gain = np.zeros((2, len(rank)))
        self._count = np.zeros((2, len(rank)), dtype=np.int64)

    def learn(self, seen: Seen) -> None:
        """Remember a gain."""
        side = int(seen.up)
        self._gain[side, seen.column] += max(seen.gain, 0.0)
        self._count[side, seen.column] += 1

    def average(self, up: bool) -> float:
        """Return what a column of which nothing is known is expected to gain."""
        count = self._count[int(up)].sum()
        return float(self._gain[int(up)].sum() / count) if count else 1.0

    def expected(self, columns: Integers, up: bool) -> Floats:
        """Return what each of some columns is expected to gain."""
        count = self._count[int(up), columns]
        gained: Floats = np.where(count > 0, self._gain[int(up), columns] / np.maximum(count, 1), self.average(up))
        return gained

    def choose(
        self, solved: Solved, box: Box, program: LinearProgram | None, refuted: Callable[[Solved, Box], bool]
    ) -> Choice:
        """Choose for a node.

        Parameters
        ----------
        solved : Solved
            Its linear relaxation.
        box : pair of arrays
        program : LinearProgram or None
            Where trials are made; None for no trials.
        refuted : callable
            Tells whether prices of a trial prove that its box has nothing of interest.
        """
        lower, upper = box
        loose = np.flatnonzero(lower < upper)
        if not len(solved.values):
            return Choice(int(loose[np.argmax(self.rank[loose])]) if len(loose) else -1, box)
        values = np.clip(solved.values, lower, upper)
        broken = loose[fraction(values[loose]) > _INTEGRAL]
        if not len(broken):
            return Choice(int(loose[np.argmax(self.rank[loose])]) if len(loose) else -1, box)
        broken = broken[self.rank[broken] == self.rank[broken].max()]
        below = values[broken] - np.floor(values[broken])
        gains = np.stack([self.expected(broken, False) * below, self.expected(broken, True) * (1 - below)])
        order = np.argsort(-_score(gains), kind="stable")
        if program is None:
            return Choice(int(broken[order[0]]), box)
        return self._tried(broken[order], below[order], gains[:, order], solved, box, _Trials(program, refuted))

    def _tried(
        self, columns: Integers, below: Floats, gains: Floats, solved: Solved, box: Box, trials: _Trials
    ) -> Choice:
        """Try the first of some columns of which too little is known."""
        unsure = np.minimum(self._count[0, columns], self._count[1, columns]) < _RELIABLE
        seen: list[Seen] = []
        best, score, worse = -1, -1.0, 0
        for place, column in enumerate(columns.tolist()):
            if unsure[place] and trials.made < _TRIALS and worse < _CLEAR:
                found, narrower = trials.of(column, solved, box)
                seen += [
                    Seen(column, bool(up), float(found[up]) / float(way))
                    for up, way in enumerate((below[place], 1 - below[place]))
                    if np.isfinite(found[up])
                ]
                if narrower is not box:
                    box, worse = narrower, 0
                    continue  # one side is gone, so there is nothing to branch on
                gains[:, place] = np.where(np.isfinite(found), found, 2 * gains[:, place])
            now = float(_score(gains[:, place]))
            best, score, worse = (column, now, 0) if now > score else (best, score, worse + 1)
        return Choice(best, box, tuple(seen))


class _Trials:
    """Solves children of a node for a few steps."""

    def __init__(self, program: LinearProgram, refuted: Callable[[Solved, Box], bool]) -> None:
        self._program, self._refuted = program, refuted
        self.made = 0

    def of(self, column: int, solved: Solved, box: Box) -> tuple[Floats, Box]:
        """Return what both sides gain, infinite where there is nothing, and the box without what is refuted."""
        self.made += 1
        lower, upper = box
        floor = int(np.floor(solved.values[column]))
        gains = np.zeros(2)
        for up in (False, True):
            child = (lower.copy(), upper.copy())
            child[1 - int(up)][column] = floor + int(up)
            tried = self._program.solve(*child, solved.basis, rounds=0, steps=_STEPS)
            if tried.ending == "stopped":
                break
            gains[int(up)] = max(0.0, tried.objective - solved.objective)
            if self._refuted(tried, child):
                gains[int(up)] = np.inf
                box = (lower.copy(), upper.copy())
                box[int(up)][column] = floor + 1 - int(up)
                lower, upper = box
        return gains, box


def _score(gains: Floats) -> Floats:
    down, up = gains
    score: Floats = np.maximum(down, _LEAST) * np.maximum(up, _LEAST)
    return score
