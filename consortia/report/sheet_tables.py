"""Tables on the sheets of a workbook: figures in the formats of their currency, and formulas that know their value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from consortia.files import sheet_writing as writing
from consortia.files.table import letters
from consortia.pricing import minor_unit

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

EFFORT = "#,##0.####"
SHARE = "0.00%"
TEXT = ""


@dataclass(frozen=True)
class Formula:
    """A formula of our own, without the sign of equality, and what it comes to."""

    text: str
    value: Decimal


Entry = str | int | Decimal | Fraction | Formula | None


def money_format(currency: str) -> str:
    """Return the number format of amounts.

    Examples
    --------
    >>> money_format("EUR"), money_format("JPY"), money_format("")
    ('#,##0.00 "EUR"', '#,##0 "JPY"', '#,##0.######')
    """
    if not currency:
        return "#,##0.######"
    places = decimals(currency)
    return f'#,##0{"." if places else ""}{"0" * places} "{currency}"'


def decimals(currency: str) -> int:
    """Return how many decimal places amounts of a currency have."""
    exponent = minor_unit(currency).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounding(text: str, exact: Decimal, shown: Decimal, currency: str) -> Formula:
    """Return a formula that is rounded to the minor unit, and corrected where what is shown differs by one.

    Amounts that are shown add up; each rounded by itself they might not.

    Examples
    --------
    >>> rounding("A1*B1", Decimal("2.345"), Decimal("2.35"), "EUR")
    Formula(text='ROUND(A1*B1,2)', value=Decimal('2.35'))
    >>> rounding("A1*B1", Decimal("2.345"), Decimal("2.34"), "EUR").text
    'ROUND(A1*B1,2)-0.01'
    """
    if not currency:
        return Formula(text, shown)
    places = decimals(currency)
    unit = Decimal(1).scaleb(-places)
    sign = 1 if exact >= 0 else -1
    half_away = sign * ((abs(exact) + unit / 2) // unit) * unit  # as spreadsheets round
    difference = shown - half_away
    return Formula(f"ROUND({text},{places}){difference:+f}" if difference else f"ROUND({text},{places})", shown)


@dataclass
class Book:
    """A workbook that is being written, with what its formulas come to."""

    book: Workbook = field(default_factory=writing.new_workbook)
    values: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    slanted: list[tuple[Worksheet, range]] = field(default_factory=list)
    """Sheets with columns, counted from 0, whose titles stand upright, so that many fit on a page."""

    def sheet(self, title: str) -> Sheet:
        """Add a sheet."""
        made = self.book.create_sheet(title[:31])
        return Sheet(made, self.values.setdefault(made.title, {}))

    def to_bytes(self) -> bytes:
        """Return the file."""
        for sheet in self.book.worksheets:
            writing.fit(sheet)
        for slanted, columns in self.slanted:
            _turn(slanted, columns)
        return writing.book_bytes(self.book, self.values)


@dataclass
class Sheet:
    """A sheet that is filled from the top.

    Attributes
    ----------
    next : int
        The number of the row that is written next.
    """

    sheet: Worksheet
    values: dict[str, Decimal]
    next: int = 1

    def line(self, *entries: Entry, bold: bool = False, formats: Sequence[str] = ()) -> int:
        """Write a row, and return its number."""
        for at, entry in enumerate(entries):
            self.put(self.next, at, entry, bold=bold, number_format=formats[at] if at < len(formats) else "")
        self.next += 1
        return self.next - 1

    def put(self, row: int, at: int, entry: Entry, *, bold: bool = False, number_format: str = "") -> None:
        """Write an entry into a cell; the column is counted from 0."""
        if isinstance(entry, Fraction):
            entry = Decimal(entry.numerator) / Decimal(entry.denominator)
        if not isinstance(entry, Formula):
            writing.put(self.sheet, row, at + 1, entry, bold=bold, number_format=number_format)
            return
        cell = writing.put(self.sheet, row, at + 1, None, bold=bold)
        cell.value = f"={entry.text}"
        cell.number_format = number_format or "General"
        self.values[f"{letters(at)}{row}"] = entry.value

    def table(
        self,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[Entry]],
        total: str | None = None,
        summed: Iterable[int] = (),
    ) -> tuple[int, int]:
        """Write a header, rows and perhaps sums.

        Parameters
        ----------
        columns : sequence of (str, str)
            Title and number format of each.
        rows : iterable of sequence
        total : str, optional
            What to call the row of sums, if there is to be one.
        summed : iterable of int
            Columns that are summed, counted from 0.

        Returns
        -------
        first, last : int
            Numbers of the first and the last row between the header and the sums.
        """
        for at, (title, _) in enumerate(columns):
            writing.heading(writing.put(self.sheet, self.next, at + 1, title))
        self.next += 1
        first = self.next
        formats = [number_format for _, number_format in columns]
        sums = dict.fromkeys(summed, Decimal(0))
        for row in rows:
            self.line(*row, formats=formats)
            for at in sums:
                sums[at] += amount_of(row[at])
        last = self.next - 1
        if total is not None:
            ending: list[Entry] = [total, *[None] * (len(columns) - 1)]
            for at, value in sums.items():
                span = f"{letters(at)}{first}:{letters(at)}{last}"
                ending[at] = Formula(f"SUM({span})", value) if last >= first else Decimal(0)
            self.line(*ending, bold=True, formats=formats)
        return first, last


def amount_of(entry: Entry) -> Decimal:
    """Return what an entry adds to a sum."""
    if isinstance(entry, Formula):
        return entry.value
    if isinstance(entry, Fraction):
        return Decimal(entry.numerator) / Decimal(entry.denominator)
    return Decimal(entry) if isinstance(entry, int | Decimal) else Decimal(0)


def _turn(sheet: Worksheet, columns: range) -> None:
    from openpyxl.styles import Alignment

    for at in columns:
        sheet.cell(1, at + 1).alignment = Alignment(text_rotation=90)
        sheet.column_dimensions[letters(at)].width = 6
    sheet.row_dimensions[1].height = 150
