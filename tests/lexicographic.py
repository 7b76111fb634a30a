"""The oracle by meaning for all of a project: what is undertaken, and objectives one after the other.

No program and no solver is involved. Members, entries, deliveries and what is undertaken are enumerated. Who
coordinates, leads and stands by, and when the work is done, changes no objective and is read by rules of its own
only; for each of them some assignment is sought that the checker accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product

from oracle import memberships, ways_to_deliver

from consortia.checking import verify
from consortia.consortium import Backup, Consortium, Delivery
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.rules import Coordinator, Leaders
from consortia.structure import Calendar, Reserve


def best_values(instance: Instance) -> list[Fraction] | None:
    """Return the best value of every objective under the ones before it; None if there is no consortium at all."""
    left = list(candidates(instance))
    valid = cache(lambda place: complete(instance, left[place]) is not None)
    places, found = list(range(len(left))), []
    for name, slack in instance.objectives:
        expression = EXPRESSIONS[name]
        sign, scale = (-1 if expression.maximised else 1), expression.scale(instance)
        values = {place: sign * Fraction(expression.value(instance, left[place]), scale) for place in places}
        best = next((values[place] for place in sorted(places, key=lambda at: values[at]) if valid(place)), None)
        if best is None:
            return None
        found.append(sign * best)
        worst = best + (Fraction(slack) if isinstance(slack, Decimal) else slack * abs(best))
        places = [place for place in places if values[place] <= worst]
    return found


def candidates(instance: Instance) -> Iterator[Consortium]:
    """Return every choice of members, of what is undertaken, and of who delivers how much of that."""
    left_open = [name for name in instance.capabilities if name not in instance.settled]
    for taken in product((False, True), repeat=len(left_open)):
        undertaken = instance.settled | {name for name, chosen in zip(left_open, taken, strict=True) if chosen}
        for members in memberships(instance):
            for made in ways_to_deliver(instance, members, undertaken):
                yield Consortium(members, made, undertaken=undertaken if left_open else None)


def complete(instance: Instance, consortium: Consortium) -> Consortium | None:
    """Return the consortium with offices, backups and periods that the checker accepts; None if there are none."""
    plain = [
        rule for rule in instance.rules if not isinstance(rule, Coordinator | Leaders) and not _reads(rule, instance)
    ]
    if not verify(instance.replace(rules=tuple(plain), periods=()), consortium).valid:
        return None
    for finish in (_spread, _led, _coordinated, _backed):
        done = finish(instance, consortium)
        if done is None:
            return None
        consortium = done
    return consortium if verify(instance, consortium).valid else None


def _reads(rule: object, instance: Instance) -> bool:
    """Tell whether a rule reads who stands by."""
    return any(part.reserves(instance) for part in rule.with_parts())  # type: ignore[attr-defined]


def _first(options: Iterator[Consortium], accepts: Callable[[Consortium], bool]) -> Consortium | None:
    return next((option for option in options if accepts(option)), None)


def _spread(instance: Instance, consortium: Consortium) -> Consortium | None:
    """Spread each member's work over the periods, one member after the other: they have capacities of their own."""
    if not instance.periods:
        return consortium
    spread: list[Delivery] = []
    for member in consortium.members:
        mine = [delivery for delivery in consortium.deliveries if delivery.partner == member]
        ways = product(*(_over_periods(instance, delivery) for delivery in mine))
        options = (replace(consortium, deliveries=tuple(chosen)) for chosen in ways)
        found = _first(options, lambda option: not Calendar().violations(instance, option))
        if found is None:
            return None
        spread += found.deliveries
    return replace(consortium, deliveries=tuple(spread))


def _over_periods(instance: Instance, delivery: Delivery) -> Iterator[Delivery]:
    """Return every way to do a delivery in whole steps over the periods, in time or not."""
    steps = instance.steps(delivery.effort) or 0
    for parts in product(range(steps + 1), repeat=len(instance.periods)):
        if sum(parts) == steps:
            worked = {name: instance.months(part) for name, part in zip(instance.periods, parts, strict=True) if part}
            yield replace(delivery, periods=worked)


def _led(instance: Instance, consortium: Consortium) -> Consortium | None:
    rules = [rule for rule in instance.rules if isinstance(rule, Leaders)]
    if not rules:
        return consortium
    packages = list(instance.work_packages)
    ways = product((None, *consortium.members), repeat=len(packages))
    named = ({at: who for at, who in zip(packages, way, strict=True) if who is not None} for way in ways)
    options = (replace(consortium, leaders=leaders) for leaders in named)
    return _first(options, lambda option: not any(rule.violations(instance, option) for rule in rules))


def _coordinated(instance: Instance, consortium: Consortium) -> Consortium | None:
    rules = [rule for rule in instance.rules if isinstance(rule, Coordinator)]
    if not rules:
        return consortium
    options = (replace(consortium, coordinator=name) for name in consortium.members)
    return _first(options, lambda option: not any(rule.violations(instance, option) for rule in rules))


def _backed(instance: Instance, consortium: Consortium) -> Consortium | None:
    """Let members stand by for as much as they can: more is never worse, but one capacity may be shared."""
    rules = [rule for rule in instance.rules if _reads(rule, instance)]
    asked = {name for rule in rules for part in rule.with_parts() for name in part.reserves(instance)}
    if not asked:
        return consortium
    by_member = [_most(_standing_by(instance, consortium, member, asked)) for member in consortium.members]
    ways = (tuple(backup for part in way for backup in part) for way in product(*by_member))
    options = (replace(consortium, backups=backups) for backups in ways)
    return _first(options, lambda option: not any(rule.violations(instance, option) for rule in rules))


Backups = tuple[Backup, ...]


def _standing_by(instance: Instance, consortium: Consortium, member: str, asked: set[str]) -> list[Backups]:
    """Return all that a member can stand by for besides its own work."""
    options: dict[str, list[Backup | None]] = {}
    for (partner, capability, offer), arc in instance.arc_at.items():
        if partner == member and capability in asked:
            sizes = (
                range(int(instance.arc_limit[arc]) + 1) if instance.effort[instance.capability_at[capability]] else [0]
            )
            made = [Backup(partner, capability, offer, instance.months(steps)) for steps in sizes]
            options.setdefault(capability, [None]).extend(made)
    ways = (tuple(entry for entry in way if entry is not None) for way in product(*options.values()))
    return [way for way in ways if not Reserve().violations(instance, replace(consortium, backups=way))]


def _most(ways: list[Backups]) -> list[Backups]:
    """Leave out what another way contains, capability by capability."""
    efforts = {way: {backup.capability: backup.effort for backup in way} for way in ways}

    def within(one: Backups, other: Backups) -> bool:
        return all(efforts[other].get(name, -1) >= effort for name, effort in efforts[one].items())

    kept: list[Backups] = []
    for way in sorted(ways, key=lambda way: (len(way), sum(backup.effort for backup in way)), reverse=True):
        if not any(within(way, other) for other in kept):
            kept.append(way)
    return kept
