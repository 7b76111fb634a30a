"""Is it worth it, and is it fair: what crossing borders saves, what each member is worth, who pays what is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from consortia.checking import Verification, verify
from consortia.consortium import Consortium
from consortia.errors import Problem, SpecError
from consortia.explaining.coalitions import Dividing, Division, Game
from consortia.explaining.crossing import Region, lacking, regions, to_solve, without_cooperation
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import asked
from consortia.explaining.with_and_without import Standing, WithAndWithout, by_cost, least_cost
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.progress import Step
from consortia.rules import Rule
from consortia.stated import read_answer

_ORDERS = 0.2
"""Of the time that is left with a consortium, so much at most is for sampling orders of its members."""
_WORTH = 0.6
"""Of the time that is left then, so much is for what members are worth: the rest is for borders."""


@dataclass(frozen=True)
class Worth:
    """What a member is worth: the least cost without it, above the cost with it.

    Attributes
    ----------
    status : Status
        Of the question without the member; ``infeasible``: it cannot be replaced.
    cost : Decimal or None
        The least cost without it, or the least found.
    bound : Decimal or None
        No consortium without it costs less.
    """

    status: Status
    cost: Decimal | None = None
    bound: Decimal | None = None


@dataclass(frozen=True)
class Shares:
    """Whether a consortium is worth it, and who could pay what is shared in it.

    Attributes
    ----------
    instance : Instance
        The question.
    status : Status
        Of the consortium: ``optimal`` where it is proven to be the best; of one that was given, ``feasible``.
    consortium : Consortium or None
    cost : Decimal or None
    own : mapping of str to Decimal
        Own cost of each member.
    shared : Decimal
        What the shared lines come to: own costs and they are the cost.
    divisions : tuple of Division
        Three ways to divide that: ``equal``, ``own cost``, ``shapley``.
    worth : mapping of str to Worth
        Of each member, if there was time to ask.
    regions : tuple of Region
        The least cost inside each single cluster, industry and country.
    dropped : tuple of Rule
        The rules that were not asked for there: those of cooperation across clusters.
    seconds : float
    """

    instance: Instance
    status: Status
    consortium: Consortium | None = None
    cost: Decimal | None = None
    bound: Decimal | None = None
    own: Mapping[str, Decimal] = field(default_factory=dict)
    shared: Decimal = Decimal(0)
    divisions: tuple[Division, ...] = ()
    worth: Mapping[str, Worth] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()
    dropped: tuple[Rule, ...] = ()
    seconds: float = 0

    @property
    def complete(self) -> bool:
        """Whether everything was asked and is proven."""
        closed = (Status.OPTIMAL, Status.INFEASIBLE)
        answers = [entry.status for entry in self.worth.values()] + [region.status for region in self.regions]
        everybody = self.consortium is None or len(self.worth) == len(self.consortium.members)
        return self.status in closed and everybody and all(status in closed for status in answers)

    def saving(self, kind: str) -> Decimal | None:
        """Return by how much the consortium costs less than the cheapest one inside a single cluster, say.

        None where there is none, or none is known.
        """
        inside = [region.cost for region in self.regions if region.kind == kind and region.cost is not None]
        return min(inside) - self.cost if inside and self.cost is not None else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; the keys are described in ``docs/explain-shares.md``."""
        from consortia.report.shares import shares_data

        return shares_data(self)


