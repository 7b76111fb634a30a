"""Coordination, affinity and reliability: how well those who are members go together."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from consortia import affinity
from consortia.costs.coordination import Coordination as CoordinationCost
from consortia.program import Linear

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance, Mask


class Coordination:
    """What the coordination costs of the project come to."""

    name = "coordination"
    maximised = False
    money = True

    def post(self, columns: Columns) -> Linear:
        """Return the columns that the cost has already."""
        return Linear.total(cost.post(columns) for cost in columns.instance.costs if isinstance(cost, CoordinationCost))

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up the lines."""
        costs = (cost for cost in instance.costs if isinstance(cost, CoordinationCost))
        return sum(line.cost for cost in costs for line in cost.lines(instance, consortium))

    def scale(self, instance: Instance) -> int:
        """Return the scale of money."""
        return instance.scale


class Affinity:
    """The weights of all linked pairs of industries both of which are present among the members."""

    name = "affinity"
    maximised = True
    money = False

    def post(self, columns: Columns) -> Linear:
        """Weigh, for each pair that is linked, a literal that both are present."""
        return columns.once("affinity", lambda: self._post(columns))

    def _post(self, columns: Columns) -> Linear:
        instance = columns.instance
        weights, scale = self._weights(instance), self.scale(instance)
        present = {industry: columns.present(_of(instance, industry)) for pair in weights for industry in pair}
        terms = []
        for (one, other), weight in weights.items():
            first, second = present[one], present[other]
            assert first is not None and second is not None
            terms.append(Linear([columns.both(first, second)], [int(weight * scale)]))
        return Linear.total(terms)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up the pairs of industries that members belong to."""
        present = {instance.attribute("industry", partner, cluster) for partner, cluster in consortium.members.items()}
        weights = self._weights(instance)
        return sum(int(weight * self.scale(instance)) for pair, weight in weights.items() if present.issuperset(pair))

    def scale(self, instance: Instance) -> int:
        """Return what makes all weights whole."""
        return lcm(*{weight.denominator for weight in self._weights(instance).values()})

    def _weights(self, instance: Instance) -> dict[tuple[str, str], Fraction]:
        """Return the weights of pairs among the industries that partners have."""
        table = instance.affinity or affinity.load()
        industries = {str(value) for value in instance.attributes.get("industry", ()) if value is not None}
        return {pair: Fraction(weight) for pair, weight in table.weights(industries).items()}


class Reliability:
    """The reliability of the least reliable member; one that is not known counts as nothing."""

    name = "reliability"
    maximised = True
    money = False

    def post(self, columns: Columns) -> Linear:
        """Go down from one by a step for each value at or below which there is a member."""
        return columns.once("reliability", lambda: self._post(columns))

    def _post(self, columns: Columns) -> Linear:
        instance, scale = columns.instance, self.scale(columns.instance)
        known = [_reliability(instance, partner) for partner in instance.partners]
        values = sorted({*known, Fraction(1)})
        terms = []
        for value, above in pairwise(values):
            low = np.array([entry <= value for entry in known], dtype=bool)[instance.seat_partner]
            literal = columns.present(low)
            assert literal is not None
            terms.append(Linear([literal], [-int((above - value) * scale)]))
        return Linear.total(terms) + scale

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Return the least; of nobody it is one."""
        least = min((_reliability(instance, partner) for partner in consortium.members), default=Fraction(1))
        return int(least * self.scale(instance))

    def scale(self, instance: Instance) -> int:
        """Return what makes all reliabilities whole."""
        return lcm(*{_reliability(instance, partner).denominator for partner in instance.partners})


def _reliability(instance: Instance, partner: str) -> Fraction:
    value = instance.attribute("reliability", partner, None)
    return Fraction(0) if value is None else Fraction(str(value))


def _of(instance: Instance, industry: str) -> Mask:
    """Return the seats of partners of an industry."""
    named = [instance.attribute("industry", partner, cluster) for partner, cluster in instance.seat_at]
    return np.array([str(value) == industry if value is not None else False for value in named], dtype=bool)
