"""The cheapest consortia that differ from one another: proven one after the other, then what is near the first.

To prove which is the cheapest that differs from those before it may take longer than there is time. What is left of
the time then goes to consortia near the cheapest one, which are found quickly; all that is said of them is that they
are valid, what they cost, and what none that is left costs less than.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from consortia.checking import verify
from consortia.consortium import Consortium
from consortia.explaining.cases import Differs
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.nearby import found_near
from consortia.explaining.with_and_without import settings
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
        Which part of the time that is left after the proofs is kept for what is asked later.

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
        self._inquiry, self._share, self._count, self._distance, self._keep = inquiry, share, count, distance, keep
        self.found = [first]
        self.more: bool | None = None
        self.stopped: str | None = None
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
        """Prove as many as the limits allow, and find others near the first."""
        last = self._prove()
        if last is None:
            return
        self.stopped = "interrupted" if self._inquiry.interrupted else last.stopped
        if self._inquiry.solver == "auto":
            self._look_near(last)
        elif last is not self.found[0] and last.consortium is not None:
            self.found.append(last)

    def _prove(self) -> Outcome | None:
        """Ask for one after the other; return the answer that proves none, or None where nothing is open."""
        outcome = self.found[0]
        while outcome.proven:
            rule = Differs(members=_members(outcome), least=self._distance)
            self._left = self._left.replace(rules=(*self._left.rules, rule))
            if self._inquiry.over:
                return _unknown(outcome)
            left = self._inquiry.left
            limit = None if left is None else left / 2  # the rest is for others, which may be easier to find
            below = outcome.instance.money(self.ceiling)
            outcome = self._inquiry.ask(self._left, cutoff=below, time_limit=limit, **settings(self._inquiry))
            if outcome.consortium is None:
                if outcome.status is not Status.INFEASIBLE and outcome.stopped != "cutoff":
                    return outcome
                self.more = False
                return None
            if len(self.found) == self._count:
                self.more = True
                return None
            if outcome.proven:
                self.found.append(outcome)
        return outcome

    def _look_near(self, last: Outcome) -> None:
        """Find others near the first, and take the cheapest of them that differ enough."""
        first, bound = self.found[0], self._bound(last)
        proven = self.found if first.proven else []
        known = [answer.consortium for answer in (last, first) if answer.consortium is not None]
        moved: set[str] = set()
        until = self._until()
        for answer in found_near(self._inquiry, replace(first, instance=self._left), lambda name: name not in moved):
            assert answer.consortium is not None
            known.append(answer.consortium)
            moved |= set(answer.consortium.members) ^ set(_members(first))
            if until is not None and self._inquiry.seconds > until:
                break
        others = sorted((self._stated(one, last, bound) for one in known), key=_cost)
        self.found = list(proven)
        for other in others:
            if self.found and first.instance.units(_cost(other))[0] >= self.ceiling:
                break
            if all(self._differ(other, one) for one in self.found):
                if len(self.found) == self._count:
                    self.more = True
                    break
                self.found.append(other)

    def _bound(self, last: Outcome) -> Decimal | None:
        """Return what none that is left costs less than: no less than the last that is proven."""
        bounds = [bound for bound in (last.bound, self.found[-1].bound) if bound is not None]
        return max(bounds, default=None)

    def _until(self) -> float | None:
        left = self._inquiry.left
        return None if left is None else self._inquiry.seconds + float(1 - self._keep) * left

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


def _cost(outcome: Outcome) -> Decimal:
    assert outcome.cost is not None
    return outcome.cost


def _members(outcome: Outcome) -> tuple[str, ...]:
    assert outcome.consortium is not None
    return tuple(outcome.consortium.members)
