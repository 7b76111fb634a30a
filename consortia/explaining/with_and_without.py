"""The least cost of a consortium with each outsider, and without each member, proven for all of them together.

To ask for each by itself is as many proofs as there are partners. Instead one question asks for a consortium in which
*something* is cheaper than known: with one of the outsiders or without one of the members, at less than the cheapest
such consortium so far. What it finds settles whoever is in or out of it; that there is none settles all the rest at
once. Whoever is still open is dealt out to two such questions at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consortia.consortium import Consortium
from consortia.explaining.cases import OneCase
from consortia.explaining.inquiry import Inquiry
from consortia.instance import Instance
from consortia.multipliers import bounds_by_partner
from consortia.outcome import Outcome, Status

ALONE: dict[str, Any] = {"solver": "cpsat", "options": {"workers": 1, "linearization": 2}}
"""What ``auto`` means here: one worker that uses all rows of the linear relaxation, for there are two questions."""
_EFFORT = 8.0  # of one worker's first look at the question, where nobody set a limit


def settings(inquiry: Inquiry) -> dict[str, Any]:
    """Return which solver to ask, and how."""
    return ALONE if inquiry.solver == "auto" else {}


def by_cost(instance: Instance) -> Instance:
    """Return the question with the cost as its only objective, and with all of its rules."""
    return instance.replace(objectives=(("cost", Fraction(0)),), waivable={}, rebates={})


def _by_cost(instance: Instance) -> bool:
    return [name for name, _ in instance.objectives] == ["cost"] and not instance.waivable and not instance.rebates


def least_cost(inquiry: Inquiry, instance: Instance, present: Outcome | None = None) -> Outcome:
    """Solve the question itself: by one worker if that is enough, else by ``auto``, for half of the time there is.

    An answer that is there already is taken as it is, if it is by the cost alone.
    """
    if present is not None and _by_cost(present.instance):
        return present
    if inquiry.solver != "auto":
        return inquiry.ask(instance, time_limit=_half(inquiry))
    limit = _EFFORT if inquiry.effort_limit is None else min(_EFFORT, inquiry.effort_limit)
    first = inquiry.ask(instance, **ALONE, effort_limit=limit, time_limit=_half(inquiry))
    if first.proven or first.status is Status.INFEASIBLE or inquiry.over or limit == inquiry.effort_limit:
        return first
    second = inquiry.ask(instance, hint=first, time_limit=_half(inquiry))
    return first if second.consortium is None and first.consortium is not None else second


def _half(inquiry: Inquiry) -> float | None:
    return None if inquiry.left is None else inquiry.left / 2


@dataclass
class Standing:
    """What is known of the least cost of a consortium with a partner, or without it.

    Attributes
    ----------
    joins : bool
        Whether consortia with the partner are meant; else those without it.
    least : int or None
        None of them costs less, in units; None where nothing is known.
    most : int or None
        One of them costs as much; None where none is known.
    none : bool
        Proven that there is none (below the ceiling, where there is one).
    consortium : Consortium or None
        One that costs `most`.
    """

    joins: bool
    least: int | None
    most: int | None = None
    none: bool = False
    consortium: Consortium | None = None


class WithAndWithout:
    """Finds the least cost with each outsider of a consortium, and without each of its members.

    Parameters
    ----------
    inquiry : Inquiry
    present : Outcome
        The least-cost consortium, and what is proven of it.
    ceiling : int, optional
        Only consortia that cost less than this, in units, are of interest.

    Attributes
    ----------
    standings : dict of str to Standing
        By partner that may join.
    stopped : str or None
        Why something may be left open.
    """

    def __init__(self, inquiry: Inquiry, present: Outcome, ceiling: int | None = None) -> None:
        assert present.consortium is not None and present.cost is not None
        self.inquiry, self.instance, self.ceiling = inquiry, present.instance, ceiling
        self.stopped: str | None = None
        floor = None if present.bound is None else self._units(present.bound)
        members = present.consortium.members
        self.standings = {name: Standing(name not in members, floor) for name in self.instance.partners}
        self.note(present)

    def _units(self, amount: Any) -> int:
        return self.instance.units(amount)[0]

    def find(self) -> None:
        """Ask until all is settled; where a limit ends it, let multipliers bound what is open."""
        self._ask()
        if self.stopped is not None and not self.inquiry.interrupted:
            self._bound()

    def _ask(self) -> None:
        while self.stopped is None and (groups := list(self._groups())):
            if self.inquiry.over:
                self.stopped = "interrupted" if self.inquiry.interrupted else "time"
                return
            before = {name: entry.most for name, entry in self.standings.items()}
            outcomes = self.inquiry.ask_together([self._question(group) for group in groups], **settings(self.inquiry))
            for outcome in outcomes:
                self.note(outcome)
            for group, outcome in zip(groups, outcomes, strict=True):
                self._learn(group, outcome, before)

    def _bound(self) -> None:
        """Raise what consortia with, or without, those who are open cost at least to what multipliers prove."""
        bounds, budget = bounds_by_partner(self.instance) or {}, self.instance.budget
        for name, entry in self.standings.items():
            if name in bounds and self._open(entry):
                low = bounds[name][0 if entry.joins else 1]
                limit = self._below(entry.most)
                entry.none = entry.most is None and budget is not None and low > budget
                low = low if limit is None else min(low, limit)
                entry.least = low if entry.least is None else max(entry.least, low)

    def _groups(self) -> Iterator[list[str]]:
        """Deal out who is open to two questions, outsiders and members alike."""
        left = [name for name, entry in self.standings.items() if self._open(entry)]
        left.sort(key=lambda name: self.standings[name].joins)
        yield from filter(None, (left[::2], left[1::2]))

    def _open(self, entry: Standing) -> bool:
        limit = self._below(entry.most)
        return not entry.none and (limit is None or entry.least is None or entry.least < limit)

    def _below(self, most: int | None) -> int | None:
        return min((limit for limit in (most, self.ceiling) if limit is not None), default=None)

    def _question(self, group: Iterable[str]) -> Instance:
        found = {name: self.standings[name] for name in group}
        cases = tuple((name, entry.joins, self._below(entry.most)) for name, entry in found.items())
        return self.instance.replace(rules=(*self.instance.rules, OneCase(cases=cases)))

    def note(self, outcome: Outcome) -> None:
        """Keep a consortium for everybody whom it is the cheapest with, or without."""
        if outcome.consortium is None or outcome.cost is None:
            return
        cost, members = self._units(outcome.cost), outcome.consortium.members
        for name, entry in self.standings.items():
            if (name in members) is entry.joins and (entry.most is None or cost < entry.most):
                entry.most, entry.consortium = cost, outcome.consortium

    def _learn(self, group: list[str], outcome: Outcome, before: dict[str, int | None]) -> None:
        """Raise what everybody in a group costs at least."""
        proven = outcome.status is Status.INFEASIBLE
        if not proven and outcome.status is not Status.OPTIMAL:
            self.stopped = outcome.stopped or "time"
        bound = None if outcome.bound is None else self._units(outcome.bound)
        for name in group:
            entry, limit = self.standings[name], self._below(before[name])
            if proven and before[name] is None:
                entry.none = True
            elif proven:
                entry.least = limit
            elif bound is not None:
                low = bound if limit is None else min(bound, limit)
                entry.least = low if entry.least is None else max(entry.least, low)
