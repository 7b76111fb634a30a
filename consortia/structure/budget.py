"""The budget caps the whole cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consortia.program import Tag
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Budget:
    """The whole cost is at most the budget."""

    def post(self, columns: Columns) -> None:
        """Add one row on the cost, where there is a budget."""
        budget = columns.instance.budget
        if budget is not None:
            columns.at_most(Tag("budget", source="budget"), columns.program.expressions["cost"], budget)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Compare the recomputed cost with the budget."""
        from consortia.costs import total

        if instance.budget is None:
            return []
        cost = total(instance, consortium)
        if cost <= instance.budget:
            return []
        return [
            say(
                "the cost {cost} exceeds the budget {budget}",
                cost=instance.money(cost),
                budget=instance.money(instance.budget),
            )
        ]
