"""What can be minimised or maximised: named expressions, each with columns for solvers and a value by meaning.

A new expression is one class in one file and one entry here. Expressions are posted only when an objective or a rule
names them, so that nobody pays for those that are not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, get_args

from consortia.expressions.basic import Change, Clusters, CostAndChange, Members, Value, Waived, WholeCost
from consortia.expressions.funded import EligibleCost, Grant, OwnContribution, TotalCost
from consortia.expressions.newcomers import NewCompetences, NewEffort
from consortia.expressions.rebates import CostAfterRebates
from consortia.expressions.relations import Affinity, Coordination, Reliability

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.program import Linear

__all__ = ["EXPRESSIONS", "Expression", "ExpressionName", "names"]

ExpressionName = Literal[
    "cost",
    "members",
    "clusters",
    "value",
    "change",
    "coordination",
    "affinity",
    "reliability",
    "eligible cost",
    "grant",
    "total cost",
    "own contribution",
]
"""What a project may name. ``cost and change`` is for replanning only, which gives it a price of change, ``waived`` and
``cost after rebates`` for explanations, which say what may be waived and who gives a rebate."""


class Expression(Protocol):
    """A number that depends on the consortium, in integer units of its own."""

    name: str
    maximised: bool
    money: bool

    def post(self, columns: Columns) -> Linear:
        """Return it over the columns, with whatever auxiliary columns it takes, pinned in both directions."""
        ...

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Return it by meaning, in units."""
        ...

    def scale(self, instance: Instance) -> int:
        """Return how many units make one."""
        ...


EXPRESSIONS: dict[str, Expression] = {
    expression.name: expression
    for expression in (
        WholeCost(),
        Members(),
        Clusters(),
        Value(),
        Change(),
        CostAndChange(),
        Waived(),
        CostAfterRebates(),
        NewCompetences(),
        NewEffort(),
        Coordination(),
        Affinity(),
        Reliability(),
        EligibleCost(),
        Grant(),
        TotalCost(),
        OwnContribution(),
    )
}


def names() -> tuple[str, ...]:
    """Return the names of the expressions that a project may name.

    Examples
    --------
    >>> "members" in names()
    True
    """
    return get_args(ExpressionName)
