"""A pool laid out in arrays once, so that each project looks at the offers that could suit it and at no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from consortia.amounts import Amounts, Coded
from consortia.pricing import Converter
from consortia.program import INFINITE, Integers, integers
from consortia.sentence import Sentence
from consortia.spec.base import Amount
from consortia.spec.pool import Partner, Pool
from consortia.spec.pool_facts import PoolFacts
from consortia.spec.project import Project
from consortia.taxonomy import Taxonomy

BUILT_IN = ("country", "region", "industry", "kind", "role", "owner", "reliability")
OF_CLUSTERS = ("country", "region", "industry")

Objects = npt.NDArray[np.object_]


class PreparedPool:
    """A valid pool, ready for any number of projects; made by :func:`consortia.prepare`.

    Offers are numbered through the whole pool, in its order; what is said of offers has one entry for each.

    Parameters
    ----------
    pool : Pool
        Valid, with all references resolved.
    notes : iterable of Sentence
        What reading it had to remark.
    facts : PoolFacts, optional
        What references are looked up in, where that is known already.

    Attributes
    ----------
    written : Pool or None
        The pool as it was written; None in a process that it travelled to.
    """

    def __init__(self, pool: Pool, notes: Iterable[Sentence] = (), facts: PoolFacts | None = None) -> None:
        self.notes = tuple(notes)
        self.written: Pool | None = pool
        self.facts = PoolFacts.of(pool) if facts is None else facts
        self.currency = pool.currency
        self.taxonomy = Taxonomy({entry.id: entry.broader for entry in pool.competences})
        self._lay_out_clusters(pool)
        self._lay_out_partners(pool)
        self._lay_out_offers(pool)
        self._prices: dict[object, Prices] = {}
        self._in_steps: dict[Decimal, tuple[Integers, Integers]] = {}
        self._suiting: dict[str, Integers] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Travel to other processes without what was written: what they solve is laid out."""
        return {**self.__dict__, "written": None}

    def _lay_out_clusters(self, pool: Pool) -> None:
        self.clusters = tuple(cluster.id for cluster in pool.clusters)
        self.cluster_at = {name: position for position, name in enumerate(self.clusters)}
        self.cluster_names = {cluster.id: cluster.name for cluster in pool.clusters if cluster.name}
        self.cluster_attributes = {
            name: tuple(known(getattr(cluster, name)) for cluster in pool.clusters) for name in OF_CLUSTERS
        }
        self.fees = Coded([cluster.fee for cluster in pool.clusters])
        seats = []
        for place, partner in enumerate(pool.partners):
            seats += [(place, self.cluster_at[entry.cluster], entry.paid) for entry in partner.clusters]
            seats += [] if partner.clusters else [(place, -1, False)]
        partners, clusters, paid = zip(*seats, strict=True) if seats else ((), (), ())
        self.seat_partner, self.seat_cluster = integers(partners), integers(clusters)
        self.seat_paid = np.array(paid, dtype=bool)

    def _lay_out_partners(self, pool: Pool) -> None:
        self.partners = tuple(partner.id for partner in pool.partners)
        self.partner_at = {name: position for position, name in enumerate(self.partners)}
        self.partner_ids = objects(self.partners)
        self.partner_names = {place: partner.name for place, partner in enumerate(pool.partners) if partner.name}
        self.is_named = np.array([bool(partner.name) for partner in pool.partners], dtype=bool)
        self.joining = Coded([partner.joining_cost for partner in pool.partners])
        self.capacity = Coded([partner.capacity for partner in pool.partners])
        self.capacity_per_period = tuple(partner.capacity_per_period for partner in pool.partners)
        self.attributes = {
            name: objects([self._attribute(pool, partner, name) for partner in pool.partners]) for name in BUILT_IN
        }
        self.uniform = {name: len(set(values.tolist())) <= 1 for name, values in self.attributes.items()}
        free = sorted({name for partner in pool.partners for name in partner.attributes})
        self.free = {name: objects([known(partner.attributes.get(name)) for partner in pool.partners]) for name in free}
        self.states = {
            name: np.array([name in partner.attributes for partner in pool.partners], dtype=bool) for name in free
        }

    def _attribute(self, pool: Pool, partner: Partner, name: str) -> object:
        """Return a partner's own attribute, or what stands in for it: that of its first cluster."""
        value = getattr(partner, name)
        if value in (None, "") and name in ("country", "industry") and partner.clusters:
            value = getattr(pool.clusters[self.cluster_at[partner.clusters[0].cluster]], name)
        return known(value)

    def _lay_out_offers(self, pool: Pool) -> None:
        offers = [offer for partner in pool.partners for offer in partner.offers]
        counts = integers([len(partner.offers) for partner in pool.partners])
        named = Coded([offer.competence for offer in offers])
        self.competences: tuple[str, ...] = named.known[1:]
        codes = self._codes = {name: code for code, name in enumerate(self.competences)}
        self.offer_partner = np.repeat(np.arange(len(counts)), counts)
        self.offer_names = tuple(name for partner in pool.partners for name in partner.offer_ids())
        self.offer_competence = named.codes - 1
        level = Coded([offer.level for offer in offers])
        self.offer_level = integers([min(known or 0, INFINITE) for known in level.known])[level.codes]
        self.offer_category = tuple([offer.category for offer in offers])
        self.offer_capacity = Coded([offer.capacity for offer in offers])
        self.offer_reliability = Coded([offer.reliability for offer in offers])
        self.fixed = Coded([offer.fixed for offer in offers])
        rates = [offer.rate for offer in offers]
        default = np.array([partner.default_rate is not None for partner in pool.partners], dtype=bool)
        without = default[self.offer_partner] & ~self.fixed.given & ~Coded(rates).given
        for place in np.flatnonzero(without).tolist():
            rates[place] = pool.partners[self.offer_partner[place]].default_rate
        self.rates, self.by_default = Coded(rates), without  # the partner's default rate stands for them
        order = np.argsort(self.offer_competence, kind="stable")
        counts = np.bincount(self.offer_competence, minlength=len(self.competences))
        found = np.split(order, np.cumsum(counts)[:-1]) if codes else []
        self._offers_of = dict(zip(self.competences, found, strict=True))

    # --- what a project looks up -----------------------------------------------------------------------------

    def suiting(self, competence: str) -> Integers:
        """Return the offers of a competence or of a narrower one."""
        if competence not in self._suiting:
            self._suiting[competence] = self._offers(self.taxonomy.narrower(competence))
        return self._suiting[competence]

    def broader(self, competence: str) -> Integers:
        """Return the offers of competences that are broader than this one."""
        return self._offers(name for name in self.taxonomy.paths(competence) if name != competence)

    def _offers(self, competences: Iterable[str]) -> Integers:
        found = [self._offers_of[name] for name in competences if name in self._offers_of]
        return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *found]))

    def competence(self, offer: int) -> str:
        """Return the competence of an offer."""
        return self.competences[int(self.offer_competence[offer])]

    def competence_code(self, competence: str) -> int:
        """Return by which number offers name a competence; -1 if none does."""
        return self._codes.get(competence, -1)

    def in_steps(self, step: Decimal) -> tuple[Integers, Integers]:
        """Return the capacities of partners and of offers in whole steps, rounded down."""
        if step not in self._in_steps:
            self._in_steps[step] = self.capacity.steps(step), self.offer_capacity.steps(step)
        return self._in_steps[step]

    def prices(self, project: Project) -> Prices:
        """Return all prices in the currency of a project."""
        key = project.currency, project.rates, project.effort_step
        if key not in self._prices:
            self._prices[key] = Prices(self, project)
        return self._prices[key]


class Prices:
    """The prices of a pool in the currency of a project, those of effort per step.

    Parameters
    ----------
    pool : PreparedPool
    project : Project
        Gives the currency, its rates and the step.
    """

    def __init__(self, pool: PreparedPool, project: Project) -> None:
        converter = Converter(project, pool.currency)
        plain = pool.currency or project.currency

        def foreign(money: Decimal | Amount) -> str | None:
            currency = money.currency if isinstance(money, Amount) else plain
            return None if currency == project.currency else currency

        self.joining = Amounts(pool.joining, converter.convert, foreign)
        self.fees = Amounts(pool.fees, converter.convert, foreign)
        self.fixed = Amounts(pool.fixed, converter.convert, foreign)
        self.rates = Amounts(pool.rates, converter.convert, foreign, Fraction(project.effort_step))


def known(value: object) -> object:
    """Return an attribute's value; an empty text is a blank like any other."""
    return None if value == "" else value


def objects(values: Sequence[object]) -> Objects:
    """Return values of any kind as an array, from which many are picked at once."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def picked(values: Objects, positions: Integers) -> tuple[Any, ...]:
    """Return the values at some positions."""
    return tuple(values[positions].tolist())
