"""No passengers: every member takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class TakesPart:
    """Every member delivers something, holds what is asked to be held, or is included by name."""

    def post(self, columns: Columns) -> None:
        """Add ``member <= sum of delivers + sum of needed that it holds`` for whoever is not excused."""
        instance = columns.instance
        settled = np.array([name in instance.settled for name in instance.capabilities], dtype=bool)
        excused = np.zeros(len(instance.partners), dtype=bool)
        excused[instance.hold_partner[settled[instance.hold_capability]]] = True
        named = included(instance)
        excused[[instance.partner_at[name] for name in named if name in instance.partner_at]] = True
        idle = np.flatnonzero(~excused)
        if not len(idle):
            return
        # what would be a part to take: a delivery, or a held capability that is undertaken
        partners = np.concatenate([instance.arc_partner, instance.hold_partner])
        parts = np.concatenate([columns.delivers, columns.needed[instance.hold_capability]])
        order = np.argsort(partners, kind="stable")
        order = order[~excused[partners[order]]]
        counts = np.bincount(partners[order], minlength=len(excused))[idle]
        ends = np.cumsum(counts)
        columns.program.add_rows(
            Tag("takes part", source="no passengers", partners=idle),
            counts + 1,
            np.insert(parts[order], ends, columns.member[idle]),
            np.insert(np.ones(len(order), dtype=np.int64), ends, -1),
            lower=0,
        )

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Look for members that do nothing."""
        working = {delivery.partner for delivery in consortium.deliveries}
        undertaken = instance.undertaken(consortium)
        holding = {name for name in consortium.members if instance.held_by(name) & undertaken}
        idle = set(consortium.members) - working - holding - included(instance)
        return [say("{partner} is a member and takes no part", partner=name) for name in sorted(idle)]


def included(instance: Instance) -> set[str]:
    """Return the partners that rules include by name."""
    from consortia.rules.membership import Include

    return {partner for rule in instance.rules if isinstance(rule, Include) for partner in rule.partners}
