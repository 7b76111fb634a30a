"""What every cost component is: a schema, terms for solvers, and exact lines of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field

from consortia.costs.lines import Line
from consortia.program import Linear
from consortia.sentence import Sentence
from consortia.spec.base import Strict
from consortia.spec.filters import Filter

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

    own: ClassVar[bool] = False
    """Whether its lines may be members' own cost."""

    def converted(self, convert: Callable[[Any], Decimal]) -> Self:
        """Return the same component with all its amounts in the project's currency."""
        return self

    def amounts(self, step: Fraction) -> Iterable[Fraction]:
        """Return the amounts that have to be whole numbers of units of money; `step` is that of effort."""
        return ()

    def factors(self) -> Iterable[Fraction]:
        """Return what prices are multiplied with: the scale of money makes the products whole."""
        return ()

    def filters(self) -> Iterator[tuple[str, Filter]]:
        """Return the filters in the component, with the names of their fields."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Filter):
                yield name, value

    def post(self, columns: Columns) -> Linear:
        """Return the component as an expression, with whatever auxiliary columns and rows it takes."""
        raise NotImplementedError

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return what is paid, item by item."""
        raise NotImplementedError

    def reductions(self, instance: Instance, consortium: Consortium) -> dict[tuple[str, str], int]:
        """Return what is taken off own costs, by partner and category of cost."""
        return {}

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Say what the consortium asks of the component that it cannot give."""
        return []


def units(instance: Instance, amount: Decimal) -> int:
    """Return an amount in the Instance's units, in which it is whole by the choice of scale."""
    whole, exact = instance.units(amount)
    assert exact, "the scale makes every amount whole"
    return whole
