"""Who is measured: a solver of this library with its options, or anything else that keeps the same promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from consortia.consortium import Consortium
from consortia.instance import Instance

Report = Callable[[Decimal | float | None, Decimal | float | None], None]
"""Takes the best cost and the best bound so far; None for what is not known or has not changed."""


@dataclass(frozen=True)
class Found:
    """What a contestant says of a question; nobody believes its costs.

    Attributes
    ----------
    status : {"optimal", "feasible", "infeasible", "unknown"}
    consortium : Consortium, callable that returns one, or None
        A callable is called when the clock has stopped: turning columns into a consortium is no solving.
    bound : Decimal or None
    proof : {"exact", "tolerance"} or None
    stopped : str or None
        Why it ended before a proof.
    notes : tuple of str
        What a reader should know.
    versions : mapping of str to str
    """

    status: str
    consortium: Consortium | Callable[[], Consortium] | None = None
    bound: Decimal | None = None
    proof: str | None = None
    stopped: str | None = None
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


class Contestant(Protocol):
    """Something that answers questions. It is sent to the process of a run, so it can be pickled."""

    @property
    def label(self) -> str:
        """Its name in tables."""
        ...

    def prepare(self) -> None:
        """Import everything that answering needs; this is not timed.

        Raises
        ------
        SolverUnavailable, ImportError
            If it is not there.
        """
        ...

    def answer(self, instance: Instance, limit: float, seed: int, report: Report) -> Found:
        """Answer a question within `limit` seconds; this is timed as a whole.

        Raises
        ------
        SolverRefused
            If it does not take the question.
        """
        ...


@dataclass(frozen=True)
class Ours:
    """A solver of this library.

    Parameters
    ----------
    solver : str
        As for :func:`consortia.solve`.
    options : mapping
        The solver's own.
    """

    solver: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name and options."""
        return ",".join([self.solver, *(f"{name}={value}" for name, value in self.options.items())])

    def prepare(self) -> None:
        """Answer small questions of three kinds, so that everything is imported."""
        from consortia import solvers
        from consortia.errors import ConsortiaError
        from consortia.generate import generate
        from consortia.posing import pose

        solvers.find(self.solver)
        for kind, parameters in _WARMING.items():
            try:
                self.answer(pose(generate(kind, 1, **parameters)), 5.0, 0, lambda cost, bound: None)
            except ConsortiaError:
                continue  # if it is the solver's fault, the run itself will say so

    def answer(self, instance: Instance, limit: float, seed: int, report: Report) -> Found:
        """Call :func:`consortia.solve`."""
        from consortia import solvers
        from consortia.progress import Progress
        from consortia.solving import solve

        abilities = solvers.find(self.solver).abilities

        def told(progress: Progress) -> None:
            report(progress.best, progress.bound)

        outcome = solve(
            instance,
            solver=self.solver,
            time_limit=limit if abilities.time_limit else None,
            seed=seed,
            on_progress=told if abilities.progress else None,
            options=self.options,
        )
        notes = tuple(str(note) for note in outcome.notes)
        return Found(
            outcome.status.value,
            outcome.consortium,
            outcome.bound,
            outcome.proof,
            outcome.stopped,
            notes,
            outcome.versions,
        )


_WARMING: dict[str, dict[str, Any]] = {
    "cover": {"partners": 8, "capabilities": 6, "density": 40},
    "sourcing": {"partners": 5, "capabilities": 5},
    "consortium": {"partners": 8, "capabilities": 5, "clusters": 3},
}
