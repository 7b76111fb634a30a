"""The cost less rebates that no rule sees."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from consortia.costs import total
from consortia.program import Linear

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class CostAfterRebates:
    """The cost, less what partners would give back for being members, for deliveries, or for their person-months."""

    name = "cost after rebates"
    maximised = False
    money = True

    def post(self, columns: Columns) -> Linear:
        """Subtract the rebates, in units in which they are whole."""
        instance, finer = columns.instance, _finer(columns.instance)
        given = [
            int(amount * finer) * _count(columns, partner, offer, per)
            for (partner, offer, per), amount in _in_units(instance).items()
        ]
        return finer * columns.program.expressions["cost"] - Linear.total(given)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Count members, deliveries and person-months, and take off what is given for each."""
        given = Fraction(0)
        for (partner, offer, per), amount in instance.rebates.items():
            made = [entry for entry in consortium.deliveries if (entry.partner, entry.offer) == (partner, offer)]
            count = {
                "membership": Fraction(partner in consortium.members),
                "delivery": Fraction(len(made)),
                "person-month": sum((Fraction(entry.effort) for entry in made), Fraction(0)),
            }[per]
            given += amount * count
        exact = (total(instance, consortium) - given * instance.scale) * _finer(instance)
        assert exact.denominator == 1, "effort is in whole steps"
        return exact.numerator

    def scale(self, instance: Instance) -> int:
        """Return the scale of money, refined until the rebates are whole."""
        return instance.scale * _finer(instance)


def _in_units(instance: Instance) -> dict[tuple[str, str | None, str], Fraction]:
    """Return the rebates in units of money, those for person-months by the step."""
    return {
        key: amount * instance.scale * (Fraction(instance.step) if key[2] == "person-month" else 1)
        for key, amount in instance.rebates.items()
    }


def _finer(instance: Instance) -> int:
    """Return by how much the units of money are to be divided for all rebates to be whole."""
    return lcm(*(amount.denominator for amount in _in_units(instance).values()))


def _count(columns: Columns, partner: str, offer: str | None, per: str) -> Linear:
    """Count what a rebate is given for: that the partner is a member, its deliveries, or steps of its effort."""
    instance = columns.instance
    place = instance.partner_at.get(partner, -1)
    if per == "membership":
        return Linear(columns.member[[place]]) if place >= 0 else Linear()
    named = np.array([instance.offers[number] == offer for number in instance.arc_offer.tolist()], dtype=bool)
    arcs = np.flatnonzero((instance.arc_partner == place) & named)
    return Linear(columns.delivers[arcs]) if per == "delivery" else columns.work(arcs)
