"""The arithmetic of comparisons: means of times, integrals over a run, and profiles.

References
----------
Achterberg, T. (2007). Constraint Integer Programming. Thesis, TU Berlin: shifted geometric means.
Berthold, T. (2013). Measuring the impact of primal heuristics. Operations Research Letters 41(6), 611-614: the primal
gap and its integral; SCIP reports the same of the dual side.
Dolan, E. D. and More, J. J. (2002). Benchmarking optimization software with performance profiles. Mathematical
Programming 91(2), 201-213.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, inf, log

from consortia.bench.rows import Point

SHIFT = 1.0
"""Seconds added to each time before the geometric mean is taken, and taken off it again."""
LEAST = 0.01
"""Seconds below which times are taken for equal in profiles: clocks and machines tell no more."""


def shifted_mean(times: Iterable[float], shift: float = SHIFT) -> float:
    """Return the shifted geometric mean, in which neither tiny nor huge times decide everything.

    Parameters
    ----------
    times : iterable of float
    shift : float

    Examples
    --------
    >>> round(shifted_mean([0, 3]), 6), round(shifted_mean([1, 1, 1]), 6)
    (1.0, 1.0)
    """
    logs = [log(time + shift) for time in times]
    return exp(sum(logs) / len(logs)) - shift if logs else inf


def gap(value: float | None, reference: float | None) -> float:
    """Return how far a cost or a bound is from the best known cost, from 0 to 1.

    It is 1 where one of them is missing, and where the signs differ; 0 where the two are equal.

    Examples
    --------
    >>> gap(None, 8.0), gap(10.0, 8.0), gap(4.0, 8.0), gap(-1.0, 8.0), gap(0.0, 0.0)
    (1.0, 0.2, 0.5, 1.0, 0.0)
    """
    if value is None or reference is None or value * reference < 0:
        return 1.0
    if value == reference:
        return 0.0
    return abs(value - reference) / max(abs(value), abs(reference))


def integral(trace: Sequence[Point], side: int, reference: float | None, limit: float) -> float:
    """Return the integral of the gap over the seconds from 0 to the limit.

    Until something is known the gap is 1; what is known when a run ends stays known until the limit.

    Parameters
    ----------
    trace : sequence of Point
        Each holds from its own moment on.
    side : int
        1 for costs (the primal integral), 2 for bounds (the dual integral).
    reference : float or None
        The best known cost.
    limit : float

    Returns
    -------
    float
        Seconds: 0 if the best was known at once, `limit` if nothing was known in time.

    Examples
    --------
    >>> integral([(2.0, 10.0, None), (4.0, 8.0, 8.0)], 1, 8.0, 10.0)
    2.4
    >>> integral([(2.0, 10.0, None), (4.0, 8.0, 8.0)], 2, 8.0, 10.0)
    4.0
    """
    total, since, height = 0.0, 0.0, 1.0
    for point in trace:
        when = min(point[0], limit)
        total += height * (when - since)
        since, height = when, gap(point[side], reference)
        if point[0] >= limit:
            return total
    return total + height * (limit - since)


def profile(times: Mapping[str, Sequence[float]]) -> dict[str, list[tuple[float, float]]]:
    """Return the performance profile of each solver: what share it proves within a multiple of the fastest time.

    Parameters
    ----------
    times : mapping of str to sequence of float
        For each solver its times on the same instances; infinite where it proved nothing.

    Returns
    -------
    dict of str to list of pair
        Steps: from that ratio on, that share of the instances.

    Examples
    --------
    >>> profile({"a": [1.0, 4.0, inf, 5.0], "b": [2.0, 2.0, inf, 20.0]})["a"]
    [(1.0, 0.5), (2.0, 0.75)]
    """
    counted = {name: [max(time, LEAST) for time in found] for name, found in times.items()}
    fastest = [min(found) for found in zip(*counted.values(), strict=True)]
    made = {}
    for name, found in counted.items():
        ratios = [time / best for time, best in zip(found, fastest, strict=True) if time < inf]
        made[name] = steps(ratios, len(found))
    return made


def steps(values: Iterable[float], count: int) -> list[tuple[float, float]]:
    """Return at each value what share of `count` is not above it.

    Examples
    --------
    >>> steps([3.0, 1.0, 1.0], 4)
    [(1.0, 0.5), (3.0, 0.75)]
    """
    ranked = sorted(values)
    return [
        (value, (place + 1) / count) for place, value in enumerate(ranked) if ranked[place + 1 : place + 2] != [value]
    ]


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the power with which values grow with size: the slope of a straight line through the logarithms.

    Examples
    --------
    >>> round(exponent([10, 100, 1000], [2, 200, 20000]), 6)
    2.0
    """
    across, up = [log(size) for size in sizes], [log(value) for value in values]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - middle) ** 2 for x in across)
    return sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True)) / spread
