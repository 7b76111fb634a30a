"""Weights separate products exactly: every product of a few factors is on the side where its weights put it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from consortia import separating
from consortia.separating import separate

hundredths = st.integers(0, 100).map(lambda number: Fraction(number, 100))
thousandths = st.integers(1, 999).map(lambda number: Fraction(number, 1000))
few = st.lists(hundredths | thousandths, max_size=7)


def hold(factors: list[Fraction], threshold: Fraction, inclusive: bool) -> None:
    found = separate(factors, threshold, inclusive)
    for taken in product((False, True), repeat=len(factors)):
        value = prod((factor for factor, there in zip(factors, taken, strict=True) if there), start=Fraction(1))
        total = sum(weight for weight, there in zip(found.weights, taken, strict=True) if there)
        below = value < threshold or (inclusive and value == threshold)
        assert (total > found.most) == below, (factors, threshold, taken)


@given(few, st.integers(0, 99), st.booleans())
def test_any_product_is_on_its_side(factors: list[Fraction], number: int, inclusive: bool) -> None:
    hold(factors, Fraction(number + (not inclusive), 100), inclusive)


@given(few.filter(len), st.booleans(), st.data())
def test_products_at_the_threshold_are_on_their_side(
    factors: list[Fraction], inclusive: bool, data: st.DataObject
) -> None:
    threshold = prod(data.draw(st.lists(st.sampled_from(factors), max_size=3)), start=Fraction(1))
    if (0 if inclusive else 1e-12) <= threshold < 1:
        hold(factors, threshold, inclusive)


@given(few.filter(len), st.booleans(), st.data())
def test_fine_weights_are_right_where_coarse_ones_would_do(
    factors: list[Fraction], inclusive: bool, data: st.DataObject
) -> None:
    between = [factor for factor in factors if 0 < factor < 1][:5]
    threshold = prod(data.draw(st.lists(st.sampled_from(factors), max_size=3)), start=Fraction(1))
    if not 0 < threshold < 1:
        return

    def below(value: Fraction) -> bool:
        return value < threshold or (inclusive and value == threshold)

    if not below(prod(between, start=Fraction(1))):
        return
    weight, most = separating._fine(Counter(between), threshold, inclusive, below)
    for taken in product((False, True), repeat=len(between)):
        chosen = [factor for factor, there in zip(between, taken, strict=True) if there]
        total = sum(weight[factor] for factor in chosen)
        assert (total > most) == below(prod(chosen, start=Fraction(1)))


def test_many_different_reliabilities_are_separated() -> None:
    factors = [Fraction(number, 100) for number in range(1, 60)] * 5
    found = separate(factors, Fraction(1, 100), inclusive=True)
    weight = dict(zip(factors, found.weights, strict=True))
    for ten, five in ((1, 0), (0, 1)):
        chosen = [Fraction(1, 10)] * 2 * ten + [Fraction(1, 20), Fraction(1, 5)] * five
        assert sum(weight[factor] for factor in chosen) > found.most
    above = [Fraction(11, 100), Fraction(31, 100), Fraction(30, 100)]  # 0.01023
    assert sum(weight[factor] for factor in above) <= found.most
