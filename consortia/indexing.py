"""From a valid Project and a Pool to an Instance: screened, indexed, in exact integers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from typing import Any

import numpy as np

from consortia import groups, packs
from consortia.amounts import exact_integers, whole_steps
from consortia.exclusions import Exclusions
from consortia.instance import UNLIMITED, Instance
from consortia.packs import Pack
from consortia.prepared import PreparedPool, picked
from consortia.pricing import Converter
from consortia.program import Integers, integers
from consortia.rules import Exclude, Include, Leaders, Rule
from consortia.screening import Screening
from consortia.sentence import Sentence, listed, say
from consortia.spec.pool import Pool
from consortia.spec.project import Project
from consortia.supplying import supplies


def index(
    project: Project,
    pool: Pool | PreparedPool,
    *,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    notes: Iterable[Sentence] = (),
) -> Instance:
    """Pose the question of one project over one pool.

    Parameters
    ----------
    project : Project
    pool : Pool or PreparedPool
        Both valid, with all references resolved: see :func:`consortia.read`.
    require, forbid : iterable of str
        Partners that must, or must not, be members, besides what the rules say.
    notes : iterable of Sentence
        What reading the files had to remark.

    Returns
    -------
    Instance
    """
    prepared = pool if isinstance(pool, PreparedPool) else PreparedPool(pool)
    return _Indexing(project, prepared, tuple(require), tuple(forbid)).instance((*notes, *prepared.notes))


class _Indexing:
    """The steps from a project and a pool to arrays, sharing what they look up."""

    def __init__(self, project: Project, pool: PreparedPool, require: tuple[str, ...], forbid: tuple[str, ...]) -> None:
        self.project, self.pool = project, pool
        named = [] if project.cooperation == "any" else [project.cooperation]
        self.packs = [pack if isinstance(pack, Pack) else packs.load(pack) for pack in (*named, *project.packs)]
        asked: list[Rule] = [rule for pack in self.packs for rule in pack.marked()]
        asked += project.rules
        if project.work_packages and not any(isinstance(rule, Leaders) for rule in asked):
            asked.append(Leaders())
        if require:
            asked.append(Include(partners=require))
        if forbid:
            asked.append(Exclude(partners=forbid))
        self.rules = tuple(asked)
        self.groups = _groups(project, self.packs, self.rules)
        self.screening = Screening(project, pool, self.rules, self.groups)
        self.candidates = self.screening.candidates

    def instance(self, notes: tuple[Sentence, ...]) -> Instance:
        """Put the Instance together."""
        project = self.project
        return Instance(
            title=project.title,
            notes=(*notes, *self._notes()),
            exclusions=Exclusions(project, self.pool, self.rules, self.groups),
            rules=self.rules,
            groups=self.groups,
            affinity=project.affinity,
            **self._partners(),
            **self._capabilities(),
            **supplies(self.screening),
            **self._money(),
        )

    def _partners(self) -> dict[str, Any]:
        """Who may join, through which clusters, and what filters read of them."""
        pool, periods, size = self.pool, self.project.periods, len(self.candidates)
        seats = np.flatnonzero(self.screening.joins[pool.seat_partner])
        of_partners, _ = pool.in_steps(self.project.effort_step)
        named = np.flatnonzero(pool.is_named & self.screening.joins).tolist()
        return {
            "partners": picked(pool.partner_ids, self.candidates),
            "partner_names": {pool.partners[place]: pool.partner_names[place] for place in named},
            "capacity": of_partners[self.candidates],
            "period_capacity": self._period_capacity() if periods else np.zeros((size, 0), dtype=np.int64),
            "seat_partner": self.screening.place[pool.seat_partner[seats]],
            "seat_cluster": pool.seat_cluster[seats],
            "seat_paid": pool.seat_paid[seats],
            "clusters": pool.clusters,
            "cluster_names": pool.cluster_names,
            "cluster_attributes": pool.cluster_attributes,
            "attributes": self._attributes(),
        }

    def _attributes(self) -> dict[str, tuple[object, ...]]:
        pool, chosen = self.pool, self.candidates
        table = {
            name: (values[0],) * len(chosen) if pool.uniform[name] and len(values) else picked(values, chosen)
            for name, values in pool.attributes.items()
        }
        if self.project.roles:
            places = zip(chosen.tolist(), table["role"], strict=True)
            table["role"] = tuple(self.project.roles.get(pool.partners[at], role) for at, role in places)
        for name, values in pool.free.items():
            if pool.states[name][chosen].any():
                table[name] = picked(values, chosen)
        return table

    def _period_capacity(self) -> Integers:
        """Return what each partner can do in each period."""
        rows = []
        for place in self.candidates.tolist():
            limit = self.pool.capacity_per_period[place]
            by_name = limit if isinstance(limit, dict) else dict.fromkeys(self.project.periods, limit)
            rows.append(self._steps(by_name.get(period) for period in self.project.periods))
        return np.array(rows, dtype=np.int64).reshape(len(self.candidates), len(self.project.periods))

    def _steps(self, efforts: Iterable[Decimal | None]) -> Integers:
        """Turn person-months into whole steps, rounded down; efforts themselves are whole already."""
        return whole_steps(efforts, self.project.effort_step)

    def _capabilities(self) -> dict[str, Any]:
        """What is asked for, when, in which packages, and for which objectives."""
        project, asked = self.project, self.project.capabilities
        values = [capability.value for capability in asked]
        stated = any(value is not None for value in values)
        value, value_scale = exact_integers(value or 0 for value in values) if stated else (None, 1)
        return {
            "capabilities": tuple(capability.id for capability in asked),
            "capability_names": {capability.id: capability.name for capability in asked if capability.name},
            "delivered": self.screening.delivered,
            "effort": self._steps(capability.effort or Decimal(0) for capability in asked),
            "least_providers": integers([capability.providers.min for capability in asked]),
            "most_providers": integers([capability.providers.max or UNLIMITED for capability in asked]),
            "least_part": self._least_parts(),
            "backups": integers([capability.backups for capability in asked]),
            "optional": np.array([c.optional for c in asked]) if any(c.optional for c in asked) else None,
            "value": value,
            "value_scale": value_scale,
            "choices": tuple(tuple(map(frozenset, choice.options)) for choice in project.choices),
            "periods": project.periods,
            "first_period": self._period([capability.start for capability in asked], 0),
            "last_period": self._period([capability.end for capability in asked], -1),
            "work_packages": {package.id: package.capabilities for package in project.work_packages},
            "package_names": {package.id: package.title for package in project.work_packages if package.title},
            "worked_together": tuple((pair[0], pair[1]) for pair in project.worked_together),
            "objectives": tuple((objective.of, objective.allowance) for objective in project.objectives),
            "step": project.effort_step,
        }

    def _least_parts(self) -> Integers:
        step = Fraction(self.project.effort_step)
        return integers(
            [
                0
                if capability.effort is None
                else max(1, ceil(Fraction(capability.least_share or 0) * Fraction(capability.effort) / step))
                for capability in self.project.capabilities
            ]
        )

    def _period(self, names: Iterable[str | None], absent: int) -> Integers:
        """Return the positions of periods; where none is named, that of the first or of the last."""
        count = len(self.project.periods)
        return integers(
            [absent % max(count, 1) if name is None else self.project.periods.index(name) for name in names]
        )

    def _money(self) -> dict[str, Any]:
        """All amounts, in units of one scale that makes each of them whole."""
        project, prices = self.project, self.pool.prices(self.project)
        supplies = self.screening.supplies
        arcs = supplies.offer[self.screening.delivered[supplies.capability]]
        clusters = np.arange(len(self.pool.clusters))
        priced = Converter(project)
        budget = None if project.budget is None else priced.convert(project.budget)
        costs = tuple(cost.converted(priced.convert) for cost in project.costs)
        further = [amount for cost in costs for amount in cost.amounts(Fraction(project.effort_step))]
        further += [] if budget is None else [Fraction(budget)]
        scale = lcm(
            prices.joining.scale(self.candidates),
            prices.fees.scale(clusters),
            prices.fixed.scale(arcs),
            prices.rates.scale(arcs),
            *{Fraction(amount).denominator for amount in further},
        )
        scale *= lcm(*{factor.denominator for cost in costs for factor in cost.factors()}, 1)
        return {
            "joining": prices.joining.units(self.candidates, scale),
            "fee": prices.fees.units(clusters, scale),
            "arc_fixed": prices.fixed.units(arcs, scale),
            "arc_rate": prices.rates.units(arcs, scale),
            "budget": None if budget is None else int(Fraction(budget) * scale),
            "currency": project.currency,
            "scale": scale,
            "costs": costs,
            "funding": None if project.funding is None else project.funding.converted(priced.convert),
        }

    def _notes(self) -> list[Sentence]:
        notes = self._conversions()
        for pack in self.packs:
            if pack.name != self.project.cooperation:
                notes += pack.notes()
        names = self.screening.default_rates()
        if names:
            shown = listed(names[:10]) + (", …" if len(names) > 10 else "")
            notes.append(say("the default rate stands for offers without a price of: {partners}", partners=shown))
        return notes

    def _conversions(self) -> list[Sentence]:
        """Say at which rates the amounts that were looked at were converted."""
        if not self.project.rates:
            return []
        prices, counted = self.pool.prices(self.project), Converter(self.project, self.pool.currency)
        if self.project.budget is not None:
            counted.convert(self.project.budget, self.project.currency)
        offers = self.screening.priced()
        counted.also(prices.joining.converted(self.candidates))
        counted.also(prices.fees.converted(np.arange(len(self.pool.clusters))))
        counted.also(prices.fixed.converted(offers))
        counted.also(prices.rates.converted(offers))
        return counted.notes()


def _groups(project: Project, used: Iterable[Pack], rules: tuple[Rule, ...]) -> dict[str, frozenset[object]]:
    """Return the groups that filters refer to; the project's own hide those of packs, and these built-in ones."""
    filters = [chosen for named in rules for rule in named.with_parts() for _, chosen in rule.filters()]
    filters += [chosen for cost in project.costs for _, chosen in cost.filters()]
    filters += [rate.filter for rate in (project.funding.rates if project.funding else ()) if rate.filter]
    wanted = {name for chosen in filters for condition in chosen.root.values() for name in condition.groups()}
    stated = [*(pack.groups for pack in used), project.groups]
    own = {name: frozenset(values) for groups_of in stated for name, values in groups_of.items()}
    return {name: own[name] if name in own else groups.load(name).values for name in sorted(wanted)}
