"""Bounds on expressions in their own exact units, for questions that explanations ask."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from consortia.expressions import EXPRESSIONS
from consortia.rules.base import Measure, Rule, broken
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Bound(Rule):
    """An expression is at least, or at most, a number of its units; it cannot be written in a file.

    Examples
    --------
    >>> str(Bound(of="members", units=4).describe()), str(Bound(of="clusters", units=2, least=True).describe())
    ('members: at most 4 units', 'clusters: at least 2 units')
    """

    of: str
    units: int
    least: bool = False

    def describe(self) -> Sentence:
        text = "{expression}: at least {units} units" if self.least else "{expression}: at most {units} units"
        return Sentence(text, {"expression": say(self.of), "units": self.units})

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        body = EXPRESSIONS[self.of].post(columns)
        if self.least:
            columns.at_least(self.tag, body, self.units, when)
        else:
            columns.at_most(self.tag, body, self.units, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        expression = EXPRESSIONS[self.of]
        scale = expression.scale(instance)
        value = Fraction(expression.value(instance, consortium), scale)
        unit = "money" if expression.money else "count"
        return [Measure(say(self.of), value, Fraction(self.units, scale), self.least, unit)]
