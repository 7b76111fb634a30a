"""Exact bounds at any multipliers, and what they fix, against everything that a program allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priced_programs import Watched, boxes, drawn_programs, multipliers, obeying, points
from small_programs import Drawn

from consortia.linear import Integers
from consortia.solvers import linear_program
from consortia.solvers.lagrangian import Box, Point, Relaxation, raised
from consortia.solvers.linear_program import LinearProgram


class Priced:
    """A drawn program that is relaxed, with all that is in a box of it."""

    def __init__(self, drawn: Drawn, data: st.DataObject) -> None:
        self.compiled = drawn.program().compile().without_literals()
        self.relaxation = Relaxation(self.compiled)
        self.whole: Box = (self.compiled.lower, self.compiled.upper)
        self.box = data.draw(boxes(self.whole)) if data.draw(st.booleans()) else self.whole
        self.every = points(self.box)
        self.solutions = obeying(self.compiled, self.every)
        self.within_blocks = obeying(self.compiled, self.every, self.relaxation.blocks.row.tolist())

    def least(self) -> int | None:
        return min((self.solutions @ self.compiled.objective).tolist(), default=None)

    def hold(self, point: Point, toll: int = 1) -> None:
        """Hold a point to its definition, and its bound to all solutions."""
        scale, compiled = self.relaxation.scale, self.compiled
        if toll and self.least() is not None:
            assert point.bound <= self.least() * scale
        if not toll and point.bound > 0:
            assert not len(self.solutions)
        if not len(self.within_blocks):
            return
        # the bound is no more and no less than the least Lagrangian value of what the blocks allow
        value = np.zeros(len(self.within_blocks), dtype=np.int64)
        for row, price in enumerate(point.multipliers.tolist()):
            entries = slice(compiled.indptr[row], compiled.indptr[row + 1])
            side = compiled.row_lower[row] if price > 0 else compiled.row_upper[row]
            if price:
                value += price * (side - self.within_blocks[:, compiled.indices[entries]] @ compiled.data[entries])
        value += toll * scale * (self.within_blocks @ compiled.objective)
        assert point.bound == value.min()
        assert any(np.array_equal(point.values, chosen) for chosen in self.within_blocks[value == point.bound])


def test_no_multipliers_give_a_bound_above_the_least_objective() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=400)
    @given(drawn_programs, st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        priced = Priced(drawn, data)
        relaxation, least = priced.relaxation, priced.least()
        for _ in range(4):
            prices = data.draw(multipliers(len(priced.compiled.row_lower)))
            point = relaxation.point(prices, priced.box)
            met["refused"] += point is None
            if point is not None:
                priced.hold(point)
                met["blocks"] += bool(len(relaxation.blocks.row))
                met["exact"] += least is not None and relaxation.least_objective(point) == least
                met["priced"] += bool(np.any(point.multipliers))
            without = relaxation.point(prices, priced.box, toll=0)
            if without is not None:
                priced.hold(without, toll=0)
                met["refuted"] += without.bound > 0
        met["empty"] += least is None

    hold()
    assert min(met[what] for what in ("refused", "blocks", "exact", "priced", "refuted", "empty")) >= 30, met


def test_nothing_of_interest_is_fixed_away() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=400)
    @given(drawn_programs, st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        priced = Priced(drawn, data)
        relaxation, least = priced.relaxation, priced.least()
        found = LinearProgram(priced.compiled, Event(), None).solve(*priced.box)
        other = data.draw(multipliers(len(priced.compiled.row_lower)))
        near = found.prices + np.nan_to_num(other, posinf=0, neginf=0) * 0.1
        for prices in (found.prices, near, other):
            point = relaxation.point(prices, priced.box)
            if point is None:
                continue
            priced.hold(point)
            most = data.draw(st.integers(-3, 6)) + (least if least is not None else 0)
            # a box within the one where the point was certified may be tightened as well
            inner = data.draw(boxes(priced.box)) if data.draw(st.booleans()) else priced.box
            lower, upper = relaxation.tightened(point, most, inner)
            kept = inside(priced.solutions, inner)
            kept = kept[kept @ priced.compiled.objective <= most]
            assert len(inside(kept, (lower, upper))) == len(kept)
            met["fixed"] += len(inside(priced.every, (lower, upper))) < len(inside(priced.every, inner)) > 0
            met["fixed in blocks"] += bool(np.any((upper < inner[1])[relaxation.blocks.item]))
            met["opened"] += bool(np.any((lower > inner[0])[relaxation.blocks.opener[relaxation.blocks.opener >= 0]]))
            met["kept"] += bool(len(kept))

    hold()
    assert min(met[what] for what in ("fixed", "fixed in blocks", "opened", "kept")) >= 30, met


def inside(solutions: Integers, box: Box) -> Integers:
    return solutions[np.all((solutions >= box[0]) & (solutions <= box[1]), axis=1)]


def test_every_bound_on_the_way_up_is_true() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=200)
    @given(drawn_programs, st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        priced = Priced(drawn, data)
        relaxation = Watched(priced.compiled)
        start = relaxation.point(data.draw(multipliers(len(priced.compiled.row_lower))), priced.box)
        if start is None:
            return
        target = (priced.least() or 0) + data.draw(st.integers(-3, 9))
        best = raised(relaxation, start, target, priced.box, 40)
        for point in relaxation.given:
            priced.hold(point)
        assert best.bound == max(point.bound for point in relaxation.given)
        assert raised(relaxation, start, target, priced.box, 40, lambda: True) is start
        met["raised"] += best.bound > start.bound
        met["steps"] += len(relaxation.given)

    hold()
    assert met["raised"] >= 50, met


@pytest.mark.parametrize("many", [0, 10**9])
def test_linear_relaxations_give_bounds_and_refutations(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With links that join when they are broken, and with all rows from the start."""
    monkeypatch.setattr(linear_program, "_MANY", many)
    met: Counter[str] = Counter()

    @settings(max_examples=200)
    @given(drawn_programs, st.data())
    def hold(drawn: Drawn, data: st.DataObject) -> None:
        priced = Priced(drawn, data)
        program, relaxation = LinearProgram(priced.compiled, Event(), None), priced.relaxation
        for box in (priced.box, data.draw(boxes(priced.box)), priced.box):  # again from the last basis
            within = inside(priced.solutions, box)
            least = min((within @ priced.compiled.objective).tolist(), default=None)
            found = program.solve(*box)
            met[found.ending] += 1
            if found.ending == "optimal":
                assert np.all(found.values >= box[0] - 1e-6)
                assert np.all(found.values <= box[1] + 1e-6)
                assert least is None or found.objective <= least + 1e-6
                point = relaxation.point(found.prices, box)
                assert point is not None
                assert least is None or point.bound <= least * relaxation.scale
                met["as good"] += point.bound / relaxation.scale >= found.objective - 1e-5
            else:
                assert found.ending == "infeasible"
                assert least is None
                refuted = relaxation.point(found.prices, box, toll=0)
                met["refuted"] += refuted is not None and refuted.bound > 0
        met["joined"] += len(program.rows) < len(priced.compiled.row_lower)

    hold()
    assert met["as good"] >= 0.8 * met["optimal"], met
    assert met["refuted"] >= 0.8 * met["infeasible"] > 10, met
    assert (met["joined"] > 0) == (many == 0)


@settings(max_examples=100)
@given(drawn_programs, st.data())
def test_columns_that_are_fixed_in_the_program_itself(drawn: Drawn, data: st.DataObject) -> None:
    """Rows may name columns that are fixed: nothing says that a program was folded."""
    plain = drawn.program().compile().without_literals()
    lower, upper = data.draw(boxes((plain.lower, plain.upper)))
    fixed = replace(plain, lower=lower, upper=upper)
    relaxation = Relaxation(fixed)
    every = obeying(fixed, points((lower, upper)))
    point = relaxation.point(data.draw(multipliers(len(plain.row_lower))))
    if point is None or not len(every):
        return
    least = int((every @ fixed.objective).min())
    assert point.bound <= least * relaxation.scale
    narrowed = relaxation.tightened(point, least)
    best = every[every @ fixed.objective == least]
    assert len(inside(best, narrowed)) == len(best)
