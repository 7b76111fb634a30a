"""Tables of a page: row headers, groups, totals, and who supplies what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from consortia.language import Language
from consortia.report.html import Html, element
from consortia.report.matrix import MEANINGS, SIGNS, Cell, Matrix
from consortia.report.page import Columns
from consortia.sentence import say

_CLASSES = {"right": "num", "word": "word"}
_TOLD = {
    "supplies": say("supplies"),
    "holds": say("holds"),
    "backup": say("stands by"),
    "could": say("could supply"),
}


@dataclass
class _Group:
    """Rows under one that is set off, or under none."""

    head: list[str] | None = None
    rows: list[list[str]] = field(default_factory=list)


def table(columns: Columns, rows: Iterable[Sequence[object]], caption: str) -> Html:
    """Return a table; a set-off row with none beneath it is a total.

    Parameters
    ----------
    columns, rows
        As :meth:`consortia.report.page.Page.table` has them.
    caption : str
        What it shows, for those who do not see the heading above.
    """
    groups = [_Group()]
    for row in rows:
        set_off = bool(row) and row[0] is None
        cells = ["" if cell is None else str(cell) for cell in (row[2:] if set_off else row)]
        if set_off:
            groups.append(_Group(cells))
        else:
            groups[-1].rows.append(cells)
    kinds = [_CLASSES.get(kind) for _, kind in columns]
    names = [element("th", name, scope="col", class_=kind) for (name, _), kind in zip(columns, kinds, strict=True)]
    totals = [_row(group.head, kinds) for group in groups if group.head is not None and not group.rows]
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *names)),
        *(_body(group, kinds) for group in groups if group.rows),
        element("tfoot", *totals) if totals else None,
    )


def _body(group: _Group, kinds: Sequence[str | None]) -> Html:
    made = []
    if group.head is not None:
        name, *others = group.head
        spread = None if any(others) else len(kinds)
        cells = (
            [] if spread else [element("td", text, class_=kind) for text, kind in zip(others, kinds[1:], strict=True)]
        )
        made.append(element("tr", element("th", name, scope="rowgroup", colspan=spread), *cells, class_="group"))
    named = False
    for place, cells_of in enumerate(group.rows):
        spans = 1
        while place + spans < len(group.rows) and not group.rows[place + spans][0]:
            spans += 1
        named = named or bool(cells_of[0])
        made.append(_row(cells_of, kinds, spans if named else 1, alone=not named))
    return element("tbody", *made)


def _row(cells: Sequence[str], kinds: Sequence[str | None], spans: int = 1, alone: bool = False) -> Html:
    """Return a row: an indented one belongs to the one above; one without a name goes on with it, unless alone."""
    name, *others = cells
    child = name.startswith("  ")
    first = element("td") if alone else None
    if name:
        rows = spans if spans > 1 else None
        first = element("th", name.strip(), scope="row", rowspan=rows, class_="child" if child else None)
    return element("tr", first, *_cells(others, kinds), class_="more" if child or first is None else None)


def _cells(texts: Sequence[str], kinds: Sequence[str | None]) -> list[Html]:
    """Return the cells after the first."""
    return [element("td", text, class_=kind) for text, kind in zip(texts, kinds[1:], strict=True)]


def matrix_table(found: Matrix, words: Language, caption: str) -> Html:
    """Return who supplies what as a table: partners across, members first, and a sign in each cell that has one."""
    groups = [element("td")]
    if found.members:
        groups.append(element("th", words.say("Members"), scope="colgroup", colspan=len(found.members)))
    if found.others:
        others = words.say("Others that could")
        groups.append(element("th", others, scope="colgroup", colspan=len(found.others), class_="other"))
    names = [element("th", element("span", found.partner_name(key)), scope="col") for key in found.members]
    names += [
        element("th", element("span", found.partner_name(key)), scope="col", class_="other") for key in found.others
    ]
    first = element("th", words.say("Capability"), scope="col")
    rows = []
    for capability in found.capabilities:
        cells = [_mark(found.cells.get((capability, key)), words) for key in found.partners]
        rows.append(element("tr", element("th", found.capability_name(capability), scope="row"), *cells))
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *groups), element("tr", first, *names)),
        element("tbody", *rows),
        class_="matrix",
    )


def legend(found: Matrix, words: Language) -> Html:
    """Return what the signs of the matrix mean."""
    entries = []
    for kind in found.kinds:
        sign = element("span", SIGNS[kind], class_=f"mark {kind}", aria_hidden="true")
        entries.append(element("li", sign, words.write(MEANINGS[kind])))
    if found.more:
        entries.append(element("li", words.say("Further candidates, not shown: {count}", count=found.more)))
    return element("ul", *entries, class_="legend")


def _mark(cell: Cell | None, words: Language) -> Html:
    if cell is None:
        return element("td")
    told = words.write(_TOLD[cell.kind])
    if cell.effort and cell.kind == "supplies":
        told = words.say("supplies {effort} person-months", effort=cell.effort)
    sign = element("span", cell.sign(words), aria_hidden="true")
    return element("td", sign, element("span", told, class_="unseen"), class_=cell.kind, title=told)
