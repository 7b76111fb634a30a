"""Questionnaires: workbooks with one partner each, to be filled in by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from consortia.files import sheet_writing as writing
from consortia.files.headers import COLUMNS
from consortia.files.sheets import CHOICES, choice_text, in_language, sheet_title
from consortia.files.table import letters
from consortia.language import Language
from consortia.pools.answers import ANSWERED, ASKED, INTEREST, OF_OFFERS, OWN_COLUMNS, VALID_UNTIL
from consortia.sentence import say
from consortia.spec.base import Amount
from consortia.spec.pool import Competence, Partner
from consortia.spec.project import Project

ROWS = 60
"""Rows for offers, beside those that are filled in already."""
_HINTS = {
    "id": say("Please leave this as it is"),
    "contact": say("Who answers questions: a name and an address"),
    "joining_cost": say("What joining a project costs you once, if anything"),
    "default_rate": say("Price of a person-month, for offers without a price of their own"),
    "capacity": say("Person-months that you can give altogether; blank means no limit"),
    f"attr:{INTEREST}": say("Whether you would take part"),
    f"attr:{ANSWERED}": say("The day on which you fill this in"),
    f"attr:{VALID_UNTIL}": say("The day until which prices and capacities hold"),
    "competence": say("Choose from the list, if there is one"),
    "level": say("How good you are at it: a whole number, 1 or more, on the scale that was agreed"),
    "rate": say("Price of a person-month"),
    "fixed": say("Price of the whole, whatever the part you deliver; instead of a rate or beside it"),
}


def questionnaire(
    words: Language,
    partner: Partner | None = None,
    *,
    taxonomy: Iterable[Competence] = (),
    project: Project | None = None,
    currency: str | None = None,
) -> bytes:
    """Write a questionnaire as a workbook: a pool with one partner.

    Parameters
    ----------
    words : Language
    partner : Partner, optional
        What is known already.
    taxonomy : iterable of Competence
        Choices for offers; none means that any text will do.
    project : Project, optional
        What is asked for; it gets a sheet of its own, for reading.
    currency : str, optional
        Of prices.

    Returns
    -------
    bytes
        The file.
    """
    book = writing.new_workbook()
    competences = list(taxonomy)
    _partner_sheet(book, words, partner, currency)
    _offer_sheet(book, words, partner, len(competences))
    if project is not None:
        _project_sheet(book, words, project)
    if competences:
        languages = sorted({language for entry in competences for language in entry.labels})
        header = ["id", *(f"label:{language}" for language in languages), "broader"]
        rows = [
            [entry.id, *(entry.labels.get(language) for language in languages), "; ".join(entry.broader)]
            for entry in competences
        ]
        _sheet(book, sheet_title("competences", words.code), "", header, rows)
    return writing.book_bytes(book)


def _partner_sheet(book: Any, words: Language, partner: Partner | None, currency: str | None) -> None:
    keys = ["id", *ASKED, f"attr:{INTEREST}", f"attr:{ANSWERED}", f"attr:{VALID_UNTIL}"]
    row = [_said(partner, key, words.code) for key in keys]
    title = words.say("About you: please correct what is wrong and fill in what is missing")
    if currency:
        title += f" ({currency})"
    header = [_header("partners", key, words) for key in keys]
    sheet = _sheet(book, sheet_title("partners", words.code), title, header, [row])
    _hints(sheet, keys, words)
    _choices(sheet, keys.index("kind"), [choice_text("kind", kind, words.code) for kind in CHOICES["kind"]], 3, 3)
    said = [choice_text(INTEREST, each, words.code) for each in ("accepted", "declined", "unknown")]
    _choices(sheet, keys.index(f"attr:{INTEREST}"), said, 3, 3)


def _offer_sheet(book: Any, words: Language, partner: Partner | None, competences: int) -> None:
    keys = ["partner", *OF_OFFERS]
    offers = partner.offers if partner is not None else ()
    rows = [[_who(partner), *(_cell(getattr(offer, key)) for key in OF_OFFERS)] for offer in offers]
    title = words.say("What you offer: a row for each; rows that you take out are offers no more")
    header = [_header("offers", key, words) for key in keys]
    sheet = _sheet(book, sheet_title("offers", words.code), title, header, rows)
    _hints(sheet, keys, words)
    sheet.column_dimensions["A"].hidden = True  # whoever fills it in is the partner
    last = 2 + len(rows) + ROWS
    if competences:
        name = sheet_title("competences", words.code)
        _list(sheet, keys.index("competence"), f"='{name}'!$A$2:$A${competences + 1}", 3, last)


def _project_sheet(book: Any, words: Language, project: Project) -> None:
    """Write what is asked for; the sheet is not read again."""
    header = [words.say(text) for text in ("Asked for", "Competence", "Level", "Person-months")]
    rows = [[entry.name or entry.id, entry.wanted, entry.level, _cell(entry.effort)] for entry in project.capabilities]
    _sheet(book, words.say("What is asked for"), project.title, header, rows)


def _who(partner: Partner | None) -> str:
    return "" if partner is None else partner.id


def _said(partner: Partner | None, key: str, lang: str) -> object:
    if partner is None or key == f"attr:{ANSWERED}":
        return None
    if key.startswith("attr:"):
        return _cell(partner.attributes.get(key.removeprefix("attr:")))
    value = getattr(partner, key)
    return choice_text("kind", value, lang) if key == "kind" and value else _cell(value)


def _cell(value: Any) -> object:
    if isinstance(value, Amount):
        return f"{value.amount:f} {value.currency}"
    return writing.scalar(value) if isinstance(value, int | Decimal) else value


def _header(table: str, key: str, words: Language) -> str:
    own = key.removeprefix("attr:")
    text = in_language(own, OWN_COLUMNS[own] if own in OWN_COLUMNS else COLUMNS[table][key], words.code)
    return text[:1].upper() + text[1:]


# --- sheets ---------------------------------------------------------------------------------------------------


def _sheet(book: Any, name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Any:
    """Write a sheet: a title if there is one, the header, the rows."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(name[:31])
    top = 2 if title else 1
    if title:
        writing.put(sheet, 1, 1, title, bold=True)
    for at, text in enumerate(header, 1):
        cell = writing.put(sheet, top, at, text)
        writing.heading(cell)
        sheet.column_dimensions[letters(at - 1)].width = max(14, min(30, len(text) + 4))
    for number, row in enumerate(rows, top + 1):
        for at, value in enumerate(row, 1):
            writing.put(sheet, number, at, value)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def _hints(sheet: Any, keys: Sequence[str], words: Language) -> None:
    from openpyxl.comments import Comment

    for at, key in enumerate(keys, 1):
        if key in _HINTS:
            sheet.cell(2, at).comment = Comment(words.write(_HINTS[key]), "consortia", width=260, height=90)


def _choices(sheet: Any, column: int, texts: Sequence[str], first: int, last: int) -> None:
    _list(sheet, column, '"' + ",".join(texts) + '"', first, last)


def _list(sheet: Any, column: int, formula: str, first: int, last: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(column + 1)
    validation = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(validation)
    validation.add(f"{letter}{first}:{letter}{last}")
