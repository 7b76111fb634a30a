"""Trade-offs: all that is best in one respect unless something is given up in another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import le, mul
from typing import Any, get_args

from consortia.errors import Problem, SpecError
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import asked
from consortia.explaining.sweeping import Grade, Quadrant, Stopped, Sweep, sign
from consortia.expressions import ExpressionName
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.progress import Step
from consortia.sentence import say


@dataclass(frozen=True)
class Point:
    """A consortium, and where it stands.

    Attributes
    ----------
    values : tuple of Fraction
        Of the objectives, in their order.
    outcome : Outcome
        The consortium, as the answer to the question with limits on some of the objectives that gave it.
    """

    values: tuple[Fraction, ...]
    outcome: Outcome

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the members."""
        return () if self.outcome.consortium is None else tuple(self.outcome.consortium.members)

    @property
    def proof(self) -> Grade | None:
        """Grade of the proof that none is as good in all objectives and better in one; None where that is open."""
        if self.outcome.status is not Status.OPTIMAL:
            return None
        return "exact" if all(stage.proof == "exact" for stage in self.outcome.stages) else "tolerance"


@dataclass(frozen=True)
class OpenPart:
    """Where more points may lie.

    Attributes
    ----------
    limits : mapping of str to Fraction
        How much of an objective there is at most, or at least where it is maximised; of others, any amount.
    objective : str
        The objective without a limit.
    bound : Fraction or None
        It is no better than this; None where nothing is proven of it.
    found : Point or None
        A consortium in the part that no other known one surpasses; nothing is proven of it.
    """

    limits: Mapping[str, Fraction]
    objective: str
    bound: Fraction | None
    found: Point | None = None


