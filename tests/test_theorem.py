"""What solvers see of a component is what it means: for every rule, part of the structure and component of the cost.

For *every* consortium of a tiny question: the rows of the component alone, with the decisions fixed, can be satisfied
over the auxiliary columns exactly when the component finds no violation; and the least cost over the auxiliary columns
is the value. The components are taken from where they are registered: a new one is in this test unasked, and a rule
without an example fails it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Any, get_args

import numpy as np
import pytest
from drawing import questions, rules
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import ill_formed, well_formed
from pydantic import TypeAdapter

from consortia import groups, packs
from consortia.checking import verify
from consortia.columns import Columns
from consortia.consortium import Consortium, Delivery
from consortia.costs import ALWAYS
from consortia.instance import Instance
from consortia.model import Model
from consortia.posing import pose
from consortia.program import Compiled, Linear, Program, Tag
from consortia.rules import AnyRule, Rule
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.exhaustive import Exhaustive
from consortia.structure import PARTS

RULES = {kind.model_fields["rule"].default: kind for kind in get_args(get_args(AnyRule)[0])}
RULE = TypeAdapter(AnyRule)

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "count": [
        {"min": 2},
        {"max": 1},
        {"min": 1, "max": 2, "filter": {"country": "BY"}},
        {"min": 1, "filter": {"role": "subcontractor"}},
        {"max": 1, "filter": {"cluster": "north", "role": ["beneficiary", "subcontractor"]}},
        {"min": 1, "filter": {"country": {"not": "RU"}}},
        {"min_share": "0.5", "filter": {"cluster": "north"}},
        {"max_share": "0.4", "filter": {"kind": "sme"}, "base": {"role": ["beneficiary", "subcontractor"]}},
    ],
    "distinct": [
        {"attribute": "country", "min": 2},
        {"attribute": "country", "max": 1},
        {"attribute": "cluster", "min": 2},
        {"attribute": "cluster_country", "min": 1, "max": 1, "filter": {"role": ["beneficiary", "subcontractor"]}},
        {"attribute": "owner", "max": 1},
        {"attribute": "size", "min": 2},
        {"attribute": "country", "min_share": "0.6", "filter": {"kind": "sme"}},
        {"attribute": "owner", "max_share": "0.5", "filter": {"cluster": "north"}},
    ],
    "representatives": [
        {"attribute": "country", "min": 2},
        {"attribute": "cluster", "min": 2, "among": {"role": ["beneficiary", "subcontractor"]}},
        {"attribute": "id", "min": 2, "filter": {"kind": "sme"}},
        {"attribute": "id", "min": 3, "among": {"role": ["beneficiary", "subcontractor"]}},
        {"attribute": "id", "min": 2, "filter": {"cluster": "south"}, "min_passing": 1},
        {"attribute": "cluster_country", "min": 1, "filter": {"kind": "sme"}, "min_passing": 0},
    ],
    "share": [
        {"max": "0.5", "each": "partner"},
        {"min": "0.3", "each": "cluster"},
        {"min": "0.2", "max": "0.6", "each": "country", "of": "effort"},
        {"max": "0.5", "each": "owner", "base": "total"},
        {"min": "0.5", "filter": {"cluster": "north"}},
        {"max": "0.4", "filter": {"cluster": "south"}, "base": {"kind": "sme"}},
        {"min": "0.1", "filter": {"role": "subcontractor"}, "of": "effort"},
        {"max": "0.25", "filter": {"role": "subcontractor"}, "base": "total"},
        {"max": 1, "filter": {"kind": "sme"}, "base": {"cluster": "north"}},
        {"max": 0, "of": "effort", "filter": {"cluster": "south"}},
    ],
    "participation": [
        {"min_effort": "0.2"},
        {"min_effort": "0.15", "filter": {"cluster": "north"}},
        {"min_share": "0.25"},
        {"min_share": "0.3", "min_effort": "0.1", "filter": {"kind": "sme"}},
        {"min_effort": 0},
    ],
    "include": [{"partners": ["ada"]}, {"partners": ["bor", "cid"]}, {"partners": ["gone"]}],
    "exclude": [{"partners": ["ada", "gone"]}, {"filter": {"cluster": "north"}}, {"filter": {"country": "BY"}}],
    "conflict": [
        {"partners": ["ada", "cid"]},
        {"partners": ["ada", "bor", "cid"], "at_most": 2},
        {"partners": ["ada", "gone"]},
    ],
    "requires": [
        {"when": "ada", "any_of": ["bor", "cid"]},
        {"when": "ada", "any_of": ["gone"]},
        {"when": "gone", "any_of": ["ada"]},
        {"when": "ada", "any_of": ["ada"]},
    ],
    "coordinator": [
        {},
        {"filter": {"cluster": "north"}},
        {"filter": {"role": ["beneficiary", "subcontractor"]}},
        {"capability": "films"},
        {"capability": "certificate"},
        {"capability": "lab", "filter": {"kind": "sme"}},
    ],
    "leaders": [{}, {"max_led": 1}, {"filter": {"cluster": "north"}}],
    "survives": [
        {"capabilities": ["certificate"]},
        {"loss_of": "cluster", "capabilities": ["lab"]},
        {"loss_of": "country", "capabilities": ["lab"]},
        {"loss_of": "owner", "number": 2, "capabilities": ["lab"]},
    ],
    "reliability": [
        {"min": "0.8", "capabilities": ["films"]},
        {"min": "0.96", "mode": "any", "capabilities": ["lab"]},
        {"min": "0.9601", "mode": "any", "capabilities": ["lab"]},
        {"min": "0.32", "mode": "all", "capabilities": ["lab", "tests"]},
    ],
    "specialisation": [
        {"max": 1},
        {"max": 2, "filter": {"role": ["beneficiary", "subcontractor"]}},
        {"max": 1, "filter": {"cluster": "north", "kind": "sme"}},
    ],
    "links": [
        {},
        {"min": 2, "filter": {"role": ["beneficiary", "subcontractor"]}},
        {"filter": {"cluster": "north", "role": ["beneficiary", "subcontractor"]}, "pairs": [["ada", "cid"]]},
    ],
    "connected": [
        {"pairs": [["ada", "gone"], ["gone", "bor"]]},
        {"filter": {"role": ["beneficiary", "subcontractor"]}},
        {"filter": {"role": ["beneficiary", "subcontractor"]}, "pairs": [["ada", "bor"], ["cid", "dor"]]},
    ],
    "conditional": [
        {"if": {"rule": "count", "min": 2, "max": 2}, "then": {"rule": "share", "each": "partner", "max": "0.7"}},
        {"if": {"rule": "count", "min": 1, "max": 2}, "then": {"rule": "connected"}},
        {
            "if": {"rule": "share", "min": "0.5", "filter": {"cluster": "north"}},
            "then": {"rule": "representatives", "attribute": "cluster", "min": 2},
        },
    ],
    "limit": [{"of": "members", "min": 2, "max": 3}, {"of": "cost", "max": "9.5"}],
}
ONE_SIDED = {
    str({"rule": "requires", "when": "ada", "any_of": ["ada"]}): {True},
    str({"rule": "requires", "when": "gone", "any_of": ["ada"]}): {True},
    str({"rule": "conflict", "partners": ["ada", "gone"]}): {True},
    str({"rule": "participation", "min_effort": 0}): {True},
    str({"rule": "include", "partners": ["gone"]}): {False},
    str({"rule": "survives", "capabilities": ["certificate"]}): {False},
    str({"rule": "reliability", "min": "0.9601", "mode": "any", "capabilities": ["lab"]}): {False},
}
CASES = [{"rule": name, **example} for name, examples in EXAMPLES.items() for example in examples]

POOL = {
    "clusters": [
        {"id": "north", "country": "BY", "industry": "packaging", "fee": 3},
        {"id": "south", "country": "RU", "industry": "pharma", "fee": "1.5"},
    ],
    "partners": [
        {
            "id": "ada",
            "clusters": ["north", {"cluster": "south", "paid": True}],
            "kind": "sme",
            "owner": "holding",
            "joining_cost": 2,
            "capacity": "0.2",
            "reliability": "0.9",
            "attributes": {"size": 2},
            "offers": [
                {"competence": "films", "rate": 30, "fixed": 1, "capacity": "0.1"},
                {"competence": "certificate"},
                {"competence": "tests", "rate": 20},
            ],
        },
        {
            "id": "bor",
            "clusters": ["south"],
            "reliability": "0.8",
            "attributes": {"size": 3},
            "offers": [
                {"id": "films", "competence": "films", "rate": 20},
                {"id": "films in lots", "competence": "films", "fixed": 4},
                {"competence": "lab", "fixed": 2},
            ],
        },
        {
            "id": "cid",
            "clusters": ["north"],
            "role": "subcontractor",
            "kind": "sme",
            "owner": "holding",
            "offers": [
                {"competence": "films", "rate": 10},
                {"competence": "lab", "fixed": 0, "reliability": "0.8"},
                {"competence": "tests", "rate": "12.5", "fixed": 1},
            ],
        },
        {"id": "dor", "kind": "sme", "joining_cost": "0.5", "offers": [{"competence": "lab", "fixed": 3}]},
    ],
}
PROJECT = {
    "title": "tiny",
    "cooperation": "any",
    "interest": {"gone": "declined"},
    "worked_together": [["ada", "bor"], ["bor", "cid"], ["dor", "ada"]],
    "budget": 17,
    "capabilities": [
        {"id": "certificate"},
        {"id": "films", "effort": "0.2", "backups": 1, "providers": {"max": 2}},
        {"id": "tests", "effort": "0.2", "providers": 1},
        {"id": "lab", "mode": "delivered"},
    ],
}


def tiny(**changes: Any) -> Instance:
    gone = {"id": "gone", "offers": [{"competence": "films", "rate": 1}]}
    return pose({**PROJECT, **changes}, {**POOL, "partners": [*POOL["partners"], gone]})


class Fixed:
    """A program that is compiled already."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled

    def compile(self) -> Compiled:
        return self.compiled


