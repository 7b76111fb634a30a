"""What is the least that repairs a question without a consortium, and the best compromise until then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from consortia.explaining.amounts import Amounts
from consortia.explaining.asking import NotAllWaived
from consortia.explaining.changing import Change, change, violations
from consortia.explaining.demands import TakenApart
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.possible import Stopped, quickest, why_stopped
from consortia.explaining.question import asked
from consortia.explaining.weights import in_units, weighed
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.progress import Step
from consortia.sentence import Sentence


@dataclass(frozen=True)
class Way:
    """One way to repair a question.

    Attributes
    ----------
    changes : tuple of Change
        All of them are needed; their amounts were made least one after another, in this order.
    weight : Fraction
        What they weigh together; their number, where no weights were given.
    proven : bool
        Whether it is proven that no way but those before this one weighs less.
    exact : bool
        Whether each amount is proven to be least.
    outcome : Outcome
        The cheapest consortium of the repaired question.
    violations : tuple of Sentence
        How that consortium breaks what was asked for at first.
    """

    changes: tuple[Change, ...]
    weight: Fraction
    proven: bool
    exact: bool
    outcome: Outcome
    violations: tuple[Sentence, ...]


@dataclass(frozen=True)
class Repair:
    """The best ways to repair a question, the one that weighs least first.

    Attributes
    ----------
    instance : Instance
        The question.
    status : {"feasible", "repaired", "infeasible", "unknown"}
        ``feasible``: there is nothing to repair. ``infeasible``: proven that nothing repairs it that may be touched.
    ways : tuple of Way
        The consortium of the first is the best compromise: none breaks less of what was asked for.
    outcome : Outcome or None
        A consortium, where there is nothing to repair.
    complete : bool
        Whether it is proven that there are no other ways, but those that contain one of these.
    stopped : {"time", "effort", "interrupted"} or None
        Why no more was found out.
    asked : int
        How many questions were solved for it.
    seconds : float
    """

    instance: Instance
    status: Literal["feasible", "repaired", "infeasible", "unknown"]
    ways: tuple[Way, ...] = ()
    outcome: Outcome | None = None
    complete: bool = False
    stopped: Stopped | None = None
    asked: int = 0
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the repair as plain data for JSON; the keys are described in ``docs/explain-why-not.md``."""
        from consortia.report.repairs import repair_data

        return repair_data(self)


def repair(
    project: Any,
    pool: Any = None,
    *,
    weights: Mapping[str, int | float | Decimal | Fraction | str | None] | None = None,
    ways: int = 3,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    on_step: Callable[[Step], Any] | None = None,
) -> Repair:
    """Find the least that repairs a question without a consortium.

    A way to repair it drops, loosens or lowers some of what is asked for: rules, levels, numbers of suppliers and
    backups, the budget, capabilities. The ways that are returned weigh least, which is proven, and none contains
    another. Each is verified by posing the question so changed and solving it.

    Parameters
    ----------
    project, pool, solver, seed, require, forbid
        As for :func:`consortia.solve`.
    weights : mapping of str to number or None, optional
        What it weighs to touch a rule (by its label, or what it says), a capability (by its id), ``ID: level``,
        ``ID: suppliers``, ``ID: backups``, a choice, ``accepted_only`` or the ``budget``; 1 where nothing is said, and
        None for what may not be touched. Of ways that weigh the same, one that touches the budget comes before one
        that touches rules, and that before one that leaves a capability out.
    ways : int
        How many to find at most.
    time_limit : float, optional
        Seconds for all of it; then what is known so far is returned.
    effort_limit : float, optional
        Of each question that is solved on the way.
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each of them; if it returns True no more are asked.

    Returns
    -------
    Repair

    Raises
    ------
    SpecError
        If the input is wrong, a name in the weights unknown, or a weight not above zero; it names every problem.
    ValueError, TypeError
        If `ways` is not a number above zero.

    Examples
    --------
    >>> project = {
    ...     "title": "Labels", "cooperation": "any", "budget": 1500,
    ...     "capabilities": [{"id": "printing", "effort": 2}],
    ... }
    >>> pool = {"partners": [{"id": "ink", "offers": [{"competence": "printing", "rate": 900}]}]}
    >>> found = repair(project, pool)
    >>> [[str(entry.sentence) for entry in way.changes] for way in found.ways]
    [['Raise the budget from 1500 EUR to 1800 EUR'], ['Leave out printing']]
    """
    if not isinstance(ways, int) or isinstance(ways, bool):
        raise TypeError(f"ways must be a whole number, not {ways!r}")
    if ways < 1:
        raise ValueError(f"ways must be above zero, not {ways}")
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    question = asked(project, pool, require=require, forbid=forbid)
    return _Search(TakenApart(question), inquiry, weights, ways).run()


