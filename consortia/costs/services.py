"""Shared services: a price for the consortium against a price for each member, whichever is less."""

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
        users, present = columns.count(seats), columns.present(seats)
        shared, each = self._prices(instance)
        if present is None:
            return Linear()
        if each is None:
            return Linear([present], [shared or 0])
        if shared is None:
            return each * users
        # cheaper as a whole from so many members on; `whole` says whether there are so many
        enough = shared // each + 1 if each else len(seats) + 1
        most = len(np.unique(instance.seat_partner[seats]))
        if enough > most:
            return each * users
        tag = Tag("service", source=self.id)
        whole = int(columns.program.add_columns(tag, 1)[0])
        columns.at_least(tag, users, enough, (whole,))
        columns.at_most(tag, users, enough - 1, (~whole,))
        # what is paid member by member: nothing under `whole`, all of it otherwise
        separate = columns.program.add_columns(tag, 1, upper=each * (enough - 1))
        columns.at_most(tag, Linear(separate), 0, (whole,))
        columns.program.add_row(tag, Linear(separate) - each * users, 0, 0, (~whole,))
        return Linear([whole], [shared]) + Linear(separate)

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        users = sum(instance.passes(partner, cluster, self.filter) for partner, cluster in consortium.members.items())
        shared, each = self._prices(instance)
        offers = [price for price in (shared, None if each is None else each * users) if price is not None]
        cost = min(offers) if users else 0
        return [Line("service", self.id, cost)] if cost else []
