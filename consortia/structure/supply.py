"""Every capability is supplied: held or delivered by as many as it asks for, with all its effort."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.consortium import Delivery
from consortia.program import INFINITE, Integers, Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Supply:
    """Providers, effort, least parts and backups of each capability; deliveries come from members alone."""

    def post(self, columns: Columns) -> None:
        """Add the rows, one family a method."""
        self._held(columns)
        self._providers(columns)
        self._links(columns)
        self._parts(columns)
        self._effort(columns)
        self._backups(columns)

    def _held(self, columns: Columns) -> None:
        """As many members hold it as are asked for: ``least <= sum of members - ...`` for held capabilities."""
        instance = columns.instance
        held = np.flatnonzero(~instance.delivered)
        takers = columns.member[instance.hold_partner]
        self._between(columns, held, instance.hold_capability, takers)

    def _providers(self, columns: Columns) -> None:
        """As many partners deliver it as are asked for."""
        instance = columns.instance
        self._between(columns, np.flatnonzero(instance.delivered), instance.arc_capability, columns.delivers)

    def _between(self, columns: Columns, chosen: Integers, capability: Integers, takers: Integers) -> None:
        """Add ``least * needed <= sum of takers`` and ``sum of takers <= most * needed`` for the chosen ones."""
        instance = columns.instance
        entries = np.isin(capability, chosen)
        takers, counts = takers[entries], np.bincount(capability, minlength=len(instance.capabilities))
        least, most = instance.least_providers, instance.most_providers
        exact = (most == least) & (least > 0)
        for rows, factor, upper in (
            (np.ones(len(chosen), dtype=bool), -least, exact[chosen]),
            ((most[chosen] > 0) & ~exact[chosen], -most, None),
        ):
            subset = chosen[rows]
            kept = np.isin(capability[entries], subset)
            ends = np.cumsum(counts[subset])
            columns.program.add_rows(
                Tag("cover", source="capability", capabilities=subset),
                counts[subset] + 1,
                np.insert(takers[kept], ends, columns.needed[subset]),
                np.insert(np.ones(int(kept.sum()), dtype=np.int64), ends, factor[subset]),
                lower=-INFINITE if upper is None else 0,
                upper=0 if upper is None else np.where(upper, 0, INFINITE),
            )

    def _links(self, columns: Columns) -> None:
        """Whoever delivers is a member, and delivers a capability through one offer: one row per pair."""
        instance = columns.instance
        pair = instance.arc_capability * len(instance.partners) + instance.arc_partner
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        lengths = np.diff(np.append(starts, len(pair)))
        ends = starts + lengths
        partners = instance.arc_partner[starts]
        columns.program.add_rows(
            Tag(
                "link",
                source="members deliver",
                partners=partners,
                capabilities=instance.arc_capability[starts],
            ),
            lengths + 1,
            np.insert(columns.delivers, ends, columns.member[partners]),
            np.insert(np.ones(len(pair), dtype=np.int64), ends, -1),
            upper=0,
        )

    def _parts(self, columns: Columns) -> None:
        """Whoever delivers part of an effort delivers at least the least part and at most what it can."""
        instance = columns.instance
        arcs = np.flatnonzero(columns.effort >= 0)
        pairs = np.stack([columns.effort[arcs], columns.delivers[arcs]], axis=1).ravel()
        tag = Tag(
            "part",
            source="effort",
            partners=instance.arc_partner[arcs],
            capabilities=instance.arc_capability[arcs],
        )
        for limit, lower, upper in (
            (instance.least_part[instance.arc_capability[arcs]], 0, INFINITE),
            (instance.arc_limit[arcs], -INFINITE, 0),
        ):
            factors = np.stack([np.ones(len(arcs), dtype=np.int64), -limit], axis=1).ravel()
            columns.program.add_rows(tag, np.full(len(arcs), 2), pairs, factors, lower, upper)

    def _effort(self, columns: Columns) -> None:
        """All the effort is delivered, and no more."""
        instance = columns.instance
        split = np.flatnonzero(instance.delivered & (instance.most_providers != 1) & (instance.effort > 0))
        arcs = np.isin(instance.arc_capability, split)
        counts = np.bincount(instance.arc_capability[arcs], minlength=len(instance.capabilities))[split]
        ends = np.cumsum(counts)
        columns.program.add_rows(
            Tag("effort", source="effort", capabilities=split),
            counts + 1,
            np.insert(columns.effort[arcs], ends, columns.needed[split]),
            np.insert(np.ones(int(arcs.sum()), dtype=np.int64), ends, -instance.effort[split]),
            0,
            0,
        )

    def _backups(self, columns: Columns) -> None:
        """As many further members as asked for could deliver it and do not."""
        instance = columns.instance
        for capability in np.flatnonzero(instance.backups).tolist():
            arcs = np.flatnonzero(instance.arc_capability == capability)
            able = columns.member[np.unique(instance.arc_partner[arcs])]
            count = int(instance.backups[capability])
            columns.program.add_rows(
                Tag("backups", source="backups", capabilities=np.array([capability])),
                [len(able) + len(arcs) + 1],
                np.concatenate([able, columns.delivers[arcs], columns.needed[[capability]]]),
                np.concatenate([np.ones(len(able)), -np.ones(len(arcs)), [-count]]),
                lower=0,
            )

    # --- the meaning -----------------------------------------------------------------------------------------

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Go through the capabilities one by one."""
        by_capability: dict[str, list[Delivery]] = defaultdict(list)
        found = []
        for delivery in consortium.deliveries:
            by_capability[delivery.capability].append(delivery)
            if delivery.partner not in consortium.members:
                found.append(
                    say(
                        "{partner} delivers {capability} and is not a member",
                        partner=delivery.partner,
                        capability=delivery.capability,
                    )
                )
        for place, capability in enumerate(instance.capabilities):
            if instance.delivered[place]:
                found += self._delivered(instance, consortium, place, by_capability[capability])
            else:
                count = sum(holder in consortium.members for holder in instance.holders[capability])
                found += self._counted(instance, place, count)
        return found

    def _counted(self, instance: Instance, place: int, count: int) -> list[Sentence]:
        least, most = int(instance.least_providers[place]), int(instance.most_providers[place])
        capability = instance.capabilities[place]
        if count < least:
            if count == 0:
                return [say("nobody supplies {capability}", capability=capability)]
            return [
                say(
                    "{capability}: {count} suppliers, but at least {least} are required",
                    capability=capability,
                    count=count,
                    least=least,
                )
            ]
        if most >= 0 and count > most:
            return [
                say(
                    "{capability}: {count} suppliers, but at most {most} are allowed",
                    capability=capability,
                    count=count,
                    most=most,
                )
            ]
        return []

    def _delivered(
        self, instance: Instance, consortium: Consortium, place: int, deliveries: list[Delivery]
    ) -> list[Sentence]:
        capability = instance.capabilities[place]
        suppliers = [delivery.partner for delivery in deliveries]
        found = self._counted(instance, place, len(set(suppliers)))
        for partner in sorted({name for name in suppliers if suppliers.count(name) > 1}):
            found.append(say("{partner} delivers {capability} more than once", partner=partner, capability=capability))
        least = instance.months(int(instance.least_part[place]))
        for delivery in deliveries:
            if delivery.effort < least:
                found.append(
                    say(
                        "{partner} delivers {effort} person-months of {capability}, less than {least}",
                        partner=delivery.partner,
                        effort=delivery.effort,
                        capability=capability,
                        least=least,
                    )
                )
        wanted = instance.months(int(instance.effort[place]))
        effort = sum((delivery.effort for delivery in deliveries), Decimal(0))
        if effort != wanted and deliveries:
            found.append(
                say(
                    "{capability}: {effort} person-months are delivered, but {wanted} are asked for",
                    capability=capability,
                    effort=effort,
                    wanted=wanted,
                )
            )
        return found + self._spare(instance, consortium, place, set(suppliers))

    def _spare(self, instance: Instance, consortium: Consortium, place: int, suppliers: set[str]) -> list[Sentence]:
        wanted = int(instance.backups[place])
        if not wanted:
            return []
        capability = instance.capabilities[place]
        able = {partner for partner, name, _ in instance.arc_at if name == capability}
        spare = sorted((able & set(consortium.members)) - suppliers)
        if len(spare) >= wanted:
            return []
        return [
            say(
                "{capability}: {count} backups, but {wanted} are asked for",
                capability=capability,
                count=len(spare),
                wanted=wanted,
            )
        ]