def shares(
    project: Any,
    pool: Any = None,
    *,
    of: Any = None,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    on_step: Callable[[Step], Any] | None = None,
) -> Shares:
    """Tell what a consortium is worth to its members, and divide what they share in three ways.

    The shared lines (fees, equipment, services, coordination, discounts of clusters) are divided equally, in proportion
    to own costs, and by Shapley's value of the game in which a group pays the shared lines that it would have as a
    consortium of its own, with its own deliveries. For each division the group is named that pays most above that.

    Parameters
    ----------
    project, pool
        The question, as for :func:`consortia.solve`.
    of : path, dict, Outcome or Consortium, optional
        The consortium, as an outcome or in its JSON form; by default the best one is found.
    solver, effort_limit, seed
        For each question that is asked; the seed is also that of sampled orders.
    time_limit : float, optional
        Seconds for everything together.
    require, forbid : iterable of str
        Partners that must, or must not, be members.
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each question.

    Returns
    -------
    Shares

    Raises
    ------
    SpecError
        If the input is wrong, or the consortium given does not answer the question.

    Examples
    --------
    >>> found = shares(
    ...     {"title": "Labels", "cooperation": "any",
    ...      "capabilities": [{"id": "printing", "effort": 2}, {"id": "design", "effort": 1}],
    ...      "costs": [{"cost": "service", "id": "audit", "shared": 90}]},
    ...     {"clusters": [{"id": "north", "fee": 60}],
    ...      "partners": [
    ...         {"id": "ink", "clusters": ["north"], "offers": [{"competence": "printing", "rate": 300}]},
    ...         {"id": "pen", "offers": [{"competence": "design", "rate": 200}]}]},
    ... )
    >>> [(division.by, *map(str, division.parts.values()), division.group) for division in found.divisions]
    [('equal', '75', '75', ()), ('own cost', '225/2', '75/2', ()), ('shapley', '105', '45', ())]
    """
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid)
    outcome = least_cost(inquiry, question.instance) if of is None else None
    found = _given(question.instance, of) if outcome is None else _best(outcome)
    if found.consortium is None:
        return replace(found, seconds=inquiry.seconds)
    game = Game(question.instance, found.consortium)
    own = {name: question.instance.own_cost(found.consortium, name) for name in game.members}
    with inquiry.part(_ORDERS):
        dividing = Dividing(game, own, seed, over=lambda: inquiry.over)
        found = replace(found, divisions=dividing.divisions() if game.members else ())
    bare, dropped = without_cooperation(question)
    lacked = lacking(bare)
    with inquiry.part(_WORTH if to_solve(bare, lacked.values()) else 1):
        found = replace(found, worth=_worth(question.instance, found, outcome, inquiry))
    inside = tuple(regions(bare, lacked, inquiry))
    return replace(found, regions=inside, dropped=dropped, seconds=inquiry.seconds)


def _best(outcome: Outcome) -> Shares:
    instance = outcome.instance
    if outcome.consortium is None:
        return Shares(instance, outcome.status)
    checked = verify(instance, outcome.consortium)
    return replace(_stated(instance, outcome.consortium, checked), status=outcome.status, bound=outcome.bound)


def _given(instance: Instance, of: Any) -> Shares:
    """Read a consortium that is to be looked at, and hold it against the question."""
    consortium, _ = read_answer(of)
    checked = verify(instance, consortium)
    if not checked.valid:
        raise SpecError([Problem("of", "", violation) for violation in checked.violations])
    proven = isinstance(of, Outcome) and of.instance.fingerprint() == instance.fingerprint()
    found = _stated(instance, consortium, checked)
    return replace(found, status=of.status, bound=of.bound) if proven else found


def _stated(instance: Instance, consortium: Consortium, checked: Verification) -> Shares:
    shared = sum(line.cost for line in checked.lines if line.partner is None)
    own = {name: instance.money(instance.own_cost(consortium, name)) for name in consortium.members}
    cost = instance.money(checked.cost)
    return Shares(instance, Status.FEASIBLE, consortium, cost, own=own, shared=instance.money(shared))


def _worth(instance: Instance, found: Shares, outcome: Outcome | None, inquiry: Inquiry) -> dict[str, Worth]:
    """Find the least cost without each member; who is not in the least-cost consortium is worth nothing more."""
    assert found.consortium is not None
    if inquiry.over:
        return {}
    present = least_cost(inquiry, by_cost(instance), outcome)
    if present.consortium is None:
        return {}
    search = WithAndWithout(inquiry, present, without=found.consortium.members)
    search.find()
    return {name: _told(instance, entry) for name, entry in search.standings.items()}


def _told(instance: Instance, entry: Standing) -> Worth:
    if entry.none:
        return Worth(Status.INFEASIBLE)
    least, most = (None if units is None else instance.money(units) for units in (entry.least, entry.most))
    status = Status.UNKNOWN if most is None else Status.OPTIMAL if least == most else Status.FEASIBLE
    return Worth(status, most, least)
