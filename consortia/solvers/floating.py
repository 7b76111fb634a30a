"""From floating point to exact integers: what a back end that computes in doubles may be trusted with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from consortia.errors import SolverRefused
from consortia.program import INFINITE, Compiled, Integers
from consortia.sentence import Sentence, joined, say
from consortia.solvers.contract import Abilities, Request

Doubles = npt.NDArray[np.float64]

Ending = Literal["optimal", "infeasible", "time", "effort", "interrupted", "unclear"]

GREATEST_COEFFICIENT = 10**12
GREATEST_OBJECTIVE = 2**53


@dataclass(frozen=True)
class Found:
    """What a floating-point solver says.

    Attributes
    ----------
    ended : str
        Why it ended; ``unclear`` where nothing can be concluded from that.
    values : array of float or None
        Its best solution, as it came.
    bound : float or None
        Its lower bound on ``objective @ x``, as it came.
    """

    ended: Ending
    values: Doubles | None = None
    bound: float | None = None


@dataclass(frozen=True)
class Question:
    """What a floating-point solver is asked: a program without literals, and the request.

    Attributes
    ----------
    compiled : Compiled
        The rows, the cut-off among them; the objective is ``compiled.objective @ x``.
    request : Request
        Limits and wishes.
    deadline : float or None
        The end of the time limit, on the clock of `time.monotonic`.
    report : callable
        Takes the objective of the best solution so far and the bound, each None where there is none.
    """

    compiled: Compiled
    request: Request
    deadline: float | None = None
    report: Callable[[float | None, float | None], None] = lambda best, bound: None

    @property
    def seconds(self) -> float | None:
        """What is left of the time limit."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())


class Inner(Protocol):
    """One solver that PuLP reaches."""

    abilities: Abilities
    greatest_column: int
    """No column may reach this."""

    def versions(self) -> dict[str, str]:
        """Names and versions of packages and programs."""
        ...

    def run(self, question: Question) -> Found:
        """Solve once."""
        ...


def decline(name: str, compiled: Compiled, greatest_column: int) -> None:
    """Raise if doubles are not exact enough for the numbers of `compiled`.

    Raises
    ------
    SolverRefused
        With the reason.
    """
    sides = np.concatenate([compiled.row_lower, compiled.row_upper])
    sides = sides[np.abs(sides) < INFINITE]
    coefficient = max(_greatest(compiled.data), _greatest(compiled.objective), _greatest(sides))
    column = max(_greatest(compiled.lower), _greatest(compiled.upper))
    reach = np.maximum(np.abs(compiled.lower), np.abs(compiled.upper)).astype(float)
    objective = float(np.abs(compiled.objective.astype(float)) @ reach)
    objective += abs(compiled.constant) / compiled.divisor
    reasons = []
    if coefficient >= GREATEST_COEFFICIENT:
        text = "a coefficient is {found}, and it takes less than {limit}"
        reasons.append(Sentence(text, {"found": f"{coefficient:,}", "limit": f"{GREATEST_COEFFICIENT:,}"}))
    if objective >= GREATEST_OBJECTIVE:
        reasons.append(say("the cost can reach 2^53 units, where doubles are no longer exact"))
    if column >= greatest_column:
        text = "a column can be {found}, and it takes less than {limit}"
        reasons.append(Sentence(text, {"found": f"{column:,}", "limit": f"{greatest_column:,}"}))
    if reasons:
        raise SolverRefused(
            say(
                "the solver {solver} computes in floating point and is not exact enough for this question: "
                "{reasons}; use cpsat, or state money with fewer decimals",
                solver=name,
                reasons=joined(reasons, "; "),
            )
        )


def _greatest(numbers: Integers) -> int:
    return int(np.abs(numbers).max(initial=0))


def safe_bound(compiled: Compiled, found: Found) -> int | None:
    """The bound of `found` less its tolerance, rounded up to the next cost that is possible at all.

    A millionth is the feasibility tolerance that solvers work to; the relative part is for the rounding errors of
    sums in doubles.
    """
    if found.bound is None or not isfinite(found.bound):
        return None
    tolerance = 1e-6 + 1e-12 * abs(found.bound)
    return compiled.divisor * ceil(found.bound - tolerance) + compiled.constant


def cost_of(compiled: Compiled, objective: float) -> int:
    """The cost at a value of the objective as a solver gives it."""
    return compiled.divisor * round(objective) + compiled.constant


def next_cost(compiled: Compiled, cutoff: int) -> int:
    """The least cost above `cutoff` that is possible at all."""
    return compiled.divisor * ((cutoff - compiled.constant) // compiled.divisor + 1) + compiled.constant


def with_cutoff(compiled: Compiled, cutoff: int | None) -> Compiled:
    """Add the row ``cost <= cutoff``: solvers' own cut-off options do not hold, or end in a false status."""
    if cutoff is None:
        return compiled
    used = np.flatnonzero(compiled.objective)
    factors = compiled.objective[used]
    limit = (next_cost(compiled, cutoff) - compiled.constant) // compiled.divisor - 1
    if limit >= np.maximum(factors * compiled.lower[used], factors * compiled.upper[used]).sum():
        return compiled
    limit = max(limit, 1 - GREATEST_OBJECTIVE)
    return replace(
        compiled,
        indptr=np.append(compiled.indptr, compiled.indptr[-1] + len(used)),
        indices=np.concatenate([compiled.indices, used]),
        data=np.concatenate([compiled.data, factors]),
        row_lower=np.append(compiled.row_lower, -INFINITE),
        row_upper=np.append(compiled.row_upper, limit),
        literal_indptr=np.append(compiled.literal_indptr, compiled.literal_indptr[-1]),
    )


def contradicts_itself(compiled: Compiled) -> bool:
    """Whether a column has no value or a row no sum within the column bounds: no solver is needed to see that."""
    least, most = compiled.activities()
    hopeless = (least > compiled.row_upper) | (most < compiled.row_lower)
    return bool(np.any(hopeless) or np.any(compiled.lower > compiled.upper))


def with_decisions_fixed(compiled: Compiled, values: Integers) -> Compiled:
    """The program with its 0-1 columns fixed at `values`."""
    binary = (compiled.lower == 0) & (compiled.upper == 1)
    decided = np.clip(values, compiled.lower, compiled.upper)
    return replace(
        compiled,
        lower=np.where(binary, decided, compiled.lower),
        upper=np.where(binary, decided, compiled.upper),
    )
