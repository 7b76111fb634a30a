"""What solvers see of an expression is its value, for every consortium of a tiny question and every expression."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from enumerated import Ends, consortia, tiny, with_costs

from consortia import solve
from consortia.consortium import Consortium, Delivery
from consortia.errors import SpecError
from consortia.expressions import EXPRESSIONS, ExpressionName
from consortia.rules import Limit

DISCOUNTS = [
    {"cost": "discount", "id": "bulk", "partner": "bor", "tiers": [{"cost": 6, "off": "50%"}]},
    {"cost": "discount", "id": "south", "cluster": "south", "tiers": [{"cost": 3, "off": "10%"}]},
]
FUNDED: dict[str, Any] = {
    "costs": DISCOUNTS,
    "funding": {
        "indirect": "25%",
        "rates": [
            {
                "filter": {"cluster": "north"},
                "rate": "70%",
                "by_category": {"equipment": "33.5%"},
                "max_grant": "4.999",
            },
            {"filter": {"kind": ["university", "large"], "role": ["beneficiary", "associated"]}, "rate": 1},
            {"filter": {"cluster": "south"}, "rate": "12.5%", "indirect": "7%"},
        ],
        "joining": True,
        "max_per_member": 5,
        "max_grant": "8.125",
    },
}
SHIPPED = {"funding": "horizon-ia"}
NARROW = {"funding": {"eligible": ["equipment", "subcontracting"], "rates": [{"rate": "50%"}], "max_grant": 0}}

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "cost": [{}, {"costs": DISCOUNTS}],
    "members": [{}],
    "clusters": [{}],
    "value": [{}],
    "change": [{}],
    "coordination": [{}, {"costs": [{"cost": "coordination", "same_cluster": 1, "same_country": -2, "across": "2.5"}]}],
    "affinity": [
        {},
        {"affinity": [["digital", "health"], {"between": ["transport", None], "weight": "0.5"}, ["mining", "health"]]},
        {"affinity": "emerging-industries"},
    ],
    "reliability": [{}],
    "eligible cost": [FUNDED, SHIPPED, NARROW, {}],
    "grant": [FUNDED, SHIPPED, NARROW, {}],
    "total cost": [FUNDED, SHIPPED, NARROW, {}],
    "own contribution": [FUNDED, SHIPPED, NARROW, {}],
}
CASES = [(name, example) for name, examples in EXAMPLES.items() for example in examples]


def test_every_expression_has_an_example() -> None:
    assert set(EXAMPLES) == set(get_args(ExpressionName)) <= set(EXPRESSIONS)


@pytest.mark.parametrize(("name", "changes"), CASES, ids=lambda entry: str(entry)[:40])
def test_expressions_are_what_solvers_see(name: str, changes: dict[str, Any]) -> None:
    instance = tiny(**changes)
    if name == "change":
        instance = instance.replace(previous=Consortium({"ada": "north", "gone": None}))
    model, expression = with_costs(instance), EXPRESSIONS[name]
    body = expression.post(model.columns)
    width = model.program.width
    again = expression.post(model.columns)
    assert model.program.width == width or name in ("members", "clusters"), "asked twice, it is made once"
    ends = Ends(model, body)
    met = set()
    for consortium in consortia(instance, every=23 if "funding" in changes else 7):
        value = expression.value(instance, consortium)
        met.add(value)
        assert ends.of(consortium) == (value, value), consortium
    assert Ends(model, body - again).of(Consortium({})) == (0, 0)
    nothing = not changes and name in ("coordination", "eligible cost", "grant")
    assert (met == {0}) == (nothing or (changes is NARROW and name == "grant"))


@pytest.mark.parametrize(
    "rule",
    [
        {"of": "grant", "max": "3.3"},
        {"of": "grant", "min": "0.7", "max": 5},
        {"of": "own contribution", "max": "7.25"},
        {"of": "affinity", "min": 1},
        {"of": "reliability", "min": "0.75"},
        {"of": "reliability", "min": "0.7500001"},
        {"of": "cost", "max": "9.99"},
        {"of": "clusters", "max": 1},
    ],
    ids=str,
)
def test_limits_are_what_solvers_see(rule: dict[str, Any]) -> None:
    instance = tiny(**FUNDED)
    limit = Limit.model_validate(rule)
    model = with_costs(instance)
    limit.post(model.columns)
    ends = Ends(model, model.program.expressions["cost"])
    met = set()
    for consortium in consortia(instance, every=29):
        obeys = not limit.violations(instance, consortium)
        met.add(obeys)
        assert (ends.of(consortium) is not None) == obeys, consortium
    assert met == {True, False}


def test_a_grant_by_hand() -> None:
    """Horizon innovation action: 25 % on what is not subcontracted, 100 % without and 70 % with profit."""
    instance = tiny(**SHIPPED)
    made = (
        Delivery("bor", "films", "lots", Decimal("0.2")),
        Delivery("cid", "films", "films", Decimal("0.1")),
        Delivery("bor", "lab", "lab"),
    )
    consortium = Consortium({"bor": None, "cid": "north"}, made, undertaken=frozenset({"films", "lab"}))
    # bor: 4 subcontracted + 2 personnel and 0.5 indirect, all granted; cid: 1.25 and 0.3125 indirect, 70 % of it
    wanted = {
        "eligible cost": Fraction("8.0625"),
        "grant": Fraction("6.5") + Fraction("0.7") * Fraction("1.5625"),
        "total cost": Fraction("7.25") + 3 + Fraction("0.8125"),
    }
    wanted["own contribution"] = wanted["total cost"] - wanted["grant"]
    for name, value in wanted.items():
        expression = EXPRESSIONS[name]
        assert Fraction(expression.value(instance, consortium), expression.scale(instance)) == value


def test_objectives_take_their_turn() -> None:
    outcome = solve_tiny(objectives=[{"of": "grant", "slack": "10%"}, "own contribution", "reliability"], **FUNDED)
    assert [stage.expression for stage in outcome.stages] == ["grant", "own contribution", "reliability"]
    assert all(stage.value == stage.bound for stage in outcome.stages)


def test_the_funding_table_adds_up() -> None:
    outcome = solve_tiny(objectives=["own contribution"], **FUNDED)
    table = outcome.to_dict()["funding"]
    rows = [*table["members"], table["shared"]]
    for column in ("cost", "indirect", "eligible", "grant", "own_contribution"):
        added = sum(Decimal(str(row[column])) for row in rows if column in row)
        assert added == Decimal(str(table["total"][column]))
    for row in [*rows, table["total"]]:
        asked = Decimal(str(row["cost"])) + Decimal(str(row.get("indirect", 0))) - Decimal(str(row.get("grant", 0)))
        assert asked == Decimal(str(row["own_contribution"]))


def solve_tiny(**changes: Any) -> Any:
    return solve(tiny(**changes), solver="cpsat")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"funding": "horizon-xx"}, "there is no programme horizon-xx"),
        ({"affinity": "nothing"}, "there is no table of affinities nothing"),
        ({"objectives": ["grants"]}, "grants"),
        ({"objectives": ["grant"]}, "grant needs funding"),
        ({"rules": [{"rule": "limit", "of": "coordination", "max": 3}]}, "coordination needs a coordination cost"),
        ({"costs": [{"cost": "discount", "id": "d", "partner": "adda", "tiers": [{"cost": 1, "off": 1}]}]}, "adda"),
        ({"costs": [{"cost": "discount", "id": "d", "cluster": "nort", "tiers": [{"cost": 1, "off": 1}]}]}, "nort"),
        ({"costs": [{"cost": "equipment", "id": "d", "price": 1, "needed_by": [{"capability": "film"}]}]}, "film"),
        ({"costs": [{"cost": "equipment", "id": "d", "price": "1 CHF", "needed_by": [{"partner": "ada"}]}]}, "CHF"),
        ({"costs": [{"cost": "service", "id": "d", "shared": 1, "filter": {"knd": "sme"}}]}, "knd"),
        ({"costs": [{"cost": "coordination", "across": 1}, {"cost": "coordination", "across": 2}]}, "twice"),
        ({"funding": {"rates": [{"rate": 1, "filter": {"kind": "profit"}}]}}, "profit is not one of"),
        ({"funding": {"rates": [{"rate": 1, "max_grant": "5 CHF"}]}}, "CHF"),
    ],
)
def test_what_is_wrong_is_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        tiny(**changes)
