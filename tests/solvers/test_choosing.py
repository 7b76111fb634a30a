"""Trials before branching, and linear programs that lend each other their bases, against everything in a box."""

from __future__ import annotations

from collections import Counter
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from priced_programs import boxes, drawn_programs, obeying, points, single_source
from small_programs import Drawn

from consortia.solvers import linear_program
from consortia.solvers.choosing import Gains, Seen, fraction
from consortia.solvers.lagrangian import Box, Relaxation
from consortia.solvers.linear_program import LinearProgram, Solved


def test_trials_lose_nothing_of_interest() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=300)
    @given(drawn_programs, st.integers(0, 4), st.data())
    def hold(drawn: Drawn, room: int, data: st.DataObject) -> None:
        compiled = drawn.program().compile().without_literals()
        relaxation = Relaxation(compiled)
        box = data.draw(boxes((compiled.lower, compiled.upper)))
        solved = LinearProgram(compiled, Event(), None).solve(*box)
        if solved.ending != "optimal":
            return
        most = int(np.ceil(solved.objective)) + room

        def refuted(tried: Solved, child: Box) -> bool:
            if tried.ending == "infeasible":
                point = relaxation.point(tried.prices, child, toll=0)
                return point is not None and point.bound > 0
            point = relaxation.point(tried.prices, child)
            return point is not None and point.bound > most * relaxation.scale

        gains = Gains(data.draw(st.sampled_from([np.zeros(len(compiled.lower), dtype=np.int64), compiled.upper])))
        choice = gains.choose(solved, box, LinearProgram(compiled, Event(), None), refuted)
        wanted = obeying(compiled, points(box))
        wanted = wanted[wanted @ compiled.objective <= most]
        assert np.all((wanted >= choice.box[0]) & (wanted <= choice.box[1]))
        narrowed = choice.box is not box
        met["narrowed"] += narrowed
        met["tried"] += bool(choice.seen)
        if choice.column >= 0:
            assert box[0][choice.column] < box[1][choice.column]
            if fraction(solved.values).max() > 1e-6:
                met["chosen"] += 1
                assert fraction(solved.values)[choice.column] > 1e-6
        elif not narrowed:
            assert np.all(box[0] == box[1])
        assert all(seen.gain >= 0 for seen in choice.seen)

    hold()
    assert min(met["narrowed"], met["tried"], met["chosen"]) >= 20, met


def test_what_is_known_needs_no_trial() -> None:
    """Columns that were seen often enough are compared by the gains that were seen."""
    program = single_source(3, 6, 12).compile()
    relaxed = LinearProgram(program, Event(), None)
    solved = relaxed.solve(program.lower, program.upper)
    broken = np.flatnonzero(fraction(solved.values) > 1e-6)
    assert len(broken) > 1
    gains = Gains(np.zeros(len(program.lower), dtype=np.int64))
    for column in broken.tolist():
        for up in (False, True):
            for _ in range(4):
                gains.learn(Seen(column, up, 1000.0 if column == broken[1] else 1.0))
    choice = gains.choose(solved, (program.lower, program.upper), relaxed, lambda tried, box: False)
    assert choice.column == broken[1]
    assert not choice.seen


@pytest.mark.parametrize("many", [0, 10**9])
@pytest.mark.parametrize("seed", range(4))
def test_bases_of_other_programs_lead_to_the_same_least_objective(
    many: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_program, "_MANY", many)
    program, random = single_source(seed, 8, 20).compile(), np.random.default_rng(seed)
    first, second = (LinearProgram(program, Event(), None) for _ in range(2))
    solved, lent = first.solve(program.lower, program.upper), 0
    for _ in range(6):
        lower, upper = program.lower.copy(), program.upper.copy()
        closed = random.choice(8, 2, replace=False)
        upper[closed] = 0
        other = second.solve(lower, upper, solved.basis)
        lent += solved.basis is not None and len(solved.basis.rows) != len(second.rows)
        alone = LinearProgram(program, Event(), None).solve(lower, upper)
        assert (other.ending, alone.ending).count("optimal") in (0, 2)
        if other.ending == "optimal":
            assert other.objective == pytest.approx(alone.objective, abs=1e-5)
        short = first.solve(lower, upper, other.basis, rounds=0, steps=1)
        assert short.ending == "infeasible" or short.objective <= alone.objective + 1e-5
        solved = first.solve(program.lower, program.upper, other.basis)
    assert lent or many


@pytest.mark.parametrize("seed", range(4))
def test_what_ends_above_what_is_of_interest_says_so_with_its_prices(seed: int) -> None:
    program, random = single_source(seed, 8, 20).compile(), np.random.default_rng(seed)
    relaxation, relaxed = Relaxation(program), LinearProgram(program, Event(), None)
    root = relaxed.solve(program.lower, program.upper)
    endings = Counter[str]()
    for _ in range(20):
        upper = program.upper.copy()
        upper[random.choice(8, 2, replace=False)] = 0
        whole = LinearProgram(program, Event(), None).solve(program.lower, upper)
        beyond = root.objective + random.random() * abs(root.objective) / 10
        found = relaxed.solve(program.lower, upper, root.basis, beyond=beyond)
        endings[found.ending] += 1
        if found.ending == "beyond":
            assert beyond < found.objective <= whole.objective + 1e-5
            point = relaxation.point(found.prices, (program.lower, upper))
            assert point is not None and point.bound > beyond * relaxation.scale
        else:
            assert found.ending == whole.ending
            assert found.ending == "infeasible" or found.objective == pytest.approx(whole.objective, abs=1e-5)
        # and nothing of it is left for the next solve
        assert relaxed.solve(program.lower, upper).ending == whole.ending
    assert endings["beyond"] and endings["optimal"]


@settings(max_examples=150)
@given(drawn_programs, st.data())
def test_columns_that_are_left_out_of_a_linear_program(drawn: Drawn, data: st.DataObject) -> None:
    compiled = drawn.program().compile().without_literals()
    outer = data.draw(boxes((compiled.lower, compiled.upper)))
    inner = data.draw(boxes(outer))
    whole = LinearProgram(compiled, Event(), None)
    fewer = whole.within(outer)
    assert len(fewer.columns) == np.count_nonzero(outer[0] < outer[1])
    expected, found = whole.solve(*inner), fewer.solve(*inner)
    assert found.ending == expected.ending
    if found.ending == "optimal":
        assert found.objective == pytest.approx(expected.objective, abs=1e-5)
        assert np.all((found.values >= inner[0] - 1e-6) & (found.values <= inner[1] + 1e-6))
        point = Relaxation(compiled).point(found.prices, inner)
        assert point is not None
