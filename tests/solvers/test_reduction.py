"""Reduced programs against all solutions of the original, and against solvers where those are too many."""

from __future__ import annotations

import time
from collections import Counter
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from combining import combinations
from drawing import questions
from hypothesis import given, settings
from hypothesis import strategies as st
from small_programs import TAG, Drawn, Row, cover, programs, sourcing

from consortia.checking import check
from consortia.compiled import Compiled
from consortia.costs import total
from consortia.generate import generate
from consortia.instance import Instance
from consortia.leaving_out import LeftOut
from consortia.model import build
from consortia.posing import pose
from consortia.program import Integers, Linear, Program
from consortia.solvers.contract import Answer, Request, Verdict
from consortia.solvers.cpsat import CpSat
from consortia.solvers.reduction import Reduction, Why, parts, reduce


@st.composite
def covers(draw: st.DrawFn) -> Drawn:
    """Draw a cover, by several holders now and then, perhaps with a rule or two on top."""
    columns = range(draw(st.integers(3, 8)))
    some = st.lists(st.sampled_from(columns), unique=True, min_size=2, max_size=4)
    rows = []
    for _ in range(draw(st.integers(2, 8))):
        chosen, literals = draw(some), ()
        kind = draw(st.sampled_from(["cover"] * 9 + ["enforced", "packing", "choice", "link"]))
        if kind == "packing":
            rows.append(Row(dict.fromkeys(chosen, 1), None, max(1, len(chosen) - 1), ()))
            continue
        if kind == "link":
            rows.append(Row({**dict.fromkeys(chosen, 1), chosen[0]: -len(chosen)}, None, 0, ()))
            continue
        if kind == "enforced":
            literal = draw(st.sampled_from(columns))
            literals = (draw(st.sampled_from([literal, ~literal])),)
        factors = {column: draw(st.sampled_from([1, 1, 1, 2])) for column in chosen}
        least = draw(st.sampled_from([1, 1, 1, 1, 1, 2]))
        rows.append(Row(factors, least, least if kind == "choice" else None, literals))
    prices = tuple(draw(st.sampled_from([0, 1, 2, 2, 3, 3, 4, 5, 6])) for _ in columns)
    return Drawn(((0, 1),) * len(columns), tuple(rows), prices, draw(st.integers(-3, 3)))


def solutions(compiled: Compiled) -> list[Integers]:
    """Try everything."""
    every = product(*(range(low, high + 1) for low, high in zip(compiled.lower, compiled.upper, strict=True)))
    values = (np.array(chosen, dtype=np.int64) for chosen in every)
    return [chosen for chosen in values if not len(compiled.violated(chosen))]


def within(drawn: Drawn, cutoff: int | None) -> list[tuple[int, ...]]:
    return [values for values in drawn.solutions() if cutoff is None or drawn.cost(values) <= cutoff]


cutoffs = st.none() | st.integers(-2, 10)


def test_at_least_one_optimum_stays() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=400)
    @given(st.one_of(covers(), programs()), cutoffs)
    def hold(drawn: Drawn, cutoff: int | None) -> None:
        compiled = drawn.program().compile()
        expected = within(drawn, cutoff)
        reduction = reduce(compiled, cutoff=cutoff)
        met["infeasible"] += reduction.infeasible
        assert not (reduction.infeasible and expected)
        if reduction.infeasible:
            return
        met.update(Why(why).name for why in reduction.why.tolist())
        least = None
        for values in solutions(reduction.compiled):
            restored = reduction.restore(values)
            assert not len(compiled.violated(restored))
            cost = drawn.cost(tuple(restored.tolist()))
            assert reduction.compiled.cost(values) == cost
            if cutoff is None or cost <= cutoff:
                least = cost if least is None else min(least, cost)
        assert least == min(map(drawn.cost, expected), default=None)
        for whole in expected:
            smaller = reduction.project(np.array(whole, dtype=np.int64))
            assert smaller is not None
            assert not len(reduction.compiled.violated(smaller))
            assert reduction.compiled.cost(smaller) <= drawn.cost(whole)

    hold()
    assert min(met[why.name] for why in Why) >= 5, met
    assert met["infeasible"] >= 20


def test_every_solution_stays_where_all_are_asked_for() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=400)
    @given(st.one_of(covers(), programs()), cutoffs)
    def hold(drawn: Drawn, cutoff: int | None) -> None:
        expected = within(drawn, cutoff)
        reduction = reduce(drawn.program().compile(), keep_all=True, cutoff=cutoff)
        met["infeasible"] += reduction.infeasible
        if reduction.infeasible:
            assert not expected
            return
        restored = [tuple(reduction.restore(values).tolist()) for values in solutions(reduction.compiled)]
        if cutoff is not None:
            restored = [values for values in restored if drawn.cost(values) <= cutoff]
        assert sorted(restored) == sorted(expected)
        assert set(reduction.why.tolist()) <= {Why.KEPT, Why.GIVEN, Why.FORCED, Why.DEAR}
        met["smaller"] += len(reduction.columns) < len(drawn.columns)
        met["fewer rows"] += len(reduction.compiled.row_lower) < len(drawn.rows)

    hold()
    assert min(met["infeasible"], met["smaller"], met["fewer rows"]) >= 20, met


