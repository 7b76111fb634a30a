"""Rules that count members, or the different values of an attribute among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import model_validator

from consortia.errors import WrongValue
from consortia.program import Linear
from consortia.rules.base import Measure, Rule, broken, counted, passing, who, within
from consortia.sentence import Sentence, say
from consortia.spec.base import Count as Natural
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class _Bounded(Rule):
    """A rule with a least, a most, or both."""

    filter: Filter | None = None
    min: Natural | None = None
    max: Natural | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Any:
        if self.min is None and self.max is None:
            raise WrongValue(say("the rule sets no limit"), say("Give min, max or both"))
        if self.min is not None and self.max is not None and self.max < self.min:
            raise WrongValue(
                say("max {max} is less than min {min}", max=self.max, min=self.min), say("Correct one of them")
            )
        return self

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def _describe(self, what: Sentence) -> Sentence:
        if self.max is None:
            return say("at least {min} {what}", min=self.min, what=what)
        if self.min is None:
            return say("at most {max} {what}", max=self.max, what=what)
        return say("{min} to {max} {what}", min=self.min, max=self.max, what=what)


class Count(_Bounded):
    """The number of members that pass the filter is at least `min` and at most `max`."""

    rule: Literal["count"] = "count"

    def describe(self) -> Sentence:
        return self._describe(who(self.filter))

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        body = columns.count(columns.instance.seats_passing(counted(self.filter)))
        if self.min is not None:
            columns.at_least(self.tag, body, self.min, when)
        if self.max is not None:
            columns.at_most(self.tag, body, self.max, when)

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        found = len(passing(instance, consortium, counted(self.filter)))
        return within(who(self.filter), found, self.min, self.max)


class Distinct(_Bounded):
    """The number of different values of an attribute among the members that pass the filter.

    What is not known never helps: a blank does not count towards `min`, and counts as a value of its own
    towards `max`.
    """

    rule: Literal["distinct"] = "distinct"
    attribute: str

    def describe(self) -> Sentence:
        return self._describe(self._what())

    def _what(self) -> Sentence:
        return say("different values of {attribute} among {who}", attribute=self.attribute, who=who(self.filter))

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance = columns.instance
        passing_seats = instance.seats_passing(counted(self.filter))
        known: dict[object, list[int]] = {}
        blank: list[int] = []
        for seat, (partner, cluster) in enumerate(instance.seat_at):
            if passing_seats[seat]:
                value = instance.attribute(self.attribute, partner, cluster)
                (blank if value is None else known.setdefault(value, [])).append(seat)
        values = []
        for seats in known.values():
            chosen = np.zeros(len(passing_seats), dtype=bool)
            chosen[seats] = True
            values.append(columns.present(chosen))
        different = Linear([literal for literal in values if literal is not None])
        if self.min is not None:
            columns.at_least(self.tag, different, self.min, when)
        if self.max is not None:
            unknown = np.zeros(len(passing_seats), dtype=bool)
            unknown[blank] = True
            columns.at_most(self.tag, different + columns.count(unknown), self.max, when)

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        values = [
            instance.attribute(self.attribute, partner, cluster)
            for partner, cluster in passing(instance, consortium, counted(self.filter))
        ]
        known = len({value for value in values if value is not None})
        blanks = sum(value is None for value in values)
        return within(self._what(), known, self.min, None) + within(self._what(), known + blanks, None, self.max)