class Posted:
    """One component's rows, and answers about them once the decisions are fixed; what repeats is remembered."""

    def __init__(self, model: Model, objective: Linear | None = None, switch: int | None = None) -> None:
        self.model, self.switch = model, switch
        self.program = model.program
        self.program.expressions["asked"] = objective or Linear()
        self.program.objective = "asked"
        self.compiled = self.program.compile()
        used = [self.compiled.indices, np.flatnonzero(self.compiled.objective)]
        used += [np.where(self.compiled.literals >= 0, self.compiled.literals, ~self.compiled.literals)]
        fixed = self.compiled.lower == self.compiled.upper
        self.used = [column for column in np.unique(np.concatenate(used)).tolist() if not fixed[column]]
        self.known: dict[tuple[int | None, ...], int | None] = {}

    def least(self, consortium: Consortium, on: int = 1) -> int | None:
        """Return the least objective over the auxiliary columns; None if the rows cannot be satisfied."""
        values = self.model.encode(consortium)
        if self.switch is not None:
            values[self.switch] = on
        key = tuple(values.get(column) for column in self.used)
        if key not in self.known and None not in key:
            known = np.zeros(len(self.compiled.lower), dtype=np.int64)
            known[self.model.columns.needed] = 1
            known[list(values)] = list(values.values())
            self.known[key] = None if len(self.compiled.violated(known)) else self.compiled.cost(known)
        if key not in self.known:
            lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
            decided = list(values)
            lower[decided] = upper[decided] = list(values.values())
            fixed = replace(self.compiled, lower=lower, upper=upper).folded()
            answer = Exhaustive().solve(Fixed(fixed), Request())  # type: ignore[arg-type]
            assert answer.verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE)
            self.known[key] = answer.bound if answer.verdict is Verdict.OPTIMAL else None
        return self.known[key]


