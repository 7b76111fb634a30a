"""Cost, members, clusters, value of what is undertaken, change against a previous consortium."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from consortia.costs import total
from consortia.program import Linear

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class WholeCost:
    """All that the consortium spends on the project."""

    name = "cost"
    maximised = False
    money = True

    def post(self, columns: Columns) -> Linear:
        """Return the cost that the model has already."""
        return columns.program.expressions["cost"]

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up all lines."""
        return total(instance, consortium)

    def scale(self, instance: Instance) -> int:
        """Return the scale of money."""
        return instance.scale


class Members:
    """How many members there are."""

    name = "members"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Count member columns."""
        return Linear(columns.member)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Count members."""
        return len(consortium.members)

    def scale(self, instance: Instance) -> int:
        """Return one."""
        return 1


class Clusters:
    """Through how many clusters members enter."""

    name = "clusters"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Count clusters that are present."""
        clusters = np.unique(columns.instance.seat_cluster)
        present = (columns.present(columns.instance.seat_cluster == cluster) for cluster in clusters[clusters >= 0])
        return Linear([literal for literal in present if literal is not None])

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Count the different clusters of entry."""
        return len(set(consortium.members.values()) - {None})

    def scale(self, instance: Instance) -> int:
        """Return one."""
        return 1


class Value:
    """What the capabilities that are undertaken are worth."""

    name = "value"
    maximised = True
    money = False

    def post(self, columns: Columns) -> Linear:
        """Weigh the needed literals."""
        worth = columns.instance.value
        return Linear() if worth is None else Linear(columns.needed, worth)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up what is undertaken."""
        if instance.value is None:
            return 0
        undertaken = instance.undertaken(consortium)
        return sum(int(instance.value[instance.capability_at[name]]) for name in undertaken)

    def scale(self, instance: Instance) -> int:
        """Return the scale of values."""
        return instance.value_scale


class CostAndChange:
    """The cost, and a price for every change against the previous consortium."""

    name = "cost and change"
    maximised = False
    money = True

    def post(self, columns: Columns) -> Linear:
        """Add the two, in units in which the price is whole."""
        over, under = _price_of_change(columns.instance)
        return under * columns.program.expressions["cost"] + over * Change().post(columns)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add the two by meaning."""
        over, under = _price_of_change(instance)
        return under * total(instance, consortium) + over * Change().value(instance, consortium)

    def scale(self, instance: Instance) -> int:
        """Return the scale of money, refined until the price of a change is whole."""
        return instance.scale * _price_of_change(instance)[1]


def _price_of_change(instance: Instance) -> tuple[int, int]:
    """Return the price of one change as a fraction of a unit of money."""
    return (Fraction(instance.keep) * instance.scale).as_integer_ratio()


class Change:
    """How many partners are members now and were not in the previous consortium, or the other way round.

    Without a previous consortium nothing changes.
    """

    name = "change"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Count newcomers, and previous members that are out; one that may not join any more counts always."""
        instance = columns.instance
        if instance.previous is None:
            return Linear()
        before = set(instance.previous.members)
        stayed = np.array([name in before for name in instance.partners], dtype=bool)
        return Linear(columns.member, np.where(stayed, -1, 1), len(before))

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Count the symmetric difference."""
        if instance.previous is None:
            return 0
        return len(set(instance.previous.members) ^ set(consortium.members))

    def scale(self, instance: Instance) -> int:
        """Return one."""
        return 1


class Waived:
    """What the rules that need not hold, and do not, weigh together."""

    name = "waived"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Weigh the columns that waive a rule; they may be one where the rule holds, which no optimum has."""
        weights = [columns.instance.waivable[place] for place in columns.waived]
        return Linear(list(columns.waived.values()), weights)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Weigh the rules that are broken."""
        return sum(
            weight
            for place, weight in instance.waivable.items()
            if instance.rules[place].violations(instance, consortium)
        )

    def scale(self, instance: Instance) -> int:
        """Return one."""
        return 1
