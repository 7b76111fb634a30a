"""Every consortium of a tiny question, and what its rows leave open once the decisions are fixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from consortia.columns import Columns
from consortia.consortium import Consortium, Delivery
from consortia.costs import components
from consortia.instance import Instance
from consortia.model import Model
from consortia.posing import pose
from consortia.program import Compiled, Linear, Program
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.exhaustive import Exhaustive

POOL: dict[str, Any] = {
    "clusters": [
        {"id": "north", "country": "BY", "industry": "digital", "fee": 3},
        {"id": "south", "country": "RU", "industry": "creative", "fee": "1.5"},
    ],
    "partners": [
        {
            "id": "ada",
            "clusters": ["north", {"cluster": "south", "paid": True}],
            "kind": "sme",
            "joining_cost": 2,
            "reliability": "0.9",
            "offers": [
                {"competence": "films", "rate": 30, "fixed": 1},
                {"competence": "lab", "fixed": 7, "category": "equipment"},
            ],
        },
        {
            "id": "bor",
            "country": "BY",
            "industry": "health",
            "kind": "university",
            "reliability": "0.75",
            "offers": [
                {"competence": "films", "rate": 20},
                {"id": "lots", "competence": "films", "fixed": 4, "category": "subcontracting"},
                {"competence": "lab", "fixed": 2},
            ],
        },
        {
            "id": "cid",
            "clusters": ["north"],
            "kind": "sme",
            "country": "RU",
            "industry": "transport",
            "offers": [{"competence": "films", "rate": "12.5"}, {"competence": "lab", "fixed": 0}],
        },
        {
            "id": "dor",
            "clusters": ["south"],
            "country": "BY",
            "kind": "large",
            "role": "associated",
            "reliability": 1,
            "joining_cost": 1,
            "offers": [{"competence": "lab", "fixed": 3, "category": "equipment"}],
        },
    ],
}
PROJECT: dict[str, Any] = {
    "title": "tiny",
    "cooperation": "any",
    "capabilities": [
        {"id": "films", "effort": "0.3", "providers": {"max": 2}},
        {"id": "lab", "mode": "delivered", "providers": {"min": 1}, "optional": True, "value": "1.5"},
    ],
}


def tiny(**changes: Any) -> Instance:
    """Pose the tiny question with some keys of the project changed."""
    return pose({**PROJECT, **changes}, POOL)


def consortia(instance: Instance, every: int = 1) -> Iterator[Consortium]:
    """Return every choice of members, entries and deliveries of members, in parts of at least a step."""
    options: list[list[tuple[str, str | None] | None]] = [
        [None, *(seat for seat in instance.seat_at if seat[0] == partner)] for partner in instance.partners
    ]
    number = 0
    for chosen in product(*options):
        members = dict(seat for seat in chosen if seat is not None)
        for deliveries in _deliveries(instance, members):
            number += 1
            if number % every == 0:
                made = tuple(deliveries)
                undertaken = frozenset({"films", *(delivery.capability for delivery in made)})
                yield Consortium(members, made, undertaken=undertaken)


def _deliveries(instance: Instance, members: dict[str, str | None]) -> Iterator[list[Delivery]]:
    """Return every choice of what each member delivers of each capability, through one offer."""
    options = []
    for place, capability in enumerate(instance.capabilities):
        effort = int(instance.effort[place])
        for member in members:
            arcs = [key for key in instance.arc_at if key[:2] == (member, capability)]
            parts = [Delivery(*key, instance.months(part)) for key in arcs for part in range(bool(effort), effort + 1)]
            options.append([None, *parts])
    for chosen in product(*options):
        yield [part for part in chosen if part is not None]


class Ends:
    """The least and the greatest value of an expression over the auxiliary columns, with the decisions fixed."""

    def __init__(self, model: Model, body: Linear) -> None:
        self.model = model
        self._compiled = []
        for sign in (1, -1):
            model.program.expressions["asked"] = sign * body
            model.program.objective = "asked"
            self._compiled.append((sign, model.program.compile()))

    def of(self, consortium: Consortium) -> tuple[int, int] | None:
        """Return both ends; None if the rows cannot be satisfied."""
        decided = self.model.encode(consortium)
        found = []
        for sign, compiled in self._compiled:
            lower, upper = compiled.lower.copy(), compiled.upper.copy()
            lower[list(decided)] = upper[list(decided)] = list(decided.values())
            answer = Exhaustive().solve(_Fixed(replace(compiled, lower=lower, upper=upper).folded()), Request())  # type: ignore[arg-type]
            if answer.verdict is Verdict.INFEASIBLE:
                return None
            assert answer.verdict is Verdict.OPTIMAL and answer.bound is not None
            found.append(sign * answer.bound)
        return found[0], found[1]


class _Fixed:
    """A program that is compiled already."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled

    def compile(self) -> Compiled:
        return self.compiled


def with_costs(instance: Instance) -> Model:
    """Return decision columns and the cost, and not a row but the cost's own."""
    program = Program()
    columns = Columns(instance, program)
    program.expressions["cost"] = Linear.total(component.post(columns) for component in components(instance))
    return Model(instance, program, columns)


def shares(instance: Instance) -> list[np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return some sets of seats: of each cluster, and of each partner."""
    clusters = [instance.seat_cluster == number for number in range(len(instance.clusters))]
    return clusters + [instance.seat_partner == number for number in range(len(instance.partners))]
