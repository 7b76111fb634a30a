"""Who may supply what, and the reason when not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from consortia.instance import Instance
from consortia.posing import pose
from consortia.taxonomy import Taxonomy

COMPETENCES = [
    {"id": "joining"},
    {"id": "welding", "broader": ["joining"]},
    {"id": "laser", "broader": ["welding", "optics"]},
    {"id": "optics"},
    {"id": "certificate"},
]


def screened(*offers: dict[str, Any], capability: dict[str, Any] | None = None, **more: Any) -> Instance:
    """Screen one partner, `it`, for one capability; `more` goes to the partner or to the project."""
    of_project = {
        key: more.pop(key) for key in ("interest", "accepted_only", "rules", "roles", "groups") if key in more
    }
    clusters = more.pop("in_clusters", [])
    partner = {"id": "it", "offers": offers, "clusters": [entry["id"] for entry in clusters], **more}
    project = {
        "title": "t",
        "cooperation": "any",
        "capabilities": [capability or {"id": "welding", "effort": 1}],
        **of_project,
    }
    return pose(project, {"competences": COMPETENCES, "clusters": clusters, "partners": [partner]})


def reasons(instance: Instance) -> list[tuple[str | None, str]]:
    return [(entry.capability, str(entry.reason)) for entry in instance.exclusions]


NOTHING = (None, "supplies nothing that the project asks for")
WELDS = {"competence": "welding", "rate": 10}


def test_who_suits_is_left_in_without_a_word() -> None:
    instance = screened(WELDS)
    assert instance.partners == ("it",)
    assert list(instance.arc_at) == [("it", "welding", "welding")]
    assert reasons(instance) == []


@pytest.mark.parametrize(
    ("offer", "capability", "reason"),
    [
        ({**WELDS, "level": 2}, {"level": 3, "effort": 1}, "offers level 2, below 3"),
        (WELDS, {"level": 2, "effort": 1}, "offers level 1, below 2"),
        ({"competence": "welding"}, {"effort": 1}, "offers it without a price, so it can be held but not delivered"),
        (
            WELDS,
            {"mode": "delivered"},
            "offers it at a rate, and without an effort a fixed price is needed",
        ),
        (
            {**WELDS, "capacity": "0.9"},
            {"effort": 1, "providers": 1},
            "has 0.9 person-months, and 1 are needed at least",
        ),
        (
            {**WELDS, "capacity": "0.05"},
            {"effort": 1},
            "has 0.05 person-months, and 0.1 are needed at least",
        ),
        (
            {**WELDS, "capacity": "0.2"},
            {"effort": 1, "least_share": "30%"},
            "has 0.2 person-months, and 0.3 are needed at least",
        ),
        # a part is delivered in whole steps: a quarter is three of them, and 0.25 holds two
        (
            {**WELDS, "capacity": "0.25"},
            {"effort": 1, "least_share": "0.25"},
            "has 0.25 person-months, and 0.3 are needed at least",
        ),
        ({"competence": "joining", "rate": 1}, {"effort": 1}, "offers only the broader joining"),
    ],
)
def test_why_an_offer_does_not_suit(offer: dict[str, Any], capability: dict[str, Any], reason: str) -> None:
    instance = screened(offer, capability={"id": "welding", **capability})
    assert reasons(instance) == [("welding", reason), NOTHING]
    assert (instance.partners, len(instance.arc_partner)) == ((), 0)


def test_the_partners_capacity_counts_as_well() -> None:
    instance = screened({**WELDS, "capacity": 5}, capability={"id": "welding", "effort": 1, "providers": 1}, capacity=0)
    assert reasons(instance)[0] == ("welding", "has 0 person-months, and 1 are needed at least")


@pytest.mark.parametrize("capability", [{"effort": 1}, {"effort": 1, "least_share": "0.25"}])
def test_a_capacity_that_is_just_enough_suits(capability: dict[str, Any]) -> None:
    least = "0.3" if "least_share" in capability else "0.1"
    instance = screened({**WELDS, "capacity": least}, capability={"id": "welding", **capability})
    assert instance.partners == ("it",)


def test_the_offer_that_came_closest_gives_the_reason() -> None:
    offers = ({"competence": "joining", "rate": 1}, {"competence": "welding"}, {**WELDS, "level": 1, "capacity": 0})
    assert reasons(screened(*offers))[0][1].startswith("has 0 person-months")
    assert reasons(screened(*offers[:2]))[0][1].startswith("offers it without a price")


def test_one_offer_that_suits_is_enough() -> None:
    instance = screened({"competence": "welding"}, WELDS)
    assert reasons(instance) == []
    assert list(instance.arc_at) == [("it", "welding", "welding#2")]


def test_what_is_held_needs_neither_price_nor_capacity() -> None:
    instance = screened({"competence": "certificate"}, capability={"id": "certificate"}, capacity=0)
    assert instance.holders == {"certificate": {"it"}}
    assert reasons(instance) == []


def test_zero_is_a_price() -> None:
    instance = screened({"competence": "welding", "rate": 0})
    assert instance.arc_rate.tolist() == [0]
    instance = screened({"competence": "welding", "fixed": 0}, capability={"id": "welding", "mode": "delivered"})
    assert instance.arc_fixed.tolist() == [0]


def test_the_default_rate_stands_in_and_is_noted() -> None:
    instance = screened({"competence": "welding"}, default_rate=20)
    assert (instance.arc_rate.tolist(), instance.scale) == ([2], 1)  # per step of a tenth
    assert [str(note) for note in instance.notes] == ["the default rate stands for offers without a price of: it"]
    for priced in (WELDS, {"competence": "welding", "fixed": 3}):
        assert screened(priced, default_rate=20).notes == ()
    assert screened({**WELDS}, default_rate=20).arc_rate.tolist() == [1]


def test_a_default_rate_that_is_not_used_is_not_noted() -> None:
    instance = screened({"competence": "certificate"}, capability={"id": "certificate"}, default_rate=20)
    assert instance.notes == ()


# --- narrower and broader -----------------------------------------------------------------------------------------


def test_a_narrower_offer_suits_and_its_path_is_kept() -> None:
    instance = screened({"competence": "laser", "rate": 1}, capability={"id": "joining", "effort": 1})
    assert instance.paths == {("it", "joining", "laser"): ("laser", "welding", "joining")}
    assert screened(WELDS).paths == {}


def test_a_competence_may_have_several_broader_ones() -> None:
    instance = screened({"competence": "laser", "rate": 1}, capability={"id": "optics", "effort": 1})
    assert instance.paths == {("it", "optics", "laser"): ("laser", "optics")}


def test_a_broader_offer_has_a_reason_even_where_it_is_asked_for_itself() -> None:
    project = {"title": "t", "cooperation": "any", "capabilities": [{"id": "welding", "effort": 1}, {"id": "laser"}]}
    instance = pose(project, {"competences": COMPETENCES, "partners": [{"id": "it", "offers": [WELDS]}]})
    assert instance.partners == ("it",)
    assert reasons(instance) == [("laser", "offers only the broader welding")]


def test_shortest_paths() -> None:
    taxonomy = Taxonomy({"a": ("b", "c"), "b": ("d",), "c": ("e",), "e": ("d",), "d": ("f",)})
    assert taxonomy.paths("a") == {
        "a": ("a",),
        "b": ("a", "b"),
        "c": ("a", "c"),
        "d": ("a", "b", "d"),
        "e": ("a", "c", "e"),
        "f": ("a", "b", "d", "f"),
    }
    assert taxonomy.paths("unheard of") == {"unheard of": ("unheard of",)}


# --- who may not join at all --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["unknown", "asked", "accepted", "declined"])
@pytest.mark.parametrize("accepted_only", [False, True])
def test_interest(word: str, accepted_only: bool) -> None:
    instance = screened(WELDS, interest={"it": word}, accepted_only=accepted_only)
    if word == "declined":
        assert reasons(instance) == [(None, "has declined")]
    elif accepted_only and word != "accepted":
        assert reasons(instance) == [(None, "has not accepted, and only partners that have may join")]
    else:
        assert instance.partners == ("it",)


def test_no_word_is_no_acceptance() -> None:
    assert reasons(screened(WELDS, accepted_only=True))[0][1].startswith("has not accepted")


def test_exclusion_by_name_and_by_filter() -> None:
    by_name = screened(WELDS, rules=[{"rule": "exclude", "partners": ["it"]}])
    assert reasons(by_name) == [(None, "is excluded by name")]
    by_filter = screened(WELDS, kind="large", rules=[{"rule": "exclude", "filter": {"kind": "large"}}])
    assert reasons(by_filter) == [(None, "is excluded by the rule: partners with kind = large must stay out")]
    for other in ({"kind": "sme"}, {}):
        kept = screened(WELDS, rules=[{"rule": "exclude", "filter": {"kind": "large"}}], **other)
        assert kept.partners == ("it",)


def test_exclusion_by_what_only_the_project_knows() -> None:
    rules = [{"rule": "exclude", "filter": {"role": "subcontractor"}}]
    assert screened(WELDS, rules=rules, roles={"it": "subcontractor"}).partners == ()
    assert screened(WELDS, rules=rules, role="subcontractor", roles={"it": "beneficiary"}).partners == ("it",)
    grouped = [{"rule": "exclude", "filter": {"country": {"in": "us two"}}}]
    assert screened(WELDS, rules=grouped, groups={"us two": ["BY", "KZ"]}, country="KZ").partners == ()


NORTH, SOUTH = {"id": "north", "country": "BY"}, {"id": "south", "country": "RU"}


def test_exclusion_by_a_cluster_leaves_the_other_entry() -> None:
    rules = [{"rule": "exclude", "filter": {"cluster": "north"}}]
    assert screened(WELDS, rules=rules, in_clusters=[NORTH]).partners == ()
    assert screened(WELDS, rules=rules, in_clusters=[NORTH, SOUTH]).partners == ("it",)
    by_country = [{"rule": "exclude", "filter": {"cluster_country": ["BY", "RU"]}}]
    assert screened(WELDS, rules=by_country, in_clusters=[NORTH, SOUTH]).partners == ()
    assert screened(WELDS, rules=by_country).partners == ("it",)  # it has no cluster that could be excluded


def test_exclusion_by_a_free_attribute_that_sounds_like_a_clusters() -> None:
    rules = [{"rule": "exclude", "filter": {"cluster_size": {"min": 3}}}]
    assert screened(WELDS, rules=rules, attributes={"cluster_size": 4}).partners == ()
    assert screened(WELDS, rules=rules, attributes={"cluster_size": 2}).partners == ("it",)


def test_who_is_included_by_name_may_join_without_supplying_anything() -> None:
    idle = {"competence": "certificate"}
    assert reasons(screened(idle)) == [NOTHING]
    instance = screened(idle, rules=[{"rule": "include", "partners": ["it"]}])
    assert (instance.partners, reasons(instance)) == (("it",), [])


def test_prices_of_the_offers_that_suit_are_converted_once() -> None:
    project = {
        "title": "t",
        "cooperation": "any",
        "rates": [{"currency": "RUB", "rate": "0.0105", "date": "2025-01-31"}],
        "budget": "5000 RUB",
        "capabilities": [{"id": "welding", "effort": 1}, {"id": "joining", "effort": 1}],
    }
    pool = {
        "competences": COMPETENCES,
        "partners": [{"id": "it", "offers": [{"competence": "welding", "rate": "1000 RUB"}]}],
    }
    instance = pose(project, pool)
    assert instance.budget == Decimal("52.5") * instance.scale
    # the rate serves two capabilities and is one amount; the budget is another
    assert [str(note) for note in instance.notes] == ["1 RUB = 0.0105 EUR of 2025-01-31, used for 2 amounts"]
