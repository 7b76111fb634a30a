"""Back ends against the oracle on projects that combine three to six components, infeasible ones included."""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from combining import combinations
from hypothesis import Phase, given, settings
from lexicographic import best_values

from consortia.checking import check
from consortia.errors import SolverRefused
from consortia.instance import Instance
from consortia.outcome import Outcome, Status
from consortia.posing import pose
from consortia.progress import Progress
from consortia.solving import solve

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
EXACT = ("cpsat", "milp:highs", "exhaustive", "prices", "search", "auto")
pytestmark = pytest.mark.usefixtures("nothing_is_small")
UNSHRUNK = (Phase.generate,)  # what fails is small as it is, and making it smaller takes many solves


def hold(question: tuple[Any, Any], met: Counter[str]) -> None:
    """Hold the status and the value of every stage to the oracle, for each back end that takes the question."""
    instance = pose(*question)
    expected = best_values(instance)
    met["feasible" if expected is not None else "infeasible"] += 1
    for name in EXACT:
        told: list[Progress] = []
        try:
            outcome = solve(instance, solver=name, on_progress=told.append)
        except SolverRefused:
            assert name == "exhaustive"  # it declines what would take it too long
            continue
        met[name] += 1
        hold_progress(instance, told, expected)
        if expected is None:
            assert outcome.status is Status.INFEASIBLE, name
            assert (outcome.cost, outcome.bound, outcome.consortium) == (None, None, None)
        else:
            hold_outcome(outcome, expected)


def hold_progress(instance: Instance, told: list[Progress], expected: list[Fraction] | None) -> None:
    """Hold what is told on the way to the value of the stage that is about the cost; of others nothing is told."""
    bests = [news.best for news in told if news.best is not None]
    bounds = [news.bound for news in told if news.bound is not None]
    assert bests == sorted(bests, reverse=True)
    assert bounds == sorted(bounds)
    values = {} if expected is None else dict(zip((name for name, _ in instance.objectives), expected, strict=True))
    if "cost" in values:
        least = instance.money(int(values["cost"] * instance.scale))
        assert all(best >= least for best in bests)
        assert all(bound <= least for bound in bounds)
    else:
        assert not bests


def hold_outcome(outcome: Outcome, expected: list[Fraction]) -> None:
    assert outcome.status is Status.OPTIMAL, outcome.solver
    assert [stage.value for stage in outcome.stages] == expected, outcome.solver
    assert [stage.bound for stage in outcome.stages] == expected, outcome.solver
    assert all(stage.status is Status.OPTIMAL and stage.proof is not None for stage in outcome.stages)
    by_cost = outcome.stages[0].expression == "cost"
    assert outcome.bound == (outcome.instance.money(int(expected[0] * outcome.instance.scale)) if by_cost else None)
    assert check(outcome.instance, outcome).valid
    assert not check(outcome.instance, outcome.to_dict()).violations


def test_back_ends_agree_with_the_oracle() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=150, phases=UNSHRUNK)
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    # what is drawn is worth asking, and most of it can be tried in every way
    assert min(met["feasible"], met["infeasible"], met["exhaustive"]) >= 40, met


@pytest.mark.slow
def test_back_ends_agree_with_the_oracle_on_many() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=MANY, phases=UNSHRUNK)
    @given(combinations())
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    assert min(met["feasible"], met["infeasible"]) >= MANY // 4, met


def test_a_start_is_not_the_end() -> None:
    """HiGHS called its start optimal in the last stage, at a cost of 2, although its own bound was 0."""
    able = [{"competence": "laser", "level": 3, "fixed": 1}, {"competence": "films", "level": 3, "fixed": 1}]
    pool = {
        "clusters": [{"id": "north", "industry": "packaging", "fee": 1}],
        "competences": [{"id": "welding"}, {"id": "laser", "broader": ["welding"]}, {"id": "films"}],
        "partners": [
            {
                "id": "ada",
                "industry": "packaging",
                "capacity": "0.2",
                "offers": [
                    {"competence": "films", "fixed": 1, "rate": 0},
                    {"competence": "welding", "level": 2, "rate": 3, "capacity": "0.2"},
                    {**able[0], "rate": 2},
                    {**able[1], "rate": 1},
                ],
            },
            {
                "id": "bor",
                "capacity_per_period": "0.2",
                "offers": [
                    {"competence": "laser", "rate": 2},
                    {"competence": "laser", "level": 3, "rate": "0.01", "fixed": 2},
                    {**able[0], "rate": 1},
                    {**able[1], "rate": 2},
                ],
            },
            {
                "id": "cid",
                "capacity_per_period": "0.1",
                "offers": [
                    {"competence": "films", "rate": 0, "fixed": 0},
                    {"competence": "laser", "rate": 0, "fixed": "2.5", "capacity": "0.5"},
                    {**able[0], "rate": 2},
                    {**able[1], "rate": 2},
                ],
            },
        ],
    }
    project = {
        "title": "t",
        "cooperation": "any",
        "capabilities": [
            {"id": "c0", "competence": "welding", "mode": "delivered"},
            {"id": "other", "competence": "films", "effort": "0.1"},
        ],
        "choices": [["c0", "other"]],
        "periods": 3,
        "rules": [{"rule": "requires", "when": "ada", "any_of": ["bor"]}],
        "objectives": [{"of": name, "slack": "30%"} for name in ("affinity", "members", "cost")],
    }
    hold((project, pool), Counter())
