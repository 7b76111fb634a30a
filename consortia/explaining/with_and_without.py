"""The least cost of a consortium with each outsider, and without each member, proven for all of them together.

Each is asked about by itself, two at a time: is there a consortium with this outsider, or without this member, that is
cheaper than the cheapest such one so far? What a question finds may be the cheapest for others as well. And what it
proves makes the next ones smaller: who can only be in consortia that are dearer than what is asked for is left out, who
can only be missing in such is in. So the easy ones come first: nobody gets more than a little effort before everybody
had as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consortia.consortium import Consortium
from consortia.explaining.cases import OneCase, Settled
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.nearby import found_near
from consortia.instance import Instance
from consortia.multipliers import bounds_by_partner
from consortia.outcome import Outcome, Status

ALONE: dict[str, Any] = {"solver": "cpsat", "options": {"workers": 1, "linearization": 2}}
"""What ``auto`` means here: one worker that uses all rows of the linear relaxation, for there are two questions."""
_EFFORT = 8.0  # of one worker's first look at the question, where nobody set a limit
_LARGE = 1000  # possible deliveries
_SHARE = 0.4  # of the time, for the question itself
_FIRST = 0.6  # of the first question about each partner; more than this doubles from round to round
_JOINING = 4


def settings(inquiry: Inquiry) -> dict[str, Any]:
    """Return which solver to ask, and how, where two questions are asked at a time."""
    return ALONE if inquiry.solver == "auto" else {}


def is_large(instance: Instance) -> bool:
    """Tell whether one worker by itself gets nowhere with a question."""
    return len(instance.arc_partner) >= _LARGE


def by_cost(instance: Instance) -> Instance:
    """Return the question with the cost as its only objective, and with all of its rules."""
    return instance.replace(objectives=(("cost", Fraction(0)),), waivable={}, rebates={})


def _by_cost(instance: Instance) -> bool:
    return [name for name, _ in instance.objectives] == ["cost"] and not instance.waivable and not instance.rebates


def least_cost(inquiry: Inquiry, instance: Instance, present: Outcome | None = None) -> Outcome:
    """Solve the question itself: by one worker if that is enough, else by ``auto``, for a part of the time there is.

    An answer that is there already is taken as it is, if it is by the cost alone.
    """
    if present is not None and _by_cost(present.instance):
        return present
    found = _first(inquiry, instance)
    if found.consortium is None and found.stopped == "time" and not inquiry.over:
        return inquiry.ask(instance)  # without a consortium there is nothing to keep time for
    return found


def _first(inquiry: Inquiry, instance: Instance) -> Outcome:
    if inquiry.solver != "auto" or is_large(instance):
        with inquiry.part(_SHARE):
            return inquiry.ask(instance)
    limit = _EFFORT if inquiry.effort_limit is None else min(_EFFORT, inquiry.effort_limit)
    with inquiry.part(_SHARE):
        first = inquiry.ask(instance, **ALONE, effort_limit=limit)
    if first.proven or first.status is Status.INFEASIBLE or inquiry.over or limit == inquiry.effort_limit:
        return first
    with inquiry.part(_SHARE):
        second = inquiry.ask(instance, hint=first)
    return first if second.consortium is None and first.consortium is not None else second


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
    without : iterable of str, optional
        Partners without whom consortia are meant, and nothing else; by default everybody is looked at.

    Attributes
    ----------
    standings : dict of str to Standing
        By partner that may join.
    stopped : str or None
        Why something may be left open.
    """

    def __init__(
        self,
        inquiry: Inquiry,
        present: Outcome,
        ceiling: int | None = None,
        without: Iterable[str] | None = None,
    ) -> None:
        assert present.consortium is not None and present.cost is not None
        self.inquiry, self.instance, self.ceiling, self.present = inquiry, present.instance, ceiling, present
        self.stopped: str | None = None
        floor = None if present.bound is None else self._units(present.bound)
        members = present.consortium.members
        sides = {name: name not in members for name in self.instance.partners}
        if without is not None:
            sides = dict.fromkeys(without, False)
        self.standings = {name: Standing(joins, floor) for name, joins in sides.items()}
        self.note(present)

    def _units(self, amount: Any) -> int:
        return self.instance.units(amount)[0]

    def find(self) -> None:
        """Ask until all is settled, or a limit ends it; what multipliers settle is not asked."""
        self._bound()
        if not self.present.proven and self.inquiry.solver == "auto":
            # exact prices are out of reach then: see first that some consortium is known for as many as possible
            for outcome in found_near(self.inquiry, self.present, self._unknown, _JOINING):
                self.note(outcome)
        for effort in self._efforts():
            waiting = self._waiting()
            if self.stopped is not None or not waiting:
                return
            self._round(waiting, effort)
        if self._waiting():
            self.stopped = self.stopped or "effort"

    def _efforts(self) -> Iterator[float | None]:
        """Double the effort up to the limit; other solvers than our own choice have units of their own."""
        effort, limit = _FIRST, self.inquiry.effort_limit
        while self.inquiry.solver == "auto" and (limit is None or effort < limit):
            yield effort
            effort *= 2
        yield limit

    def _round(self, waiting: list[str], effort: float | None) -> None:
        """Ask once about everybody who is open, with so much effort for each."""
        for names in self.inquiry.in_pairs(name for name in waiting if self._open(self.standings[name])):
            before = {name: self.standings[name].most for name in names}
            questions = [self._question(name) for name in names]
            outcomes = self.inquiry.ask_together(questions, effort_limit=effort, **settings(self.inquiry))
            for outcome in outcomes:
                self.note(outcome)
            for name, outcome in zip(names, outcomes, strict=True):
                self._learn(name, outcome, before[name])
            if self.stopped is not None:
                return
        if self.inquiry.over and self._waiting():
            self.stopped = "interrupted" if self.inquiry.interrupted else "time"

    def _bound(self) -> None:
        """Raise what consortia with, or without, those who are open cost at least to what multipliers prove."""
        bounds, budget = bounds_by_partner(self.instance, self.inquiry.left) or {}, self.instance.budget
        for name, entry in self.standings.items():
            if name in bounds and self._open(entry):
                low = bounds[name][0 if entry.joins else 1]
                limit = self._below(entry.most)
                entry.none = entry.most is None and budget is not None and low > budget
                low = low if limit is None else min(low, limit)
                entry.least = low if entry.least is None else max(entry.least, low)

    def _unknown(self, name: str) -> bool:
        entry = self.standings.get(name)
        return entry is not None and entry.most is None and not entry.none

    def _waiting(self) -> list[str]:
        """Return who is open: first those whom no consortium is known for, then those of the dearest, and so on."""
        left = [name for name, entry in self.standings.items() if self._open(entry)]
        return sorted(left, key=self._rank)

    def _rank(self, name: str) -> tuple[bool, int, int]:
        entry = self.standings[name]
        return entry.most is not None, -(entry.most or 0), -(entry.least or 0)

    def _open(self, entry: Standing) -> bool:
        limit = self._below(entry.most)
        return not entry.none and (limit is None or entry.least is None or entry.least < limit)

    def _below(self, most: int | None) -> int | None:
        return min((limit for limit in (most, self.ceiling) if limit is not None), default=None)

    def _question(self, name: str) -> Instance:
        """Ask for a cheaper consortium with, or without, a partner, from among all who may be in such."""
        entry = self.standings[name]
        below = self._below(entry.most)
        case = OneCase(cases=((name, entry.joins, below),))
        dear = {
            other: known.joins
            for other, known in self.standings.items()
            if other != name and (known.none or self._reaches(known.least, below))
        }
        settled = Settled(
            inside=tuple(other for other, joins in dear.items() if not joins),
            outside=tuple(other for other, joins in dear.items() if joins),
        )
        return self.instance.replace(rules=(*self.instance.rules, case, settled))

    @staticmethod
    def _reaches(least: int | None, below: int | None) -> bool:
        return least is not None and below is not None and least >= below

    def note(self, outcome: Outcome) -> None:
        """Keep a consortium for everybody whom it is the cheapest with, or without."""
        if outcome.consortium is None or outcome.cost is None:
            return
        cost, members = self._units(outcome.cost), outcome.consortium.members
        for name, entry in self.standings.items():
            if (name in members) is entry.joins and (entry.most is None or cost < entry.most):
                entry.most, entry.consortium = cost, outcome.consortium

    def _learn(self, name: str, outcome: Outcome, before: int | None) -> None:
        """Raise what consortia with, or without, a partner cost at least."""
        entry, limit = self.standings[name], self._below(before)
        if outcome.status is Status.INFEASIBLE:
            if before is None:
                entry.none = True
            else:
                entry.least = limit
            return
        if outcome.status is not Status.OPTIMAL and outcome.stopped != "effort":
            self.stopped = outcome.stopped or "time"
        if outcome.bound is not None:
            bound = self._units(outcome.bound)
            low = bound if limit is None else min(bound, limit)
            entry.least = low if entry.least is None else max(entry.least, low)
