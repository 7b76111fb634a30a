"""Who may supply what, and the reason when not: before any solving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np

from consortia.instance import Exclusion, Mask
from consortia.prepared import OF_CLUSTERS, PreparedPool
from consortia.program import INFINITE, Integers
from consortia.rules import Exclude, Include, Rule
from consortia.sentence import Sentence, say
from consortia.spec.filters import Filter
from consortia.spec.project import Capability, Project

_SUITS, _BROADER, _LEVEL, _NO_PRICE, _NO_FIXED_PRICE, _OFFER_SHORT, _PARTNER_SHORT = range(7)
_NO_EFFORT = -1
_CLOSENESS = np.array([4, 0, 1, 2, 2, 3, 3])
"""How near an offer came to suiting, by verdict: of several, the one that came closest gives the reason."""


@dataclass(frozen=True)
class Supplies:
    """Who may supply what, in the order of capabilities, then of the pool: one entry a capability and offer.

    Attributes
    ----------
    capability, offer, partner : array
        Positions in the project, among all offers of the pool, and in the pool.
    """

    capability: Integers
    offer: Integers
    partner: Integers

    def where(self, chosen: Mask) -> Supplies:
        """Return some of them."""
        if chosen.all():
            return self
        return Supplies(self.capability[chosen], self.offer[chosen], self.partner[chosen])


@dataclass(frozen=True)
class _Asked:
    """What each capability asks of an offer; `least` is in steps, `_NO_EFFORT` where none is asked for."""

    level: Integers
    delivered: Mask
    least: Integers

    @classmethod
    def of(cls, project: Project) -> _Asked:
        """Lay the capabilities of a project out."""
        asked, step = project.capabilities, Fraction(project.effort_step)
        least = [_NO_EFFORT if c.effort is None else int(Fraction(_least(project, c)) / step) for c in asked]
        return cls(
            np.array([min(capability.level, INFINITE) for capability in asked], dtype=np.int64),
            np.array([capability.delivered for capability in asked], dtype=bool),
            np.array([min(steps, INFINITE) for steps in least], dtype=np.int64),
        )


def _least(project: Project, capability: Capability) -> Decimal:
    """Return the least part of an effort that anybody would deliver, in whole steps as everything is."""
    assert capability.effort is not None
    if capability.providers.max == 1:
        return capability.effort
    part = Fraction(capability.least_share or 0) * Fraction(capability.effort)
    return max(1, ceil(part / Fraction(project.effort_step))) * project.effort_step


class Screening:
    """What screening a pool for a project finds.

    Parameters
    ----------
    project : Project
    pool : PreparedPool
        Both valid, with all references resolved.
    rules : tuple of Rule
        The project's and those asked for besides.
    groups : mapping of str to frozenset
        The groups of values that filters refer to.

    Attributes
    ----------
    supplies : Supplies
    joins : array
        For each partner of the pool, whether it may join.
    candidates : array
        Positions in the pool of the partners that may join.
    place : array
        For each partner of the pool that may join, its position among the candidates.
    delivered : array
        For each capability, whether somebody has to deliver it.
    """

    def __init__(
        self, project: Project, pool: PreparedPool, rules: tuple[Rule, ...], groups: Mapping[str, frozenset[object]]
    ) -> None:
        self.project, self.pool, self.rules, self.groups = project, pool, rules, groups
        self._asked = _Asked.of(project)
        offers = [pool.suiting(capability.wanted) for capability in project.capabilities]
        offer = np.concatenate(offers)
        place = np.repeat(np.arange(len(offers)), [len(part) for part in offers])
        suits = self._verdicts(place, offer) == _SUITS
        found = Supplies(place, offer, pool.offer_partner[offer]).where(suits)
        named = [name for rule in rules if isinstance(rule, Include) for name in rule.partners]
        joins = np.zeros(len(pool.partners), dtype=bool)
        joins[found.partner] = True
        joins[[pool.partner_at[name] for name in named]] = True
        self._bars = bool(project.interest) or project.accepted_only or any(isinstance(rule, Exclude) for rule in rules)
        if self._bars:
            joins[[place for place in np.flatnonzero(joins).tolist() if self._barred(place) is not None]] = False
            found = found.where(joins[found.partner])
        self.supplies = found
        self.joins, self.candidates = joins, np.flatnonzero(joins)
        self.place, self.delivered = np.cumsum(joins) - 1, self._asked.delivered

    def _verdicts(self, place: Integers, offers: Integers) -> Integers:
        """For offers of what the capability at each place wants, or narrower, whether they suit, or why not."""
        pool, asked = self.pool, self._asked
        verdicts = np.where(pool.offer_level[offers] < asked.level[place], _LEVEL, _SUITS)
        if not asked.delivered.any():
            return verdicts
        delivered, least = asked.delivered[place], asked.least[place]
        of_partners, of_offers = pool.in_steps(self.project.effort_step)
        rate, fixed = pool.rates.given[offers], pool.fixed.given[offers]
        room, capacity = of_offers[offers], of_partners[pool.offer_partner[offers]]
        for reason, failing in (
            (_NO_PRICE, delivered & ~(rate | fixed)),
            (_NO_FIXED_PRICE, delivered & (least == _NO_EFFORT) & ~fixed),
            (_OFFER_SHORT, (room >= 0) & (room < least)),
            (_PARTNER_SHORT, (capacity >= 0) & (capacity < least)),
        ):
            verdicts[failing & (verdicts == _SUITS)] = reason
        return verdicts

    def _barred(self, position: int) -> Sentence | None:
        """Say why a partner may not join at all; None if it may."""
        partner = self.pool.partners[position]
        interest = self.project.interest.get(partner, "unknown")
        if interest == "declined":
            return say("has declined")
        if self.project.accepted_only and interest != "accepted":
            return say("has not accepted, and only partners that have may join")
        for rule in self.rules:
            if isinstance(rule, Exclude):
                if partner in rule.partners:
                    return say("is excluded by name")
                if rule.filter is not None and self._always_passes(position, rule.filter):
                    return say("is excluded by the rule: {rule}", rule=rule.title())
        return None

    def _always_passes(self, position: int, chosen: Filter) -> bool:
        """Tell whether a partner passes a filter by whichever seat it takes."""
        pool, partner = self.pool, self.pool.partners[position]
        tables = {**pool.free, **pool.attributes}
        own = {name: tables[name][position] for name in chosen.root if name in tables}
        own |= {"id": partner, "owner": own.get("owner") or partner}
        if partner in self.project.roles:
            own["role"] = self.project.roles[partner]
        first, last = np.searchsorted(pool.seat_partner, [position, position + 1])
        for cluster in pool.seat_cluster[first:last].tolist():
            values: dict[str, object] = dict(own, cluster=None)
            if cluster >= 0:
                values["cluster"] = pool.clusters[cluster]
                values |= {f"cluster_{name}": pool.cluster_attributes[name][cluster] for name in OF_CLUSTERS}
            if not chosen.admits(values, self.groups):
                return False
        return True

    # --- what there is to remark -----------------------------------------------------------------------------

    def priced(self) -> Integers:
        """Return the offers whose prices were looked at: those whose level is enough for what is to be delivered."""
        wanted = [capability for capability in self.project.capabilities if capability.delivered]
        found = [np.zeros(0, dtype=np.int64)]
        for capability in wanted:
            offers = self.pool.suiting(capability.wanted)
            found.append(offers[self.pool.offer_level[offers] >= min(capability.level, INFINITE)])
        offers = np.unique(np.concatenate(found))
        if not self._bars:
            return offers
        return np.array([at for at in offers if self._barred(self.pool.offer_partner[at]) is None], dtype=np.int64)

    def default_rates(self) -> list[str]:
        """Return the partners whose default rate was used for an offer without a price."""
        if not self._asked.delivered.any():
            return []
        used = self.pool.by_default[self.supplies.offer] & self._asked.delivered[self.supplies.capability]
        return [self.pool.partners[place] for place in np.unique(self.supplies.partner[used]).tolist()]

    def exclusions(self) -> Iterator[Exclusion]:
        """Return why partners, or partners for one capability, were left out, in the order of the pool."""
        names, capabilities = self.pool.partners, self.project.capabilities
        nothing = say("supplies nothing that the project asks for")
        reasons: dict[int, list[tuple[int, int, int]]] = {}
        for place, capability in enumerate(capabilities):
            for partner, verdict, offer in self._nearest(place, capability):
                reasons.setdefault(partner, []).append((place, verdict, offer))
        for partner, name in enumerate(names):
            barred = self._barred(partner) if self._bars else None
            if barred is not None:
                yield Exclusion(name, None, barred)
                continue
            for place, verdict, offer in reasons.get(partner, ()):
                yield Exclusion(name, capabilities[place].id, self._reason(capabilities[place], verdict, offer))
            if not self.joins[partner]:
                yield Exclusion(name, None, nothing)

    def _nearest(self, place: int, capability: Capability) -> Iterator[tuple[int, int, int]]:
        """For each partner none of whose offers suits a capability, the verdict on the one that came closest."""
        broader, suiting = self.pool.broader(capability.wanted), self.pool.suiting(capability.wanted)
        offers = np.concatenate([broader, suiting])
        found = self._verdicts(np.full(len(suiting), place), suiting)
        verdicts = np.concatenate([np.full(len(broader), _BROADER), found])
        partners = self.pool.offer_partner[offers]
        order = np.lexsort((offers, _CLOSENESS[verdicts], partners))  # of equals, the last one
        last = np.flatnonzero(np.diff(partners[order], append=-1))
        for at in order[last].tolist():
            if verdicts[at] != _SUITS:
                yield int(partners[at]), int(verdicts[at]), int(offers[at])

    def _reason(self, capability: Capability, verdict: int, offer: int) -> Sentence:
        pool = self.pool
        if verdict == _BROADER:
            return say("offers only the broader {competence}", competence=pool.competence(offer))
        if verdict == _LEVEL:
            level = int(pool.offer_level[offer])
            return say("offers level {level}, below {least}", level=level, least=capability.level)
        if verdict == _NO_PRICE:
            return say("offers it without a price, so it can be held but not delivered")
        if verdict == _NO_FIXED_PRICE:
            return say("offers it at a rate, and without an effort a fixed price is needed")
        of_partner = pool.capacity[pool.offer_partner[offer]]
        capacity = of_partner if verdict == _PARTNER_SHORT else pool.offer_capacity[offer]
        text = "has {capacity} person-months, and {least} are needed at least"
        return Sentence(text, {"capacity": capacity, "least": _least(self.project, capability)})
