"""The reader's language: sentences through a catalogue, numbers and money in local form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from consortia.errors import Problem
from consortia.sentence import InCurrency, Sentence

LANGUAGES = ("en", "ru")
_OF_THE_CATALOGUE = frozenset({"attribute", "kind", "label"})
"""Places whose texts may be words of the program's own: names of attributes, the presets' labels."""


class Language:
    """A language in which people are addressed.

    Parameters
    ----------
    code : str
        One of `LANGUAGES`.
    catalogue : mapping of str to str
        Translations of the English templates; what is not in it stays English.

    Examples
    --------
    >>> language("ru").say("{partner} is not in the pool", partner="Acme")
    'в пуле нет партнёра Acme'
    """

    def __init__(self, code: str, catalogue: Mapping[str, str]) -> None:
        self.code = code
        self._catalogue = catalogue

    def translate(self, text: str) -> str:
        """Return the translation of a template, or the template."""
        return self._catalogue.get(text, text)

    def say(self, text: str, **values: Any) -> str:
        """Write a sentence out; the check of the catalogue looks for this name."""
        return self.write(Sentence(text, values))

    def write(self, sentence: Sentence | str) -> str:
        """Write a sentence out with numbers in local form; a plain text is returned as it is."""
        if isinstance(sentence, str):
            return sentence
        values = {name: self._shown(name, value) for name, value in sentence.values.items()}
        return self.translate(sentence.text).format(**values)

    def problem(self, problem: Problem) -> str:
        """Write a problem of an input out in one line: file, place, message, remedy."""
        where = ", ".join(part for part in (self.write(problem.file), problem.place) if part)
        text = self.write(problem.message)
        text = f"{where}: {text}" if where else text
        if problem.remedy is not None:
            text = f"{text}. {self.write(problem.remedy)}"
        return " ".join((text if text.endswith(("?", "!")) else f"{text}.").split("\n"))

    def number(self, value: Decimal | Fraction | int, places: int | None = None) -> str:
        """Write a number in local form, exactly or rounded half-even to some decimal places."""
        from babel.numbers import format_decimal

        exact = _decimal(value, 6 if places is None else places)
        if places is not None:
            exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        digits = max(0, -_exponent(exact))
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return str(format_decimal(exact, pattern, locale=self.code))

    def money(self, amount: Decimal, currency: str = "") -> str:
        r"""Write an amount with the decimal places of its currency, and the currency's code.

        Examples
        --------
        >>> language("en").money(Decimal("12345.6"), "EUR"), language("en").money(Decimal("7.25"))
        ('12,345.60\xa0EUR', '7.25')
        """
        from consortia.pricing import minor_unit

        if not currency:
            return self.number(amount)
        return f"{self.number(amount, -_exponent(minor_unit(currency)))}\u00a0{currency}"

    def share(self, value: Fraction | Decimal) -> str:
        r"""Write a share as a percentage.

        Examples
        --------
        >>> language("en").share(Fraction(1, 3))
        '33.33\xa0%'
        """
        return f"{self.number(_decimal(Fraction(value) * 100, 2))}\u00a0%"

    def country(self, code: str) -> str:
        """Write a country by its name, or by its code where that is no country's.

        Examples
        --------
        >>> language("en").country("BY"), language("ru").country("BY"), language("en").country("Atlantis")
        ('Belarus', 'Беларусь', 'Atlantis')
        """
        from babel import Locale

        return str(Locale.parse(self.code).territories.get(code.upper(), code))

    def date(self, day: date) -> str:
        """Write a day in local form.

        Examples
        --------
        >>> language("en").date(date(2026, 11, 24)), language("ru").date(date(2026, 11, 24))
        ('November 24, 2026', '24 ноября 2026\u202fг.')
        """
        from babel.dates import format_date

        return format_date(day, format="long", locale=self.code)

    def _shown(self, name: str, value: object) -> object:
        if isinstance(value, Sentence):
            return self.write(value)
        if isinstance(value, InCurrency):
            return self.money(value.amount, value.currency)
        if isinstance(value, Decimal | Fraction):
            return self.number(value)
        if isinstance(value, str) and name in _OF_THE_CATALOGUE:
            return self.translate(value)
        if isinstance(value, str) and name == "date":
            return self._day(value)
        return self.date(value) if isinstance(value, date) else value

    def _day(self, text: str) -> str:
        """Write a day that stands as text in a file in local form, where it is one."""
        try:
            return self.date(date.fromisoformat(text))
        except ValueError:
            return text


def _decimal(value: Decimal | Fraction | int, places: int) -> Decimal:
    if isinstance(value, Fraction):
        rounded = round(value, places)
        value = Decimal(rounded.numerator) / Decimal(rounded.denominator)
    exact = Decimal(value)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@cache
def language(code: str) -> Language:
    """Return the language with a code.

    Parameters
    ----------
    code : {"en", "ru"}

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"the languages are {', '.join(LANGUAGES)}, not {code!r}")
    return Language(code, {} if code == "en" else read_catalogue(code))


def read_catalogue(code: str) -> dict[str, str]:
    """Read the translations into a language."""
    from babel.messages.pofile import read_po

    path = Path(__file__).parent / "locale" / code / "LC_MESSAGES" / "consortia.po"
    with path.open("rb") as stream:
        return {str(entry.id): str(entry.string) for entry in read_po(stream, locale=code) if entry.id and entry.string}