def test_parts_add_up() -> None:
    met: Counter[int] = Counter()

    @settings(max_examples=200)
    @given(st.one_of(covers(), programs()), st.one_of(covers(), programs()))
    def hold(one: Drawn, other: Drawn) -> None:
        """Two programs beside each other fall apart again, and perhaps each of them too."""
        width = len(one.columns)
        moved = [
            Row(
                {column + width: factor for column, factor in row.factors.items()},
                row.lower,
                row.upper,
                tuple(column + width if column >= 0 else column - width for column in row.literals),
            )
            for row in other.rows
        ]
        drawn = Drawn(one.columns + other.columns, (*one.rows, *moved), one.prices + other.prices, 5)
        compiled = drawn.program().compile()
        found = parts(compiled)
        met[len(found)] += 1
        columns = np.concatenate([part.columns for part in found])
        assert sorted(columns.tolist()) == list(range(len(drawn.columns)))
        for part in found:
            mixed = {column < width for column in part.columns.tolist()}
            assert len(mixed) <= 1 or not (len(part.compiled.data) or len(part.compiled.literals))
        best = [min(map(part.compiled.cost, solutions(part.compiled)), default=None) for part in found]
        least = None if one.least() is None or other.least() is None else one.least() + other.least()
        expected = None if least is None else least - one.constant - other.constant + 5
        assert (None if None in best else sum(best)) == expected

    hold()
    assert len(met) >= 3, met


def cpsat(compiled: Compiled) -> Answer:
    program: Any = SimpleNamespace(compile=lambda: compiled)
    return CpSat().solve(program, Request())


def hold_costs(compiled: Compiled, reduction: Reduction) -> Integers:
    """Hold the least cost of a reduced program to that of the original; return the restored values."""
    answer = cpsat(reduction.compiled)
    assert answer.verdict is Verdict.OPTIMAL
    assert answer.values is not None
    restored = reduction.restore(answer.values)
    assert not len(compiled.violated(restored))
    expected = cpsat(compiled)
    assert expected.values is not None
    assert compiled.cost(restored) == compiled.cost(expected.values)
    projected = reduction.project(expected.values)
    assert projected is not None
    assert reduction.compiled.cost(projected) == compiled.cost(restored)
    return restored


def only_held(question: tuple[Any, Any]) -> tuple[Any, Any]:
    """Let it be enough that members have what is asked for: then one partner can do all that another can."""
    project, pool = question
    wanted = [{name: made[name] for name in ("id", "competence")} for made in project["capabilities"]]
    return {**project, "capabilities": wanted}, pool


def test_consortia_with_all_rules_and_costs_cost_the_same() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=150)
    @given(st.one_of(combinations(), questions().map(only_held)))
    def hold(question: tuple[Any, Any]) -> None:
        instance = pose(*question)
        model = build(instance)
        compiled = model.program.compile()
        reduction = reduce(compiled)
        if reduction.infeasible:
            met["proven infeasible"] += 1
            assert cpsat(compiled).verdict is Verdict.INFEASIBLE
            return
        if cpsat(reduction.compiled).verdict is Verdict.INFEASIBLE:
            assert cpsat(compiled).verdict is Verdict.INFEASIBLE
            return
        restored = hold_costs(compiled, reduction)
        consortium = model.decode(restored)
        assert not check(instance, consortium).violations
        assert total(instance, consortium) == compiled.cost(restored)
        met["smaller"] += len(reduction.columns) < np.count_nonzero(compiled.lower < compiled.upper)
        out = LeftOut(model, reduction)
        assert not {entry.partner for entry in out} & set(consortium.members)
        met["left out"] += bool(out)
        met["feasible"] += 1

    hold()
    assert min(met["proven infeasible"], met["left out"], met["smaller"], met["feasible"]) >= 10, met


@pytest.mark.parametrize("seed", range(4))
def test_covers_shrink_and_cost_the_same(seed: int) -> None:
    compiled = cover(seed, 30, 300, 0.1).compile()
    reduction = reduce(compiled)
    assert len(reduction.columns) < 100
    hold_costs(compiled, reduction)


@pytest.mark.parametrize("holders", [2, 3])
def test_covers_by_several_holders_cost_the_same(holders: int) -> None:
    question = generate("cover", seed=holders, partners=80, capabilities=12, holders=holders)
    compiled = build(pose(question)).program.compile()
    reduction = reduce(compiled)
    assert np.count_nonzero(reduction.why == Why.DOMINATED) > 10
    hold_costs(compiled, reduction)


@pytest.mark.parametrize("seed", range(2))
def test_split_deliveries_cost_the_same(seed: int) -> None:
    compiled = sourcing(seed, 5, 6).compile()
    hold_costs(compiled, reduce(compiled))


def made(width: int, prices: list[int], *rows: tuple[list[int], int]) -> Program:
    program = Program()
    columns = program.add_columns(TAG, width)
    for members, holders in rows:
        program.add_row(TAG, Linear(members), lower=holders)
    program.expressions["cost"] = Linear(columns, prices)
    return program


