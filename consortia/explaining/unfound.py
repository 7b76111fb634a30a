"""Questions with newcomers in the pool: partners that nobody has found yet, who offer everything and cost nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from consortia.explaining.openings import Values, openings, readings
from consortia.explaining.question import Question
from consortia.expressions.newcomers import counts
from consortia.instance import Instance
from consortia.newcomers import Newcomers
from consortia.program import Linear
from consortia.rules import Coordinator, Leaders, Reliability, Rule, Survives
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, say
from consortia.spec.pool import Cluster, Membership, Offer, Partner, Pool

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.spec.project import Project


class OneNewcomer(Reifiable):
    """Exactly one of the newcomers is a member."""

    partners: tuple[str, ...]

    def describe(self) -> Sentence:
        return say("one newcomer is a member")

    def rows(self, columns: Columns) -> Iterator[Row]:
        places = columns.instance.partner_at
        yield Row(Linear([columns.member[places[name]] for name in self.partners if name in places]), 1, 1)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        count = sum(name in consortium.members for name in self.partners)
        return [] if count == 1 else [say("{count} newcomers are members", count=count)]


class Wanted(Rule):
    """At most so many offers of newcomers count, and of some sets of them not all."""

    most: int
    not_all: tuple[tuple[str, ...], ...] = ()

    def describe(self) -> Sentence:
        return say("at most {most} competences are wanted of a newcomer", most=self.most)

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        counted = counts(columns)
        columns.at_most(self.tag, Linear(list(counted.values())), self.most, when)
        for offers in (known for known in self.not_all if counted.keys() >= {*known}):
            columns.at_most(self.tag, Linear([counted[offer] for offer in offers]), len(offers) - 1, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        assert instance.newcomers is not None
        for offers in instance.newcomers.counted(instance, consortium):
            if len(offers) <= self.most and not any(offers.issuperset(known) for known in self.not_all):
                return []
        return [say("other competences are wanted of a newcomer")]


@dataclass(frozen=True)
class Unfound:
    """A question, and everybody who could be missing.

    Attributes
    ----------
    question : Question
    project : Project
    pool : Pool
    offers : mapping of str to Offer
        One for each competence and level that is asked for, free, by its id.
    newcomers : mapping of str to mapping
        By id, what is read of each.
    may_be_open : frozenset of str
        The attributes of which any value will do where none is needed.
    complete : bool
        Whether the newcomers are all that make a difference.
    """

    question: Question
    project: Project
    pool: Pool
    offers: Mapping[str, Offer]
    newcomers: Mapping[str, Values]
    may_be_open: frozenset[str]
    complete: bool

    @classmethod
    def of(cls, question: Question) -> Unfound:
        """Find out who could be missing from a question.

        Raises
        ------
        TypeError
            If the question came without the project and the pool that it was read from.
        """
        project, pool = question.project, question.pool
        if project is None or pool is None or pool.written is None:
            raise TypeError(
                "who is missing is said in competences and levels, which an Instance does not have: "
                "give the project and the pool that it was posed from"
            )
        offers: dict[str, Offer] = {}
        seen: set[tuple[str, int]] = set()
        for capability in project.capabilities:
            if (capability.wanted, capability.level) not in seen:
                seen.add((capability.wanted, capability.level))
                offers[capability.id] = Offer(
                    id=capability.id, competence=capability.wanted, level=capability.level, rate=0, fixed=0
                )
        found, complete = openings(question.instance, pool.written)
        ids = _unused("newcomer", len(found), {partner.id for partner in pool.written.partners})
        may_be_open = frozenset(name for name, reading in readings(question.instance).items() if reading.may_be_open)
        return cls(question, project, pool.written, offers, dict(zip(ids, found, strict=True)), may_be_open, complete)

    # --- partners --------------------------------------------------------------------------------------------------

    def partner(
        self,
        name: str,
        offers: Iterable[str],
        clusters: Iterable[str],
        *,
        values: Values | None = None,
        capacity: Decimal | None = None,
        price: Decimal = Decimal(0),
    ) -> Partner:
        """Write a newcomer down as a partner, with some of the offers, at a price for all of it."""
        values = self.newcomers[name] if values is None else values
        own = {key: value for key, value in values.items() if key in Partner.model_fields}
        free = {key: value for key, value in values.items() if key not in own}
        return Partner(
            id=name,
            clusters=tuple(Membership(cluster=cluster) for cluster in clusters),
            joining_cost=price,
            capacity=capacity,
            attributes=free,
            offers=tuple(self.offers[offer] for offer in offers),
            **own,
        )

    def cluster(self, name: str) -> Cluster:
        """Return the cluster that a newcomer would bring: one of its own country, region and industry."""
        own = {key: self.newcomers[name].get(key) for key in ("country", "region", "industry")}
        taken = {cluster.id for cluster in self.pool.clusters}
        return Cluster(id=_unused(f"cluster of {name}", 1, taken)[0], **own)

    def posed(self, partners: Sequence[Partner], clusters: Iterable[Cluster] = ()) -> Instance:
        """Pose the question with these partners in the pool, one of which is a member."""
        pool = self.pool.model_copy(
            update={
                "partners": (*self.pool.partners, *partners),
                "clusters": (*self.pool.clusters, *clusters),
            }
        )
        accepted = {partner.id: "accepted" for partner in partners}
        project = self.project.model_copy(update={"interest": {**self.project.interest, **accepted}})
        instance = self.question.posed(project, pool)
        return instance.replace(rules=(*instance.rules, OneNewcomer(partners=tuple(accepted))))

    # --- all of them at once ---------------------------------------------------------------------------------------

    def with_all(self, forced: Sequence[str]) -> Instance:
        """Pose the question with all newcomers, who have the forced offers and all that are not special."""
        special = self.special
        offers = [offer for offer in self.offers if offer in forced or offer not in special]
        clusters = {name: self.cluster(name) for name in self.newcomers}
        there = [cluster.id for cluster in self.pool.clusters]
        partners = [self.partner(name, offers, [*there, clusters[name].id]) for name in self.newcomers]
        instance = _entering_freely(self.posed(partners, clusters.values()), self.newcomers)
        serves = tuple((offer, self.serves(offer)) for offer in offers)
        return instance.replace(newcomers=Newcomers(tuple(self.newcomers), serves, tuple(forced)))

    def serves(self, offer: str) -> tuple[str, ...]:
        """Return the capabilities that an offer suits."""
        made, pool = self.offers[offer], self.question.pool
        assert pool is not None
        broader = pool.taxonomy.paths(made.competence)
        return tuple(
            capability.id
            for capability in self.project.capabilities
            if capability.wanted in broader and made.level >= capability.level
        )

    @property
    def special(self) -> set[str]:
        """The offers that suit something to be held of which more is read than whether enough hold it.

        A newcomer either has such an offer, which then counts, or has it not: it cannot be left open.
        """
        instance, read = self.question.instance, set()
        for capability in self.project.capabilities:
            if not capability.delivered and (
                capability.providers.max is not None or _reads(instance, instance.rules, capability.id)
            ):
                read.add(capability.id)
        return {offer for offer in self.offers if read.intersection(self.serves(offer))}


def _reads(instance: Instance, rules: Iterable[Rule], capability: str) -> bool:
    """Tell whether a rule reads who holds a capability."""
    for rule in (part for top in rules for part in top.with_parts()):
        if isinstance(rule, Reliability | Survives) and (not rule.capabilities or capability in rule.capabilities):
            return True
        if isinstance(rule, Coordinator) and rule.capability == capability:
            return True
        if isinstance(rule, Leaders) and any(capability in names for names in instance.work_packages.values()):
            return True
    return False


def _entering_freely(instance: Instance, names: Iterable[str]) -> Instance:
    """Let some partners enter through no cluster as well."""
    places = np.array([instance.partner_at[name] for name in names if name in instance.partner_at], dtype=np.int64)
    ends = np.searchsorted(instance.seat_partner, places, side="right")
    return instance.replace(
        seat_partner=np.insert(instance.seat_partner, ends, places),
        seat_cluster=np.insert(instance.seat_cluster, ends, -1),
        seat_paid=np.insert(instance.seat_paid, ends, False),
    )


def _unused(stem: str, count: int, taken: set[str]) -> list[str]:
    """Return ids that nobody has."""
    while any(name == stem or name.startswith(f"{stem} ") for name in taken):
        stem += "'"
    return [stem] if count == 1 else [f"{stem} {number + 1}" for number in range(count)]
