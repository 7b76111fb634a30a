"""What every back end is asked and what it answers.

A back end sees a compiled program, and neither partners nor rules. All costs here are exact integers in the
program's own unit of money.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from threading import Event
from typing import Any, Literal, Protocol

from consortia.errors import SolverRefused
from consortia.program import Integers, Program
from consortia.sentence import Sentence, joined, say

Proof = Literal["exact", "tolerance"]


@dataclass(frozen=True)
class Abilities:
    """What a back end can do; what it cannot is refused aloud.

    Attributes
    ----------
    proof : {"exact", "tolerance"} or None
        The grade of its proofs; None where it proves nothing.
    bound : bool
        It gives a lower bound on the cost also when it stops early.
    hint, cutoff, gap, time_limit, effort_limit, progress, interruption : bool
        It takes a starting point; an upper limit on the cost; a relative gap at which it may stop; a limit in
        seconds; a deterministic limit; it reports progress; it can be stopped and then keeps what it found.
    options : tuple of str
        Names of further options it takes.
    """

    proof: Proof | None = None
    bound: bool = False
    hint: bool = False
    cutoff: bool = False
    gap: bool = False
    time_limit: bool = False
    effort_limit: bool = False
    progress: bool = False
    interruption: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """Limits and wishes for one solve.

    Attributes
    ----------
    time_limit : float or None
        Seconds.
    effort_limit : float or None
        Deterministic units of the back end's own.
    gap : Fraction
        Stop once ``cost - bound <= gap * |cost|``.
    cutoff : int or None
        Only solutions that cost at most this are of interest.
    seed : int
        Same program, request and seed, same answer, unless a time limit ends the search.
    hint : mapping of int to int, or None
        Values of columns to start from; complete or partial, feasible or not.
    on_progress : callable or None
        Called with (seconds, best cost or None, bound or None) from any thread.
    stop : threading.Event
        Set to ask the back end to stop soon with what it has.
    options : mapping
        The back end's own options, by name; those of its `Abilities`.
    """

    time_limit: float | None = None
    effort_limit: float | None = None
    gap: Fraction = Fraction(0)
    cutoff: int | None = None
    seed: int = 0
    hint: Mapping[int, int] | None = None
    on_progress: Callable[[float, int | None, int | None], None] | None = None
    stop: Event = field(default_factory=Event)
    options: Mapping[str, Any] = field(default_factory=dict)

    def deadline(self) -> float | None:
        """The moment, on the clock of `time.monotonic`, at which the time limit ends if it starts now."""
        return None if self.time_limit is None else time.monotonic() + self.time_limit


class Verdict(StrEnum):
    """What a back end says of a program."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    CUTOFF = "cutoff"  # proven: nothing costs as little as the cut-off
    UNKNOWN = "unknown"


class Reasons(Protocol):
    """What a back end knows of the columns that it did without from the start."""

    def left_out(self, column: int) -> tuple[str, Sequence[int]] | None:
        """Tell why a column was left at zero (``dominated``, ``dear``, ...), and what stands in for it.

        Some best solution does without all of these columns together.
        """
        ...


@dataclass(frozen=True)
class Answer:
    """What a back end found.

    Attributes
    ----------
    verdict : Verdict
        ``optimal`` only if the back end proved it (within the gap asked for).
    values : array of int, one a column, or None
        The best solution found.
    bound : int or None
        No solution costs less; rounded towards safety by the back end.
    proof : {"exact", "tolerance"} or None
        The grade of the bound or of the infeasibility.
    stopped : str or None
        Why it ended before a proof: ``time``, ``effort``, ``interrupted``.
    notes : tuple of str
        What a reader of the outcome should know (how an answer was repaired, say).
    left_out : Reasons or None
        What it did without, where it made the program smaller.
    """

    verdict: Verdict
    values: Integers | None = None
    bound: int | None = None
    proof: Proof | None = None
    stopped: Literal["time", "effort", "interrupted"] | None = None
    notes: tuple[str, ...] = ()
    left_out: Reasons | None = None


class Solver(Protocol):
    """A back end: one class in one module, one line in the registry."""

    name: str
    abilities: Abilities

    def versions(self) -> dict[str, str]:
        """Names and versions of the packages and programs it uses."""
        ...

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective."""
        ...


def refuse(solver: Solver, request: Request) -> None:
    """Raise if `request` asks for something that `solver` does not declare.

    Raises
    ------
    SolverRefused
        Naming everything that it cannot do.
    """
    abilities = solver.abilities
    asked = [
        (say("a hint"), request.hint is not None and not abilities.hint),
        (say("a cut-off"), request.cutoff is not None and not abilities.cutoff),
        (say("a gap"), request.gap != 0 and not abilities.gap),
        (say("a time limit"), request.time_limit is not None and not abilities.time_limit),
        (say("an effort limit"), request.effort_limit is not None and not abilities.effort_limit),
        *((say("the option {name}", name=repr(name)), name not in abilities.options) for name in request.options),
    ]
    refused = [what for what, lacking in asked if lacking]
    if not refused:
        return
    text = "the solver {solver} does not take {what}"
    values = {"solver": solver.name, "what": joined(refused), "known": ", ".join(abilities.options)}
    if abilities.options and request.options:
        text = "the solver {solver} does not take {what} (options it takes: {known})"
    raise SolverRefused(Sentence(text, values))
