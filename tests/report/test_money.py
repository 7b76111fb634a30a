"""Money is rounded once, and what is shown adds up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from consortia import solve
from consortia.report.money import Shown, apportion, rounded

CENT = Decimal("0.01")
amounts = st.lists(st.decimals(min_value=-1000, max_value=10**9, places=5), min_size=1, max_size=12)


@given(amounts)
def test_parts_add_up_to_the_total_and_hardly_move(parts: list[Decimal]) -> None:
    total = rounded(sum(parts, Decimal(0)), CENT)
    shown = apportion(total, parts, CENT)
    assert sum(shown) == total
    assert all(abs(one - other) < CENT for one, other in zip(shown, parts, strict=True))
    assert all(one == other for one, other in zip(shown, parts, strict=True) if other % CENT == 0)


@given(st.lists(amounts, min_size=1, max_size=5))
def test_parts_of_parts_add_up_too(groups: list[list[Decimal]]) -> None:
    sums = [sum(group, Decimal(0)) for group in groups]
    upper = apportion(rounded(sum(sums, Decimal(0)), CENT), sums, CENT)
    for total, group in zip(upper, groups, strict=True):
        shown = apportion(total, group, CENT)
        assert sum(shown) == total
        assert all(abs(one - other) < CENT for one, other in zip(shown, group, strict=True))


def test_the_largest_remainders_are_rounded_up() -> None:
    parts = [Decimal("1.001"), Decimal("1.006"), Decimal("1.003")]
    assert apportion(Decimal("3.01"), parts, CENT) == [Decimal("1.00"), Decimal("1.01"), Decimal("1.00")]


def test_items_of_an_outcome_add_up_where_nothing_is_a_whole_cent() -> None:
    partners = [
        {"id": name, "joining_cost": "0.333", "offers": [{"competence": name, "rate": "33.3333"}]} for name in "abc"
    ]
    project = {
        "title": "Thirds",
        "cooperation": "any",
        "currency": "EUR",
        "capabilities": [{"id": name, "effort": "0.1"} for name in "abc"],
    }
    outcome = solve(project, {"partners": partners}, solver="cpsat")
    shown = Shown(outcome)
    assert outcome.cost == Decimal("10.99899")
    assert shown.total == Decimal("11.00")
    assert sum(shown.own.values()) == shown.total
    assert sum(shown.items) == shown.total
    for member, own in shown.own.items():
        items = zip(outcome.lines, shown.items, strict=True)
        assert own == sum(amount for line, amount in items if line.partner == member)


def test_without_a_currency_nothing_is_rounded() -> None:
    project = {"title": "x", "cooperation": "any", "capabilities": [{"id": "a", "effort": 1}]}
    pool = {"partners": [{"id": "p", "offers": [{"competence": "a", "rate": "1.2345"}]}]}
    outcome = solve(project, pool, solver="cpsat")
    bare = type(outcome)(**{**vars(outcome), "instance": outcome.instance.replace(currency="")})
    assert Shown(bare).total == Decimal("1.2345")
