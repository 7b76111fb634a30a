"""The decision columns of an Instance, and the expressions over them that rules and costs are written in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Literal

import numpy as np

from consortia.instance import Instance, Mask
from consortia.program import INFINITE, Integers, Linear, Program, Tag, integers

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
    spread_arc, spread_period, spread : array
        How much of each arc's effort falls into which period, where the project has periods.
    coordinator : dict of int to int
        By partner, made for the first rule that speaks of a coordinator.
    leader : dict of (str, int) to int
        By work package and partner, made by the leaders rule.
    backup : dict of int to (int, int)
        By arc: that its partner stands by with it, and the effort that it keeps free, -1 where that is all of it.
    waived : dict of int to int
        By position of a rule that need not hold: that it is not asked for.
    reductions : dict of int to list of (str, Linear)
        By partner, what discounts take off its own cost, each with the category that it is taken off.
    """

    def __init__(self, instance: Instance, program: Program) -> None:
        self.instance = instance
        self.program = program
        size, breadth = len(instance.partners), len(instance.capabilities)
        everyone = np.arange(size, dtype=np.int64)
        self.member = program.add_columns(Tag("member", partners=everyone), size)
        settled = np.array([name in instance.settled for name in instance.capabilities], dtype=np.int64)
        self.needed = program.add_columns(Tag("needed", capabilities=np.arange(breadth)), breadth, lower=settled)

        seats = np.bincount(instance.seat_partner, minlength=size)
        choice = seats[instance.seat_partner] > 1
        self.seat = self.member[instance.seat_partner]
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
        self.leader: dict[tuple[str, int], int] = {}
        self.backup: dict[int, tuple[int, int]] = {}
        self.waived: dict[int, int] = {}
        self.spread_arc, self.spread_period, self.spread = self._spread()
        self.reductions: dict[int, list[tuple[str, Linear]]] = {}
        self._present: dict[bytes, int | None] = {}
        self._made: dict[Hashable, Linear] = {}
        self._at_seat: dict[tuple[Quantity, int], Linear] = {}
        self._seats_of = seats
        self._first_seat = np.concatenate([[0], np.cumsum(seats)])[:-1]

    @cached_property
    def _arcs_of(self) -> list[Integers]:
        """The arcs of each partner."""
        arcs = self.instance.arc_partner
        order = np.argsort(arcs, kind="stable")
        return np.split(order, np.cumsum(np.bincount(arcs, minlength=len(self.member)))[:-1])

    def _spread(self) -> tuple[Integers, Integers, Integers]:
        """Add a column for each arc with an effort and each period in which its capability may be worked on."""
        instance, none = self.instance, np.zeros(0, dtype=np.int64)
        if not instance.periods:
            return none, none, none
        cells = [
            (arc, period)
            for arc in np.flatnonzero(instance.effort[instance.arc_capability] > 0).tolist()
            for period in range(
                int(instance.first_period[instance.arc_capability[arc]]),
                int(instance.last_period[instance.arc_capability[arc]]) + 1,
            )
        ]
        arcs, periods = integers([arc for arc, _ in cells]), integers([period for _, period in cells])
        tag = Tag("spread", partners=instance.arc_partner[arcs], capabilities=instance.arc_capability[arcs])
        return arcs, periods, self.program.add_columns(tag, len(cells), upper=instance.arc_limit[arcs])

    def coordinators(self) -> Integers:
        """Return, for each partner, a column that says that it is the coordinator, for the rules that ask for one."""
        if not self.coordinator:
            everyone = np.arange(len(self.instance.partners), dtype=np.int64)
            made = self.program.add_columns(Tag("coordinator", partners=everyone), len(everyone))
            self.coordinator = dict(enumerate(made.tolist()))
        return integers(list(self.coordinator.values()))

    def stands_by(self, arcs: Integers) -> Integers:
        """Return, for each of these `arcs`, a column that says that its partner stands by with it."""
        instance = self.instance
        new = integers([arc for arc in arcs.tolist() if arc not in self.backup])
        tag = Tag("backup", partners=instance.arc_partner[new], capabilities=instance.arc_capability[new])
        named = self.program.add_columns(tag, len(new)).tolist()
        split = new[self.effort[new] >= 0]
        kept = self.program.add_columns(Tag("reserve"), len(split), upper=instance.arc_limit[split]).tolist()
        parts = dict(zip(split.tolist(), kept, strict=True))
        self.backup.update({arc: (column, parts.get(arc, -1)) for arc, column in zip(new.tolist(), named, strict=True)})
        return integers([self.backup[arc][0] for arc in arcs.tolist()])

    # --- counting --------------------------------------------------------------------------------------------

    def seats_of(self, partner: int, among: Mask) -> Integers:
        """Return the seats of a partner that are `among` these."""
        first = int(self._first_seat[partner])
        return first + np.flatnonzero(among[first : first + int(self._seats_of[partner])])

    def count(self, seats: Mask | Integers) -> Linear:
        """Count members that take one of these `seats`: a mask of all, or their indices in ascending order."""
        whole, partly = self._parted(seats)
        return Linear(np.concatenate([self.member[whole], self.seat[partly]]))

    def present(self, seats: Mask | Integers) -> int | None:
        """Return a literal that holds exactly when somebody takes one of these `seats`; None if there are none."""
        columns = self.count(seats).columns
        key = b"seats" + columns.tobytes()
        if key not in self._present:
            self._present[key] = self.any_of(columns)
        return self._present[key]

    def _parted(self, seats: Mask | Integers) -> tuple[Integers, Integers]:
        """Return the partners all of whose seats are among these, and the seats of the others."""
        chosen = np.flatnonzero(seats) if seats.dtype == np.bool_ else seats.astype(np.int64)
        partners, counts = np.unique(self.instance.seat_partner[chosen], return_counts=True)
        whole = counts == self._seats_of[partners]
        return partners[whole], chosen[~np.repeat(whole, counts)]

    def delivered_any(self, arcs: Integers) -> int | None:
        """Return a literal that holds exactly when something is delivered on one of these `arcs`; None without any."""
        key = b"arcs" + arcs.astype(np.int64).tobytes()
        if key not in self._present:
            self._present[key] = self.any_of(self.delivers[arcs])
        return self._present[key]

    def any_of(self, literals: Integers) -> int | None:
        """Return a literal that holds exactly when one of these columns is one."""
        if len(literals) < 2:
            return int(literals[0]) if len(literals) else None
        made = int(self.program.add_columns(Tag("present"), 1)[0])
        links = np.stack([literals, np.full(len(literals), made)], axis=1).ravel()
        self.program.add_rows(
            Tag("present"), np.full(len(literals), 2), links, np.tile([-1, 1], len(literals)), lower=0
        )
        self.program.add_row(Tag("present"), Linear(literals) - Linear([made]), lower=0)
        return made

    def both(self, one: int, other: int) -> int:
        """Return a literal that holds exactly when both columns are one."""
        made, tag = int(self.program.add_columns(Tag("present"), 1)[0]), Tag("present")
        self.at_most(tag, Linear([one, other, made], [1, 1, -1]), 1)
        self.at_most(tag, Linear([made, one], [1, -1]), 0)
        self.at_most(tag, Linear([made, other], [1, -1]), 0)
        return made

    def once(self, key: Hashable, make: Callable[[], Linear]) -> Linear:
        """Return what is kept under a key, made when it is first asked for: several readers share its columns."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    # --- amounts ---------------------------------------------------------------------------------------------

    def work(self, arcs: Integers) -> Linear:
        """Add up the effort, in steps, on these `arcs`."""
        split = arcs[self.effort[arcs] >= 0]
        whole = arcs[self.effort[arcs] < 0]
        return Linear(self.effort[split]) + Linear(
            self.delivers[whole], self.instance.effort[self.instance.arc_capability[whole]]
        )

    def reserved(self, arcs: Integers) -> Linear:
        """Add up the effort, in steps, that is kept free for these `arcs` by those who stand by."""
        terms = [(arc, *self.backup[arc]) for arc in arcs.tolist() if arc in self.backup]
        effort = self.instance.effort[self.instance.arc_capability]
        return Linear(
            [named if kept < 0 else kept for _, named, kept in terms],
            [int(effort[arc]) if kept < 0 else 1 for arc, _, kept in terms],
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
        off = (part for partner in chosen.tolist() for _, part in self.reductions.get(partner, ()))
        listed = Linear(self.member[chosen], self.instance.joining[chosen]) + self.delivery_costs(arcs)
        return listed - Linear.total(off) if self.reductions else listed

    def amount(self, of: Quantity, seats: Mask | Integers) -> Linear:
        """Own cost, or effort, of the members that take one of these `seats`, as in `count`."""
        whole, partly = self._parted(seats)
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
            least = min(0, self.program.ends(whole)[0]) if of == "cost" and partner in self.reductions else 0
            tag = Tag(f"{of} by seat")
            parts = self.program.add_columns(tag, len(seats), lower=least, upper=most)
            for part, taken in zip(parts.tolist(), seats, strict=True):
                self.program.add_row(tag, Linear([part, self.seat[taken]], [1, -most]), upper=0)
                if least:
                    self.program.add_row(tag, Linear([part, self.seat[taken]], [1, -least]), lower=0)
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
