"""The funding of an outcome: what members claim and are granted, rounded so that everything adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.funding import Funding
from consortia.outcome import Outcome
from consortia.report.money import Shown, apportion, minor_unit
from consortia.report.naming import named
from consortia.report.page import Page


@dataclass(frozen=True)
class Row:
    """A member, what is shared (`partner` is None), or everything together, in the currency.

    Parameters
    ----------
    partner : str or None
    cost : Decimal
        What the consortium spends.
    indirect : Decimal
        What the member bears besides, and claims flat.
    eligible, grant : Decimal
    """

    partner: str | None
    cost: Decimal
    indirect: Decimal = Decimal(0)
    eligible: Decimal = Decimal(0)
    grant: Decimal = Decimal(0)

    @property
    def own_contribution(self) -> Decimal:
        """What is left when the grant is paid."""
        return self.cost + self.indirect - self.grant


def table(outcome: Outcome, funding: Funding, amounts: Shown) -> list[Row]:
    """Return a row for each member, one for what is shared, and the total.

    Where the cap of the whole project cuts the grant, all members' grants are cut in proportion.
    """
    instance, consortium = outcome.instance, outcome.consortium
    assert consortium is not None
    claims = funding.claims(instance, consortium)
    asked, granted = sum(claim.grant for claim in claims), funding.grant(instance, claims)
    left = Fraction(granted, asked) if asked else Fraction(1)
    unit = minor_unit(instance.currency)

    def column(values: Sequence[int | Fraction]) -> list[Decimal]:
        exact = [Fraction(value) / (instance.scale * funding.factor()) for value in values]
        total = round(sum(exact, Fraction(0)) / Fraction(unit)) * unit
        return [*_apportioned(total, exact, unit), total]

    indirect = column([claim.indirect for claim in claims])
    eligible = column([claim.eligible for claim in claims])
    grants = column([claim.grant * left for claim in claims])
    own = [amounts.own[claim.partner] for claim in claims]
    figures = list(zip(own, indirect, eligible, grants, strict=False))
    rows = [Row(claim.partner, *figure) for claim, figure in zip(claims, figures, strict=True)]
    shared = Row(None, amounts.total - sum(own, Decimal(0)))
    return [*rows, shared, Row(None, amounts.total, indirect[-1], eligible[-1], grants[-1])]


def _apportioned(total: Decimal, parts: list[Fraction], unit: Decimal) -> list[Decimal]:
    """Apportion fractions: in whole parts of a unit so small that what it cuts off decides nothing."""
    fine = unit / 10**9
    return apportion(total, [int(part / Fraction(fine)) * fine for part in parts], unit)


def funding_data(outcome: Outcome) -> dict[str, Any] | None:
    """Return the table as plain data; None where there is no funding or no consortium."""
    from consortia.report.data import number

    funding = outcome.instance.funding
    if funding is None or outcome.consortium is None:
        return None
    *members, shared, total = table(outcome, funding, Shown(outcome))

    def figures(row: Row) -> dict[str, Any]:
        names = ("cost", "indirect", "eligible", "grant", "own_contribution")
        return {name: number(getattr(row, name)) for name in names}

    return {
        "programme": funding.programme or None,
        "source": funding.source or None,
        "as_of": funding.as_of or None,
        "members": [{"partner": row.partner, **figures(row)} for row in members],
        "shared": figures(shared),
        "total": figures(total),
    }


def funded(outcome: Outcome, amounts: Shown, page: Page) -> None:
    """List what each member claims, is granted and contributes."""
    words, instance = page.words, outcome.instance
    if instance.funding is None:
        return
    *members, shared, total = table(outcome, instance.funding, amounts)
    if instance.funding.programme:
        page.heading("Funding: {programme}", programme=instance.funding.programme)
    else:
        page.heading("Funding")

    def figures(row: Row) -> list[object]:
        values = (row.cost, row.indirect, row.eligible, row.grant, row.own_contribution)
        return [words.money(value, instance.currency) for value in values]

    rows: list[list[object]] = [[named(instance.partner_names, row.partner or ""), *figures(row)] for row in members]
    rows.append([words.say("Shared costs"), *figures(shared)])
    rows.append([None, "bold", words.say("Total"), *figures(total)])
    titles = ("Cost", "Indirect cost", "Eligible cost", "Grant", "Own contribution")
    page.table([(words.say("Member"), "left"), *((words.say(title), "right") for title in titles)], rows)
