"""Amounts of money and effort as arrays of exact numbers, from which each question picks the few that it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from consortia.linear import INFINITE, Integers, integers

ABSENT = -1
"""Stands for a capacity that is not limited."""
_SAFE = 2**62

Mask = npt.NDArray[np.bool_]


class Coded:
    """Values that repeat, each kept once: what is worked out of a value is worked out once for all places it has.

    Parameters
    ----------
    values : sequence of hashable or None

    Attributes
    ----------
    known : tuple
        The different values; the first is None, for what is absent.
    codes : array
        For each place the position of its value among those known.

    Examples
    --------
    >>> Coded(["b", None, "b", "a"]).codes
    array([1, 0, 1, 2])
    """

    def __init__(self, values: Sequence[Hashable]) -> None:
        self.known: tuple[Any, ...] = tuple(dict.fromkeys([None, *values]))
        if len(self.known) == 1:
            self.codes = np.zeros(len(values), dtype=np.int64)
        else:
            code = dict(zip(self.known, range(len(self.known)), strict=True))
            self.codes = np.fromiter(map(code.__getitem__, values), dtype=np.int64, count=len(values))

    def __getitem__(self, place: int) -> Any:
        """Return the value at a place."""
        return self.known[self.codes[place]]

    @cached_property
    def given(self) -> Mask:
        """Of each place, whether it has a value."""
        given: Mask = self.codes != 0
        return given

    def steps(self, step: Decimal) -> Integers:
        """Turn person-months into whole steps, as :func:`whole_steps` does."""
        steps: Integers = whole_steps(self.known, step)[self.codes]
        return steps


class Amounts:
    """Amounts as numerators and denominators; one that is absent counts as nothing.

    Parameters
    ----------
    given : Coded
        Of Decimal or Amount.
    convert : callable
        Turns an amount into the currency wanted.
    foreign : callable
        Returns the currency of an amount that has to be converted, and None for any other.
    factor : Fraction
        What all are multiplied by.
    """

    def __init__(
        self,
        given: Coded,
        convert: Callable[[Any], Decimal],
        foreign: Callable[[Any], str | None],
        factor: Fraction = Fraction(1),
    ) -> None:
        self._codes = given.codes
        exact = [Fraction(0), *(Fraction(convert(money)) * factor for money in given.known[1:])]
        self._numerators = _whole([amount.numerator for amount in exact])
        self._denominators = _whole([amount.denominator for amount in exact])
        self._most = max(abs(amount.numerator) for amount in exact)
        self._broken = any(amount.denominator > 1 for amount in exact)
        self._foreign = [None, *(foreign(money) for money in given.known[1:])]

    def scale(self, chosen: Integers) -> int:
        """Return the least common denominator of the chosen amounts."""
        return lcm(*self._denominators[np.unique(self._codes[chosen])].tolist(), 1) if self._broken else 1

    def units(self, chosen: Integers, scale: int) -> Integers:
        """Return the chosen amounts in units of ``1 / scale``, exactly.

        Raises
        ------
        SolverRefused
            If one of them is too large.
        """
        codes = self._codes[chosen]
        if self._most * scale < _SAFE:
            # what is not chosen need not be whole at this scale
            return np.asarray((self._numerators * (scale // self._denominators))[codes], dtype=np.int64)
        used = np.unique(codes)
        pairs = zip(self._numerators[used].tolist(), self._denominators[used].tolist(), strict=True)
        exact = integers([numerator * (scale // denominator) for numerator, denominator in pairs])
        units: Integers = exact[np.searchsorted(used, codes)]
        return units

    def converted(self, chosen: Integers) -> Counter[str]:
        """Count the chosen amounts that had to be converted, by currency."""
        if not any(self._foreign):
            return Counter()
        kinds = np.bincount(self._codes[chosen], minlength=len(self._foreign)).tolist()
        found: Counter[str] = Counter()
        for currency, count in zip(self._foreign, kinds, strict=True):
            if currency is not None and count:
                found[currency] += count
        return found


def _whole(values: list[int]) -> Any:
    """Return whole numbers as an array; of Python's own where they exceed 62 bits."""
    fits = all(-_SAFE < value < _SAFE for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def whole_steps(efforts: Iterable[Decimal | None], step: Decimal) -> Integers:
    """Turn person-months into whole steps, rounded down; `ABSENT` where there is no limit.

    Examples
    --------
    >>> whole_steps([Decimal("0.35"), None], Decimal("0.1"))
    array([ 3, -1])
    """
    unit, given = Fraction(step), list(efforts)
    known = {effort: ABSENT if effort is None else min(int(Fraction(effort) / unit), INFINITE) for effort in set(given)}
    return integers(list(map(known.__getitem__, given)))


def exact_integers(values: Iterable[Any]) -> tuple[Integers, int]:
    """Scale numbers by the least common denominator.

    Parameters
    ----------
    values : iterable
        Integers, Decimals, Fractions, texts, or floats taken for the digits they print as.

    Returns
    -------
    integers : array of int
        ``value * scale``, exactly.
    scale : int

    Examples
    --------
    >>> exact_integers([1, "2.50", 0.2])
    (array([10, 25,  2]), 10)
    """
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    if all(type(value) is int for value in plain):
        return integers(plain), 1
    numbers = [Fraction(repr(value)) if isinstance(value, float) else Fraction(value) for value in plain]
    scale = lcm(*{number.denominator for number in numbers})
    return np.array([int(number * scale) for number in numbers], dtype=np.int64), scale
