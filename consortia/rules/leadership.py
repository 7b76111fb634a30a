"""The rule that each work package has a leader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from consortia.program import Linear, Tag, integers
from consortia.rules.base import Rule, who
from consortia.sentence import Sentence, say
from consortia.spec.base import PositiveCount
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Leaders(Rule):
    """Each work package that is undertaken is led by exactly one member that supplies something in it.

    A work package is undertaken if one of its capabilities is. Leaders are beneficiaries that pass the filter, and
    none leads more than `max_led`.
    """

    rule: Literal["leaders"] = "leaders"
    filter: Filter | None = None
    max_led: PositiveCount | None = Field(default=None, description="work packages that one member may lead")

    def describe(self) -> Sentence:
        if self.max_led is None:
            return say("a leader among {who} for each work package", who=who(self.filter))
        return say(
            "a leader among {who} for each work package, at most {most} each", who=who(self.filter), most=self.max_led
        )

    def _admits(self, instance: Instance, partner: str, cluster: str | None) -> bool:
        return instance.attribute("role", partner, cluster) == "beneficiary" and instance.passes(
            partner, cluster, self.filter
        )

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance = columns.instance
        admitted = np.array([self._admits(instance, *seat) for seat in instance.seat_at], dtype=bool)
        led: dict[int, list[int]] = {}
        for package, capabilities in instance.work_packages.items():
            places = [instance.capability_at[capability] for capability in capabilities]
            leaders = []
            for partner, supplies in _suppliers(columns, places).items():
                seats = columns.seats_of(partner, admitted)
                if not len(seats):
                    continue
                leads = int(columns.program.add_columns(Tag("leader", partners=integers([partner])), 1)[0])
                columns.leader[package, partner] = leads
                columns.at_least(self.tag, columns.count(seats) - Linear([leads]), 0, when)
                columns.at_least(self.tag, Linear(supplies) - Linear([leads]), 0, when)
                leaders.append(leads)
                led.setdefault(partner, []).append(leads)
            undertaken = columns.any_of(columns.needed[places])
            columns.program.add_row(self.tag, Linear(leaders) - Linear([undertaken]), 0, 0, when)
        if self.max_led is not None:
            for leads_of in led.values():
                columns.at_most(self.tag, Linear(leads_of), self.max_led, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        found = []
        undertaken = instance.undertaken(consortium)
        for package, capabilities in instance.work_packages.items():
            name = consortium.leaders.get(package)
            if not undertaken.intersection(capabilities):
                if name is not None:
                    found.append(say("{package} is not undertaken and has a leader", package=package))
            elif name is None:
                found.append(say("nobody is named to lead {package}", package=package))
            elif name not in consortium.members:
                found.append(say("{partner} leads {package} and is not a member", partner=name, package=package))
            elif not self._admits(instance, name, consortium.members[name]):
                text = "{partner} leads {package} and is not among {who}"
                found.append(Sentence(text, {"partner": name, "package": package, "who": who(self.filter)}))
            elif not any(_supplies(instance, consortium, name, capability) for capability in capabilities):
                found.append(say("{partner} leads {package} and supplies nothing in it", partner=name, package=package))
        for name, count in sorted(Counter(consortium.leaders.values()).items()):
            if self.max_led is not None and count > self.max_led:
                text = "{partner} leads {count} work packages, but at most {most} are allowed"
                found.append(Sentence(text, {"partner": name, "count": count, "most": self.max_led}))
        return found


def _suppliers(columns: Columns, places: list[int]) -> dict[int, list[int]]:
    """Return, for each partner that could supply one of the capabilities, the columns that say that it does."""
    instance = columns.instance
    found: dict[int, list[int]] = {}
    for arc in np.flatnonzero(np.isin(instance.arc_capability, places)).tolist():
        found.setdefault(int(instance.arc_partner[arc]), []).append(int(columns.delivers[arc]))
    for hold in np.flatnonzero(np.isin(instance.hold_capability, places)).tolist():
        partner, capability = int(instance.hold_partner[hold]), int(instance.hold_capability[hold])
        both = columns.both(int(columns.member[partner]), int(columns.needed[capability]))
        found.setdefault(partner, []).append(both)
    return found


def _supplies(instance: Instance, consortium: Consortium, partner: str, capability: str) -> bool:
    if capability not in instance.undertaken(consortium):
        return False
    return partner in instance.holders[capability] or any(
        delivery.partner == partner and delivery.capability == capability for delivery in consortium.deliveries
    )