@dataclass(frozen=True)
class Front:
    """The points that were found, and where more may lie.

    Attributes
    ----------
    instance : Instance
        The question.
    objectives : tuple of str
    points : tuple of Point
        From the best value of the first objective to its worst; each is proven.
    open : tuple of OpenPart
        Empty where the front is complete.
    status : Status
        ``optimal``: proven to be complete; ``feasible``: there may be more; ``infeasible``: proven that there is no
        consortium; ``unknown``: none was found.
    proof : {"exact", "tolerance"} or None
        Grade of the weakest proof that the status rests on.
    stopped : {"time", "effort", "interrupted"} or None
        Why it ended before it was complete.
    asked : int
        How many questions were solved.
    seconds : float
    """

    instance: Instance
    objectives: tuple[str, ...]
    points: tuple[Point, ...]
    open: tuple[OpenPart, ...]
    status: Status
    proof: Grade | None
    stopped: Stopped | None
    asked: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether it is proven that there are no more points."""
        return self.status is Status.OPTIMAL

    def to_dict(self) -> dict[str, Any]:
        """Return the front as plain data for JSON; the keys are described in ``docs/explain-trade-offs.md``."""
        from consortia.report.fronts import front_data

        return front_data(self)


def front(
    project: Any,
    pool: Any = None,
    objectives: Sequence[str] = ("cost", "members"),
    *,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    on_step: Callable[[Step], Any] | None = None,
) -> Front:
    """Find every trade-off between two or three objectives: the exact Pareto front, a proven consortium a point.

    Objectives that a project states itself are left aside.

    Parameters
    ----------
    project, pool, require, forbid
        The question, as for :func:`consortia.solve`.
    objectives : sequence of str
        Two or three of what a project may name as an objective: ``cost``, ``members``, ``clusters``, ``reliability``,
        ``grant``, ...; what more is better of is maximised.
    solver, time_limit, effort_limit, seed
        As for :func:`consortia.solve`; the time limit is for all together, and each question gets a quarter of what
        is left of it; the effort limit is for each.
    on_step : callable, optional
        Called with a :class:`~consortia.progress.Step` after each solve; if it returns True the search ends.

    Returns
    -------
    Front
        Where a limit or an interrupt came first: what is proven, and where more may lie.

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.
    ValueError, TypeError
        If the objectives are not two or three different names of expressions.

    Notes
    -----
    Each question asks for the best value of one objective within limits on the others, then for theirs, one after the
    other: the epsilon-constraint method [1]_ with whole units as steps. What is open is kept as quadrants of the
    other objectives' values [2]_ and entered in the order of what the first one may still reach, so that a point
    shrinks every quadrant that it lies in; with two objectives there is one quadrant and one solve a point.

    References
    ----------
    .. [1] Haimes, Lasdon, Wismer 1971: On a bicriterion formulation of the problems of integrated system
       identification and system optimization. IEEE Transactions on Systems, Man, and Cybernetics 1(3), 296-297.
    .. [2] Boland, Charkhgard, Savelsbergh 2017: The quadrant shrinking method: a simple and efficient algorithm for
       solving tri-objective integer programs. European Journal of Operational Research 260(3), 873-885.

    Examples
    --------
    >>> printing = {"competence": "printing"}
    >>> found = front(
    ...     {"title": "Labels", "cooperation": "any", "capabilities": [{"id": "printing", "effort": 2}, {"id": "lab"}]},
    ...     {"partners": [
    ...         {"id": "both", "joining_cost": 9, "offers": [{**printing, "rate": 2}, {"competence": "lab"}]},
    ...         {"id": "ink", "offers": [{**printing, "rate": 1}]},
    ...         {"id": "lab", "joining_cost": 3, "offers": [{"competence": "lab"}]},
    ...     ]},
    ...     ("cost", "members"),
    ... )
    >>> [tuple(map(int, point.values)) for point in found.points], found.complete
    ([(5, 2), (13, 1)], True)
    """
    question = asked(project, pool, require=require, forbid=forbid)
    names = _checked(objectives, question.instance)
    inquiry = Inquiry(solver=solver, time_limit=time_limit, effort_limit=effort_limit, seed=seed, on_step=on_step)
    sweep = Sweep(question.instance, names, inquiry)
    sweep.run()
    return _front(sweep, inquiry)


def _checked(objectives: Sequence[str], instance: Instance) -> tuple[str, ...]:
    if isinstance(objectives, str):
        raise TypeError(f"objectives are two or three names, not the text {objectives!r}")
    names = tuple(objectives)
    if not 2 <= len(names) <= 3 or len(set(names)) < len(names):
        raise ValueError(f"objectives are two or three different names, not {', '.join(map(repr, names)) or 'none'}")
    known = get_args(ExpressionName)
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"there is no expression {unknown[0]!r}; there are {', '.join(known)}")
    problems = []
    if "value" in names and instance.value is None:
        message, remedy = say("no capability has a value"), say("Give the optional ones a value")
        problems.append(Problem("project", "", message, remedy))
    if "change" in names and instance.previous is None:
        problems.append(Problem("project", "", say("there is no previous consortium to change")))
    if problems:
        raise SpecError(problems)
    return names


def _front(sweep: Sweep, inquiry: Inquiry) -> Front:
    left = [*sweep.given_up, *sweep.waiting]
    if left:
        found = sweep.points or any(quadrant.found for quadrant in left)
        status = Status.FEASIBLE if found else Status.UNKNOWN
    else:
        status = Status.OPTIMAL if sweep.points else Status.INFEASIBLE
    stopped = "interrupted" if inquiry.interrupted else "time" if inquiry.left == 0 else sweep.stopped
    points = [_point(sweep, outcome) for outcome in sweep.points.values()]
    known = {*sweep.points, *(sweep.units(quadrant.found) for quadrant in left if quadrant.found)}
    signs = [sign(name) for name in sweep.names]
    return Front(
        instance=sweep.instance,
        objectives=sweep.names,
        points=tuple(sorted(points, key=lambda point: [*map(mul, signs, point.values)])),
        open=tuple(_part(sweep, quadrant, known) for quadrant in left),
        status=status,
        proof="tolerance" if "tolerance" in sweep.proofs else "exact" if sweep.proofs else None,
        stopped=stopped if left else None,
        asked=inquiry.asked,
        seconds=inquiry.seconds,
    )


def _point(sweep: Sweep, outcome: Outcome) -> Point:
    units = dict(zip((sweep.leading, *sweep.others), sweep.units(outcome), strict=True))
    return Point(tuple(sweep.amount(name, units[name]) for name in sweep.names), outcome)


def _part(sweep: Sweep, quadrant: Quadrant, known: set[tuple[int, ...]]) -> OpenPart:
    corner = zip(sweep.others, quadrant.corner, strict=True)
    found = quadrant.found
    if found is not None and _surpassed(sweep.units(found), known):
        found = None
    return OpenPart(
        limits={name: sweep.amount(name, limit - 1) for name, limit in corner if limit is not None},
        objective=sweep.leading,
        bound=None if quadrant.least is None else sweep.amount(sweep.leading, quadrant.least),
        found=None if found is None else _point(sweep, found),
    )


def _surpassed(units: tuple[int, ...], known: set[tuple[int, ...]]) -> bool:
    """Tell whether something known is as good in everything and better in something."""
    return any(other != units and all(map(le, other, units)) for other in known)
