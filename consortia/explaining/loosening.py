"""How a demand could be loosened instead of dropped: its limits from the tightest to the loosest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from consortia.consortium import Consortium
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.rules import (
    Conditional,
    Conflict,
    Count,
    Distinct,
    Limit,
    Links,
    Participation,
    Reliability,
    Representatives,
    Rule,
    Share,
    Specialisation,
    Survives,
)

_FAR = 10**12
"""So many whole units at most are tried where an amount has no end by itself."""


@dataclass(frozen=True)
class Ladder:
    """A rule with looser and looser limits.

    Parameters
    ----------
    steps : int
        How many there are; beyond the last one the rule is as good as dropped.
    at : callable
        The rule at a step, counted from 0; each step allows all that the ones before it do.
    """

    steps: int
    at: Callable[[int], Rule]

    def first(self, instance: Instance, consortium: Consortium, upto: int | None = None) -> int:
        """Return the first step that a consortium obeys, or `upto`, by default the number of steps, if none before."""
        low, high = 0, self.steps if upto is None else upto
        while low < high:
            middle = (low + high) // 2
            if self.at(middle).violations(instance, consortium):
                low = middle + 1
            else:
                high = middle
        return low


def ladders(rule: Rule, instance: Instance) -> list[Ladder]:
    """Return the ways to loosen a rule, of which the first that works is taken; none for a rule without limits.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=5, capabilities=1, joining=[1] * 5, holds=([0], [0]))
    >>> ladder = ladders(Count(max=2), question)[0]
    >>> [str(ladder.at(step).describe()) for step in range(ladder.steps)]
    ['at most 3 members', 'at most 4 members']
    """
    if isinstance(rule, Conditional):
        return [Ladder(ladder.steps, _consequence(rule, ladder)) for ladder in ladders(rule.then, instance)]
    if isinstance(rule, Representatives):
        return _representatives(rule)
    if isinstance(rule, Limit):
        return _limited(rule)
    found = _counted(rule, instance) or _shared(rule)
    return [] if found is None else [found]


def _consequence(rule: Conditional, ladder: Ladder) -> Callable[[int], Rule]:
    return lambda step: rule.model_copy(update={"then": ladder.at(step)})


def _ladder(rule: Rule, field: str, values: range) -> Ladder:
    return Ladder(len(values), lambda step: rule.model_copy(update={field: values[step]}))


def _counted(rule: Rule, instance: Instance) -> Ladder | None:
    """Limits that are whole numbers."""
    everybody = len(instance.partners)
    if isinstance(rule, Count | Distinct) and rule.min is not None:
        return _ladder(rule, "min", range(rule.min - 1, 0, -1))
    if isinstance(rule, Count | Distinct) and rule.max is not None:
        return _ladder(rule, "max", range(rule.max + 1, everybody))
    if isinstance(rule, Conflict):
        return _ladder(rule, "at_most", range(rule.at_most + 1, len(set(rule.partners))))
    if isinstance(rule, Links):
        return _ladder(rule, "min", range(rule.min - 1, 0, -1))
    if isinstance(rule, Survives):
        return _ladder(rule, "number", range(rule.number - 1, 0, -1))
    if isinstance(rule, Specialisation):
        return _ladder(rule, "max", range(rule.max + 1, len(instance.capabilities)))
    if isinstance(rule, Participation) and rule.min_effort is not None:
        steps = ceil(Fraction(rule.min_effort) / Fraction(instance.step))
        efforts = [instance.months(left) for left in range(steps - 1, 0, -1)]
        return Ladder(len(efforts), lambda step: rule.model_copy(update={"min_effort": efforts[step]}))
    return None


def _shared(rule: Rule) -> Ladder | None:
    """Limits that are shares: the next whole percent, and so on."""
    for least in ("min_share", "min"):
        if isinstance(rule, Count | Distinct | Share | Participation | Reliability):
            value = getattr(rule, least, None)
            if value is not None:
                return _percents(rule, least, range(ceil(Fraction(value) * 100) - 1, 0, -1))
    for most in ("max_share", "max"):
        if isinstance(rule, Count | Distinct | Share):
            value = getattr(rule, most, None)
            if value is not None:
                return _percents(rule, most, range(floor(Fraction(value) * 100) + 1, 101))
    return None


def _percents(rule: Rule, field: str, percents: range) -> Ladder:
    return Ladder(len(percents), lambda step: rule.model_copy(update={field: Decimal(percents[step]) / 100}))


def _representatives(rule: Representatives) -> list[Ladder]:
    """First fewer that pass the filter, then fewer in all, then both."""
    passing = 0 if rule.filter is None else (1 if rule.min_passing is None else rule.min_passing)
    fewer_passing = [(rule.min, left) for left in range(passing - 1, -1, -1)]
    fewer = [(left, min(passing, left)) for left in range(rule.min - 1, 0, -1)]
    both = [(left, 0) for left in range(rule.min - 1, 0, -1)]

    def made(ways: list[tuple[int, int]]) -> Ladder:
        return Ladder(len(ways), lambda step: _with_numbers(rule, *ways[step]))

    return [made(ways) for ways in (fewer_passing, fewer, both if passing else []) if ways]


def _with_numbers(rule: Representatives, least: int, passing: int) -> Rule:
    if rule.filter is None or not passing:
        return rule.model_copy(update={"min": least, "filter": None, "min_passing": None})
    return rule.model_copy(update={"min": least, "min_passing": passing})


def optimised(rule: Rule) -> str | None:
    """Return the expression whose best value is the least change of a limit to it; None for other rules."""
    if isinstance(rule, Limit):
        field = "min" if rule.min is not None else "max"
        if EXPRESSIONS[rule.of].maximised == (field == "min"):
            return rule.of
    return None


def with_limit(rule: Rule, value: Fraction) -> Rule:
    """Return a limit set to a value, on its loose side where the value is no decimal."""
    assert isinstance(rule, Limit)
    field, rounded = ("min", floor) if rule.min is not None else ("max", ceil)
    return rule.model_copy(update={field: _decimal(value, rounded)})


def _decimal(value: Fraction, rounded: Callable[[Fraction], int]) -> Decimal:
    for places in range(15):
        if (value * 10**places).denominator == 1:
            return Decimal(int(value * 10**places)).scaleb(-places)
    return Decimal(rounded(value * 10**14)).scaleb(-14)


def _limited(rule: Limit) -> list[Ladder]:
    """Limits on the side where the solver cannot find the best: whole units."""
    if rule.max is not None:
        most = floor(rule.max) + 1
        return [Ladder(_FAR, lambda step: rule.model_copy(update={"max": Decimal(most + step)}))]
    assert rule.min is not None
    least = ceil(rule.min) - 1
    return [Ladder(_FAR, lambda step: rule.model_copy(update={"min": Decimal(least - step)}))]
