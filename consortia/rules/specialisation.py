"""The rule that nobody does a bit of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from consortia.program import Linear
from consortia.rules.base import Measure, Rule, broken, counted, passing, who, within
from consortia.sentence import Sentence, say
from consortia.spec.base import PositiveCount
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Specialisation(Rule):
    """Each member that passes the filter delivers at most `max` capabilities, or parts of them."""

    rule: Literal["specialisation"] = "specialisation"
    max: PositiveCount
    filter: Filter | None = None

    def describe(self) -> Sentence:
        return say("each of {who} delivers at most {max} capabilities", who=who(self.filter), max=self.max)

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance = columns.instance
        eligible = instance.seats_passing(counted(self.filter))
        arcs_of = np.bincount(instance.arc_partner, minlength=len(instance.partners))
        for partner in np.flatnonzero(arcs_of > self.max).tolist():
            joins = columns.present(columns.seats_of(partner, eligible))
            if joins is not None:
                delivers = columns.delivers[instance.arc_partner == partner]
                columns.at_most(self.tag, Linear(delivers), self.max, (*when, joins))

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        found = []
        for partner, _ in passing(instance, consortium, counted(self.filter)):
            count = sum(delivery.partner == partner for delivery in consortium.deliveries)
            found += within(say("capabilities that {partner} delivers", partner=partner), count, None, self.max)
        return found
