"""Named backups: members that stand by for a capability, with capacity kept free for it on top of their own work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Linear, Tag
from consortia.sentence import Sentence

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

_TAG = Tag("reserve", source="reserved capacity")


class Reserve:
    """Whoever stands by for a capability is a member that does not deliver it and has capacity left for its part.

    A part is at least one step and at most what the offer can do; where a capability has one provider at most, it is
    all of its effort. Capacity is kept free over all periods together, not in each of them.
    """

    def post(self, columns: Columns) -> None:
        """Add the links, parts and capacities of those who stand by; nothing where no rule reads them."""
        instance = columns.instance
        asked = {name for rule in instance.rules for part in rule.with_parts() for name in part.reserves(instance)}
        if not asked:
            return
        for capability in sorted(instance.capability_at[name] for name in asked):
            self._links(columns, capability)
        self._limit(columns, instance.arc_partner.tolist(), instance.capacity.tolist())
        self._limit(columns, instance.arc_offer.tolist(), instance.offer_capacity.tolist())

    def _links(self, columns: Columns, capability: int) -> None:
        """One offer each, members only, nobody who delivers it already, and nothing for what is not undertaken."""
        instance = columns.instance
        by_partner: dict[int, list[int]] = defaultdict(list)
        for arc in np.flatnonzero(instance.arc_capability == capability).tolist():
            by_partner[int(instance.arc_partner[arc])].append(arc)
        for partner, arcs in by_partner.items():
            named = columns.stands_by(np.array(arcs))
            either = Linear(named) + Linear(columns.delivers[arcs])
            columns.at_most(_TAG, either - Linear([columns.member[partner]]), 0)
            columns.at_most(_TAG, Linear(named) - Linear([columns.needed[capability]]), 0)
            for arc, column in zip(arcs, named.tolist(), strict=True):
                if columns.effort[arc] >= 0:
                    part = columns.reserved(np.array([arc]))
                    columns.at_least(_TAG, part - Linear([column]), 0)
                    columns.at_most(_TAG, part - Linear([column], int(instance.arc_limit[arc])), 0)

    def _limit(self, columns: Columns, group: list[int], capacity: list[int]) -> None:
        """Keep work and reserve of each partner, or of each offer, within its capacity."""
        instance = columns.instance
        arcs_of: dict[int, list[int]] = defaultdict(list)
        for arc, number in enumerate(group):
            if capacity[number] >= 0 and instance.effort[instance.arc_capability[arc]]:
                arcs_of[number].append(arc)
        for number, found in arcs_of.items():
            arcs = np.array(found)
            held = columns.reserved(arcs)
            if len(held.columns):
                columns.at_most(_TAG, columns.work(arcs) + held, capacity[number])

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Go through those who stand by, one by one, and add capacities up."""
        if not consortium.backups:
            return []
        return [*self._wrong(instance, consortium), *self._overstretched(instance, consortium)]

    def _wrong(self, instance: Instance, consortium: Consortium) -> Iterator[Sentence]:
        delivers = {(delivery.partner, delivery.capability) for delivery in consortium.deliveries}
        undertaken = instance.undertaken(consortium)
        seen = set()
        for backup in consortium.backups:
            who = {"partner": backup.partner, "capability": backup.capability}
            key = (backup.partner, backup.capability)
            if backup.partner not in consortium.members:
                yield Sentence("{partner} stands by for {capability} and is not a member", who)
            if key in delivers:
                yield Sentence("{partner} stands by for {capability} and delivers it itself", who)
            if key in seen:
                yield Sentence("{partner} stands by for {capability} more than once", who)
            if backup.capability not in undertaken:
                yield Sentence("{partner} stands by for {capability}, which is not undertaken", who)
            seen.add(key)
            place = instance.capability_at[backup.capability]
            whole = instance.months(int(instance.effort[place]))
            least, most = (whole, whole) if instance.most_providers[place] == 1 else (min(instance.step, whole), whole)
            most = min(most, instance.months(int(instance.arc_limit[instance.arc_at[(*key, backup.offer)]])))
            if not least <= backup.effort <= most:
                text = "{partner} keeps {effort} person-months free for {capability}, not {least} to {most}"
                yield Sentence(text, {**who, "effort": backup.effort, "least": least, "most": most})

    def _overstretched(self, instance: Instance, consortium: Consortium) -> Iterator[Sentence]:
        work: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
        kept: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
        limits: dict[tuple[str, str | None], int] = {}
        for efforts, entries in ((work, consortium.deliveries), (kept, consortium.backups)):
            for entry in entries:
                arc = instance.arc_at[entry.partner, entry.capability, entry.offer]
                limits[entry.partner, None] = int(instance.capacity[instance.partner_at[entry.partner]])
                limits[entry.partner, entry.offer] = int(instance.offer_capacity[instance.arc_offer[arc]])
                efforts[entry.partner, None] += entry.effort
                efforts[entry.partner, entry.offer] += entry.effort
        for (partner, offer), effort in kept.items():
            limit, own = limits[partner, offer], work[partner, offer]
            if limit >= 0 and effort and own + effort > limit * instance.step:
                names = {"partner": partner, "effort": own, "kept": effort, "limit": instance.months(limit)}
                text = "{partner} works {effort} person-months, keeps {kept} free, and has {limit}"
                if offer is not None:
                    text = (
                        "{partner} works {effort} person-months through {offer}, keeps {kept} free, and it has {limit}"
                    )
                    names["offer"] = offer
                yield Sentence(text, names)


def without_idle_backups(instance: Instance, consortium: Consortium) -> Consortium:
    """Leave out those who stand by and whom no rule needs: solvers name them at no cost."""
    rules = [rule for rule in instance.rules if any(part.reserves(instance) for part in rule.with_parts())]
    kept = [rule for rule in rules if not rule.violations(instance, consortium)]
    for backup in consortium.backups:
        others = tuple(other for other in consortium.backups if other is not backup)
        less = replace(consortium, backups=others)
        if not any(rule.violations(instance, less) for rule in kept):
            consortium = less
    return consortium
