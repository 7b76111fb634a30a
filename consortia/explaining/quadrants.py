"""What is not settled yet of a space of values, as quadrants: all that is less than a corner in each place."""

from __future__ import annotations

from collections.abc import Iterable

Corner = tuple[int | None, ...]
"""What each value has to be less than; None where anything will do."""


def inside(values: tuple[int, ...], corner: Corner) -> bool:
    """Tell whether values lie in a quadrant.

    Examples
    --------
    >>> inside((2, 5), (3, None)), inside((2, 5), (2, None))
    (True, False)
    """
    return all(limit is None or value < limit for value, limit in zip(values, corner, strict=True))


def split(values: tuple[int, ...], corner: Corner) -> list[Corner]:
    """Return the quadrants in which something is less than `values` in some place, and all is below the corner.

    Examples
    --------
    >>> split((2, 5), (3, None))
    [(2, None), (3, 5)]
    """
    return [(*corner[:place], value, *corner[place + 1 :]) for place, value in enumerate(values)]


def largest(corners: Iterable[Corner]) -> list[Corner]:
    """Return the quadrants that lie in no other, each once, in their order.

    Examples
    --------
    >>> largest([(2, 5), (3, None), (4, 5), (4, 5)])
    [(3, None), (4, 5)]
    """
    different = list(dict.fromkeys(corners))
    return [one for one in different if not any(one != other and within(one, other) for other in different)]


def within(one: Corner, other: Corner) -> bool:
    """Tell whether a quadrant lies in another.

    Examples
    --------
    >>> within((2, 5), (3, None)), within((3, None), (2, 5)), within((2, 5), (2, 5))
    (True, False, True)
    """
    return all(most is None or (limit is not None and limit <= most) for limit, most in zip(one, other, strict=True))
