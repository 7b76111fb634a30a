"""At which price: what it takes for an outsider to come in and for a member to be replaced, and what rules cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consortia.consortium import Consortium
from consortia.errors import Problem, SpecError
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import asked, check_present
from consortia.explaining.ranges import PriceRange, find_ranges
from consortia.explaining.with_and_without import Standing, WithAndWithout, by_cost, least_cost
from consortia.explaining.without import CapabilityCost, RuleCost, capability_costs, rule_costs
from consortia.instance import Instance
from consortia.outcome import Outcome
from consortia.progress import Step
from consortia.sentence import Sentence, say


@dataclass(frozen=True)
class PartnerPrice:
    """What it takes for an outsider to come in, or what it costs to do without a member.

    Attributes
    ----------
    partner : str
    member : bool
        Whether it is in the least-cost consortium: then the price is its replacement cost, else its entry price.
    least, most : Decimal or None
        The price, where they are equal; else proven limits of it, as far as they are known.
    never : bool
        Proven that no consortium has this outsider, or that none does without this member.
    joins, leaves : tuple of str
        Who would come in and who would leave in the consortium that costs as much as `most` says.
    consortium : Consortium or None
        That consortium.
    reason : Sentence or None
        Why screening left the partner out; then there is no price.
    """

    partner: str
    member: bool
    least: Decimal | None = None
    most: Decimal | None = None
    never: bool = False
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    consortium: Consortium | None = None
    reason: Sentence | None = None

    @property
    def exact(self) -> bool:
        """Whether nothing about it is open."""
        return self.never or self.reason is not None or (self.most is not None and self.least == self.most)


@dataclass(frozen=True)
class PriceList:
    """The prices of a question; all of the cost alone, whatever the project's objectives are.

    Attributes
    ----------
    present : Outcome
        The least-cost consortium, and what is proven of it.
    partners : tuple of PartnerPrice
        In the order of the question; then those that screening left out.
    rules : tuple of RuleCost
        In the order of the rules; then the budget. Empty where they were not asked for.
    capabilities : tuple of CapabilityCost
        In their order, without those that may be left out anyway. Empty where they were not asked for.
    ranges : tuple of PriceRange
        Of the offers that were asked for.
    by_cost_alone : bool
        Whether the project has other objectives, which were left aside.
    stopped : str or None
        Why something is left open: ``time``, ``effort``, ``interrupted``.
    seconds : float
    questions : int
        How many were solved for it.
    """

    present: Outcome
    partners: tuple[PartnerPrice, ...] = ()
    rules: tuple[RuleCost, ...] = ()
    capabilities: tuple[CapabilityCost, ...] = ()
    ranges: tuple[PriceRange, ...] = ()
    by_cost_alone: bool = False
    stopped: str | None = None
    seconds: float = 0.0
    questions: int = 0

    @property
    def exact(self) -> bool:
        """Whether all that was asked for is known exactly."""
        known = [entry.exact for part in (self.partners, self.rules, self.capabilities, self.ranges) for entry in part]
        return self.stopped is None and all(known)

    def of(self, partner: str) -> PartnerPrice:
        """Return the price of one partner.

        Raises
        ------
        KeyError
            If the pool has no such partner.
        """
        return {entry.partner: entry for entry in self.partners}[partner]

    def to_dict(self, *, multipliers: bool = False) -> dict[str, Any]:
        """Return the prices as plain data for JSON; on request with the multipliers, which are prices at the margin."""
        from consortia.report.entries import prices_data

        return prices_data(self, multipliers=multipliers)


def prices(
    project: Any,
    pool: Any = None,
    *,
    rules: bool = True,
    capabilities: bool = False,
    ranges: bool | Iterable[tuple[str, str]] = False,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    present: Outcome | None = None,
    on_step: Callable[[Step], Any] | None = None,
) -> PriceList:
    """Tell at which price outsiders would come in, members are replaced, and what rules cost.

    The *entry price* of an outsider is the lump sum that it would have to take off, unseen by rules and by the budget,
    for a consortium with it to be of least cost. The *replacement cost* of a member is by how much the least cost
    would be higher without it. Both are differences of two least costs, and proven as those are.

    Parameters
    ----------
    project, pool, require, forbid
        The question, as for :func:`consortia.solve`.
    rules : bool
        Whether to find what each rule and the budget cost, which takes a solve each.
    capabilities : bool
        Whether to find what each capability costs: by how much the least cost would be lower if it were not asked for,
        which takes a solve each as well.
    ranges : bool or iterable of (str, str)
        For which prices to find the range within which the same members stay of least cost: True for all offers that
        the least-cost consortium uses, or pairs of a partner and its offer.
    solver, time_limit, effort_limit, seed
        As for :func:`consortia.solve`; the time limit is for everything together.
    present : Outcome, optional
        The answer to the question, which is then given as ``present.instance``: it is not solved for again, and taken
        for as much as it proves, unless the project has other objectives than the cost.
    on_step : callable, optional
        Called with a :class:`Step` after each solve; if it returns True no more is asked.

    Returns
    -------
    PriceList
        Where a limit came first, prices are limits that are proven.

    Raises
    ------
    SpecError
        If the question is wrong, or `ranges` names an offer that is not there.
    ValueError
        If a limit makes no sense, or `present` answers another question.

    Examples
    --------
    >>> found = prices(
    ...     {"title": "Labels", "cooperation": "any",
    ...      "capabilities": [{"id": "printing", "effort": 2, "providers": {"max": 1}}]},
    ...     {"partners": [
    ...         {"id": "ink", "offers": [{"competence": "printing", "rate": 900}]},
    ...         {"id": "press", "joining_cost": 50, "offers": [{"competence": "printing", "rate": 850}]},
    ...     ]},
    ... )
    >>> [(price.partner, price.member, int(price.most), price.joins) for price in found.partners]
    [('ink', False, 50, ('ink',)), ('press', True, 50, ('ink',))]
    """
    check_present(project, present)
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid).instance
    instance = by_cost(question)
    wanted = _offers(instance, ranges)
    present = least_cost(inquiry, instance, present)
    alone = [name for name, _ in question.objectives] != ["cost"]
    if present.consortium is None:
        return PriceList(
            present, by_cost_alone=alone, stopped=present.stopped, seconds=inquiry.seconds, questions=inquiry.asked
        )
    search = WithAndWithout(inquiry, present)
    search.find()
    of_rules = rule_costs(inquiry, present) if rules else ()
    of_capabilities = capability_costs(inquiry, present) if capabilities else ()
    found = find_ranges(inquiry, present, wanted) if wanted or ranges is True else ()
    stopped = search.stopped or ("interrupted" if inquiry.interrupted else "time" if inquiry.over else None)
    priced = tuple(_price(present, name, entry) for name, entry in search.standings.items())
    return PriceList(
        present,
        (*priced, *_left_out(instance)),
        of_rules,
        of_capabilities,
        found,
        alone,
        stopped,
        inquiry.seconds,
        inquiry.asked,
    )


def _offers(instance: Instance, ranges: bool | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the offers named, or raise."""
    if isinstance(ranges, bool):
        return ()
    named = tuple(dict.fromkeys((str(partner), str(offer)) for partner, offer in ranges))
    known = {(partner, offer) for partner, _, offer in instance.arc_at}
    problems = [_unknown(*pair) for pair in named if pair not in known]
    if problems:
        raise SpecError(problems)
    return named


