"""What must not matter does not: names, order, the size of money, partners that nobody needs."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from drawing import PARTNERS, questions
from hypothesis import given, settings
from hypothesis import strategies as st

from consortia.outcome import Outcome, Status
from consortia.posing import pose
from consortia.solving import solve

Question = tuple[dict[str, Any], dict[str, Any]]


def answer(question: Question) -> tuple[Status, Decimal | None]:
    outcome = solve(*question, solver="cpsat")
    return outcome.status, outcome.cost


@settings(max_examples=40)
@given(questions(), st.randoms(use_true_random=False))
def test_order_does_not_matter(question: Question, random: Any) -> None:
    project, pool = copy.deepcopy(question)
    for shuffled in (
        project["capabilities"],
        project["rules"],
        pool["clusters"],
        pool["partners"],
        pool["competences"],
    ):
        random.shuffle(shuffled)
    for partner in pool["partners"]:
        random.shuffle(partner["offers"])
    assert answer((project, pool)) == answer(question)


# one another's names backwards in the alphabet, in another alphabet, and with blanks
NAMES = dict(zip(PARTNERS, ("Я — завод", "b c", "ad", "0"), strict=True))


@settings(max_examples=40)
@given(questions())
def test_names_do_not_matter(question: Question) -> None:
    text = json.dumps(question)
    for old, new in NAMES.items():
        text = text.replace(json.dumps(old), json.dumps(new))
    assert answer(tuple(json.loads(text))) == answer(question)


def scaled(value: Any, factor: Decimal) -> str:
    return str(Decimal(str(value)) * factor)


def times(question: Question, factor: Decimal) -> Question:
    project, pool = copy.deepcopy(question)
    if "budget" in project:
        project["budget"] = scaled(project["budget"], factor)
    priced = [
        *((cluster, "fee") for cluster in pool["clusters"]),
        *((partner, key) for partner in pool["partners"] for key in ("joining_cost", "default_rate")),
        *((offer, key) for partner in pool["partners"] for offer in partner["offers"] for key in ("rate", "fixed")),
    ]
    for entry, key in priced:
        if key in entry:
            entry[key] = scaled(entry[key], factor)
    return project, pool


@pytest.mark.parametrize("factor", ["0.0001", "7", "1000000", "12345.6789"])
def test_the_size_of_money_does_not_matter(factor: str) -> None:
    @settings(max_examples=15)
    @given(questions())
    def hold(question: Question) -> None:
        status, cost = answer(question)
        scaled_cost = None if cost is None else cost * Decimal(factor)
        assert answer(times(question, Decimal(factor))) == (status, scaled_cost)

    hold()


def priced(rate: str, *, others: str = "100") -> Outcome:
    offers = [{"competence": "work", "rate": rate}]
    pool = {
        "partners": [
            {"id": "a", "joining_cost": "0.0001", "offers": offers},
            {"id": "b", "offers": [{"competence": "work", "rate": others}]},
        ]
    }
    project = {"title": "t", "cooperation": "any", "capabilities": [{"id": "work", "effort": "0.3", "providers": 1}]}
    return solve(project, pool, solver="cpsat")


def test_four_decimals_decide() -> None:
    cheaper = priced("99.9994")
    assert cheaper.cost == Decimal("29.99992")  # 0.3 x 99.9994 + 0.0001
    assert cheaper.consortium is not None
    assert list(cheaper.consortium.members) == ["a"]
    dearer = priced("99.9998")
    assert dearer.cost == 30  # the other would cost 30.00004
    assert dearer.consortium is not None
    assert list(dearer.consortium.members) == ["b"]


@settings(max_examples=50)
@given(questions(), st.data())
def test_one_more_partner_never_raises_the_cost(question: Question, data: st.DataObject) -> None:
    """Whatever the rules, unless they name the partner: nobody has to take it."""
    project, pool = question
    named = json.dumps(project["rules"])
    free = [place for place, partner in enumerate(pool["partners"]) if json.dumps(partner["id"]) not in named]
    if not free:
        return
    gone = data.draw(st.sampled_from(free))
    interest = {who: word for who, word in project["interest"].items() if who != pool["partners"][gone]["id"]}
    fewer = {**pool, "partners": [partner for place, partner in enumerate(pool["partners"]) if place != gone]}
    status, cost = answer(({**project, "interest": interest}, fewer))
    more_status, more_cost = answer((project, pool))
    if cost is not None:
        assert status is more_status is Status.OPTIMAL
        assert more_cost is not None
        assert more_cost <= cost


@settings(max_examples=40)
@given(questions())
def test_asking_for_more_never_lowers_the_cost(question: Question) -> None:
    project, pool = question
    _, cost = answer(question)
    easier = {**project, "rules": [], "cooperation": "any"}
    status, least = answer((easier, pool))
    if cost is not None:
        assert status is Status.OPTIMAL
        assert least is not None
        assert least <= cost


@settings(max_examples=30)
@given(questions())
def test_a_question_has_one_fingerprint(question: Question) -> None:
    first = pose(*question)
    assert first.fingerprint() == pose(*copy.deepcopy(question)).fingerprint()
    assert first.fingerprint() != first.replace(budget=(first.budget or 0) + 1).fingerprint()


@pytest.mark.parametrize("currency", ["EUR", "RUB"])
def test_money_in_another_currency_is_the_same_money(currency: str) -> None:
    """A rate of two doubles the amounts and changes nothing else."""
    offers = [[{"competence": "work", "rate": rate}] for rate in (10, "7.25")]
    pool = {
        "currency": currency,
        "partners": [{"id": str(place), "joining_cost": 3, "offers": made} for place, made in enumerate(offers)],
    }
    project = {
        "title": "t",
        "cooperation": "any",
        "rates": [{"currency": "RUB", "rate": 2, "date": "2025-01-31"}],
        "capabilities": [{"id": "work", "effort": 2}],
    }
    assert solve(project, pool).cost == Decimal("17.5") * (2 if currency == "RUB" else 1)
