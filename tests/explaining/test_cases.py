"""The rules of explanations: rows and meaning agree, and so do rebates and their value."""

from __future__ import annotations

from fractions import Fraction

import pytest
from enumerated import Ends, consortia, tiny, with_costs
from meaning import hold_literal_to_meaning, hold_to_meaning

from consortia.explaining.cases import AsBefore, Differs, JustThese, LessThrough, OneCase, Settled
from consortia.expressions import EXPRESSIONS
from consortia.rules import Rule

RULES: list[Rule] = [
    OneCase(cases=(("ada", True, None),)),
    OneCase(cases=(("ada", True, 140), ("bor", False, 140))),
    OneCase(cases=(("ada", True, 90), ("bor", False, None), ("cid", True, 160), ("nobody", True, None))),
    OneCase(cases=(("nobody", False, 110), ("cid", False, 170))),
    Differs(members=("ada", "bor"), least=1),
    Differs(members=("cid", "nobody"), least=3),
    JustThese(members=("ada", "cid")),
    JustThese(members=("ada", "nobody")),
    Settled(inside=("ada",), outside=("cid",)),
    Settled(inside=(), outside=("bor",)),
    AsBefore(through=(("bor", "films", "films"), ("nobody", "films", "films")), free=()),
    AsBefore(through=(("ada", "films", "films"),), free=("lab",)),
    LessThrough(partner="bor", offer="films", per="person-month", below=2),
    LessThrough(partner="bor", offer="lots", per="delivery", below=1),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{type(rule).__name__} {rule.model_dump_json()}")
def test_rows_and_meaning_agree(rule: Rule) -> None:
    instance = tiny()
    met = hold_to_meaning(instance, rule, consortia(instance, 11))
    assert met == (
        {False} if "nobody" in getattr(rule, "members", ()) and isinstance(rule, JustThese) else {True, False}
    )
    if hasattr(rule, "holds"):
        hold_literal_to_meaning(instance, rule, consortia(instance, 37))


def test_the_cost_after_rebates_is_the_cost_less_what_is_given() -> None:
    rebates = {
        ("ada", None, "membership"): Fraction(1, 3),
        ("ada", "films", "person-month"): Fraction(-5, 7),
        ("bor", "lots", "delivery"): Fraction(2),
        ("cid", "films", "person-month"): Fraction(31, 10),
        ("nobody", None, "membership"): Fraction(9),
    }
    instance = tiny().replace(rebates=rebates)
    expression = EXPRESSIONS["cost after rebates"]
    model = with_costs(instance)
    ends = Ends(model, expression.post(model.columns))
    values = set()
    for consortium in consortia(instance, 29):
        value = expression.value(instance, consortium)
        assert ends.of(consortium) == (value, value)
        values.add(value)
    assert len(values) > 20
