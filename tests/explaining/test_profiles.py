"""Who is missing, against putting every possible newcomer into the pool."""

from __future__ import annotations

import os
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from combining import combinations as richer
from drawing import COMPETENCES, COUNTRIES, INDUSTRIES, KINDS, Data, questions
from hypothesis import given, settings
from hypothesis import strategies as st

import consortia
from consortia import Outcome, Status, pose, solve
from consortia.explaining.profiles import Missing, Profile, missing

CASES = int(os.environ.get("CONSORTIA_CASES", "1000"))
INSTANCES = Path(__file__).parents[2] / "instances"
Wanted = tuple[tuple[str, int], ...]
CENT = Decimal("0.01")


def wanted(project: Data) -> list[tuple[str, int]]:
    """Return the competences and levels that the project asks for."""
    asked = [(entry.get("competence", entry["id"]), entry.get("level", 1)) for entry in project["capabilities"]]
    return list(dict.fromkeys(asked))


def everybody(pool: Data, offers: Wanted, capacity: Decimal | None) -> tuple[Data, list[str]]:
    """Add a newcomer of each country, industry and kind, through each cluster, a new one or none; free."""
    partners, clusters = [], []
    values = product((*COUNTRIES, "AM", "XX"), (*INDUSTRIES, "other"), (*KINDS, "other"))
    for number, (country, industry, kind) in enumerate(values):
        own = {"id": f"own {number}", "country": country, "industry": industry}
        clusters.append(own)
        for entry in (*pool["clusters"], own, None):
            made = {
                "id": f"new {len(partners)}",
                "clusters": [entry["id"]] if entry else [],
                "country": country,
                "industry": industry,
                "kind": kind,
                "reliability": 1,
                "offers": [{"competence": name, "level": level, "rate": 0, "fixed": 0} for name, level in offers],
            }
            partners.append(made if capacity is None else {**made, "capacity": capacity})
    grown = {"clusters": [*pool["clusters"], *clusters], "partners": [*pool["partners"], *partners]}
    return {**pool, **grown}, [str(partner["id"]) for partner in partners]


def with_one_of(project: Data, pool: Data, names: list[str]) -> Outcome:
    """Solve for the least cost with exactly one of some partners."""
    rule = {"rule": "count", "filter": {"id": names}, "min": 1, "max": 1}
    return solve({**project, "rules": [*project["rules"], rule], "objectives": ["cost"]}, pool, solver="cpsat")


def best_with(project: Data, pool: Data, offers: Wanted, capacity: Decimal | None = None) -> Outcome:
    """Solve with the best newcomer of all that offer this."""
    return with_one_of(project, *everybody(pool, offers, capacity))


def added(project: Data, pool: Data, profile: Profile, more: Decimal = Decimal(0)) -> Outcome:
    """Solve with the partner of a profile in the pool, at its price and a little more."""
    made = profile.partner.model_dump(exclude_none=True, exclude_defaults=True)
    if profile.price is not None:
        made["joining_cost"] = profile.price + more
    clusters = [profile.cluster.model_dump(exclude_none=True)] if profile.cluster else []
    grown = {"partners": [*pool["partners"], made], "clusters": [*pool["clusters"], *clusters]}
    return with_one_of(project, {**pool, **grown}, [profile.partner.id])


def sets(project: Data, size: int) -> list[Wanted]:
    return list(combinations(wanted(project), size))


def offers_of(profile: Profile) -> Wanted:
    return tuple((offer.competence, offer.level) for offer in profile.partner.offers)


def check_price(project: Data, pool: Data, profile: Profile, limit: Decimal) -> None:
    """At its price it pays, and at a cent more it does not."""
    pays, not_any_more = added(project, pool, profile), added(project, pool, profile, CENT)
    assert pays.cost is not None and pays.cost <= limit
    assert not_any_more.cost is None or not_any_more.cost > limit


def check_feasible(project: Data, pool: Data, found: Missing) -> None:
    sizes = [len(profile.partner.offers) for profile in found.profiles]
    assert sizes == sorted(sizes)
    smaller = sizes[0] if sizes else len(wanted(project)) + 1
    for size in range(1, smaller):
        for offers in sets(project, size):
            assert best_with(project, pool, offers).status is Status.INFEASIBLE
    assert found.impossible == (not found.profiles)
    for profile in found.profiles:
        assert profile.proven
        limit = project.get("budget")
        assert (profile.price is None) == (limit is None)
        outcome = added(project, pool, profile)
        assert outcome.cost is not None
        if limit is None:
            assert outcome.cost == profile.free
        else:
            check_price(project, pool, profile, Decimal(str(limit)))
    backups = any(entry.get("backups") for entry in project["capabilities"])
    if found.profiles and found.profiles[0].partner.capacity and not backups:
        less = found.profiles[0].partner.capacity - Decimal("0.1")
        assert best_with(project, pool, offers_of(found.profiles[0]), less).status is Status.INFEASIBLE


