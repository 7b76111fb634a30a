"""Exact rows for products: integer weights whose sum tells on which side of a threshold a product of factors is.

Logarithms turn a product into a sum, and rounding them makes integers of it that are wrong near the threshold. So
weights are never trusted: small ones are tried and verified on every product that could be formed, and where none of
these will do, they are made so fine that no two products that differ could be confused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, log, prod

_STEPS = (8, 32, 128, 512, 2048)  # how many units of weight the threshold is worth, from coarse to fine
_PATIENCE = 100_000  # products looked at to verify weights, before finer ones are made


@dataclass(frozen=True)
class Separation:
    """The product of some factors is below the threshold exactly when their weights add up to more than `most`."""

    weights: tuple[int, ...]
    most: int


def separate(factors: Sequence[Fraction], threshold: Fraction, inclusive: bool) -> Separation:
    """Find weights that separate the products below a threshold from the others; they may exceed 64 bits.

    Parameters
    ----------
    factors : sequence of Fraction
        From 0 to 1; a product takes each of them or leaves it.
    threshold : Fraction
        At least 0, and less than 1 if `inclusive`, else more than 0 and at most 1.
    inclusive : bool
        Whether a product that equals the threshold counts as below it.

    Returns
    -------
    Separation

    Examples
    --------
    Two suppliers that fail one time in ten fail together one time in a hundred, and not less often:

    >>> tenth = Fraction(1, 10)
    >>> found = separate([tenth, tenth], Fraction(1, 100), inclusive=True)
    >>> found.weights[0] > found.most, sum(found.weights) > found.most
    (False, True)
    """

    def below(product: Fraction) -> bool:
        return product < threshold or (inclusive and product == threshold)

    between = Counter(factor for factor in factors if 0 < factor < 1)
    weight: dict[Fraction, int] = {}
    if below(prod(between.elements(), start=Fraction(1))):
        weight, most = _coarse(between, threshold, below) or _fine(between, threshold, inclusive, below)
    else:
        most = 0
    weight[Fraction(0)] = most + 1
    return Separation(tuple(min(weight.get(factor, 0), most + 1) for factor in factors), most)


def _coarse(
    factors: Counter[Fraction], threshold: Fraction, below: Callable[[Fraction], bool]
) -> tuple[dict[Fraction, int], int] | None:
    """Return small weights that separate all products, if there are any."""
    if threshold == 1:
        return dict.fromkeys(factors, 1), 0
    for steps in _STEPS:
        unit = -log(threshold) / steps
        weight = {factor: round(-log(factor) / unit) for factor in factors}
        most = _verified([(factor, weight[factor], count) for factor, count in factors.items()], below)
        if most is not None:
            return weight, most
    return None


def _verified(factors: Iterable[tuple[Fraction, int, int]], below: Callable[[Fraction], bool]) -> int | None:
    """Return the greatest sum of a product that is not below; None if one that is below has no greater sum.

    For each sum the greatest and the least product that are not below are kept: they decide what a further factor can
    make of it. What is below stays below, so nothing is added to it.
    """
    least_below: int | None = None
    looked_at = 0
    above: dict[int, tuple[Fraction, Fraction]] = {0: (Fraction(1), Fraction(1))}
    for factor, weight, count in factors:
        reached: dict[int, tuple[Fraction, Fraction]] = {}
        for start, (greatest, least) in above.items():
            total = start
            for _ in range(count + 1):
                looked_at += 1
                if below(least):
                    least_below, least = total if least_below is None else min(least_below, total), greatest
                if below(greatest):
                    break
                great, small = reached.get(total, (greatest, least))
                reached[total] = max(great, greatest), min(small, least)
                total, greatest, least = total + weight, greatest * factor, least * factor
        above = reached
        if looked_at > _PATIENCE or (least_below is not None and max(above) >= least_below):
            return None
    return max(above)


def _fine(
    factors: Counter[Fraction], threshold: Fraction, inclusive: bool, below: Callable[[Fraction], bool]
) -> tuple[dict[Fraction, int], int]:
    """Return weights that are fine enough for any products of these factors.

    No product that is not below has more than `size` factors, and none that just came below it either. Such products
    are fractions whose denominators are bounded, so one that is not the threshold differs from it by at least `gap`
    in its logarithm. Weights are rounded by a half each, less in sum than that.
    """
    product, size = Fraction(1), 0
    for factor in sorted(factors.elements(), reverse=True):
        if below(product):
            break
        product, size = product * factor, size + 1
    denominators = sorted((factor.denominator for factor in factors.elements()), reverse=True)[:size]
    gap = min(Fraction(1, 2), 1 / (prod(denominators) * threshold.denominator * 2 * threshold))
    scale = ceil((2 * size + 3) / gap)
    with localcontext() as context:
        context.prec = 20 + len(str(scale))

        def rounded(value: Fraction) -> int:
            return round(-(Decimal(value.numerator) / Decimal(value.denominator)).ln() * scale)

        middle, weight = rounded(threshold), {factor: rounded(factor) for factor in factors}
    return weight, middle - size // 2 - 2 if inclusive else middle + size // 2 + 1
