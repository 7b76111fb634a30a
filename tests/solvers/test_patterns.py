"""Pricing by patterns: bounds, enumeration and the tree, against everything that small programs allow."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priced_programs import boxes, multipliers, obeying, points, single_source, stocked
from small_programs import Drawn

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.program import Program
from consortia.solvers import branching, pattern_tree, restricted_master
from consortia.solvers.auto import Strategy
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.enumeration import enumerated
from consortia.solvers.lagrangian import Box, Relaxation
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.pattern_program import Multipliers, PatternProgram
from consortia.solvers.pattern_tree import PatternTree
from consortia.solvers.patterns import Patterns
from consortia.solvers.record import Record


def solutions_in(compiled: Compiled, box: Box) -> Integers:
    return obeying(compiled, points(box))


def least_of(compiled: Compiled, solutions: Integers) -> int | None:
    return min((solutions @ compiled.objective).tolist(), default=None)


def test_no_bound_by_patterns_is_above_the_least_objective() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=200)
    @given(stocked(), st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        compiled = drawn.program().compile().without_literals()
        relaxation = Relaxation(compiled)
        whole = compiled.lower, compiled.upper
        master, linear = Patterns(relaxation, Event(), None), LinearProgram(compiled, Event(), None)
        for box in (whole, data.draw(boxes(whole)), data.draw(boxes(whole))):  # with the patterns of the boxes before
            least = least_of(compiled, solutions_in(compiled, box))
            more = data.draw(st.none() | st.integers(-3, 6))
            most = None if more is None else more + (least or 0)
            found = master.solve(box, data.draw(multipliers(len(compiled.row_lower))), most)
            met["none"] += found is None
            if found is None:
                continue
            assert least is None or found.point.bound <= least * relaxation.scale
            relaxed = linear.solve(*box)
            if least is None or most is not None or relaxed.ending != "optimal":
                continue
            bound = found.point.bound / relaxation.scale
            assert bound <= found.objective + 1e-4
            assert bound >= relaxed.objective - 1e-3  # at least as good as the linear relaxation
            assert np.all((found.values >= box[0] - 1e-6) & (found.values <= box[1] + 1e-6))
            met["better"] += bound > relaxed.objective + 1e-3
            met["exact"] += relaxation.least_objective(found.point) == least

    hold()
    assert min(met[what] for what in ("better", "exact")) >= 10, met


def test_no_pattern_of_interest_is_left_out() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=200)
    @given(stocked(), st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        compiled = drawn.program().compile().without_literals()
        relaxation = Relaxation(compiled)
        whole = compiled.lower, compiled.upper
        box = data.draw(boxes(whole)) if data.draw(st.booleans()) else whole
        solutions = solutions_in(compiled, box)
        least = least_of(compiled, solutions)
        start = data.draw(multipliers(len(compiled.row_lower)))
        priced = Patterns(relaxation, Event(), None).solve(box, start, None)
        point = relaxation.point(start, box) if priced is None or data.draw(st.booleans()) else priced.point
        if point is None:
            return
        most = data.draw(st.integers(-2, 5)) + (least or 0)
        if point.bound > most * relaxation.scale:
            return
        limit = data.draw(st.sampled_from([2, 1000]))
        choice = enumerated(relaxation, point, most, box, limit)
        if choice is None:
            assert limit == 2
            met["too many"] += 1
            return
        assert choice.patterns.shape[0] <= limit
        compiled_choice = choice.program
        answer = search(compiled_choice, Request(cutoff=compiled.divisor * most + compiled.constant))
        if least is None or least > most:
            assert answer.verdict in (Verdict.INFEASIBLE, Verdict.CUTOFF)
            met["nothing"] += 1
            return
        assert answer.verdict is Verdict.OPTIMAL
        assert answer.values is not None
        values = choice.values(answer.values)
        assert not len(compiled.violated(values))
        assert np.all((values >= box[0]) & (values <= box[1]))
        assert int(compiled.objective @ values) == least
        met["found"] += 1

    hold()
    assert min(met[what] for what in ("found", "nothing", "too many")) >= 10, met


class Told:
    """Keeps every bound that a search tells."""

    def __init__(self) -> None:
        self.bounds: list[int] = []

    def __call__(self, seconds: float, best: int | None, bound: int | None) -> None:
        if bound is not None:
            self.bounds.append(bound)


def grown(compiled: Compiled, cutoff: int | None, told: Told | None = None) -> PatternTree:
    """Return the tree of a program, complete."""
    record = Record(compiled, Request(cutoff=cutoff, on_progress=told))
    plain = compiled.without_literals()
    relaxation = Relaxation(plain)
    root = relaxation.point(np.zeros(len(plain.row_lower)))
    assert root is not None
    program = PatternProgram(relaxation, record)
    tree = PatternTree(record, relaxation, program, np.zeros(len(plain.lower), dtype=np.int64), record.box, root)
    assert tree.run() or record.proven
    return tree


def test_the_tree_proves_what_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=100)
    @given(stocked(), st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        compiled = drawn.program().compile()
        plain = compiled.without_literals()
        least = least_of(plain, solutions_in(plain, (plain.lower, plain.upper)))
        most = None if data.draw(st.booleans()) else data.draw(st.integers(-2, 5)) + (least or 0)
        cutoff = None if most is None else compiled.divisor * most + compiled.constant
        told = Told()
        record = grown(compiled, cutoff, told).record
        if least is None or (most is not None and least > most):
            assert record.objective is None
            met["nothing"] += 1
            return
        assert record.objective == least
        assert max(told.bounds, default=-(10**9)) <= record.cost(least)
        met["found"] += 1

    # without the help of exact solvers at the first chance, patterns and branching have to do it
    monkeypatch.setattr(pattern_tree, "_PATTERNS", 2)
    monkeypatch.setattr(branching, "_TINY", 10**6)
    hold()
    assert min(met[what] for what in ("found", "nothing")) >= 10, met


@pytest.mark.parametrize(("seed", "crowded"), [(1, 6), (2, 1)])
def test_single_sources_are_proven_and_the_same_twice(seed: int, crowded: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where patterns are thinned out all the time."""
    monkeypatch.setattr(restricted_master, "_CROWDED", crowded)
    program = single_source(seed, 6, 24)
    compiled = program.compile()
    known = search(compiled, Request())
    assert known.verdict is Verdict.OPTIMAL
    assert known.values is not None
    trees = [grown(compiled, None) for _ in range(2)]
    for tree in trees:
        assert tree.record.objective is not None
        assert tree.record.cost(tree.record.objective) == compiled.cost(known.values)
    assert trees[0].nodes == trees[1].nodes
    assert np.array_equal(trees[0].record.values, trees[1].record.values)


