"""What a rule, the budget or a capability costs: by how much the least cost would be lower without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from consortia.explaining.inquiry import Inquiry
from consortia.explaining.with_and_without import settings
from consortia.instance import Instance
from consortia.outcome import Outcome
from consortia.sentence import Sentence, say


@dataclass(frozen=True)
class RuleCost:
    """What a rule, or the budget, costs: by how much the least cost would be lower without it.

    Attributes
    ----------
    title : Sentence
    rule : int or None
        Its position among the rules; None for the budget.
    least, most : Decimal or None
        The cost of the rule, where they are equal; else proven limits of it.
    """

    title: Sentence
    rule: int | None
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def exact(self) -> bool:
        """Whether nothing about it is open."""
        return self.most is not None and self.least == self.most


@dataclass(frozen=True)
class CapabilityCost:
    """What a capability costs: by how much the least cost would be lower if nobody had to supply it.

    Attributes
    ----------
    capability : str
    least, most : Decimal or None
        The cost of the capability, where they are equal; else proven limits of it.
    """

    capability: str
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def exact(self) -> bool:
        """Whether nothing about it is open."""
        return self.most is not None and self.least == self.most


def rule_costs(inquiry: Inquiry, present: Outcome) -> tuple[RuleCost, ...]:
    """Solve the question without each rule, and without the budget."""
    instance = present.instance
    listed: list[tuple[Sentence, int | None]] = [(rule.title(), place) for place, rule in enumerate(instance.rules)]
    places = range(len(instance.rules))
    asked = [instance.replace(rules=(*instance.rules[:place], *instance.rules[place + 1 :])) for place in places]
    if instance.budget is not None:
        listed.append((say("Budget"), None))
        asked.append(instance.replace(budget=None))
    savings = _savings(inquiry, present, asked)
    return tuple(RuleCost(*entry, *saving) for entry, saving in zip(listed, savings, strict=True))


def capability_costs(inquiry: Inquiry, present: Outcome) -> tuple[CapabilityCost, ...]:
    """Solve the question with each capability left to choice that everybody must undertake so far."""
    instance = present.instance
    names = [name for name in instance.capabilities if name in instance.settled]
    savings = _savings(inquiry, present, [_left_to_choice(instance, name) for name in names])
    return tuple(CapabilityCost(name, *saving) for name, saving in zip(names, savings, strict=True))


def _left_to_choice(instance: Instance, capability: str) -> Instance:
    size = len(instance.capabilities)
    optional = np.zeros(size, dtype=bool) if instance.optional is None else instance.optional.copy()
    optional[instance.capability_at[capability]] = True
    return instance.replace(optional=optional)


def _savings(
    inquiry: Inquiry, present: Outcome, looser: Sequence[Instance]
) -> list[tuple[Decimal | None, Decimal | None]]:
    """Return by how much looser questions cost less, or limits of it; never less than nothing."""
    assert present.cost is not None
    floor = present.cost if present.proven else present.bound
    found: list[tuple[Decimal | None, Decimal | None]] = []
    for pair in inquiry.in_pairs(looser):
        for outcome in inquiry.ask_together(pair, hint=present, **settings(inquiry)):
            least = Decimal(0)
            if outcome.cost is not None and floor is not None:
                least = max(least, floor - outcome.cost)
            found.append((least, None if outcome.bound is None else present.cost - outcome.bound))
    return found + [(Decimal(0), None)] * (len(looser) - len(found))
