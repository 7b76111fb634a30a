"""What the cells of a table mean: numbers, amounts, shares, choices, lists.

Functions here raise :class:`~consortia.errors.WrongValue` for a cell that cannot be told. A cell is a text, or,
from a workbook, a number, a boolean or a day already.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from consortia.errors import WrongValue
from consortia.files.headers import NO, PAID, YES, folded, synonyms
from consortia.sentence import Sentence, listed, say
from consortia.spec.references import nearest

Cell = str | int | Decimal | bool | date


_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"-?\d+\Z")
_DECIMAL = re.compile(r"-?\d+[.,]\d+\Z")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}\Z")
_COMMAS = re.compile(r"-?[1-9]\d{0,2}(,\d{3}){2,}(\.\d+)?\Z|-?[1-9]\d{0,2},\d{3}\.\d+\Z")
_POINTS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?\Z|-?[1-9]\d{0,2}\.\d{3},\d+\Z")
_MONEY = re.compile(r"(.*?)\s*([A-Za-z]{3})\Z", re.DOTALL)
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)([.,]\d+)?\Z")
_PAID = re.compile(r"(.*?)\s*\(([^()]*)\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Unreadable:
    """A cell that holds no value, and why: an error, or a formula that was never calculated."""

    message: Sentence
    remedy: Sentence


def tidy(cell: object) -> Cell:
    """Return a cell without space around it, in Unicode's composed form; a blank one is an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return Decimal(repr(cell))
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else unicodedata.normalize("NFC", cell).strip()
    return cell if isinstance(cell, int | Decimal | date) else str(cell)


