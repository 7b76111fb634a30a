"""Linear expressions over integer columns, in exact integers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consortia.errors import SolverRefused
from consortia.sentence import say

Integers = npt.NDArray[np.int64]

TOO_LARGE = say(
    "the amounts of this question are too large for exact integers: "
    "state money and shares with fewer decimals or effort in larger steps"
)
_FEW = 64
INFINITE = 2**62
"""Stands for an absent bound; activities and costs stay below it, as CP-SAT requires."""


def integers(values: object) -> Integers:
    """Return `values` as a flat array of 64-bit integers.

    Raises
    ------
    SolverRefused
        If one of them is too large.
    """
    if isinstance(values, np.ndarray) and values.dtype == np.int64 and values.ndim == 1:
        return values
    try:
        return np.atleast_1d(np.asarray(values, dtype=np.int64))
    except OverflowError:
        raise SolverRefused(TOO_LARGE) from None


def spread(values: object, count: int) -> Integers:
    """Return one integer for each of `count` places: the same everywhere, or those given.

    Raises
    ------
    SolverRefused
        If one of them is too large.
    """
    if isinstance(values, int) and -INFINITE <= values <= INFINITE:
        return np.full(count, values, dtype=np.int64)
    given = integers(values)
    return given if len(given) == count else np.broadcast_to(given, (count,))


@dataclass(frozen=True)
class Linear:
    """A linear expression: integer coefficients on columns, and a constant.

    Examples
    --------
    >>> Linear([0, 2], [3, 1]) + 2 * Linear([0], [1], 5)
    Linear(columns=array([0, 2, 0]), coefficients=array([3, 1, 2]), constant=10)
    """

    columns: Integers
    coefficients: Integers
    constant: int = 0

    def __init__(self, columns: object = (), coefficients: object = 1, constant: int = 0) -> None:
        places = integers(columns)
        factors = spread(coefficients, len(places))
        object.__setattr__(self, "columns", places)
        object.__setattr__(self, "coefficients", factors)
        object.__setattr__(self, "constant", int(constant))

    def __add__(self, other: Linear | int) -> Linear:
        if isinstance(other, int):
            return Linear(self.columns, self.coefficients, self.constant + other)
        return Linear.total((self, other))

    def __sub__(self, other: Linear | int) -> Linear:
        return self + (-other if isinstance(other, int) else -1 * other)

    def __rmul__(self, factor: int) -> Linear:
        if abs(factor) * int(np.abs(self.coefficients).max(initial=0)) >= INFINITE:
            raise SolverRefused(TOO_LARGE)
        return Linear(self.columns, factor * self.coefficients, factor * self.constant)

    @staticmethod
    def total(parts: Iterable[Linear]) -> Linear:
        """Add expressions up."""
        parts = tuple(parts)
        if not parts:
            return Linear()
        return Linear(
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.coefficients for part in parts]),
            sum(part.constant for part in parts),
        )

    def merged(self) -> Linear:
        """Return the same expression with one term a column, in the order of columns, none of them zero."""
        if (self.columns[1:] > self.columns[:-1]).all():
            return self if self.coefficients.all() else self._without_zeros()
        columns, position = np.unique(self.columns, return_inverse=True)
        coefficients = np.zeros(len(columns), dtype=np.int64)
        np.add.at(coefficients, position, self.coefficients)
        return Linear(columns, coefficients, self.constant)._without_zeros()

    def _without_zeros(self) -> Linear:
        kept = self.coefficients != 0
        return Linear(self.columns[kept], self.coefficients[kept], self.constant)

    def value(self, values: Integers) -> int:
        """Evaluate in exact integers at the column `values`."""
        products = (int(c) * int(v) for c, v in zip(self.coefficients, values[self.columns], strict=True) if v)
        return sum(products, self.constant)
