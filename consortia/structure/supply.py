"""Every capability is supplied: held or delivered by as many as it asks for, with all its effort."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    """As many members hold or deliver each capability as it asks for, and all its effort is delivered, no more."""

    def post(self, columns: Columns) -> None:
        """Add the rows of held capabilities, of delivered ones, and of efforts that may be split."""
        self._held(columns)
        if columns.instance.delivered.any():
            self._providers(columns)
            self._effort(columns)

    def _held(self, columns: Columns) -> None:
        """Between least and most members hold each held capability that is undertaken."""
        instance = columns.instance
        held = np.flatnonzero(~instance.delivered)
        most = instance.most_providers[held]
        columns.program.add_rows(
            Tag("cover", source="capability", capabilities=held),
            np.bincount(instance.hold_capability, minlength=len(instance.capabilities))[held],
            columns.member[instance.hold_partner],
            1,
            instance.least_providers[held],
            np.where(most < 0, INFINITE, most),
            when=(columns.needed[held],),
        )

    def _providers(self, columns: Columns) -> None:
        """Between ``least * needed`` and ``most * needed`` partners deliver each delivered capability."""
        instance = columns.instance
        delivered = np.flatnonzero(instance.delivered)
        most = instance.most_providers
        exact = most == instance.least_providers
        self._count(columns, delivered, instance.least_providers, 0, np.where(exact[delivered], 0, INFINITE))
        self._count(columns, delivered[(most >= 0)[delivered] & ~exact[delivered]], most, -INFINITE, 0)

    def _count(self, columns: Columns, chosen: Integers, factor: Integers, lower: object, upper: object) -> None:
        """Add ``lower <= sum of delivers - factor * needed <= upper`` for the chosen capabilities."""
        instance = columns.instance
        counts = np.bincount(instance.arc_capability, minlength=len(instance.capabilities))[chosen]
        delivers = columns.delivers[np.isin(instance.arc_capability, chosen)]
        ends = np.cumsum(counts)
        columns.program.add_rows(
            Tag("cover", source="capability", capabilities=chosen),
            counts + 1,
            np.insert(delivers, ends, columns.needed[chosen]),
            np.insert(np.ones(len(delivers), dtype=np.int64), ends, -factor[chosen]),
            lower,
            upper,
        )

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

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Count who holds or delivers each capability, and add its efforts up."""
        by_capability: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in consortium.deliveries:
            by_capability[delivery.capability].append(delivery)
        found = []
        undertaken = instance.undertaken(consortium)
        holders = Counter(held for partner in consortium.members for held in instance.held_by(partner))
        for place, capability in enumerate(instance.capabilities):
            if capability not in undertaken:
                continue
            deliveries = by_capability[capability]
            delivering = len({delivery.partner for delivery in deliveries})
            suppliers = delivering if instance.delivered[place] else holders[capability]
            counted = self._counted(instance, place, suppliers)
            found += counted
            wanted = instance.months(int(instance.effort[place]))
            effort = sum((delivery.effort for delivery in deliveries), Decimal(0))
            if effort != wanted and (suppliers or not counted):
                found.append(
                    say(
                        "{capability}: {effort} person-months are delivered, but {wanted} are asked for",
                        capability=capability,
                        effort=effort,
                        wanted=wanted,
                    )
                )
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
