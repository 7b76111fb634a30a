"""Rules about shares of cost and effort: of groups, of each member, and the least part of a member."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.columns import Quantity
from consortia.errors import WrongValue
from consortia.program import Integers, Linear, integers
from consortia.rules.base import Measure, broken, counted, passing, portion, who, within
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, say
from consortia.spec.base import NotNegative
from consortia.spec.base import Share as Portion
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance, Mask

Group = Literal["partner", "cluster", "country", "owner"]
MANY_ENTRIES = 1_000
"""Beyond so many, rows that compare with the same sum name a column that equals it instead of spelling it out:
a row a partner, each with every partner's price, would grow with the square of the pool, and every step of a linear
relaxation reads it. For 60 partners and 40 capabilities a proof takes a quarter less time."""

_EACH = {
    "partner": "each partner among {who}",
    "cluster": "each cluster among {who}",
    "country": "each country among {who}",
    "owner": "each owner among {who}",
}


class Share(Reifiable):
    """The members that pass the filter have at least `min` and at most `max` of the cost or effort.

    The share is of the sum of all members' own costs (``base: own``), of the whole cost with its shared lines
    (``base: total``), or of the own costs of those who pass another filter. With `each`, every partner, cluster,
    country or owner among those who pass is bounded by itself; `min` then bounds those that are in. A country that
    is not known, like an owner, is the member's own; a member without a cluster belongs to none.
    """

    rule: Literal["share"] = "share"
    of: Quantity = "cost"
    filter: Filter | None = None
    each: Group | None = None
    base: Literal["own", "total"] | Filter = "own"
    min: Portion | None = None
    max: Portion | None = None
    filter_fields: ClassVar[tuple[str, ...]] = ("filter", "base")

    @model_validator(mode="after")
    def _consistent(self) -> Any:
        if self.min is None and self.max is None:
            raise WrongValue(say("the rule sets no limit"), say("Give min, max or both"))
        if self.min is not None and self.max is not None and self.max < self.min:
            raise WrongValue(
                say("max {max} is less than min {min}", max=self.max, min=self.min), say("Correct one of them")
            )
        if self.base == "total" and self.of == "effort":
            raise WrongValue(
                say("effort has no shared lines, so it has no base total"), say("Write base: own, or of: cost")
            )
        return self

    def describe(self) -> Sentence:
        limits = " - ".join(
            f"{sign} {(bound * 100).normalize():f} %"
            for sign, bound in (("≥", self.min), ("≤", self.max))
            if bound is not None
        )
        text = "share of cost of {who}: {limits}" if self.of == "cost" else "share of effort of {who}: {limits}"
        whom = who(self.filter)
        if self.each is not None:
            whom = Sentence(_EACH[self.each], {"who": whom})
        return Sentence(text, {"who": whom, "limits": limits})

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        groups = list(self._groups(columns, instance.seats_passing(counted(self.filter))))
        base = _repeated(columns, self._base(columns), len(groups))
        for seats, literal in groups:
            part = columns.amount(self.of, seats)
            if self.max is not None:
                over, under = self.max.as_integer_ratio()
                yield Row(under * part - over * base, most=0)
            if self.min is not None:
                over, under = self.min.as_integer_ratio()
                present = () if literal is None else (literal,)
                yield Row(under * part - over * base, least=0, given=present)

    def _base(self, columns: Columns) -> Linear:
        if self.base == "total":
            return columns.program.expressions["cost"]
        chosen = self.base if isinstance(self.base, Filter) else None
        return columns.amount(self.of, columns.instance.seats_passing(chosen))

    def _groups(self, columns: Columns, eligible: Mask) -> Iterator[tuple[Mask | Integers, int | None]]:
        """Return the seats of each group that is bounded by itself, and a literal that it is in."""
        if self.each is None:
            yield eligible, None
            return
        groups: dict[object, list[int]] = {}
        for seat, (partner, cluster) in enumerate(columns.instance.seat_at):
            group = _group(columns.instance, self.each, partner, cluster)
            if eligible[seat] and group is not None:
                groups.setdefault(group, []).append(seat)
        for chosen in map(integers, groups.values()):
            yield chosen, columns.present(chosen) if self.min is not None else None

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        amounts = {partner: _amount(self.of, instance, consortium, partner) for partner in consortium.members}
        if self.base == "total":
            base = _whole_cost(instance, consortium)
        elif isinstance(self.base, Filter):
            base = sum(amounts[partner] for partner, _ in passing(instance, consortium, self.base))
        else:
            base = sum(amounts.values())
        groups: dict[object, list[str]] = {} if self.each else {"": []}
        for partner, cluster in passing(instance, consortium, counted(self.filter)):
            group = _group(instance, self.each, partner, cluster) if self.each else ""
            if group is not None:
                groups.setdefault(group, []).append(partner)
        what = say("share of effort of {who}") if self.of == "effort" else say("share of cost of {who}")
        found: list[Measure] = []
        for group, members in groups.items():
            part = sum(amounts[partner] for partner in members)
            name = who(self.filter) if group == "" else say("{name}", name=_name(group))
            text = Sentence(what.text, {"who": name})
            least, most = (None if bound is None else Fraction(bound) for bound in (self.min, self.max))
            found += within(text, portion(part, base), least, most, "share")
        return found


class Participation(Reifiable):
    """Every member that passes the filter has at least this much effort, and this share of all own costs."""

    rule: Literal["participation"] = "participation"
    filter: Filter | None = None
    min_effort: NotNegative | None = Field(default=None, description="person-months")
    min_share: Portion | None = Field(default=None, description="of the sum of own costs")

    @model_validator(mode="after")
    def _bounds(self) -> Any:
        if self.min_effort is None and self.min_share is None:
            raise WrongValue(say("the rule sets no limit"), say("Give min_effort, min_share or both"))
        return self

    def describe(self) -> Sentence:
        share = None if self.min_share is None else f"{(self.min_share * 100).normalize():f} %"
        if share is None:
            return say(
                "each of {who} works at least {effort} person-months",
                who=who(self.filter),
                effort=self.min_effort,
            )
        if self.min_effort is None:
            return say("each of {who} has at least {share} of own costs", who=who(self.filter), share=share)
        return say(
            "each of {who} works at least {effort} person-months and has at least {share} of own costs",
            who=who(self.filter),
            effort=self.min_effort,
            share=share,
        )

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        eligible = instance.seats_passing(counted(self.filter))
        partners = np.unique(instance.seat_partner[eligible]).tolist()
        base = Linear()
        if self.min_share is not None:
            base = _repeated(columns, columns.own("cost", np.arange(len(instance.partners))), len(partners))
        for partner in partners:
            joins = columns.present(columns.seats_of(partner, eligible))
            if joins is None:
                continue
            if self.min_effort is not None:
                steps = ceil(Fraction(self.min_effort) / Fraction(instance.step))
                yield Row(columns.own("effort", [partner]), least=steps, given=(joins,))
            if self.min_share is not None:
                over, under = self.min_share.as_integer_ratio()
                yield Row(under * columns.own("cost", [partner]) - over * base, least=0, given=(joins,))

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        total = sum(instance.own_cost(consortium, partner) for partner in consortium.members)
        found = []
        for partner, _ in passing(instance, consortium, counted(self.filter)):
            if self.min_effort is not None:
                months = Fraction(_amount("effort", instance, consortium, partner)) * Fraction(instance.step)
                what = say("effort of {partner}", partner=partner)
                found += within(what, months, Fraction(self.min_effort), None, "effort")
            if self.min_share is not None:
                cost = instance.own_cost(consortium, partner)
                what = say("share of cost of {who}", who=partner)
                value = Fraction(cost, total) if total else None
                found += within(what, value, Fraction(self.min_share), None, "share")
        return found


def _repeated(columns: Columns, base: Linear, rows: int) -> Linear:
    """Return a base for so many rows: a column of its own where the rows would have too many entries."""
    return columns.as_column(base) if rows * len(base.columns) > MANY_ENTRIES else base


def _amount(of: Quantity, instance: Instance, consortium: Consortium, partner: str) -> int:
    """Own cost in units, or effort in steps."""
    if of == "cost":
        return instance.own_cost(consortium, partner)
    effort = sum((d.effort for d in consortium.deliveries if d.partner == partner), Decimal(0))
    steps = instance.steps(effort)
    assert steps is not None, "deliveries are in whole steps"
    return steps


def _group(instance: Instance, each: Group, partner: str, cluster: str | None) -> object:
    if each == "partner":
        return partner
    if each == "cluster":
        return cluster
    value = instance.attribute(each, partner, cluster)
    return ("", partner) if value is None else value


def _name(group: object) -> object:
    return group[1] if isinstance(group, tuple) else group


def _whole_cost(instance: Instance, consortium: Consortium) -> int:
    from consortia.costs import total

    return total(instance, consortium)