def test_diving_ends_in_a_solution_or_in_nothing() -> None:
    met: Counter[str] = Counter()
    for seed in range(12):
        compiled = single_source(seed, 4, 12).compile()
        record = Record(compiled, Request())
        program = PatternProgram(Relaxation(compiled), record)
        box = compiled.lower, compiled.upper
        solved = program.solve(*box, Multipliers(-1, program.rows, None, np.zeros(len(compiled.row_lower)), True))
        assert solved.ending == "optimal"
        values = program.dive(box, solved)
        assert values is None or not len(compiled.violated(values))
        met["found" if values is not None else "nothing"] += 1
    assert met["found"] >= 3, met


@pytest.mark.parametrize("gap", [Fraction(0), Fraction(1, 50)])
def test_the_strategy_answers_single_source_questions_the_same_way_twice(gap: Fraction) -> None:
    program: Program = single_source(5, 8, 40)
    known = search(program.compile(), Request())
    assert known.values is not None
    least = program.compile().cost(known.values)
    answers = [Strategy("auto").solve(program, Request(gap=gap)) for _ in range(2)]
    for answer in answers:
        assert answer.verdict is Verdict.OPTIMAL
        assert answer.values is not None
        assert answer.bound is not None
        assert answer.bound <= least <= program.compile().cost(answer.values) <= answer.bound * (1 + gap)
    assert np.array_equal(answers[0].values, answers[1].values)  # type: ignore[arg-type]
