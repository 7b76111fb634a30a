"""Who a newcomer could be: the attributes that anything in a question reads, in values that make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, get_args

from consortia import groups
from consortia.costs import Coordination as CoordinationCost
from consortia.costs import Service
from consortia.instance import Instance
from consortia.rules import (
    Conditional,
    Coordinator,
    Count,
    Distinct,
    Exclude,
    Leaders,
    Limit,
    Reliability,
    Representatives,
    Rule,
    Share,
    Survives,
)
from consortia.spec.filters import Condition, Filter
from consortia.spec.pool import Kind

if TYPE_CHECKING:
    from consortia.spec.pool import Pool

ELSEWHERE = "(new)"
"""Stands for a value that nobody in the pool has and that no rule names."""
MOST_OPENINGS = 240
"""Beyond so many combinations of values, the first ones are looked at."""
_FIXED = ("id", "cluster", "role", "owner")
Values = Mapping[str, object]


@dataclass
class _Reading:
    """What is read of one attribute.

    Attributes
    ----------
    conditions : list of (Condition, int)
        With 1 where meeting it can only help, -1 where it can only hurt, 0 where it may do either.
    told_apart : bool
        Whether it matters which value it is, beside what conditions say.
    new_helps : bool
        Whether, of values told apart, one that nobody has is never worse.
    """

    conditions: list[tuple[Condition, int]] = field(default_factory=list)
    told_apart: bool = False
    new_helps: bool = True

    @property
    def may_be_open(self) -> bool:
        """Whether, where it is not known at all, any value would do: knowing one can only help."""
        return self.new_helps and all(sign > 0 for _, sign in self.conditions)


def readings(instance: Instance) -> dict[str, _Reading]:
    """Return what rules and costs read of partners, by attribute; those of entry clusters under the partner's own."""
    found: dict[str, _Reading] = {}

    def of(attribute: str) -> _Reading:
        return found.setdefault(attribute.removeprefix("cluster_"), _Reading())

    def conditions(chosen: Filter | None, sign: int) -> None:
        for name, condition in (chosen.root if chosen else {}).items():
            of(name).conditions.append((condition, sign))

    def apart(attribute: str, new_helps: bool) -> None:
        reading = of(attribute)
        reading.told_apart, reading.new_helps = True, reading.new_helps and new_helps

    for top in instance.rules:
        for rule in top.with_parts():
            sign = 0 if isinstance(top, Conditional) else _sign(rule)
            for _, chosen in rule.filters():
                conditions(chosen, sign)
            if isinstance(rule, Distinct | Representatives):
                apart(rule.attribute, sign > 0)
            elif isinstance(rule, Share) and rule.each == "country":
                apart("country", False)
            elif isinstance(rule, Survives) and rule.loss_of == "country":
                apart("country", not isinstance(top, Conditional))
            elif isinstance(rule, Reliability) or (isinstance(rule, Limit) and rule.of == "reliability"):
                of("reliability")
            elif isinstance(rule, Limit) and rule.of == "affinity":
                apart("industry", False)
    for cost in instance.costs:
        for _, chosen in cost.filters():
            conditions(chosen, -1 if isinstance(cost, Service) else 0)
        if isinstance(cost, CoordinationCost):
            apart("country", False)
    for rate in instance.funding.rates if instance.funding else ():
        conditions(rate.filter, 0)
    return {name: reading for name, reading in found.items() if name not in _FIXED}


def _sign(rule: Rule) -> int:
    """Tell what one more who passes the filters of a rule does: 1 for helps if anything, -1 for hurts, 0 for either."""
    if isinstance(rule, Count | Distinct):
        shares = rule.min_share is not None or rule.max_share is not None
        return 0 if shares else 1 if rule.max is None else -1 if rule.min is None else 0
    if isinstance(rule, Exclude):
        return -1
    return int(isinstance(rule, Representatives | Coordinator | Leaders))


def openings(instance: Instance, pool: Pool) -> tuple[list[Values], bool]:
    """Return the different newcomers there could be, by what is read of them.

    A value is left out where another one is never worse.

    Returns
    -------
    openings : list of mapping of str to object
        Values by attribute; only attributes that something reads.
    all : bool
        Whether these are all, up to values that make no difference.
    """
    read = readings(instance)
    values = [[(name, value) for value in _values(instance, pool, name, read[name])] for name in sorted(read)]
    found: list[Values] = []
    for chosen in product(*values):
        if len(found) == MOST_OPENINGS:
            return found, False
        found.append(dict(chosen))
    return found, True


def _values(instance: Instance, pool: Pool, name: str, reading: _Reading) -> list[object]:
    """Return the values of an attribute that make a difference, without those that another one dominates."""
    there = _there(pool, name)
    known: list[object] = [
        *there,
        *(value for condition, _ in reading.conditions for value in _named(instance, condition)),
    ]
    if name == "kind":
        known = list(get_args(Kind))
    elif name == "reliability":
        chances = [value for value in known if isinstance(value, Decimal) and 0 <= value <= 1]
        known = [Decimal(1), *sorted(chances, reverse=True)]
    elif not any(isinstance(value, bool | int | Decimal) for value in known):
        known.append(ELSEWHERE)
    kinds: dict[object, tuple[object, tuple[bool, ...], object]] = {}
    for value in _different(known):
        met = tuple(condition.admits(value, _Groups(instance)) for condition, _ in reading.conditions)
        own = (type(value), value) if reading.told_apart and value in there else None
        kinds.setdefault((met, own), (value, met, own))
    entries = list(kinds.values())
    signs = [sign for _, sign in reading.conditions]
    return [
        value
        for place, (value, met, own) in enumerate(entries)
        if not any(
            _dominates(better, other, met, own, signs, reading)
            for at, (_, better, other) in enumerate(entries)
            if at != place
        )
    ]


def _dominates(
    better: tuple[bool, ...], other: object, met: tuple[bool, ...], own: object, signs: list[int], reading: _Reading
) -> bool:
    """Tell whether meeting `better`, as the value `other`, is never worse than meeting `met`, as the value `own`."""
    if reading.told_apart and other != own and not (other is None and reading.new_helps):
        return False
    return all(one == two or sign == (1 if one else -1) for one, two, sign in zip(better, met, signs, strict=True))


def _there(pool: Pool, name: str) -> list[object]:
    """Return the values of an attribute that partners, or clusters, have."""
    entries: list[object] = [getattr(cluster, name, None) for cluster in pool.clusters]
    for partner in pool.partners:
        entries.append(partner.attributes.get(name, getattr(partner, name, None)))
    return _different(entry for entry in entries if entry not in (None, ""))


def _named(instance: Instance, condition: Condition) -> Iterator[object]:
    """Return the values that a condition names, and some on either side of its limits."""
    yield from condition.any or ()
    if condition.in_ is not None:
        yield from sorted(_Groups(instance)[condition.in_], key=str)
    for limit in (condition.min, condition.max):
        if limit is not None:
            yield from (limit, limit - 1, limit + 1)
    if condition.not_ is not None:
        yield from _named(instance, condition.not_)


def _different(values: Iterable[object]) -> list[object]:
    """Return the different values; true is not one."""
    return list({(type(value), value): value for value in values}.values())


class _Groups(dict[str, frozenset[object]]):
    """The groups of values that a question knows."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance.groups)

    def __missing__(self, name: str) -> frozenset[object]:
        return groups.load(name).values
