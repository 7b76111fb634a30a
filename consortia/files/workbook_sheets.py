"""Writing a project and a pool as a workbook, with drop-downs and a comment on each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from consortia.errors import Problem, SpecError
from consortia.files import sheet_writing as writing
from consortia.files.column_help import COLUMN_HELP, FIELD_HELP
from consortia.files.headers import folded
from consortia.files.pool_tables import Rows, pool_tables
from consortia.files.project_document import book_document
from consortia.files.project_tables import project_tables
from consortia.files.sheets import ALL_COLUMNS, CHOICES, FIELDS, choice_text, in_language, sheet_title
from consortia.files.structure import draft
from consortia.files.table import Row, Table, Tables, letters
from consortia.language import Language, language
from consortia.sentence import say
from consortia.spec.pool import Pool
from consortia.spec.project import Project

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_PROJECT = ("project", "capabilities", "work packages", "rules", "costs")
ORDER = (*_PROJECT, "pool", "clusters", "partners", "offers", "competences")
_WANTED = frozenset(ORDER) - {"work packages", "costs", "pool"}
"""Sheets that are there even when they are empty."""
_LEVELS = tuple(range(1, 10))
_ROWS = 2000
"""So many rows have drop-downs at least."""
_NUMBERS = frozenset(
    {"level", "effort", "providers_min", "providers_max", "least_share", "backups", "value", "min", "max", "fee"}
    | {"joining_cost", "default_rate", "capacity", "rate", "fixed", "reliability"}
)
_CHOOSING = {"optional": "yes", "mode": "mode", "rule": "rule", "each": "each", "cost": "cost"}
_CHOOSING |= {"kind": "kind", "role": "role", "category": "category"}


def workbook(project: Project | None, pool: Pool | None, lang: str = "en", file: str = "workbook") -> bytes:
    """Write a project, a pool, or both as a workbook that reads back as the same.

    Parameters
    ----------
    project : Project or None
    pool : Pool or None
        By default the project's own, where that is inline.
    lang : {"en", "ru"}
        Of the names of sheets, columns and fixed values, and of comments.
    file : str
        What to call the workbook in messages.

    Returns
    -------
    bytes

    Raises
    ------
    SpecError
        If there is something that a workbook cannot say.

    Examples
    --------
    >>> workbook(None, Pool(partners=[{"id": "Acme"}]))[:2]
    b'PK'
    """
    if pool is None and project is not None and isinstance(project.pool, Pool):
        pool = project.pool
    tables: dict[str, Rows] = {}
    if project is not None:
        tables |= project_tables(project, writing.scalar, lang)
    if pool is not None:
        tables |= pool_tables(pool, writing.scalar)
    tables = {
        name: _translated(name, tables[name], lang)
        for name in ORDER
        if name in tables and (name in _WANTED or len(tables[name]) > 1)
    }
    _check_readable(project, pool, tables, lang, file)
    return _made(tables, language(lang))


def _translated(name: str, rows: Rows, lang: str) -> Rows:
    """Return rows with names of columns and fixed values in a language."""
    columns = rows[0]
    choosing = {at: _CHOOSING[column] for at, column in enumerate(columns) if _chosen(name, column)}
    made: Rows = [[column_title(name, column, lang) for column in columns]]
    for row in rows[1:]:
        made.append([_text(cell, choosing.get(at), lang) for at, cell in enumerate(row)])
    if name == "project":
        for row in made[1:]:
            row[0] = in_language(row[0], FIELDS[row[0]], lang)
    return made


def _chosen(name: str, column: str) -> bool:
    return column in _CHOOSING and not (name == "rules" and column == "of")


def _text(cell: Any, choosing: str | None, lang: str) -> Any:
    if isinstance(cell, bool):
        return choice_text("yes", "yes" if cell else "no", lang)
    if isinstance(cell, str):
        return writing.clean(choice_text(choosing, cell, lang) if choosing and cell else cell)
    return cell


def column_title(name: str, column: str, lang: str) -> str:
    """Return what to call a column of a sheet.

    Examples
    --------
    >>> column_title("partners", "joining_cost", "en"), column_title("partners", "attr:coordinated", "ru")
    ('Joining cost', 'attr:coordinated')
    """
    if ":" in column and column not in ALL_COLUMNS[name]:
        return column
    text = in_language(column, ALL_COLUMNS[name][column], lang) if ":" not in column else column
    return text if ":" in text else text[:1].upper() + text[1:]


def _check_readable(
    project: Project | None, pool: Pool | None, tables: Mapping[str, Rows], lang: str, file: str
) -> None:
    """Read what is going to be written, and refuse it where it would not be the same."""
    made = {
        name: Table(
            name,
            sheet_title(name, lang),
            Row("1", rows[0]),
            tuple(Row(str(number), row) for number, row in enumerate(rows[1:], 2) if any(cell != "" for cell in row)),
            sheet=True,
        )
        for name, rows in tables.items()
    }
    document = book_document(Tables(file, made))
    data = dict(document.data) if isinstance(document.data, Mapping) else {}
    problems = list(document.problems)
    if pool is not None:
        inline = data.pop("pool", {}) if project is not None else data
        problems += _differences(
            pool, inline, ("competences", "clusters", "partners", "title", "currency", "as_of"), file
        )
    if project is not None:
        named = {"pool": project.pool} if isinstance(project.pool, str) and pool is not None else {}
        problems += _differences(project, {**data, **named}, tuple(set(Project.model_fields) - {"pool"}), file)
    if problems:
        raise SpecError(problems)


def _differences(model: Project | Pool, data: Mapping[str, Any], names: Iterable[str], file: str) -> list[Problem]:
    from consortia.files.loaded import Document, Source

    back = draft(type(model), Document(data, Source(file)))
    found = list(back.problems)
    remedy = say("Remove semicolons, bars and outer spaces from its texts, or write YAML")
    for name in sorted(names):
        before, after = getattr(model, name), getattr(back.model, name, None)
        if before == after or found:
            continue
        if not isinstance(before, tuple) or not isinstance(after, tuple):
            found.append(Problem(file, name, say("{id} has a text that tables cannot hold", id=name), remedy))
            continue
        for at, entry in enumerate(before):
            if at >= len(after) or after[at] != entry:
                called = getattr(entry, "id", None) or f"{name}[{at}]"
                message = say("{id} has a text that tables cannot hold", id=called)
                found.append(Problem(file, f"{name}[{at}]", message, remedy))
    return found


def _made(tables: Mapping[str, Rows], words: Language) -> bytes:
    book = writing.new_workbook()
    for name, rows in tables.items():
        sheet = book.create_sheet(sheet_title(name, words.code))
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row, 1):
                writing.put(sheet, number, at, cell)
        _dress(sheet, name, rows, words)
    for name, rows in tables.items():
        _drop_downs(book[sheet_title(name, words.code)], name, rows, tables, words.code)
    return writing.book_bytes(book)


def _keys(name: str, row: Sequence[Any]) -> list[str]:
    """Return the columns that a header names."""
    known = {folded(column_title(name, key, lang)): key for lang in ("en", "ru") for key in ALL_COLUMNS[name]}
    return [known.get(folded(str(cell)), str(cell)) for cell in row]


def _dress(sheet: Worksheet, name: str, rows: Rows, words: Language) -> None:
    """Freeze the header, explain columns, and keep columns of texts from being turned into days."""
    writing.fit(sheet)
    sheet.freeze_panes = "A2"
    for at, key in enumerate(_keys(name, rows[0]), 1):
        cell = sheet.cell(1, at)
        writing.heading(cell)
        if (name, key) in COLUMN_HELP:
            cell.comment = _comment(words.write(COLUMN_HELP[name, key]))
        if key not in _NUMBERS and (name, key) != ("project", "value"):
            sheet.column_dimensions[letters(at - 1)].number_format = "@"
    if name == "project":
        fields = {in_language(key, others, words.code): key for key, others in FIELDS.items()}
        for number, row in enumerate(rows[1:], 2):
            sheet.cell(number, 1).comment = _comment(words.write(FIELD_HELP[fields[row[0]]]))
    elif len(rows) > 1:
        sheet.auto_filter.ref = f"A1:{letters(len(rows[0]) - 1)}{len(rows)}"


def _comment(text: str) -> Any:
    from openpyxl.comments import Comment

    return Comment(text, "consortia", height=40 + 20 * (len(text) // 34 + 1), width=280)


def _drop_downs(sheet: Worksheet, name: str, rows: Rows, tables: Mapping[str, Rows], lang: str) -> None:
    last = max(_ROWS, 2 * len(rows))
    for at, key in enumerate(_keys(name, rows[0])):
        cells = f"{letters(at)}2:{letters(at)}{last}"
        if _chosen(name, key):
            _listing(sheet, cells, [choice_text(_CHOOSING[key], value, lang) for value in CHOICES[_CHOOSING[key]]])
        elif key == "level":
            _listing(sheet, cells, _LEVELS, strict=False)
        elif key == "industry":
            _listing(sheet, cells, _industries(tables), strict=False)
        elif key == "competence" and "competences" in tables:
            _referring(sheet, cells, "competences", len(tables["competences"]), lang)
        elif key == "partner" and name == "offers":
            _referring(sheet, cells, "partners", len(tables["partners"]), lang)
        elif key == "clusters" and "clusters" in tables:
            _referring(sheet, cells, "clusters", len(tables["clusters"]), lang)
    if name == "project":
        for number, row in enumerate(rows[1:], 2):
            for field, column in (("cooperation", "cooperation"), ("accepted_only", "yes")):
                if row[0] == in_language(field, FIELDS[field], lang):
                    _listing(sheet, f"B{number}", [choice_text(column, value, lang) for value in CHOICES[column]])


def _industries(tables: Mapping[str, Rows]) -> list[str]:
    """Return the industries of the shipped table of affinities, as far as a drop-down can hold them."""
    from consortia import affinity

    found = {side for link in affinity.load().links for side in link.between if side is not None}
    return sorted(found)


def _listing(sheet: Worksheet, cells: str, values: Iterable[object], *, strict: bool = True) -> None:
    """Add a drop-down of fixed values; a list in a cell's validation has at most 255 characters."""
    from openpyxl.worksheet.datavalidation import DataValidation

    text = ""
    for value in values:
        if len(text) + len(str(value)) < 250:
            text += f"{',' if text else ''}{value}"
    made = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True, showErrorMessage=strict)
    made.add(cells)
    sheet.add_data_validation(made)


def _referring(sheet: Worksheet, cells: str, table: str, count: int, lang: str) -> None:
    """Add a drop-down of what stands in the first column of another sheet."""
    from openpyxl.utils import quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    source = f"{quote_sheetname(sheet_title(table, lang))}!$A$2:$A${max(_ROWS, 2 * count)}"
    made = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    made.add(cells)
    sheet.add_data_validation(made)