def _unknown(partner: str, offer: str) -> Problem:
    message = say("nothing can be delivered through an offer {offer} of {partner}", offer=offer, partner=partner)
    return Problem("ranges", "", message, say("`consortia screen` lists the offers"))


def _price(present: Outcome, name: str, entry: Standing) -> PartnerPrice:
    """Return the price that follows from two least costs, or limits that follow from limits."""
    assert present.consortium is not None and present.cost is not None
    instance, before = present.instance, present.consortium.members
    joins: Sequence[str] = ()
    leaves: Sequence[str] = ()
    if entry.consortium is not None:
        joins = [partner for partner in entry.consortium.members if partner not in before]
        leaves = [partner for partner in before if partner not in entry.consortium.members]
    floor = present.cost if present.proven else present.bound
    return PartnerPrice(
        name,
        not entry.joins,
        least=_at_least(entry, present),
        most=None if entry.most is None or floor is None else instance.money(entry.most) - floor,
        never=entry.none,
        joins=tuple(joins),
        leaves=tuple(leaves),
        consortium=entry.consortium,
    )


def _at_least(entry: Standing, present: Outcome) -> Decimal | None:
    """Return what a price is at least: never less than nothing."""
    assert present.cost is not None
    if entry.none:
        return None
    low = Decimal(0) if entry.least is None else present.instance.money(entry.least) - present.cost
    return max(Decimal(0), low)


def _left_out(instance: Instance) -> list[PartnerPrice]:
    """Return whom screening left out, with the reason."""
    reasons: dict[str, list[Sentence]] = {}
    for exclusion in instance.exclusions:
        if exclusion.partner not in instance.partner_at:
            reasons.setdefault(exclusion.partner, []).append(exclusion.reason)
    return [PartnerPrice(partner, False, reason=found[0]) for partner, found in reasons.items()]
