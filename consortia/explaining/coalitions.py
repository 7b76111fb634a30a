"""The game of shared lines: what the shared lines of each group of members would be, and how to divide them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import factorial, sqrt

from consortia.consortium import Consortium
from consortia.costs import Component, components
from consortia.costs.own import OwnCosts
from consortia.instance import Instance

MOST_EXACT = 12
"""Up to so many members all groups are looked at; beyond, those that grow in sampled orders."""
ORDERS = 600
"""So many orders are sampled."""


class Game:
    """What each group of members would pay for shared lines, if it were a consortium with its own deliveries.

    Members enter as they do; who coordinates, leads or stands by makes no difference to costs. Nobody pays nothing.

    Parameters
    ----------
    instance : Instance
    consortium : Consortium

    Examples
    --------
    >>> question = Instance.from_arrays(partners=["a", "b"], capabilities=1, joining=[3, 2], holds=([0, 1], [0, 0]))
    >>> Game(question, Consortium({"a": None, "b": None})).value(0b11)  # there are no shared lines
    0
    """

    def __init__(self, instance: Instance, consortium: Consortium) -> None:
        self.instance, self.consortium = instance, consortium
        self.members = tuple(consortium.members)
        self._shared: list[Component] = [part for part in components(instance) if not isinstance(part, OwnCosts)]
        self._known: dict[int, int] = {}

    def value(self, group: int) -> int:
        """Return the shared lines of a group, in units of money; its bits are positions among the members."""
        if group not in self._known:
            alone = self._alone(group)
            lines = (line for part in self._shared for line in part.lines(self.instance, alone))
            self._known[group] = sum(line.cost for line in lines if line.partner is None)
        return self._known[group]

    @property
    def everybody(self) -> int:
        """The group of all members."""
        return (1 << len(self.members)) - 1

    @property
    def looked_at(self) -> Mapping[int, int]:
        """The groups whose shared lines were worked out."""
        return self._known

    def _alone(self, group: int) -> Consortium:
        chosen = {
            member: cluster
            for place, (member, cluster) in enumerate(self.consortium.members.items())
            if group >> place & 1
        }
        made = tuple(delivery for delivery in self.consortium.deliveries if delivery.partner in chosen)
        return Consortium(chosen, made)

    def names(self, group: int) -> tuple[str, ...]:
        """Return the members of a group."""
        return tuple(member for place, member in enumerate(self.members) if group >> place & 1)


@dataclass(frozen=True)
class Division:
    """A way to divide the shared lines among the members.

    Attributes
    ----------
    by : {"equal", "own cost", "shapley"}
    parts : mapping of str to Fraction
        Of each member, exactly, in the currency; together they are the shared lines.
    errors : mapping of str to float or None
        The standard error of each part, where it was sampled.
    group : tuple of str
        The group of members that pays most above what it would pay by itself; empty where none does.
    excess : Fraction
        By how much, in the currency.
    all_groups : bool
        Whether all groups were looked at; else those that occurred in sampled orders.
    """

    by: str
    parts: Mapping[str, Fraction]
    errors: Mapping[str, float] | None = None
    group: tuple[str, ...] = ()
    excess: Fraction = Fraction(0)
    all_groups: bool = True


@dataclass(frozen=True)
class Dividing:
    """Divides the shared lines of a consortium in three ways.

    Parameters
    ----------
    game : Game
    own : mapping of str to int
        Own cost of each member, in units.
    seed : int
        Of the sampled orders, where members are more than `MOST_EXACT`.
    orders : int
        How many are sampled.
    over : callable
        Whether to end with the orders that are sampled so far; two there are always.
    """

    game: Game
    own: Mapping[str, int]
    seed: int = 0
    orders: int = ORDERS
    over: Callable[[], bool] = bool  # which is False
    _sampled: list[list[int]] = field(default_factory=list)

    @cached_property
    def exact(self) -> bool:
        """Whether all groups are looked at."""
        return len(self.game.members) <= MOST_EXACT

    def divisions(self) -> tuple[Division, ...]:
        """Return the divisions: equal parts, in proportion to own costs, and Shapley's."""
        size, total = len(self.game.members), self.game.value(self.game.everybody)
        shapley = list(self.shapley())  # first, so that the groups that it samples are known
        whole = sum(self.own.values())
        alike = [Fraction(total, size)] * size
        shares = [Fraction(total * self.own[name], whole) for name in self.game.members] if whole else alike
        return (
            self._division("equal", alike),
            self._division("own cost", shares),
            self._division("shapley", shapley, self._errors()),
        )

    def shapley(self) -> list[Fraction]:
        """Return Shapley's division, in units: what each adds to those before it, averaged over all orders."""
        return self._over_groups() if self.exact else self._over_orders()

    def _over_groups(self) -> list[Fraction]:
        game, size = self.game, len(self.game.members)
        added = [[0] * size for _ in range(size)]  # by member, and by how many are before it
        for group in range(1 << size):
            before, value = group.bit_count(), game.value(group)
            for member in range(size):
                if not group >> member & 1:
                    added[member][before] += game.value(group | 1 << member) - value
        weights = [
            Fraction(factorial(before) * factorial(size - before - 1), factorial(size)) for before in range(size)
        ]
        return [sum((w * part for w, part in zip(weights, of, strict=True)), Fraction(0)) for of in added]

    def _over_orders(self) -> list[Fraction]:
        game, size = self.game, len(self.game.members)
        chance = random.Random(self.seed)
        self._sampled.clear()
        while len(self._sampled) < (2 if self.over() else self.orders):
            order = list(range(size))
            chance.shuffle(order)
            added, group, before = [0] * size, 0, 0
            for member in order:
                group |= 1 << member
                added[member] = game.value(group) - before
                before = game.value(group)
            self._sampled.append(added)
        return [Fraction(sum(of), len(self._sampled)) for of in zip(*self._sampled, strict=True)]

    def _errors(self) -> dict[str, float] | None:
        """Return the standard error of each mean over the orders, in the currency."""
        if not self._sampled:
            return None
        count, scale, found = len(self._sampled), self.game.instance.scale, {}
        for name, of in zip(self.game.members, zip(*self._sampled, strict=True), strict=True):
            mean = Fraction(sum(of), count)
            spread = sum((entry - mean) ** 2 for entry in of) / max(1, count - 1)
            found[name] = sqrt(spread / count) / scale
        return found

    def _division(self, by: str, parts: Sequence[Fraction], errors: dict[str, float] | None = None) -> Division:
        scale = self.game.instance.scale
        named = {name: part / scale for name, part in zip(self.game.members, parts, strict=True)}
        group, excess = self._worst(parts)
        return Division(by, named, errors, self.game.names(group), excess / scale, self.exact)

    def _worst(self, parts: Sequence[Fraction]) -> tuple[int, Fraction]:
        """Return the group that pays most above what it would pay alone; of equals, the smallest."""
        found, excess = 0, Fraction(0)
        for group in sorted(self._groups(), key=lambda group: (group.bit_count(), group)):
            paid = sum((part for place, part in enumerate(parts) if group >> place & 1), Fraction(0))
            if paid - self.game.value(group) > excess:
                found, excess = group, paid - self.game.value(group)
        return found, excess

    def _groups(self) -> Iterator[int]:
        if self.exact:
            yield from range(1, self.game.everybody + 1)
            return
        yield from [*self.game.looked_at, *(1 << member for member in range(len(self.game.members)))]
