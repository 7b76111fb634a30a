"""What large programs are searched with, on small ones: families, sifting, dives, windows."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from priced_programs import drawn_programs, single_source
from small_programs import Drawn, programs

from consortia.linear import Integers, Linear
from consortia.program import Program, Tag
from consortia.solvers import auto, find, shrinking
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.diving import dive
from consortia.solvers.elastic import dearest, elastic, lacking
from consortia.solvers.families import LOOSE, Families
from consortia.solvers.improving import Improver
from consortia.solvers.lagrangian import Relaxation
from consortia.solvers.record import Record
from consortia.solvers.sifting import Sifting, _afforded
from consortia.solvers.window_rounds import WindowRounds
from consortia.solvers.windows import Windows

QUICK = settings(max_examples=40, phases=(Phase.generate,))


def ranks_of(drawn: Drawn, data: st.DataObject) -> Integers:
    """Draw which columns come first."""
    return np.array(data.draw(st.lists(st.sampled_from([0, 3]), min_size=(n := len(drawn.columns)), max_size=n)))


def start_of(drawn: Drawn, data: st.DataObject) -> Integers:
    """Draw values within the column bounds."""
    return np.array([data.draw(st.integers(*ends)) for ends in drawn.columns], dtype=np.int64)


def test_families_of_deliveries_and_their_parts() -> None:
    program = Program()
    cluster, member = program.add_columns(Tag("present"), 1), program.add_columns(Tag("member"), 1)
    delivers = program.add_columns(Tag("delivers"), 1)
    effort, count = program.add_columns(Tag("effort"), 1, 0, 9), program.add_columns(Tag("sum"), 2, 0, 9)
    for child, parent, reach in ((member, cluster, 1), (delivers, member, 1)):
        program.add_row(Tag("link"), Linear([parent[0], child[0]], [reach, -1]), lower=0)
    program.add_row(Tag("link"), Linear([effort[0], delivers[0]], [1, -9]), upper=0)
    program.add_row(Tag("sum"), Linear([count[0], member[0]], [1, -1]), lower=0, upper=0)
    program.add_row(Tag("sum"), Linear([count[1], member[0]], [1, 1]), lower=0, upper=7)
    found = Families.of(program.compile(), np.array([3, 3, 0, 0, 0, 0]))
    assert found.level.tolist() == [0, 1, 2, 3, 2, LOOSE]
    assert found.head.tolist() == [-1, 1, 1, 1, 1, -1]
    assert found.without(found.level == 1).tolist() == [False, True, True, True, True, False]


def test_families_of_seats_and_of_those_whom_others_require() -> None:
    program = Program()
    members, seats = program.add_columns(Tag("member"), 2), program.add_columns(Tag("seat"), 2)
    cluster, named = program.add_columns(Tag("present"), 2), program.add_columns(Tag("representative"), 1)
    # the first member has two seats, one of which says whom it represents; the second requires the first
    program.add_row(Tag("seat"), Linear([*seats, members[0]], [1, 1, -1]), lower=0, upper=0)
    program.add_row(Tag("link"), Linear([named[0], seats[1]], [1, -1]), upper=0)
    program.add_row(Tag("link"), Linear([members[0], members[1]], [1, -1]), lower=0)
    program.add_row(Tag("link"), Linear([cluster[0], members[0]], [1, -1]), lower=0)
    # the second is the only one of its cluster, which so is as present as it is
    program.add_row(Tag("link"), Linear([cluster[1], members[1]], [1, -1]), lower=0)
    program.add_row(Tag("link"), Linear([cluster[1], members[1]], [1, -1]), upper=0)
    found = Families.of(program.compile(), np.array([3, 3, 2, 2, 3, 3, 0]))
    assert found.level.tolist() == [1, 1, 2, 2, 0, 0, 3]
    assert found.head.tolist() == [0, 1, 0, 0, -1, -1, 0]


@given(programs(), st.data())
def test_elastic_programs_hold_what_breaks_rows_and_nothing_else(drawn: Drawn, data: st.DataObject) -> None:
    compiled, start = drawn.program().compile(), start_of(drawn, data)
    relaxed = elastic(compiled, start, np.full(len(compiled.row_lower), 7))
    assert sorted(relaxed.rows) == sorted(compiled.violated(start))
    assert not len(relaxed.compiled.violated(relaxed.values))
    for values in drawn.solutions()[:5]:
        unmended = np.concatenate([values, np.zeros(len(relaxed.rows), dtype=np.int64)])
        assert not len(relaxed.compiled.violated(unmended))
    other = start_of(drawn, data)
    unmended = np.concatenate([other, np.zeros(len(relaxed.rows), dtype=np.int64)])
    assert bool(len(relaxed.compiled.violated(unmended))) == bool(len(compiled.violated(other)))


@QUICK
@given(drawn_programs, st.data())
def test_every_step_of_sifting_gives_a_true_bound(drawn: Drawn, data: st.DataObject) -> None:
    plain, least = drawn.program().compile().without_literals(), drawn.least()
    sifting, relaxation = Sifting(plain, ranks_of(drawn, data), Event(), None), Relaxation(plain)
    for _ in range(4):
        found = sifting.step()
        if found is None:
            return
        point = relaxation.point(found.prices)
        if point is not None and least is not None:
            assert plain.divisor * relaxation.least_objective(point) + plain.constant <= least
        if found.complete:
            return


def test_sifting_ends_at_the_bound_of_the_linear_relaxation() -> None:
    program = single_source(1, 12, 30)
    plain = program.compile().without_literals()
    sifting, relaxation = Sifting(plain, auto._ranks(program), Event(), None), Relaxation(plain)
    for _ in range(30):
        found = sifting.step()
        assert found is not None
        if found.complete:
            break
    point = relaxation.point(found.prices)
    assert found.complete and point is not None
    assert point.bound / relaxation.scale >= found.objective - 1e-3 * abs(found.objective)


@QUICK
@given(drawn_programs, st.data())
def test_dives_stay_within_the_column_bounds(drawn: Drawn, data: st.DataObject) -> None:
    plain, ranks = drawn.program().compile().without_literals(), ranks_of(drawn, data)
    charges = np.array(data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=len(ranks), max_size=len(ranks))))
    values = dive(plain, ranks, Families.of(plain, ranks), charges, dearest(plain), Event(), None)
    assert values is None or -1 not in plain.violated(values)


@QUICK
@given(drawn_programs, st.data())
def test_windows_never_make_solutions_dearer_or_break_them(drawn: Drawn, data: st.DataObject) -> None:
    compiled, ranks, found = drawn.program().compile(), ranks_of(drawn, data), drawn.solutions()
    start = np.array(data.draw(st.sampled_from(found))) if found else start_of(drawn, data)
    windows, before = Windows(compiled, ranks, start, 0), None if not found else compiled.cost(start)
    for _ in range(3):
        windows.improve(None, 0.1, Event(), None)
        assert windows.broken.tolist() == np.flatnonzero(lacking(compiled, windows.values)).tolist()
        if before is not None:
            assert not len(compiled.violated(windows.values)) and windows.cost <= before
            before = windows.cost


def test_windows_mend_what_is_broken() -> None:
    compiled = (program := single_source(2, 8, 20)).compile()
    windows = Windows(compiled, auto._ranks(program), np.zeros_like(compiled.lower), 0)
    assert len(windows.broken) == 20
    for _ in range(40):
        windows.improve(None, 0.2, Event(), None)
    assert not len(compiled.violated(windows.values))


def test_what_two_windows_found_is_added_up() -> None:
    program = Program()
    columns, total = program.add_columns(Tag("member"), 2), program.add_columns(Tag("sum"), 1, 0, 2)
    program.add_row(Tag("sum"), Linear([*columns, *total], [1, 1, -1]), lower=0, upper=0)
    program.expressions["cost"] = Linear(columns, [5, 3])
    windows = Windows(program.compile(), np.array([3, 3, 0]), start := np.array([1, 1, 2]), 0)
    assert windows._take(np.array([0, 1, 1]), start)
    assert windows._take(np.array([1, 0, 1]), start)
    assert windows.values.tolist() == [0, 0, 0]


def test_what_a_dive_found_is_offered_before_the_first_window() -> None:
    program = Program()
    columns = program.add_columns(Tag("member"), 3)
    program.add_row(Tag("cover"), Linear(columns[:2]), lower=1)
    program.add_row(Tag("cover"), Linear(columns[1:]), lower=1)
    program.expressions["cost"] = Linear(columns, [2, 3, 2])
    offered: list[Integers] = []
    rounds = WindowRounds(Record(program.compile(), Request()), np.full(3, 3), Event(), offered.append)
    assert rounds.begin(None, np.array([1.0, 0.0, 1.0]), alone=True)
    assert [values.tolist() for values in offered] == [[0, 1, 0]]


def test_what_a_dive_leaves_broken_is_not_offered() -> None:
    program = Program()
    columns = program.add_columns(Tag("member"), 2)
    program.add_row(Tag("cover"), Linear(columns), lower=3)
    program.expressions["cost"] = Linear(columns, [2, 3])
    offered: list[Integers] = []
    rounds = WindowRounds(Record(program.compile(), Request()), np.full(2, 3), Event(), offered.append)
    assert rounds.begin(None, np.zeros(2), alone=True) and not offered


@QUICK
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=12), st.data())
def test_payers_pay_the_least_first_and_no_more_than_they_have(
    dues: list[tuple[int, int]], data: st.DataObject
) -> None:
    room = np.array(data.draw(st.lists(st.integers(0, 20), min_size=4, max_size=4)), dtype=float)
    payer, due = (np.array(part) for part in zip(*dues, strict=True))
    paid = _afforded(payer, due.astype(float), room)
    for who in range(4):
        left, mine = room[who], sorted((due[payer == who]).tolist())
        expected = []
        for amount in mine:
            expected.append(min(amount, left))
            left -= expected[-1]
        assert sorted(paid[payer == who].tolist()) == sorted(expected)


@pytest.mark.usefixtures("nothing_is_small")
@pytest.mark.parametrize("name", ["prices", "search", "auto"])
@QUICK
@given(drawn=drawn_programs)
def test_programs_taken_for_large_are_answered_truly(name: str, drawn: Drawn) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shrinking, "LARGE", -1)
        answer = find(name).solve(drawn.program(), Request(effort_limit=3.0))
    least = drawn.least()
    if answer.values is not None:
        cost = drawn.cost(tuple(answer.values.tolist()))
        assert least is not None and tuple(answer.values.tolist()) in drawn.solutions() and cost >= least
        assert answer.verdict is not Verdict.OPTIMAL or cost == least
    if answer.bound is not None and least is not None:
        assert answer.bound <= least
    assert answer.verdict is not Verdict.INFEASIBLE or least is None


@pytest.mark.usefixtures("nothing_is_small")
def test_programs_taken_for_large_give_the_same_answer_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "LARGE", -1)
    monkeypatch.setattr(Improver, "_local_search", lambda self: None)
    answers = [find("auto").solve(single_source(3, 10, 40), Request(effort_limit=4.0)) for _ in range(2)]
    assert answers[0].values is not None and answers[1].values is not None
    assert np.array_equal(answers[0].values, answers[1].values)
    assert answers[0].bound == answers[1].bound