def check_cheaper(project: Data, pool: Data, found: Missing) -> None:
    assert found.cost is not None
    least: dict[int, Decimal] = {}
    for size in (1, 2):
        costs = [best_with(project, pool, offers).cost for offers in sets(project, size)]
        least[size] = min([cost for cost in costs if cost is not None], default=found.cost)
    singles = [profile for profile in found.profiles if len(profile.partner.offers) == 1]
    doubles = [profile for profile in found.profiles if len(profile.partner.offers) == 2]
    assert [profile.free for profile in singles[:1]] == [least[1]] * (least[1] < found.cost)
    assert [profile.free for profile in doubles] == [least[2]] * (least[2] < min(least[1], found.cost))
    assert [profile.free for profile in singles] == sorted(profile.free for profile in singles)
    assert len({offers_of(profile) for profile in found.profiles}) == len(found.profiles)
    for profile in found.profiles:
        assert profile.proven and profile.price is not None
        check_price(project, pool, profile, found.cost)


def check(project: Data, pool: Data) -> None:
    now = solve({**project, "objectives": ["cost"]}, pool, solver="cpsat")
    found = missing(project, pool, solver="cpsat", most=2)
    assert found.complete
    assert (found.status, found.cost) == (now.status, now.cost)
    if now.consortium is None:
        check_feasible(project, pool, found)
    else:
        check_cheaper(project, pool, found)


@settings(max_examples=10)
@given(st.one_of(questions(most_partners=3), richer()))
def test_nobody_smaller_and_nobody_dearer(drawn: tuple[Data, Data]) -> None:
    check(*drawn)


@settings(max_examples=8)
@given(st.one_of(questions(most_partners=3), richer()))
def test_asking_first_who_helps_those_that_are_in_changes_nothing(drawn: tuple[Data, Data]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consortia.explaining.recruiting.MANY", 1)
        check(*drawn)


@pytest.mark.slow
@settings(max_examples=CASES)
@given(st.one_of(questions(most_partners=3), richer()))
def test_nobody_smaller_and_nobody_dearer_thousands_of_times(drawn: tuple[Data, Data]) -> None:
    check(*drawn)


def test_somebody_in_russia_for_the_laboratory() -> None:
    (profile,) = missing(INSTANCES / "vaccine-lab.yaml").profiles
    assert offers_of(profile) == (("vaccine stability", 3),)
    assert (profile.partner.country, profile.partner.capacity, profile.price) == ("RU", Decimal("1.2"), None)
    assert profile.proven and not profile.partner.clusters


def test_one_broad_and_one_narrow_demand_take_one_competence() -> None:
    """What suits the narrower demand suits the broader one too, so that one competence is missing and not two."""
    project = {
        "title": "t",
        "cooperation": "any",
        "capabilities": [
            {"id": "laser", "level": 2, "effort": 1},
            {"id": "joining", "effort": 2},
            {"id": "welding"},
        ],
    }
    (profile,) = missing(project, {"competences": COMPETENCES, "partners": []}).profiles
    assert offers_of(profile) == (("laser", 2),)
    assert dict(profile.serves) == {"laser": ("laser", "joining", "welding")}
    assert profile.partner.capacity == 3


def test_where_country_and_cluster_matter_they_are_said() -> None:
    offers = [{"competence": "films", "rate": 5}]
    pool = {
        "clusters": [{"id": "north", "country": "BY"}, {"id": "south", "country": "BY"}],
        "partners": [{"id": "ada", "clusters": ["north"], "offers": offers}],
    }
    project = {"title": "t", "cooperation": "metacluster", "capabilities": [{"id": "films", "effort": 1}]}
    (profile,) = missing(project, pool).profiles
    assert profile.cluster is not None and profile.cluster.country not in ("BY", None)
    by_country = {"rule": "distinct", "attribute": "country", "min": 2, "filter": {"country": ["BY", "KZ"]}}
    (profile,) = missing({**project, "cooperation": "any", "rules": [by_country]}, pool).profiles
    assert (profile.partner.country, profile.cluster, profile.partner.clusters) == ("KZ", None, ())


def test_whoever_has_not_accepted_does_not_keep_newcomers_out() -> None:
    project = {"title": "t", "cooperation": "any", "accepted_only": True, "capabilities": [{"id": "films"}]}
    found = missing(project, {"partners": [{"id": "ada", "offers": [{"competence": "films"}]}]})
    assert found.status is Status.INFEASIBLE and len(found.profiles) == 1


def test_ids_that_are_taken_are_not_taken_again() -> None:
    project = {"title": "t", "cooperation": "any", "capabilities": [{"id": "films"}, {"id": "laser"}]}
    pool = {"partners": [{"id": "newcomer", "offers": [{"competence": "films"}]}]}
    (profile,) = missing(project, pool).profiles
    assert profile.partner.id != "newcomer" and offers_of(profile) == (("laser", 1),)


def test_an_instance_is_refused_with_what_is_needed() -> None:
    question = pose(INSTANCES / "small.yaml")
    with pytest.raises(TypeError, match="give the project and the pool"):
        consortia.missing(question)


@pytest.mark.parametrize("most", [0, -1, True, 1.5, "3"])
def test_a_number_of_profiles_that_makes_no_sense_is_refused(most: Any) -> None:
    with pytest.raises(ValueError, match="most"):
        missing(INSTANCES / "small.yaml", most=most)


def test_nothing_is_claimed_when_time_is_over() -> None:
    found = missing(INSTANCES / "small.yaml", time_limit=0, solver="cpsat")
    assert found.status is Status.UNKNOWN
    assert not found.profiles and not found.impossible and not found.complete
