"""What newcomers would have to bring: of how many competences, and how much effort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consortia.program import Integers, Linear, Tag

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.newcomers import Newcomers


class NewCompetences:
    """How many offers of newcomers count: the least that would do for their part."""

    name = "competences of newcomers"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Count the columns that say of each offer that it counts."""
        return Linear(list(counts(columns).values()))

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Look for the fewest that would do."""
        if instance.newcomers is None:
            return 0
        return len(next(instance.newcomers.counted(instance, consortium)))

    def scale(self, instance: Instance) -> int:
        """Return one."""
        return 1


class NewEffort:
    """How much newcomers work, and keep free where they stand by, in steps."""

    name = "effort of newcomers"
    maximised = False
    money = False

    def post(self, columns: Columns) -> Linear:
        """Add up the effort on all their arcs."""
        if columns.instance.newcomers is None:
            return Linear()
        arcs = np.flatnonzero(_theirs(columns.instance, columns.instance.newcomers))
        return columns.work(arcs) + columns.reserved(arcs)

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up deliveries and what is kept free."""
        partners = instance.newcomers.partners if instance.newcomers else ()
        efforts = [made.effort for made in consortium.deliveries if made.partner in partners]
        efforts += [kept.effort for kept in consortium.backups if kept.partner in partners]
        return sum(instance.steps(effort) or 0 for effort in efforts)

    def scale(self, instance: Instance) -> int:
        """Return one: they are steps."""
        return 1


def counts(columns: Columns) -> dict[str, int]:
    """Return a column for each offer of newcomers that is one where it counts, with the rows that make it so."""
    newcomers = columns.instance.newcomers
    if newcomers is None:
        return {}
    offers = [offer for offer, _ in newcomers.serves]
    made = columns.once("offers of newcomers", lambda: _post(columns, newcomers, offers))
    return dict(zip(offers, made.columns.tolist(), strict=True))


def _post(columns: Columns, newcomers: Newcomers, offers: list[str]) -> Linear:
    instance, tag = columns.instance, Tag("newcomers")
    forced = np.array([offer in newcomers.forced for offer in offers], dtype=np.int64)
    made = columns.program.add_columns(tag, len(offers), lower=forced)
    column = dict(zip(offers, made.tolist(), strict=True))
    theirs = _theirs(instance, newcomers)
    for arc in np.flatnonzero(theirs).tolist():
        counted = column[instance.offers[instance.arc_offer[arc]]]
        for literal in (int(columns.delivers[arc]), *columns.backup.get(arc, ())[:1]):
            columns.at_most(tag, Linear([literal, counted], [1, -1]), 0)
    for place, capability in enumerate(instance.capabilities):
        suiting = Linear([column[offer] for offer in sorted(newcomers.suiting(capability))])
        needed = Linear(columns.needed[[place]])
        if not instance.delivered[place]:
            others = _others(instance, newcomers, instance.hold_partner[instance.hold_capability == place])
            least = int(instance.least_providers[place])
            columns.at_least(tag, Linear(columns.member[others]) + suiting - least * needed, 0)
        elif instance.backups[place]:
            arcs = np.flatnonzero((instance.arc_capability == place) & ~theirs)
            spare = Linear(columns.member[np.unique(instance.arc_partner[arcs])]) - Linear(columns.delivers[arcs])
            columns.at_least(tag, spare + suiting - int(instance.backups[place]) * needed, 0)
    _take_part(columns, newcomers, column)
    return Linear(made)


def _take_part(columns: Columns, newcomers: Newcomers, column: dict[str, int]) -> None:
    """A newcomer that delivers nothing has an offer that counts and suits something that is to be held."""
    instance, tag = columns.instance, Tag("newcomers")
    held: list[int] = []
    for place, capability in enumerate(instance.capabilities):
        if not instance.delivered[place]:
            needed = int(columns.needed[place])
            held += [columns.both(column[offer], needed) for offer in sorted(newcomers.suiting(capability))]
    for partner in newcomers.partners:
        at = instance.partner_at.get(partner)
        if at is not None:
            parts = Linear(columns.delivers[instance.arc_partner == at]) + Linear(held)
            columns.at_least(tag, parts - Linear(columns.member[[at]]), 0)


def _theirs(instance: Instance, newcomers: Newcomers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each arc whether it is a newcomer's."""
    places = [instance.partner_at[name] for name in newcomers.partners if name in instance.partner_at]
    return np.isin(instance.arc_partner, places)


def _others(instance: Instance, newcomers: Newcomers, partners: Integers) -> Integers:
    """Leave the newcomers out."""
    return partners[[instance.partners[place] not in newcomers.partners for place in partners.tolist()]]
