"""The oracle by meaning: every consortium of a tiny question, one by one, and those that the checker accepts.

No program and no solver is involved. What counts as *every* consortium is all that can be written down: each partner
out or in by any of its seats, each capability delivered by any members through any of their offers in any whole number
of steps, anybody or nobody named as coordinator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations, product

import numpy as np

from consortia.checking import verify
from consortia.consortium import Consortium, Delivery
from consortia.costs import total
from consortia.instance import Instance
from consortia.rules import Coordinator

Members = dict[str, str | None]


def memberships(instance: Instance, *, seatless: bool = False) -> Iterator[Members]:
    """Return every choice of members and entries; `seatless` ones enter through none of their several clusters."""
    options: list[list[tuple[str, str | None] | None]] = []
    for partner in instance.partners:
        seats = [seat for seat in instance.seat_at if seat[0] == partner]
        options.append([None, *seats, *([(partner, None)] if seatless and len(seats) > 1 else [])])
    for chosen in product(*options):
        yield dict(seat for seat in chosen if seat is not None)


def _parts(instance: Instance, capability: int, least: int) -> dict[str, list[Delivery]]:
    """Return, by partner, every part of a capability that it could deliver: more than it can has no column."""
    effort = int(instance.effort[capability])
    whole = not effort or instance.most_providers[capability] == 1
    found: dict[str, list[Delivery]] = {}
    for (partner, name, offer), arc in instance.arc_at.items():
        if name == instance.capabilities[capability]:
            sizes = [effort] if whole else range(least, int(instance.arc_limit[arc]) + 1)
            parts = [Delivery(partner, name, offer, instance.months(steps)) for steps in sizes]
            found.setdefault(partner, []).extend(parts)
    return found


def deliveries(instance: Instance, members: Members) -> Iterator[tuple[Delivery, ...]]:
    """Return every choice of deliveries by members, one offer each, in parts of at least one step."""
    yield from _joined(_choices(instance, members, number) for number in np.flatnonzero(instance.delivered).tolist())


def ways_to_deliver(
    instance: Instance, members: Members, undertaken: Collection[str]
) -> Iterator[tuple[Delivery, ...]]:
    """Return every choice of deliveries by members that add up to all of what is undertaken and to nothing else."""
    exact = []
    for number in np.flatnonzero(instance.delivered).tolist():
        if instance.capabilities[number] in undertaken:
            wanted = instance.months(int(instance.effort[number]))
            sets = _choices(instance, members, number)
            exact.append([chosen for chosen in sets if chosen and sum(part.effort for part in chosen) == wanted])
    yield from _joined(exact)


def _choices(instance: Instance, members: Members, capability: int) -> list[tuple[Delivery, ...]]:
    """Return every choice of deliveries of one capability."""
    parts = _parts(instance, capability, 1)
    options = [[None, *parts[partner]] for partner in members if partner in parts]
    return [tuple(part for part in chosen if part is not None) for chosen in product(*options)]


def _joined(choices: Iterable[list[tuple[Delivery, ...]]]) -> Iterator[tuple[Delivery, ...]]:
    for chosen in product(*choices):
        yield tuple(part for capability in chosen for part in capability)


def well_formed(instance: Instance, *, coordinators: bool = False) -> Iterator[Consortium]:
    """Return every consortium whose members have seats and whose deliveries come from members, right or wrong else."""
    for members in memberships(instance):
        for made in deliveries(instance, members):
            for coordinator in (None, *instance.partners) if coordinators else (None,):
                yield Consortium(members, made, coordinator)


def ill_formed(instance: Instance, capabilities: Sequence[int], most: int) -> Iterator[Consortium]:
    """Return every consortium with up to `most` deliveries of some capabilities, by anybody, also nothing of them."""
    parts = [part for capability in capabilities for made in _parts(instance, capability, 0).values() for part in made]
    for members in memberships(instance, seatless=True):
        for size in range(most + 1):
            for made in combinations(parts, size):
                if len({(part.partner, part.capability, part.offer) for part in made}) == size:
                    yield Consortium(members, made)


def least_cost(instance: Instance) -> tuple[int, Consortium] | None:
    """Return the least cost and a consortium that has it; None if the checker accepts no consortium at all."""
    named = any(isinstance(rule, Coordinator) for rule in instance.rules)
    candidates = [
        Consortium(members, made)
        for members in memberships(instance)
        for made in ways_to_deliver(instance, members, instance.capabilities)
    ]
    for cost, _, candidate in sorted((total(instance, one), place, one) for place, one in enumerate(candidates)):
        for coordinator in candidate.members if named else (None,):
            consortium = Consortium(candidate.members, candidate.deliveries, coordinator)
            if verify(instance, consortium).valid:
                return cost, consortium
    return None
