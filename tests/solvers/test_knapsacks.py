"""Knapsacks in batches against all ways to fill them."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consortia.solvers.knapsacks import HUGE, Knapsacks

Item = tuple[int, int]  # weight and cost


@st.composite
def knapsacks(draw: st.DrawFn) -> list[tuple[int, list[Item]]]:
    """Draw some capacities, each with its items; costs of either sign, small ones to tie and large ones."""
    cost = st.one_of(st.integers(-6, 3), st.integers(-6, 3), st.integers(-(2**56), 2**56))
    item = st.tuples(st.integers(1, 9), cost)
    one = st.tuples(st.integers(0, 20), st.lists(item, max_size=7))
    return draw(st.lists(one, max_size=4))


def batched(drawn: list[tuple[int, list[Item]]]) -> tuple[Knapsacks, np.ndarray]:
    items = [item for _, own in drawn for item in own]
    made = Knapsacks(
        np.cumsum([0, *(len(own) for _, own in drawn)]).astype(np.int64),
        np.array([weight for weight, _ in items], dtype=np.int64),
        np.array([capacity for capacity, _ in drawn], dtype=np.int64),
    )
    return made, np.array([cost for _, cost in items], dtype=np.int64)


def fillings(capacity: int, items: list[Item]) -> list[tuple[int, tuple[int, ...]]]:
    """Return the cost of everything that fits."""
    return [
        (sum(cost for (_, cost), chosen in zip(items, taken, strict=True) if chosen), taken)
        for taken in product((0, 1), repeat=len(items))
        if sum(weight for (weight, _), chosen in zip(items, taken, strict=True) if chosen) <= capacity
    ]


def test_the_least_cost_is_found_and_is_that_of_what_is_taken() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=300)
    @given(knapsacks())
    def hold(drawn: list[tuple[int, list[Item]]]) -> None:
        made, cost = batched(drawn)
        least, taken = made.solve(cost)
        assert set(taken.tolist()) <= {0, 1}
        for at, (capacity, items) in enumerate(drawn):
            own = slice(made.indptr[at], made.indptr[at + 1])
            every = {chosen: total for total, chosen in fillings(capacity, items)}
            assert least[at] == min(every.values())
            assert every.get(tuple(taken[own].tolist())) == least[at]
            met["binds"] += least[at] > sum(min(price, 0) for _, price in items)

    hold()
    assert met["binds"] >= 200


def test_what_each_item_forces() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=300)
    @given(knapsacks())
    def hold(drawn: list[tuple[int, list[Item]]]) -> None:
        made, cost = batched(drawn)
        forced = made.forced(cost)
        for at, (capacity, items) in enumerate(drawn):
            every = fillings(capacity, items)
            for place in range(len(items)):
                with_item = min((total for total, chosen in every if chosen[place]), default=None)
                found = int(forced[made.indptr[at] + place])
                if with_item is None:
                    assert found >= HUGE // 2  # no cost of a question comes near
                else:
                    assert found == with_item
                met["fits" if with_item is not None else "does not"] += 1
                met["worth"] += cost[made.indptr[at] + place] < 0

    hold()
    assert min(met.values()) >= 200, met
