"""Nobody works more than it can."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Integers, Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Capacity:
    """Effort stays within the capacity of each partner, over all its offers, and of each offer over all it serves."""

    def post(self, columns: Columns) -> None:
        """Add ``sum of efforts <= capacity * member`` for partners and offers that are limited."""
        instance = columns.instance
        partner, offer = instance.arc_partner, instance.arc_offer
        if not len(partner):
            return
        self._limit(columns, partner, instance.capacity, np.arange(len(instance.partners)))
        self._limit(columns, offer, instance.offer_capacity, instance.offer_partner)

    def _limit(self, columns: Columns, group: Integers, capacity: Integers, partners: Integers) -> None:
        """Add a row for each group of arcs with a capacity; `partners` says whose each group is."""
        instance = columns.instance
        arcs = np.flatnonzero((capacity[group] >= 0) & (instance.effort[instance.arc_capability] > 0))
        arcs = arcs[np.argsort(group[arcs], kind="stable")]
        groups, counts = np.unique(group[arcs], return_counts=True)
        split = columns.effort[arcs] >= 0
        used = np.where(split, columns.effort[arcs], columns.delivers[arcs])
        steps = np.where(split, 1, instance.effort[instance.arc_capability[arcs]])
        ends = np.cumsum(counts)
        owners = partners[groups]
        columns.program.add_rows(
            Tag("capacity", source="capacity", partners=owners),
            counts + 1,
            np.insert(used, ends, columns.member[owners]),
            np.insert(steps, ends, -capacity[groups]),
            upper=0,
        )

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Add efforts up by partner and by offer."""
        by_partner: dict[str, Decimal] = defaultdict(Decimal)
        by_offer: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        limits: dict[tuple[str, str], int] = {}
        for delivery in consortium.deliveries:
            by_partner[delivery.partner] += delivery.effort
            by_offer[delivery.partner, delivery.offer] += delivery.effort
            arc = instance.arc_at[delivery.partner, delivery.capability, delivery.offer]
            limits[delivery.partner, delivery.offer] = int(instance.offer_capacity[instance.arc_offer[arc]])
        found = []
        for partner, effort in by_partner.items():
            limit = int(instance.capacity[instance.partner_at[partner]])
            if limit >= 0 and effort > limit * instance.step:
                found.append(
                    say(
                        "{partner} works {effort} person-months and has {limit}",
                        partner=partner,
                        effort=effort,
                        limit=instance.months(limit),
                    )
                )
        for (partner, offer), effort in by_offer.items():
            limit = limits[partner, offer]
            if limit >= 0 and effort > limit * instance.step:
                found.append(
                    say(
                        "{partner} works {effort} person-months through its offer {offer}, which has {limit}",
                        partner=partner,
                        effort=effort,
                        offer=offer,
                        limit=instance.months(limit),
                    )
                )
        return found