def prepared(instance: Instance) -> Model:
    """Return decision columns and the cost, and not a row but the cost's own."""
    program = Program()
    columns = Columns(instance, program)
    program.expressions["cost"] = Linear.total(component.post(columns) for component in ALWAYS)
    return Model(instance, program, columns)


def sayable(model: Model, consortium: Consortium) -> bool:
    """Tell whether the columns can say what the consortium says; who may not have an office has no column for it."""
    who, columns, places = consortium.coordinator, model.columns, model.instance.partner_at
    leads = all((package, places[leader]) in columns.leader for package, leader in consortium.leaders.items())
    return leads and (who is None or places[who] in columns.coordinator)


def hold_to_meaning(instance: Instance, rule: Rule, consortia: list[Consortium]) -> set[bool]:
    """Hold a rule's rows against its meaning, plain and behind a literal; return the verdicts that were met."""
    plain = prepared(instance)
    rule.post(plain.columns)
    posted = Posted(plain)
    behind = []
    for negated in (False, True):
        model = prepared(instance)
        switch = int(model.program.add_columns(Tag("switch"), 1)[0])
        rule.post(model.columns, (~switch if negated else switch,))
        behind.append((negated, Posted(model, switch=switch)))
    met = set()
    for place, consortium in enumerate(consortia):
        obeys = not rule.violations(instance, consortium)
        met.add(obeys)
        if not sayable(plain, consortium):
            assert not obeys, (rule, consortium)
            continue
        assert (posted.least(consortium) is not None) == obeys, (rule, consortium)
        for negated, conditional in behind if place % 5 == 0 else ():
            assert conditional.least(consortium, int(negated)) is not None, (rule, consortium)
            asked = conditional.least(consortium, int(not negated)) is not None
            assert asked == obeys, (rule, consortium)
    return met


