"""Whether demands can be met together: asked of the solver, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from consortia.consortium import Consortium
from consortia.errors import SolverRefused
from consortia.explaining.asking import WithinBudget
from consortia.explaining.demands import TakenApart
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.with_and_without import ALONE
from consortia.instance import Instance
from consortia.outcome import Outcome, Status

_ANY = Fraction(1000)
"""A gap so wide that the first consortium will do."""
_ALONE = 3.0  # deterministic seconds of one worker's look at a question


Stopped = Literal["time", "effort", "interrupted"]


def why_stopped(inquiry: Inquiry, finished: bool) -> Stopped | None:
    """Say why no more was found out; None where all was, or the solver cannot prove more."""
    if inquiry.interrupted:
        return "interrupted"
    if finished:
        return None
    if inquiry.left == 0 or inquiry.ran_out:
        return "time"
    return None if inquiry.effort_limit is None else "effort"


def quickest(inquiry: Inquiry) -> str:
    """Return the solver for questions whose objective is no cost: ``auto`` leaves them to CP-SAT, which is quicker."""
    return "cpsat" if inquiry.solver == "auto" else inquiry.solver


def whether(inquiry: Inquiry, instance: Instance) -> Outcome:
    """Ask for any consortium at all.

    A budget is met soonest by looking for what is cheap; without one an objective only costs time. One worker mostly
    answers sooner than several that take turns; where it does not, they are asked.
    """
    return _whether(inquiry, [instance])[0]


def _whether(inquiry: Inquiry, instances: Sequence[Instance]) -> list[Outcome]:
    """Ask several questions for any consortium at all, two at a time as long as one worker is enough for each."""
    limit = inquiry.effort_limit
    if inquiry.solver != "auto" or (limit is not None and limit <= _ALONE):
        return [_asked(inquiry, instance) for instance in instances]
    simple = [_simple(instance) for instance in instances]
    outcomes = inquiry.ask_together(simple, gap=_ANY, **ALONE, effort_limit=_ALONE)
    return [
        _asked(inquiry, instance) if outcome.stopped == "effort" else outcome
        for instance, outcome in zip(instances, outcomes, strict=True)
    ]


def _simple(instance: Instance) -> Instance:
    """Return the question with the objective by which some consortium is found soonest."""
    capped = instance.budget is not None or any(isinstance(rule, WithinBudget) for rule in instance.rules)
    if capped:
        return instance.replace(objectives=(("cost", Fraction(0)),))
    return instance.replace(objectives=(("waived", Fraction(0)),), waivable={})


def _asked(inquiry: Inquiry, instance: Instance) -> Outcome:
    simple, solver = _simple(instance), quickest(inquiry)
    try:
        return inquiry.ask(simple, gap=_ANY, solver=solver)
    except SolverRefused:  # it takes no gap, or refuses the question for a reason that it will give again
        return inquiry.ask(simple, solver=solver)


class Possibilities:
    """Which demands of a question can be met together.

    Every consortium that is found tells of all sets of demands that it obeys, and every proof that there is none of
    all sets that contain the one it is about; only what neither tells is asked.

    Parameters
    ----------
    apart : TakenApart
    inquiry : Inquiry

    Attributes
    ----------
    proofs : dict of frozenset of int to str
        Sets of demands that were proven impossible, each with the grade of its proof.
    """

    def __init__(self, apart: TakenApart, inquiry: Inquiry) -> None:
        self.apart, self.inquiry = apart, inquiry
        self.proofs: dict[frozenset[int], str] = {}
        self._broken: list[frozenset[int]] = []

    def note(self, consortium: Consortium) -> None:
        """Remember what a consortium of the bare question breaks."""
        demands, bare = self.apart.demands, self.apart.bare
        broken = (place for place, demand in enumerate(demands) if demand.rule.violations(bare, consortium))
        self._broken.append(frozenset(broken))

    def known(self, kept: frozenset[int]) -> bool | None:
        """Tell whether demands can be met together, as far as that follows from what was asked before."""
        if any(not kept & broken for broken in self._broken):
            return True
        return False if any(proof <= kept for proof in self.proofs) else None

    def possible(self, kept: Iterable[int]) -> bool | None:
        """Tell whether demands can be met together; None if the limits did not allow to find out."""
        kept = frozenset(kept)
        known = self.known(kept)
        if known is not None or self.inquiry.over:
            return known
        return self.ask(kept)

    def ask(self, kept: frozenset[int]) -> bool | None:
        """Find out by solving, whatever is known."""
        return self._learn(kept, whether(self.inquiry, self.apart.under(kept)))

    def ask_each(self, several: Iterable[frozenset[int]]) -> None:
        """Find out for several sets of demands, two at a time, what does not follow from what is known by then."""
        for pair in self.inquiry.in_pairs(kept for kept in several if self.known(kept) is None):
            outcomes = _whether(self.inquiry, [self.apart.under(kept) for kept in pair])
            for kept, outcome in zip(pair, outcomes, strict=True):
                self._learn(kept, outcome)

    def _learn(self, kept: frozenset[int], outcome: Outcome) -> bool | None:
        """Remember what an answer tells of some demands."""
        if outcome.consortium is not None:
            self.note(outcome.consortium)
            self._broken.append(frozenset(range(len(self.apart.demands))) - kept)
            return True
        if outcome.status is Status.INFEASIBLE:
            self.proofs[kept] = outcome.proof or "tolerance"
            return False
        return None
