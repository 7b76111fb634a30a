"""Rows that are added to linear relaxations: every whole solution obeys them, and they raise bounds."""

from __future__ import annotations

from collections import Counter
from threading import Event

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from priced_programs import drawn_programs, obeying, points, single_source
from small_programs import TAG, Drawn, sourcing

from consortia.compiled import Compiled
from consortia.linear import Integers, Linear
from consortia.program import Program
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.reduction.openers import opened
from consortia.solvers.rounding import Rounding, Rows
from consortia.solvers.strengthening import strengthened
from consortia.solvers.surrogates import surrogate


def solutions(compiled: Compiled) -> Integers:
    return obeying(compiled, points((compiled.lower, compiled.upper)))


def every_row(compiled: Compiled) -> Rows:
    rows = Rows.of(compiled, np.arange(len(compiled.row_lower)))
    added = surrogate(compiled)
    return rows if added is None else rows.joined(*added)


def test_no_solution_is_lost() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=400)
    @given(drawn_programs, st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        compiled = drawn.program().compile().without_literals()
        found = solutions(compiled)
        added = surrogate(compiled)
        if added is not None:
            met["surrogate"] += 1
            assert np.all(found[:, added[0].columns] @ added[0].coefficients >= added[1])
        share = st.floats(0, 1)
        low, high = compiled.lower, compiled.upper
        where = np.array([data.draw(share) for _ in low]) * (high - low) + low
        solved = LinearProgram(compiled, Event(), None).solve(low, high)
        for values in (where, solved.values) if len(solved.values) else (where,):
            for rounded in Rounding(compiled).of(every_row(compiled), values):
                met["rounded"] += 1
                assert rounded.broken > 0
                assert float(rounded.row.coefficients @ values[rounded.row.columns]) < rounded.least
                assert np.all(found[:, rounded.row.columns] @ rounded.row.coefficients >= rounded.least)

    hold()
    assert min(met["surrogate"], met["rounded"]) > 20


def test_limits_of_what_a_column_opens_keep_the_same_solutions() -> None:
    met: Counter[str] = Counter()

    @st.composite
    def limited(draw: st.DrawFn) -> Compiled:
        """Draw deliveries with quantities, partners and a cluster, and limits on some of them."""
        program = Program()
        cluster, members = program.add_columns(TAG, 1), program.add_columns(TAG, 2)
        tasks, amount = program.add_columns(TAG, 4), program.add_columns(TAG, 1, 0, 3)
        sign = draw(st.sampled_from([1, -1]))
        for task, of in zip(tasks.tolist(), [members[0], members[0], members[0], members[1]], strict=True):
            program.add_row(TAG, Linear([task]) - Linear([of]), upper=0)
        program.add_row(TAG, Linear(amount) - Linear([tasks[0]], 3), upper=0)
        for member in members.tolist():
            if draw(st.booleans()):
                program.add_row(TAG, Linear([cluster[0]]) - Linear([member]), lower=0)
            if draw(st.booleans()):
                program.add_row(TAG, Linear([cluster[0]]) - Linear([member]), upper=0)
        every = st.sampled_from([*cluster.tolist(), *members.tolist(), *tasks.tolist(), *amount.tolist()])
        for _ in range(draw(st.integers(1, 3))):
            some = draw(st.lists(every, unique=True, min_size=1, max_size=4))
            body = Linear(some, [draw(st.integers(1, 3)) for _ in some])
            least = draw(st.sampled_from([None, None, None, 0, 1]))
            ends = {"lower": least, "upper": draw(st.integers(1, 4))}
            ends = {name: end for name, end in ends.items() if end is not None}
            if sign < 0:
                ends = {{"lower": "upper", "upper": "lower"}[name]: -end for name, end in ends.items()}
            program.add_row(TAG, sign * body, **ends)
        return program.compile()

    @settings(max_examples=300)
    @given(st.one_of(limited(), drawn_programs.map(lambda drawn: drawn.program().compile())))
    def hold(compiled: Compiled) -> None:
        tighter = opened(compiled)
        every = points((compiled.lower, compiled.upper))
        for values in every:
            assert bool(len(compiled.violated(values))) == bool(len(tighter.violated(values)))
        for start, end in zip(tighter.indptr[:-1], tighter.indptr[1:], strict=True):
            assert len(np.unique(tighter.indices[start:end])) == end - start
        met["opened"] += tighter is not compiled

    hold()
    assert met["opened"] > 20


def _raised(compiled: Compiled, patterned: bool) -> tuple[float, float, int]:
    program = LinearProgram(compiled, Event(), None)
    box = compiled.lower, compiled.upper
    plain = program.solve(*box)
    tighter, solved = strengthened(program, box, lambda: False, patterned)
    assert solved.ending == "optimal"
    unit = compiled.divisor
    return unit * plain.objective, unit * solved.objective, len(tighter.compiled.row_lower) - len(compiled.row_lower)


def test_rows_raise_the_bound_of_single_sources() -> None:
    gains = 0.0
    for seed in range(6):
        plain, tighter, _ = _raised(single_source(seed, 8, 16).compile(), True)
        assert tighter >= plain - 1e-6
        gains += tighter > plain * 1.002
    assert gains >= 3


def test_rows_raise_the_bound_of_quantities() -> None:
    for seed in range(3):
        plain, tighter, added = _raised(sourcing(seed, 6, 8).compile().without_literals(), False)
        assert tighter > plain + 1
        assert added > 0


def test_equal_rooms_are_counted() -> None:
    program = Program()
    member, pairs = program.add_columns(TAG, 3), program.add_columns(TAG, 9)
    for task in range(3):
        program.add_row(TAG, Linear(pairs[task::3]), lower=1, upper=1)
    for who in range(3):
        inside = Linear(pairs[3 * who : 3 * who + 3], [4, 5, 6])
        program.add_row(TAG, inside - Linear([member[who]], 10), upper=0)
    program.expressions["cost"] = Linear(member, 100)
    plain, tighter, added = _raised(program.compile(), True)
    assert added == 1
    assert (round(plain), round(tighter)) == (150, 200)
