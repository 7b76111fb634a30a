"""What each demand weighs, as somebody states it by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from math import lcm
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.explaining.demands import Demand
from consortia.sentence import say

_PREFERENCE = {"budget": 0, "capability": 2}
"""Between repairs that weigh the same: rather more money than another change, and rather that than less work done."""


def weighed(demands: Sequence[Demand], weights: Mapping[str, Any] | None) -> list[Fraction | None]:
    """Return the weight of each demand, one where nothing is said; None for those that may not be touched.

    Raises
    ------
    TypeError
        If the weights are no mapping.
    SpecError
        If a name is unknown or a weight is not above zero; it names every problem.
    """
    if weights is not None and not isinstance(weights, Mapping):
        raise TypeError("weights are a mapping from names to numbers")
    known = {name for demand in demands for name in demand.names}
    given: dict[str, Fraction | None] = {}
    problems = []
    for name, weight in (weights or {}).items():
        if name not in known:
            near = get_close_matches(str(name), sorted(known), n=3, cutoff=0.4)
            remedy = say("Did you mean {near}?", near=" / ".join(near)) if near else None
            problems.append(
                Problem("weights", "", say("nothing that is asked for is called {name}", name=name), remedy)
            )
            continue
        value = _number(weight)
        if weight is not None and (value is None or value <= 0):
            message = say("the weight of {name} is {found}, and must be above zero", name=name, found=weight)
            problems.append(Problem("weights", "", message, say("Write a number, or keep it out of reach")))
            continue
        given[name] = value
    if problems:
        raise SpecError(problems)
    return [_of(demand, given) for demand in demands]


def _of(demand: Demand, given: Mapping[str, Fraction | None]) -> Fraction | None:
    """Return the weight by the most particular of a demand's names."""
    for name in reversed(demand.names):
        if name in given:
            return given[name]
    return Fraction(1)


def _number(weight: Any) -> Fraction | None:
    if weight is None or isinstance(weight, bool):
        return None
    try:
        value = Decimal(str(weight)) if not isinstance(weight, Fraction) else weight
        return Fraction(value)
    except (InvalidOperation, ValueError, OverflowError):
        return None


def in_units(demands: Sequence[Demand], weights: Sequence[Fraction | None]) -> tuple[list[int | None], int]:
    """Return weights as integers that tell equals apart by what people change more easily, and the unit of a weight."""
    scale = lcm(*{weight.denominator for weight in weights if weight is not None}, 1)
    unit = scale * (1 + sum(_PREFERENCE.get(demand.kind, 1) for demand in demands))
    found = [
        None if weight is None else int(weight * unit) + _PREFERENCE.get(demand.kind, 1)
        for demand, weight in zip(demands, weights, strict=True)
    ]
    return found, unit
