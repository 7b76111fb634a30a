"""Shared equipment: bought or rented once for the consortium, free if its owner is a member."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from consortia.costs.base import Cost, units
from consortia.costs.lines import Line
from consortia.errors import WrongValue
from consortia.program import Integers, Linear, Tag
from consortia.sentence import Sentence, say
from consortia.spec.base import Identifier, Money, NotNegative, Strict

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium, Delivery
    from consortia.instance import Instance


class Need(Strict):
    """What needs the equipment: deliveries of a capability, of a partner, or of a partner's offer."""

    capability: Identifier | None = None
    partner: Identifier | None = None
    offer: str | None = None
    hours: NotNegative = Field(default=Decimal(0), description="of the equipment per person-month of the delivery")
    setup: NotNegative = Field(default=Decimal(0), description="hours of the equipment per delivery")

    @model_validator(mode="after")
    def _something(self) -> Any:
        if self.capability is None and self.partner is None:
            raise WrongValue(
                say("nothing is said of what needs the equipment"), say("Give a capability, a partner or both")
            )
        if self.offer is not None and self.partner is None:
            raise WrongValue(say("an offer is a partner's, and no partner is given"), say("Give the partner too"))
        return self

    def covers(self, partner: str, capability: str, offer: str) -> bool:
        """Tell whether a delivery needs the equipment by this need."""
        return self.capability in (None, capability) and self.partner in (None, partner) and self.offer in (None, offer)


class Equipment(Cost):
    """An asset that the consortium pays for once if any delivery needs it and no member owns it.

    Where `hours` limits it, what the deliveries take of it stays within; an asset that is owned has the same limit.
    A delivery that several needs cover takes the sum of their hours.
    """

    cost: Literal["equipment"] = "equipment"
    id: Identifier
    price: Money
    needed_by: tuple[Need, ...] = Field(min_length=1)
    owners: tuple[Identifier, ...] = Field(default=(), description="partners; if one is a member, it is free")
    hours: NotNegative | None = Field(default=None, description="its capacity; absent means no limit")

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        return self.model_copy(update={"price": convert(self.price)})

    def amounts(self, step: Fraction) -> Iterable[Fraction]:
        return (Fraction(self._price),)

    @property
    def _price(self) -> Decimal:
        assert isinstance(self.price, Decimal), "converted before use"
        return self.price

    def post(self, columns: Columns) -> Linear:
        instance = columns.instance
        users = np.array([bool(self._needs(*key)) for key in instance.arc_at], dtype=bool)
        needed = columns.delivered_any(np.flatnonzero(users))
        if needed is None:
            return Linear()
        self._limit(columns, np.flatnonzero(users))
        owners = [columns.member[instance.partner_at[name]] for name in self.owners if name in instance.partner_at]
        price = units(instance, self._price)
        if not owners:
            return Linear([needed], [price])
        tag = Tag("equipment", source=self.id)
        paid = columns.program.add_columns(tag, 1)
        columns.at_least(tag, Linear(paid) - Linear([needed]) + Linear(owners), 0)
        columns.at_most(tag, Linear(paid) - Linear([needed]), 0)
        for owner in owners:
            columns.at_most(tag, Linear([paid[0], owner]), 1)
        return Linear(paid, [price])

    def _limit(self, columns: Columns, arcs: Integers) -> None:
        """Keep what the deliveries take within the hours, in whole numbers."""
        if self.hours is None:
            return
        instance = columns.instance
        keys = list(instance.arc_at)
        step = Fraction(instance.step)
        per_step = [sum(Fraction(need.hours) for need in self._needs(*keys[arc])) * step for arc in arcs.tolist()]
        per_delivery = [sum(Fraction(need.setup) for need in self._needs(*keys[arc])) for arc in arcs.tolist()]
        scale = int(np.lcm.reduce([f.denominator for f in (*per_step, *per_delivery, Fraction(self.hours))]))
        body = Linear.total(
            int(hours * scale) * columns.work(np.array([arc])) + Linear([columns.delivers[arc]], [int(setup * scale)])
            for arc, hours, setup in zip(arcs.tolist(), per_step, per_delivery, strict=True)
        )
        columns.at_most(Tag("equipment", source=self.id), body, int(Fraction(self.hours) * scale))

    def _needs(self, partner: str, capability: str, offer: str) -> list[Need]:
        return [need for need in self.needed_by if need.covers(partner, capability, offer)]

    def _uses(self, consortium: Consortium) -> list[tuple[Delivery, Need]]:
        return [
            (delivery, need)
            for delivery in consortium.deliveries
            for need in self._needs(delivery.partner, delivery.capability, delivery.offer)
        ]

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        free = any(owner in consortium.members for owner in self.owners)
        if free or not self._uses(consortium) or not self._price:
            return []
        return [Line("equipment", self.id, units(instance, self._price))]

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        taken = sum(
            (need.setup + need.hours * delivery.effort for delivery, need in self._uses(consortium)), Decimal(0)
        )
        if self.hours is None or taken <= self.hours:
            return []
        return [
            say(
                "{equipment} is used for {taken} hours and has {hours}",
                equipment=self.id,
                taken=taken,
                hours=self.hours,
            )
        ]
