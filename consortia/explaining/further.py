"""What is asked once a question is answered: what else there is, and at which price, within one limit on time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consortia.explaining.entries import PriceList, prices
from consortia.explaining.others import Alternatives, alternatives
from consortia.outcome import Outcome
from consortia.progress import Step

_WITHIN = Fraction(1)  # up to twice the least cost: those that are asked for are few, and the cheapest


@dataclass(frozen=True)
class Further:
    """What else a report shows beside the answer.

    Attributes
    ----------
    alternatives : Alternatives or None
        None where they were not asked for, or where the search was interrupted before.
    entry_prices : PriceList or None
    interrupted : bool
        Whether something that was asked for is not there for that reason.
    """

    alternatives: Alternatives | None = None
    entry_prices: PriceList | None = None
    interrupted: bool = False


def look_further(
    outcome: Outcome,
    *,
    others: int = 0,
    entry_prices: bool = False,
    solver: str = "auto",
    time_limit: float | None = None,
    effort_limit: float | None = None,
    seed: int = 0,
    on_step: Callable[[Step], Any] | None = None,
) -> Further:
    """Find the cheapest other consortia, and the prices of partners and rules, once a question is answered.

    Parameters
    ----------
    outcome : Outcome
        The answer; it is not solved for again, unless the project has other objectives than the cost.
    others : int
        How many other consortia to find, at most.
    entry_prices : bool
        Whether to find what would let outsiders in, and what members and rules are worth.
    solver, effort_limit, seed, on_step
        As for :func:`consortia.alternatives`.
    time_limit : float, optional
        Seconds for all of it together; other consortia take half of them at most where prices are asked for, too.

    Returns
    -------
    Further
        Empty where there is no consortium.

    Examples
    --------
    >>> from consortia import Instance, solve
    >>> question = Instance.from_arrays(
    ...     partners=["ink", "press"], capabilities=["print"], joining=[7, 9], holds=([0, 1], [0, 0])
    ... )
    >>> found = look_further(solve(question, solver="cpsat"), others=1, entry_prices=True)
    >>> [int(outcome.cost) for outcome in found.alternatives.found], int(found.entry_prices.of("press").most)
    ([7, 9], 2)
    """
    began = time.monotonic()

    def limits(part: float = 1) -> dict[str, Any]:
        left = None if time_limit is None else max(0.0, time_limit - (time.monotonic() - began)) * part
        settings = {"solver": solver, "effort_limit": effort_limit, "seed": seed, "on_step": on_step}
        return {**settings, "time_limit": left, "present": outcome}

    if outcome.consortium is None or not (others or entry_prices):
        return Further()
    if outcome.stopped == "interrupted":
        return Further(interrupted=True)
    found = None
    if others:
        half = limits(0.5 if entry_prices else 1)
        found = alternatives(outcome.instance, count=others + 1, within=_WITHIN, **half)
    if found is not None and found.stopped == "interrupted":
        return Further(found, interrupted=entry_prices)
    return Further(found, prices(outcome.instance, **limits()) if entry_prices else None)
