"""The components of a consortium's cost.

Own costs and cluster fees are always there; the others are those that the project file lists. A new component is one
class in one file and one entry in the union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import Field

from consortia.costs.base import Cost
from consortia.costs.coordination import Coordination
from consortia.costs.discounts import Discount
from consortia.costs.equipment import Equipment
from consortia.costs.fees import ClusterFees
from consortia.costs.lines import Line
from consortia.costs.own import OwnCosts
from consortia.costs.services import Service

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.program import Linear

__all__ = [
    "ALWAYS",
    "AnyCost",
    "Component",
    "Coordination",
    "Cost",
    "Discount",
    "Equipment",
    "Line",
    "Service",
    "components",
    "lines",
    "total",
]

AnyCost = Annotated[Equipment | Service | Discount | Coordination, Field(discriminator="cost")]


class Component(Protocol):
    """One component of the cost."""

    def post(self, columns: Columns) -> Linear:
        """Return the component as an expression, with whatever auxiliary columns it takes."""
        ...

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return what is paid, item by item."""
        ...


ALWAYS: tuple[Component, ...] = (OwnCosts(), ClusterFees())


def components(instance: Instance) -> tuple[Component, ...]:
    """Return all components of an Instance's cost."""
    return (*ALWAYS, *instance.costs)


def lines(instance: Instance, consortium: Consortium) -> list[Line]:
    """Return all that a consortium pays, item by item."""
    return [line for component in components(instance) for line in component.lines(instance, consortium)]


def total(instance: Instance, consortium: Consortium) -> int:
    """Return the whole cost of a consortium, in units."""
    return sum(line.cost for line in lines(instance, consortium))
