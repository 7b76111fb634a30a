"""Assignment programs: what counts as one, and the search, against enumeration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_programs import TAG, Drawn, Row, cover, programs, sourcing

from consortia.compiled import Compiled
from consortia.program import Linear, Program
from consortia.solvers.assigning import is_assigning, search_assignment
from consortia.solvers.assignments import Assignments
from consortia.solvers.shifting import Shifts


@st.composite
def assignments(draw: st.DrawFn) -> Drawn:
    """Draw up to three openers and three choices: with links or without, open anyway, fixed, or closed when unused."""
    columns: list[tuple[int, int]] = []
    prices: list[int] = []
    rows: list[Row] = []

    def column(price: int, bounds: tuple[int, int] = (0, 1)) -> int:
        columns.append(bounds)
        prices.append(price)
        return len(columns) - 1

    choices = draw(st.integers(1, 3))
    demand = [draw(st.integers(1, 6)) for _ in range(choices)]
    takers: list[list[int]] = [[] for _ in range(choices)]
    for _ in range(draw(st.integers(1, 3))):
        offered = [choice for choice in range(choices) if choice == 0 or draw(st.integers(0, 5))]
        fixing = st.sampled_from([(0, 1)] * 8 + [(0, 0), (1, 1)])
        items = {choice: column(draw(st.integers(0, 9)), draw(fixing)) for choice in offered}
        for choice, item in items.items():
            takers[choice].append(item)
        if not items:
            continue
        room = draw(st.integers(1, sum(demand) + 2))
        weights = {item: demand[choice] for choice, item in items.items()}
        if not draw(st.integers(0, 5)):
            rows.append(Row(weights, None, room, ()))
            continue
        opener = column(draw(st.sampled_from([0, 2, 5, 9, -3])), draw(fixing))
        rows.append(Row({**weights, opener: -room}, None, 0, ()))
        if draw(st.booleans()):
            rows += [Row({item: 1, opener: -1}, None, 0, ()) for item in items.values()]
        if draw(st.booleans()):
            rows.append(Row({**dict.fromkeys(items.values(), 1), opener: -1}, 0, None, ()))
    most = draw(st.sampled_from([1, 1, 1, None]))
    rows += [Row(dict.fromkeys(items, 1), 1, most, ()) for items in takers if items]
    return Drawn(tuple(columns), tuple(rows), tuple(prices), draw(st.integers(-9, 9)))


def locations(seed: int, openers: int, choices: int, slack: float = 1.6) -> Program:
    """A question of single-source facility location."""
    random = np.random.default_rng(seed)
    demand = random.integers(5, 36, choices)
    room = random.integers(10, 161, openers)
    room = np.maximum(36, (room * slack * demand.sum() / room.sum()).astype(np.int64))
    program = Program()
    opener = program.add_columns(TAG, openers)
    pairs = program.add_columns(TAG, openers * choices).reshape(openers, choices)
    for choice in range(choices):
        program.add_row(TAG, Linear(pairs[:, choice]), 1, 1)
    for who in range(openers):
        program.add_row(TAG, Linear(pairs[who], demand) - Linear(opener[[who]], int(room[who])), upper=0)
        program.add_row(TAG, Linear(pairs[who]) - Linear(opener[[who]]), lower=0)
        for choice in range(choices):
            program.add_row(TAG, Linear([pairs[who, choice], opener[who]], [1, -1]), upper=0)
    program.expressions["cost"] = Linear.total(
        [
            Linear(opener, random.integers(200, 900, openers)),
            Linear(pairs.ravel(), random.integers(10, 100, openers * choices)),
        ]
    )
    return program


def searched(compiled: Compiled, steps: int = 200, seed: int = 0) -> int | None:
    """The cost that a search finds, if it finds anything; its values are held to what it says."""
    found = search_assignment(compiled, steps=steps, seed=seed)
    if found is None:
        return None
    cost, values = found
    assert not len(compiled.violated(values))
    assert compiled.cost(values) == cost
    return cost


@settings(max_examples=120, deadline=None)
@given(assignments())
def test_small_assignments_are_found_and_never_below_the_least(drawn: Drawn) -> None:
    compiled, least = drawn.program().compile(), drawn.least()
    found = searched(compiled)
    if least is None:
        assert found is None
    elif is_assigning(compiled):
        assert found is not None and found >= least


def test_most_small_assignments_are_found_at_least_cost() -> None:
    reached, tried = 0, 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        openers, choices = 3, 3
        rows, prices = [], [*random.integers(0, 20, openers).tolist(), *random.integers(0, 10, 9).tolist()]
        weights = random.integers(1, 6, choices).tolist()
        for choice in range(choices):
            rows.append(Row({openers + who * choices + choice: 1 for who in range(openers)}, 1, 1, ()))
        for who in range(openers):
            inside = {openers + who * choices + choice: weights[choice] for choice in range(choices)}
            rows.append(Row({**inside, who: -int(random.integers(3, 9))}, None, 0, ()))
        drawn = Drawn(((0, 1),) * 12, tuple(rows), tuple(prices), 0)
        least, compiled = drawn.least(), drawn.program().compile()
        if least is not None and is_assigning(compiled):
            tried += 1
            reached += searched(compiled) == least
    assert tried > 20 and reached >= 0.95 * tried


@settings(max_examples=100, deadline=None)
@given(programs())
def test_what_is_taken_for_an_assignment_is_solved_as_one(drawn: Drawn) -> None:
    compiled, least = drawn.program().compile(), drawn.least()
    if is_assigning(compiled):
        found = searched(compiled, steps=50)
        assert found is None or (least is not None and found >= least)


def test_programs_that_are_no_assignments() -> None:
    assert not is_assigning(sourcing(1, 3, 4).compile())
    assert not is_assigning(cover(1, 5, 9, 0.3).compile())


@pytest.mark.parametrize("rule", ["count", "exclusion", "implication", "budget", "pair", "literal", "integer"])
def test_a_rule_on_top_is_refused(rule: str) -> None:
    program = locations(1, 5, 8, slack=3)
    assert is_assigning(program.compile())
    body = {
        "count": Linear(range(5)),
        "exclusion": Linear([0, 1]),
        "implication": Linear([0, 1], [1, -1]),
        "budget": Linear(range(45), [*range(3, 48)]),
        "pair": Linear([5, 14]),
        "literal": Linear([0, 1]),
        "integer": Linear([0]),
    }[rule]
    if rule == "integer":
        program.add_columns(TAG, 1, 0, 3)
    else:
        upper = {"count": 3, "budget": 400, "implication": 0}.get(rule, 1)
        program.add_row(TAG, body, upper=upper, when=[2] if rule == "literal" else ())
    assert not is_assigning(program.compile())
    assert search_assignment(program.compile(), steps=10) is None


def test_too_little_room_has_no_solution() -> None:
    program = Program()
    pairs = program.add_columns(TAG, 6).reshape(2, 3)
    for choice in range(3):
        program.add_row(TAG, Linear(pairs[:, choice]), 1, 1)
    for who in range(2):
        program.add_row(TAG, Linear(pairs[who], [3, 3, 3]), upper=5)
    program.expressions["cost"] = Linear(pairs.ravel(), 1)
    assert search_assignment(program.compile(), steps=300) is None


def test_a_start_is_kept_unless_something_is_cheaper() -> None:
    compiled = locations(3, 8, 25).compile()
    best = search_assignment(compiled, steps=1500)
    assert best is not None
    again = search_assignment(compiled, start=best[1], steps=1, seed=1)
    assert again is not None and again[0] <= best[0]
    stopped = search_assignment(compiled, start=best[1], halt=lambda: True)
    assert stopped is not None and stopped[0] <= best[0]


def test_a_start_that_solves_nothing_is_passed_over() -> None:
    compiled = locations(3, 8, 25).compile()
    nothing = np.zeros(len(compiled.lower), dtype=np.int64)
    assert search_assignment(compiled, start=nothing, steps=300) is not None


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_finds_the_same(seed: int) -> None:
    compiled = locations(5, 10, 40).compile()
    first, second = (search_assignment(compiled, steps=1200, seed=seed) for _ in range(2))
    assert first is not None and second is not None
    assert (first[1] == second[1]).all()


def test_every_improvement_is_reported_and_the_target_ends_the_search() -> None:
    compiled = locations(5, 10, 40).compile()
    seen: list[int] = []

    def better(cost: int, values: np.ndarray) -> None:
        assert not len(compiled.violated(values)) and compiled.cost(values) == cost
        seen.append(cost)

    found = search_assignment(compiled, steps=2000, on_better=better)
    assert found is not None and seen[-1] == found[0]
    assert seen == sorted(set(seen), reverse=True)
    ended = search_assignment(compiled, steps=None, target=found[0])
    assert ended is not None and ended[0] <= found[0]


def test_charges_that_are_given_are_used() -> None:
    compiled = locations(5, 10, 40).compile()
    best = search_assignment(compiled, steps=2000)
    charges = compiled.objective.astype(float)
    found = search_assignment(compiled, steps=2000, charges=charges)
    assert best is not None and found is not None and found[0] <= 1.1 * best[0]


def test_a_walk_keeps_its_sums_true() -> None:
    program = Assignments.of(locations(9, 6, 30).compile())
    assert program is not None
    walk = Shifts(program, program.cost.argmin(axis=0), seed=0)
    walk.run(80, 80, lambda: False, -np.inf)
    everyone = np.arange(30)
    used = np.unique(walk.at)
    assert walk.total == program.cost[walk.at, everyone].sum() + program.fee[used].sum()
    assert (walk.load == np.bincount(walk.at, program.weight[walk.at, everyone], 6)).all()
    excess = np.maximum(walk.load - walk.room, 0).sum()
    before = walk.total + walk.price * excess
    choice, opener = 0, (int(walk.at[0]) + 1) % 6
    leave = program.cost[walk.at[0], 0] + (walk.fee * (walk.count == 1))[walk.at[0]]
    over = np.maximum(walk.load - walk.room, 0)[walk.at[0]]
    less = np.maximum(walk.load - program.weight[:, 0] - walk.room, 0)[walk.at[0]]
    change = walk.enter[opener, choice] - leave - walk.price * (over - less)
    walk._put(choice, opener)
    after = walk.total + walk.price * np.maximum(walk.load - walk.room, 0).sum()
    assert np.isclose(after - before, change)
