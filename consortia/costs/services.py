"""Shared services: a price for the consortium against a price for each member, whichever is less."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from consortia.costs.base import Cost, units
from consortia.costs.lines import Line
from consortia.errors import WrongValue
from consortia.pinning import capped
from consortia.program import Linear, Tag
from consortia.sentence import say
from consortia.spec.base import Identifier, Money
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Service(Cost):
    """A service that members need, such as certification or quality assurance.

    It is paid once for the whole consortium (`shared`) or for each member that passes the filter (`per_member`),
    whichever comes cheaper; nothing if nobody passes. With one price only, that price applies.
    """

    cost: Literal["service"] = "service"
    id: Identifier
    shared: Money | None = Field(default=None, description="once for the consortium")
    per_member: Money | None = Field(default=None, description="for each member that passes the filter")
    filter: Filter | None = Field(default=None, description="the members that need it; by default all")

    @model_validator(mode="after")
    def _priced(self) -> Any:
        if self.shared is None and self.per_member is None:
            raise WrongValue(say("the service has no price"), say("Give shared, per_member or both"))
        return self

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        prices = {name: getattr(self, name) for name in ("shared", "per_member")}
        return self.model_copy(update={name: convert(price) for name, price in prices.items() if price is not None})

    def amounts(self, step: Fraction) -> Iterable[Fraction]:
        return [Fraction(price) for price in (self.shared, self.per_member) if isinstance(price, Decimal)]

    def _prices(self, instance: Instance) -> tuple[int | None, int | None]:
        shared, each = (
            units(instance, price) if isinstance(price, Decimal) else None for price in (self.shared, self.per_member)
        )
        return shared, each

    def post(self, columns: Columns) -> Linear:
        instance = columns.instance
        seats = instance.seats_passing(self.filter)
        shared, each = self._prices(instance)
        if each is None:
            present = columns.present(seats)
            return Linear() if present is None else Linear([present], [shared or 0])
        separate = each * columns.count(seats)
        return separate if shared is None else capped(columns, Tag("service", source=self.id), separate, shared)

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        users = sum(instance.passes(partner, cluster, self.filter) for partner, cluster in consortium.members.items())
        shared, each = self._prices(instance)
        offers = [price for price in (shared, None if each is None else each * users) if price is not None]
        cost = min(offers) if users else 0
        return [Line("service", self.id, cost)] if cost else []
