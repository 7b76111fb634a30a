"""Cells and bytes of workbooks that are written: texts stay texts, and the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from consortia.files.table import letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Values = Mapping[str, Mapping[str, Decimal]]
"""What formulas come to, by sheet and cell."""
LONGEST = 32767
"""Characters that a cell can hold."""
WIDEST = 60
FONT = "Calibri"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FORMULA = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*>)(<f>[^<]*</f>)<v ?(?:/>|></v>)')
_DAY = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")


def new_workbook() -> Workbook:
    """Return a workbook without sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "consortia"
    return book


def clean(text: str) -> str:
    """Return a text as a cell can hold it: without control characters, and not too long."""
    return _BARRED.sub("\ufffd", text)[:LONGEST]


def scalar(value: int | Decimal | bool) -> int | Decimal | bool | str:
    """Return a number as a cell holds it: as a number where fifteen digits are enough, else as a text.

    Examples
    --------
    >>> scalar(Decimal("0.30")), scalar(Decimal("0.1234567890123456789"))
    (Decimal('0.30'), '0.1234567890123456789')
    """
    if isinstance(value, bool):
        return value
    digits = Decimal(value).normalize().as_tuple()
    fits = len(digits.digits) <= 15 and Decimal(f"{float(value):.15g}") == value
    return value if fits else f"{value:f}" if isinstance(value, Decimal) else str(value)


def put(
    sheet: Worksheet, row: int, column: int, value: Any, *, bold: bool = False, number_format: str = ""
) -> Cell | MergedCell:
    """Write a value into a cell; a text is a text whatever it begins with.

    Parameters
    ----------
    sheet : Worksheet
    row, column : int
        From 1.
    value : str, number, bool or None
    bold : bool
    number_format : str
        Of a number.
    """
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        if value:
            cell.value = clean(value)
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(_FORMULA_LIKE)
    elif value is not None:
        cell.value = value
        if number_format:
            cell.number_format = number_format
    if bold:
        from openpyxl.styles import Font

        cell.font = Font(name=FONT, bold=True)
    return cell


def heading(cell: Cell | MergedCell) -> None:
    """Let a cell look like the name of a column."""
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.font = Font(name=FONT, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F4E5F")
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def fit(sheet: Worksheet, least: int = 8) -> None:
    """Make columns as wide as what stands in their first rows, and pages as wide as the sheet.

    A row of one text is a title, which may run over the columns beside it.
    """
    from openpyxl.worksheet.properties import PageSetupProperties

    widths: dict[int, int] = {}
    for row in sheet.iter_rows(max_row=min(sheet.max_row, 100)):
        filled = [cell for cell in row if cell.value is not None]
        for cell in filled if len(filled) > 1 else ():
            widths[cell.column] = max(widths.get(cell.column, least), _width(cell))
    for column, width in widths.items():
        sheet.column_dimensions[letters(column - 1)].width = min(WIDEST, width) + 2
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(cell: Cell | MergedCell) -> int:
    """Return how many letters a cell shows; of a formula or an amount, as many as usual ones have."""
    if isinstance(cell.value, str) and cell.data_type != "f":
        return max(map(len, cell.value.split("\n")), default=0)
    return 18 if '"' in cell.number_format else 10


def book_bytes(book: Workbook, values: Values = MappingProxyType({})) -> bytes:
    """Return a workbook as the bytes of its file: the same at every time of day.

    Parameters
    ----------
    book : Workbook
    values : mapping
        What formulas come to: previews, protected views and programs show that, and do not calculate.
    """
    raw = io.BytesIO()
    book.save(raw)
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", data)
            sheet = _SHEET.fullmatch(part.filename)
            if sheet is not None:
                data = _with_values(data, values.get(book.worksheets[int(sheet[1]) - 1].title, {}))
            entry = zipfile.ZipInfo(part.filename, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return made.getvalue()


def _with_values(data: bytes, values: Mapping[str, Decimal]) -> bytes:
    """Put what formulas come to beside them; openpyxl writes formulas alone."""

    def filled(found: re.Match[bytes]) -> bytes:
        value = values.get(found[2].decode())
        return found[0] if value is None else b"%b%b<v>%b</v>" % (found[1], found[3], f"{value:f}".encode())

    return _FORMULA.sub(filled, data)
