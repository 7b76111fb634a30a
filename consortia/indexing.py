"""From a valid Project and Pool to an Instance: screened, indexed, in exact integers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from typing import Any

import numpy as np

from consortia import groups, packs
from consortia.instance import UNLIMITED, Instance, Mask, exact_integers
from consortia.packs import Pack
from consortia.pricing import Converter
from consortia.program import Integers, integers
from consortia.rules import Exclude, Include, Leaders, Rule
from consortia.screening import Screening, Supply, screen
from consortia.sentence import Sentence, listed, say
from consortia.spec.filters import Filter
from consortia.spec.pool import OF_ENTRY, Offer, Partner, Pool
from consortia.spec.project import Project


def index(
    project: Project,
    pool: Pool,
    *,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    notes: Iterable[Sentence] = (),
) -> Instance:
    """Pose the question of one project over one pool.

    Parameters
    ----------
    project, pool : Project, Pool
        Valid, with all references resolved: see :func:`consortia.read`.
    require, forbid : iterable of str
        Partners that must, or must not, be members, besides what the rules say.
    notes : iterable of Sentence
        What reading the files had to remark.

    Returns
    -------
    Instance
    """
    return _Indexing(project, pool, tuple(require), tuple(forbid)).instance(tuple(notes))


class _Indexing:
    """The steps from models to arrays, sharing what they look up."""

    def __init__(self, project: Project, pool: Pool, require: tuple[str, ...], forbid: tuple[str, ...]) -> None:
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
        self.clusters = {cluster.id: place for place, cluster in enumerate(pool.clusters)}
        self.prices = Converter(project, pool.currency)
        self.screening: Screening = screen(project, pool, self.rules, self.prices.convert, self._always_passes)
        self.partners = [pool.partners[position] for position in self.screening.candidates]

    def instance(self, notes: tuple[Sentence, ...]) -> Instance:
        """Put the Instance together."""
        project, pool = self.project, self.pool
        place = {position: number for number, position in enumerate(self.screening.candidates)}
        supplies = [supply for supply in self.screening.supplies if supply.partner in place]
        supplies.sort(key=lambda supply: (supply.capability, place[supply.partner], supply.offer))
        delivered = np.array([capability.delivered for capability in project.capabilities])
        arcs = [supply for supply in supplies if delivered[supply.capability]]
        holds = sorted({(s.capability, place[s.partner]) for s in supplies if not delivered[s.capability]})

        joining = [self._money(partner.joining_cost) for partner in self.partners]
        fees = [self._money(cluster.fee) for cluster in pool.clusters]
        fixed = [supply.fixed or Decimal(0) for supply in arcs]
        rates = [Fraction(supply.rate or Decimal(0)) * Fraction(project.effort_step) for supply in arcs]
        budget = None if project.budget is None else self.prices.convert(project.budget, project.currency)
        priced = Converter(project)
        costs = tuple(cost.converted(priced.convert) for cost in project.costs)
        further = [amount for cost in costs for amount in cost.amounts(Fraction(project.effort_step))]
        amounts: list[Decimal | Fraction] = [
            *joining,
            *fees,
            *fixed,
            *rates,
            *further,
            *([] if budget is None else [budget]),
        ]
        scale = lcm(*{Fraction(amount).denominator for amount in amounts}, 1)
        scale *= lcm(*{factor.denominator for cost in costs for factor in cost.factors()}, 1)

        offers = sorted({(place[supply.partner], supply.offer) for supply in arcs})
        offer_at = {key: number for number, key in enumerate(offers)}
        names = [partner.offer_ids() for partner in self.partners]
        effort = self._steps([capability.effort for capability in project.capabilities], 0)
        capacity = self._steps([partner.capacity for partner in self.partners])
        room = self._steps([self.partners[partner].offers[number].capacity for partner, number in offers])
        arc_partner = integers([place[supply.partner] for supply in arcs])
        arc_capability = integers([supply.capability for supply in arcs])
        arc_offer = integers([offer_at[place[supply.partner], supply.offer] for supply in arcs])
        categories = tuple(pool.partners[supply.partner].offers[supply.offer].category for supply in arcs)
        limit = effort[arc_capability]
        for capped in (capacity[arc_partner], room[arc_offer]):
            limit = np.where(capped >= 0, np.minimum(limit, capped), limit)
        seat_partner, seat_cluster, seat_paid = self._seats()
        value, value_scale = self._values()
        return Instance(
            title=project.title,
            partners=tuple(partner.id for partner in self.partners),
            capabilities=tuple(capability.id for capability in project.capabilities),
            joining=_units(joining, scale),
            capacity=capacity,
            delivered=delivered,
            effort=effort,
            least_providers=integers([capability.providers.min for capability in project.capabilities]),
            most_providers=integers([c.providers.max or UNLIMITED for c in project.capabilities]),
            least_part=self._least_parts(),
            backups=integers([capability.backups for capability in project.capabilities]),
            seat_partner=seat_partner,
            seat_cluster=seat_cluster,
            seat_paid=seat_paid,
            clusters=tuple(cluster.id for cluster in pool.clusters),
            fee=_units(fees, scale),
            offers=tuple(names[partner][number] for partner, number in offers),
            offer_partner=integers([partner for partner, _ in offers]),
            offer_capacity=room,
            arc_partner=arc_partner,
            arc_capability=arc_capability,
            arc_offer=arc_offer,
            arc_fixed=_units(fixed, scale),
            arc_rate=_units(rates, scale),
            arc_limit=limit,
            arc_category=categories if set(categories) - {"personnel"} else (),
            hold_partner=integers([partner for _, partner in holds]),
            hold_capability=integers([capability for capability, _ in holds]),
            optional=np.array([c.optional for c in project.capabilities]) if self._leaves_open() else None,
            value=value,
            value_scale=value_scale,
            choices=tuple(tuple(map(frozenset, choice.options)) for choice in project.choices),
            periods=project.periods,
            first_period=self._period([capability.start for capability in project.capabilities], 0),
            last_period=self._period([capability.end for capability in project.capabilities], -1),
            period_capacity=self._period_capacity(),
            reliability=self._reliability(supplies, delivered),
            worked_together=tuple((pair[0], pair[1]) for pair in project.worked_together),
            work_packages={package.id: package.capabilities for package in project.work_packages},
            objectives=tuple((objective.of, objective.allowance) for objective in project.objectives),
            budget=None if budget is None else int(Fraction(budget) * scale),
            currency=project.currency,
            scale=scale,
            step=project.effort_step,
            rules=self.rules,
            costs=costs,
            funding=None if project.funding is None else project.funding.converted(priced.convert),
            affinity=project.affinity,
            groups=self.groups,
            attributes=self._attributes(),
            cluster_attributes={
                name: tuple(_known(getattr(cluster, name)) for cluster in pool.clusters)
                for name in ("country", "region", "industry")
            },
            partner_names={partner.id: partner.name for partner in self.partners if partner.name},
            cluster_names={cluster.id: cluster.name for cluster in pool.clusters if cluster.name},
            capability_names={c.id: c.name for c in project.capabilities if c.name},
            package_names={package.id: package.title for package in project.work_packages if package.title},
            paths={
                (
                    self.pool.partners[supply.partner].id,
                    project.capabilities[supply.capability].id,
                    names[place[supply.partner]][supply.offer],
                ): supply.path
                for supply in supplies
                if len(supply.path) > 1
            },
            exclusions=tuple(self.screening.exclusions),
            notes=(*notes, *self._notes()),
        )

    def _money(self, amount: Any) -> Decimal:
        return Decimal(0) if amount is None else self.prices.convert(amount)

    def _steps(self, efforts: Iterable[Decimal | None], absent: int = UNLIMITED) -> Integers:
        """Turn person-months into whole steps, rounded down; efforts themselves are whole already."""
        step = Fraction(self.project.effort_step)
        return integers([absent if effort is None else int(Fraction(effort) / step) for effort in efforts])

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

    def _period_capacity(self) -> Integers:
        """Return what each partner can do in each period."""
        rows = []
        for partner in self.partners:
            limit = partner.capacity_per_period
            by_name = limit if isinstance(limit, dict) else dict.fromkeys(self.project.periods, limit)
            rows.append(self._steps([by_name.get(period) for period in self.project.periods]))
        return np.array(rows, dtype=np.int64).reshape(len(self.partners), len(self.project.periods))

    def _leaves_open(self) -> bool:
        return any(capability.optional for capability in self.project.capabilities)

    def _values(self) -> tuple[Integers | None, int]:
        """Return what capabilities are worth, in whole units; None where nothing is said."""
        values = [capability.value for capability in self.project.capabilities]
        if all(value is None for value in values):
            return None, 1
        return exact_integers(value or 0 for value in values)

    def _reliability(self, supplies: list[Supply], delivered: Mask) -> dict[tuple[str, str, str | None], Decimal]:
        """Return the reliability of offers that state one; of several by which a partner holds, that of the best."""
        found: dict[tuple[str, str, str | None], Decimal] = {}
        stated = {
            (supply.partner, supply.capability) for supply in supplies if self._offer(supply).reliability is not None
        }
        for supply in supplies:
            partner = self.pool.partners[supply.partner]
            own = self._offer(supply).reliability
            value = partner.reliability if own is None else own
            held = not delivered[supply.capability]
            if value is None or (supply.partner, supply.capability) not in stated:
                continue
            name = None if held else partner.offer_ids()[supply.offer]
            key = partner.id, self.project.capabilities[supply.capability].id, name
            found[key] = max(value, found.get(key, value))
        return found

    def _offer(self, supply: Supply) -> Offer:
        return self.pool.partners[supply.partner].offers[supply.offer]

    def _seats(self) -> tuple[Integers, Integers, Mask]:
        seats = [
            (place, self.clusters[membership.cluster], membership.paid)
            for place, partner in enumerate(self.partners)
            for membership in partner.clusters
        ] + [(place, -1, False) for place, partner in enumerate(self.partners) if not partner.clusters]
        seats.sort(key=lambda seat: seat[0])
        partners, clusters, paid = zip(*seats, strict=True) if seats else ((), (), ())
        return integers(partners), integers(clusters), np.array(paid, dtype=bool)

    def _attributes(self) -> dict[str, tuple[object, ...]]:
        free = sorted({name for partner in self.partners for name in partner.attributes})
        table: dict[str, tuple[object, ...]] = {
            name: tuple(self._attribute(partner, name) for partner in self.partners)
            for name in ("country", "region", "industry", "kind", "role", "owner", "reliability")
        }
        table.update({name: tuple(_known(p.attributes.get(name)) for p in self.partners) for name in free})
        return table

    def _attribute(self, partner: Partner, name: str) -> object:
        """Return a partner's own attribute, or what stands in for it: its role in this project, its first cluster's."""
        if name == "role":
            return self.project.roles.get(partner.id, partner.role)
        value = getattr(partner, name) if name in Partner.model_fields else partner.attributes.get(name)
        if value in (None, "") and name in ("country", "industry") and partner.clusters:
            value = getattr(self.pool.clusters[self.clusters[partner.clusters[0].cluster]], name)
        return _known(value)

    def _always_passes(self, position: int, chosen: Filter) -> bool:
        """Tell whether the partner at a position in the pool passes a filter by whichever seat it takes."""
        partner = self.pool.partners[position]
        own = {name: self._attribute(partner, name) for name in chosen.root if name not in OF_ENTRY}
        own |= {"id": partner.id, "owner": own.get("owner") or partner.id}
        seats: list[str | None] = [membership.cluster for membership in partner.clusters]
        for seat in seats or [None]:
            values = dict(own, cluster=seat)
            if seat is not None:
                cluster = self.pool.clusters[self.clusters[seat]]
                values |= {
                    f"cluster_{name}": _known(getattr(cluster, name)) for name in ("country", "region", "industry")
                }
            if not chosen.admits(values, self.groups):
                return False
        return True

    def _notes(self) -> list[Sentence]:
        notes = self.prices.notes()
        for pack in self.packs:
            if pack.name != self.project.cooperation:
                notes += pack.notes()
        if self.screening.default_rates:
            names = self.screening.default_rates
            shown = listed(names[:10]) + (", …" if len(names) > 10 else "")
            notes.append(say("the default rate stands for offers without a price of: {partners}", partners=shown))
        return notes


def _known(value: object) -> object:
    """Return an attribute's value; an empty text is a blank like any other."""
    return None if value == "" else value


def _units(amounts: Iterable[Decimal | Fraction], scale: int) -> Integers:
    return integers([int(Fraction(amount) * scale) for amount in amounts])


def _groups(project: Project, used: Iterable[Pack], rules: tuple[Rule, ...]) -> dict[str, frozenset[object]]:
    """Return the groups that filters refer to; the project's own hide those of packs, and these built-in ones."""
    filters = [chosen for named in rules for rule in named.with_parts() for _, chosen in rule.filters()]
    filters += [chosen for cost in project.costs for _, chosen in cost.filters()]
    filters += [rate.filter for rate in (project.funding.rates if project.funding else ()) if rate.filter]
    wanted = {name for chosen in filters for condition in chosen.root.values() for name in condition.groups()}
    stated = [*(pack.groups for pack in used), project.groups]
    own = {name: frozenset(values) for groups_of in stated for name, values in groups_of.items()}
    return {name: own[name] if name in own else groups.load(name).values for name in sorted(wanted)}
