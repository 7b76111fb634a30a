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
    """As many members hold or deliver each capability as it asks for, and all its effort is delivered, no more."""

    def post(self, columns: Columns) -> None:
        """Add the rows of held capabilities, of delivered ones, and of efforts that may be split."""
        self._held(columns)
        self._providers(columns)
        self._effort(columns)

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
        for place, capability in enumerate(instance.capabilities):
            deliveries = by_capability[capability]
            if instance.delivered[place]:
                suppliers = {delivery.partner for delivery in deliveries}
            else:
                suppliers = set(instance.holders[capability].intersection(consortium.members))
            counted = self._counted(instance, place, len(suppliers))
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
