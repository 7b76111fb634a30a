"""The decision columns of an Instance, and the expressions over them that rules and costs are written in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from consortia.instance import Instance, Mask
from consortia.program import INFINITE, Integers, Linear, Program, Tag

Quantity = Literal["cost", "effort"]


class Columns:
    """Columns for who joins, by which seat, who delivers what, and how much.

    Every auxiliary column that is made here is pinned in both directions, so that no solver can switch on at will
    a presence or a share that a rule counts.

    Parameters
    ----------
    instance : Instance
    program : Program
        Receives the columns.

    Attributes
    ----------
    member : array (P,)
    seat : array (S,)
        The member's column itself where a partner has one seat only.
    needed : array (C,)
        Whether the capability is asked for; fixed to one.
    delivers, effort : array (A,)
        `effort` is -1 where the arc delivers all or nothing.
    coordinator : dict of int to int
        By partner, made by the coordinator rule.
    """

    def __init__(self, instance: Instance, program: Program) -> None:
        self.instance = instance
        self.program = program
        size, breadth = len(instance.partners), len(instance.capabilities)
        everyone = np.arange(size, dtype=np.int64)
        self.member = program.add_columns(Tag("member", partners=everyone), size)
        self.needed = program.add_columns(Tag("needed", capabilities=np.arange(breadth)), breadth, lower=1)

        seats = np.bincount(instance.seat_partner, minlength=size)
        choice = seats[instance.seat_partner] > 1
        self.seat = self.member[instance.seat_partner].copy()
        self.seat[choice] = program.add_columns(Tag("seat", partners=instance.seat_partner[choice]), int(choice.sum()))

        where = Tag("delivers", partners=instance.arc_partner, capabilities=instance.arc_capability)
        self.delivers = program.add_columns(where, len(instance.arc_partner))
        split = (instance.most_providers[instance.arc_capability] != 1) & (instance.effort[instance.arc_capability] > 0)
        self.effort = np.full(len(instance.arc_partner), -1, dtype=np.int64)
        self.effort[split] = program.add_columns(
            Tag("effort", partners=instance.arc_partner[split], capabilities=instance.arc_capability[split]),
            int(split.sum()),
            upper=instance.arc_limit[split],
        )
        self.coordinator: dict[int, int] = {}
        self._present: dict[bytes, int | None] = {}
        self._at_seat: dict[tuple[Quantity, int], Linear] = {}
        self._seats_of = seats
        self._first_seat = np.concatenate([[0], np.cumsum(seats)])[:-1]
        order = np.argsort(instance.arc_partner, kind="stable")
        self._arcs_of = np.split(order, np.cumsum(np.bincount(instance.arc_partner, minlength=size))[:-1])

    # --- counting --------------------------------------------------------------------------------------------

    def count(self, seats: Mask) -> Linear:
        """Count members that take one of these `seats`."""
        chosen = np.bincount(self.instance.seat_partner[seats], minlength=len(self.member))
        whole = (chosen == self._seats_of) & (chosen > 0)
        partly = seats & ~whole[self.instance.seat_partner]
        return Linear(np.concatenate([self.member[whole], self.seat[partly]]))

    def present(self, seats: Mask) -> int | None:
        """Return a literal that holds exactly when somebody takes one of these `seats`; None if there are none."""
        key = np.packbits(seats).tobytes()
        if key not in self._present:
            takers = self.count(seats).columns
            if len(takers) < 2:
                self._present[key] = int(takers[0]) if len(takers) else None
            else:
                literal = int(self.program.add_columns(Tag("present"), 1)[0])
                links = np.stack([takers, np.full(len(takers), literal)], axis=1).ravel()
                factors = np.tile([-1, 1], len(takers))
                self.program.add_rows(Tag("present"), np.full(len(takers), 2), links, factors, lower=0)
                self.program.add_row(Tag("present"), Linear(takers) - Linear([literal]), lower=0)
                self._present[key] = literal
        return self._present[key]

    # --- amounts ---------------------------------------------------------------------------------------------

    def work(self, arcs: Integers) -> Linear:
        """Add up the effort, in steps, on these `arcs`."""
        split = arcs[self.effort[arcs] >= 0]
        whole = arcs[self.effort[arcs] < 0]
        return Linear(self.effort[split]) + Linear(
            self.delivers[whole], self.instance.effort[self.instance.arc_capability[whole]]
        )

    def delivery_costs(self, arcs: Integers) -> Linear:
        """Add up the prices of deliveries on these `arcs`, in units."""
        instance = self.instance
        split = arcs[self.effort[arcs] >= 0]
        whole = arcs[self.effort[arcs] < 0]
        price = instance.arc_fixed[whole] + instance.arc_rate[whole] * (instance.effort[instance.arc_capability[whole]])
        return Linear.total(
            (
                Linear(self.delivers[split], instance.arc_fixed[split]),
                Linear(self.effort[split], instance.arc_rate[split]),
                Linear(self.delivers[whole], price),
            )
        )

    def own(self, of: Quantity, partners: Sequence[int] | Integers) -> Linear:
        """Own cost, or effort, of these `partners` together."""
        chosen = np.asarray(partners, dtype=np.int64)
        arcs = np.concatenate([np.zeros(0, dtype=np.int64), *(self._arcs_of[j] for j in chosen.tolist())])
        if of == "effort":
            return self.work(arcs)
        return Linear(self.member[chosen], self.instance.joining[chosen]) + self.delivery_costs(arcs)

    def amount(self, of: Quantity, seats: Mask) -> Linear:
        """Own cost, or effort, of the members that take one of these `seats`."""
        chosen = np.bincount(self.instance.seat_partner[seats], minlength=len(self.member))
        whole = np.flatnonzero((chosen == self._seats_of) & (chosen > 0))
        partly = np.flatnonzero(seats & (chosen < self._seats_of)[self.instance.seat_partner])
        return Linear.total((self.own(of, whole), *(self._amount_at(of, seat) for seat in partly.tolist())))

    def as_column(self, body: Linear) -> Linear:
        """Return a column that equals `body`, for a long sum that many rows repeat."""
        least, most = self.program.reach(body)
        column = self.program.add_columns(Tag("sum"), 1, least, most)
        self.program.add_row(Tag("sum"), Linear(column) - body, 0, 0)
        return Linear(column)

    def _amount_at(self, of: Quantity, seat: int) -> Linear:
        """Own cost, or effort, of a partner with several seats if it takes this one, else nothing."""
        if (of, seat) not in self._at_seat:
            partner = int(self.instance.seat_partner[seat])
            first = int(self._first_seat[partner])
            seats = range(first, first + int(self._seats_of[partner]))
            whole, most = self.own(of, [partner]), self._most(of, partner)
            tag = Tag(f"{of} by seat")
            parts = self.program.add_columns(tag, len(seats), upper=most)
            for part, taken in zip(parts.tolist(), seats, strict=True):
                self.program.add_row(tag, Linear([part, self.seat[taken]], [1, -most]), upper=0)
                self._at_seat[of, taken] = Linear([part])
            self.program.add_row(tag, Linear(parts) - whole, lower=0, upper=0)
        return self._at_seat[of, seat]

    def _most(self, of: Quantity, partner: int) -> int:
        """Return an upper limit on a partner's own cost or effort."""
        instance, arcs = self.instance, self._arcs_of[partner]
        steps = np.where(
            self.effort[arcs] >= 0, instance.arc_limit[arcs], instance.effort[instance.arc_capability[arcs]]
        )
        if of == "effort":
            return int(steps.sum())
        prices = instance.arc_fixed[arcs] + instance.arc_rate[arcs] * steps
        return int(instance.joining[partner] + prices.sum())

    # --- rows ------------------------------------------------------------------------------------------------

    def at_least(self, tag: Tag, body: Linear, least: int, when: Sequence[int] = ()) -> None:
        """Add the row ``body >= least``."""
        self.program.add_row(tag, body, least, INFINITE, when)

    def at_most(self, tag: Tag, body: Linear, most: int, when: Sequence[int] = ()) -> None:
        """Add the row ``body <= most``."""
        self.program.add_row(tag, body, -INFINITE, most, when)