def test_one_stand_in_is_not_enough_where_two_holders_are_asked_for() -> None:
    # the third is needed beside one of the first two, although each of them can do more for less
    one = reduce(made(4, [1, 2, 3, 9], ([0, 1, 2, 3], 2), ([0, 1, 3], 1)).compile())
    assert Why(one.why[2]) is Why.DOMINATED
    assert sorted(one.stands_in(2)) == [0, 1]
    two = reduce(made(3, [1, 2, 3], ([0, 1, 2], 3)).compile())
    assert two.restore(np.zeros(0, dtype=np.int64)).tolist() == [1, 1, 1]


def test_of_equal_columns_one_stays() -> None:
    reduction = reduce(made(5, [2, 2, 2, 2, 2], ([0, 1, 2, 3, 4], 1), ([0, 1, 2, 3, 4], 1)).compile())
    assert reduction.restore(np.zeros(0, dtype=np.int64)).tolist() == [1, 0, 0, 0, 0]
    assert reduction.compiled.cost(np.zeros(0, dtype=np.int64)) == 2


def test_a_rule_keeps_the_dearer_column() -> None:
    program = made(3, [3, 2, 4], ([0, 1], 1), ([1, 2], 1))
    program.add_row(TAG, Linear([1, 2]), upper=1, when=[0])  # the stand-in is restricted
    program.add_row(TAG, Linear([1, 0], [1, -1]), upper=0)
    compiled = program.compile()
    reduction = reduce(compiled)
    assert Why(reduction.why[0]) is not Why.DOMINATED
    hold_costs(compiled, reduction)


def test_a_column_that_switches_a_rule_on_does_not_stand_in() -> None:
    def least(literal: int) -> int | None:
        program = made(4, [1, 2, 5, 5], ([0, 1], 1), ([2, 3, 0], 1), ([2, 3, 1], 1))
        program.add_row(TAG, Linear([2, 3]), lower=1, when=[literal])
        return cpsat(reduce(program.compile()).compiled).bound

    assert least(0) == 6  # the first two alone would be 3, but the first brings the rule
    assert least(~0) == 3


def test_what_is_dearer_than_the_cutoff_goes() -> None:
    compiled = made(3, [2, 9, 3], ([0, 1], 1), ([1, 2], 1)).compile()
    reduction = reduce(compiled, keep_all=True, cutoff=8)
    assert Why(reduction.why[1]) is Why.DEAR
    assert reduction.left_out(1) == ("dear", [])
    assert reduce(compiled, cutoff=4).infeasible
    assert not reduce(compiled, cutoff=5).infeasible


def test_hints_are_carried_over() -> None:
    reduction = reduce(cover(1, 10, 12, 0.3).compile(), keep_all=True)
    column = int(reduction.columns[2])
    assert reduction.reduced_hint({column: 1}) == {2: 1}
    gone = np.setdiff1d(np.arange(12), reduction.columns)
    assert reduction.reduced_hint(dict.fromkeys(gone.tolist(), 1)) == {}


def test_a_deadline_that_is_over_costs_only_size() -> None:
    compiled = cover(3, 30, 200, 0.1).compile()
    late = reduce(compiled, deadline=time.monotonic() - 1)
    assert len(late.columns) > len(reduce(compiled).columns)
    hold_costs(compiled, late)


def test_why_a_partner_is_out_is_said_by_name() -> None:
    holds = {"ada": (0, 1), "bor": (0,), "cid": (1, 2), "dan": (0,), "eve": (2, 3), "fay": (3,), "gus": (4,)}
    who, what = zip(*((place, held) for place, some in enumerate(holds.values()) for held in some), strict=True)
    question = Instance.from_arrays(
        partners=list(holds), capabilities=5, joining=[9, 2, 3, 4, 4, 3, 9], holds=(list(who), list(what))
    )
    model = build(question)
    compiled = model.program.compile()
    said = {entry.partner: str(entry.reason) for entry in LeftOut(model, reduce(compiled))}
    assert said["dan"] == "bor can do all that it can, at no more cost"
    assert said["ada"] == "bor, cid together can do all that it can, at no more cost"
    assert "gus" not in said
    dear = {entry.partner: str(entry.reason) for entry in LeftOut(model, reduce(compiled, keep_all=True, cutoff=17))}
    assert dear["ada"] == "every consortium with it costs more than one that is known or asked for"
    assert "gus" not in dear


def test_rows_under_opposite_literals_both_stay() -> None:
    program = made(3, [0, 2, 3])
    for literal in (0, ~0):
        program.add_row(TAG, Linear([1, 2]), lower=1, when=[literal])
    reduction = reduce(program.compile(), keep_all=True)
    assert len(reduction.compiled.row_lower) == 2
    assert cpsat(reduction.compiled).bound == 2
    program.add_row(TAG, Linear([1, 2], [2, 1]), lower=1)  # now they follow from this one, and from it alone
    assert len(reduce(program.compile(), keep_all=True).compiled.row_lower) == 1
