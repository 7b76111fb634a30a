"""The rule that another rule holds under a condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from consortia.rules.base import Measure, Rule
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.rules import AnyCondition, AnyConsequence


class Conditional(Rule):
    """Whenever the rule `if` holds, so does the rule `then`.

    Conditions are rules whose opposite can be posted as well. Consequences are all rules but those that name somebody
    for an office, which nobody would hold where the condition fails.
    """

    rule: Literal["conditional"] = "conditional"
    if_: AnyCondition = Field(alias="if", description="a rule; while it is broken, nothing is asked")
    then: AnyConsequence = Field(description="a rule")

    def describe(self) -> Sentence:
        return say("if ({condition}), then ({rule})", condition=self.if_.title(), rule=self.then.title())

    def parts(self) -> Iterator[tuple[str, Rule]]:
        yield "if", self.if_
        yield "then", self.then

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        self.then.post(columns, (*when, self.if_.holds(columns)))

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        if self.if_.violations(instance, consortium):
            return []
        return self.then.violations(instance, consortium)

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        if self.if_.violations(instance, consortium):
            return []
        return self.then.measure(instance, consortium)
