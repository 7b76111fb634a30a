"""Sentences that a person will read, kept apart from the language they are read in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """A sentence in English with named places, and what stands in them.

    Parameters
    ----------
    text : str
        The sentence, with places in the manner of :meth:`str.format`. It is also the key under which a
        catalogue of messages keeps its translation, so it is always a literal in the code.
    values : mapping of str to object
        What stands in the places. A value may be a sentence itself.

    Examples
    --------
    >>> str(Sentence("{partner} has declined", {"partner": "Acme"}))
    'Acme has declined'
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str) -> str:
        """Write the sentence out, in the language that `translate` puts its text into."""
        values = {
            name: value.render(translate) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return translate(self.text).format(**values)

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True)
class InCurrency:
    """An amount of money that stands in a sentence, with its currency; shown with the currency's decimal places.

    Examples
    --------
    >>> str(say("at most {budget}", budget=InCurrency(Decimal("1500"), "EUR")))
    'at most 1500 EUR'
    """

    amount: Decimal
    currency: str = ""

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}".rstrip()


def say(text: str, **values: Any) -> Sentence:
    """Short for :class:`Sentence`; the catalogue's extraction looks for this name."""
    return Sentence(text, values)


def joined(sentences: Sequence[Sentence], mark: str = ", ") -> Sentence:
    """Join sentences, or parts of one, each of which is translated by itself.

    Examples
    --------
    >>> str(joined([say("a hint"), say("a gap")]))
    'a hint, a gap'
    """
    places = [f"part{number}" for number in range(len(sentences))]
    return Sentence(mark.join(f"{{{place}}}" for place in places), dict(zip(places, sentences, strict=True)))


def listed(names: object) -> str:
    """Join names with commas, in the order given.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    """
    return ", ".join(str(name) for name in names)  # type: ignore[attr-defined]
