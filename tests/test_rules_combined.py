"""Back ends agree on questions that combine rules on losses, odds, links and conditions, infeasible ones included."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from drawing import questions
from hypothesis import given, settings
from hypothesis import strategies as st

from consortia.checking import check
from consortia.errors import SolverRefused
from consortia.posing import pose
from consortia.solving import solve

NAMES = ("ada", "bor")  # every drawn question has them

filters = st.sampled_from([{}, {"filter": {"kind": "sme"}}, {"filter": {"country": ["BY", "RU"]}}])
pairs = st.lists(st.sampled_from([["ada", "bor"], ["bor", "ada"]]), max_size=1)
conditions = st.one_of(
    st.fixed_dictionaries({"rule": st.just("count"), "min": st.integers(1, 3)}),
    st.fixed_dictionaries({"rule": st.just("include"), "partners": st.sampled_from([["ada"], ["bor"]])}),
    st.fixed_dictionaries({"rule": st.just("distinct"), "attribute": st.just("country"), "max": st.integers(1, 2)}),
)
plain = st.one_of(
    st.fixed_dictionaries(
        {
            "rule": st.just("survives"),
            "loss_of": st.sampled_from(["member", "cluster", "country", "owner"]),
            "number": st.sampled_from([1, 1, 2]),
        }
    ),
    st.tuples(st.sampled_from(["0.5", "0.9", "0.95", "0.99"]), st.sampled_from(["any", "all"])).map(
        lambda drawn: {"rule": "reliability", "min": drawn[0], "mode": drawn[1]}
    ),
    st.tuples(st.just({"rule": "links"}), filters, pairs.map(lambda drawn: {"pairs": drawn})).map(
        lambda parts: {key: value for part in parts for key, value in part.items()}
    ),
    st.tuples(st.just({"rule": "connected"}), filters, pairs.map(lambda drawn: {"pairs": drawn})).map(
        lambda parts: {key: value for part in parts for key, value in part.items()}
    ),
    st.tuples(st.sampled_from(["0.3", "0.5"]), filters).map(
        lambda drawn: {"rule": "count", "min_share": drawn[0], **drawn[1]}
    ),
)
combined = st.lists(
    st.one_of(
        plain,
        st.fixed_dictionaries({"rule": st.just("conditional"), "if": conditions, "then": plain}),
    ),
    min_size=1,
    max_size=3,
)
reliabilities = st.lists(st.sampled_from([None, "0.5", "0.9", "0.95", 1]), min_size=6, max_size=6)


def hold_to_each_other(question: tuple[Any, Any], rules: list[dict[str, Any]], known: list[Any]) -> str:
    project, pool = question
    for partner, reliability in zip(pool["partners"], known, strict=False):
        if reliability is not None:
            partner["reliability"] = reliability
    instance = pose({**project, "rules": [*project["rules"], *rules]}, pool)
    outcomes = [solve(instance, solver=name) for name in ("cpsat", "milp")]
    with suppress(SolverRefused):  # some of them have too many columns for trying everything
        outcomes.append(solve(instance, solver="exhaustive"))
    assert len({(outcome.status, outcome.cost) for outcome in outcomes}) == 1, [
        (outcome.solver, outcome.status, outcome.cost) for outcome in outcomes
    ]
    for outcome in outcomes:
        if outcome.consortium is not None:
            assert outcome.cost == outcome.bound
            assert check(instance, outcome.to_dict()).valid
    return outcomes[0].status.value


@pytest.mark.slow
@settings(max_examples=1500)
@given(questions(most_partners=3, most_capabilities=2, most_rules=1), combined, reliabilities)
def test_back_ends_agree_on_many(question: tuple[Any, Any], rules: list[dict[str, Any]], known: list[Any]) -> None:
    hold_to_each_other(question, rules, known)


def test_back_ends_agree() -> None:
    met: dict[str, int] = {}

    @settings(max_examples=60)
    @given(questions(most_partners=3, most_capabilities=2, most_rules=1), combined, reliabilities)
    def draw(question: tuple[Any, Any], rules: list[dict[str, Any]], known: list[Any]) -> None:
        status = hold_to_each_other(question, rules, known)
        met[status] = met.get(status, 0) + 1

    draw()
    # what is drawn is worth asking
    assert met["optimal"] >= 8 and met["infeasible"] >= 8, met
