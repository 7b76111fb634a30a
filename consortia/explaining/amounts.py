"""By how much: demands that a repair drops, loosened as little as will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import numpy as np

from consortia.checking import verify
from consortia.errors import InternalError
from consortia.explaining.asking import StandIns, Suppliers
from consortia.explaining.demands import Demand, TakenApart
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.loosening import Ladder, ladders, optimised, with_limit
from consortia.explaining.possible import whether
from consortia.explaining.repaired import Relaxed, repaired
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.rules import Rule


class Amounts:
    """Makes what a repair changes least, one change after another in the order of the demands.

    While one is made least, those before it are as they were found and those after it dropped.

    Parameters
    ----------
    apart : TakenApart
    inquiry : Inquiry
    dropped : iterable of int
        Positions of the demands that are broken.

    Attributes
    ----------
    state : dict of int to Rule, int, Decimal or None
        What becomes of each of them.
    exact : bool
        Whether all amounts are proven to be least.
    best : Outcome or None
        The last that was solved with a consortium.
    """

    def __init__(self, apart: TakenApart, inquiry: Inquiry, dropped: frozenset[int]) -> None:
        self.apart, self.inquiry = apart, inquiry
        self.state: dict[int, Relaxed] = dict.fromkeys(sorted(dropped))
        self.exact = True
        self.best: Outcome | None = None

    def run(self) -> Outcome | None:
        """Find all amounts, and then the cheapest consortium of the repaired question; None if none was found."""
        for place in self.state:
            self._least(place, self.apart.demands[place])
        instance = repaired(self.apart, self.state)
        if any(isinstance(to, Decimal) for to in self.state.values()):
            # the budget comes last and is the least cost: its consortium is the cheapest of the repaired question too
            assert self.best is not None and self.best.consortium is not None
            if not verify(instance, self.best.consortium).valid:
                raise InternalError("the least cost is no budget that is enough")
            return replace(self.best, instance=instance)
        outcome = self.inquiry.ask(instance, **self._start())
        return outcome if outcome.consortium is not None else self.best

    def _start(self) -> dict[str, Outcome]:
        """Start from what was found."""
        return {} if self.best is None else {"hint": self.best}

    def _least(self, place: int, demand: Demand) -> None:
        if demand.kind == "budget":
            self._cheapest(place)
        elif demand.kind == "level":
            self._highest(place, demand)
        elif demand.kind in ("suppliers", "backups"):
            self._fewer(place, demand)
        elif demand.original is not None:
            self._looser(place, demand.original)

    def _ask(self) -> Outcome:
        outcome = whether(self.inquiry, repaired(self.apart, self.state))
        if outcome.consortium is not None:
            self.best = outcome
        elif outcome.status is not Status.INFEASIBLE:
            self.exact = False
        return outcome

    def _consortium(self) -> Outcome | None:
        """Return an outcome with a consortium of the question as it is now."""
        return self._ask() if self.best is None else self.best

    def _cheapest(self, place: int) -> None:
        """The budget becomes the least cost."""
        outcome = self.inquiry.ask(repaired(self.apart, self.state), **self._start())
        if outcome.consortium is None:
            self.exact = False
            return
        self.best = outcome
        self.exact &= outcome.proven
        self.state[place] = outcome.cost

    def _highest(self, place: int, demand: Demand) -> None:
        """The level becomes the highest of those offered that works."""
        project, pool = self.apart.question.project, self.apart.question.pool
        assert project is not None and pool is not None
        asked = next(entry for entry in project.capabilities if entry.id == demand.capability)
        offered = np.unique(pool.offer_level[pool.suiting(asked.wanted)])
        levels = [int(level) for level in offered[::-1].tolist() if level < asked.level]
        low, high = 0, len(levels) - 1
        while low < high:
            middle = (low + high) // 2
            self.state[place] = levels[middle]
            outcome = self._ask()
            if outcome.consortium is not None:
                high = middle
            elif outcome.status is Status.INFEASIBLE:
                low = middle + 1
            else:
                break
        self.state[place] = levels[high]

    def _fewer(self, place: int, demand: Demand) -> None:
        """The number becomes the greatest that works."""
        kind = Suppliers if demand.kind == "suppliers" else StandIns
        assert isinstance(demand.rule, Suppliers | StandIns) and demand.capability is not None
        most, none = demand.rule.least, 1 if demand.kind == "suppliers" else 0
        forms = (demand.capability,)
        ladder = Ladder(most - 1 - none, lambda step: kind(forms=forms, least=most - 1 - step))
        step = self._climbed(place, ladder, lambda at: most - 1 - at)
        self.state[place] = none if step is None else most - 1 - step

    def _looser(self, place: int, rule: Rule) -> None:
        """The limit becomes the nearest that works; a rule without one stays dropped."""
        if optimised(rule) is not None:
            self._best(place, rule)
            return
        for ladder in ladders(rule, self.apart.original):
            step = self._climbed(place, ladder, ladder.at)
            if step is not None:
                self.state[place] = ladder.at(step)
                return
            self.state[place] = None

    def _climbed(self, place: int, ladder: Ladder, made: Callable[[int], Relaxed]) -> int | None:
        """Return the first step of a ladder that works; None if none does."""
        found = self._consortium()
        if found is None or found.consortium is None or not ladder.steps:
            return None
        low, high = 0, ladder.first(found.instance, found.consortium)
        while low < high:
            middle = (low + high) // 2
            self.state[place] = made(middle)
            outcome = self._ask()
            if outcome.consortium is not None:
                high = ladder.first(outcome.instance, outcome.consortium, upto=middle)
            elif outcome.status is Status.INFEASIBLE:
                low = middle + 1
            else:
                break
        return high if high < ladder.steps else None

    def _best(self, place: int, rule: Rule) -> None:
        """The limit of an expression becomes its best value."""
        name = optimised(rule)
        assert name is not None
        instance: Instance = repaired(self.apart, self.state)
        outcome = self.inquiry.ask(instance.replace(objectives=((name, Fraction(0)),)))
        if outcome.consortium is None or outcome.stages[0].value is None:
            self.exact = False
            return
        self.best = outcome
        self.exact &= outcome.status is Status.OPTIMAL
        self.state[place] = with_limit(rule, outcome.stages[0].value)


def rounded_up(amount: Decimal, unit: Decimal) -> Decimal:
    """Round a budget to a unit of its currency, never down.

    Examples
    --------
    >>> rounded_up(Decimal("244290.205"), Decimal("0.01"))
    Decimal('244290.21')
    """
    return amount.quantize(unit, ROUND_CEILING)
