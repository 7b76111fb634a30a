"""Rules about partners by name: include, exclude, conflict, requires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.program import Linear
from consortia.rules.base import PartnerId, PartnerIds, passing
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, listed, say
from consortia.spec.base import PositiveCount
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


def _members(columns: Columns, partners: Sequence[str]) -> Linear:
    """Count those of the named partners that join; one that was left out before never does."""
    places = columns.instance.partner_at
    return Linear([columns.member[places[partner]] for partner in dict.fromkeys(partners) if partner in places])


class Include(Reifiable):
    """The partners are members, even if they neither deliver nor hold anything."""

    rule: Literal["include"] = "include"
    partners: PartnerIds
    partner_fields: ClassVar[tuple[str, ...]] = ("partners",)

    def describe(self) -> Sentence:
        return say("{partners} must be in", partners=listed(self.partners))

    def rows(self, columns: Columns) -> Iterator[Row]:
        for partner in self.partners:
            yield Row(_members(columns, (partner,)), least=1)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        missing = [partner for partner in self.partners if partner not in consortium.members]
        return [say("{partner} must be a member and is not", partner=partner) for partner in missing]


class Exclude(Reifiable):
    """The partners, and those that pass the filter, are not members."""

    rule: Literal["exclude"] = "exclude"
    partners: tuple[PartnerId, ...] = ()
    filter: Filter | None = Field(default=None, description="here roles count only if they are named")
    partner_fields: ClassVar[tuple[str, ...]] = ("partners",)

    @model_validator(mode="after")
    def _somebody(self) -> Any:
        if not self.partners and (self.filter is None or not self.filter.root):
            raise WrongValue(
                say("the rule says nobody, or everybody"), say("Give partners, a filter with conditions, or both")
            )
        return self

    def describe(self) -> Sentence:
        named = listed(self.partners)
        if self.filter is None:
            return say("{partners} must stay out", partners=named)
        if not self.partners:
            return say("partners with {filter} must stay out", filter=self.filter.describe())
        return say(
            "{partners} and partners with {filter} must stay out",
            partners=named,
            filter=self.filter.describe(),
        )

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        named = [instance.partner_at[name] for name in self.partners if name in instance.partner_at]
        out = np.isin(instance.seat_partner, named)
        if self.filter is not None:
            out |= instance.seats_passing(self.filter)
        yield Row(columns.count(out), most=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        found = [partner for partner in consortium.members if partner in self.partners]
        if self.filter is not None:
            found += [p for p, _ in passing(instance, consortium, self.filter) if p not in self.partners]
        return [say("{partner} must not be a member and is", partner=partner) for partner in found]


class Conflict(Reifiable):
    """At most `at_most` of the partners, by default one, are members together."""

    rule: Literal["conflict"] = "conflict"
    partners: Annotated[tuple[PartnerId, ...], Field(min_length=2)]
    at_most: PositiveCount = 1
    partner_fields: ClassVar[tuple[str, ...]] = ("partners",)

    def describe(self) -> Sentence:
        return say("at most {limit} of {partners}", limit=self.at_most, partners=listed(self.partners))

    def rows(self, columns: Columns) -> Iterator[Row]:
        yield Row(_members(columns, self.partners), most=self.at_most)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        found = [partner for partner in consortium.members if partner in self.partners]
        if len(found) <= self.at_most:
            return []
        return [
            say(
                "{partners} must not be members together (at most {limit})",
                partners=listed(found),
                limit=self.at_most,
            )
        ]


class Requires(Reifiable):
    """If `when` is a member, so is at least one of `any_of`."""

    rule: Literal["requires"] = "requires"
    when: PartnerId
    any_of: PartnerIds
    partner_fields: ClassVar[tuple[str, ...]] = ("when", "any_of")

    def describe(self) -> Sentence:
        return say("{partner} only with one of {others}", partner=self.when, others=listed(self.any_of))

    def rows(self, columns: Columns) -> Iterator[Row]:
        if self.when not in self.any_of:
            yield Row(_members(columns, self.any_of) - _members(columns, (self.when,)), least=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        if self.when not in consortium.members or any(name in consortium.members for name in self.any_of):
            return []
        return [
            say(
                "{partner} is a member, and none of {others} is",
                partner=self.when,
                others=listed(self.any_of),
            )
        ]