INSTANCE = tiny()
ALL = list(well_formed(INSTANCE))


def test_the_tiny_question_is_worth_asking() -> None:
    assert len(ALL) > 1000
    assert INSTANCE.partners == ("ada", "bor", "cid", "dor")
    assert len(INSTANCE.seat_partner) == 5


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES)
    assert all(EXAMPLES.values())


def led(instance: Instance, consortia: list[Consortium]) -> Iterator[Consortium]:
    """Return consortia with everybody or nobody named to lead each of the work packages."""
    for leaders in product((None, *instance.partners), repeat=len(instance.work_packages)):
        named = {package: who for package, who in zip(instance.work_packages, leaders, strict=True) if who is not None}
        yield from (replace(consortium, leaders=named) for consortium in consortia)


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(str(value) for value in case.values()))
def test_rules_mean_what_solvers_see(case: dict[str, Any]) -> None:
    rule = RULE.validate_python(case)
    instance, consortia = INSTANCE, ALL
    if case["rule"] == "coordinator":
        consortia = list(well_formed(instance, coordinators=True))[::3]
    elif case["rule"] == "leaders":
        packages = [{"id": "one", "capabilities": ["films"]}, {"id": "two", "capabilities": ["lab", "certificate"]}]
        instance = tiny(work_packages=packages)
        consortia = list(led(instance, ALL[::11]))
    met = hold_to_meaning(instance, rule, consortia)
    assert met == ONE_SIDED.get(str(case), {True, False})


@pytest.mark.parametrize("name", ["cross-cluster", "super-regional", "metacluster"])
def test_levels_of_cooperation_mean_what_solvers_see(name: str) -> None:
    for rule in packs.load(name).rules:
        assert hold_to_meaning(INSTANCE, rule, ALL[::4]) == {True, False}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_structure_means_what_solvers_see(part: Any) -> None:
    met = hold_structure(INSTANCE, part, ALL)
    if type(part).__name__ == "Entry":  # what has a seat has entered
        assert met == {True}
    elif type(part).__name__ in ("Calendar", "Reserve", "Undertaking"):  # they have tests of their own
        assert met == {True}
        return
    else:
        assert True in met
    wide = list(ill_formed(INSTANCE, [1], 3)) if type(part).__name__ in ("Entry", "Deliveries") else []
    assert met | hold_structure(INSTANCE, part, wide) == {True, False}


def hold_structure(instance: Instance, part: Any, consortia: list[Consortium]) -> set[bool]:
    model = prepared(instance)
    part.post(model.columns)
    posted = Posted(model)
    met = set()
    for consortium in consortia:
        obeys = not part.violations(instance, consortium)
        met.add(obeys)
        assert (posted.least(consortium) is not None) == obeys, consortium
    return met


def test_what_has_no_column_is_wrong() -> None:
    """Columns end at what a partner or its offer can do; the checker must not accept more."""
    beyond = [
        Delivery(partner, capability, offer, INSTANCE.months(int(INSTANCE.arc_limit[arc]) + more))
        for (partner, capability, offer), arc in INSTANCE.arc_at.items()
        for more in (1, 2, 5)
    ]
    members = dict(INSTANCE.seat_at.keys())
    for delivery in beyond:
        assert not verify(INSTANCE, Consortium(members, (delivery,))).valid


def broken_rows(model: Model, *ones: int) -> int:
    """Count the rows that are broken when these columns are one and all others zero."""
    compiled = model.program.compile()
    values = compiled.lower.copy()
    values[list(ones)] = 1
    return len(compiled.violated(values))


def unpriced() -> Model:
    """Return decision columns and not a row."""
    program = Program()
    return Model(INSTANCE, program, Columns(INSTANCE, program))


def test_two_entries_of_one_member_are_one_too_many() -> None:
    """A consortium cannot say this, and columns can."""
    model = unpriced()
    entry = next(part for part in PARTS if type(part).__name__ == "Entry")
    entry.post(model.columns)
    member, first, second = (*model.columns.member[:1].tolist(), *model.columns.seat[:2].tolist())
    assert not broken_rows(model, member, first)
    assert broken_rows(model, member, first, second) == 1


