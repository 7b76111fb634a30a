"""What else: other consortia within a share of the least cost, and who is in all of them, in some, in none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from consortia.explaining.cheapest import Cheapest
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import asked, check_present
from consortia.explaining.with_and_without import WithAndWithout, by_cost, least_cost
from consortia.outcome import Outcome
from consortia.progress import Step
from consortia.solving import exact_gap

Presence = Literal["all", "some", "none", "unknown"]


@dataclass(frozen=True)
class Alternatives:
    """Consortia by cost, each different enough from all before it.

    Attributes
    ----------
    found : tuple of Outcome
        The first is the least-cost consortium, each other one the cheapest that differs enough from those before it.
        What each outcome proves holds under that condition. Where a limit came before a proof, the last are the
        cheapest that were found, and the bound of each is what none that is left costs less than.
    within : Fraction
        How much dearer than the least cost they may be, as a share of it.
    limit : Decimal or None
        That in money; None where there is no consortium.
    distance : int
        In how many members any two of them differ at least.
    more : bool or None
        Whether there are more; None where that was not found out.
    presence : mapping of str to str
        By partner: whether it is a member of ``all`` consortia within the limit, of ``some``, of ``none``, or that is
        ``unknown``. Empty where that was not asked for.
    by_cost_alone : bool
        Whether the project has other objectives, which were left aside.
    stopped : str or None
        Why something is left open: ``time``, ``effort``, ``interrupted``.
    seconds : float
    questions : int
        How many were solved for it.
    """

    found: tuple[Outcome, ...]
    within: Fraction
    limit: Decimal | None
    distance: int
    more: bool | None
    presence: dict[str, Presence]
    by_cost_alone: bool = False
    stopped: str | None = None
    seconds: float = 0.0
    questions: int = 0

    @property
    def present(self) -> Outcome:
        """The least-cost consortium, or the answer that there is none."""
        return self.found[0]

    @property
    def proven(self) -> bool:
        """Whether each is proven to be the cheapest that differs enough."""
        return all(outcome.proven for outcome in self.found if outcome.consortium is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the consortia as plain data for JSON."""
        from consortia.report.others import alternatives_data

        return alternatives_data(self)


def alternatives(
    project: Any,
    pool: Any = None,
    *,
    count: int = 10,
    within: float | Decimal | Fraction = Fraction(1, 20),
    distance: int = 1,
    presence: bool = False,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    present: Outcome | None = None,
    on_step: Callable[[Step], Any] | None = None,
) -> Alternatives:
    """Find the cheapest consortia that differ from one another, within a share of the least cost.

    Parameters
    ----------
    project, pool, require, forbid
        The question, as for :func:`consortia.solve`.
    count : int
        How many, the least-cost consortium among them.
    within : float
        How much dearer than the least cost they may be, as a share of it.
    distance : int
        In how many members any two of them differ at least: who is in one of them and not in the other.
    presence : bool
        Whether to tell for every partner if it is in all, in some or in none of the consortia within the limit.
    solver, time_limit, effort_limit, seed
        As for :func:`consortia.solve`; the time limit is for everything together.
    present : Outcome, optional
        The answer to the question, which is then given as ``present.instance``: it is not solved for again, and taken
        for as much as it proves, unless the project has other objectives than the cost.
    on_step : callable, optional
        Called with a :class:`Step` after each solve; if it returns True no more is asked.

    Returns
    -------
    Alternatives

    Raises
    ------
    SpecError
        If the question is wrong.
    ValueError, TypeError
        If a limit makes no sense, or `present` answers another question.

    Examples
    --------
    >>> found = alternatives(
    ...     {"title": "Labels", "cooperation": "any",
    ...      "capabilities": [{"id": "printing", "effort": 2, "providers": {"max": 1}}]},
    ...     {"partners": [
    ...         {"id": "ink", "offers": [{"competence": "printing", "rate": 900}]},
    ...         {"id": "press", "joining_cost": 50, "offers": [{"competence": "printing", "rate": 850}]},
    ...     ]},
    ...     presence=True,
    ... )
    >>> [(list(outcome.consortium.members), int(outcome.cost)) for outcome in found.found], found.more
    ([(['press'], 1750), (['ink'], 1800)], False)
    >>> found.presence
    {'ink': 'some', 'press': 'some'}
    """
    share = exact_gap(within)
    for name, value in (("count", count), ("distance", distance)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{name} must be a whole number, not {value!r}")
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if share < 0:
        raise ValueError(f"within must not be negative, and is {within}")
    check_present(project, present)
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid).instance
    alone = [name for name, _ in question.objectives] != ["cost"]
    first = least_cost(inquiry, by_cost(question), present)
    if first.consortium is None:
        return Alternatives(
            (first,), share, None, distance, None, {}, alone, first.stopped, inquiry.seconds, inquiry.asked
        )
    search = Cheapest(inquiry, first, share, count, distance, Fraction(1, 2) if presence else Fraction(0))
    search.run()
    found, ceiling, stopped = search.found, search.ceiling, search.stopped
    who: dict[str, Presence] = {}
    if presence:
        one_by_one = WithAndWithout(inquiry, found[0], ceiling)
        for outcome in found[1:]:
            one_by_one.note(outcome)
        one_by_one.find()
        who = _presence(one_by_one, ceiling)
        stopped = stopped or one_by_one.stopped
    limit = first.instance.money(ceiling - 1)
    return Alternatives(
        tuple(found), share, limit, distance, search.more, who, alone, stopped, inquiry.seconds, inquiry.asked
    )


def _presence(search: WithAndWithout, ceiling: int) -> dict[str, Presence]:
    """Tell who is in all, in some, in none of the consortia that cost less than the ceiling."""
    found: dict[str, Presence] = {}
    for name, entry in search.standings.items():
        if entry.most is not None and entry.most < ceiling:
            found[name] = "some"
        elif entry.none or (entry.least is not None and entry.least >= ceiling):
            found[name] = "none" if entry.joins else "all"
        else:
            found[name] = "unknown"
    return found
