"""Who is missing: the partner that would make a question feasible, or its answer cheaper, if somebody found it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from consortia.explaining.inquiry import Inquiry
from consortia.explaining.openings import Values
from consortia.explaining.question import asked
from consortia.explaining.unfound import Unfound, Wanted
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.pricing import minor_unit
from consortia.progress import Step
from consortia.rules import Exclude
from consortia.spec.pool import Cluster, Partner

FREE = (("competences of newcomers", Fraction(0)), ("effort of newcomers", Fraction(0)), ("cost", Fraction(0)))
CHEAP = (("cost", Fraction(0)), ("competences of newcomers", Fraction(0)), ("effort of newcomers", Fraction(0)))
LARGEST = 3
"""Of so many competences, at most, are the profiles that make a feasible question cheaper."""

SHARE = 0.4
"""Of the time that is left, so much is for looking for a profile: the rest is for adding it to the pool."""

MANY = 12
"""With so many partners outside the consortium, it is asked first who would help those that are in."""


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


@dataclass(frozen=True)
class Missing:
    """Who is missing for a question.

    Attributes
    ----------
    instance : Instance
        The question.
    status : Status
        Of the question as it is: ``infeasible`` asks for a partner that makes it feasible, else for one that makes it
        cheaper.
    cost : Decimal or None
        The least cost as it is.
    profiles : tuple of Profile
        The smallest ones first; where the question is feasible, of one competence those that save most.
    impossible : bool
        Whether it is proven that no single newcomer helps.
    complete : bool
        Whether everything was asked and is proven; else a limit came first, or there were too many kinds of partners.
    seconds : float
    """

    instance: Instance
    status: Status
    cost: Decimal | None = None
    profiles: tuple[Profile, ...] = ()
    impossible: bool = False
    complete: bool = True
    seconds: float = 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; the keys are described in ``docs/explain-missing.md``."""
        from consortia.report.missing import missing_data

        return missing_data(self)


