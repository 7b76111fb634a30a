"""For the tests of prices: programs with knapsacks that columns open, multipliers, boxes, and all that is in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from small_programs import Drawn, Row, programs

from consortia.compiled import Compiled
from consortia.linear import Integers, Linear
from consortia.program import Program, Tag
from consortia.solvers.lagrangian import Box, Floats, Point, Relaxation

FREE = (0, 1)


@st.composite
def stocked(draw: st.DrawFn) -> Drawn:
    """Draw one to three knapsacks, opened by a column or open, with links or without, under rows that share items."""
    columns: list[tuple[int, int]] = []
    prices: list[int] = []
    rows: list[Row] = []

    def column(price: st.SearchStrategy[int], bounds: tuple[int, int] = FREE) -> int:
        columns.append(bounds)
        prices.append(draw(price))
        return len(columns) - 1

    cheap = st.sampled_from([0, 0, 1, 2, 3, -1, -2, -5, 4])
    for _ in range(draw(st.integers(1, 3))):
        items = [column(cheap) for _ in range(draw(st.integers(2, 3)))]
        weights = {item: draw(st.integers(1, 7)) for item in items}
        room = draw(st.integers(1, sum(weights.values()) + 1))
        if not draw(st.integers(0, 3)):
            rows.append(Row(weights, None, room, ()))
            continue
        opener = column(st.sampled_from([0, 1, 3, 6, 9, -2]))
        rows.append(Row({**weights, opener: -room}, None, 0, ()))
        if draw(st.booleans()):
            rows += [Row({item: 1, opener: -1}, None, 0, ()) for item in items]
    if draw(st.integers(0, 3)) == 3:
        column(cheap, draw(st.sampled_from([(0, 3), (-2, 1)])))
    some = st.lists(st.sampled_from(range(len(columns))), unique=True, min_size=1, max_size=4)
    for _ in range(draw(st.integers(0, 4))):
        factors = {at: draw(st.sampled_from([1, 1, 1, 1, 2, -1, -3])) for at in draw(some)}
        ends = draw(st.sampled_from([(1, None), (1, None), (2, None), (None, 1), (1, 1), (None, 0)]))
        binary = st.sampled_from([at for at, bounds in enumerate(columns) if bounds == FREE])
        literal = st.tuples(binary, st.booleans()).map(lambda drawn: drawn[0] if drawn[1] else ~drawn[0])
        rows.append(Row(factors, *ends, draw(st.sampled_from([(), (), ()]) | st.tuples(literal))))
    return Drawn(tuple(columns), tuple(rows), tuple(prices), draw(st.integers(-9, 9)))


drawn_programs = st.one_of(stocked(), stocked(), programs())


def points(box: Box) -> Integers:
    """Return everything within a box, one point a row."""
    spans = [np.arange(low, high + 1) for low, high in zip(*box, strict=True)]
    grids = np.meshgrid(*spans, indexing="ij") if spans else [np.zeros(1, dtype=np.int64)[:0]]
    return np.stack([grid.ravel() for grid in grids], axis=1).astype(np.int64)


def obeying(compiled: Compiled, every: Integers, rows: Any = None) -> Integers:
    """Return those of the points that obey some rows of a program without literals, by default all of them."""
    assert not len(compiled.literals)
    kept = np.ones(len(every), dtype=bool)
    for row in range(len(compiled.row_lower)) if rows is None else rows:
        entries = slice(compiled.indptr[row], compiled.indptr[row + 1])
        sums = every[:, compiled.indices[entries]] @ compiled.data[entries]
        kept &= (sums >= compiled.row_lower[row]) & (sums <= compiled.row_upper[row])
    return every[kept]


@st.composite
def boxes(draw: st.DrawFn, box: Box) -> Box:
    """Draw a box within a box; columns are fixed or narrowed now and then."""
    lower, upper = box[0].copy(), box[1].copy()
    for column in draw(st.lists(st.sampled_from(range(len(lower))), unique=True, max_size=5)):
        lower[column], upper[column] = sorted(draw(st.tuples(*[st.integers(lower[column], upper[column])] * 2)))
    return lower, upper


def multipliers(height: int) -> st.SearchStrategy[Floats]:
    """Draw a multiplier for each row: of either sign, tiny, huge, none."""
    one = st.one_of(
        st.floats(-6, 6),
        st.integers(-4, 4).map(float),
        st.sampled_from([0.0, 1e-12, -1e-9, 1e-300, 2.0**-33, 0.5, -1 / 3]),
    )
    huge = st.sampled_from([1e6, -1e9, 2.0**25, -(2.0**26), 1e18, -1e290, 1e290, float("inf"), -float("inf")])
    ordinary = st.lists(one, min_size=height, max_size=height)
    wild = st.lists(one | huge, min_size=height, max_size=height)
    return st.one_of(ordinary, ordinary, ordinary, wild).map(lambda drawn: np.array(drawn, dtype=float))


class Watched(Relaxation):
    """Keeps every point that it gives with a toll."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__(compiled)
        self.given: list[Point] = []

    def point(self, prices: Floats, box: Box | None = None, toll: int = 1) -> Point | None:
        point = super().point(prices, box, toll)
        if point is not None and toll:
            self.given.append(point)
        return point


def single_source(seed: int, sources: int, customers: int) -> Program:
    """Deliveries by one source each, from capacities that bind: knapsacks that members open."""
    random = np.random.default_rng(seed)
    demand = random.integers(5, 36, customers)
    capacity = random.integers(60, 160, sources) * int(demand.sum()) * 3 // (sources * 110)
    program = Program()
    member = program.add_columns(Tag("member"), sources)
    delivers = program.add_columns(Tag("delivers"), sources * customers)
    for customer in range(customers):
        program.add_row(Tag("cover"), Linear(delivers[customer::customers]), 1, 1)
    for source in range(sources):
        efforts = Linear(delivers[source * customers : (source + 1) * customers], demand)
        program.add_row(Tag("capacity"), efforts - Linear([member[source]], int(capacity[source])), upper=0)
    pairs = np.stack([delivers, np.repeat(member, customers)], axis=1).ravel()
    ones = np.ones(sources * customers, dtype=np.int64)
    program.add_rows(Tag("link"), 2 * ones, pairs, np.tile([1, -1], sources * customers), upper=0)
    program.expressions["cost"] = Linear.total(
        [
            Linear(member, random.integers(200, 600, sources)),
            Linear(delivers, random.integers(10, 100, sources * customers)),
        ]
    )
    return program
