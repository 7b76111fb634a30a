"""Competence prices: what they prove together, what each is a price of, and how they are shown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import highspy
import numpy as np
import pytest
from combining import combinations
from drawing import questions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from consortia import Instance, solve
from consortia.checking import check
from consortia.model import build
from consortia.multipliers import Price, find_prices
from consortia.outcome import Outcome, Status
from consortia.posing import pose
from consortia.program import Linear, Program, Tag
from consortia.report.text import text_report
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.silent_highs import SilentHighs


def least(instance: Instance) -> Outcome:
    """Solve for the cost alone."""
    return solve(instance.replace(objectives=(("cost", Fraction(0)),)), solver="cpsat")


def relaxed(instance: Instance) -> float:
    """Return the least cost of the linear relaxation, from HiGHS on the whole program at once."""
    compiled = build(instance).program.compile().without_literals()
    solver = SilentHighs()
    solver.setOptionValue("output_flag", False)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(compiled.lower), len(compiled.row_lower)
    model.col_cost_ = compiled.objective.astype(float)
    model.col_lower_, model.col_upper_ = compiled.lower.astype(float), compiled.upper.astype(float)
    model.row_lower_ = np.where(compiled.row_lower == -(2**62), -np.inf, compiled.row_lower.astype(float))
    model.row_upper_ = np.where(compiled.row_upper == 2**62, np.inf, compiled.row_upper.astype(float))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = compiled.indptr, compiled.indices
    model.a_matrix_.value_ = compiled.data.astype(float)
    solver.passModel(model)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    objective = solver.getInfo().objective_function_value
    return float((objective * compiled.divisor + compiled.constant) / instance.scale)


def test_prices_prove_what_the_relaxation_says_and_never_more() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=120, phases=(Phase.generate,))
    @given(st.one_of(combinations(), questions()))
    def hold(question: tuple[Any, Any]) -> None:
        instance = pose(*question)
        prices = find_prices(instance)
        outcome = least(instance)
        if prices is None:
            assert outcome.status is Status.INFEASIBLE
            met["none"] += 1
            return
        assert float(prices.bound) >= relaxed(instance) - 1e-5
        if outcome.cost is None:
            return
        assert prices.bound <= outcome.cost
        met["reached" if prices.bound == outcome.cost else "below"] += 1
        met["positive"] += prices.bound > 0
        for price in prices.entries:
            met[price.per] += price.amount != 0
        titles = Counter(str(part.title()) for rule in instance.rules for part in rule.with_parts())
        for rule in instance.rules:
            title = str(rule.title())
            whole = [price for price in prices.entries if str(price.name) == title and price.per == "rule"]
            assert len(whole) == 1
            if titles[title] == 1 and whole[0].amount:
                without = tuple(other for other in instance.rules if other is not rule)
                cost = least(instance.replace(rules=without)).cost
                assert cost is not None
                assert Fraction(prices.bound) - whole[0].amount <= Fraction(cost)
                met["without a rule"] += 1

    hold()
    assert min(met["none"], met["reached"], met["below"], met["without a rule"]) >= 5, met
    assert min(met["positive"], met["delivery"], met["person-month"], met["rule"]) >= 10, met


def entries(found: dict[str, Any] | Instance) -> dict[tuple[str, str], Fraction]:
    prices = find_prices(found if isinstance(found, Instance) else pose(found))
    assert prices is not None
    return {(str(price.name), price.per): price.amount for price in prices.entries}


def project(capabilities: list[dict[str, Any]], partners: list[dict[str, Any]], **others: Any) -> dict[str, Any]:
    return {
        "title": "Prices",
        "cooperation": "any",
        "currency": "EUR",
        "capabilities": capabilities,
        "pool": {"partners": partners},
        **others,
    }


def test_each_price_is_for_one_unit() -> None:
    question = project(
        [
            {"id": "coating", "effort": "2.5"},
            {"id": "testing", "effort": 4, "providers": 1},
            {"id": "licence"},
        ],
        [
            {"id": "ada", "offers": [{"competence": "coating", "rate": 1000}]},
            {"id": "bor", "offers": [{"competence": "testing", "rate": "100.25"}]},
            {"id": "cid", "joining_cost": 70, "offers": [{"competence": "licence"}]},
            {"id": "dor", "joining_cost": 90, "offers": [{"competence": "licence"}]},
        ],
    )
    found = entries(question)
    assert found.keys() == {
        ("coating", "provider"),
        ("coating", "person-month"),
        ("testing", "delivery"),
        ("licence", "holder"),
    }
    assert 70 <= found["licence", "holder"] <= 90
    assert find_prices(pose(question)).bound == Fraction("2500") + 401 + 70  # type: ignore[union-attr]


def test_units_of_steps_are_taken_out() -> None:
    """One has four months at 1000 for two things of three each: the last months are had from another, at 1600."""
    names = ("coating", "testing")
    question = project(
        [{"id": name, "effort": 3} for name in names],
        [
            {"id": "ada", "capacity": 4, "offers": [{"competence": name, "rate": 1000} for name in names]},
            {"id": "bor", "offers": [{"competence": name, "rate": 1600} for name in names]},
        ],
        effort_step="0.25",
    )
    found = entries(question)
    assert found["coating", "person-month"] == found["testing", "person-month"] == 1600
    assert found["ada", "person-month"] == 600
    whole = [{**capability, "providers": 1} for capability in question["capabilities"]]
    found = entries({**question, "capabilities": whole})
    assert found["coating", "delivery"] == found["testing", "delivery"] == 3 * 1600
    assert found["ada", "person-month"] == 600  # its row is in steps, and divided by four when it is compiled


def test_rules_are_priced_by_what_they_count_and_as_a_whole() -> None:
    members = [
        {"id": name, "joining_cost": cost, "kind": "sme", "offers": [{"competence": "licence"}]}
        for name, cost in (("cid", 20), ("dor", 30), ("eve", 50))
    ]
    rule = {"rule": "count", "filter": {"kind": "sme"}, "min": 2, "label": "two small ones"}
    found = entries(project([{"id": "licence"}], members, rules=[rule]))
    assert 30 <= found["two small ones", "unit"] + found["licence", "holder"] <= 50
    # without it one for 20 is enough; with the licence priced at nothing, all that is proven rests on the rule
    assert 30 <= found["two small ones", "rule"] <= 50


def test_lowered_rows_know_what_they_were() -> None:
    program = Program()
    columns = program.add_columns(Tag("member"), 6)
    program.add_row(Tag("rule"), Linear(columns[[2, 3]]), 1, 1, when=[0])  # becomes two rows
    program.add_row(Tag("cover"), Linear(columns[[0, 1]]), 1)
    program.add_row(Tag("rule"), Linear(columns[[3, 4]]), 0, 2, when=[1])  # none is left of it
    program.add_row(Tag("rule"), Linear(columns[[4, 5]]), 1, when=[~1])
    plain, origin = program.compile().lowered()
    assert origin.tolist() == [1, 0, 0, 3]
    places = [set(plain.indices[plain.indptr[row] : plain.indptr[row + 1]].tolist()) for row in range(4)]
    assert places == [{0, 1}, {0, 2, 3}, {0, 2, 3}, {1, 4, 5}]


def test_the_budget_is_priced_in_money_for_money(monkeypatch: pytest.MonkeyPatch) -> None:
    question = pose(
        project(
            [{"id": "coating", "effort": 6, "providers": 1}],
            [{"id": "ada", "offers": [{"competence": "coating", "rate": "0.02"}]}],
            budget="0.20",
        )
    )
    solved = LinearProgram.solve

    def dearer(self: Any, *arguments: Any) -> Any:
        """Price the budget, which no optimum does by itself."""
        found = solved(self, *arguments)
        prices = found.prices.copy()
        prices[-1] = -0.5
        return replace(found, prices=prices)

    monkeypatch.setattr(LinearProgram, "solve", dearer)
    program = build(question).program
    assert program.row_blocks[-1].tag.kind == "budget"
    prices = find_prices(question)
    assert prices is not None
    assert program.written().data[-1] == 60 * program.compile().data[-1]
    assert Price("budget", "", "money", Fraction(1, 2)) in prices.entries


def test_what_cannot_be_had_has_no_prices() -> None:
    question = Instance.from_arrays(partners=["a"], capabilities=2, joining=[3], holds=([0], [0]), holders=[1, 1])
    outcome = solve(question.replace(delivered=np.array([False, False])), solver="cpsat")
    assert (outcome.status, outcome.prices) == (Status.INFEASIBLE, None)
    assert outcome.to_dict(prices=True)["prices"] is None
    assert "there are no prices" not in text_report(outcome).lower()
    assert "There are no prices" in text_report(outcome, prices=True)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return solve("instances/cold-chain.yaml", time_limit=60, gap=0.05)


def test_json_has_prices_where_they_are_asked_for(outcome: Outcome) -> None:
    assert outcome.to_dict()["prices"] is None
    data = json.loads(outcome.to_json(prices=True))
    assert data["prices"]["bound"] <= data["cost"]
    assert {entry["kind"] for entry in data["prices"]["entries"]} == {"capability", "rule", "capacity"}
    assert {"kind", "name", "per", "amount"} == set(data["prices"]["entries"][0])
    named = {entry["name"] for entry in data["prices"]["entries"] if entry["kind"] == "rule"}
    assert named == {str(rule.title()) for rule in outcome.instance.rules}
    assert not check(outcome.instance, data).violations
    assert outcome.prices is outcome.prices


def test_the_report_shows_prices_in_the_reader_s_language(outcome: Outcome) -> None:
    assert "Prices at the margin" not in text_report(outcome)
    english, russian = (text_report(outcome, lang, prices=True) for lang in ("en", "ru"))
    assert "one more person-month" in english
    assert "not its marginal cost by itself" in " ".join(english.split())
    assert "Предельные цены" in russian
    assert "ещё один человеко-месяц" in russian
    assert russian.count("Мощность: ") <= 5


def test_prices_keep_to_the_time_limit_of_the_search(outcome: Outcome) -> None:
    assert outcome.time_limit == 60
    assert replace(outcome, seconds=60.0).prices == outcome.prices  # a twentieth is left for them
    late = replace(outcome, time_limit=0.0)
    assert late.prices is None and "was not solved in time" in " ".join(text_report(late, prices=True).split())
