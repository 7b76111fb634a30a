"""The shipped examples: read, solved, and compared with the recorded least costs."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import consortia
from consortia.files import read
from consortia.indexing import index
from consortia.spec.project import Objective

FOLDER = Path(__file__).parents[1] / "instances"
BOUNDS = json.loads((FOLDER / "bounds.json").read_text(encoding="utf-8"))
PROJECTS = sorted(path.name for path in FOLDER.glob("*.yaml"))


def posed(name, **changes):
    project, pool, notes = read(FOLDER / name)
    return index(project.model_copy(update=changes), pool, notes=notes)


def solved(name, **changes):
    return consortia.solve(posed(name, **changes), solver="cpsat")


def proven(outcome):
    assert all(stage.value == stage.bound for stage in outcome.stages)
    return {stage.expression: stage.value for stage in outcome.stages}


def recorded(name):
    record = BOUNDS[name]
    return {"cost": Fraction(Decimal(record["cost"]))}


def least_cost(name, **changes):
    return solved(name, **changes, objectives=(Objective(of="cost"),)).cost


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
    if outcome.status.value == "infeasible":
        assert BOUNDS[name]["cost"] is None
    else:
        assert proven(outcome) == recorded(name)


@pytest.mark.parametrize("name", PROJECTS)
def test_a_record_says_who_proved_it_and_when(name):
    record = BOUNDS[name]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", record["date"])
    assert record["proof"] == "exact"
    assert re.match(r"\w+ \(.+ \d.*\)", record["solver"])


@pytest.mark.slow
def test_highs_proves_the_flagship_too():
    outcome = consortia.solve(posed("cold-chain.yaml"), solver="milp:highs")
    assert proven(outcome) == recorded("cold-chain.yaml")


def test_the_flagship_is_what_it_is_said_to_be():
    project, pool, _ = read(FOLDER / "cold-chain.yaml")
    assert len(pool.clusters) == 9
    assert len(pool.partners) == 43
    assert len(project.capabilities) == 18
    assert {cluster.country for cluster in pool.clusters} == {"BY", "RU", "KZ", "AM"}
    assert {cluster.industry for cluster in pool.clusters} == {"packaging", "digital", "biopharma", "logistics"}
    assert len({rate.currency for rate in project.rates}) == 4
    assert {cost.cost for cost in project.costs} == {"equipment", "discount", "service", "coordination"}
    assert {"leaders", "survives", "reliability", "conditional", "limit"} < {rule.rule for rule in project.rules}
    assert len(project.periods) == len(project.work_packages) == 4
    assert len(project.choices) == 1
    assert sum(capability.optional for capability in project.capabilities) == 3


REDUNDANT = {
    "The coordinator has coordinated before, and coordinates",
    "Beneficiaries of all four countries, independent of one another",
    "Small enterprises of six clusters, independent of one another",
    "Nobody known to be unreliable",
    "Silk Cold Trans declares its goods through a broker in Almaty",
    "With three members in Astana, a large firm of Kazakhstan stands behind them",
}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(read(FOLDER / "cold-chain.yaml")[0].rules)))
def test_rules_of_the_flagship_bind(place):
    project, _, _ = read(FOLDER / "cold-chain.yaml")
    cheaper = least_cost("cold-chain.yaml", rules=rules_without("cold-chain.yaml", place))
    least = Decimal(BOUNDS["cold-chain.yaml"]["cost"])
    if project.rules[place].label in REDUNDANT:
        assert cheaper == least
    else:
        assert cheaper < least


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(read(FOLDER / "cold-chain.yaml")[0].costs)))
def test_costs_of_the_flagship_matter(place):
    project, _, _ = read(FOLDER / "cold-chain.yaml")
    without = least_cost("cold-chain.yaml", costs=(*project.costs[:place], *project.costs[place + 1 :]))
    assert without != Decimal(BOUNDS["cold-chain.yaml"]["cost"])


@pytest.mark.slow
def test_periods_of_the_flagship_bind():
    project, _, _ = read(FOLDER / "cold-chain.yaml")
    whenever = {"start": None, "end": None}
    capabilities = tuple(capability.model_copy(update=whenever) for capability in project.capabilities)
    least = Decimal(BOUNDS["cold-chain.yaml"]["cost"])
    assert least_cost("cold-chain.yaml", periods=(), capabilities=capabilities) < least


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
