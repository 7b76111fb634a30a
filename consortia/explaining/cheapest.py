"""The cheapest consortia that differ from one another: proven one after the other, then what is near the first.

To prove which is the cheapest that differs from those before it may take longer than there is time. What is left of
the time then goes to consortia near the cheapest one, which are found quickly; all that is said of them is that they
are valid, what they cost, and what none that is left costs less than.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from consortia.checking import verify
from consortia.consortium import Consortium
from consortia.explaining.cases import Differs
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.nearby import found_near
from consortia.explaining.with_and_without import is_large, settings
from consortia.outcome import Outcome, Stage, Status


class Cheapest:
    """Finds the cheapest consortia that differ enough from one another, within a share of the least cost.

    Parameters
    ----------
    inquiry : Inquiry
    first : Outcome
        The least-cost consortium, and what is proven of it.
    share : Fraction
        How much dearer than the least cost they may be, as a share of it.
    count : int
        How many are wanted.
    distance : int
        In how many members any two of them differ at least.
    keep : Fraction
        Which part of the time that is left is kept for what is asked later.

    Attributes
    ----------
    found : list of Outcome
        Those that are proven, then the others by cost.
    more : bool or None
        Whether there are more; None where that was not found out.
    stopped : str or None
        Why not all is proven.
    """

    def __init__(
        self, inquiry: Inquiry, first: Outcome, share: Fraction, count: int, distance: int, keep: Fraction
    ) -> None:
        self._inquiry, self._share, self._count, self._distance = inquiry, share, count, distance
        self.found = [first]
        self.more: bool | None = None
        self.stopped: str | None = None
        self._kept = 0.0 if inquiry.left is None else float(keep) * inquiry.left
        self._left = first.instance
        """The question for those that differ enough from all that are proven."""

    @property
    def ceiling(self) -> int:
        """What consortia within the share of the least cost cost less than, in units."""
        cost = self.found[0].cost
        assert cost is not None
        units = self.found[0].instance.units(cost)[0]
        return (units + self._share * abs(units)) // 1 + 1

    def run(self) -> None:
        """Prove as many as the limits allow, and find others."""
        last = self._prove()
        if last is None:
            return
        self.stopped = "interrupted" if self._inquiry.interrupted else last.stopped
        known = [answer.consortium for answer in (self.found[0], last) if answer.consortium is not None]
        if self._inquiry.solver == "auto":
            known += self._near()
        bound, proven = self._bound(last), [outcome for outcome in self.found if outcome.proven]
        self._choose(proven, [self._stated(consortium, last, bound) for consortium in known])
        while len(self.found) < self._count and not self._late():
            answer = self._ask([outcome for outcome in self.found if outcome not in proven])
            if answer.consortium is None:
                self.more = False if _is_none(answer) else None
                return
            others = [outcome for outcome in self.found if outcome not in proven]
            self._choose(proven, [*others, self._stated(answer.consortium, last, bound)])

    def _prove(self) -> Outcome | None:
        """Ask for one after the other; return the answer that proves none, or None where nothing is open."""
        outcome = self.found[0]
        while outcome.proven:
            self._left = self._left.replace(rules=(*self._left.rules, self._differs(outcome)))
            if self._inquiry.over:
                return _unknown(outcome)
            outcome = self._ask()
            if outcome.consortium is None:
                self.more = False if _is_none(outcome) else None
                return None if _is_none(outcome) else outcome
            if len(self.found) == self._count:
                self.more = True
                return None
            if outcome.proven:
                self.found.append(outcome)
        return outcome

    def _ask(self, others: Iterable[Outcome] = ()) -> Outcome:
        """Ask for the cheapest that differs enough from all that are proven, and from some others."""
        question = self._left.replace(rules=(*self._left.rules, *(self._differs(other) for other in others)))
        how = {} if is_large(question) else settings(self._inquiry)
        with self._inquiry.part(1 / 2):  # the rest is for what comes after it
            return self._inquiry.ask(question, cutoff=self._left.money(self.ceiling), **how)

    def _differs(self, outcome: Outcome) -> Differs:
        return Differs(members=_members(outcome), least=self._distance)

    def _near(self) -> list[Consortium]:
        """Find consortia near the first, with and without as many partners as there is time for."""
        first, found = self.found[0], list[Consortium]()
        moved: set[str] = set()
        for answer in found_near(self._inquiry, replace(first, instance=self._left), lambda name: name not in moved):
            assert answer.consortium is not None
            found.append(answer.consortium)
            moved.update({*answer.consortium.members} ^ {*_members(first)})
            if self._late():
                break
        return found

    def _choose(self, proven: list[Outcome], others: list[Outcome]) -> None:
        """Keep the cheapest that differ enough, after those that are proven."""
        self.found, self.more = list(proven), None
        for other in sorted(others, key=_cost):
            if self.found and self._left.units(_cost(other))[0] >= self.ceiling:
                return
            if all(self._differ(other, one) for one in self.found):
                if len(self.found) == self._count:
                    self.more = True
                    return
                self.found.append(other)

    def _bound(self, last: Outcome) -> Decimal | None:
        """Return what none that is left costs less than: no less than the last that is proven."""
        bounds = [bound for bound in (last.bound, self.found[-1].bound) if bound is not None]
        return max(bounds, default=None)

    def _late(self) -> bool:
        """Tell whether what is left of the time is for what is asked later."""
        left = self._inquiry.left
        return self._inquiry.over or (left is not None and left < self._kept)

    def _differ(self, one: Outcome, other: Outcome) -> bool:
        return len(set(_members(one)) ^ set(_members(other))) >= self._distance

    def _stated(self, consortium: Consortium, last: Outcome, bound: Decimal | None) -> Outcome:
        """Return a consortium as an answer to the question of which others are left."""
        found = verify(self._left, consortium)
        cost = self._left.money(found.cost)
        status = Status.OPTIMAL if cost == bound else Status.FEASIBLE
        least = None if bound is None else Fraction(bound)
        proof = last.proof or self.found[-1].proof
        stage = Stage("cost", False, Fraction(cost), least, Fraction(0), status, proof)
        return Outcome(
            instance=self._left,
            status=status,
            solver=last.solver,
            seconds=last.seconds,
            consortium=consortium,
            cost=cost,
            bound=bound,
            proof=None if bound is None else proof,
            stopped=None if status is Status.OPTIMAL else last.stopped,
            lines=found.lines,
            stages=(stage,),
            versions=last.versions,
        )


def _unknown(last: Outcome) -> Outcome:
    """Return that nothing is known of those that differ from the last one, but that they are no cheaper."""
    stopped = last.stopped or "time"
    return replace(last, status=Status.UNKNOWN, consortium=None, cost=None, stopped=stopped, lines=(), stages=())


def _is_none(answer: Outcome) -> bool:
    """Tell whether an answer proves that there is none."""
    return answer.status is Status.INFEASIBLE or answer.stopped == "cutoff"


def _cost(outcome: Outcome) -> Decimal:
    assert outcome.cost is not None
    return outcome.cost


def _members(outcome: Outcome) -> tuple[str, ...]:
    assert outcome.consortium is not None
    return tuple(outcome.consortium.members)
