"""The frozen question: one project and one pool, screened and indexed, in exact integers.

Partners, clusters, capabilities and offers are positions into arrays here. A *seat* is a way for a partner to
join: through one of its clusters, or, where it has none, on its own. A *hold* is a partner with a capability that
is to be held; an *arc* is an offer through which a partner may deliver a capability.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from consortia import groups
from consortia.consortium import Consortium, Delivery
from consortia.program import Integers
from consortia.sentence import Sentence

if TYPE_CHECKING:
    from consortia.affinity import Affinity
    from consortia.costs import Cost
    from consortia.funding import Funding
    from consortia.newcomers import Newcomers
    from consortia.rules import Rule
    from consortia.spec.filters import Filter

Mask = npt.NDArray[np.bool_]
UNLIMITED = -1
"""Stands for an absent capacity or an absent maximum."""


@dataclass(frozen=True)
class Exclusion:
    """Why a partner, or a partner for one capability, was left out before solving."""

    partner: str
    capability: str | None
    reason: Sentence


def _none() -> Integers:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Instance:
    """One question, ready to be modelled. Change it only by :meth:`replace`.

    Money is in integer units of ``1 / scale`` of the currency; effort and capacity are in whole steps of `step`
    person-months. P partners, K clusters, S seats, C capabilities, O offers, A arcs, H holds.

    Attributes
    ----------
    joining, capacity : array (P,)
        Joining cost; most effort over all offers, or `UNLIMITED`.
    attributes : mapping of str to tuple (P,)
        What filters read of partners, by name; None where it is not known.
    fee : array (K,)
        Paid once if somebody enters through the cluster by a seat that is not paid.
    cluster_attributes : mapping of str to tuple (K,)
        ``country``, ``region``, ``industry``.
    seat_partner, seat_cluster, seat_paid : array (S,)
        Seats in the order of partners; the cluster is -1 for partners without one.
    delivered, effort, least_providers, most_providers, least_part, backups : array (C,)
        What each capability asks for; `least_part` in steps for each provider.
    offer_partner, offer_capacity : array (O,)
        Offers that appear in arcs; the partner is -1 for an offer that stands for one of every partner's.
    arc_partner, arc_capability, arc_offer, arc_fixed, arc_rate, arc_limit : array (A,)
        In the order of capabilities, then partners: price fixed and per step, most steps.
    arc_category : tuple of str (A,)
        The category of cost of each arc's offer; empty where all are personnel.
    hold_partner, hold_capability : array (H,)
        In the order of capabilities, then partners.
    optional : array (C,) or None
        Which capabilities may be left out; None where none may.
    value : array (C,) or None
        What capabilities are worth, in units of ``1 / value_scale``; None where nothing is said.
    choices : tuple of tuple of frozenset of str
        For each choice, its options: sets of capabilities, exactly one of which is undertaken.
    periods : tuple of str (T,)
        In their order; empty where the project has none.
    first_period, last_period : array (C,)
        Between which each capability's effort is spread.
    period_capacity : array (P, T)
        Most effort of each partner in each period, or `UNLIMITED`.
    work_packages : mapping of str to tuple of str
        The capabilities of each work package.
    reliability : mapping of (partner, capability, offer) to Decimal
        Of offers that state one of their own; the offer is None where the capability is held.
    worked_together : tuple of (str, str)
        Pairs of partners that rules about links read.
    objectives : tuple of (str, Fraction or Decimal)
        Expressions in the order of their importance, each with the slack that later ones may use: a share of the
        best value (Fraction) or an amount (Decimal).
    previous : Consortium or None
        What change is counted against.
    keep : Decimal
        What each change against `previous` counts as, in money, where the objective is ``cost and change``.
    budget : int or None
        The most that the whole may cost.
    funding : Funding or None
        The programme that funds the project.
    affinity : Affinity or None
        Links between industries; None for those that are shipped.
    waivable : mapping of int to int
        Positions among the rules of those that need not hold, with what the expression ``waived`` counts for each
        that does not.
    rebates : mapping of (partner, offer or None, per) to Fraction
        Money that the expression ``cost after rebates`` takes off, and nothing else sees: per ``membership`` (of the
        partner, without an offer), ``delivery`` or ``person-month`` through the offer; negative for a surcharge.
    newcomers : Newcomers or None
        Partners of whom it is open what they offer, for explanations that look for what is missing.
    paths : mapping of (partner, capability, offer) to tuple of str
        Where an offer is narrower than what is asked for: from its competence to the one asked for.
    """

    title: str
    partners: tuple[str, ...]
    capabilities: tuple[str, ...]
    joining: Integers
    capacity: Integers
    delivered: Mask
    effort: Integers
    least_providers: Integers
    most_providers: Integers
    least_part: Integers
    backups: Integers
    seat_partner: Integers
    seat_cluster: Integers
    seat_paid: Mask
    clusters: tuple[str, ...] = ()
    fee: Integers = field(default_factory=_none)
    offers: tuple[str, ...] = ()
    offer_partner: Integers = field(default_factory=_none)
    offer_capacity: Integers = field(default_factory=_none)
    arc_partner: Integers = field(default_factory=_none)
    arc_capability: Integers = field(default_factory=_none)
    arc_offer: Integers = field(default_factory=_none)
    arc_fixed: Integers = field(default_factory=_none)
    arc_rate: Integers = field(default_factory=_none)
    arc_limit: Integers = field(default_factory=_none)
    arc_category: tuple[str, ...] = ()
    hold_partner: Integers = field(default_factory=_none)
    hold_capability: Integers = field(default_factory=_none)
    optional: Mask | None = None
    value: Integers | None = None
    value_scale: int = 1
    choices: tuple[tuple[frozenset[str], ...], ...] = ()
    periods: tuple[str, ...] = ()
    first_period: Integers = field(default_factory=_none)
    last_period: Integers = field(default_factory=_none)
    period_capacity: Integers = field(default_factory=_none)
    work_packages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reliability: Mapping[tuple[str, str, str | None], Decimal] = field(default_factory=dict)
    worked_together: tuple[tuple[str, str], ...] = ()
    objectives: tuple[tuple[str, Fraction | Decimal], ...] = (("cost", Fraction(0)),)
    previous: Consortium | None = None
    keep: Decimal = Decimal(0)
    budget: int | None = None
    currency: str = ""
    scale: int = 1
    step: Decimal = Decimal(1)
    rules: tuple[Rule, ...] = ()
    costs: tuple[Cost, ...] = ()
    funding: Funding | None = None
    affinity: Affinity | None = None
    waivable: Mapping[int, int] = field(default_factory=dict)
    rebates: Mapping[tuple[str, str | None, str], Fraction] = field(default_factory=dict)
    newcomers: Newcomers | None = None
    groups: Mapping[str, frozenset[object]] = field(default_factory=dict)
    attributes: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    cluster_attributes: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    partner_names: Mapping[str, str] = field(default_factory=dict)
    cluster_names: Mapping[str, str] = field(default_factory=dict)
    capability_names: Mapping[str, str] = field(default_factory=dict)
    package_names: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    exclusions: Sequence[Exclusion] = ()
    notes: tuple[Sentence, ...] = ()

    def __post_init__(self) -> None:
        fields = vars(self)
        for name, value in fields.items():
            if isinstance(value, np.ndarray) and value.flags.writeable:
                fields[name] = view = value.view()
                view.flags.writeable = False

    def replace(self, **changes: Any) -> Instance:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    # --- from ids to positions -------------------------------------------------------------------------------

    @cached_property
    def partner_at(self) -> dict[str, int]:
        """Position of each partner that may join."""
        return dict(zip(self.partners, range(len(self.partners)), strict=True))

    @cached_property
    def cluster_at(self) -> dict[str, int]:
        """Position of each cluster."""
        return {name: position for position, name in enumerate(self.clusters)}

    @cached_property
    def capability_at(self) -> dict[str, int]:
        """Position of each capability."""
        return {name: position for position, name in enumerate(self.capabilities)}

    @cached_property
    def seat_at(self) -> dict[tuple[str, str | None], int]:
        """Position of the seat of each partner and cluster."""
        return {
            (self.partners[partner], self.clusters[cluster] if cluster >= 0 else None): seat
            for seat, (partner, cluster) in enumerate(
                zip(self.seat_partner.tolist(), self.seat_cluster.tolist(), strict=True)
            )
        }

    def seat_of(self, partner: str, cluster: str | None) -> int | None:
        """Position of the seat of one partner and cluster; None if it does not belong there."""
        place = self.partner_at.get(partner, -1)
        first, last = np.searchsorted(self.seat_partner, [place, place + 1]).tolist()
        wanted = -1 if cluster is None else self.cluster_at.get(cluster, -2)
        return next((seat for seat in range(first, last) if self.seat_cluster[seat] == wanted), None)

    @cached_property
    def arc_at(self) -> dict[tuple[str, str, str], int]:
        """Position of the arc of each partner, capability and offer."""
        return {
            (self.partners[partner], self.capabilities[capability], self.offers[offer]): arc
            for arc, (partner, capability, offer) in enumerate(
                zip(
                    self.arc_partner.tolist(),
                    self.arc_capability.tolist(),
                    self.arc_offer.tolist(),
                    strict=True,
                )
            )
        }

    @cached_property
    def holders(self) -> dict[str, frozenset[str]]:
        """For each capability that is to be held, the partners that hold it."""
        found: dict[str, set[str]] = {name: set() for name in self.capabilities}
        for partner, capability in zip(self.hold_partner.tolist(), self.hold_capability.tolist(), strict=True):
            found[self.capabilities[capability]].add(self.partners[partner])
        return {name: frozenset(partners) for name, partners in found.items()}

    def held_by(self, partner: str) -> frozenset[str]:
        """Capabilities to be held that one partner holds."""
        held = self.hold_capability[self.hold_partner == self.partner_at.get(partner, -1)]
        return frozenset(self.capabilities[capability] for capability in held.tolist())

    @cached_property
    def settled(self) -> frozenset[str]:
        """Capabilities that every consortium undertakes: neither optional nor part of a choice."""
        chosen = {name for options in self.choices for option in options for name in option}
        return frozenset(
            name
            for place, name in enumerate(self.capabilities)
            if name not in chosen and not (self.optional is not None and self.optional[place])
        )

    def undertaken(self, consortium: Consortium) -> frozenset[str]:
        """Return what a consortium undertakes; where it does not say, what is settled and what it delivers."""
        if consortium.undertaken is not None:
            return consortium.undertaken
        return self.settled | {delivery.capability for delivery in consortium.deliveries}

    # --- what filters read -----------------------------------------------------------------------------------

    def attribute(self, name: str, partner: str, cluster: str | None) -> object:
        """Attribute `name` of `partner` when it enters through `cluster`; None where it is not known.

        A partner whose owner is not stated is its own, and so of one owner with whomever it owns.
        """
        if name == "id":
            return partner
        if name == "cluster":
            return cluster
        if name.startswith("cluster_") and name[8:] in self.cluster_attributes:
            return None if cluster is None else self.cluster_attributes[name[8:]][self.cluster_at[cluster]]
        if name == "role" and name not in self.attributes:
            return "beneficiary"
        values = self.attributes.get(name)
        value = None if values is None else values[self.partner_at[partner]]
        return partner if value is None and name == "owner" else value

    def passes(self, partner: str, cluster: str | None, chosen: Filter | None) -> bool:
        """Tell whether `partner`, entering through `cluster`, passes a filter; without one everybody does."""
        if chosen is None:
            return True
        values = {name: self.attribute(name, partner, cluster) for name in chosen.root}
        return chosen.admits(values, self._groups_of(chosen))

    def _groups_of(self, chosen: Filter) -> dict[str, frozenset[object]]:
        """Return the values of the groups that a filter names: the question's own, or built-in ones."""
        named = {name for condition in chosen.root.values() for name in condition.groups()}
        return {name: self.groups[name] if name in self.groups else groups.load(name).values for name in named}

    def seats_passing(self, chosen: Filter | None) -> Mask:
        """For each seat, whether its partner passes the filter when it takes that seat."""
        if chosen is None:
            return np.ones(len(self.seat_partner), dtype=bool)
        named = self._groups_of(chosen)
        seen: dict[tuple[object, ...], bool] = {}  # seats are many, and what filters ask about takes few values
        passing = []
        for seat in self.seat_at:
            values = [self.attribute(name, *seat) for name in chosen.root]
            key = (*map(type, values), *values)  # True is not 1 to a filter
            if key not in seen:
                seen[key] = chosen.admits(dict(zip(chosen.root, values, strict=True)), named)
            passing.append(seen[key])
        return np.array(passing, dtype=bool)

    # --- amounts ---------------------------------------------------------------------------------------------

    def money(self, units: int) -> Decimal:
        """Turn integer units into the currency, exactly."""
        return _exact(units, self.scale)

    def units(self, amount: Decimal) -> tuple[int, bool]:
        """Turn an amount of the currency into integer units, rounded down, and tell whether that was exact."""
        numerator, denominator = amount.as_integer_ratio()
        whole, rest = divmod(numerator * self.scale, denominator)
        return whole, not rest

    def months(self, steps: int) -> Decimal:
        """Turn steps of effort into person-months, exactly."""
        product = self.step * steps
        return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()

    def steps(self, effort: Decimal) -> int | None:
        """Turn person-months into steps; None if that is not a whole number."""
        steps = Fraction(effort) / Fraction(self.step)
        return steps.numerator if steps.denominator == 1 else None

    def own_cost(self, consortium: Consortium, partner: str) -> int:
        """What a member costs by itself: its joining cost and its deliveries less discounts, in units."""
        listed = int(self.joining[self.partner_at[partner]]) + sum(
            self.delivery_cost(delivery) for delivery in consortium.deliveries if delivery.partner == partner
        )
        discounts = (line for cost in self.costs if cost.own for line in cost.lines(self, consortium))
        return listed + sum(line.cost for line in discounts if line.partner == partner)

    def category(self, delivery: Delivery) -> str:
        """Return the category of cost of a delivery."""
        arc = self.arc_at[delivery.partner, delivery.capability, delivery.offer]
        return self.arc_category[arc] if self.arc_category else "personnel"

    def in_category(self, category: str | None) -> Mask:
        """For each arc, whether it is of this category of cost; of None, all are."""
        size = len(self.arc_partner)
        if category is None or not self.arc_category:
            return np.full(size, category in (None, "personnel"))
        return np.fromiter((entry == category for entry in self.arc_category), dtype=bool, count=size)

    def delivery_cost(self, delivery: Delivery) -> int:
        """What a delivery costs, in units."""
        arc = self.arc_at[delivery.partner, delivery.capability, delivery.offer]
        steps = self.steps(delivery.effort)
        if steps is None:
            raise ValueError(f"{delivery} is not in whole steps of {self.step}")
        return int(self.arc_fixed[arc]) + int(self.arc_rate[arc]) * steps

    def fingerprint(self) -> str:
        """Return a digest of all that decides the answer; the same question has the same one on every platform."""
        digest = hashlib.sha256()
        for entry in dataclasses.fields(self):
            if entry.name in ("title", "exclusions", "notes", "paths") or entry.name.endswith("_names"):
                continue
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value = value.astype(np.int64).tobytes().hex()
            elif entry.name in ("rules", "costs"):
                value = [component.model_dump_json(exclude_none=True) for component in value]
            elif entry.name in ("funding", "affinity") and value is not None:
                value = value.model_dump_json(exclude_none=True)
            elif entry.name == "groups":
                value = {name: sorted(map(str, members)) for name, members in sorted(value.items())}
            digest.update(f"{entry.name}={value!r};".encode())
        return digest.hexdigest()[:16]

    @classmethod
    def from_arrays(
        cls,
        *,
        partners: Iterable[str] | int,
        capabilities: Iterable[str] | int,
        joining: Iterable[Any],
        holds: tuple[object, object] | None = None,
        holders: object = 1,
        deliveries: tuple[object, object, Iterable[Any]] | None = None,
        efforts: object = 0,
        capacity: object = UNLIMITED,
        providers: tuple[object, object] = (1, 1),
        title: str = "",
        rules: tuple[Rule, ...] = (),
        attributes: Mapping[str, tuple[object, ...]] | None = None,
    ) -> Instance:
        """Pose a question from arrays, without the objects of the file schema.

        Capabilities that appear in `holds` are held, the others delivered.

        Parameters
        ----------
        partners, capabilities : sequence of str, or int
            Ids, or how many there are (then they are numbered from 1).
        joining : sequence (P,)
            Joining costs: integers, decimals as text, Decimal, or floats taken for the digits they print as.
        holds : pair of arrays (H,), optional
            Positions of partners and of the capabilities that they hold.
        holders : int or array (C,)
            How many holders a held capability needs.
        deliveries : triple of arrays (A,), optional
            Positions of partners and of capabilities they may deliver, and the price of the whole delivery. A
            price of a delivery that may be split is per step of effort: give `providers` for that.
        efforts : int or array (C,)
            Whole steps of effort of the delivered capabilities.
        capacity : int or array (P,)
            Most effort of each partner in steps; -1 for no limit.
        providers : pair of int or arrays (C,)
            Least and most partners that deliver a capability. Where the most is 1, or there is no effort, prices
            are for the whole delivery; elsewhere (-1 for no maximum) they are per step.
        title : str
            What to call it.
        rules : tuple of Rule
            Rules to obey.
        attributes : mapping of str to tuple (P,), optional
            What filters of rules read.

        Returns
        -------
        Instance

        Examples
        --------
        Two competences, three partners; the third has both.

        >>> question = Instance.from_arrays(
        ...     partners=3, capabilities=2, joining=[2, 3, "4.5"],
        ...     holds=([0, 1, 2, 2], [0, 1, 0, 1]),
        ... )
        >>> question.scale, question.joining.tolist()
        (2, [4, 6, 9])
        """
        from consortia.arrays import pose_arrays

        return pose_arrays(
            cls,
            partners=partners,
            capabilities=capabilities,
            joining=joining,
            holds=holds,
            holders=holders,
            deliveries=deliveries,
            efforts=efforts,
            capacity=capacity,
            providers=providers,
            title=title,
            rules=rules,
            attributes=dict(attributes or {}),
        )


def _exact(units: int, scale: int) -> Decimal:
    """Divide exactly; the scale has no prime factors but 2 and 5."""
    shift = 0
    while (units * 10**shift) % scale:
        shift += 1
        if shift > 60:
            raise ArithmeticError(f"{units}/{scale} is not a finite decimal")
    return Decimal(units * 10**shift // scale).scaleb(-shift)
