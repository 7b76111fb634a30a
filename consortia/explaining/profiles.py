"""Who is missing: the partner that would make a question feasible, or its answer cheaper, if somebody found it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.explaining.describing import Profile
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import asked
from consortia.explaining.recruiting import Search
from consortia.explaining.unfound import Unfound
from consortia.instance import Instance
from consortia.outcome import Status
from consortia.progress import Step

__all__ = ["Missing", "Profile", "missing"]


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
    saves : mapping of int to Decimal
        Where the best of so many competences is not proven: no partner with so many at most saves more than this,
        even if it costs nothing.
    seconds : float
    """

    instance: Instance
    status: Status
    cost: Decimal | None = None
    profiles: tuple[Profile, ...] = ()
    impossible: bool = False
    complete: bool = True
    saves: Mapping[int, Decimal] = field(default_factory=dict)
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
    search = Search(unfound, now, inquiry)
    if now.consortium is not None:
        profiles = tuple(search.cheaper(most))
    elif now.status is Status.INFEASIBLE:
        profiles = tuple(search.feasible(most))
    else:
        profiles, search.settled = (), False
    profiles = tuple(replace(profile, proven=profile.proven and unfound.complete) for profile in profiles)
    return Missing(
        question.instance,
        now.status,
        now.cost,
        profiles,
        impossible=not profiles and search.complete and unfound.complete,
        complete=search.complete and unfound.complete,
        saves=search.saves if unfound.complete else {},
        seconds=inquiry.seconds,
    )
