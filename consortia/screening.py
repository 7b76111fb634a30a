"""Who may supply what, and the reason when not: before any solving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from consortia.instance import Exclusion
from consortia.rules import Exclude, Include, Rule
from consortia.sentence import Sentence, say
from consortia.spec.pool import Offer, Partner, Pool
from consortia.spec.project import Capability, Project
from consortia.taxonomy import Taxonomy


@dataclass(frozen=True)
class Supply:
    """That a partner may supply a capability through an offer.

    Parameters
    ----------
    partner, capability, offer : int
        Positions in the pool, the project, and among the partner's offers.
    path : tuple of str
        From the competence offered to the one asked for, each broader than the one before.
    rate, fixed : Decimal or None
        The prices that apply where it is delivered; None and None where it is held.
    """

    partner: int
    capability: int
    offer: int
    path: tuple[str, ...]
    rate: Decimal | None = None
    fixed: Decimal | None = None


@dataclass
class Screening:
    """What screening found.

    Attributes
    ----------
    supplies : list of Supply
        In the order of the pool.
    exclusions : list of Exclusion
        Why a partner, or a partner for one capability, was left out.
    candidates : list of int
        Positions in the pool of the partners that may join.
    default_rates : list of str
        Partners whose default rate was used for an offer without a price.
    """

    supplies: list[Supply] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    default_rates: list[str] = field(default_factory=list)


Admits = Callable[[int, Any], bool]
"""Tells whether the partner at a position passes a filter by whichever seat it takes."""


def screen(
    project: Project,
    pool: Pool,
    rules: tuple[Rule, ...],
    convert: Callable[[Any], Decimal],
    admits: Admits,
) -> Screening:
    """Decide who may supply what.

    Parameters
    ----------
    project, pool : Project, Pool
        Valid, with all references resolved.
    rules : tuple of Rule
        The project's and those asked for besides.
    convert : callable
        Turns an amount of the pool into the project's currency.
    admits : callable
        Tells whether a partner passes a filter by all of its seats.

    Returns
    -------
    Screening
    """
    result = Screening()
    taxonomy = Taxonomy({entry.id: entry.broader for entry in pool.competences})
    wanted: dict[str, list[int]] = {}
    for place, capability in enumerate(project.capabilities):
        wanted.setdefault(capability.wanted, []).append(place)
    broader = {ancestor for name in wanted for ancestor in taxonomy.paths(name) if ancestor != name}
    included = {name for rule in rules if isinstance(rule, Include) for name in rule.partners}
    for position, partner in enumerate(pool.partners):
        reason = _barred(project, position, partner, rules, admits)
        if reason is not None:
            result.exclusions.append(Exclusion(partner.id, None, reason))
            continue
        suits = _Suits(project, partner, position, taxonomy, wanted, broader, convert)
        suits.look()
        result.supplies += suits.supplies
        result.exclusions += suits.exclusions()
        if suits.used_default:
            result.default_rates.append(partner.id)
        if suits.supplies or partner.id in included:
            result.candidates.append(position)
        else:
            reason = say("supplies nothing that the project asks for")
            result.exclusions.append(Exclusion(partner.id, None, reason))
    return result


def _barred(
    project: Project, position: int, partner: Partner, rules: tuple[Rule, ...], admits: Admits
) -> Sentence | None:
    """Say why a partner may not join at all; None if it may."""
    interest = project.interest.get(partner.id, "unknown")
    if interest == "declined":
        return say("has declined")
    if project.accepted_only and interest != "accepted":
        return say("has not accepted, and only partners that have may join")
    for rule in rules:
        if isinstance(rule, Exclude):
            if partner.id in rule.partners:
                return say("is excluded by name")
            if rule.filter is not None and admits(position, rule.filter):
                return say("is excluded by the rule: {rule}", rule=rule.title())
    return None


@dataclass
class _Suits:
    """One partner's offers against all capabilities."""

    project: Project
    partner: Partner
    position: int
    taxonomy: Taxonomy
    wanted: dict[str, list[int]]
    broader: set[str]
    convert: Callable[[Any], Decimal]
    supplies: list[Supply] = field(default_factory=list)
    reasons: dict[int, tuple[int, Sentence]] = field(default_factory=dict)
    used_default: bool = False
    prices: dict[int, tuple[Decimal | None, Decimal | None, bool]] = field(default_factory=dict)

    def look(self) -> None:
        """Match every offer with the capabilities that ask for its competence or a broader one."""
        for number, offer in enumerate(self.partner.offers):
            if offer.competence in self.broader:
                self._only_broader(offer)
            for name, path in self.taxonomy.paths(offer.competence).items():
                for place in self.wanted.get(name, ()):
                    self._match(number, offer, place, path)

    def exclusions(self) -> Iterator[Exclusion]:
        """Return the reasons of the capabilities that no offer suits: those of the offers that came closest."""
        supplied = {supply.capability for supply in self.supplies}
        for place, (_, reason) in sorted(self.reasons.items()):
            if place not in supplied:
                yield Exclusion(self.partner.id, self.project.capabilities[place].id, reason)

    def _only_broader(self, offer: Offer) -> None:
        for name, places in self.wanted.items():
            if name != offer.competence and offer.competence in self.taxonomy.paths(name):
                for place in places:
                    self._reject(place, 0, say("offers only the broader {competence}", competence=offer.competence))

    def _reject(self, place: int, closeness: int, reason: Sentence) -> None:
        if closeness >= self.reasons.get(place, (-1,))[0]:
            self.reasons[place] = (closeness, reason)

    def _match(self, number: int, offer: Offer, place: int, path: tuple[str, ...]) -> None:
        capability = self.project.capabilities[place]
        if offer.level < capability.level:
            reason = say("offers level {level}, below {least}", level=offer.level, least=capability.level)
            self._reject(place, 1, reason)
            return
        if not capability.delivered:
            self.supplies.append(Supply(self.position, place, number, path))
            return
        if number not in self.prices:  # converted once, whatever it serves
            self.prices[number] = self._prices(offer)
        rate, fixed, by_default = self.prices[number]
        if rate is None and fixed is None:
            self._reject(place, 2, say("offers it without a price, so it can be held but not delivered"))
        elif capability.effort is None and fixed is None:
            self._reject(place, 2, say("offers it at a rate, and without an effort a fixed price is needed"))
        elif (short := self._short(offer, capability)) is not None:
            self._reject(place, 3, short)
        else:
            self.used_default |= by_default
            self.supplies.append(Supply(self.position, place, number, path, rate, fixed))

    def _prices(self, offer: Offer) -> tuple[Decimal | None, Decimal | None, bool]:
        """Rate and fixed price of an offer, and whether the partner's default rate stands in for both."""
        rate, fixed = offer.rate, offer.fixed
        by_default = rate is None and fixed is None and self.partner.default_rate is not None
        if by_default:
            rate = self.partner.default_rate
        return (
            None if rate is None else self.convert(rate),
            None if fixed is None else self.convert(fixed),
            by_default,
        )

    def _short(self, offer: Offer, capability: Capability) -> Sentence | None:
        """Say why the capacity is too small for any part that the capability would take; None if it is not."""
        if capability.effort is None:
            return None
        step = Fraction(self.project.effort_step)
        part = Fraction(capability.least_share or 0) * Fraction(capability.effort)
        # in whole steps, as everything is delivered
        least = (
            capability.effort if capability.providers.max == 1 else max(1, ceil(part / step)) * self.project.effort_step
        )
        for limit in (offer.capacity, self.partner.capacity):
            if limit is not None and limit < least:
                return say(
                    "has {capacity} person-months, and {least} are needed at least",
                    capacity=limit,
                    least=least,
                )
        return None
