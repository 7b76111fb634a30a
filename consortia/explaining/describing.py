"""A newcomer described as a partner that could be added to the pool, and the most that it may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from consortia.explaining.inquiry import Inquiry
from consortia.explaining.openings import Values
from consortia.explaining.unfound import Unfound
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.pricing import minor_unit
from consortia.spec.pool import Cluster, Partner


@dataclass(frozen=True)
class Profile:
    """A partner that is missing.

    Attributes
    ----------
    partner : Partner
        As it would be written in the pool: its offers with their levels, its capacity, the cluster that it enters
        through, and its price as a joining cost, whatever it is paid for.
    cluster : Cluster or None
        The cluster that it would have to bring along, where it enters through one that is not there yet.
    serves : mapping of str to tuple of str
        The capabilities that each of its offers suits.
    attributes : mapping of str to object
        What matters of it beside that; only what rules or costs read.
    free : Decimal
        The least cost with it if it cost nothing.
    price : Decimal or None
        The most that it may cost in all and still pay, or still fit the budget, to the cent; None without a budget.
    proven : bool
        Whether both are proven, and that no smaller (or cheaper) profile of its kind was overlooked.
    """

    partner: Partner
    cluster: Cluster | None
    serves: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, object]
    free: Decimal
    price: Decimal | None
    proven: bool


@dataclass
class Describer:
    """Writes newcomers down, and finds their prices by adding them to the pool.

    Attributes
    ----------
    unfound : Unfound
    now : Outcome
        Of the question as it is.
    inquiry : Inquiry
    complete : bool
        Whether everything that was asked is proven.
    """

    unfound: Unfound
    now: Outcome
    inquiry: Inquiry
    complete: bool = True

    def profile(
        self, outcome: Outcome, known: Sequence[tuple[str, ...]], limit: Decimal | None, proven: bool
    ) -> Profile | None:
        """Write down the newcomer of an outcome, and find its price by adding it to the pool."""
        unfound, instance, consortium = self.unfound, outcome.instance, outcome.consortium
        assert consortium is not None and instance.newcomers is not None
        name = next(name for name in instance.newcomers.partners if name in consortium.members)
        sets = instance.newcomers.counted(instance, consortium)
        offers = next((chosen for chosen in sets if not any(chosen.issuperset(other) for other in known)), None)
        if offers is None:
            return None
        own, entry = unfound.cluster(name), consortium.members[name]
        ordered = sorted(offers, key=list(unfound.offers).index)
        cluster = own if entry == own.id else None
        shape = _Shape(name, ordered, entry, cluster, self._capacity(name, outcome), unfound.newcomers[name])
        free = self.inquiry.ask(self._added(shape, Decimal(0)))
        if free.cost is None:
            self.complete = False
            return None
        shape = self._plainer(shape, free.cost)
        price, exact = (None, True) if limit is None else self._price(shape, free.cost, limit)
        return Profile(
            self._partner(shape, price or Decimal(0)),
            shape.cluster,
            {offer: unfound.serves(offer) for offer in shape.offers},
            shape.values,
            free.cost,
            price,
            proven and exact and free.status is Status.OPTIMAL and self.now.status is not Status.FEASIBLE,
        )

    def _plainer(self, shape: _Shape, cost: Decimal) -> _Shape:
        """Leave open what makes no difference: through which cluster it enters, and what is known of it."""
        open_ = [name for name in shape.values if name in self.unfound.may_be_open]
        plainer = [replace(shape, entry=None, cluster=None)] if shape.entry is not None else []
        for changed in plainer:
            shape = changed if self._as_good(changed, cost) else shape
        for names in ([open_] if len(open_) > 1 else []) + [[name] for name in open_]:
            kept = {name: value for name, value in shape.values.items() if name not in names}
            changed = replace(shape, values=kept)
            shape = changed if len(kept) < len(shape.values) and self._as_good(changed, cost) else shape
        return shape

    def _as_good(self, shape: _Shape, cost: Decimal) -> bool:
        """Tell whether it is known that a free newcomer of another shape makes as cheap an answer possible."""
        return not self.inquiry.over and self._pays(shape, Decimal(0), cost) is True

    def _capacity(self, name: str, outcome: Outcome) -> Decimal | None:
        """Return the person-months that a newcomer needs: what it does and keeps free, or could do as a backup."""
        instance, consortium = outcome.instance, outcome.consortium
        assert consortium is not None
        done = sum((made.effort for made in consortium.deliveries if made.partner == name), Decimal(0))
        done += sum((kept.effort for kept in consortium.backups if kept.partner == name), Decimal(0))
        delivered = {made.capability for made in consortium.deliveries if made.partner == name}
        for place, capability in enumerate(instance.capabilities):
            if instance.backups[place] and capability not in delivered and instance.effort[place]:
                whole = instance.most_providers[place] == 1
                least = int(instance.effort[place] if whole else instance.least_part[place])
                done = max(done, instance.months(least))
        return done or None

    def _partner(self, shape: _Shape, price: Decimal) -> Partner:
        clusters = [] if shape.entry is None else [shape.entry]
        return self.unfound.partner(
            shape.name, shape.offers, clusters, values=shape.values, capacity=shape.capacity, price=price
        )

    def _added(self, shape: _Shape, price: Decimal) -> Instance:
        """Pose the question with exactly this partner in the pool, and as a member."""
        instance = self.unfound.posed([self._partner(shape, price)], [shape.cluster] if shape.cluster else [])
        return instance.replace(objectives=(("cost", Fraction(0)),))

    # --- prices ----------------------------------------------------------------------------------------------------

    def _price(self, shape: _Shape, free: Decimal, limit: Decimal) -> tuple[Decimal, bool]:
        """Return the most that a newcomer may cost, to the cent, and whether a cent more is proven to be too much.

        Where no rule reads costs it is what is left of the limit. Where shares of costs are read, what is left is
        tried, and the price at which it changes is closed in on.
        """
        unit = minor_unit(self.unfound.project.currency)
        price = ((limit - free) / unit).to_integral_value(ROUND_FLOOR) * unit
        pays, more = self._pays(shape, price, limit), self._pays(shape, price + unit, limit)
        if pays and more is False:
            return price, True
        low, high, step = (price + unit, None, unit) if more else (Decimal(0), price, unit)
        while high is None and not self.inquiry.over:
            verdict = self._pays(shape, low + step, limit)
            if verdict is None:
                break
            low, high = (low + step, None) if verdict else (low, low + step)
            step *= 2
        while high is not None and high - low > unit and not self.inquiry.over:
            middle = ((low + high) / 2 / unit).to_integral_value(ROUND_FLOOR) * unit
            verdict = self._pays(shape, middle, limit)
            if verdict is None:
                break
            low, high = (middle, high) if verdict else (low, middle)
        exact = high is not None and high - low <= unit and pays is not None and more is not None
        self.complete = self.complete and exact
        return low, exact

    def _pays(self, shape: _Shape, price: Decimal, limit: Decimal) -> bool | None:
        """Tell whether the question has an answer with the newcomer at a price, within a limit; None if not known."""
        if self.inquiry.over:
            return None
        instance = self._added(shape, price)
        most, _ = instance.units(limit)
        outcome = self.inquiry.ask(instance.replace(budget=most))
        if outcome.consortium is not None:
            return True
        return False if outcome.status is Status.INFEASIBLE else None


@dataclass(frozen=True)
class _Shape:
    """What a newcomer is, but for its price."""

    name: str
    offers: Sequence[str]
    entry: str | None
    cluster: Cluster | None
    capacity: Decimal | None
    values: Values
