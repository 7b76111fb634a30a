"""Backups: further members that could deliver a capability and do not; no capacity is reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Backups:
    """Each capability has as many backups as it asks for."""

    def post(self, columns: Columns) -> None:
        """Add ``wanted * needed <= members that could - deliveries`` for each capability with backups."""
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

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Look for members that could deliver a capability and do not."""
        found = []
        undertaken = instance.undertaken(consortium)
        for place in np.flatnonzero(instance.backups).tolist():
            capability, wanted = instance.capabilities[place], int(instance.backups[place])
            if capability not in undertaken:
                continue
            able = {partner for partner, name, _ in instance.arc_at if name == capability}
            suppliers = {delivery.partner for delivery in consortium.deliveries if delivery.capability == capability}
            spare = able.intersection(consortium.members) - suppliers
            if len(spare) < wanted:
                found.append(
                    say(
                        "{capability}: {count} backups, but {wanted} are asked for",
                        capability=capability,
                        count=len(spare),
                        wanted=wanted,
                    )
                )
        return found