def text(cell: Cell) -> str:
    """Read a text; numbers are taken for the digits they are written with."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        remedy = say("Format the cell as text and type it again; spreadsheets turn what looks like a day into one")
        raise WrongValue(say("the cell holds the day {day}, where a text is expected", day=cell.isoformat()), remedy)
    return cell if isinstance(cell, str) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def number(cell: Cell) -> int | Decimal:
    """Read a number, with a decimal point or comma and thousands apart by spaces.

    Examples
    --------
    >>> number("1 200,50"), number("1,234,567"), number("0,125")
    (Decimal('1200.50'), 1234567, Decimal('0.125'))
    """
    if isinstance(cell, bool):
        raise _no_number(text(cell))
    if isinstance(cell, date):
        raise _day_for_number(cell)
    if not isinstance(cell, str):
        return cell
    grouped = _SPACES.search(cell) is not None
    plain = _SPACES.sub("", cell).replace("\u2212", "-")
    if _DIGITS.match(plain):
        return int(plain) if len(plain) < 100 else Decimal(plain)
    if _AMBIGUOUS.match(plain) and not grouped:
        remedy = say(
            "Write {whole} if this is thousands, or {fraction} if it is a fraction",
            whole=plain.replace(",", ""),
            fraction=plain.replace(",", "."),
        )
        raise WrongValue(say("{found} may be thousands or a fraction", found=cell), remedy)
    if _DECIMAL.match(plain):
        return Decimal(plain.replace(",", "."))
    if _COMMAS.match(plain) and not grouped:
        return _whole_if_possible(plain.replace(",", ""))
    if _POINTS.match(plain) and not grouped:
        return _whole_if_possible(plain.replace(".", "").replace(",", "."))
    raise _no_number(cell)


def _whole_if_possible(plain: str) -> int | Decimal:
    return Decimal(plain) if "." in plain else int(plain)


def _day_for_number(cell: date) -> WrongValue:
    """Say which number a spreadsheet probably turned into a day: typed as 1.5, or formatted as one."""
    # spreadsheets count a day that there was not, 29 February 1900
    serial = (cell - date(1899, 12, 30)).days - (cell < date(1900, 3, 1))
    likely = str(serial) if cell.year < 1950 else f"{cell.day}.{cell.month}"
    message = say("the cell holds the day {day}, where a number is expected", day=cell.isoformat())
    return WrongValue(message, say("Format the cell as a number and type it again; perhaps {number}", number=likely))


def _no_number(found: str) -> WrongValue:
    remedy = say("Write digits, such as 1200.50 or 1200,50")
    return WrongValue(say("{found} is not a number", found=found[:60]), remedy)


def whole(cell: Cell) -> int:
    """Read a whole number."""
    found = number(cell)
    if found != found // 1:
        raise WrongValue(say("{found} is not a whole number", found=cell), say("Write a whole number, such as 2"))
    return int(found)


def money(cell: Cell) -> object:
    """Read an amount, with the code of a currency after it or without.

    Examples
    --------
    >>> money("1 200 rub"), money("15,5")
    ({'amount': 1200, 'currency': 'RUB'}, Decimal('15.5'))
    """
    if not isinstance(cell, str):
        return number(cell)
    parts = _MONEY.match(cell)
    if parts and parts[1][-1:].isdigit():
        return {"amount": number(parts[1]), "currency": parts[2].upper()}
    if any(unicodedata.category(letter) == "Sc" for letter in cell):
        remedy = say("Write the code of the currency after the number, such as 1200 RUB")
        raise WrongValue(say("{found} has a sign instead of a code of a currency", found=cell), remedy)
    return number(cell)


def share(cell: Cell) -> object:
    """Read a share: a number up to 1, or a percentage with its sign."""
    if isinstance(cell, str) and cell.endswith("%"):
        return Decimal(number(cell[:-1].rstrip())) / 100
    return number(cell)


@cache
def _choices(column: str) -> dict[str, str]:
    from consortia.files.sheets import CHOICES

    return synonyms(CHOICES[column])


def choice(cell: Cell, column: str) -> str:
    """Read one of the fixed values of a column."""
    found = _choices(column).get(folded(text(cell)))
    if found is not None:
        return found
    close = nearest(folded(text(cell)), _choices(column))
    choices = listed(dict.fromkeys(_choices(column).values()))
    message = say("{found} is not one of {choices}", found=text(cell), choices=choices)
    raise WrongValue(message, say("Perhaps {name} is meant", name=close) if close else say("Write one of them"))


def attribute(cell: Cell) -> Cell:
    """Read a free attribute: yes or no, a number, or a text; an apostrophe before it makes it a text.

    Examples
    --------
    >>> attribute("да"), attribute("12"), attribute("007"), attribute("'12")
    (True, 12, '007', '12')
    """
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    if cell.startswith("'"):
        return cell[1:]
    if folded(cell) in YES | NO:
        return folded(cell) in YES
    return number(cell) if _PLAIN_NUMBER.match(cell) else cell


def several(cell: Cell) -> list[str]:
    """Read texts apart by semicolons, vertical bars or new lines."""
    return [part for part in (part.strip() for part in re.split(r"[;|\n]", text(cell))) if part]


def memberships(cell: Cell) -> list[dict[str, object]]:
    """Read clusters, each with ``(paid)`` after it if its fee is paid.

    Examples
    --------
    >>> memberships("Polymers (paid); Logistics")
    [{'cluster': 'Polymers', 'paid': True}, {'cluster': 'Logistics'}]
    """
    found: list[dict[str, object]] = []
    for part in several(cell):
        marked = _PAID.match(part)
        if marked and folded(marked[2]) in PAID:
            found.append({"cluster": marked[1], "paid": True})
        else:
            found.append({"cluster": part})
    return found


def competences(cell: Cell) -> list[dict[str, object]]:
    """Read competences with levels; a level stands after the last colon.

    Examples
    --------
    >>> competences("welding:3; coatings")
    [{'competence': 'welding', 'level': 3}, {'competence': 'coatings'}]
    """
    found: list[dict[str, object]] = []
    for part in several(cell):
        name, colon, level = part.rpartition(":")
        if not colon:
            found.append({"competence": part})
        elif re.fullmatch(r"\s*\d{1,9}\s*", level) and name.strip():
            found.append({"competence": name.strip(), "level": int(level)})
        else:
            remedy = say("Write the competence, a colon and a whole number, such as welding:3")
            raise WrongValue(say("{found} does not end in a level", found=part), remedy)
    return found


def day(cell: Cell) -> str:
    """Read a day: one of a workbook, or a text.

    Examples
    --------
    >>> day(date(2026, 11, 24)), day("November")
    ('2026-11-24', 'November')
    """
    return cell.isoformat() if isinstance(cell, date) else text(cell)


def yes_or_no(cell: Cell) -> bool:
    """Read yes or no.

    Examples
    --------
    >>> yes_or_no("да"), yes_or_no(False)
    (True, False)
    """
    if isinstance(cell, bool):
        return cell
    found = folded(text(cell))
    if found not in YES | NO:
        raise WrongValue(say("{found} is neither yes nor no", found=text(cell)), say("Write yes or no"))
    return found in YES


def as_it_is(cell: Cell) -> Cell:
    """Leave a cell to whoever knows what it means."""
    return cell


def by_period(cell: Cell) -> object:
    """Read a number for each period, or one for all.

    Examples
    --------
    >>> by_period("spring = 2; summer = 3,5"), by_period("1,5")
    ({'spring': 2, 'summer': Decimal('3.5')}, Decimal('1.5'))
    """
    if not isinstance(cell, str) or "=" not in cell:
        return number(cell)
    from consortia.files.terms import read_terms

    return read_terms(cell)
