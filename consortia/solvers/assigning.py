"""Assignments to openers with room, at low cost: tabu search from sets of openers that change by one or two.

What opening costs matters most, and moves of single choices seldom empty an opener. So one opener is closed, or
opened, or exchanged for another; choices are assigned again by regret; tabu search improves what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.assignments import Assignments, Floats, is_assigning
from consortia.solvers.opener_sets import Changes, Mask, OpenerSets, suits
from consortia.solvers.rents import priced, regret
from consortia.solvers.shifting import Shifts

AFRESH = 0.25
"""How often a set of openers is tried that owes nothing to the one before."""
IDLE = 100
"""How often in a row nothing may be found that is worth a try, before the search ends."""
TWICE = 0.4
"""How often the set of openers changes twice before it is tried."""

__all__ = ["is_assigning", "search_assignment"]


def search_assignment(
    compiled: Compiled,
    *,
    start: Integers | None = None,
    charges: Floats | None = None,
    seed: int = 0,
    steps: int | None = None,
    halt: Callable[[], bool] = lambda: False,
    on_better: Callable[[int, Integers], None] = lambda cost, values: None,
    target: int | None = None,
) -> tuple[int, Integers] | None:
    """Search for a cheap solution of an assignment program.

    Parameters
    ----------
    compiled : Compiled
        A program for which `is_assigning` holds.
    start : array of int, optional
        Values of all columns; if they solve the program, the answer costs no more.
    charges : array of float, optional
        Reduced costs of all columns in a linear relaxation, to begin with what is cheap there.
    seed : int
        Same program, arguments and seed, same answer, unless `halt` ends the search.
    steps : int, optional
        About how many moves it makes; without it, `halt` or `target` ends it, or that nothing is left to try.
    halt : callable
        Asked often; when it says true, the search ends with what it has.
    on_better : callable
        Called with the cost and the values of all columns whenever a cheaper solution is found.
    target : int, optional
        The search ends once a solution costs no more than this, a proven bound, say.

    Returns
    -------
    (int, array of int) or None
        The cost and the values of all columns; None if no solution was found.
    """
    program = Assignments.of(compiled)
    if program is None:
        return None
    search = _Search(compiled, program, seed, halt, on_better)
    search.aim = -np.inf if target is None else (target - search.base) // compiled.divisor
    if start is not None and not len(compiled.violated(start)):
        search.keep(start)
    if program.column.shape[1] == 0:
        search.keep(program.idle)
    else:
        search.run(charges, steps)
    return search.best


class _Search:
    """The best solution so far, and where the search is."""

    def __init__(
        self,
        compiled: Compiled,
        program: Assignments,
        seed: int,
        halt: Callable[[], bool],
        on_better: Callable[[int, Integers], None],
    ) -> None:
        self.compiled, self.program, self.halt, self.on_better = compiled, program, halt, on_better
        self.base = compiled.cost(program.idle)
        self.random = np.random.default_rng(seed)
        self.best: tuple[int, Integers] | None = None
        self.aim = -np.inf
        self.seen: dict[bytes, int] = {}
        self.found: dict[bytes, float] = {}  # the least cost found with a set of openers
        self.gaps: list[float] = []  # by how much that was above what was estimated

    def keep(self, values: Integers) -> None:
        """Keep a solution if it is cheaper than the best; what does not solve the program is passed over."""
        cost = self.compiled.cost(values)
        if (self.best is None or cost < self.best[0]) and not len(self.compiled.violated(values)):
            self.best = cost, values.copy()
            self.on_better(cost, self.best[1])

    def over(self) -> bool:
        reached = self.best is not None and self.best[0] <= self.base + self.compiled.divisor * self.aim
        return reached or self.halt()

    def run(self, charges: Floats | None, steps: int | None) -> None:
        """Change the set of openers and improve, in turns."""
        program = self.program
        firsts = self._firsts(charges)
        self.walk = walk = Shifts(program, firsts[0], int(self.random.integers(2**32)))
        length, short = 100 + walk.choices, 60 + walk.choices // 4
        finest = np.inf, firsts[0]
        for at in firsts:
            walk.place(at)
            found = self._improve(walk, length, None)
            if found is not None and found[0] < finest[0]:
                finest = found
        (level, here), stale = finest, 0
        self.spent, idle = walk.step, 0
        while not self.over() and (steps is None or self.spent < steps):
            self.spent += 1
            if stale > 20:
                (level, here), stale = finest, 0
            kick = self._changed(here, finest[0]) if self.random.random() > AFRESH else None
            kick = kick or self._drawn(finest[0])
            if kick is None:
                idle += 1
                if idle == IDLE:
                    return
                continue
            idle = 0
            found = self._within(*kick, short)
            stale += 1
            if found is not None:
                if found[0] < finest[0]:
                    walk.place(found[1])
                    found = self._improve(walk, short, None) or found
                    finest, stale = found, 0
                slack = min(0.2 * (finest[0] - self.prices.bound), 0.003 * abs(finest[0]))
                if found[0] <= level + max(slack, 0) * self.random.random():
                    level, here = found
            elif level == np.inf:
                here = kick[0]

    def _within(self, at: Integers, chosen: Integers, patience: int) -> tuple[float, Integers] | None:
        """Improve an assignment without changing the set of openers."""
        key = chosen.tobytes()
        self.seen[key] = self.seen.get(key, 0) + 1
        patience *= self.seen[key]  # the better a set looks, the oftener it comes, the longer it is tried
        place = np.zeros(len(self.program.fee), dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        program = replace(self.program.only(chosen), fee=np.zeros(len(chosen)))  # all are paid for
        walk = Shifts(program, place[at], int(self.random.integers(2**32)))
        found = walk.run(6 * patience, patience, self.halt, -np.inf)
        self.spent += walk.step
        if found is None:
            return None
        at = chosen[found[1]]
        self.keep(self.program.values(at))
        cost = found[0] + float(self.program.fee[np.unique(at)].sum())
        if key not in self.found:
            self.gaps.append(cost - self.prices.estimates(self.program, chosen, chosen[:0])[-1, -1])
        self.found[key] = min(cost, self.found.get(key, np.inf))
        return cost, at

    def _improve(self, walk: Shifts, patience: int, steps: int | None) -> tuple[float, Integers] | None:
        left = 10 * patience if steps is None else min(10 * patience, steps - walk.step)
        found = walk.run(left, patience, self.halt, float(self.aim))
        if found is not None:
            self.keep(self.program.values(found[1]))
        return found

    def _firsts(self, charges: Floats | None) -> list[Integers]:
        """What is given to start from, and what regret makes of the set of openers that prices suggest."""
        program = self.program
        share = np.maximum(program.fee / np.maximum(program.room, 1), 0)[:, None]
        plain = regret(program, program.cost + share * program.weight)
        upper = program.cost[plain, np.arange(len(plain))].sum() + program.fee[np.unique(plain)].sum()
        self.prices = priced(program, upper, self.halt)
        self.asked = float(np.where(program.column >= 0, program.weight, np.inf).min(axis=0).sum())
        found = []
        if self.best is not None:
            found.append(program.at(self.best[1]))
        elif charges is not None:
            found.append(regret(program, np.where(program.column >= 0, charges[program.column], np.inf)))
        chosen = self._least_set()
        self.sets = OpenerSets(program, self.prices, self.asked, chosen)
        score = np.where(chosen[:, None], self.prices.score, np.inf)
        found.append(regret(program, score) if np.isfinite(score).any(axis=0).all() else plain)
        return found

    def _least_set(self) -> Mask:
        """Openers with room for everything that seem to cost least."""
        dear, room = self.prices.dear, self.program.room
        chosen = (dear < 0) | self.program.needed
        for opener in np.argsort(dear / np.maximum(room, 1), kind="stable").tolist():
            if room[chosen].sum() >= self.asked:
                break
            chosen[opener] = True
        return chosen

    def _drawn(self, most: float) -> tuple[Integers, Integers] | None:
        """Pick a set that estimates suggest, wherever the search is; None if none is known that can cost less."""
        self.sets.expand(most)
        new = self._picked(*self.sets.below(most))
        if new is None:
            return None
        return regret(self.program, np.where(new[:, None], self.prices.score, np.inf)), np.flatnonzero(new)

    def _changed(self, at: Integers, most: float) -> tuple[Integers, Integers] | None:
        """Close an opener, or open one, or both, or neither, or all this twice; return what comes of it.

        None if no such set can cost less than `most`.
        """
        is_open = np.bincount(at, minlength=len(self.program.fee)) > 0
        new = None
        if self.random.random() < TWICE and (between := self._next(is_open, np.inf)) is not None:
            new = self._next(between, most)
        if new is None:
            new = self._next(is_open, most)
        if new is None:
            return None
        return self._assigned(at, is_open & ~new, new & ~is_open, new), np.flatnonzero(new)

    def _next(self, is_open: Mask, most: float) -> Mask | None:
        """Pick one of the sets that differ by a change, those that seem cheaper or were tried less more often."""
        changes = Changes.of(self.program, self.prices, self.asked, is_open)
        # a set that is only on the way to another may lack room
        least_spare = min(0.0, float(changes.spare.max())) if most < np.inf else -np.inf
        near = [change for change in changes.cheapest(most, least_spare) if suits(self.program, change[2])]
        return self._picked([chosen for _, _, chosen in near], [estimate for estimate, _, _ in near])

    def _picked(self, sets: list[Mask], estimates: list[float]) -> Mask | None:
        """Pick one of the sets, rather one that seems cheap and was tried less often; None where there is none."""
        if not sets:
            return None
        # a set that was tried counts by what came of it, others by their estimates and what these usually lack
        usual = float(np.median(self.gaps[-30:])) if self.gaps else 0.0
        keys = [np.flatnonzero(new).tobytes() for new in sets]
        worth = [self.found.get(key, value + usual) for key, value in zip(keys, estimates, strict=True)]
        tries = [self.seen.get(key, 0) for key in keys]
        rank = np.argsort(np.argsort(worth, kind="stable")) + 3 * self.random.exponential(size=len(sets))
        return sets[int((rank + 4 * np.array(tries)).argmin())]

    def _assigned(self, at: Integers, closed: Mask, opened: Mask, new: Mask) -> Integers:
        """Assign again what gains most where something was opened, and what was where something was closed."""
        program, score, at, everyone = self.program, self.prices.score, at.copy(), np.arange(len(at))
        for opener in np.flatnonzero(opened).tolist():
            gain = score[at, everyone] - score[opener]
            order = np.argsort(-gain / np.maximum(program.weight[opener], 1e-9), kind="stable")
            fits = np.cumsum(program.weight[opener][order]) <= program.room[opener]
            at[order[fits & (gain[order] > 0)]] = opener
        moved = closed[at]
        if not closed.any() and not opened.any():
            moved = self.random.random(len(at)) < 0.3
        return regret(program, np.where(new[:, None], score, np.inf), at, np.flatnonzero(moved))
