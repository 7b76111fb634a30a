"""Funding: what of the members' cost a programme recognises, and what it grants.

Programmes that many projects share are dated data files beside this module, one each; a project names one, changes
parts of it, or writes its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import lcm
from typing import TYPE_CHECKING, Any, Self, get_args

import numpy as np
from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.pinning import capped, product
from consortia.program import Linear, Tag, integers
from consortia.sentence import listed, say
from consortia.spec.base import Money, Share, Strict
from consortia.spec.filters import Condition, Filter
from consortia.spec.pool import Category

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

CATEGORIES: tuple[Category, ...] = get_args(Category)
_FUNDED = Condition(any=("beneficiary", "affiliated"))
_TAG = Tag("funding", source="funding")


class Rate(Strict):
    """What members that pass the filter are granted: beneficiaries and affiliated ones unless it speaks of roles."""

    filter: Filter | None = None
    rate: Share = Field(description="of the eligible cost, such as 70%")
    by_category: dict[Category, Share] = Field(default_factory=dict, description="other rates by category of cost")
    indirect: Share | None = Field(default=None, description="instead of the programme's")
    max_grant: Money | None = Field(default=None, description="the most for each of these members")

    def admits(self, instance: Instance, partner: str, cluster: str | None) -> bool:
        """Tell whether a partner that enters through a cluster has this rate."""
        chosen = self.filter.root if self.filter is not None else {}
        return instance.passes(partner, cluster, Filter.model_construct({"role": _FUNDED, **chosen}))


@dataclass(frozen=True)
class Claim:
    """What one member claims, in units of ``1 / scale`` of the currency.

    Parameters
    ----------
    partner : str
    rate : Rate or None
        None where it has none: its cost is not eligible.
    direct, indirect, grant : int
        Eligible direct cost, the flat indirect cost on it, and the grant within the member's own cap.
    """

    partner: str
    rate: Rate | None
    direct: int = 0
    indirect: int = 0
    grant: int = 0

    @property
    def eligible(self) -> int:
        """Direct and indirect cost."""
        return self.direct + self.indirect


class Funding(Strict):
    """A programme: which categories of cost are eligible, the indirect cost on top, rates and caps.

    A member has the first of the `rates` whose filter it passes; who passes none claims nothing. Its direct cost is
    that of its deliveries in eligible categories, less its own discounts. Joining costs are outside unless `joining`
    says otherwise; shared lines (cluster fees, equipment, ...) are nobody's and always outside.
    """

    programme: str = Field(default="", description="a shipped programme, or any name")
    source: str = ""
    as_of: str = ""
    rates: tuple[Rate, ...] = Field(min_length=1, description="the first that a member passes applies")
    eligible: tuple[Category, ...] = Field(default=CATEGORIES, description="categories of cost")
    joining: bool = Field(default=False, description="whether joining costs are eligible, as other cost")
    indirect: Share = Field(default=Decimal(0), description="flat, of the direct cost")
    no_indirect_on: tuple[Category, ...] = Field(default=("subcontracting",), description="categories without it")
    max_per_member: Money | None = Field(default=None, description="the most that one member is granted")
    max_grant: Money | None = Field(default=None, description="the most that the project is granted")

    @model_validator(mode="before")
    @classmethod
    def _shipped(cls, value: Any) -> Any:
        """Fill in what a shipped programme says, where it is named alone or with changes."""
        named = {"programme": value} if isinstance(value, str) else value
        if not isinstance(named, dict) or "rates" in named or "programme" not in named:
            return named
        if named["programme"] not in programmes():
            raise WrongValue(
                say("there is no programme {name}", name=named["programme"]),
                say("Write one of {names}, or give rates", names=listed(programmes())),
            )
        return {**_load(named["programme"]), **named}

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        """Return the same with all amounts in the project's currency."""
        caps = {name: getattr(self, name) for name in ("max_per_member", "max_grant")}
        own = {name: convert(cap) for name, cap in caps.items() if cap is not None}
        rates = [
            rate if rate.max_grant is None else rate.model_copy(update={"max_grant": convert(rate.max_grant)})
            for rate in self.rates
        ]
        return self.model_copy(update={**own, "rates": tuple(rates)})

    # --- percentages, in whole numbers ---------------------------------------------------------------------------

    def _indirect(self, rate: Rate, category: Category) -> Fraction:
        share = self.indirect if rate.indirect is None else rate.indirect
        return Fraction(0) if category in self.no_indirect_on else Fraction(share)

    def _granted(self, rate: Rate, category: Category) -> Fraction:
        """Return the grant for each unit of direct cost."""
        return Fraction(rate.by_category.get(category, rate.rate)) * (1 + self._indirect(rate, category))

    def factor(self) -> int:
        """Return how many units of funding make one of money, so that every percentage and cap is whole."""
        pairs = [(rate, category) for rate in self.rates for category in self.eligible]
        shares = [share(*pair) for share in (self._indirect, self._granted) for pair in pairs]
        return lcm(*{number.denominator for number in (*shares, *map(Fraction, self._caps()))})

    def _caps(self) -> list[Decimal]:
        caps = (self.max_grant, self.max_per_member, *(rate.max_grant for rate in self.rates))
        return [cap for cap in caps if isinstance(cap, Decimal)]

    def most(self, instance: Instance, rate: Rate | None = None) -> int | None:
        """Return the cap of the members that have a rate, or without one that of the project; None without a cap."""
        caps = (self.max_grant,) if rate is None else (self.max_per_member, rate.max_grant)
        given = [cap for cap in caps if isinstance(cap, Decimal)]
        return int(Fraction(min(given)) * instance.scale * self.factor()) if given else None

    def rate_of(self, instance: Instance, partner: str, cluster: str | None) -> Rate | None:
        """Return the rate of a partner that enters through a cluster."""
        return next((rate for rate in self.rates if rate.admits(instance, partner, cluster)), None)

    # --- what solvers see ----------------------------------------------------------------------------------------

    def post(self, columns: Columns, what: str) -> Linear:
        """Return ``direct``, ``indirect`` or ``grant`` of all members, in units of funding."""
        return columns.once(("funding", what), lambda: self._post(columns, what))

    def _post(self, columns: Columns, what: str) -> Linear:
        factor, terms = self.factor(), []
        for rate, direct in self._members(columns):
            shares = {"direct": lambda *_: Fraction(1), "indirect": self._indirect, "grant": self._granted}[what]
            body = Linear.total(int(shares(rate, category) * factor) * part for category, part in direct.items())
            most = self.most(columns.instance, rate) if what == "grant" else None
            terms.append(body if most is None else capped(columns, _TAG, body, most))
        total = Linear.total(terms)
        most = self.most(columns.instance) if what == "grant" else None
        return total if most is None else capped(columns, _TAG, total.merged(), most)

    def _members(self, columns: Columns) -> Iterator[tuple[Rate, dict[Category, Linear]]]:
        """Return, for each partner and rate that it can have, its direct cost by category while it has it."""
        instance = columns.instance
        everybody = np.ones(len(instance.seat_partner), dtype=bool)
        by_seat = [self.rate_of(instance, partner, cluster) for partner, cluster in instance.seat_at]
        for partner, name in enumerate(instance.partners):
            seats = columns.seats_of(partner, everybody).tolist()
            rates = [by_seat[seat] for seat in seats]
            for rate in {id(rate): rate for rate in rates if rate is not None}.values():
                direct = self._direct(columns, partner)
                if any(other is not rate for other in rates):
                    literal = columns.present(integers([seat for seat in seats if by_seat[seat] is rate]))
                    assert literal is not None
                    direct = {
                        category: columns.once(
                            ("funding", name, literal, category),
                            lambda body=body, literal=literal: product(columns, _TAG, body, literal),  # type: ignore[misc]
                        )
                        for category, body in direct.items()
                    }
                yield rate, direct

    def _direct(self, columns: Columns, partner: int) -> dict[Category, Linear]:
        instance, found = columns.instance, {}
        for category in self.eligible:
            arcs = np.flatnonzero((instance.arc_partner == partner) & instance.in_category(category))
            body = columns.delivery_costs(arcs)
            body -= Linear.total(off for of, off in columns.reductions.get(partner, ()) if of == category)
            if self.joining and category == "other":
                body += Linear([columns.member[partner]], [instance.joining[partner]])
            if len(body.columns):
                found[category] = body.merged()
        return found

    # --- what it means -------------------------------------------------------------------------------------------

    def claims(self, instance: Instance, consortium: Consortium) -> list[Claim]:
        """Return what each member claims, before the cap of the whole project."""
        return [
            self._claim(instance, consortium, partner, self.rate_of(instance, partner, cluster))
            for partner, cluster in consortium.members.items()
        ]

    def _claim(self, instance: Instance, consortium: Consortium, partner: str, rate: Rate | None) -> Claim:
        if rate is None:
            return Claim(partner, None)
        spent: dict[str, int] = dict.fromkeys(self.eligible, 0)
        if self.joining and "other" in spent:
            spent["other"] = int(instance.joining[instance.partner_at[partner]])
        for delivery in consortium.deliveries:
            category = instance.category(delivery)
            if delivery.partner == partner and category in spent:
                spent[category] += instance.delivery_cost(delivery)
        for cost in instance.costs:
            for (name, category), off in cost.reductions(instance, consortium).items():
                if name == partner and category in spent:
                    spent[category] -= off
        factor, most = self.factor(), self.most(instance, rate)
        indirect = sum(self._indirect(rate, category) * spent[category] for category in self.eligible)
        grant = sum(self._granted(rate, category) * spent[category] for category in self.eligible) * factor
        if most is not None:
            grant = min(grant, most)
        return Claim(partner, rate, sum(spent.values()) * factor, int(indirect * factor), int(grant))

    def grant(self, instance: Instance, claims: list[Claim]) -> int:
        """Return what the project is granted in all."""
        most, asked = self.most(instance), sum(claim.grant for claim in claims)
        return asked if most is None else min(asked, most)


def programmes() -> tuple[str, ...]:
    """Return the names of the shipped programmes.

    Examples
    --------
    >>> programmes()
    ('horizon-ia', 'horizon-ria')
    """
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))
    )


@cache
def _load(name: str) -> dict[str, Any]:
    import yaml

    data = yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
