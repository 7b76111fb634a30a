"""What is done for one project, wherever it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from os import PathLike, fspath
from typing import Any

from consortia import solvers
from consortia.errors import ConsortiaError, InternalError
from consortia.many.sources import Written
from consortia.many.travelling import Asked, Travelling
from consortia.outcome import Outcome
from consortia.posing import REQUIRE_OR_FORBID, check_known
from consortia.prepared import PreparedPool
from consortia.solvers.contract import Request, refuse
from consortia.solving import answer as solve_posed
from consortia.solving import check_limits, exact_gap


@dataclass(frozen=True)
class Result:
    """The answer to one of many projects.

    Attributes
    ----------
    position : int
        Of the project, counted from 0.
    name : str
        Of the project: its key in a mapping, its path, or its title.
    outcome : Outcome or None
        What :func:`consortia.solve` returned.
    error : ConsortiaError or None
        What it raised; a :class:`~consortia.errors.SpecError` has all problems with their places.
    """

    position: int
    name: str
    outcome: Outcome | None = None
    error: ConsortiaError | None = None


@dataclass(frozen=True)
class Question:
    """A project with its position and name."""

    position: int
    name: str
    project: Any


Shape = Callable[[Result], Any]
"""Makes of a result what is wanted of it, where it was found; it has to travel, so it is a function of a module."""


def itself(result: Result) -> Result:
    """Want the result as it is."""
    return result


@dataclass(frozen=True)
class Settings:
    """How all projects are solved; the attributes are parameters of :func:`consortia.solve`."""

    solver: str = "auto"
    time_limit: float | None = None
    effort_limit: float | None = None
    gap: Fraction = Fraction(0)
    seed: int = 0
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def checked(
        cls,
        *,
        solver: str,
        time_limit: float | None,
        effort_limit: float | None,
        gap: float | Decimal | Fraction,
        seed: int,
        require: Iterable[str],
        forbid: Iterable[str],
        options: Mapping[str, Any] | None,
    ) -> Settings:
        """Refuse at once what would be refused for every project."""
        if not isinstance(solver, str):
            raise TypeError(f"solver must be the name of one, not {solver!r}")
        for names in (require, forbid):
            if isinstance(names, str) or not isinstance(names, Iterable):
                raise TypeError("require and forbid take a list of partners' ids")
        check_limits(time_limit, effort_limit, gap, seed)
        made = cls(
            solver, time_limit, effort_limit, exact_gap(gap), seed, tuple(require), tuple(forbid), dict(options or {})
        )
        request = Request(time_limit, effort_limit, made.gap, seed=seed, options=made.options)
        refuse(solvers.find(solver), request)
        return made

    def check_partners(self, pool: PreparedPool) -> None:
        """Refuse partners that the pool does not have."""
        check_known(REQUIRE_OR_FORBID, (*self.require, *self.forbid), pool.partners)


def named(projects: Iterable[Any] | Mapping[str, Any]) -> Iterator[Question]:
    """Number and name projects."""
    if isinstance(projects, str | PathLike) or not isinstance(projects, Iterable):
        raise TypeError(f"projects are a list of them or a mapping of names to them, not {type(projects).__name__}")
    if isinstance(projects, Mapping):
        return (Question(at, str(name), project) for at, (name, project) in enumerate(projects.items()))
    return (Question(at, _name(project, at), project) for at, project in enumerate(projects))


def _name(project: Any, position: int) -> str:
    if isinstance(project, str | PathLike):
        return str(fspath(project))
    title = project.get("title") if isinstance(project, Mapping) else getattr(project, "title", None)
    return title if isinstance(title, str) and title else f"project {position + 1}"


def answer(question: Question, pool: PreparedPool, settings: Settings) -> Result:
    """Solve one project; whatever is wrong with it is part of the result."""
    written = question.project
    try:
        project = written.read() if isinstance(written, Written) else written
        asked = Asked.read(project, pool, settings.require, settings.forbid)
        outcome = solve_posed(
            asked.posed(),
            solver=settings.solver,
            time_limit=settings.time_limit,
            effort_limit=settings.effort_limit,
            gap=settings.gap,
            seed=settings.seed,
            options=settings.options,
        )
    except ConsortiaError as error:
        return Result(question.position, question.name, error=error)
    except MemoryError:
        return Result(question.position, question.name, error=ConsortiaError("there is not enough memory for it"))
    except Exception as error:  # one that nobody foresaw does not cost the others their answers either
        failure = InternalError(f"{type(error).__name__}: {error}")
        return Result(question.position, question.name, error=failure)
    return Result(question.position, question.name, Travelling.of(outcome, asked))
