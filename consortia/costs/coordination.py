"""What it costs that members have to agree with one another: by distance, and for pairs that are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.costs.base import Cost, units
from consortia.costs.lines import Line
from consortia.errors import WrongValue
from consortia.pinning import pairs
from consortia.program import Linear, Tag
from consortia.sentence import say
from consortia.spec.base import Identifier, Number, Strict
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance, Mask


class PairCost(Strict):
    """Two partners, and what it costs (or, when negative, saves) that both are members."""

    partners: tuple[Identifier, Identifier]
    amount: Number = Field(description="in the project's currency; negative where they have worked together")

    @model_validator(mode="after")
    def _two(self) -> Any:
        if self.partners[0] == self.partners[1]:
            raise WrongValue(say("a pair is of two partners"), say("Give another id"))
        return self


class Coordination(Cost):
    """A cost for every pair of members: by class of distance, and more or less for pairs that are named.

    Two members that enter through the same cluster pay `same_cluster`; else two of the same country
    `same_country`; else `across`. A country that is not known is like no other. What a named pair costs or saves
    comes on top of its class. Amounts are in the project's currency and may be negative.
    """

    cost: Literal["coordination"] = "coordination"
    id: Identifier = Field(default="coordination", validate_default=True)
    same_cluster: Number = Field(default=Decimal(0), description="for each pair that enters through one cluster")
    same_country: Number = Field(default=Decimal(0), description="for each other pair of one country")
    across: Number = Field(default=Decimal(0), description="for each other pair")
    filter: Filter | None = Field(default=None, description="the members whose pairs have a class; by default all")
    pairs: tuple[PairCost, ...] = Field(default=(), description="what single pairs cost or save")

    @model_validator(mode="after")
    def _says_something(self) -> Any:
        if not (self.same_cluster or self.same_country or self.across or self.pairs):
            raise WrongValue(say("no pair costs anything"), say("Give same_cluster, same_country, across or pairs"))
        if len({frozenset(pair.partners) for pair in self.pairs}) < len(self.pairs):
            raise WrongValue(say("a pair is named twice"), say("Remove one of them"))
        return self

    def amounts(self, step: Fraction) -> Iterable[Fraction]:
        listed = (self.same_cluster, self.same_country, self.across, *(pair.amount for pair in self.pairs))
        return [Fraction(amount) for amount in listed]

    def post(self, columns: Columns) -> Linear:
        return columns.once(("cost", self.id), lambda: self._classes(columns) + self._named(columns))

    def _classes(self, columns: Columns) -> Linear:
        """Count pairs by group, and from those the pairs of each class."""
        instance = columns.instance
        cluster, country, across = (
            units(instance, amount) for amount in (self.same_cluster, self.same_country, self.across)
        )
        chosen = instance.seats_passing(self.filter)
        everywhere = pairs(columns, chosen)
        if cluster == country == across:
            return across * everywhere
        countries = _groups(instance, chosen, lambda partner, through: instance.attribute("country", partner, through))
        clusters = _groups(instance, chosen, lambda partner, through: through)
        both = [one & other for one in countries for other in clusters if (one & other).sum() > 1]
        within, entered, twice = (
            Linear.total(pairs(columns, seats) for seats in groups) for groups in (countries, clusters, both)
        )
        near, far = within - twice, everywhere - within - entered + twice
        for body in (near, far):  # implied, but a relaxation would take more pairs of one group than there are pairs
            columns.at_least(Tag("pairs"), body, 0)
        return Linear.total((cluster * entered, country * near, across * far)).merged()

    def _named(self, columns: Columns) -> Linear:
        instance = columns.instance
        terms = []
        for pair in self.pairs:
            if all(name in instance.partner_at for name in pair.partners):
                one, other = (int(columns.member[instance.partner_at[name]]) for name in pair.partners)
                terms.append(Linear([columns.both(one, other)], [units(instance, pair.amount)]))
        return Linear.total(terms)

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        found: Counter[str] = Counter()
        counted = [
            (instance.attribute("country", partner, cluster), cluster)
            for partner, cluster in consortium.members.items()
            if instance.passes(partner, cluster, self.filter)
        ]
        for (one, entry), (other, second) in combinations(counted, 2):
            if entry is not None and entry == second:
                found["same cluster"] += units(instance, self.same_cluster)
            elif one is not None and one == other:
                found["same country"] += units(instance, self.same_country)
            else:
                found["across countries"] += units(instance, self.across)
        for pair in self.pairs:
            if all(name in consortium.members for name in pair.partners):
                found[" - ".join(pair.partners)] += units(instance, pair.amount)
        return [Line("coordination", item, cost) for item, cost in found.items() if cost]


def _groups(instance: Instance, chosen: Mask, group: Any) -> list[Mask]:
    """Return the seats of each group of at least two seats; who belongs to none is left out."""
    places: dict[object, list[int]] = {}
    for seat, (partner, cluster) in enumerate(instance.seat_at):
        value = group(partner, cluster)
        if chosen[seat] and value is not None:
            places.setdefault(value, []).append(seat)
    masks = []
    for seats in places.values():
        if len(seats) > 1:
            masks.append(np.zeros(len(chosen), dtype=bool))
            masks[-1][seats] = True
    return masks
