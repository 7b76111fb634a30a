"""Prices of choices and of room in assignment programs, what they say of sets of openers, and greedy assignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from consortia.linear import Integers
from consortia.solvers.assignments import Assignments, Floats

PRICING = 200
"""Subgradient steps."""


@dataclass(frozen=True)
class Prices:
    """What Lagrangian relaxation says.

    Attributes
    ----------
    dear : array of float
        Reduced costs of openers.
    score : array of float (openers, choices)
        What assignments cost, room included.
    worth : array of float
        What a unit of room is worth.
    bound : float
    """

    dear: Floats
    score: Floats
    worth: Floats
    bound: float

    def estimates(self, program: Assignments, inside: Integers, outside: Integers) -> Floats:
        """For each opener inside to close, or none, and each outside to open, or none: no such set costs less.

        The greatest of Lagrangian bounds: with prices of choices, and with prices of room, whole, halved and none.
        """
        value = np.append(-self.dear[inside], 0)[:, None] + np.append(self.dear[outside], 0)
        value += self.bound + self.dear[inside].sum() - np.minimum(self.dear, 0).sum()
        everyone = np.arange(program.cost.shape[1])
        for part in (1.0, 0.5, 0.0):
            score = program.cost + (part * self.worth)[:, None] * program.weight
            rent = program.fee - part * self.worth * program.room
            within = score[inside]
            first, best = within.argmin(axis=0), within.min(axis=0)
            rest = np.repeat(best[None], len(inside) + 1, axis=0)
            within[first, everyone] = np.inf
            rest[first, everyone] = within.min(axis=0)
            bound = np.append(-rent[inside], 0)[:, None] + np.append(rent[outside], 0) + rent[inside].sum()
            bound[:, -1] += rest.sum(axis=1)
            for place, opener in enumerate(outside.tolist()):
                bound[:, place] += np.minimum(rest, score[opener]).sum(axis=1)
            np.maximum(value, bound, out=value)
        return np.asarray(value)


def priced(program: Assignments, upper: float, halt: Callable[[], bool]) -> Prices:
    """Price choices by subgradient steps; what is left are fractional knapsacks."""
    openers = np.arange(len(program.fee))
    cost = np.where(np.isinf(program.cost), 1e15, program.cost)
    light = np.maximum(program.weight, 1e-9)
    share = np.maximum(program.fee / np.maximum(program.room, 1), 0)[:, None]
    prices = (cost + share * program.weight).min(axis=0)
    best, pace, fails = Prices(np.zeros(len(openers)), program.cost, np.zeros(len(openers)), -np.inf), 0.3, 0
    for _ in range(PRICING):
        if halt():
            break
        reduced = np.minimum(cost - prices, 0)
        order = np.argsort(reduced / light, axis=1)
        reduced, weight = (np.take_along_axis(matrix, order, axis=1) for matrix in (reduced, light))
        part = np.clip((program.room[:, None] - np.cumsum(weight, axis=1)) / weight + 1, 0, 1)
        dear = (reduced * part).sum(axis=1) + program.fee
        bound = float(prices.sum() + np.minimum(dear, 0).sum())
        if bound > best.bound:
            # the first choice that does not fit would save this with a unit of room
            first = openers, (part < 1).argmax(axis=1)
            worth = np.where(part.min(axis=1) < 1, -reduced[first] / weight[first], 0)
            best, fails = Prices(dear, program.cost + worth[:, None] * program.weight, worth, bound), 0
        else:
            fails += 1
            if fails % 5 == 0:
                pace *= 0.7
        part *= (reduced < 0) & (dear < 0)[:, None]
        lack = 1 - np.bincount(order.ravel(), part.ravel(), order.shape[1])
        size = float(lack @ lack)
        if size < 1e-9 or pace < 1e-3:
            break
        prices = prices + pace * max(1.02 * upper - bound, 1.0) / size * lack
    return best


def regret(program: Assignments, score: Floats, at: Integers | None = None, moved: Integers | None = None) -> Integers:
    """Assign choices one after the other, first those that would lose most if they had to wait.

    Where nothing has room any more, the least overload decides.
    """
    openers, choices = program.cost.shape
    at = np.zeros(choices, dtype=np.int64) if at is None else at.copy()
    left = np.arange(choices) if moved is None else moved
    load = np.zeros(openers)
    stays = np.setdiff1d(np.arange(choices), left)
    np.add.at(load, at[stays], program.weight[at[stays], stays])
    large = 1 + 2 * float(np.abs(score[np.isfinite(score)]).sum())
    while len(left):
        over = np.maximum(program.weight[:, left] + (load - program.room)[:, None], 0)
        value = score[:, left] + large * over
        first = value.argmin(axis=0)
        least = value[first, np.arange(len(left))]
        value[first, np.arange(len(left))] = np.inf
        place = int(np.argmax(np.minimum(value.min(axis=0), 1e30) - least))
        choice, opener = int(left[place]), int(first[place])
        at[choice] = opener
        load[opener] += program.weight[opener, choice]
        left = np.delete(left, place)
    return at