def missing(
    project: Any,
    pool: Any = None,
    *,
    most: int = 3,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    on_step: Callable[[Step], Any] | None = None,
) -> Missing:
    """Describe the partner that would make a question feasible, or its answer cheaper.

    A newcomer may offer any of the competences that are asked for, at the level that is asked for, enter through any
    cluster, a new one or none, and have whatever attributes rules and costs read; it is a beneficiary of its own. What
    it costs is one amount, its joining cost. Of newcomers that make the question feasible, those with the fewest
    competences are looked for, then with the least effort, then with the least cost of the others.

    Parameters
    ----------
    project, pool
        The question, as for :func:`consortia.solve`; not an Instance, which knows no competences.
    most : int
        So many different profiles, at most.
    solver, effort_limit, seed
        For each question that is asked.
    time_limit : float, optional
        Seconds for everything together.
    require, forbid : iterable of str
        Partners that must, or must not, be members.
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each question.

    Returns
    -------
    Missing

    Raises
    ------
    SpecError
        If the input is wrong.
    TypeError
        If the question is an Instance.

    Examples
    --------
    >>> found = missing(
    ...     {"title": "Labels", "cooperation": "any", "budget": 900,
    ...      "capabilities": [{"id": "printing", "effort": 2}, {"id": "food safety", "level": 2}]},
    ...     {"partners": [{"id": "ink", "offers": [{"competence": "printing", "rate": 300},
    ...                                            {"competence": "food safety", "level": 1}]}]},
    ... )
    >>> found.status.value, found.profiles[0].serves, found.profiles[0].price
    ('infeasible', {'food safety': ('food safety',)}, Decimal('300'))
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise ValueError(f"most must be a whole number of at least 1, not {most!r}")
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid)
    unfound = Unfound.of(question)
    now = inquiry.ask(question.instance.replace(objectives=(("cost", Fraction(0)),)))
    search = _Search(unfound, now, inquiry)
    if now.consortium is not None:
        profiles = tuple(search.cheaper(most))
    elif now.status is Status.INFEASIBLE:
        profiles = tuple(search.feasible(most))
    else:
        profiles, search.complete = (), False
    profiles = tuple(replace(profile, proven=profile.proven and unfound.complete) for profile in profiles)
    return Missing(
        question.instance,
        now.status,
        now.cost,
        profiles,
        impossible=not profiles and search.complete and unfound.complete,
        complete=search.complete and unfound.complete,
        seconds=inquiry.seconds,
    )


@dataclass
class _Search:
    """Looks for profiles.

    Attributes
    ----------
    unfound : Unfound
    now : Outcome
        Of the question as it is.
    inquiry : Inquiry
    complete : bool
        Whether everything was asked and is proven.
    """

    unfound: Unfound
    now: Outcome
    inquiry: Inquiry
    complete: bool = True
    _posed: dict[tuple[str, ...], Instance] = field(default_factory=dict)
    _until: float | None = None

    def feasible(self, most: int) -> Iterator[Profile]:
        """Find the smallest profiles that make the question feasible, none of which contains another."""
        budget = self.unfound.question.instance.budget
        limit = None if budget is None else self.unfound.question.instance.money(budget)
        known: list[tuple[str, ...]] = []
        while len(known) < most:
            best, proven = self._best(FREE, len(self.unfound.offers), known)
            if best is None:
                return
            profile = self._profile(best, known, limit, proven)
            if profile is None:
                return
            known.append(tuple(profile.serves))
            yield profile

    def cheaper(self, most: int) -> Iterator[Profile]:
        """Find the profiles of one competence that save most, and the best of two and of three if they save more."""
        assert self.now.cost is not None
        known: list[tuple[str, ...]] = []
        for size in range(1, min(LARGEST, len(self.unfound.offers)) + 1):
            least: Decimal | None = None
            excluded = known if size == 1 else []
            while len(known) < most if size == 1 else least is None:
                best, proven = self._best(CHEAP, size, excluded, self.now.cost if least is None else None)
                if best is None or best.cost is None or best.cost >= self.now.cost:
                    break
                profile = self._profile(best, excluded, self.now.cost, proven)
                if profile is None or (size > 1 and len(profile.serves) < size):
                    break
                least = best.cost
                known.append(tuple(profile.serves))
                yield profile
            if size > 1 and least is None:
                return

    # --- one at a time ---------------------------------------------------------------------------------------------

    def _best(
        self,
        objectives: Sequence[tuple[str, Fraction]],
        most: int,
        known: Sequence[tuple[str, ...]],
        below: Decimal | None = None,
    ) -> tuple[Outcome | None, bool]:
        """Ask for the best newcomer with so many competences at most; tell whether it is proven to be the best."""
        best: Outcome | None = None
        proven = True
        left = self.inquiry.left
        self._until = None if left is None else self.inquiry.seconds + SHARE * left
        for size in range(most + 1):
            for forced in combinations(sorted(self.unfound.special), size):
                if best is not None and objectives == FREE and size > best.stages[0].value:  # type: ignore[operator]
                    return best, proven
                if self.inquiry.over:
                    self.complete = False
                    return best, False
                wanted = Wanted(most=most, not_all=tuple(known))
                instance = self._with_all(forced)
                instance = instance.replace(rules=(*instance.rules, wanted), objectives=tuple(objectives))
                more: dict[str, Any] = {} if below is None else {"cutoff": below}
                near = self._near(instance, more)
                if near is not None:
                    more["hint"] = near
                outcome = self._ask(instance, more)
                settled = outcome.status in (Status.OPTIMAL, Status.INFEASIBLE) or outcome.stopped == "cutoff"
                proven = proven and settled
                self.complete = self.complete and settled
                for answer in (outcome, near):
                    if answer is not None and answer.consortium is not None:
                        best = answer if best is None or _value(answer) < _value(best) else best
        return best, proven

    def _ask(self, instance: Instance, more: Mapping[str, Any]) -> Outcome:
        """Ask for half of the time that there is for looking, so that some is left for what is asked next."""
        if self._until is None:
            return self.inquiry.ask(instance, **more)
        return self.inquiry.ask(instance, **more, time_limit=max(0.0, self._until - self.inquiry.seconds) / 2)

    def _near(self, instance: Instance, more: Mapping[str, Any]) -> Outcome | None:
        """Ask who would help the consortium that there is now, with nobody else: quick, and a place to start from."""
        assert instance.newcomers is not None
        if self.now.consortium is None:
            return None
        kept = {*self.now.consortium.members, *instance.newcomers.partners}
        others = tuple(name for name in instance.partners if name not in kept)
        if len(others) < MANY:
            return None
        outcome = self._ask(instance.replace(rules=(*instance.rules, Exclude(partners=others))), more)
        return outcome if outcome.consortium is not None else None

    def _with_all(self, forced: tuple[str, ...]) -> Instance:
        if forced not in self._posed:
            self._posed[forced] = self.unfound.with_all(forced)
        return self._posed[forced]

    def _profile(
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


def _value(outcome: Outcome) -> tuple[Fraction, ...]:
    """Return what an outcome is compared by: the values of its stages."""
    return tuple(stage.value for stage in outcome.stages if stage.value is not None)
