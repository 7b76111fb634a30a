"""Why there is no consortium: what nobody has, and which demands cannot be met together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from consortia.explaining.demands import Demand, TakenApart
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.lacking import Lack, lacking
from consortia.explaining.possible import Possibilities, Stopped, whether, why_stopped
from consortia.explaining.question import asked
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.progress import Step
from consortia.shortages import Shortage, shortages

if TYPE_CHECKING:
    from consortia.sentence import Sentence


@dataclass(frozen=True)
class Conflict:
    """Demands that cannot be met together.

    Attributes
    ----------
    demands : tuple of Demand
    needed : tuple of Demand
        Those without any one of which the others can be met, which is proven; of the others that is open.
    proof : {"exact", "tolerance"}
        The grade of the proof that they cannot be met together.
    """

    demands: tuple[Demand, ...]
    needed: tuple[Demand, ...]
    proof: str

    @property
    def minimal(self) -> bool:
        """Whether it is proven that all of them are needed."""
        return len(self.needed) == len(self.demands)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What each of the demands asks, in its own words."""
        return tuple(demand.sentence for demand in self.demands)


@dataclass(frozen=True)
class Explanation:
    """Why there is no consortium, or that there is one.

    Attributes
    ----------
    instance : Instance
        The question.
    status : {"feasible", "infeasible", "unknown"}
    shortages : tuple of Shortage
        What is seen before any solving: capabilities that nobody, or too few, can supply.
    lacks : tuple of Lack
        For each capability in a shortage or a conflict, at which levels it is offered, and who was left out and why.
    conflicts : tuple of Conflict
        No two of them share a demand.
    complete : bool
        Whether it is proven that, without the demands of these conflicts, the others can be met.
    outcome : Outcome or None
        A consortium, where the question has one after all.
    stopped : {"time", "effort", "interrupted"} or None
        Why no more was found out.
    asked : int
        How many questions were solved for it.
    seconds : float
    """

    instance: Instance
    status: Literal["feasible", "infeasible", "unknown"]
    shortages: tuple[Shortage, ...] = ()
    lacks: tuple[Lack, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    complete: bool = False
    outcome: Outcome | None = None
    stopped: Stopped | None = None
    asked: int = 0
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data for JSON; the keys are described in ``docs/explain-why-not.md``."""
        from consortia.report.conflicts import explanation_data

        return explanation_data(self)


def explain(
    project: Any,
    pool: Any = None,
    *,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    on_step: Callable[[Step], Any] | None = None,
) -> Explanation:
    """Say why a question has no consortium: which of its demands cannot be met together.

    Each conflict is verified by solving: its demands together have no consortium, and without any one of them they
    do. Conflicts are looked for until what is left can be met.

    Parameters
    ----------
    project, pool, solver, seed, require, forbid
        As for :func:`consortia.solve`.
    time_limit : float, optional
        Seconds for all of it; then what is proven so far is returned.
    effort_limit : float, optional
        Of each question that is solved on the way.
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each of them; if it returns True no more are asked.

    Returns
    -------
    Explanation

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.

    Examples
    --------
    >>> project = {
    ...     "title": "Labels", "cooperation": "any",
    ...     "capabilities": [{"id": "printing", "effort": 2}, {"id": "glue", "effort": 1}],
    ...     "rules": [{"rule": "count", "max": 1}],
    ... }
    >>> pool = {"partners": [
    ...     {"id": "ink", "offers": [{"competence": "printing", "rate": 900}]},
    ...     {"id": "press", "offers": [{"competence": "glue", "rate": 850}]},
    ... ]}
    >>> found = explain(project, pool)
    >>> found.status, [str(sentence) for sentence in found.conflicts[0].sentences]
    ('infeasible', ['at most 1 members', 'the capability printing', 'the capability glue'])
    """
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid)
    first = whether(inquiry, question.instance)
    if first.consortium is not None:
        return Explanation(
            question.instance, "feasible", complete=True, outcome=first, asked=inquiry.asked, seconds=inquiry.seconds
        )
    apart = TakenApart(question)
    found: list[Conflict] = []
    complete = False
    if first.status is Status.INFEASIBLE:
        possibilities = Possibilities(apart, inquiry)
        everything = frozenset(range(len(apart.demands)))
        possibilities.proofs[everything] = first.proof or "tolerance"
        found, complete = _conflicts(possibilities, everything)
    short = tuple(shortages(question.instance))
    named = [entry.capability for entry in short]
    named += [demand.capability for conflict in found for demand in conflict.needed]
    finished = complete and all(conflict.minimal for conflict in found)
    return Explanation(
        question.instance,
        "infeasible" if first.status is Status.INFEASIBLE else "unknown",
        shortages=short,
        lacks=tuple(lacking(question, name) for name in dict.fromkeys(named) if name is not None),
        conflicts=tuple(found),
        complete=complete,
        stopped=why_stopped(inquiry, finished),
        asked=inquiry.asked,
        seconds=inquiry.seconds,
    )


def _conflicts(possibilities: Possibilities, everything: frozenset[int]) -> tuple[list[Conflict], bool]:
    """Find conflicts that share no demand, until what is left can be met; tell whether that is proven."""
    left, found = everything, list[Conflict]()
    while True:
        possible = possibilities.possible(left)
        if possible is not False:
            return found, possible is True
        core = _narrowed(possibilities, left, _in_all(possibilities, left))
        found.append(_verified(possibilities, core))
        left -= core
        if possibilities.inquiry.over:
            return found, possibilities.known(left) is True


def _in_all(possibilities: Possibilities, within: frozenset[int]) -> frozenset[int]:
    """Return demands that are in every conflict there is; none where it does not pay to look for them.

    A conflict with the budget mostly takes nearly all that costs anything, so each demand is asked about by itself.
    """
    demands = possibilities.apart.demands
    budget = [place for place in within if demands[place].kind == "budget"]
    if not budget or possibilities.possible(within - {*budget}) is not True:
        return frozenset()
    possibilities.ask_each(within - {place} for place in sorted(within))
    return frozenset(place for place in within if possibilities.known(within - {place}) is True)


def _narrowed(possibilities: Possibilities, within: frozenset[int], known: frozenset[int]) -> frozenset[int]:
    """Narrow demands that cannot be met together, some of them known to be needed, down to some that cannot either.

    By halves (QuickXplain).
    """

    def needed(background: frozenset[int], grown: bool, candidates: list[int]) -> frozenset[int]:
        if grown and possibilities.possible(background) is False:
            return frozenset()
        if len(candidates) <= 1:
            return frozenset(candidates)
        half = len(candidates) // 2
        first, second = candidates[:half], candidates[half:]
        of_second = needed(background | frozenset(first), True, second)
        return of_second | needed(background | of_second, bool(of_second), first)

    # what comes last is narrowed first: mostly few rules are needed, and all that is asked after them is easier
    demands = possibilities.apart.demands
    others = sorted(within - known, key=lambda place: (demands[place].kind == "rule", place))
    return known | needed(known, bool(known), others)


def _verified(possibilities: Possibilities, core: frozenset[int]) -> Conflict:
    """Solve again: the demands together, and without each of them in turn."""
    apart = possibilities.apart
    if core not in possibilities.proofs and not possibilities.inquiry.over:
        possibilities.ask(core)
    needed = [place for place in sorted(core) if possibilities.possible(core - {place}) is True]
    proof = possibilities.proofs.get(core) or next(
        grade for proven, grade in possibilities.proofs.items() if proven <= core
    )
    all_of_it, sure = (tuple(apart.demands[place] for place in places) for places in (sorted(core), needed))
    return Conflict(all_of_it, sure, proof)
