"""The one verb: from a question to an outcome that has been checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from numbers import Integral, Real
from signal import SIG_IGN, SIGINT, getsignal
from threading import Event, Thread, current_thread, main_thread
from typing import Any

from consortia import solvers, staging
from consortia.consortium import Consortium
from consortia.instance import Instance
from consortia.leaving_out import LeftOut
from consortia.model import Model, build
from consortia.outcome import Outcome, Status
from consortia.posing import check_known, pose
from consortia.program import OutOfTime
from consortia.progress import Progress
from consortia.solvers.contract import Answer, Request, Solver, refuse

POLL = 0.05  # seconds between two looks of the main thread; what an interrupt waits at most


def solve(
    project: Any,
    pool: Any = None,
    *,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    gap: float | Decimal | Fraction = 0,
    cutoff: int | float | Decimal | None = None,
    seed: int = 0,
    hint: Consortium | Outcome | Iterable[str] | None = None,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    previous: Consortium | Outcome | None = None,
    keep: int | float | Decimal = 0,
    on_progress: Callable[[Progress], Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Outcome:
    """Find a least-cost consortium that covers what a project needs, and prove it.

    Parameters
    ----------
    project : path, dict, Project or Instance
        What is to be done. An Instance carries its pool and its rules already.
    pool : path, dict or Pool, optional
        Who may do it; by default the pool that the project carries or names.
    solver : str
        ``auto``, ``prices``, ``search``, ``cpsat``, ``milp``, ``milp:NAME``, ``greedy`` or ``exhaustive``; see
        ``docs/solvers.md``.
    time_limit : float, optional
        Seconds for building the program and solving it. With a time limit the answer may differ from run to run.
    effort_limit : float, optional
        A deterministic limit, in units of the solver's own, for each objective.
    gap : float
        Stop once the cost is proven to be at most this share, less than 1, above the least possible.
    cutoff : number, optional
        Look only for consortia that cost less than this.
    seed : int
        Same question, seed and effort limit, same answer.
    hint : Consortium, Outcome or iterable of str, optional
        Where to start from: a consortium, or some partners' ids.
    require, forbid : iterable of str
        Partners that must, or must not, be members.
    previous : Consortium or Outcome, optional
        A consortium to change as little as need be: somebody dropped out, or a price changed. The least of the
        cost plus `keep` times the number of changes is sought, and among the cheapest the least changed. It is
        also the hint, unless there is one or the solver takes none.
    keep : number
        What a change is worth avoiding, in money: a member that leaves, or one that joins.
    on_progress : callable, optional
        Called with a :class:`Progress` now and then, from another thread; if it returns True the search stops
        with what it has.
    options : mapping, optional
        Options of the solver's own.

    Returns
    -------
    Outcome
        Infeasible is an outcome, not an exception. A KeyboardInterrupt during the search ends it with the best
        consortium so far; a second one is raised.

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.
    SolverUnavailable, SolverRefused
        If the solver is not there, or cannot do what is asked.
    InternalError
        If a solver's answer contradicts itself or the checker.

    Examples
    --------
    >>> outcome = solve(
    ...     {"title": "Labels", "cooperation": "any", "capabilities": [{"id": "printing", "effort": 2}]},
    ...     {"partners": [
    ...         {"id": "ink", "offers": [{"competence": "printing", "rate": 900}]},
    ...         {"id": "press", "joining_cost": 50, "offers": [{"competence": "printing", "rate": 850}]},
    ...     ]},
    ... )
    >>> outcome.status.value, outcome.cost, list(outcome.consortium.members)
    ('optimal', Decimal('1750'), ['press'])
    """
    instance = pose(project, pool, require=require, forbid=forbid)
    if previous is not None:
        instance = _replanned(instance, previous, keep)
    if not isinstance(solver, str):
        raise TypeError(f"solver must be the name of one, not {solver!r}")
    if hint is None and solvers.find(solver).abilities.hint:
        hint = previous
    check_limits(time_limit, effort_limit, gap, seed)
    return answer(
        instance,
        solver=solver,
        time_limit=time_limit,
        effort_limit=effort_limit,
        gap=gap,
        cutoff=cutoff,
        seed=seed,
        hint=hint,
        on_progress=on_progress,
        options=options,
    )


def answer(
    instance: Instance,
    *,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    gap: float | Decimal | Fraction = 0,
    cutoff: int | float | Decimal | None = None,
    seed: int = 0,
    hint: Consortium | Outcome | Iterable[str] | None = None,
    on_progress: Callable[[Progress], Any] | None = None,
    options: Mapping[str, Any] | None = None,
    stop: Event | None = None,
) -> Outcome:
    """Solve a question that is posed already, perhaps in a thread of the caller's: setting `stop` ends the search.

    The other parameters are those of :func:`solve`, which the caller has checked; the gap may be as wide as it likes.
    """
    began = time.monotonic()
    back_end = solvers.find(solver)
    try:
        model = build(instance, None if time_limit is None else began + time_limit)
    except OutOfTime:
        return _outcome(back_end, instance, staging.out_of_time(instance), time.monotonic() - began, time_limit)
    left = None if time_limit is None else max(0.0, time_limit - (time.monotonic() - began))
    request = _request(model, left, effort_limit, gap, cutoff, seed, hint, on_progress, options, stop or Event())
    refuse(back_end, request)
    course = staging.run(back_end, model, request, lambda asked: _run(back_end, model, asked))
    reasons = None if course.answer.left_out is None else LeftOut(model, course.answer.left_out)
    return _outcome(back_end, instance, course, time.monotonic() - began, time_limit, reasons)


def _replanned(instance: Instance, previous: Consortium | Outcome, keep: int | float | Decimal) -> Instance:
    """Return the question of the least-cost repair of a previous consortium."""
    before = previous.consortium if isinstance(previous, Outcome) else previous
    if before is None:
        raise ValueError("the previous outcome has no consortium to keep to")
    weight = Decimal(str(keep))
    if not (weight.is_finite() and weight >= 0):
        raise ValueError(f"keep must be a number that is not negative, not {keep}")
    priced = "cost and change" if weight else "cost"
    stated = tuple((priced if name == "cost" else name, slack) for name, slack in instance.objectives)
    return instance.replace(previous=before, keep=weight, objectives=(*stated, ("change", Fraction(0))))


def _request(
    model: Model,
    time_limit: float | None,
    effort_limit: float | None,
    gap: float | Decimal | Fraction,
    cutoff: int | float | Decimal | None,
    seed: int,
    hint: Consortium | Outcome | Iterable[str] | None,
    on_progress: Callable[[Progress], Any] | None,
    options: Mapping[str, Any] | None,
    stop: Event,
) -> Request:
    if on_progress is not None and not callable(on_progress):
        raise TypeError(f"on_progress must be callable, not {on_progress!r}")
    instance = model.instance

    def report(seconds: float, best: int | None, bound: int | None) -> None:
        assert on_progress is not None
        shown = (None if units is None else instance.money(units) for units in (best, bound))
        if on_progress(Progress(seconds, *shown)) is True:
            stop.set()

    below = None
    if cutoff is not None:
        try:
            limit = Decimal(str(cutoff))
        except InvalidOperation:
            raise ValueError(f"cutoff must be a finite number, not {cutoff!r}") from None
        if not limit.is_finite():
            raise ValueError(f"cutoff must be a finite number, not {cutoff}")
        units, exact = instance.units(limit)
        below = units - 1 if exact else units
    return Request(
        time_limit=time_limit,
        effort_limit=effort_limit,
        gap=exact_gap(gap),
        cutoff=below,
        seed=int(seed),
        hint=_hint(model, hint),
        on_progress=None if on_progress is None else report,
        stop=stop,
        options=dict(options or {}),
    )


def takes_hints(solver: str) -> bool:
    """Tell whether a solver can be told where to start from."""
    return solvers.find(solver).abilities.hint


def check_limits(
    time_limit: float | None, effort_limit: float | None, gap: float | Decimal | Fraction, seed: int
) -> None:
    """Refuse limits that make no sense."""
    for name, limit in (("time_limit", time_limit), ("effort_limit", effort_limit), ("gap", gap)):
        if limit is None and name != "gap":
            continue
        if not isinstance(limit, Real | Decimal) or isinstance(limit, bool):
            raise TypeError(f"{name} must be a number, not {limit!r}")
        if not 0 <= limit < float("inf"):
            raise ValueError(f"{name} must be a finite number that is not negative, not {limit}")
    if gap >= 1:
        raise ValueError(f"gap must be a share of less than 1, not {gap}")
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed must be a whole number that is not negative, not {seed!r}")


def exact_gap(gap: float | Decimal | Fraction) -> Fraction:
    """Take a float for the digits it prints as."""
    return Fraction(str(gap)) if isinstance(gap, float) else Fraction(gap)


def _hint(model: Model, hint: Consortium | Outcome | Iterable[str] | None) -> dict[int, int] | None:
    if hint is None:
        return None
    if isinstance(hint, Outcome):
        hint = hint.consortium or Consortium()
    if isinstance(hint, Consortium):
        return model.encode(hint)
    if isinstance(hint, str | Mapping) or not isinstance(hint, Iterable):
        raise TypeError("a hint is a consortium, an outcome, or a list of partners' ids")
    names = dict.fromkeys(hint)
    check_known("hint", names, (*model.instance.partners, *(entry.partner for entry in model.instance.exclusions)))
    return model.encode(Consortium(names), complete=False)


def _run(solver: Solver, model: Model, request: Request) -> Answer:
    """Run a back end; where an interrupt may arrive, in a thread of its own, so that the interrupt stops the search."""
    if current_thread() is not main_thread() or getsignal(SIGINT) is SIG_IGN:
        return solver.solve(model.program, request)
    answers: list[Answer] = []
    failures: list[BaseException] = []
    ready, done = Event(), Event()
    interrupted = False

    def work() -> None:
        ready.wait()
        try:
            answers.append(solver.solve(model.program, request))
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    Thread(target=work, name=f"consortia {solver.name}", daemon=True).start()
    while True:
        try:
            ready.set()  # the search begins only here, where an interrupt is understood
            while not done.wait(POLL):
                pass
            break
        except KeyboardInterrupt:
            request.stop.set()
            if interrupted:
                raise
            interrupted = True
    if failures:
        raise failures[0]
    return answers[0]


def _outcome(
    solver: Solver,
    instance: Instance,
    course: staging.Course,
    seconds: float,
    limit: float | None,
    reasons: LeftOut | None = None,
) -> Outcome:
    judgement = course.judgement
    # of the cost by itself something is proven only where it comes first; later stages are proven under earlier ones
    first = course.stages[0]
    bound = first.bound if first.expression == "cost" else None
    proof = first.proof
    proven = all(stage.status is Status.OPTIMAL for stage in course.stages)
    status = judgement.status if proven or judgement.consortium is None else Status.FEASIBLE
    return Outcome(
        instance=instance,
        status=status,
        solver=solver.name,
        seconds=seconds,
        consortium=judgement.consortium,
        cost=None if judgement.verification is None else instance.money(judgement.verification.cost),
        bound=None if bound is None else instance.money(int(bound * instance.scale)),
        proof=proof if first.bound is not None or status is Status.INFEASIBLE else None,
        stopped=course.stopped,
        lines=() if judgement.verification is None else judgement.verification.lines,
        stages=course.stages,
        notes=course.answer.notes,
        versions={"consortia": _version(), **solver.versions()},
        left_out=() if reasons is None or judgement.consortium is None else reasons,
        time_limit=limit,
    )


@cache
def _version() -> str:
    try:
        return version("consortia")
    except PackageNotFoundError:
        return "source"
