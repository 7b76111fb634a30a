"""What every cost component is: a schema, terms for solvers, and exact lines of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field

from consortia.costs.lines import Line
from consortia.program import Linear
from consortia.sentence import Sentence
from consortia.spec.base import Strict

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Cost(Strict):
    """A component of the cost beside own costs and cluster fees: the root of all costs of the file schema.

    A cost has a schema (its fields), terms (`post`) and lines of its own (`lines`), written apart from the terms; a
    generated test holds the two against each other. A cost that also limits something adds rows in `post` and says
    in `violations` how a consortium breaks them.
    """

    label: str | None = Field(default=None, description="what to call it in reports")

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        """Return the same component with all its amounts in the project's currency."""
        return self

    def amounts(self, step: Fraction) -> Iterable[Fraction]:
        """Return the amounts that have to be whole numbers of units of money; `step` is that of effort."""
        return ()

    def post(self, columns: Columns) -> Linear:
        """Return the component as an expression, with whatever auxiliary columns and rows it takes."""
        raise NotImplementedError

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return what is paid, item by item."""
        raise NotImplementedError

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Say what the consortium asks of the component that it cannot give."""
        return []


def units(instance: Instance, amount: Decimal) -> int:
    """Return an amount in the Instance's units, in which it is whole by the choice of scale."""
    whole, exact = instance.units(amount)
    assert exact, "the scale makes every amount whole"
    return whole
