"""Amounts of money in the currency of the project, exact, with a note of what was assumed."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_EVEN, Context, Decimal

from consortia.sentence import Sentence, say
from consortia.spec.base import Amount
from consortia.spec.project import Project

EXACT = Context(prec=200, rounding=ROUND_HALF_EVEN)


class Converter:
    """Turns amounts into the project's currency by its dated rates.

    Parameters
    ----------
    project : Project
        Gives the currency and the rates.
    currency : str or None
        That of plain amounts; None for the project's own.
    """

    def __init__(self, project: Project, currency: str | None = None) -> None:
        self._target = project.currency
        self._plain = currency or project.currency
        self._rates = {rate.currency: rate for rate in project.rates}
        self._used: Counter[str] = Counter()

    def convert(self, money: Decimal | Amount, plain: str | None = None) -> Decimal:
        """Return an amount in the project's currency, rounded half-even to its minor unit if it was converted.

        A `plain` amount is in the currency given here, or else in the one of the converter.
        """
        plain = plain or self._plain
        amount, currency = (money.amount, money.currency) if isinstance(money, Amount) else (money, plain)
        if currency == self._target:
            return amount
        self._used[currency] += 1
        # exactly, whatever the digits: a product rounded before it is rounded might leave a tie on the wrong side
        return EXACT.quantize(EXACT.multiply(amount, self._rates[currency].rate), minor_unit(self._target))

    def also(self, used: Counter[str]) -> None:
        """Count amounts that were converted elsewhere by the same rates."""
        self._used += used

    def notes(self) -> list[Sentence]:
        """Say which rates were used, and for how many amounts."""
        return [
            say(
                "1 {currency} = {rate} {target} of {date}, used for {count} amounts",
                currency=currency,
                rate=self._rates[currency].rate,
                target=self._target,
                date=self._rates[currency].date,
                count=count,
            )
            for currency, count in sorted(self._used.items())
        ]


def minor_unit(currency: str) -> Decimal:
    """Return the smallest unit of a currency that amounts are stated in.

    Examples
    --------
    >>> minor_unit("EUR"), minor_unit("JPY")
    (Decimal('0.01'), Decimal('1'))
    """
    if not currency:
        return Decimal(1)
    from babel.numbers import get_currency_precision

    return Decimal(1).scaleb(-get_currency_precision(currency))
