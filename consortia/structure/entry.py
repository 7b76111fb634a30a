"""Every member enters through exactly one of its clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Entry:
    """A member of several clusters enters through exactly one; a partner that does not join, through none."""

    def post(self, columns: Columns) -> None:
        """Add, for each partner with a choice of seats, that its seats add up to its membership."""
        instance = columns.instance
        seats = np.bincount(instance.seat_partner, minlength=len(instance.partners))
        chosen = np.flatnonzero(seats > 1)
        if not len(chosen):
            return
        entries = np.flatnonzero(seats[instance.seat_partner] > 1)
        # each partner's seats, then its member column
        ends = np.cumsum(seats[chosen])
        columns.program.add_rows(
            Tag("entry", source="entry", partners=chosen),
            seats[chosen] + 1,
            np.insert(columns.seat[entries], ends, columns.member[chosen]),
            np.insert(np.ones(len(entries), dtype=np.int64), ends, -1),
            0,
            0,
        )

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Look each member's entry up among its seats."""
        found = []
        for partner, cluster in consortium.members.items():
            if instance.seat_of(partner, cluster) is not None:
                continue
            if cluster is None:
                found.append(say("{partner} belongs to clusters and enters through none", partner=partner))
            else:
                found.append(
                    say(
                        "{partner} enters through {cluster}, to which it does not belong",
                        partner=partner,
                        cluster=cluster,
                    )
                )
        return found
