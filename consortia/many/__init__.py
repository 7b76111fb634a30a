"""Many questions over one pool: the pool is laid out once, and the questions are shared out among processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.many.crew import crew_of
from consortia.many.sharing import share_out
from consortia.many.work import Result, Settings, itself, named
from consortia.posing import prepare

__all__ = ["Result", "solve_many"]


def solve_many(
    projects: Iterable[Any] | Mapping[str, Any],
    pool: Any,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    gap: float | Decimal | Fraction = 0,
    seed: int = 0,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    options: Mapping[str, Any] | None = None,
) -> Iterator[Result]:
    """Solve many projects over one pool.

    The pool is read, validated and laid out once. Each project gets the answer that :func:`consortia.solve` would
    give, in whatever order answers arrive; a project that is wrong gets an error and does not keep others from theirs.

    Parameters
    ----------
    projects : iterable, or mapping of str to project
        Each as for :func:`consortia.solve`: a path, dict or Project. The keys of a mapping are their names. They are
        taken as they are needed, so there may be more than fit into memory.
    pool : path, dict, Pool or PreparedPool
        Who may do it, whatever pool the projects name.
    executor : concurrent.futures.Executor, optional
        Where the work is done; it is left open. By default in processes that end with the last answer.
    workers : int, optional
        How many processes, by default as many as there are cores; with 1 the work is done in this one. With an
        executor, how many tasks are given to it at a time.
    solver, time_limit, effort_limit, gap, seed, require, forbid, options
        As for :func:`consortia.solve`, for each project.

    Yields
    ------
    Result
        One a project, as they come, each with the name and the position of its project.

    Raises
    ------
    SpecError
        If the pool is wrong, or does not have a partner that is required or forbidden.
    SolverUnavailable, SolverRefused
        If the solver is not there, or cannot do what is asked of it.
    ConsortiaError
        If a process died, for want of memory say.

    Examples
    --------
    >>> pool = {"partners": [{"id": "a", "joining_cost": 3, "offers": [{"competence": "x"}, {"competence": "y"}]}]}
    >>> ask = {"title": "first", "cooperation": "any", "capabilities": [{"id": "x"}]}
    >>> for result in solve_many([ask, {"title": "second"}], pool, workers=1):
    ...     print(result.position, result.name, result.outcome.cost if result.outcome else result.error)
    0 first 3
    1 second project, capabilities: capabilities is missing. Add capabilities.
    """
    settings = Settings.checked(
        solver=solver,
        time_limit=time_limit,
        effort_limit=effort_limit,
        gap=gap,
        seed=seed,
        require=require,
        forbid=forbid,
        options=options,
    )
    prepared = prepare(pool)
    settings.check_partners(prepared)
    return share_out(named(projects), prepared, settings, itself, lambda: crew_of(executor, workers))
