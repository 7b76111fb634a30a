"""Volume discounts: from a threshold on, all that is bought costs a percentage less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, lcm
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, get_args

import numpy as np
from pydantic import Field, model_validator

from consortia.costs.base import Cost
from consortia.costs.lines import Line
from consortia.errors import WrongValue
from consortia.pinning import product, reached
from consortia.program import Linear, Tag
from consortia.sentence import say
from consortia.spec.base import Identifier, Money, Positive, Share, Strict
from consortia.spec.pool import Category

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium, Delivery
    from consortia.instance import Instance, Mask


class Tier(Strict):
    """From what volume on how much is taken off: off all of it, not off what exceeds the threshold."""

    cost: Money | None = Field(default=None, description="the threshold, in money before the discount")
    effort: Positive | None = Field(default=None, description="the threshold, in person-months")
    off: Share = Field(description="taken off everything once the threshold is reached, such as 5%")

    @model_validator(mode="after")
    def _one_measure(self) -> Any:
        if (self.cost is None) == (self.effort is None):
            raise WrongValue(say("a tier has one threshold"), say("Give cost or effort"))
        return self


class _Part(NamedTuple):
    """Part of the volume that a discount is taken off."""

    category: str
    cost: Linear
    effort: Linear


class Discount(Cost):
    """All-units tiers on what one partner delivers, or on what the consortium buys from members of one cluster.

    The volume is what the deliveries cost before any discount, or their effort; `category` narrows them to one
    category of cost. The tier with the highest threshold that is reached applies to all of the volume. Several
    discounts are each taken off undiscounted prices. What is taken off a partner's deliveries lowers its own cost;
    what is taken off a cluster's is a shared line. A member counts for the cluster through which it enters.
    """

    cost: Literal["discount"] = "discount"
    id: Identifier
    partner: Identifier | None = None
    cluster: Identifier | None = None
    category: Category | None = Field(default=None, description="by default deliveries of all categories")
    tiers: tuple[Tier, ...] = Field(min_length=1, description="in the order of their thresholds")
    own: ClassVar[bool] = True

    @model_validator(mode="after")
    def _consistent(self) -> Any:
        if (self.partner is None) == (self.cluster is None):
            raise WrongValue(say("a discount is a partner's or a cluster's"), say("Give partner or cluster"))
        if len({tier.effort is None for tier in self.tiers}) > 1:
            raise WrongValue(
                say("some thresholds are money and some are effort"), say("Give all tiers cost, or all effort")
            )
        rising = ((one.effort, other.effort) for one, other in pairwise(self.tiers))
        if any(one is not None and other is not None and one >= other for one, other in rising):
            raise WrongValue(say("the thresholds do not rise"), say("Write the tiers in the order of their thresholds"))
        return self

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        tiers = [
            tier if tier.cost is None else tier.model_copy(update={"cost": convert(tier.cost)}) for tier in self.tiers
        ]
        return self.model_copy(update={"tiers": tuple(sorted(tiers, key=lambda tier: tier.cost or 0))})

    def factors(self) -> Iterable[Fraction]:
        return [Fraction(tier.off) for tier in self.tiers]

    def _threshold(self, instance: Instance, tier: Tier) -> int:
        """Return a threshold in units of money or steps of effort, rounded up: volumes are whole."""
        if tier.effort is not None:
            return ceil(Fraction(tier.effort) / Fraction(instance.step))
        assert isinstance(tier.cost, Decimal), "converted before use"
        return ceil(Fraction(tier.cost) * instance.scale)

    def post(self, columns: Columns) -> Linear:
        instance, tag = columns.instance, Tag("discount", source=self.id)
        # costs are counted in grains, so many units each that every percentage of one is whole
        grain = lcm(*{factor.denominator for factor in self.factors()})
        parts = list(self._parts(columns, tag, grain))
        if not parts:
            return Linear()
        by_effort = self.tiers[0].effort is not None
        volume = Linear.total(part.effort if by_effort else part.cost for part in parts)
        thresholds = [self._threshold(instance, tier) for tier in self.tiers]
        literals = [reached(columns, tag, volume, least if by_effort else -(-least // grain)) for least in thresholds]
        # each tier that is reached adds to what the one below takes off
        offs = [0, *(int(Fraction(tier.off) * grain) for tier in self.tiers)]
        steps = [other - one for one, other in pairwise(offs)]
        taken = []
        for part in parts:
            off = Linear.total(
                step * product(columns, tag, part.cost, literal) for step, literal in zip(steps, literals, strict=True)
            )
            taken.append(off)
            if self.partner is not None:
                columns.reductions.setdefault(instance.partner_at[self.partner], []).append((part.category, off))
        return -1 * Linear.total(taken)

    def _parts(self, columns: Columns, tag: Tag, grain: int) -> Iterator[_Part]:
        """Return the volume: a partner's by category, a cluster's by member."""
        instance = columns.instance
        within = instance.in_category(self.category)
        if self.partner is not None:
            mine = within & (instance.arc_partner == instance.partner_at.get(self.partner, -1))
            for category in get_args(Category):
                arcs = mine & instance.in_category(category)
                if arcs.any():
                    yield _volume(columns, arcs, grain, category)
            return
        through = instance.seat_cluster == instance.cluster_at.get(self.cluster or "", -2)
        for partner in np.unique(instance.seat_partner[through]).tolist():
            arcs = within & (instance.arc_partner == partner)
            if not arcs.any():
                continue
            volume = _volume(columns, arcs, grain)
            seats = instance.seat_partner == partner
            if seats.sum() > 1:  # it may enter through another cluster
                seat = int(columns.seat[through & seats][0])
                cost, effort = (product(columns, tag, body, seat) for body in (volume.cost, volume.effort))
                volume = _Part("", cost, effort)
            yield volume

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        off = sum(self._off(instance, consortium).values())
        return [Line("discount", self.id, -off, self.partner)] if off else []

    def reductions(self, instance: Instance, consortium: Consortium) -> dict[tuple[str, str], int]:
        if self.partner is None:
            return {}
        return {(self.partner, category): off for category, off in self._off(instance, consortium).items()}

    def _off(self, instance: Instance, consortium: Consortium) -> dict[str, int]:
        """Return what is taken off, by category of cost."""
        bought = [delivery for delivery in consortium.deliveries if self._concerns(instance, consortium, delivery)]
        listed: Counter[str] = Counter()
        for delivery in bought:
            listed[instance.category(delivery)] += instance.delivery_cost(delivery)
        effort = instance.steps(sum((delivery.effort for delivery in bought), Decimal(0)))
        assert effort is not None, "deliveries are in whole steps"
        share = Fraction(0)
        for tier in self.tiers:
            if (listed.total() if tier.effort is None else effort) >= self._threshold(instance, tier):
                share = Fraction(tier.off)
        return {category: int(share * cost) for category, cost in listed.items()}

    def _concerns(self, instance: Instance, consortium: Consortium, delivery: Delivery) -> bool:
        if self.category is not None and instance.category(delivery) != self.category:
            return False
        if self.partner is not None:
            return delivery.partner == self.partner
        return consortium.members.get(delivery.partner) == self.cluster


def _volume(columns: Columns, arcs: Mask, grain: int, category: str = "") -> _Part:
    """Return cost, in grains, and effort of what is delivered on these arcs."""
    places = np.flatnonzero(arcs)
    cost = columns.delivery_costs(places)
    assert not (cost.coefficients % grain).any(), "the scale of money makes grains whole"
    return _Part(category, Linear(cost.columns, cost.coefficients // grain), columns.work(places))
