"""The components of a consortium's cost.

A component has terms for solvers (`post`) and an exact value, line by line (`lines`), written apart from the terms.
A new component is one file and one entry in `COMPONENTS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from consortia.costs.fees import ClusterFees
from consortia.costs.lines import Line
from consortia.costs.own import OwnCosts

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.program import Linear

__all__ = ["COMPONENTS", "ClusterFees", "Component", "Line", "OwnCosts", "lines", "total"]


class Component(Protocol):
    """One component of the cost."""

    name: str

    def post(self, columns: Columns) -> Linear:
        """Return the component as an expression, with whatever auxiliary columns it takes."""
        ...

    def lines(self, instance: Instance, consortium: Consortium) -> list[Line]:
        """Return what is paid, item by item."""
        ...


COMPONENTS: Sequence[Component] = (OwnCosts(), ClusterFees())


def lines(instance: Instance, consortium: Consortium) -> list[Line]:
    """Return all that a consortium pays, item by item."""
    return [line for component in COMPONENTS for line in component.lines(instance, consortium)]


def total(instance: Instance, consortium: Consortium) -> int:
    """Return the whole cost of a consortium, in units."""
    return sum(line.cost for line in lines(instance, consortium))
