"""The arithmetic of reports against numbers worked out by hand."""

from __future__ import annotations

from math import inf

import pytest

from consortia.bench.measures import exponent, gap, integral, profile, shifted_mean


def test_the_shifted_mean_is_the_root_of_the_product() -> None:
    # (0 + 1) (8 + 1) (2 + 1) = 27
    assert shifted_mean([0, 8, 2]) == pytest.approx(2)
    # (1 + 10) (34 + 10) = 22 * 22
    assert shifted_mean([1, 34], shift=10) == pytest.approx(12)
    assert shifted_mean([]) == inf


@pytest.mark.parametrize(
    ("value", "reference", "expected"),
    [(12.0, 8.0, 1 / 3), (8.0, 8.0, 0), (6.0, 8.0, 0.25), (None, 8.0, 1), (0.0, 5.0, 1), (-4.0, -5.0, 0.2), (3, -5, 1)],
)
def test_gaps_are_relative_to_the_larger(value: float | None, reference: float, expected: float) -> None:
    assert gap(value, reference) == pytest.approx(expected)


def test_integrals_are_areas_under_steps() -> None:
    trace = [(1.0, None, 4.0), (2.0, 16.0, 4.0), (5.0, 10.0, 6.0), (7.0, 8.0, 8.0)]
    # nothing for 2 s; 16 for 3 s, half too dear; 10 for 2 s, a fifth too dear; then the best
    assert integral(trace, 1, 8.0, 20.0) == pytest.approx(2 + 3 * 0.5 + 2 * 0.2)
    # nothing for 1 s; 4 for 4 s, half of it; 6 for 2 s, three quarters of it; then all of it
    assert integral(trace, 2, 8.0, 20.0) == pytest.approx(1 + 4 * 0.5 + 2 * 0.25)


def test_integrals_end_with_the_limit_and_go_on_until_then() -> None:
    late = [(3.0, 16.0, None), (11.0, 8.0, None)]
    assert integral(late, 1, 8.0, 10.0) == pytest.approx(3 + 7 * 0.5)
    assert integral(late, 2, 8.0, 10.0) == pytest.approx(10)
    assert integral([], 1, 8.0, 10.0) == pytest.approx(10)
    assert integral([(12.0, 8.0, 8.0)], 1, 8.0, 10.0) == pytest.approx(10)


def test_profiles_count_multiples_of_the_fastest() -> None:
    found = profile({"a": [1.0, 9.0, inf, 5.0], "b": [2.0, 3.0, inf, inf]})
    # ratios of a: 1, 3, none, 1; of b: 2, 1, none, none
    assert found == {"a": [(1.0, 0.5), (3.0, 0.75)], "b": [(1.0, 0.25), (2.0, 0.5)]}


def test_profiles_take_times_below_the_resolution_for_equal() -> None:
    assert profile({"a": [0.0001], "b": [0.009]}) == {"a": [(1.0, 1.0)], "b": [(1.0, 1.0)]}


def test_the_exponent_is_the_slope_between_logarithms() -> None:
    assert exponent([1, 10], [7, 700]) == pytest.approx(2)
    assert exponent([2, 4, 8], [3, 3, 3]) == pytest.approx(0)
