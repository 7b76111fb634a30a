"""What is undertaken: all that is neither optional nor part of a choice, and one option of each choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Linear, Tag
from consortia.sentence import Sentence, listed, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Undertaking:
    """Settled capabilities are undertaken, of each choice exactly one option, and nothing else is delivered."""

    def post(self, columns: Columns) -> None:
        """Tie ``needed`` of a choice's capabilities to the option chosen, and deliveries to ``needed``."""
        instance, program = columns.instance, columns.program
        tag = Tag("undertaking", source="choice")
        for options in instance.choices:
            chosen = program.add_columns(tag, len(options))
            program.add_row(tag, Linear(chosen), 1, 1)
            for capability in sorted(frozenset().union(*options)):
                with_it = [column for column, option in zip(chosen, options, strict=True) if capability in option]
                needed = columns.needed[instance.capability_at[capability]]
                program.add_row(tag, Linear(with_it) - Linear([needed]), 0, 0)
        if not len(columns.delivers):
            return
        left_open = np.array([name not in instance.settled for name in instance.capabilities], dtype=bool)
        arcs = np.flatnonzero(left_open[instance.arc_capability])
        pairs = np.stack([columns.delivers[arcs], columns.needed[instance.arc_capability[arcs]]], axis=1).ravel()
        program.add_rows(tag, np.full(len(arcs), 2), pairs, np.tile([1, -1], len(arcs)), upper=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Compare what is undertaken with what is settled, with the choices, and with what is delivered."""
        undertaken = instance.undertaken(consortium)
        found = [
            say("{capability} must be undertaken and is not", capability=name)
            for name in sorted(instance.settled - undertaken)
        ]
        for options in instance.choices:
            taken = undertaken & frozenset().union(*options)
            if taken not in options:
                shown = " / ".join(listed(sorted(option)) for option in options)
                found.append(
                    say(
                        "exactly one of {options} must be undertaken, not {taken}",
                        options=shown,
                        taken=listed(sorted(taken)) or "-",
                    )
                )
        for name in sorted({delivery.capability for delivery in consortium.deliveries} - undertaken):
            found.append(say("{capability} is delivered and not undertaken", capability=name))
        return found