class _Search:
    """Looks for ways, one after another, each not a way that is known with more."""

    def __init__(self, apart: TakenApart, inquiry: Inquiry, weights: Mapping[str, Any] | None, ways: int) -> None:
        self.apart, self.inquiry, self.wanted = apart, inquiry, ways
        self.weights = weighed(apart.demands, weights)
        self.units, self.unit = in_units(apart.demands, self.weights)
        self.ways: list[Way] = []
        self.known: list[frozenset[int]] = []

    def run(self) -> Repair:
        """Find the ways."""
        first = self._ask()
        if first.status is Status.INFEASIBLE:
            return self._answer("infeasible", complete=True)
        if first.consortium is None:
            return self._answer("unknown")
        if not self._broken(first):
            return self._answer("feasible", outcome=self._feasible(), complete=True)
        outcome, complete = first, False
        while outcome.consortium is not None:
            self._add(outcome)
            if len(self.ways) == self.wanted or self.inquiry.over:
                break
            outcome = self._ask()
            complete = outcome.status is Status.INFEASIBLE
        return self._answer("repaired" if self.ways else "unknown", complete=complete)

    def _ask(self) -> Outcome:
        """Look for a consortium that breaks least, and not all that a known way touches."""
        background = len(self.apart.background)
        instance = self.apart.under(range(len(self.apart.demands)))
        others = tuple(NotAllWaived(places=tuple(background + place for place in sorted(way))) for way in self.known)
        waivable = {background + place: units for place, units in enumerate(self.units) if units is not None}
        asked = instance.replace(
            rules=(*instance.rules, *others), waivable=waivable, objectives=(("waived", Fraction(0)),)
        )
        with self.inquiry.part(1 / 2):  # the rest is for amounts
            return self.inquiry.ask(asked, solver=quickest(self.inquiry))

    def _broken(self, outcome: Outcome) -> frozenset[int]:
        assert outcome.consortium is not None
        return frozenset(
            place
            for place, demand in enumerate(self.apart.demands)
            if demand.rule.violations(outcome.instance, outcome.consortium)
        )

    def _add(self, found: Outcome) -> None:
        broken = self._broken(found)
        self.known.append(broken)
        amounts = Amounts(self.apart, self.inquiry, broken)
        outcome = amounts.run()
        if outcome is None:
            return
        self.ways.append(
            Way(
                changes=tuple(self._changes(amounts, outcome)),
                weight=sum((self.weights[place] or Fraction(0) for place in broken), Fraction(0)),
                proven=found.status is Status.OPTIMAL,
                exact=amounts.exact,
                outcome=outcome,
                violations=tuple(violations(self.apart, broken, outcome)),
            )
        )

    def _changes(self, amounts: Amounts, outcome: Outcome) -> Iterator[Change]:
        for place, state in amounts.state.items():
            yield change(self.apart.demands[place], state, outcome.instance)

    def _feasible(self) -> Outcome:
        """Solve the question as it is."""
        return self.inquiry.ask(self.apart.original)

    def _answer(self, status: Literal["feasible", "repaired", "infeasible", "unknown"], **more: Any) -> Repair:
        enough = more.get("complete") or len(self.ways) == self.wanted
        finished = bool(enough) and all(way.proven and way.exact for way in self.ways)
        return Repair(
            self.apart.original,
            status,
            ways=tuple(self.ways),
            stopped=why_stopped(self.inquiry, finished),
            asked=self.inquiry.asked,
            seconds=self.inquiry.seconds,
            **more,
        )
