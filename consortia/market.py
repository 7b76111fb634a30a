"""Who could bring what a core of partners lacks, and at what cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from consortia.instance import Instance


@dataclass(frozen=True)
class Bringer:
    """A partner outside the core that could bring what a capability lacks.

    Parameters
    ----------
    partner : str
    offer : str or None
        The offer through which it would deliver; None for what is held.
    path : tuple of str
        From the competence it offers to the one asked for, where it offers a narrower one.
    effort : Decimal
        Person-months of what is missing that it could deliver by itself.
    whole : bool
        Whether that is all that is missing.
    joining, delivery, fee : Decimal
        What it would cost: joining, delivering that effort, and the fee of the cheapest cluster through which it
        can enter, where the core does not owe that fee already.
    also : tuple of str
        Other capabilities that the core lacks and that this partner could supply.
    """

    partner: str
    offer: str | None
    path: tuple[str, ...]
    effort: Decimal
    whole: bool
    joining: Decimal
    delivery: Decimal
    fee: Decimal
    also: tuple[str, ...] = ()

    @property
    def cost(self) -> Decimal:
        """What it would cost in all."""
        return self.joining + self.delivery + self.fee


class Market:
    """The partners outside a core, and what they ask for.

    Parameters
    ----------
    instance : Instance
    core : iterable of str
        Those who are in already; all of them may join.
    """

    def __init__(self, instance: Instance, core: Iterable[str]) -> None:
        self.instance, self.core = instance, tuple(core)
        self._due = self._fees_due()

    def suppliers(self, place: int) -> set[str]:
        """Return all who could supply the capability at a position, the core's own too."""
        instance = self.instance
        found = instance.arc_partner[instance.arc_capability == place].tolist()
        found += instance.hold_partner[instance.hold_capability == place].tolist()
        return {instance.partners[partner] for partner in found}

    def bringers(self, place: int, steps: int, missing: Iterable[int]) -> tuple[Bringer, ...]:
        """Return who could bring a capability: first those who bring all that is missing, cheapest first.

        Parameters
        ----------
        place : int
            Position of the capability.
        steps : int
            Effort that is missing; zero where only suppliers are.
        missing : iterable of int
            Positions of all capabilities that the core lacks.
        """
        instance = self.instance
        others = [(other, self.suppliers(other)) for other in missing if other != place]
        found = []
        for partner in self.suppliers(place) - set(self.core):
            also = tuple(instance.capabilities[other] for other, able in others if partner in able)
            found.append(self._bringer(place, partner, steps, also))
        return tuple(sorted(found, key=lambda bringer: (not bringer.whole, bringer.cost, bringer.partner)))

    def _bringer(self, place: int, partner: str, wanted: int, also: tuple[str, ...]) -> Bringer:
        """Price what a partner could bring, through the offer that brings most of it at least cost."""
        instance = self.instance
        capability, position = instance.capabilities[place], instance.partner_at[partner]
        # where effort is not what lacks, one more supplier takes at least the least part
        wanted = wanted or int(instance.least_part[place])
        arcs = np.flatnonzero((instance.arc_capability == place) & (instance.arc_partner == position))
        offer: str | None = None
        path: tuple[str, ...] = ()
        steps = price = 0
        if len(arcs):
            efforts = np.minimum(wanted, instance.arc_limit[arcs])
            prices = instance.arc_fixed[arcs] + instance.arc_rate[arcs] * efforts
            best = int(np.lexsort((prices, -efforts))[0])
            steps, price = int(efforts[best]), int(prices[best])
            offer = instance.offers[int(instance.arc_offer[arcs[best]])]
            path = instance.paths.get((partner, capability, offer), ())
        else:
            path = next((way for key, way in instance.paths.items() if key[:2] == (partner, capability)), ())
        return Bringer(
            partner=partner,
            offer=offer,
            path=path,
            effort=instance.months(steps),
            whole=steps >= wanted,
            joining=instance.money(int(instance.joining[position])),
            delivery=instance.money(price),
            fee=instance.money(self._fee(position)),
            also=also,
        )

    def _fees_due(self) -> set[int]:
        """Return the clusters whose fee the core owes whatever else is decided: those it cannot but enter through."""
        instance = self.instance
        due = set()
        for name in self.core:
            seats = np.flatnonzero(instance.seat_partner == instance.partner_at[name])
            if len(seats) == 1 and not instance.seat_paid[seats[0]]:
                due.add(int(instance.seat_cluster[seats[0]]))
        return due

    def _fee(self, position: int) -> int:
        instance = self.instance
        fees = []
        for seat in np.flatnonzero(instance.seat_partner == position).tolist():
            cluster = int(instance.seat_cluster[seat])
            free = cluster < 0 or instance.seat_paid[seat] or cluster in self._due
            fees.append(0 if free else int(instance.fee[cluster]))
        return min(fees)
