"""Covers of few rows by their subsets, against trying everything."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from consortia.program import Linear, Program, Tag
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.subsets import MOST_ROWS, answer


def cover(seed: int) -> Program:
    draw = random.Random(seed)
    program, width = Program(), draw.randint(1, 8)
    columns = program.add_columns(Tag("member"), width, lower=[draw.random() < 0.1 for _ in range(width)])
    for _ in range(draw.randint(1, 5)):
        program.add_row(Tag("cover"), Linear(columns[[draw.random() < 0.4 for _ in range(width)]]), lower=1)
    program.expressions["cost"] = Linear(columns, [draw.randint(0, 9) for _ in range(width)], draw.randint(-5, 5))
    return program


@pytest.mark.parametrize("cutoff", [None, 0, 6])
def test_the_least_cost_is_that_of_trying_everything(cutoff: int | None) -> None:
    seen = set()
    for seed in range(300):
        compiled = cover(seed).compile()
        choices = product(*(range(low, 2) for low in compiled.lower.tolist()))
        costs = [compiled.cost(found) for found in map(np.array, choices) if not len(compiled.violated(found))]
        least = min((cost for cost in costs if cutoff is None or cost <= cutoff), default=None)
        found = answer(compiled, Request(cutoff=cutoff))
        assert found is not None and found.proof == "exact"
        seen.add(found.verdict)
        if least is None:
            assert found.values is None
            assert found.verdict is (Verdict.INFEASIBLE if cutoff is None else Verdict.CUTOFF)
            assert found.bound is None or (costs and found.bound == min(costs))
            continue
        assert found.verdict is Verdict.OPTIMAL and found.values is not None
        assert (found.bound, compiled.cost(found.values)) == (least, least)
        assert not len(compiled.violated(found.values))
    assert seen == {Verdict.OPTIMAL, Verdict.INFEASIBLE if cutoff is None else Verdict.CUTOFF}


@pytest.mark.parametrize("change", ["two", "at most", "factor", "negative", "literal", "range", "rows"])
def test_anything_else_is_left_to_others(change: str) -> None:
    program = Program()
    columns = program.add_columns(Tag("member"), 3, upper=2 if change == "range" else 1)
    body = Linear(columns, [1, 2, 1]) if change == "factor" else Linear(columns)
    for _ in range(MOST_ROWS + 1 if change == "rows" else 1):
        program.add_row(
            Tag("cover"),
            body,
            lower=2 if change == "two" else 1,
            when=(int(program.add_columns(Tag("if"), 1)[0]),) if change == "literal" else (),
        )
    if change == "at most":
        program.add_row(Tag("limit"), Linear(columns), upper=2)
    program.expressions["cost"] = Linear(columns, [3, -1 if change == "negative" else 1, 2])
    assert answer(program.compile(), Request()) is None
