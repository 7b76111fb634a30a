"""From an Instance to a Program, and from column values to a Consortium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from consortia.columns import Columns
from consortia.consortium import Backup, Consortium, Delivery
from consortia.costs import components
from consortia.instance import Instance
from consortia.program import Integers, Linear, Program, Tag
from consortia.structure import PARTS
from consortia.structure.reserve import without_idle_backups


@dataclass(frozen=True)
class Model:
    """An Instance with the program that stands for it.

    Attributes
    ----------
    instance : Instance
    program : Program
        Its expressions are ``cost`` and ``members``.
    columns : Columns
        Which column means what.
    """

    instance: Instance
    program: Program
    columns: Columns

    def decode(self, values: Integers) -> Consortium:
        """Read a consortium from column values."""
        instance, columns = self.instance, self.columns
        joins = values[columns.member] == 1
        taken = np.flatnonzero(joins[instance.seat_partner] & (values[columns.seat] == 1))
        members = {}
        for seat in taken.tolist():
            cluster = int(instance.seat_cluster[seat])
            members[instance.partners[instance.seat_partner[seat]]] = (
                instance.clusters[cluster] if cluster >= 0 else None
            )
        deliveries = []
        for arc in np.flatnonzero(values[columns.delivers]).tolist():
            capability = int(instance.arc_capability[arc])
            effort = int(columns.effort[arc])
            steps = int(instance.effort[capability] if effort < 0 else values[effort])
            deliveries.append(
                Delivery(
                    instance.partners[instance.arc_partner[arc]],
                    instance.capabilities[capability],
                    instance.offers[instance.arc_offer[arc]],
                    instance.months(steps),
                    self._periods(values, arc),
                )
            )
        coordinator = next((who for who, column in columns.coordinator.items() if values[column]), None)
        name = None if coordinator is None else instance.partners[coordinator]
        needed = zip(instance.capabilities, values[columns.needed].tolist(), strict=True)
        undertaken = frozenset(capability for capability, asked in needed if asked)
        left_open = len(instance.settled) < len(instance.capabilities)
        leaders = {
            package: instance.partners[partner]
            for (package, partner), column in columns.leader.items()
            if values[column]
        }
        asked = undertaken if left_open else None
        found = Consortium(members, tuple(deliveries), name, asked, leaders, tuple(self._backups(values)))
        return without_idle_backups(instance, found) if found.backups else found

    def _backups(self, values: Integers) -> Iterator[Backup]:
        """Return who stands by for what."""
        instance = self.instance
        for arc, (named, kept) in self.columns.backup.items():
            if values[named]:
                capability = int(instance.arc_capability[arc])
                yield Backup(
                    instance.partners[instance.arc_partner[arc]],
                    instance.capabilities[capability],
                    instance.offers[instance.arc_offer[arc]],
                    instance.months(int(instance.effort[capability] if kept < 0 else values[kept])),
                )

    def _periods(self, values: Integers, arc: int) -> dict[str, Decimal]:
        """Return how the effort of an arc is spread, period by period."""
        instance, columns = self.instance, self.columns
        cells = np.flatnonzero((columns.spread_arc == arc) & (values[columns.spread] > 0))
        return {
            instance.periods[columns.spread_period[cell]]: instance.months(int(values[columns.spread[cell]]))
            for cell in cells.tolist()
        }

    def encode(self, consortium: Consortium, complete: bool = True) -> dict[int, int]:
        """Return the decision columns' values for a consortium; what it names and this instance lacks is dropped.

        Parameters
        ----------
        consortium : Consortium
        complete : bool
            Whether everything that the consortium does not name is out; else that is left open.
        """
        instance, columns = self.instance, self.columns
        values: dict[int, int] = {}
        if consortium.undertaken is not None:
            asked = [int(name in consortium.undertaken) for name in instance.capabilities]
            values.update(zip(columns.needed.tolist(), asked, strict=True))
        if complete:
            for made in (columns.member, columns.seat, columns.delivers, columns.effort[columns.effort >= 0]):
                values.update(dict.fromkeys(made.tolist(), 0))
            values.update(dict.fromkeys((*columns.coordinator.values(), *columns.leader.values()), 0))
            values.update({column: 0 for made in columns.backup.values() for column in made if column >= 0})
        for partner, cluster in consortium.members.items():
            if partner in instance.partner_at:
                values[int(columns.member[instance.partner_at[partner]])] = 1
                seat = instance.seat_at.get((partner, cluster))
                if seat is not None:
                    values[int(columns.seat[seat])] = 1
        for delivery in consortium.deliveries:
            arc = instance.arc_at.get((delivery.partner, delivery.capability, delivery.offer))
            if arc is None:
                continue
            values[int(columns.delivers[arc])] = 1
            steps = instance.steps(delivery.effort)
            if columns.effort[arc] >= 0 and steps is not None:
                values[int(columns.effort[arc])] = steps
            for cell in np.flatnonzero(columns.spread_arc == arc).tolist():
                part = instance.steps(delivery.periods.get(instance.periods[columns.spread_period[cell]], Decimal(0)))
                if delivery.periods and part is not None:
                    values[int(columns.spread[cell])] = part
        for backup in consortium.backups:
            arc = instance.arc_at.get((backup.partner, backup.capability, backup.offer), -1)
            named, kept = columns.backup.get(arc, (-1, -1))
            steps = instance.steps(backup.effort)
            if named >= 0:
                values[named] = 1
            if kept >= 0 and steps is not None:
                values[kept] = steps
        for package, leader in consortium.leaders.items():
            column = columns.leader.get((package, instance.partner_at.get(leader, -1)))
            if column is not None:
                values[column] = 1
        if consortium.coordinator is not None:
            column = columns.coordinator.get(instance.partner_at.get(consortium.coordinator, -1))
            if column is not None:
                values[column] = 1
        return values


def build(instance: Instance, deadline: float | None = None) -> Model:
    """Write an Instance as a Program: decision columns, cost, structure, rules.

    Parameters
    ----------
    instance : Instance
    deadline : float, optional
        On the clock of `time.monotonic`.

    Returns
    -------
    Model

    Raises
    ------
    OutOfTime
        If the deadline comes first.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=2, capabilities=1, joining=[3, 2], holds=([0, 1], [0, 0]))
    >>> build(question).program.expressions["cost"]
    Linear(columns=array([0, 1]), coefficients=array([3, 2]), constant=0)
    """
    program = Program(deadline=deadline)
    columns = Columns(instance, program)
    program.expressions["cost"] = Linear.total(part.post(columns) for part in components(instance))
    program.expressions["members"] = Linear(columns.member)
    if instance.value is not None:
        program.expressions["value"] = Linear(columns.needed, instance.value)
    for part in PARTS:
        part.post(columns)
    for place, rule in enumerate(instance.rules):
        rule.post(columns, _unless_waived(columns, place))
    program.deadline = None
    return Model(instance, program, columns)


def _unless_waived(columns: Columns, place: int) -> tuple[int, ...]:
    """Return the literals under which a rule holds: none for most, and that it is not waived for one that may be."""
    if place not in columns.instance.waivable:
        return ()
    waived = int(columns.program.add_columns(Tag("waived", source=str(columns.instance.rules[place].title())), 1)[0])
    columns.waived[place] = waived
    return (~waived,)
