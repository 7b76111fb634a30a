"""Back ends against the oracle by meaning, on small questions as people would write them, infeasible ones included."""

from __future__ import annotations

import os
from typing import Any

import pytest
from drawing import questions
from hypothesis import given, settings
from oracle import least_cost

from consortia.checking import check
from consortia.instance import Instance
from consortia.outcome import Status
from consortia.posing import pose
from consortia.solving import solve

BACK_ENDS = ("cpsat", "milp", "exhaustive", "prices", "search", "auto")
pytestmark = pytest.mark.usefixtures("nothing_is_small")
MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))


def hold_to_oracle(question: tuple[Any, Any], back_ends: tuple[str, ...] = BACK_ENDS) -> Instance:
    instance = pose(*question)
    expected = least_cost(instance)
    for name in back_ends:
        outcome = solve(instance, solver=name)
        if expected is None:
            assert outcome.status is Status.INFEASIBLE, name
            assert (outcome.cost, outcome.bound, outcome.consortium) == (None, None, None)
            continue
        assert outcome.status is Status.OPTIMAL, name
        assert outcome.cost == outcome.bound == instance.money(expected[0]), name
        assert check(instance, outcome).valid
        assert check(instance, outcome.to_dict()).valid
    return instance


@settings(max_examples=150)
@given(questions())
def test_back_ends_agree_with_the_oracle(question: tuple[Any, Any]) -> None:
    hold_to_oracle(question)


@settings(max_examples=25)
@given(questions(most_rules=4))
def test_back_ends_agree_with_the_oracle_under_many_rules(question: tuple[Any, Any]) -> None:
    hold_to_oracle(question)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(questions(most_rules=4))
def test_back_ends_agree_with_the_oracle_on_many(question: tuple[Any, Any]) -> None:
    hold_to_oracle(question)


def test_drawn_questions_are_worth_asking() -> None:
    """Of the questions that are drawn a fair part is feasible, and a fair part is not."""
    found = {True: 0, False: 0}

    @settings(max_examples=120)
    @given(questions())
    def draw(question: tuple[Any, Any]) -> None:
        found[least_cost(pose(*question)) is None] += 1

    draw()
    assert min(found.values()) >= 30
