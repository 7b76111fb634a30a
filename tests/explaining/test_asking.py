"""What a question asks for besides its rules: the rows of each mean what it says; and weights by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from enumerated import POOL, consortia, tiny
from meaning import hold_literal_to_meaning, hold_to_meaning

from consortia import SpecError, repair
from consortia.explaining.asking import (
    AtLevel,
    NotAllWaived,
    OneOption,
    StandIns,
    Suppliers,
    Undertaken,
    Welcome,
    WithinBudget,
)
from consortia.model import build
from consortia.rules import Count, Include, Rule
from consortia.solving import solve

INSTANCE = tiny()
ALL = list(consortia(INSTANCE, every=5))
RULES: tuple[Rule, ...] = (
    Undertaken(forms=("films",)),
    Undertaken(forms=("lab",)),
    Undertaken(forms=("lab", "films")),
    AtLevel(capability="films", lower="lab", level=2),
    OneOption(options=(("lab",), ("films",)), forms={"lab": ("lab",), "films": ("films",)}),
    WithinBudget(most=INSTANCE.scale * 9, amount=Decimal(9), currency="EUR"),
    Suppliers(forms=("films",), least=2),
    Suppliers(forms=("films", "lab"), least=2),
    StandIns(forms=("lab",), least=1),
    StandIns(forms=("lab", "films"), least=2),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{type(rule).__name__} {rule.describe()}")
def test_rows_mean_what_the_rule_says(rule: Rule) -> None:
    met = hold_to_meaning(INSTANCE, rule, ALL)
    always = isinstance(rule, Undertaken) and "films" in rule.forms  # every consortium of these undertakes it
    assert met == ({True} if always else {True, False})
    if not isinstance(rule, OneOption):
        hold_literal_to_meaning(INSTANCE, rule, ALL[::3])


def test_held_capabilities_are_supplied_by_those_who_hold_them() -> None:
    held = {"id": "seal", "competence": "lab"}
    instance = tiny(capabilities=[{"id": "films", "effort": "0.1"}, held, {**held, "id": "other", "optional": True}])
    rule = Suppliers(forms=("seal", "other"), least=3)
    for members, obeys in (
        ({"ada": "north", "bor": None}, False),
        ({"ada": "north", "bor": None, "cid": "north"}, True),
    ):
        outcome = solve(instance.replace(rules=(rule, *(Include(partners=(name,)) for name in members))))
        assert outcome.consortium is not None
        assert not rule.violations(instance, outcome.consortium)
        consortium = type(outcome.consortium)(members, undertaken=frozenset({"seal"}))
        assert (not rule.violations(instance, consortium)) == obeys


def test_who_is_welcome_need_not_come_and_need_do_nothing() -> None:
    rules = (Welcome(partners=("dor",)), Count(min=1))
    idle = solve(tiny().replace(rules=(*rules, Include(partners=("dor",))), optional=None))
    assert idle.consortium is not None
    assert not Welcome(partners=("dor",)).violations(INSTANCE, idle.consortium)
    assert "dor" not in (solve(tiny().replace(rules=rules)).consortium or idle.consortium).members


def test_another_way_keeps_one_of_the_rules() -> None:
    """At most one member and at least two: one of them is waived, then the other."""
    rules = (Count(max=1), Count(min=2))
    instance = tiny().replace(rules=rules, waivable={0: 1, 1: 2}, objectives=(("waived", Decimal(0)),))
    first = solve(instance)
    assert [stage.value for stage in first.stages] == [1]
    second = solve(instance.replace(rules=(*rules, NotAllWaived(places=(0,)))))
    assert [stage.value for stage in second.stages] == [2]
    both = (*rules, NotAllWaived(places=(0,)), NotAllWaived(places=(1,)))
    assert solve(instance.replace(rules=both)).consortium is None
    assert NotAllWaived(places=(0,)).violations(instance, first.consortium)  # type: ignore[arg-type]
    assert build(instance).columns.waived


PROJECT: dict[str, Any] = {
    "title": "t",
    "cooperation": "any",
    "budget": 5,
    "effort_step": 1,
    "capabilities": [{"id": "films", "effort": 1}, {"id": "lab", "mode": "delivered"}],
    "rules": [{"rule": "count", "label": "small", "max": 1}],
}


def changes(**arguments: Any) -> list[list[str]]:
    found = repair(PROJECT, POOL, **arguments)
    return [[str(change.sentence) for change in way.changes] for way in found.ways]


def test_weights_decide() -> None:
    """One of the partners can do it all for 6."""
    dearer = ["Raise the budget from 5 EUR to 6 EUR"]
    assert changes(ways=1) == [dearer]
    assert changes(ways=1, weights={"budget": 3, "lab": 1.5})[0] in (["Leave out films"], ["Leave out lab"])
    assert changes(ways=1, weights={"budget": 3, "lab": "3.5", "films": None}) == [dearer]
    found = repair(PROJECT, POOL, weights={"budget": None, "films": None, "lab": None})
    assert (found.status, found.ways, found.complete) == ("infeasible", (), True)
    found = repair(PROJECT, POOL, weights={"films": Decimal("0.5"), "lab": None, "small": 10**6})
    assert [way.weight for way in found.ways] == [Decimal("0.5"), 1]
    assert found.complete


def test_wrong_weights_are_refused_all_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        repair(PROJECT, POOL, weights={"bugdet": 1, "films": 0, "lab": -1, "small": "much", "budget": float("nan")})
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 5
    assert "Did you mean budget?" in " ".join(said)
    with pytest.raises(TypeError):
        repair(PROJECT, POOL, weights=["budget"])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="above zero"):
        repair(PROJECT, POOL, ways=0)
    with pytest.raises(TypeError):
        repair(PROJECT, POOL, ways=True)
