"""Repairs and conflicts against the oracle: a repair repairs, and nothing that weighs less does."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import combinations as subsets
from typing import Any

import pytest
from demanding import asking
from hypothesis import Phase, given, settings
from lexicographic import candidates, complete

from consortia.checking import verify
from consortia.explaining.conflicts import explain
from consortia.explaining.demands import TakenApart
from consortia.explaining.question import asked
from consortia.explaining.repaired import repaired
from consortia.explaining.repairs import repair
from consortia.explaining.with_and_without import by_cost
from consortia.outcome import Status
from consortia.solving import solve

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)
MOST = 2  # so many changes at once are tried by the oracle


class Oracle:
    """Which demands could be dropped, each set posed as a question of its own and answered by enumeration."""

    def __init__(self, question: tuple[Any, Any]) -> None:
        self.apart = TakenApart(asked(*question))
        self.demands = range(len(self.apart.demands))
        self.repairs = cache(self._repairs)

    def _repairs(self, dropped: frozenset[int]) -> bool:
        instance = repaired(self.apart, dict.fromkeys(dropped))
        return any(complete(instance, one) is not None for one in candidates(instance))

    def possible(self, kept: frozenset[int]) -> bool:
        """Tell whether some demands can be met together; whoever is included by name may be idle, asked for or not."""
        instance = self.apart.under(kept)
        return any(complete(instance, one) is not None for one in candidates(instance))

    def least_sets(self) -> list[frozenset[int]]:
        """Return the sets of at most `MOST` demands whose loss repairs, and none of whose parts does."""
        found: list[frozenset[int]] = []
        for size in range(MOST + 1):
            for chosen in map(frozenset, subsets(self.demands, size)):
                if not any(smaller <= chosen for smaller in found) and self.repairs(chosen):
                    found.append(chosen)
        return found


def hold_repair(question: tuple[Any, Any], met: Counter[str]) -> None:
    oracle = Oracle(question)
    found = repair(*question, solver="cpsat", ways=4)
    met[found.status] += 1
    if found.status == "feasible":
        assert oracle.repairs(frozenset())
        assert found.outcome is not None and found.outcome.status is Status.OPTIMAL
        return
    assert found.status == "repaired"  # without demands there is always the consortium of nobody
    least = oracle.least_sets()
    demands = oracle.apart.demands
    places = {demand.rule.model_dump_json(): place for place, demand in enumerate(demands)}
    sets = []
    for way in found.ways:
        assert way.proven and way.exact
        assert way.outcome.consortium is not None
        assert verify(way.outcome.instance, way.outcome.consortium).valid
        assert way.violations
        chosen = frozenset(places[entry.demand.rule.model_dump_json()] for entry in way.changes)
        assert way.weight == len(chosen)
        sets.append(chosen)
    small = [len(chosen) for chosen in sets if len(chosen) <= MOST]
    expected = [len(chosen) for chosen in least]
    assert small == expected[: len(small)], (sets, least)
    assert len(small) == min(len(expected), 4)
    assert all(chosen in least for chosen in sets if len(chosen) <= MOST)
    if len(sets) < 4:
        assert found.complete


def hold_explanation(question: tuple[Any, Any], met: Counter[str], solver: str = "cpsat") -> None:
    oracle = Oracle(question)
    found = explain(*question, solver=solver)
    assert (found.status == "feasible") == oracle.repairs(frozenset())
    met[found.status] += 1
    everything = frozenset(oracle.demands)
    places = {demand.rule.model_dump_json(): place for place, demand in enumerate(oracle.apart.demands)}
    taken: set[int] = set()
    for conflict in found.conflicts:
        assert conflict.minimal and conflict.proof == "exact"
        core = frozenset(places[demand.rule.model_dump_json()] for demand in conflict.demands)
        assert core and not core & taken
        assert not oracle.possible(core)
        for place in core:
            assert oracle.possible(core - {place})
        taken |= core
        met["budget"] += any(demand.kind == "budget" for demand in conflict.demands)
    if found.status == "infeasible":
        assert found.conflicts and found.complete
        assert oracle.possible(everything - taken)


def drawn(hold: Any, cases: int) -> Counter[str]:
    met: Counter[str] = Counter()

    @settings(max_examples=cases, phases=UNSHRUNK)
    @given(asking())
    def draw(question: tuple[Any, Any]) -> None:
        hold(question, met)

    draw()
    return met


def test_repairs_against_the_oracle() -> None:
    met = drawn(hold_repair, 25)
    assert min(met["feasible"], met["repaired"]) >= 5, met


def test_conflicts_against_the_oracle() -> None:
    met = drawn(hold_explanation, 12)
    assert min(met["feasible"], met["infeasible"]) >= 2, met


def hold_scarce(question: tuple[Any, Any], met: Counter[str]) -> None:
    """Explain a question whose budget is a little too small."""
    project, pool = question
    cost = solve(by_cost(asked({**project, "budget": None}, pool).instance)).cost
    if cost is not None and cost > Decimal("0.01"):
        hold_explanation(({**project, "budget": str(round(cost - Decimal("0.01"), 2))}, pool), met, "auto")


def test_conflicts_with_the_budget_against_the_oracle() -> None:
    met = drawn(hold_scarce, 50)
    assert min(met["infeasible"], met["budget"]) >= 3, met


@pytest.mark.slow
@pytest.mark.parametrize(("hold", "cases"), [(hold_repair, MANY // 4), (hold_explanation, MANY // 10)])
def test_many_against_the_oracle(hold: Any, cases: int) -> None:
    """Both take long to check: every pair of changes, or every consortium of the bare question."""
    met = drawn(hold, cases)
    assert met["feasible"] >= cases // 20, met
