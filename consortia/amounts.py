"""Amounts of money and effort as arrays of exact numbers, from which each question picks the few that it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from consortia.linear import INFINITE, Integers, integers
from consortia.spec.base import Amount

ABSENT = -1
"""Stands for a capacity that is not limited."""
_SAFE = 2**62


class Amounts:
    """Amounts as numerators and denominators; one that is absent counts as nothing.

    Parameters
    ----------
    given : sequence of Decimal, Amount or None
    convert : callable
        Turns an amount into the currency wanted.
    foreign : callable
        Returns the currency of an amount that has to be converted, and None for any other.
    factor : Fraction
        What all are multiplied by.
    """

    def __init__(
        self,
        given: Sequence[Decimal | Amount | None],
        convert: Callable[[Any], Decimal],
        foreign: Callable[[Any], str | None],
        factor: Fraction = Fraction(1),
    ) -> None:
        known = list({None: 0, **dict.fromkeys(given)})
        exact = [Fraction(0), *(Fraction(convert(money)) * factor for money in known[1:])]
        code = dict(zip(known, range(len(known)), strict=True))
        codes = integers(list(map(code.__getitem__, given)))
        self._numerators = _whole([amount.numerator for amount in exact])[codes]
        self._denominators = _whole([amount.denominator for amount in exact])[codes]
        self._most = max(abs(amount.numerator) for amount in exact)
        self._broken = any(amount.denominator > 1 for amount in exact)
        currencies = [None, *(foreign(money) for money in known[1:])]
        self._foreign = np.array(currencies, dtype=object)[codes] if any(currencies) else None

    def scale(self, chosen: Integers) -> int:
        """Return the least common denominator of the chosen amounts."""
        return lcm(*set(self._denominators[chosen].tolist()), 1) if self._broken else 1

    def units(self, chosen: Integers, scale: int) -> Integers:
        """Return the chosen amounts in units of ``1 / scale``, exactly.

        Raises
        ------
        SolverRefused
            If one of them is too large.
        """
        numerators, denominators = self._numerators[chosen], self._denominators[chosen]
        if not self._most:
            return np.zeros(len(numerators), dtype=np.int64)
        if self._most * scale < _SAFE:
            return np.asarray(numerators * (scale // denominators), dtype=np.int64)
        pairs = zip(numerators.tolist(), denominators.tolist(), strict=True)
        return integers([numerator * (scale // denominator) for numerator, denominator in pairs])

    def converted(self, chosen: Integers) -> Counter[str]:
        """Count the chosen amounts that had to be converted, by currency."""
        if self._foreign is None:
            return Counter()
        return Counter(currency for currency in self._foreign[chosen] if currency is not None)


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
