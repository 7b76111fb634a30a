"""From models to arrays: exact money and effort, seats, attributes, shares."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia.amounts import exact_integers
from consortia.consortium import Consortium, Delivery
from consortia.errors import SolverRefused
from consortia.instance import UNLIMITED, Instance
from consortia.posing import pose
from consortia.pricing import Converter, minor_unit
from consortia.program import Linear
from consortia.rules import Count
from consortia.solving import solve
from consortia.spec.base import Amount
from consortia.spec.filters import Filter
from consortia.spec.project import Project


def posed(*partners: dict[str, Any], clusters: list[dict[str, Any]] | None = None, **project: Any) -> Instance:
    whole = {"title": "t", "cooperation": "any", "capabilities": [{"id": "work", "effort": 1}], **project}
    return pose(whole, {"clusters": clusters or [], "partners": partners})


def works(name: str = "it", rate: Any = 10, **more: Any) -> dict[str, Any]:
    return {"id": name, "offers": [{"competence": "work", "rate": rate}], **more}


# --- money and effort ---------------------------------------------------------------------------------------------


def test_the_scale_makes_every_step_whole() -> None:
    instance = posed(works(rate="0.125", joining_cost="0.3"), effort_step="0.1")
    assert instance.scale == 80
    assert (instance.arc_rate.tolist(), instance.joining.tolist()) == ([1], [24])
    assert instance.money(1) == Decimal("0.0125")


def test_large_amounts_with_many_decimals_stay_exact() -> None:
    instance = posed(works(rate="123456789.0123", joining_cost="98765432.1098"), effort_step="1")
    cost = solve(instance, solver="cpsat").cost
    assert cost == Decimal("123456789.0123") + Decimal("98765432.1098")


def test_amounts_beyond_exact_integers_are_refused_aloud() -> None:
    with pytest.raises(SolverRefused, match="too large"):
        solve(posed(works(rate="123456789012345678"), works("b", rate="0.00000000000001")))


def test_steps_and_capacities() -> None:
    instance = posed(
        works(capacity="0.35"),
        {"id": "b", "offers": [{"competence": "work", "rate": 1, "capacity": "0.99"}]},
        capabilities=[{"id": "work", "effort": "2.5", "least_share": "0.1"}],
        effort_step="0.25",
    )
    assert instance.effort.tolist() == [10]
    assert instance.capacity.tolist() == [1, UNLIMITED]
    assert instance.offer_capacity.tolist() == [UNLIMITED, 3]
    assert instance.arc_limit.tolist() == [1, 3]
    assert instance.least_part.tolist() == [1]
    assert instance.months(10) == Decimal("2.5")
    assert instance.months(4) == 1
    assert instance.steps(Decimal("0.75")) == 3
    assert instance.steps(Decimal("0.8")) is None
    assert instance.steps(Decimal("0.75" + "0" * 40 + "1")) is None


@pytest.mark.parametrize(("share", "steps"), [("0.25", 3), ("0.2", 2), ("0.21", 3), ("0", 1), ("33.34%", 4)])
def test_a_least_share_is_at_least_that_share(share: str, steps: int) -> None:
    instance = posed(works(), capabilities=[{"id": "work", "effort": 1, "least_share": share}])
    assert instance.least_part.tolist() == [steps]


def test_a_budget_is_kept_as_it_is_written() -> None:
    instance = posed(works(), budget="10.123456")
    assert instance.budget is not None
    assert instance.money(instance.budget) == Decimal("10.123456")
    assert solve(posed(works(), budget="9.999999")).status == "infeasible"
    assert solve(posed(works(), budget=10)).cost == 10


def test_fixed_prices_are_paid_in_full_per_capability() -> None:
    offer = {"competence": "work", "fixed": 7, "rate": 10}
    wanted = [{"id": "one", "competence": "work", "effort": "0.5"}, {"id": "two", "competence": "work", "effort": 2}]
    outcome = solve(posed({"id": "it", "offers": [offer]}, capabilities=wanted))
    assert outcome.cost == 7 + 5 + 7 + 20


def test_an_offers_capacity_is_shared_by_what_it_serves() -> None:
    wanted = [{"id": "one", "competence": "work", "effort": 1}, {"id": "two", "competence": "work", "effort": 1}]

    def offering(*capacities: Any) -> Instance:
        offers = [{"id": f"o{n}", "competence": "work", "rate": 1, "capacity": c} for n, c in enumerate(capacities)]
        return posed({"id": "it", "offers": offers}, capabilities=wanted)

    assert solve(offering("1.9")).status == "infeasible"
    assert solve(offering(2)).cost == 2
    assert solve(offering(1, 1)).cost == 2
    # a partner delivers a capability through one offer: two halves do not make a whole
    assert solve(offering("0.5", "0.5", 1)).status == "infeasible"


# --- currencies ---------------------------------------------------------------------------------------------------


def converter(rate: str, currency: str = "EUR", plain: str | None = None) -> Converter:
    project = {
        "title": "t",
        "currency": currency,
        "rates": [{"currency": "USD", "rate": rate, "date": "2025-01-31"}],
        "capabilities": [{"id": "work"}],
    }
    return Converter(Project.model_validate(project), plain)


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        ("0.125", "1", "0.12"),  # half to even
        ("0.135", "1", "0.14"),
        ("0.115", "1", "0.12"),
        ("1", "0.005", "0.00"),
        ("3", "0.005", "0.02"),
        ("1.00000000000001", "0.125", "0.13"),
        ("1000000000000000001", "0.00000000000001", "10000.00"),
        # the product ends in .01499999999996: rounded to 28 digits first it would be a tie
        ("123401499999999996", "1.00000000000001", "123401500000001230.01"),
    ],
)
def test_conversion_is_exact_and_rounds_half_to_even(amount: str, rate: str, expected: str) -> None:
    converted = converter(rate).convert(Amount(amount=Decimal(amount), currency="USD"))
    assert converted == Decimal(expected)


@given(
    st.decimals(0, 10**15, places=4, allow_nan=False),
    st.decimals("0.00000000000001", 10**6, places=14, allow_nan=False),
)
def test_any_conversion_is_exact(amount: Decimal, rate: Decimal) -> None:
    converted = converter(str(rate)).convert(Amount(amount=amount, currency="USD"))
    assert Fraction(converted) * 100 == round(Fraction(amount) * Fraction(rate) * 100)


def test_the_minor_unit_is_the_currencys() -> None:
    assert minor_unit("JPY") == 1
    assert converter("150.5", "JPY").convert(Amount(amount=Decimal(1), currency="USD")) == 150
    assert minor_unit("") == 1


def test_what_is_in_the_projects_currency_is_never_rounded() -> None:
    assert converter("2").convert(Decimal("0.123456")) == Decimal("0.123456")
    assert converter("2").convert(Amount(amount=Decimal("0.123456"), currency="EUR")) == Decimal("0.123456")
    assert converter("2").notes() == []


def test_plain_amounts_of_a_pool_are_in_its_currency_and_the_budget_in_the_projects() -> None:
    exchange = converter("2", plain="USD")
    assert exchange.convert(Decimal("1.5")) == 3
    assert exchange.convert(Decimal("1.5"), "EUR") == Decimal("1.5")


# --- seats and attributes -----------------------------------------------------------------------------------------

NORTH = {"id": "north", "country": "BY", "industry": "packaging", "region": "BY-HM", "fee": 3}
SOUTH = {"id": "south", "country": "RU", "fee": 5}


def test_seats() -> None:
    instance = posed(
        works("a", clusters=["south", {"cluster": "north", "paid": True}]), works("b"), clusters=[NORTH, SOUTH]
    )
    assert list(instance.seat_at) == [("a", "south"), ("a", "north"), ("b", None)]
    assert instance.seat_paid.tolist() == [False, True, False]
    assert instance.fee.tolist() == [3, 5]


def test_country_and_industry_come_from_the_first_cluster_where_there_are_none() -> None:
    instance = posed(
        works("a", clusters=["north", "south"]),
        works("b", clusters=["south", "north"], industry="pharma"),
        works("c", clusters=["north"], country="KZ"),
        works("d", country="", owner=""),
        works("e", clusters=["north"], country="", industry=""),
        clusters=[NORTH, SOUTH],
    )
    assert instance.attributes["country"] == ("BY", "RU", "KZ", None, "BY")
    assert instance.attributes["industry"] == ("packaging", "pharma", "packaging", None, "packaging")
    assert instance.attributes["region"] == (None,) * 5
    assert instance.attributes["owner"] == (None,) * 5
    # whichever the entry: the partner's country is its own, the cluster's is the cluster's
    assert instance.attribute("country", "a", "south") == "BY"
    assert instance.attribute("cluster_country", "a", "south") == "RU"
    assert instance.attribute("cluster_region", "a", "north") == "BY-HM"
    assert instance.attribute("cluster_country", "d", None) is None
    assert instance.attribute("cluster", "a", "south") == "south"
    assert instance.attribute("id", "a", "south") == "a"
    assert instance.attribute("unheard of", "a", "south") is None


def test_roles_and_free_attributes() -> None:
    instance = posed(
        works("a", role="associated", attributes={"size": 3, "green": True}),
        works("b", attributes={"size": "1.50"}),
        works("c"),
        roles={"c": "subcontractor"},
    )
    assert instance.attributes["role"] == ("associated", "beneficiary", "subcontractor")
    assert instance.attributes["size"] == (3, "1.50", None)
    assert instance.attributes["green"] == (True, None, None)


def test_blank_owners_are_everybodys_own() -> None:
    rule = {"rule": "representatives", "attribute": "id", "min": 2}
    pair = [works("a", owner=""), works("b", owner="")]
    wanted = [{"id": "work", "effort": 1, "providers": {"min": 2}}]
    assert solve(posed(*pair, capabilities=wanted, rules=[rule])).status == "optimal"
    owned = [{**partner, "owner": "one"} for partner in pair]
    assert solve(posed(*owned, capabilities=wanted, rules=[rule])).status == "infeasible"


def test_a_partner_is_of_one_owner_with_those_it_owns() -> None:
    rule = {"rule": "representatives", "attribute": "id", "min": 2}
    wanted = [{"id": "work", "effort": 1, "providers": {"min": 2}}]
    family = [works("parent"), works("daughter", owner="parent")]
    assert solve(posed(*family, capabilities=wanted, rules=[rule])).status == "infeasible"
    strangers = [works("a"), works("b", owner="c")]
    assert solve(posed(*strangers, capabilities=wanted, rules=[rule])).status == "optimal"


# --- questions from arrays ----------------------------------------------------------------------------------------


def test_from_arrays_single_and_split() -> None:
    arrays: dict[str, Any] = {
        "partners": 2,
        "capabilities": 1,
        "joining": [1, 2],
        "deliveries": ([0, 1], [0, 0], [10, 8]),
        "efforts": 4,
        "capacity": [4, 3],
    }
    single = Instance.from_arrays(**arrays)
    assert list(single.arc_at) == [("1", "1", "1")]  # the other has too little capacity for all of it
    assert solve(single).cost == 11
    split = Instance.from_arrays(**arrays, providers=(1, UNLIMITED))
    assert solve(split).cost == 1 + 2 + 10 + 3 * 8


def test_from_arrays_without_an_effort_costs_what_it_says() -> None:
    arrays: dict[str, Any] = {
        "partners": 2,
        "capabilities": 1,
        "joining": [1, 2],
        "deliveries": ([0, 1], [0, 0], [10, 8]),
    }
    for providers, cost in (((1, 1), 10), ((1, UNLIMITED), 10), ((2, 2), 21)):
        assert solve(Instance.from_arrays(**arrays, providers=providers)).cost == cost


def test_from_arrays_with_no_least_number_of_providers() -> None:
    question = Instance.from_arrays(
        partners=1,
        capabilities=1,
        joining=[1],
        deliveries=([0], [0], [2]),
        efforts=3,
        providers=(0, UNLIMITED),
    )
    outcome = solve(question)
    assert outcome.cost == 7  # all the effort is asked for, whoever delivers it


def test_from_arrays_reads_floats_as_they_print() -> None:
    integers, scale = exact_integers([0.1, np.float64(0.7), "1e-3", 2, Fraction(1, 8), np.int64(3)])
    assert (integers.tolist(), scale) == ([100, 700, 1, 2000, 125, 3000], 1000)


def test_an_instance_is_frozen() -> None:
    instance = posed(works())
    with pytest.raises(ValueError, match="read-only"):
        instance.joining[0] = 5
    with pytest.raises(AttributeError):
        instance.title = "other"  # type: ignore[misc]


def test_what_is_out_of_steps_has_no_price() -> None:
    with pytest.raises(ValueError, match="whole steps"):
        posed(works()).own_cost(Consortium({"it": None}, (Delivery("it", "work", "work", Decimal("0.15")),)), "it")


def test_several_rules_speak_of_the_same_coordinator() -> None:
    from consortia.rules import Coordinator
    from consortia.spec.filters import Filter

    question = posed(works()).replace(rules=(Coordinator(), Coordinator(filter=Filter.model_validate({"id": "it"}))))
    for solver in ("cpsat", "milp", "exhaustive"):
        outcome = solve(question, solver=solver)
        assert outcome.consortium is not None and outcome.consortium.coordinator == "it"
    never = Coordinator(filter=Filter.model_validate({"id": {"not": "it"}}))
    assert solve(question.replace(rules=(*question.rules, never))).consortium is None


def test_linear_expressions() -> None:
    assert Linear([0, 0, 1], [1, -1, 2]).merged().columns.tolist() == [1]


def test_rules_over_arrays_know_the_built_in_groups() -> None:
    question = Instance.from_arrays(
        partners=["a", "b"],
        capabilities=1,
        joining=[1, 2],
        holds=([0, 1], [0, 0]),
        attributes={"country": ("DE", "BY")},
        rules=(Count(filter=Filter({"country": {"in": "eaeu"}}), min=1),),
    )
    assert solve(question).cost == 2
