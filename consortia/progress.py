"""What a solver tells while it works."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Progress:
    """How far a search has come.

    Parameters
    ----------
    seconds : float
        Since the search began.
    best : Decimal or None
        Cost of the best consortium so far.
    bound : Decimal or None
        No consortium costs less than this.
    """

    seconds: float
    best: Decimal | None
    bound: Decimal | None


@dataclass(frozen=True)
class Step:
    """How far an explanation has come that asks many questions.

    Parameters
    ----------
    seconds : float
        Since it began.
    done : int
        Questions answered so far.
    expected : int or None
        How many there will be, where that is known.
    """

    seconds: float
    done: int
    expected: int | None
