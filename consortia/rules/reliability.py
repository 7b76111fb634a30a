"""The rule that capabilities are supplied with a certain chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from consortia.rules import sums
from consortia.rules.base import Measure, broken
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, listed, say
from consortia.separating import separate
from consortia.spec.base import Identifier
from consortia.spec.base import Share as Portion

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Reliability(Reifiable):
    """Each capability that is undertaken is supplied with at least the chance `min`.

    With ``mode: any`` it is enough that one of its suppliers keeps its word, with ``mode: all`` every one of them has
    to; by default the first for what is held and the second for what is delivered. Suppliers keep their word
    independently of each other, with the reliability of the offer where it states one, else of the partner. A
    reliability that is not known is zero.
    """

    rule: Literal["reliability"] = "reliability"
    min: Annotated[Portion, Field(gt=0)]
    mode: Literal["any", "all"] | None = Field(default=None, description="by default any for held, all for delivered")
    capabilities: tuple[Identifier, ...] = Field(default=(), description="by default all")

    def describe(self) -> Sentence:
        limit = f"{(self.min * 100).normalize():f} %"
        if self.capabilities:
            return say(
                "{capabilities} supplied with a chance of {min}", capabilities=listed(self.capabilities), min=limit
            )
        return say("each capability supplied with a chance of {min}", min=limit)

    def _asked(self, instance: Instance) -> Iterator[tuple[str, bool]]:
        """Return the capabilities that the rule speaks of, each with whether one of its suppliers is enough."""
        for capability, delivered in zip(instance.capabilities, instance.delivered.tolist(), strict=True):
            if not self.capabilities or capability in self.capabilities:
                yield capability, not delivered if self.mode is None else self.mode == "any"

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        for capability, one_is_enough in self._asked(instance):
            place = instance.capability_at[capability]
            supplies, chances = [], []
            for arc in np.flatnonzero(instance.arc_capability == place).tolist():
                partner = instance.partners[instance.arc_partner[arc]]
                supplies.append(int(columns.delivers[arc]))
                chances.append(_chance(instance, partner, capability, instance.offers[instance.arc_offer[arc]]))
            for partner in instance.hold_partner[instance.hold_capability == place].tolist():
                supplies.append(int(columns.member[partner]))
                chances.append(_chance(instance, instance.partners[partner], capability, None))
            if one_is_enough:
                found = separate([1 - chance for chance in chances], 1 - Fraction(self.min), inclusive=True)
                rows = sums.over(columns, supplies, found.weights, found.most)
            else:
                found = separate(chances, Fraction(self.min), inclusive=False)
                rows = sums.up_to(columns, supplies, found.weights, found.most)
            needed = () if capability in instance.settled else (int(columns.needed[place]),)
            yield from (replace(row, given=(*needed, *row.given)) for row in rows)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        found = []
        undertaken = instance.undertaken(consortium)
        for capability, one_is_enough in self._asked(instance):
            if capability not in undertaken:
                continue
            suppliers = [(d.partner, d.offer) for d in consortium.deliveries if d.capability == capability]
            holders = [(partner, None) for partner in consortium.members if partner in instance.holders[capability]]
            chances = [_chance(instance, partner, capability, offer) for partner, offer in [*suppliers, *holders]]
            if one_is_enough:
                chance = 1 - prod((1 - chance for chance in chances), start=Fraction(1))
            else:
                chance = prod(chances, start=Fraction(1))
            what = say("chance that {capability} is supplied", capability=capability)
            found.append(Measure(what, chance, Fraction(self.min), True, "share"))
        return found


def _chance(instance: Instance, partner: str, capability: str, offer: str | None) -> Fraction:
    """Return the chance that a supplier keeps its word: the offer's, else the partner's, zero if not known."""
    value = instance.reliability.get((partner, capability, offer), instance.attribute("reliability", partner, None))
    return Fraction(0) if value is None else Fraction(str(value))
