"""Questions from arrays: wrong ones are named, never bent into others."""

from __future__ import annotations

from typing import Any

import pytest

from consortia.instance import Instance

RIGHT: dict[str, Any] = {"partners": 2, "capabilities": 2, "joining": [1, 2], "holds": ([0, 1], [0, 1])}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joining": [1]}, "joining has 1 costs for 2 partners"),
        ({"partners": ["a", "a"]}, "'a' more than once"),
        ({"capabilities": ["c", "c"]}, "'c' more than once"),
        ({"holds": ([0, 2], [0, 1])}, "no position 2 among 2 partners"),
        ({"holds": ([0, -1], [0, 1])}, "no position -1 among 2 partners"),
        ({"holds": ([0, 1], [0, 5])}, "no position 5 among 2 capabilities"),
        ({"holds": ([0.5, 1], [0, 1])}, "whole numbers"),
        ({"holds": ([0, 1], [0])}, "2 positions of partners and 1 of capabilities"),
        ({"deliveries": ([0], [3], [5])}, "no position 3"),
        ({"deliveries": ([0], [0], [])}, "0 prices for 1 positions"),
        ({"deliveries": ([0, 0], [0, 0], [5, 6])}, "twice"),
    ],
)
def test_wrong_arrays_are_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Instance.from_arrays(**{**RIGHT, **change})
