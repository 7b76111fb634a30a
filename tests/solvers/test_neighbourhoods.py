"""HiGHS on narrow boxes, and the neighbourhoods of solutions that it searches."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from small_programs import Drawn, programs

from consortia.generate import generate
from consortia.linear import Integers
from consortia.model import build
from consortia.posing import pose
from consortia.solvers import auto, kernels
from consortia.solvers.contract import Request
from consortia.solvers.integer_highs import find, has_quantities
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.neighbourhoods import Neighbourhoods
from consortia.solvers.record import Record

QUICK = settings(max_examples=60, phases=(Phase.generate,))


def split(seed: int) -> tuple[Record, Integers]:
    """Pose a question with deliveries that may be split, with its linear relaxation; return its ranks as well."""
    made = generate("sourcing", seed, partners=12, capabilities=15, split=True)
    program = build(pose(made)).program
    record = Record(program.compile(), Request())
    solved = LinearProgram(record.compiled, record.halt, None).solve(*record.box)
    record.relaxed = solved.values
    record.charges = np.where(solved.values > 1e-6, 0.0, 1.0)
    return record, auto._ranks(program)


@QUICK
@given(programs(), st.integers(-20, 40))
def test_what_is_found_is_good_enough_and_least(drawn: Drawn, most: int) -> None:
    compiled = drawn.program().compile()
    free = replace(compiled, literals=compiled.literals[:0], literal_indptr=np.zeros_like(compiled.literal_indptr))
    bare = replace(drawn, rows=tuple(replace(row, literals=()) for row in drawn.rows))
    values, complete = find(free, most, 1_000, 0, lambda: False)
    objectives = [cost - drawn.constant for cost in map(drawn.cost, bare.solutions())]
    if values is not None:
        assert tuple(values.tolist()) in bare.solutions()
        assert int(free.objective @ values) <= most
    least = min(objectives, default=None)
    if complete and least is not None and least <= most:
        assert values is not None and int(free.objective @ values) == least


@QUICK
@given(programs())
def test_open_literals_are_left_to_others(drawn: Drawn) -> None:
    compiled = drawn.program().compile()
    if len(compiled.folded().literals):
        assert find(compiled, None, 1_000, 0, lambda: False) == (None, False)


@given(st.integers(1, 5))
@settings(max_examples=5, phases=(Phase.generate,))
def test_searches_make_solutions_cheaper(seed: int) -> None:
    record, ranks = split(seed)
    assert has_quantities(record.compiled)
    start, _ = find(replace(record.compiled, objective=0 * record.compiled.objective), None, 10, 0, lambda: False)
    assert start is not None and record.offer(start)
    offered = [start]
    near = Neighbourhoods(record, ranks, offered.append)
    values = start
    for number in range(4):
        box = (record.box[0], kernels.kernel(record, ranks, number))
        assert record.relaxed is not None
        values = near.search(values, record.relaxed, box, number)
        record.offer(values)
    costs = [record.compiled.cost(each) for each in offered]
    assert values is offered[-1] and costs[-1] < costs[0] and costs == sorted(set(costs), reverse=True)
    assert not any(len(record.compiled.violated(each)) for each in offered)


def test_kernels_keep_what_is_cheap_and_what_is_used() -> None:
    record, ranks = split(1)
    assert record.charges is not None
    closed = [kernels.kernel(record, ranks, size) for size in range(12)]
    assert all(np.all(one <= other) for one, other in pairwise(closed))
    assert np.all(closed[-1] == record.box[1])
    assert np.any(closed[0] < record.box[1])
    assert np.all(closed[0][record.charges <= 0] == record.box[1][record.charges <= 0])
    start, _ = find(record.compiled, None, 10, 0, lambda: False)
    assert start is not None and record.offer(start)
    assert np.all(kernels.kernel(record, ranks, 0) >= start)
