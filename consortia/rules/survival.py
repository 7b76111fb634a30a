"""The rule that a consortium survives losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import nlargest
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from consortia.pinning import product
from consortia.program import Linear, Tag, integers
from consortia.rules.base import Measure, Rule, broken
from consortia.sentence import Sentence, listed, say
from consortia.spec.base import Identifier, PositiveCount

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

_ALWAYS = object()
"""The group of those who are lost whatever is lost: their country is not known."""


class Survives(Rule):
    """Whatever members, clusters, countries or owners are lost, `number` of them at a time, all is still covered.

    Of what is left, each capability that is undertaken has as many suppliers as it asks for: members that hold it, or
    deliver it, or stand by for it; and the effort that is lost is at most what those who are left and stand by for it
    keep free. Only this is asked again, no other rule. A member without a cluster or an owner is lost by itself; one
    whose country is not known is lost with any country.
    """

    rule: Literal["survives"] = "survives"
    loss_of: Literal["member", "cluster", "country", "owner"] = "member"
    number: PositiveCount = Field(default=1, description="how many are lost at a time")
    capabilities: tuple[Identifier, ...] = Field(default=(), description="by default all")

    def describe(self) -> Sentence:
        one = {
            "member": say("survives the loss of any member"),
            "cluster": say("survives the loss of any cluster"),
            "country": say("survives the loss of any country"),
            "owner": say("survives the loss of any owner"),
        }
        several = {
            "member": say("survives the loss of any {number} members", number=self.number),
            "cluster": say("survives the loss of any {number} clusters", number=self.number),
            "country": say("survives the loss of any {number} countries", number=self.number),
            "owner": say("survives the loss of any {number} owners", number=self.number),
        }
        text = (one if self.number == 1 else several)[self.loss_of]
        if not self.capabilities:
            return text
        return say("{capabilities}: {survives}", capabilities=listed(self.capabilities), survives=text)

    def reserves(self, instance: Instance) -> Iterable[str]:
        return [name for name in self._asked(instance) if instance.delivered[instance.capability_at[name]]]

    def _asked(self, instance: Instance) -> list[str]:
        return [name for name in instance.capabilities if not self.capabilities or name in self.capabilities]

    def _group(self, instance: Instance, partner: str, cluster: str | None) -> object:
        if self.loss_of == "member":
            return partner
        value = cluster if self.loss_of == "cluster" else instance.attribute(self.loss_of, partner, cluster)
        if value is None:
            return _ALWAYS if self.loss_of == "country" else ("", partner)
        return value

    # --- what solvers see --------------------------------------------------------------------------------------

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance = columns.instance
        for capability in self._asked(instance):
            place = instance.capability_at[capability]
            needed = () if capability in instance.settled else (int(columns.needed[place]),)
            suppliers: dict[int, Linear] = {}
            efforts: dict[int, Linear] = {}
            for partner in instance.hold_partner[instance.hold_capability == place].tolist():
                suppliers[partner] = Linear([columns.member[partner]])
            at = np.flatnonzero(instance.arc_capability == place)
            for partner in np.unique(instance.arc_partner[at]).tolist():
                arcs = at[instance.arc_partner[at] == partner]
                suppliers[partner] = Linear(columns.delivers[arcs]) + Linear(columns.stands_by(arcs))
                efforts[partner] = columns.work(arcs) + columns.reserved(arcs)
            least = int(instance.least_providers[place])
            self._left(columns, ("suppliers", place), suppliers, Linear(constant=least), (*when, *needed))
            if instance.effort[place]:
                self._left(columns, ("efforts", place), efforts, columns.work(at), (*when, *needed))

    def _left(
        self,
        columns: Columns,
        key: tuple[str, int],
        amounts: Mapping[int, Linear],
        least: Linear,
        when: tuple[int, ...],
    ) -> None:
        """Add that what is left of the partners' amounts is at least `least`, whatever groups are lost.

        The greatest sum of `number` groups is the least ``number * level + sum of what exceeds the level``.
        """
        program = columns.program
        parts = self._by_group(columns, key, amounts)
        left = Linear.total(amounts.values()) - Linear.total(parts.pop(_ALWAYS, ())) - least
        lost = [Linear.total(group) for group in parts.values()]
        if self.number == 1:
            for group in lost or [Linear()]:
                columns.at_least(self.tag, left - group, 0, when)
            return
        tag = Tag("lost", source=str(self.title()))
        most = [program.ends(group)[1] for group in lost]
        level = Linear(program.add_columns(tag, 1, upper=max(most, default=0)))
        above = program.add_columns(tag, len(lost), upper=integers(most)) if lost else integers([])
        for group, column in zip(lost, above.tolist(), strict=True):
            columns.at_least(tag, Linear([column]) + level - group, 0)
        columns.at_least(self.tag, left - self.number * level - Linear(above), 0, when)

    def _by_group(
        self, columns: Columns, key: tuple[str, int], amounts: Mapping[int, Linear]
    ) -> dict[object, list[Linear]]:
        """Return the amounts by group; that of a partner whose groups differ by seat counts at the seat it takes."""
        instance = columns.instance
        seats: dict[int, dict[int, object]] = {}
        for seat, (partner, cluster) in enumerate(instance.seat_at):
            seats.setdefault(instance.partner_at[partner], {})[seat] = self._group(instance, partner, cluster)
        found: dict[object, list[Linear]] = {}
        for place, amount in amounts.items():
            groups = seats[place]
            if len(set(groups.values())) == 1:
                found.setdefault(next(iter(groups.values())), []).append(amount)
                continue
            for seat, group in groups.items():
                found.setdefault(group, []).append(_at_seat(columns, key, amount, seat))
        return found

    # --- what it means -----------------------------------------------------------------------------------------

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        found = []
        undertaken = instance.undertaken(consortium)
        group = {partner: self._group(instance, partner, cluster) for partner, cluster in consortium.members.items()}
        for capability in self._asked(instance):
            if capability not in undertaken:
                continue
            place = instance.capability_at[capability]
            deliveries, backups = (
                [
                    (entry.partner, instance.steps(entry.effort) or 0)
                    for entry in entries
                    if entry.capability == capability and entry.partner in group
                ]
                for entries in (consortium.deliveries, consortium.backups)
            )
            holders = instance.holders[capability].intersection(consortium.members)
            suppliers = Counter(group[name] for name in holders)
            efforts: Counter[object] = Counter()
            for partner, effort in [*deliveries, *backups]:
                suppliers[group[partner]] += 1
                efforts[group[partner]] += effort
            left, lost = self._worst(suppliers)
            what = say("suppliers of {capability} without {lost}", capability=capability, lost=lost)
            found.append(Measure(what, left, int(instance.least_providers[place]), True))
            if instance.effort[place]:
                left, lost = self._worst(efforts)
                wanted = sum(effort for _, effort in deliveries)
                months, limit = Fraction(instance.step) * left, Fraction(instance.step) * wanted
                what = say("person-months of {capability} without {lost}", capability=capability, lost=lost)
                found.append(Measure(what, months, limit, True, "effort"))
        return found

    def _worst(self, amounts: Counter[object]) -> tuple[int, str]:
        """Return what is left after the worst loss, and what is lost then: the groups that count for most."""
        known = Counter({group: amount for group, amount in amounts.items() if group is not _ALWAYS})
        lost = nlargest(self.number, known.items(), key=lambda entry: entry[1])
        names = [str(group[1]) if isinstance(group, tuple) else str(group) for group, amount in lost if amount]
        return known.total() - sum(amount for _, amount in lost), listed(sorted(names)) or "-"


def _at_seat(columns: Columns, key: tuple[str, int], amount: Linear, seat: int) -> Linear:
    """Return a partner's amount if it takes the seat, else nothing."""
    tag, literal = Tag("at seat"), int(columns.seat[seat])
    return columns.once((*key, seat), lambda: product(columns, tag, amount, literal))
