"""Rounding of money, once, when it is shown: shown items add up to the shown total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from consortia.outcome import Outcome
from consortia.pricing import minor_unit

__all__ = ["Shown", "apportion", "minor_unit", "rounded"]


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """Round an amount half-even to a multiple of a unit.

    Examples
    --------
    >>> rounded(Decimal("2.345"), Decimal("0.01")), rounded(Decimal("2.355"), Decimal("0.01"))
    (Decimal('2.34'), Decimal('2.36'))
    """
    return amount.quantize(unit, ROUND_HALF_EVEN)


def apportion(total: Decimal, parts: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Round parts so that they add up to a total that is rounded already.

    Each part is rounded down, and the units that are left go to the largest remainders; so no part moves by a unit
    or more, and one that needs no rounding is not touched.

    Parameters
    ----------
    total : Decimal
        The sum of the parts, rounded to the unit one way or the other.
    parts : sequence of Decimal
    unit : Decimal

    Returns
    -------
    list of Decimal

    Examples
    --------
    >>> third = Decimal("3.33") + Decimal("0.00333")
    >>> apportion(Decimal("10.00"), [third, third, third], Decimal("0.01"))
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    floors = [int(part // unit) - (part < 0 and part % unit != 0) for part in parts]
    remainders = [part - floor * unit for part, floor in zip(parts, floors, strict=True)]
    left = int(total / unit) - sum(floors)
    order = sorted(range(len(parts)), key=lambda place: (-remainders[place], place))
    raised = set(order[:left])
    return [(floor + (place in raised)) * unit for place, floor in enumerate(floors)]


class Shown:
    """The money of an outcome, rounded to the minor unit of its currency so that everything adds up.

    Where the question has no currency nothing is rounded.

    Attributes
    ----------
    total : Decimal
    own : dict of str to Decimal
        Of each member; with `shared` they add up to the total.
    items : list of Decimal
        Of each line of the outcome, in its order; a member's items add up to its own cost.
    """

    def __init__(self, outcome: Outcome) -> None:
        instance, lines = outcome.instance, outcome.lines
        assert outcome.cost is not None
        self.total = outcome.cost
        self.own = outcome.own_costs()
        self.items = [instance.money(line.cost) for line in lines]
        if not instance.currency:
            return
        unit = minor_unit(instance.currency)
        self.total = rounded(outcome.cost, unit)
        shared = [place for place, line in enumerate(lines) if line.partner is None]
        parts = apportion(self.total, [*self.own.values(), *(self.items[place] for place in shared)], unit)
        self.own = dict(zip(self.own, parts, strict=False))
        for place, amount in zip(shared, parts[len(self.own) :], strict=True):
            self.items[place] = amount
        for member, own in self.own.items():
            places = [place for place, line in enumerate(lines) if line.partner == member]
            for place, amount in zip(
                places, apportion(own, [self.items[place] for place in places], unit), strict=True
            ):
                self.items[place] = amount
