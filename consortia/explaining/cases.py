"""Rules in which explanations ask for other consortia; no file names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from consortia.costs import total
from consortia.program import Linear, Tag
from consortia.rules.base import Rule
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

Case = tuple[str, bool, int | None]
"""A partner, whether it is to be a member or not, and what such a consortium is to cost less than, in units."""


class OneCase(Rule):
    """At least one of some cases holds."""

    cases: tuple[Case, ...]

    def describe(self) -> Sentence:
        return say("at least one of {count} cases", count=len(self.cases))

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        cost, tag = columns.program.expressions["cost"], self.tag
        groups: dict[int | None, list[tuple[str, bool]]] = {}
        for partner, joins, below in self.cases:
            groups.setdefault(below, []).append((partner, joins))
        chosen = [] if len(groups) == 1 else columns.program.add_columns(Tag("case"), len(groups)).tolist()
        if chosen or not groups:
            columns.at_least(tag, Linear(chosen), 1, when)
        for place, (below, group) in enumerate(groups.items()):
            given = (*when, chosen[place]) if chosen else tuple(when)
            columns.at_least(tag, Linear.total(_met(columns, *entry) for entry in group), 1, given)
            if below is not None:
                columns.at_most(tag, cost, below - 1, given)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        cost = total(instance, consortium)
        met = any(
            (partner in consortium.members) is joins and (below is None or cost < below)
            for partner, joins, below in self.cases
        )
        return [] if met else [say("none of the cases holds")]


def _met(columns: Columns, partner: str, joins: bool) -> Linear:
    """Return an expression that is one where a partner is a member, or is none, and zero else."""
    place = columns.instance.partner_at.get(partner)
    member = Linear() if place is None else Linear([columns.member[place]])
    return member if joins else -1 * member + 1


class Differs(Reifiable):
    """The members differ from given ones in at least so many: who is new, and who is not there any more."""

    members: tuple[str, ...]
    least: int

    def describe(self) -> Sentence:
        return say("at least {least} members are different", least=self.least)

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        stayed = np.array([name in self.members for name in instance.partners], dtype=bool)
        yield Row(Linear(columns.member, np.where(stayed, -1, 1), len(set(self.members))), least=self.least)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        different = len(set(self.members) ^ set(consortium.members))
        if different >= self.least:
            return []
        return [say("only {count} members are different", count=different)]


class JustThese(Reifiable):
    """The members are these and nobody else."""

    members: tuple[str, ...]

    def describe(self) -> Sentence:
        return say("the same members")

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        stayed = np.array([name in self.members for name in instance.partners], dtype=bool)
        yield Row(Linear(columns.member[~stayed]), most=0)
        yield Row(Linear(columns.member[stayed]), least=len(set(self.members)))

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return [] if set(self.members) == set(consortium.members) else [say("the members are not the same")]


class Settled(Reifiable):
    """Some partners are members, and some are none: what is known already of all consortia that are asked for."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]

    def describe(self) -> Sentence:
        return say("what is known of members")

    def rows(self, columns: Columns) -> Iterator[Row]:
        places = columns.instance.partner_at
        yield Row(Linear(columns.member[[places[name] for name in self.outside]]), most=0)
        yield Row(Linear(columns.member[[places[name] for name in self.inside]]), least=len(self.inside))

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        members = consortium.members
        if all(name in members for name in self.inside) and not any(name in members for name in self.outside):
            return []
        return [say("the members are not those who are known")]


class AsBefore(Reifiable):
    """All but some capabilities are delivered through nothing else than given offers of partners."""

    through: tuple[tuple[str, str, str], ...]
    free: tuple[str, ...]

    def describe(self) -> Sentence:
        return say("the rest is delivered as before")

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        kept = set(self.through)
        closed = [arc for key, arc in instance.arc_at.items() if key not in kept and key[1] not in self.free]
        yield Row(Linear(columns.delivers[closed]), most=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        kept = set(self.through)
        for made in consortium.deliveries:
            if made.capability not in self.free and (made.partner, made.capability, made.offer) not in kept:
                return [say("{capability} is delivered in another way", capability=made.capability)]
        return []


class LessThrough(Reifiable):
    """Through an offer comes less than so many deliveries, or so many steps of effort."""

    partner: str
    offer: str
    per: str
    below: int

    def describe(self) -> Sentence:
        return say("less through the offer {offer} of {partner}", offer=self.offer, partner=self.partner)

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        place = instance.partner_at.get(self.partner, -1)
        named = np.array([instance.offers[number] == self.offer for number in instance.arc_offer.tolist()], dtype=bool)
        arcs = np.flatnonzero((instance.arc_partner == place) & named)
        yield Row(Linear(columns.delivers[arcs]) if self.per == "delivery" else columns.work(arcs), most=self.below - 1)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        count = through(instance, consortium, self.partner, self.offer, self.per)
        return [] if count < self.below else [say("too much comes through the offer {offer}", offer=self.offer)]


def through(instance: Instance, consortium: Consortium, partner: str, offer: str, per: str) -> int:
    """Count what comes through an offer: deliveries, or steps of effort."""
    made = [entry for entry in consortium.deliveries if (entry.partner, entry.offer) == (partner, offer)]
    if per == "delivery":
        return len(made)
    return sum(instance.steps(entry.effort) or 0 for entry in made)
