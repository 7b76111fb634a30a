"""What a question asks for besides its rules, as rules: so that each can be left out, and the checker sees it too.

They are no part of the file schema. They are written for a question that has been taken apart
(:mod:`consortia.explaining.demands`): there a capability may be left out, asks for one supplier and no backups, and
may come in two forms, at the level that is asked and at the lowest, of which at most one is undertaken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.costs import total
from consortia.program import Linear, Tag
from consortia.rules import Include, Rule
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import InCurrency, Sentence, listed, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Welcome(Include):
    """The partners may be members without taking part: what an Include grants them, without what it asks."""

    def rows(self, columns: Columns) -> Iterator[Row]:
        yield from ()

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return []


class Undertaken(Reifiable):
    """A capability is undertaken, in one of its forms."""

    forms: tuple[str, ...]

    def describe(self) -> Sentence:
        return say("the capability {capability}", capability=self.forms[0])

    def rows(self, columns: Columns) -> Iterator[Row]:
        places = [columns.instance.capability_at[form] for form in self.forms]
        yield Row(Linear(columns.needed[places]), least=1)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        if instance.undertaken(consortium).intersection(self.forms):
            return []
        return [say("{capability} is left out", capability=self.forms[0])]


class AtLevel(Reifiable):
    """A capability is not undertaken in its lower form."""

    capability: str
    lower: str
    level: int

    def describe(self) -> Sentence:
        return say("{capability} at level {level}", capability=self.capability, level=self.level)

    def rows(self, columns: Columns) -> Iterator[Row]:
        yield Row(Linear(columns.needed[[columns.instance.capability_at[self.lower]]]), most=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        if self.lower not in instance.undertaken(consortium):
            return []
        return [say("{capability} is below level {level}", capability=self.capability, level=self.level)]


class OneOption(Rule):
    """Exactly one of the options is undertaken: all of it, in whichever forms, and none of the others."""

    options: tuple[tuple[str, ...], ...]
    forms: dict[str, tuple[str, ...]]

    def describe(self) -> Sentence:
        return say("exactly one of {options}", options=" / ".join(listed(option) for option in self.options))

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        program, places = columns.program, columns.instance.capability_at
        chosen = program.add_columns(Tag("option"), len(self.options))
        program.add_row(self.tag, Linear(chosen), 1, 1, when)
        for capability in sorted({name for option in self.options for name in option}):
            with_it = [column for column, option in zip(chosen, self.options, strict=True) if capability in option]
            needed = columns.needed[[places[form] for form in self.forms[capability]]]
            program.add_row(self.tag, Linear(with_it) - Linear(needed), 0, 0, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        undertaken = instance.undertaken(consortium)
        named = {name for option in self.options for name in option}
        taken = {name for name in named if undertaken.intersection(self.forms[name])}
        if taken in map(set, self.options):
            return []
        return [say("of these, {taken} is undertaken", taken=listed(sorted(taken)) or "-")]


class WithinBudget(Reifiable):
    """The whole cost is at most an amount, in the Instance's units of money."""

    most: int
    amount: Decimal
    currency: str

    def describe(self) -> Sentence:
        return say("the whole costs at most {budget}", budget=InCurrency(self.amount, self.currency))

    def rows(self, columns: Columns) -> Iterator[Row]:
        yield Row(columns.program.expressions["cost"], most=self.most)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        cost = total(instance, consortium)
        if cost <= self.most:
            return []
        return [
            say(
                "the cost {cost} exceeds the budget {budget}",
                cost=InCurrency(instance.money(cost), self.currency),
                budget=InCurrency(instance.money(self.most), self.currency),
            )
        ]


class _OfForms(Reifiable):
    """A least number for a capability, in whichever form it is undertaken."""

    forms: tuple[str, ...]
    least: int

    def rows(self, columns: Columns) -> Iterator[Row]:
        for form in self.forms:
            place = columns.instance.capability_at[form]
            yield Row(self._count(columns, place) - Linear(columns.needed[[place]], self.least), least=0)

    def _count(self, columns: Columns, place: int) -> Linear:
        raise NotImplementedError

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        undertaken = instance.undertaken(consortium)
        counts = [self._number(instance, consortium, form) for form in self.forms if form in undertaken]
        return [self._short(count) for count in counts if count < self.least]

    def _number(self, instance: Instance, consortium: Consortium, form: str) -> int:
        raise NotImplementedError

    def _short(self, count: int) -> Sentence:
        raise NotImplementedError


class Suppliers(_OfForms):
    """At least so many members deliver, or hold, a capability."""

    def describe(self) -> Sentence:
        return say("{capability}: at least {least} suppliers", capability=self.forms[0], least=self.least)

    def _count(self, columns: Columns, place: int) -> Linear:
        instance = columns.instance
        holders = instance.hold_partner[instance.hold_capability == place]
        return Linear(columns.delivers[instance.arc_capability == place]) + Linear(columns.member[holders])

    def _number(self, instance: Instance, consortium: Consortium, form: str) -> int:
        if instance.delivered[instance.capability_at[form]]:
            return len({made.partner for made in consortium.deliveries if made.capability == form})
        return len(instance.holders[form].intersection(consortium.members))

    def _short(self, count: int) -> Sentence:
        return say(
            "{capability}: {count} suppliers, but at least {least} are required",
            capability=self.forms[0],
            count=count,
            least=self.least,
        )


class StandIns(_OfForms):
    """At least so many members could deliver a capability and do not."""

    def describe(self) -> Sentence:
        return say("{capability}: at least {least} backups", capability=self.forms[0], least=self.least)

    def _count(self, columns: Columns, place: int) -> Linear:
        instance = columns.instance
        arcs = instance.arc_capability == place
        able = columns.member[np.unique(instance.arc_partner[arcs])]
        return Linear(able) - Linear(columns.delivers[arcs])

    def _number(self, instance: Instance, consortium: Consortium, form: str) -> int:
        able = {partner for partner, name, _ in instance.arc_at if name == form}
        busy = {made.partner for made in consortium.deliveries if made.capability == form}
        return len(able.intersection(consortium.members) - busy)

    def _short(self, count: int) -> Sentence:
        return say(
            "{capability}: {count} backups, but {wanted} are asked for",
            capability=self.forms[0],
            count=count,
            wanted=self.least,
        )


class NotAllWaived(Rule):
    """Of the rules at some positions of the question, which need not hold, at least one holds all the same."""

    places: tuple[int, ...]

    def describe(self) -> Sentence:
        return say("another way than one that is known")

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        waived = Linear([columns.waived[place] for place in self.places])
        columns.at_most(self.tag, waived, len(self.places) - 1, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        if all(instance.rules[place].violations(instance, consortium) for place in self.places):
            return [say("nothing is different from a way that is known")]
        return []
