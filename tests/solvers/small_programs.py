"""Programs for the tests of back ends: small ones drawn at random with their answer, and larger ones by seed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st

from consortia.program import INFINITE, Linear, Program, Tag

TAG = Tag("test")


@dataclass(frozen=True)
class Row:
    """``lower <= sum(factors) <= upper`` if the literals hold; None stands for no bound."""

    factors: dict[int, int]
    lower: int | None
    upper: int | None
    literals: tuple[int, ...]

    def holds(self, values: tuple[int, ...]) -> bool:
        if not all(values[c] == 1 if c >= 0 else values[~c] == 0 for c in self.literals):
            return True
        total = sum(factor * values[column] for column, factor in self.factors.items())
        return (self.lower is None or total >= self.lower) and (self.upper is None or total <= self.upper)


@dataclass(frozen=True)
class Drawn:
    """A small program as plain data, so that its answer owes nothing to the code under test."""

    columns: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    prices: tuple[int, ...]
    constant: int

    def program(self) -> Program:
        program = Program()
        lower, upper = zip(*self.columns, strict=True)
        columns = program.add_columns(TAG, len(self.columns), lower, upper)
        for row in self.rows:
            low = -INFINITE if row.lower is None else row.lower
            high = INFINITE if row.upper is None else row.upper
            body = Linear(list(row.factors), list(row.factors.values())) if row.factors else Linear()
            program.add_row(TAG, body, low, high, row.literals)
        program.expressions["cost"] = Linear(columns, self.prices, self.constant)
        return program

    def cost(self, values: tuple[int, ...]) -> int:
        return sum(price * value for price, value in zip(self.prices, values, strict=True)) + self.constant

    def solutions(self) -> list[tuple[int, ...]]:
        every = product(*(range(low, high + 1) for low, high in self.columns))
        return [values for values in every if all(row.holds(values) for row in self.rows)]

    def least(self) -> int | None:
        return min(map(self.cost, self.solutions()), default=None)


@st.composite
def _rows(draw: st.DrawFn, columns: tuple[tuple[int, int], ...]) -> Row:
    chosen = draw(st.lists(st.sampled_from(range(len(columns))), unique=True, max_size=4))
    factors = {column: draw(st.sampled_from([1, 1, 1, -1, 2, -3, 5])) for column in chosen}
    # ends around what some assignment adds up to: most rows can then be satisfied, and some bind
    middle = sum(factor * draw(st.integers(*columns[column])) for column, factor in factors.items())
    ends = [(middle, None), (None, middle), (middle, middle), (middle - 1, middle + 2)]
    lower, upper = draw(st.sampled_from(ends))
    binary = [column for column, bounds in enumerate(columns) if bounds == (0, 1)]
    literals: list[int] = []
    if binary:
        literal = st.sampled_from(binary).flatmap(lambda column: st.sampled_from([column, ~column]))
        literals = draw(st.lists(literal, max_size=2))
    return Row(factors, lower, upper, tuple(literals))


@st.composite
def programs(draw: st.DrawFn) -> Drawn:
    """Draw a program with at most 5 columns and 6 rows, about one in six without a solution."""
    bounds = st.sampled_from([(0, 1), (0, 1), (0, 1), (0, 3), (-2, 1), (1, 1), (2, 6)])
    columns = tuple(draw(st.lists(bounds, min_size=1, max_size=5)))
    prices = st.sampled_from([0, 1, 2, 3, 4, 6, 9, -1, -4])
    return Drawn(
        columns,
        tuple(draw(st.lists(_rows(columns), max_size=6))),
        tuple(draw(prices) for _ in columns),
        draw(st.integers(-9, 9)),
    )


def cover(seed: int, rows: int, columns: int, density: float, sign: int = 1) -> Program:
    """A weighted set cover; with `sign` -1 costs are negative and what is left out is limited instead."""
    random = np.random.default_rng(seed)
    suits = random.random((rows, columns)) < density
    suits[np.arange(rows), random.integers(columns, size=rows)] = True
    program = Program()
    chosen = program.add_columns(TAG, columns)
    lengths, entries = suits.sum(axis=1), np.nonzero(suits)[1]
    if sign > 0:
        program.add_rows(TAG, lengths, entries, 1, lower=1)
    else:
        program.add_rows(TAG, lengths, entries, 1, upper=lengths - 1)
    program.expressions["cost"] = Linear(chosen, sign * random.integers(1, 100, columns))
    return program


def sourcing(seed: int, sources: int, customers: int) -> Program:
    """Deliveries that may be split, at least 5 each: efforts, capacities, and rows under literals."""
    random = np.random.default_rng(seed)
    demand = random.integers(20, 60, customers)
    capacity = random.integers(60, 160, sources) * int(demand.sum()) // (75 * sources)
    program = Program()
    member = program.add_columns(TAG, sources)
    delivers = program.add_columns(TAG, sources * customers)
    effort = program.add_columns(TAG, sources * customers, 0, np.tile(demand, sources))
    ones = np.ones(sources * customers, dtype=np.int64)
    for customer in range(customers):
        total = int(demand[customer])
        program.add_row(TAG, Linear(effort[customer::customers]), total, total)
    for source in range(sources):
        efforts = Linear(effort[source * customers : (source + 1) * customers])
        program.add_row(TAG, efforts - Linear([member[source]], int(capacity[source])), upper=0)
    program.add_rows(TAG, ones, effort, 1, upper=0, when=[~delivers])
    program.add_rows(TAG, ones, effort, 1, lower=5, when=[delivers])
    pairs = np.stack([delivers, np.repeat(member, customers)], axis=1).ravel()
    program.add_rows(TAG, 2 * ones, pairs, np.tile([1, -1], sources * customers), upper=0)
    program.expressions["cost"] = Linear.total(
        [
            Linear(member, random.integers(500, 1500, sources)),
            Linear(delivers, random.integers(0, 300, sources * customers)),
            Linear(effort, random.integers(1, 100, sources * customers)),
        ]
    )
    return program
