"""What solvers see of a cost is what it means, for every consortium of a tiny question and every cost there is."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from enumerated import Ends, consortia, shares, tiny, with_costs

from consortia.columns import Columns
from consortia.costs import AnyCost, lines
from consortia.model import Model
from consortia.program import Program

COSTS = {kind.model_fields["cost"].default: kind for kind in get_args(get_args(AnyCost)[0])}

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "equipment": [
        {"id": "press", "price": 5, "needed_by": [{"capability": "films"}]},
        {"id": "press", "price": "5.25", "needed_by": [{"partner": "bor", "offer": "lots"}, {"capability": "lab"}]},
        {"id": "press", "price": 5, "needed_by": [{"capability": "films"}], "owners": ["ada", "dor"]},
        {"id": "press", "price": 0, "needed_by": [{"partner": "ada"}], "owners": ["gone"]},
        {
            "id": "press",
            "price": 4,
            "hours": "2.5",
            "needed_by": [{"capability": "films", "hours": 10}, {"partner": "cid", "setup": "0.5"}],
        },
        {"id": "press", "price": 4, "hours": 0, "needed_by": [{"capability": "lab", "setup": 1}], "owners": ["bor"]},
    ],
    "service": [
        {"id": "seal", "shared": 5, "per_member": 2},
        {"id": "seal", "shared": 4, "per_member": 2, "filter": {"cluster": "north"}},
        {"id": "seal", "shared": "4.5", "filter": {"country": "RU"}},
        {"id": "seal", "per_member": 3},
        {"id": "seal", "shared": 9, "per_member": 0},
        {"id": "seal", "shared": 0, "per_member": 4},
        {"id": "seal", "shared": 100, "per_member": 1},
        {"id": "seal", "shared": 2, "per_member": 3, "filter": {"kind": "public"}},
    ],
    "discount": [
        {"id": "bulk", "partner": "ada", "tiers": [{"cost": 4, "off": "10%"}, {"cost": 10, "off": "25%"}]},
        {"id": "bulk", "partner": "ada", "tiers": [{"effort": "0.2", "off": "12.5%"}]},
        {"id": "bulk", "partner": "ada", "category": "equipment", "tiers": [{"cost": 7, "off": 1}]},
        {"id": "bulk", "partner": "bor", "tiers": [{"cost": "3.999", "off": "20%"}, {"cost": 6, "off": "5%"}]},
        {"id": "bulk", "partner": "cid", "tiers": [{"cost": "2.5001", "off": "50%"}]},
        {"id": "bulk", "cluster": "north", "tiers": [{"cost": "6.5", "off": "4%"}, {"cost": "10.25", "off": "8%"}]},
        {"id": "bulk", "cluster": "south", "category": "equipment", "tiers": [{"cost": 10, "off": "30%"}]},
        {"id": "bulk", "cluster": "north", "tiers": [{"effort": "0.11", "off": "10%"}, {"effort": "0.4", "off": 0}]},
        {"id": "bulk", "partner": "gone", "tiers": [{"cost": 1, "off": "10%"}]},
        {"id": "bulk", "cluster": "south", "category": "travel", "tiers": [{"cost": 0, "off": "10%"}]},
    ],
    "coordination": [
        {"same_cluster": 1, "same_country": 2, "across": 4},
        {"same_cluster": "-1.5", "across": 3},
        {"same_country": 2},
        {"across": 2, "same_country": 2, "same_cluster": 2, "filter": {"kind": "sme"}},
        {"pairs": [{"partners": ["ada", "bor"], "amount": "-2.5"}, {"partners": ["cid", "ada"], "amount": 1}]},
        {"same_cluster": 3, "filter": {"cluster": "north"}, "pairs": [{"partners": ["ada", "gone"], "amount": 7}]},
    ],
}
CASES = [{"cost": name, **example} for name, examples in EXAMPLES.items() for example in examples]
GONE = {"interest": {"gone": "declined"}}


def posed(*costs: dict[str, Any]) -> Any:
    from enumerated import POOL, PROJECT

    from consortia.posing import pose

    gone = {"id": "gone", "offers": [{"competence": "lab", "fixed": 1}]}
    return pose({**PROJECT, **GONE, "costs": list(costs)}, {**POOL, "partners": [*POOL["partners"], gone]})


def test_every_cost_has_an_example() -> None:
    assert set(EXAMPLES) == set(COSTS)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(str(value) for value in case.values()))
def test_costs_are_what_solvers_see(case: dict[str, Any]) -> None:
    instance = posed(case)
    (cost,) = instance.costs
    program = Program()
    columns = Columns(instance, program)
    ends = Ends(Model(instance, program, columns), cost.post(columns))
    met = set()
    for consortium in consortia(instance, every=5):
        paid = sum(line.cost for line in cost.lines(instance, consortium))
        met.add(paid)
        wanted = None if cost.violations(instance, consortium) else (paid, paid)
        assert ends.of(consortium) == wanted, consortium
    nothing = case.get("price") == 0 or case.get("shared") == 0 or case.get("partner") == "gone"
    nothing |= (
        case.get("per_member") == 0 or case.get("category") == "travel" or case.get("filter") == {"kind": "public"}
    )
    assert (met == {0}) == nothing


COMBINED = [
    EXAMPLES["discount"][0],
    {"id": "lots", "partner": "ada", "category": "equipment", "tiers": [{"cost": 1, "off": "90%"}]},
    {"id": "more", "cluster": "north", "tiers": [{"effort": "0.1", "off": "10%"}]},
]


@pytest.mark.parametrize("number", range(6))
def test_own_costs_are_less_by_discounts(number: int) -> None:
    """By any seats, and although the discounts of one partner can add up to more than it costs."""
    instance = posed(*({"cost": "discount", **entry} for entry in COMBINED))
    model = with_costs(instance)
    seats = shares(instance)[number]
    within = {seat for seat, place in instance.seat_at.items() if seats[place]}
    ends = Ends(model, model.columns.amount("cost", seats))
    for consortium in consortia(instance, every=17):
        there = [partner for partner, cluster in consortium.members.items() if (partner, cluster) in within]
        own = sum(instance.own_cost(consortium, partner) for partner in there)
        assert own == sum(line.cost for line in lines(instance, consortium) if line.partner in there)
        assert ends.of(consortium) == (own, own)


def test_a_discount_is_exact_at_its_threshold() -> None:
    """One cent below nothing is taken off; from the threshold on everything is cheaper."""
    tiers = [{"cost": "3.99", "off": "1%"}, {"cost": 4, "off": "50%"}, {"cost": "4.01", "off": "75%"}]
    instance = posed({"cost": "discount", "id": "bulk", "partner": "bor", "tiers": tiers})
    alone = next(
        made
        for made in consortia(instance)
        if list(made.members) == ["bor"] and [delivery.offer for delivery in made.deliveries] == ["lots"]
    )
    assert instance.money(instance.own_cost(alone, "bor")) == 2


def test_pairs_cost_a_column_a_member() -> None:
    size = 120
    pool = {"partners": [{"id": f"p{n}", "country": "BY", "offers": [{"competence": "a"}]} for n in range(size)]}
    project = {"title": "t", "cooperation": "any", "capabilities": [{"id": "a"}]}
    from consortia.model import build
    from consortia.posing import pose

    plain = build(pose(project, pool)).program
    paired = build(pose({**project, "costs": [{"cost": "coordination", "across": 5}]}, pool)).program
    assert paired.width - plain.width <= 2 * size


def test_instances_differ_by_their_costs() -> None:
    assert len({tiny(costs=[case]).fingerprint() for case in CASES if "gone" not in str(case)}) == len(
        {str(case) for case in CASES if "gone" not in str(case)}
    )
    assert np.array_equal(tiny().joining, tiny(costs=[CASES[0]]).joining)
