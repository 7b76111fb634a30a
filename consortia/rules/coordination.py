"""The rule that somebody coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from consortia.program import Linear
from consortia.rules.base import Rule, who
from consortia.sentence import Sentence, say
from consortia.spec.base import Identifier
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Coordinator(Rule):
    """Exactly one member is named coordinator: a beneficiary that passes the filter.

    Tied to a `capability`, it must be one of those that deliver it (or hold it, where that is what is asked for).
    Several such rules, of a project and of its packs, speak of the same coordinator. It takes part like every member:
    it delivers or holds something, or is included by name.
    """

    rule: Literal["coordinator"] = "coordinator"
    filter: Filter | None = None
    capability: Identifier | None = Field(default=None, description="that the coordinator must deliver or hold")

    def describe(self) -> Sentence:
        if self.capability is not None:
            return say(
                "a coordinator among {who} that supplies {capability}",
                who=who(self.filter),
                capability=self.capability,
            )
        return say("a coordinator among {who}", who=who(self.filter))

    def _admitted(self) -> Filter:
        conditions = dict(self.filter.root) if self.filter else {}
        conditions.pop("role", None)
        return Filter.model_construct(conditions).with_default("role", "beneficiary")

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance, tag = columns.instance, self.tag
        admitted = instance.seats_passing(self._admitted())
        if self.filter is not None:
            admitted &= instance.seats_passing(self.filter)
        supplies = self._supplies(columns)
        coordinates = columns.coordinators()
        for partner, column in enumerate(coordinates.tolist()):
            seats = columns.seats_of(partner, admitted)
            columns.at_least(tag, columns.count(seats) - Linear([column]), 0, when)
            if self.capability is not None and len(seats):
                columns.at_least(tag, Linear(supplies.get(partner, [])) - Linear([column]), 0, when)
        columns.program.add_row(tag, Linear(coordinates), 1, 1, when)

    def _supplies(self, columns: Columns) -> dict[int, list[int]]:
        """Return, for each partner that could supply the capability, the columns that say that it does."""
        instance = columns.instance
        found: dict[int, list[int]] = {}
        capability = -1 if self.capability is None else instance.capability_at.get(self.capability, -1)
        arcs = np.flatnonzero(instance.arc_capability == capability)
        for arc, partner in zip(arcs.tolist(), instance.arc_partner[arcs].tolist(), strict=True):
            found.setdefault(partner, []).append(int(columns.delivers[arc]))
        for partner in instance.hold_partner[instance.hold_capability == capability].tolist():
            found[partner] = [int(columns.member[partner])]
        return found

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        name = consortium.coordinator
        if name is None:
            return [say("nobody is named as coordinator")]
        if name not in consortium.members:
            return [say("the coordinator {partner} is not a member", partner=name)]
        found = []
        cluster = consortium.members[name]
        if instance.attribute("role", name, cluster) != "beneficiary":
            found.append(say("the coordinator {partner} is not a beneficiary", partner=name))
        if not instance.passes(name, cluster, self.filter):
            found.append(say("the coordinator {partner} is not among {who}", partner=name, who=who(self.filter)))
        if self.capability is not None and not (
            name in instance.holders.get(self.capability, frozenset())
            or any(d.partner == name and d.capability == self.capability for d in consortium.deliveries)
        ):
            found.append(
                say(
                    "the coordinator {partner} does not supply {capability}",
                    partner=name,
                    capability=self.capability,
                )
            )
        return found
