"""Limits on whatever can be an objective."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.expressions import EXPRESSIONS, ExpressionName
from consortia.rules.base import Measure, Rule, broken, within
from consortia.sentence import Sentence, say
from consortia.spec.base import Number

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Limit(Rule):
    """An expression, such as the grant or the number of members, is at least `min` and at most `max`.

    Amounts of money are in the project's currency.
    """

    rule: Literal["limit"] = "limit"
    of: ExpressionName = Field(description="what is limited: the name of an expression")
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Any:
        if self.min is None and self.max is None:
            raise WrongValue(say("the rule sets no limit"), say("Give min, max or both"))
        if self.min is not None and self.max is not None and self.max < self.min:
            raise WrongValue(
                say("max {max} is less than min {min}", max=self.max, min=self.min), say("Correct one of them")
            )
        return self

    def describe(self) -> Sentence:
        what = say(self.of)
        if self.max is None:
            return say("{expression}: at least {min}", expression=what, min=self.min)
        if self.min is None:
            return say("{expression}: at most {max}", expression=what, max=self.max)
        return say("{expression}: {min} to {max}", expression=what, min=self.min, max=self.max)

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        expression = EXPRESSIONS[self.of]
        body, scale = expression.post(columns), expression.scale(columns.instance)
        if self.min is not None:
            columns.at_least(self.tag, body, ceil(Fraction(self.min) * scale), when)
        if self.max is not None:
            columns.at_most(self.tag, body, floor(Fraction(self.max) * scale), when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        expression = EXPRESSIONS[self.of]
        value = Fraction(expression.value(instance, consortium), expression.scale(instance))
        least, most = (None if bound is None else Fraction(bound) for bound in (self.min, self.max))
        return within(say(self.of), value, least, most, "money" if expression.money else "count")
