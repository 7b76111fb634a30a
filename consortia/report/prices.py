"""The section of the report on competence prices."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from consortia.instance import Instance
from consortia.language import Language
from consortia.report.money import minor_unit, rounded
from consortia.report.naming import named
from consortia.report.page import Page
from consortia.report.status import shown
from consortia.sentence import say

if TYPE_CHECKING:
    from consortia.multipliers import Price, Prices

CAPACITIES = 5
"""So many capacities, those with the highest prices, are shown on the page; the data have them all."""
NO_PRICES = say(
    "There are no prices: the linear relaxation of the question has no solution, or was not solved in time."
)
_FOR = {
    "holder": say("one more holder"),
    "provider": say("one more supplier"),
    "delivery": say("the delivery as a whole"),
    "person-month": say("one more person-month"),
    "backup": say("one more backup"),
    "money": say("one more in the budget"),
    "unit": say("one unit of what the rule counts"),
    "rule": say("the rule as a whole"),
}


def write_prices(prices: Prices | None, instance: Instance, page: Page) -> None:
    """Say what capabilities, rules, capacities and the budget are worth; what is worth nothing in one line."""
    words = page.words
    page.heading("Prices at the margin")
    if prices is None:
        page.line(words.write(NO_PRICES))
        return
    page.line(
        words.say(
            "These are multipliers. Together they prove that no consortium costs less than {bound}; one by one they "
            "are a guide to what something is worth, not its marginal cost by itself.",
            bound=shown(prices.bound, instance, words),
        )
    )
    worth = [price for price in prices.entries if _amount(price.amount, instance)]
    capacities = sorted((price for price in worth if price.kind == "capacity"), key=lambda price: -price.amount)
    others = [price for price in worth if price.kind != "capacity"]
    most = len(capacities) if page.roomy else CAPACITIES
    rows = [
        [
            _name(price, instance, words),
            words.write(_FOR[price.per]),
            words.money(_amount(price.amount, instance), instance.currency),
        ]
        for price in (*others, *capacities[:most])
    ]
    if rows:
        columns = [(words.say("What"), "left"), (words.say("For"), "left"), (words.say("Price"), "right")]
        page.table(columns, rows)
    if len(capacities) > most:
        count = len(capacities) - most
        page.line(words.say("Capacities with lower prices: {count}; `--format json` has them.", count=count))
    asked = (_name(price, instance, words) for price in prices.entries if price.kind in ("capability", "rule"))
    priced = {_name(price, instance, words) for price in worth}
    free = [name for name in dict.fromkeys(asked) if name not in priced]
    if free:
        page.line(words.say("Worth nothing at the margin: {names}.", names=", ".join(free)))


def price_rows(prices: Prices, instance: Instance, words: Language) -> list[tuple[str, str, Decimal]]:
    """Return all that is worth something: its name, what for, and the price."""
    found = ((price, _amount(price.amount, instance)) for price in prices.entries)
    return [(_name(price, instance, words), words.write(_FOR[price.per]), amount) for price, amount in found if amount]


def _amount(amount: Fraction, instance: Instance) -> Decimal:
    """Round a price to the minor unit of the currency, or to two places."""
    unit = minor_unit(instance.currency) if instance.currency else Decimal("0.01")
    exact = rounded(Decimal(amount.numerator) / amount.denominator, unit)
    return exact if instance.currency else exact.normalize()


def _name(price: Price, instance: Instance, words: Language) -> str:
    if price.kind == "capacity":
        partner = named(instance.partner_names, str(price.name))
        return words.say("Capacity of {partner}", partner=partner)
    if price.kind == "budget":
        return words.say("Budget")
    return named(instance.capability_names, price.name) if isinstance(price.name, str) else words.write(price.name)
