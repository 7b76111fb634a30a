"""Bounds at any multipliers against the oracle, on questions with every rule and every cost there is."""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from threading import Event
from typing import Any, get_args

import numpy as np
import pytest
from combining import (
    NAMES,
    Component,
    combinations,
    conditional,
    coordination,
    discount,
    equipment,
    funding,
    leaders,
    rule,
    service,
)
from drawing import Data, questions, rules
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lexicographic import best_values
from priced_programs import Watched

from consortia.compiled import Compiled
from consortia.costs import AnyCost
from consortia.instance import Instance
from consortia.linear import Integers
from consortia.model import build
from consortia.posing import pose
from consortia.rules import AnyRule
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.lagrangian import Box, Point, raised
from consortia.solvers.linear_program import LinearProgram
from consortia.solvers.reduction import reduce

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
RULES = {kind.model_fields["rule"].default: kind for kind in get_args(get_args(AnyRule)[0])}
COSTS = {kind.model_fields["cost"].default: kind for kind in get_args(get_args(AnyCost)[0])}
assert not set(RULES) & set(COSTS)


COMPONENTS: dict[str, Component] = {
    **{kind: rule(kind) for kind in ("survives", "connected")},
    **{"leaders": leaders, "limit": funding, "conditional": conditional},
    **{"equipment": equipment, "service": service, "discount": discount, "coordination": coordination},
}
MILD: dict[str, Data] = {
    "links": {},
    "reliability": {"min": "0.5", "mode": "any"},
    "specialisation": {"max": 1},
    "representatives": {"attribute": "id", "min": 1, "filter": {"kind": {"not": "large"}}, "min_passing": 0},
}


@st.composite
def questions_with(draw: st.DrawFn, kind: str) -> tuple[Data, Data]:
    """Draw a question that has a rule or a cost of a kind, among others."""
    plain = questions(most_partners=3, most_capabilities=2, most_rules=1)
    project, pool = draw(st.one_of(combinations(), plain, questions(most_partners=3, most_rules=4)))
    if kind in _kinds(project):
        return project, pool
    if kind in COMPONENTS:
        COMPONENTS[kind](draw, project, pool)
    elif kind in MILD:
        project["rules"].append({"rule": kind, **MILD[kind]})
        project["worked_together"] = [["ada", "bor"]]
        pool["partners"][0]["reliability"] = "0.9"
    else:
        project["rules"].append(draw(rules(NAMES, (), kinds=(kind,))))
    return project, pool


def _kinds(project: Data) -> set[str]:
    return {made.get("rule", made.get("cost")) for made in (*project["rules"], *project.get("costs", ()))}


class Priced:
    """A program without literals, one of its best solutions if there is any, and the cost of it."""

    def __init__(self, compiled: Compiled, best: Integers | None, least: int | None, seed: int) -> None:
        self.compiled = compiled
        self.relaxation = Watched(compiled)
        self.program = LinearProgram(compiled, Event(), None)
        self.best, self.least = best, least
        self.random = np.random.default_rng(seed)

    def hold(self, met: Counter[str]) -> None:
        """Hold all points that come up, over the whole program and over boxes around the solution."""
        relaxation, whole = self.relaxation, (self.compiled.lower, self.compiled.upper)
        height = len(self.compiled.row_lower)
        for box in (whole, *(self.around() for _ in range(2))):
            found = self.program.solve(*box)
            assert found.ending == "optimal" or self.best is None
            spread = self.random.normal(size=height) * 10.0 ** self.random.integers(-6, 7)
            for prices in (found.prices, np.zeros(height), found.prices + spread, spread, np.rint(spread)):
                start = relaxation.point(prices, box)
                if start is not None:
                    self.tighten(start, box, met)
                    target = relaxation.least_objective(start) + int(self.random.integers(1, 1000))
                    self.tighten(raised(relaxation, start, target, box, 12), box, met)
                empty = relaxation.point(prices, box, toll=0)
                if empty is not None:
                    assert empty.bound <= 0 or self.best is None
                    met["refuted"] += empty.bound > 0
        for point in relaxation.given:
            self.compare(point, met)

    def around(self) -> Box:
        """Return a box that the solution is in, with some columns fixed."""
        lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
        if self.best is not None:
            fixed = self.random.random(len(lower)) < self.random.random()
            lower[fixed] = upper[fixed] = self.best[fixed]
        return lower, upper

    def tighten(self, point: Point, box: Box, met: Counter[str]) -> None:
        if self.best is not None:
            most = int(self.compiled.objective @ self.best)
            lower, upper = self.relaxation.tightened(point, most, box)
            assert np.all((lower <= self.best) & (self.best <= upper))
            met["fixed"] += bool(np.any((lower > box[0]) | (upper < box[1])))

    def compare(self, point: Point, met: Counter[str]) -> None:
        if self.least is not None:
            scale = self.relaxation.scale
            bound = self.compiled.divisor * point.bound + self.compiled.constant * scale
            assert bound <= self.least * scale
            met["bounds"] += 1
            met["tight"] += bound > self.least * scale - self.compiled.divisor * scale
            met["blocks"] += bool(len(self.relaxation.blocks.row))


def hold(question: tuple[Any, Any], seed: int, met: Counter[str]) -> None:
    instance = pose(*question)
    least = least_cost(instance)
    # several objectives: the first is the cost here, whatever the question asks for
    compiled = build(instance).program.compile()
    answer = search(compiled, Request(options={"workers": 1}))
    assert (answer.verdict is Verdict.INFEASIBLE) == (least is None)
    assert answer.bound == least or least is None
    met.update({part.rule for rule in instance.rules for part in rule.with_parts()})
    met.update({part.cost for part in instance.costs})
    met["feasible" if least is not None else "infeasible"] += 1
    Priced(compiled.without_literals(), answer.values, least, seed).hold(met)
    reduction = reduce(compiled)
    if not reduction.infeasible and len(reduction.columns):
        best = None if answer.values is None else reduction.project(answer.values)
        Priced(reduction.compiled.without_literals(), best, least, seed).hold(met)
        met["reduced"] += 1


def least_cost(instance: Instance) -> int | None:
    found = best_values(instance.replace(objectives=(("cost", Fraction(0)),)))
    return None if found is None else int(found[0] * instance.scale)


def hold_many(kind: str, number: int) -> Counter[str]:
    met: Counter[str] = Counter()

    @settings(max_examples=number, phases=(Phase.generate,))
    @given(questions_with(kind), st.integers(0, 2**32))
    def draw(question: tuple[Any, Any], seed: int) -> None:
        hold(question, seed, met)

    draw()
    assert met[kind] == number
    return met


def hold_each(number: int) -> None:
    met = {kind: hold_many(kind, number) for kind in (*RULES, *COSTS)}
    assert min(found["feasible"] for found in met.values()) >= number // 14
    total = sum(met.values(), Counter())
    assert min(total[what] for what in ("infeasible", "reduced", "fixed", "refuted", "tight", "blocks")) >= 3 * number


def test_no_bound_is_above_the_least_cost_whatever_the_rules() -> None:
    hold_each(14)


@pytest.mark.slow
def test_no_bound_is_above_the_least_cost_in_many_questions() -> None:
    hold_each(max(14, MANY // 20))