def test_two_coordinators_are_one_too_many() -> None:
    """A consortium cannot say this either."""
    model = unpriced()
    RULE.validate_python({"rule": "coordinator"}).post(model.columns)
    members = model.columns.member.tolist()
    first, second = (model.columns.coordinator[INSTANCE.partner_at[name]] for name in ("bor", "dor"))
    assert broken_rows(model, *members) == 1  # nobody coordinates
    assert not broken_rows(model, *members, first)
    assert broken_rows(model, *members, first, second) == 1


@pytest.mark.parametrize("component", ALWAYS, ids=lambda component: component.name)
@pytest.mark.parametrize("sign", [1, -1], ids=["least", "greatest"])
def test_costs_are_what_solvers_see(component: Any, sign: int) -> None:
    """The greatest cost over the auxiliary columns is held to the value as well: they are pinned both ways."""
    hold_cost(INSTANCE, component, sign, ALL)


def hold_cost(instance: Instance, component: Any, sign: int, consortia: list[Consortium]) -> None:
    program = Program()
    columns = Columns(instance, program)
    cost = component.post(columns)
    posted = Posted(Model(instance, program, columns), sign * cost)
    for consortium in consortia:
        paid = component.lines(instance, consortium)
        assert all(line.cost for line in paid if line.component != "delivery")
        assert posted.least(consortium) == sign * sum(line.cost for line in paid), consortium


SEATS = len(INSTANCE.seat_partner)


@pytest.mark.parametrize("number", range(2**SEATS))
def test_auxiliary_columns_are_pinned_both_ways(number: int) -> None:
    """Presence and amounts of any set of seats: nothing is left to the solver's liking once decisions are fixed."""
    chosen = np.array([number >> seat & 1 for seat in range(SEATS)], dtype=bool)
    within = {seat for seat, place in INSTANCE.seat_at.items() if chosen[place]}
    model = prepared(INSTANCE)
    literal = model.columns.present(chosen)
    asked = {"present": Linear() if literal is None else Linear([literal])}
    asked |= {of: model.columns.amount(of, chosen) for of in ("cost", "effort")}
    for name, body in asked.items():
        ends = [Posted(model, sign * body) for sign in (1, -1)]
        for consortium in ALL[:: 11 if number else 101]:
            there = [partner for partner, cluster in consortium.members.items() if (partner, cluster) in within]
            meant = {
                "present": int(bool(there)),
                "cost": sum(INSTANCE.own_cost(consortium, partner) for partner in there),
                "effort": sum(
                    Fraction(delivery.effort) / Fraction(INSTANCE.step)
                    for delivery in consortium.deliveries
                    if delivery.partner in there
                ),
            }
            assert ends[0].least(consortium) == meant[name], (name, within, consortium)
            assert ends[1].least(consortium) == -meant[name], (name, within, consortium)


def hold_drawn(question: tuple[Any, Any], drawn: list[dict[str, Any]]) -> None:
    """Hold every component of a drawn question, and drawn rules besides, to its meaning."""
    project, pool = question
    instance = pose(project, pool).replace(groups={"eaeu": groups.load("eaeu").values})
    consortia = list(islice(well_formed(instance), 0, 3000, 37))
    named = [Consortium(one.members, one.deliveries, who) for one in consortia for who in (None, *instance.partners)]
    for part in PARTS:
        hold_structure(instance, part, consortia)
    for component in ALWAYS:
        hold_cost(instance, component, 1, consortia)
        hold_cost(instance, component, -1, consortia)
    for rule in (*instance.rules, *(RULE.validate_python(rule) for rule in drawn)):
        hold_to_meaning(instance, rule, named if rule.rule == "coordinator" else consortia)  # type: ignore[attr-defined]


ANY_RULES = st.lists(rules(capabilities=("c0",)), min_size=1, max_size=3)


@settings(max_examples=40)
@given(questions(), ANY_RULES)
def test_drawn_questions_mean_what_solvers_see(question: tuple[Any, Any], drawn: list[dict[str, Any]]) -> None:
    hold_drawn(question, drawn)


@pytest.mark.slow
@settings(max_examples=1500)
@given(questions(), ANY_RULES)
def test_many_drawn_questions_mean_what_solvers_see(question: tuple[Any, Any], drawn: list[dict[str, Any]]) -> None:
    hold_drawn(question, drawn)
