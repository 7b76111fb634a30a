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
        """Add ``member <= sum of delivers`` for whoever holds nothing and is not included."""
        instance = columns.instance
        excused = np.zeros(len(instance.partners), dtype=bool)
        excused[instance.hold_partner] = True
        named = included(instance)
        excused[[place for name, place in instance.partner_at.items() if name in named]] = True
        idle = np.flatnonzero(~excused)
        order = np.argsort(instance.arc_partner, kind="stable")
        arcs = order[~excused[instance.arc_partner[order]]]
        counts = np.bincount(instance.arc_partner[arcs], minlength=len(excused))[idle]
        ends = np.cumsum(counts)
        columns.program.add_rows(
            Tag("takes part", source="no passengers", partners=idle),
            counts + 1,
            np.insert(columns.delivers[arcs], ends, columns.member[idle]),
            np.insert(np.ones(len(arcs), dtype=np.int64), ends, -1),
            lower=0,
        )

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Look for members that do nothing."""
        working = {delivery.partner for delivery in consortium.deliveries}
        holding = set().union(*instance.holders.values()) if instance.holders else set()
        idle = set(consortium.members) - working - holding - included(instance)
        return [say("{partner} is a member and takes no part", partner=name) for name in sorted(idle)]


def included(instance: Instance) -> set[str]:
    """Return the partners that rules include by name."""
    from consortia.rules.membership import Include

    return {partner for rule in instance.rules if isinstance(rule, Include) for partner in rule.partners}
