"""Rules that count members, or the different values of an attribute among them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.program import Linear, integers
from consortia.rules.base import Measure, broken, counted, passing, portion, who, within
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, say
from consortia.spec.base import Count as Natural
from consortia.spec.base import Share as Portion
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class _Bounded(Reifiable):
    """A rule with limits to a number, to its share of a greater number, or to both."""

    filter: Filter | None = None
    min: Natural | None = None
    max: Natural | None = None
    min_share: Portion | None = Field(default=None, description="of the number among those who pass base")
    max_share: Portion | None = Field(default=None, description="of the number among those who pass base")
    base: Filter | None = Field(default=None, description="by default all beneficiaries")
    filter_fields: ClassVar[tuple[str, ...]] = ("filter", "base")

    @model_validator(mode="after")
    def _bounds(self) -> Any:
        if self.min is None and self.max is None and self.min_share is None and self.max_share is None:
            raise WrongValue(say("the rule sets no limit"), say("Give min, max or both"))
        if self.min is not None and self.max is not None and self.max < self.min:
            raise WrongValue(
                say("max {max} is less than min {min}", max=self.max, min=self.min), say("Correct one of them")
            )
        if self.min_share is not None and self.max_share is not None and self.max_share < self.min_share:
            raise WrongValue(
                say("max_share {max} is less than min_share {min}", max=self.max_share, min=self.min_share),
                say("Correct one of them"),
            )
        if self.base is not None and self.min_share is None and self.max_share is None:
            raise WrongValue(say("base has no share to be the base of"), say("Give min_share or max_share"))
        return self

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def _describe(self, what: Sentence) -> Sentence:
        limits = [
            f"{sign} {bound}{unit}"
            for sign, bound, unit in (
                ("≥", self.min, ""),
                ("≤", self.max, ""),
                ("≥", _percent(self.min_share), " %"),
                ("≤", _percent(self.max_share), " %"),
            )
            if bound is not None
        ]
        if self.min_share is not None or self.max_share is not None:
            return say("{what}, of {base}: {limits}", what=what, base=who(self.base), limits=", ".join(limits))
        if self.max is None:
            return say("at least {min} {what}", min=self.min, what=what)
        if self.min is None:
            return say("at most {max} {what}", max=self.max, what=what)
        return say("{min} to {max} {what}", min=self.min, max=self.max, what=what)

    def _shares(self, least: tuple[Linear, Linear], most: tuple[Linear, Linear]) -> Iterator[Row]:
        """Return the rows on shares; each pair is the part and the whole that count towards the limit."""
        if self.min_share is not None:
            over, under = self.min_share.as_integer_ratio()
            yield Row(under * least[0] - over * least[1], least=0)
        if self.max_share is not None:
            over, under = self.max_share.as_integer_ratio()
            yield Row(under * most[0] - over * most[1], most=0)

    def _share_measures(self, what: Sentence, least: tuple[int, int], most: tuple[int, int]) -> list[Measure]:
        text = say("share of {what}", what=what)
        found = []
        for bound, (part, whole), lower in ((self.min_share, least, True), (self.max_share, most, False)):
            if bound is not None:
                found.append(Measure(text, portion(part, whole), Fraction(bound), lower, "share"))
        return found


def _percent(share: Any) -> str | None:
    return None if share is None else f"{(share * 100).normalize():f}"


class Count(_Bounded):
    """The number of members that pass the filter is at least `min` and at most `max`.

    `min_share` and `max_share` limit it as a share of the number of members that pass `base`.
    """

    rule: Literal["count"] = "count"

    def describe(self) -> Sentence:
        return self._describe(who(self.filter))

    def rows(self, columns: Columns) -> Iterator[Row]:
        part = columns.count(columns.instance.seats_passing(counted(self.filter)))
        if self.min is not None:
            yield Row(part, least=self.min)
        if self.max is not None:
            yield Row(part, most=self.max)
        if self.min_share is not None or self.max_share is not None:
            whole = columns.count(columns.instance.seats_passing(counted(self.base)))
            yield from self._shares((part, whole), (part, whole))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        part, whole = (len(passing(instance, consortium, counted(chosen))) for chosen in (self.filter, self.base))
        what = who(self.filter)
        return within(what, part, self.min, self.max) + self._share_measures(what, (part, whole), (part, whole))


class Distinct(_Bounded):
    """The number of different values of an attribute among the members that pass the filter.

    `min_share` and `max_share` limit it as a share of the number of different values among those who pass `base`.
    What is not known never helps: a blank counts as a value of its own where that makes a limit harder to keep (in a
    number that has a maximum, in the base of a least share), and else not at all.
    """

    rule: Literal["distinct"] = "distinct"
    attribute: str

    def describe(self) -> Sentence:
        return self._describe(self._what())

    def _what(self) -> Sentence:
        return say("different values of {attribute} among {who}", attribute=self.attribute, who=who(self.filter))

    def rows(self, columns: Columns) -> Iterator[Row]:
        known, blank = self._values(columns, self.filter)
        if self.min is not None:
            yield Row(known, least=self.min)
        if self.max is not None:
            yield Row(known + blank, most=self.max)
        if self.min_share is not None or self.max_share is not None:
            base, base_blank = self._values(columns, self.base)
            yield from self._shares((known, base + base_blank), (known + blank, base))

    def _values(self, columns: Columns, chosen: Filter | None) -> tuple[Linear, Linear]:
        """Count the values that are present among those who pass, and the blanks."""
        instance = columns.instance
        passing_seats = instance.seats_passing(counted(chosen))
        known: dict[object, list[int]] = {}
        unknown = np.zeros(len(passing_seats), dtype=bool)
        for seat, (partner, cluster) in enumerate(instance.seat_at):
            if passing_seats[seat]:
                value = instance.attribute(self.attribute, partner, cluster)
                if value is None:
                    unknown[seat] = True
                else:
                    known.setdefault(value, []).append(seat)
        values = []
        for seats in known.values():
            values.append(columns.present(integers(seats)))
        return Linear([literal for literal in values if literal is not None]), columns.count(unknown)

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        known, blanks = self._seen(instance, consortium, self.filter)
        what = self._what()
        found = within(what, known, self.min, None) + within(what, known + blanks, None, self.max)
        base, base_blanks = self._seen(instance, consortium, self.base)
        return found + self._share_measures(what, (known, base + base_blanks), (known + blanks, base))

    def _seen(self, instance: Instance, consortium: Consortium, chosen: Filter | None) -> tuple[int, int]:
        values = [
            instance.attribute(self.attribute, partner, cluster)
            for partner, cluster in passing(instance, consortium, counted(chosen))
        ]
        return len({value for value in values if value is not None}), sum(value is None for value in values)
