"""The search for newcomers: which competences, at the least, would make a question feasible, or its answer cheaper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from consortia.explaining.describing import Describer, Profile
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.unfound import Unfound, Wanted
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.rules import Exclude

FREE = (("competences of newcomers", Fraction(0)), ("effort of newcomers", Fraction(0)), ("cost", Fraction(0)))
CHEAP = (("cost", Fraction(0)), ("competences of newcomers", Fraction(0)), ("effort of newcomers", Fraction(0)))
LARGEST = 3
"""Of so many competences, at most, are the profiles that make a feasible question cheaper."""

SHARE = 0.4
"""Of the time that is left, so much is for looking for a profile: the rest is for adding it to the pool."""

MANY = 12
"""With so many partners outside the consortium, it is asked first who would help those that are in."""


@dataclass(frozen=True)
class _Best:
    """The best newcomer that was found, whether it is proven to be, and what any costs at least with the others."""

    outcome: Outcome | None
    proven: bool
    bound: Decimal | None = None


@dataclass
class Search:
    """Looks for profiles of newcomers that help.

    Attributes
    ----------
    unfound : Unfound
    now : Outcome
        Of the question as it is.
    inquiry : Inquiry
    settled : bool
        Whether everything that was looked for was found, or proven not to be there.
    saves : dict of int to Decimal
        What no newcomer with so many competences at most saves more than, even for nothing, where its best is open.
    """

    unfound: Unfound
    now: Outcome
    inquiry: Inquiry
    settled: bool = True
    saves: dict[int, Decimal] = field(default_factory=dict)
    _posed: dict[tuple[str, ...], Instance] = field(default_factory=dict)
    _until: float | None = None

    def __post_init__(self) -> None:
        self._describer = Describer(self.unfound, self.now, self.inquiry)

    @property
    def complete(self) -> bool:
        """Whether everything was asked and is proven, prices included."""
        return self.settled and self._describer.complete

    def feasible(self, most: int) -> Iterator[Profile]:
        """Find the smallest profiles that make the question feasible, none of which contains another."""
        budget = self.unfound.question.instance.budget
        limit = None if budget is None else self.unfound.question.instance.money(budget)
        known: list[tuple[str, ...]] = []
        while len(known) < most:
            best = self._best(FREE, len(self.unfound.offers), known)
            if best.outcome is None:
                return
            profile = self._describer.profile(best.outcome, known, limit, best.proven)
            if profile is None:
                return
            known.append(tuple(profile.serves))
            yield profile

    def cheaper(self, most: int) -> Iterator[Profile]:
        """Find the profiles of one competence that save most, and the best of two and of three if they save more."""
        assert self.now.cost is not None
        known: list[tuple[str, ...]] = []
        for size in range(1, min(LARGEST, len(self.unfound.offers)) + 1):
            least: Decimal | None = None
            excluded = known if size == 1 else []
            while len(known) < most if size == 1 else least is None:
                best = self._best(CHEAP, size, excluded, self.now.cost if least is None else None)
                if not excluded and not best.proven and best.bound is not None and best.bound > 0:
                    self.saves[size] = self.now.cost - best.bound
                found = best.outcome
                if found is None or found.cost is None or found.cost >= self.now.cost:
                    break
                profile = self._describer.profile(found, excluded, self.now.cost, best.proven)
                if profile is None or (size > 1 and len(profile.serves) < size):
                    break
                least = found.cost
                known.append(tuple(profile.serves))
                yield profile
            if size > 1 and least is None:
                return

    # --- one at a time ---------------------------------------------------------------------------------------------

    def _best(
        self,
        objectives: Sequence[tuple[str, Fraction]],
        most: int,
        known: Sequence[tuple[str, ...]],
        below: Decimal | None = None,
    ) -> _Best:
        """Ask for the best newcomer with so many competences at most."""
        best: Outcome | None = None
        proven = True
        bounds: list[Decimal | None] = []
        left = self.inquiry.left
        self._until = None if left is None else self.inquiry.seconds + SHARE * left
        for size in range(most + 1):
            for forced in combinations(sorted(self.unfound.special), size):
                if best is not None and objectives == FREE and size > best.stages[0].value:  # type: ignore[operator]
                    return _Best(best, proven)
                if self.inquiry.over:
                    self.settled = False
                    return _Best(best, False)
                wanted = Wanted(most=most, not_all=tuple(known))
                instance = self._with_all(forced)
                instance = instance.replace(rules=(*instance.rules, wanted), objectives=tuple(objectives))
                more: dict[str, Any] = {} if below is None else {"cutoff": below}
                near = self._near(instance, more)
                if near is not None:
                    more["hint"] = near
                outcome = self._ask(instance, more)
                settled = outcome.status in (Status.OPTIMAL, Status.INFEASIBLE) or outcome.stopped == "cutoff"
                proven = proven and settled
                self.settled = self.settled and settled
                if outcome.status is not Status.INFEASIBLE:
                    bounds.append(outcome.bound)
                for answer in (outcome, near):
                    if answer is not None and answer.consortium is not None:
                        best = answer if best is None or _value(answer) < _value(best) else best
        return _Best(best, proven, _least(bounds))

    def _ask(self, instance: Instance, more: Mapping[str, Any]) -> Outcome:
        """Ask for half of the time that there is for looking, so that some is left for what is asked next."""
        if self._until is None:
            return self.inquiry.ask(instance, **more)
        return self.inquiry.ask(instance, **more, time_limit=max(0.0, self._until - self.inquiry.seconds) / 2)

    def _near(self, instance: Instance, more: Mapping[str, Any]) -> Outcome | None:
        """Ask who would help the consortium that there is now, with nobody else: quick, and a place to start from."""
        assert instance.newcomers is not None
        if self.now.consortium is None:
            return None
        kept = {*self.now.consortium.members, *instance.newcomers.partners}
        others = tuple(name for name in instance.partners if name not in kept)
        if len(others) < MANY:
            return None
        outcome = self._ask(instance.replace(rules=(*instance.rules, Exclude(partners=others))), more)
        return outcome if outcome.consortium is not None else None

    def _with_all(self, forced: tuple[str, ...]) -> Instance:
        if forced not in self._posed:
            self._posed[forced] = self.unfound.with_all(forced)
        return self._posed[forced]


def _least(bounds: Sequence[Decimal | None]) -> Decimal | None:
    """Return the least of some bounds; None where one of them is not known."""
    return min((bound for bound in bounds if bound is not None), default=None) if None not in bounds else None


def _value(outcome: Outcome) -> tuple[Fraction, ...]:
    """Return what an outcome is compared by: the values of its stages."""
    return tuple(stage.value for stage in outcome.stages if stage.value is not None)
