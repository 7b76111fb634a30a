"""References between project and pool."""

from __future__ import annotations

from typing import Any

import pytest

from consortia.spec.pool import Pool
from consortia.spec.project import Project
from consortia.spec.references import Known, problems, written_ids

POOL: dict[str, Any] = {
    "competences": [{"id": "metal"}, {"id": "welding", "broader": ["metal"]}],
    "clusters": [{"id": "K"}],
    "partners": [{"id": "P", "clusters": ["K"], "attributes": {"size": 3}, "offers": [{"competence": "welding"}]}],
}


def found(project: dict[str, Any] | None = None, pool: dict[str, Any] | None = POOL, known: Known | None = None) -> Any:
    data = {"title": "T", "capabilities": [{"id": "welding", "effort": 1}], **(project or {})}
    asked = Project.model_validate(data)
    return [
        (finding.loc, str(finding.message), str(finding.remedy))
        for finding in problems(asked, None if pool is None else Pool.model_validate(pool), known)
    ]


def test_what_is_right_is_left_alone() -> None:
    rules = [
        {
            "rule": "count",
            "min": 1,
            "filter": {"id": "P", "cluster": ["K"], "size": {"min": 2}, "cluster_country": "BY"},
        },
        {"rule": "count", "min": 1, "filter": {"country": {"not": {"in": "eu"}}, "region": {"in": "ours"}}},
        {"rule": "coordinator", "capability": "welding"},
        {"rule": "distinct", "attribute": "size", "min": 1},
    ]
    rates = [{"currency": "RUB", "rate": 1, "date": "2026-01-01"}]
    assert found({"rules": rules, "rates": rates, "budget": "5 RUB", "groups": {"ours": ["x"]}}) == []


def test_without_a_pool_nothing_that_it_would_define_is_looked_up() -> None:
    rules = [{"rule": "include", "partners": ["Z"]}, {"rule": "distinct", "attribute": "zzz", "min": 1}]
    assert found({"rules": rules, "interest": {"Z": "asked"}}, pool=None) == []


def test_without_a_taxonomy_competences_are_what_offers_name() -> None:
    assert found({"capabilities": [{"id": "anything"}]}, pool={"partners": [{"id": "P"}]}) == []


@pytest.mark.parametrize(
    "filter_",
    [{"country": {"not": {"in": "europe"}}}, {"country": {"in": "europe"}}],
)
def test_groups_are_looked_up_also_inside_not(filter_: dict[str, Any]) -> None:
    ((loc, message, _),) = found({"rules": [{"rule": "count", "min": 1, "filter": filter_}]})
    assert (loc, message) == (("rules", 0, "filter", "country"), "there is no group of values europe")


def test_filters_are_looked_up_wherever_a_rule_has_them() -> None:
    rules = [
        {"rule": "representatives", "attribute": "country", "min": 1, "among": {"kind": "SME"}, "filter": {"id": "p"}},
        {"rule": "share", "max": "30%", "filter": {"a": 1}, "base": {"b": 1}},
    ]
    assert [loc for loc, _, _ in found({"rules": rules})] == [
        ("rules", 0, "among", "kind"),
        ("rules", 0, "filter", "id"),
        ("rules", 1, "filter", "a"),
        ("rules", 1, "base", "b"),
    ]


def test_a_circle_is_told_once_and_others_too() -> None:
    pool = {
        "competences": [
            {"id": "start", "broader": ["a"]},
            {"id": "a", "broader": ["b", "top"]},
            {"id": "b", "broader": ["a"]},
            {"id": "top"},
            {"id": "self", "broader": ["self", "top"]},
        ],
        "partners": [],
    }
    messages = [message for _, message, _ in found({"capabilities": [{"id": "a"}]}, pool)]
    assert messages == [
        "the taxonomy goes round in a circle: a -> b -> a",
        "the taxonomy goes round in a circle: self -> self",
    ]


def test_a_long_chain_and_a_diamond_are_no_circles() -> None:
    chain = [{"id": str(n), "broader": [str(n + 1)]} for n in range(5000)] + [{"id": "5000"}]
    diamond = [
        {"id": "x", "broader": ["y", "z"]},
        {"id": "y", "broader": ["w"]},
        {"id": "z", "broader": ["w"]},
        {"id": "w"},
    ]
    assert found({"capabilities": [{"id": "x"}]}, {"competences": chain + diamond, "partners": []}) == []


def test_the_first_amount_of_each_currency_without_a_rate_is_named() -> None:
    pool = {
        "currency": "BYN",
        "clusters": [{"id": "K", "fee": 5}],
        "partners": [{"id": "P", "offers": [{"competence": "welding", "rate": "1 USD", "fixed": "2 USD"}]}],
    }
    assert [loc for loc, _, _ in found(pool=pool)] == [("partners", 0, "offers", 0, "rate"), ("currency",)]


def test_a_pool_currency_of_no_plain_amount_needs_no_rate() -> None:
    assert found(pool={**POOL, "currency": "BYN"}) == []


def test_made_up_ids_of_offers_must_not_meet_written_ones() -> None:
    offers = [{"competence": "welding"}, {"competence": "welding"}, {"id": "welding#2", "competence": "metal"}]
    ((loc, message, _),) = found(pool={**POOL, "partners": [{"id": "P", "offers": offers}]})
    assert (loc, message) == (("partners", 0, "offers", 2, "id"), "the offer welding#2 is defined twice")


def test_near_names_are_suggested_without_regard_to_case() -> None:
    ((_, _, remedy),) = found({"rules": [{"rule": "include", "partners": ["p"]}]})
    assert remedy == "Perhaps P is meant"


def test_suggestions_stop_where_nobody_reads_them() -> None:
    pool = {**POOL, "partners": [{"id": f"Partner {n}"} for n in range(300)]}
    told = found({"interest": {f"partner {n} x": "asked" for n in range(300)}}, pool)
    assert len(told) == 300
    assert sum(remedy.startswith("Perhaps") for _, _, remedy in told) == 200


def test_ids_of_broken_parts_count_as_defined() -> None:
    known = written_ids({"partners": [{"id": "Q", "kind": 5}, {"id": 7}], "groups": {"g": 1}})
    rules = [
        {"rule": "include", "partners": ["Q", "7", "R"]},
        {"rule": "count", "min": 1, "filter": {"country": {"in": "g"}}},
    ]
    assert [loc for loc, _, _ in found({"rules": rules}, known=known)] == [("rules", 0, "partners", 2)]


@pytest.mark.parametrize("partners", ["all", [{"idd": "Q"}], [5], [{"id": None}]])
def test_where_ids_could_not_be_read_none_is_missing(partners: object) -> None:
    known = written_ids({"partners": partners})
    rules = [{"rule": "include", "partners": ["Q"]}, {"rule": "distinct", "attribute": "zzz", "min": 1}]
    told = [loc for loc, _, _ in found({"rules": rules}, known=known)]
    assert ("rules", 0, "partners", 0) not in told
