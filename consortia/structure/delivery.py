"""Deliveries come from members, one offer each, in parts that are large enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import INFINITE, Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Deliveries:
    """Whoever delivers is a member, delivers a capability through one offer, and at least the least part of it."""

    def post(self, columns: Columns) -> None:
        """Add a link for each partner and capability, and the ends of each part."""
        if len(columns.delivers):
            self._links(columns)
            self._parts(columns)

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

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Go through the deliveries one by one."""
        found = []
        seen: set[tuple[str, str]] = set()
        for delivery in consortium.deliveries:
            partner, capability = delivery.partner, delivery.capability
            if partner not in consortium.members:
                text = "{partner} delivers {capability} and is not a member"
                found.append(Sentence(text, {"partner": partner, "capability": capability}))
            if (partner, capability) in seen:
                found.append(
                    say("{partner} delivers {capability} more than once", partner=partner, capability=capability)
                )
            seen.add((partner, capability))
            least = instance.months(int(instance.least_part[instance.capability_at[capability]]))
            if delivery.effort < least:
                found.append(
                    say(
                        "{partner} delivers {effort} person-months of {capability}, less than {least}",
                        partner=partner,
                        effort=delivery.effort,
                        capability=capability,
                        least=least,
                    )
                )
        return found
