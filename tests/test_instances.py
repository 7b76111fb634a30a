"""The shipped examples: read, solved, and compared with the recorded least costs."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

import consortia
from consortia.files import read
from consortia.indexing import index

FOLDER = Path(__file__).parents[1] / "instances"
BOUNDS = json.loads((FOLDER / "bounds.json").read_text(encoding="utf-8"))
PROJECTS = sorted(path.name for path in FOLDER.glob("*.yaml"))


def posed(name, **changes):
    project, pool, notes = read(FOLDER / name)
    return index(project.model_copy(update=changes), pool, notes=notes)


def solved(name, **changes):
    return consortia.solve(posed(name, **changes), solver="cpsat")


def rules_without(name, place):
    project, _, _ = read(FOLDER / name)
    return (*project.rules[:place], *project.rules[place + 1 :])


def test_every_project_has_a_recorded_bound():
    assert sorted(BOUNDS) == PROJECTS


@pytest.mark.parametrize("name", PROJECTS)
def test_the_least_cost_is_the_recorded_one(name):
    outcome = solved(name)
    assert outcome.status == BOUNDS[name]["status"]
    assert outcome.proof == "exact"
    assert outcome.cost == (None if BOUNDS[name]["cost"] is None else Decimal(BOUNDS[name]["cost"]))


@pytest.mark.parametrize("name", PROJECTS)
def test_a_record_says_who_proved_it_and_when(name):
    record = BOUNDS[name]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", record["date"])
    assert record["proof"] == "exact"
    assert re.match(r"\w+ \(.+ \d.*\)", record["solver"])


def test_highs_proves_the_flagship_too():
    outcome = consortia.solve(posed("cold-chain.yaml"), solver="milp:highs")
    assert outcome.proven
    assert outcome.cost == Decimal(BOUNDS["cold-chain.yaml"]["cost"])


def test_the_flagship_is_what_it_is_said_to_be():
    project, pool, _ = read(FOLDER / "cold-chain.yaml")
    assert len(pool.clusters) == 9
    assert len(pool.partners) == 43
    assert len(project.capabilities) == 16
    assert {cluster.country for cluster in pool.clusters} == {"BY", "RU", "KZ", "AM"}
    assert {cluster.industry for cluster in pool.clusters} == {"packaging", "digital", "biopharma", "logistics"}
    assert len({rate.currency for rate in project.rates}) == 4


REDUNDANT = {"Beneficiaries of all four countries, independent of one another"}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(read(FOLDER / "cold-chain.yaml")[0].rules)))
def test_rules_of_the_flagship_bind(place):
    project, _, _ = read(FOLDER / "cold-chain.yaml")
    cheaper = solved("cold-chain.yaml", rules=rules_without("cold-chain.yaml", place))
    least = Decimal(BOUNDS["cold-chain.yaml"]["cost"])
    if project.rules[place].label in REDUNDANT:
        assert cheaper.cost == least
    else:
        assert cheaper.cost < least


@pytest.mark.parametrize("change", ["rules", "interest", "providers"])
def test_each_requirement_of_the_infeasible_one_could_be_met(change):
    project, _, _ = read(FOLDER / "vaccine-lab.yaml")
    loosened = {
        "rules": {"rules": project.rules[1:]},
        "interest": {"interest": {}},
        "providers": {
            "capabilities": tuple(
                capability.model_copy(update={"providers": type(capability.providers)()})
                for capability in project.capabilities
            )
        },
    }
    assert solved("vaccine-lab.yaml").status == "infeasible"
    assert solved("vaccine-lab.yaml", **loosened[change]).status == "optimal"
