"""The heat map: capabilities x partners, by who supplies, who stands by and who could."""

from __future__ import annotations

from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.drawing import Box, Drawing, Text, clipped, width_of
from consortia.report.matrix import MEANINGS, SIGNS, Cell, Kind, Matrix, matrix

_CELL, _LABELS, _NAMES, _GAP = 30, 230, 196, 14
_ROLES = {"supplies": "supplies", "holds": "supplies", "backup": "backup", "could": "could"}


def heat_map(outcome: Outcome, words: Language) -> Drawing:
    """Draw who supplies what, members first, then those that could."""
    assert outcome.consortium is not None
    found = matrix(outcome.instance, outcome.consortium)
    # turned names lean over nothing, so the last needs no room at the right
    width = _LABELS + _CELL * len(found.partners) + (_GAP if found.others else 0) + 10
    height = _NAMES + _CELL * len(found.capabilities) + 36
    drawing = Drawing("matrix", words.say("Who supplies what"), _told(found), max(width, 560), height)
    for column, partner in enumerate(found.partners):
        middle = _x(found, column) + _CELL / 2
        name = clipped(found.partner_name(partner), _NAMES - 10, 12)
        member = column < len(found.members)
        drawing.add(Text(middle, _NAMES - 6, name, "ink" if member else "muted", size=12, bold=member, turned=True))
    for row, capability in enumerate(found.capabilities):
        top = _NAMES + _CELL * row
        name = clipped(found.capability_name(capability), _LABELS - 14)
        drawing.add(Text(_LABELS - 8, top + _CELL / 2, name, anchor="end"))
        for column, partner in enumerate(found.partners):
            _cell(drawing, found.cells.get((capability, partner)), _x(found, column), top, words)
    _legend(drawing, found.kinds, height - 16, words)
    return drawing


def _x(found: Matrix, column: int) -> float:
    return _LABELS + _CELL * column + (_GAP if column >= len(found.members) else 0)


def _cell(drawing: Drawing, cell: Cell | None, x: float, y: float, words: Language) -> None:
    role = "faint" if cell is None else _ROLES[cell.kind]
    drawing.add(Box(x + 1, y + 1, _CELL - 2, _CELL - 2, role))
    if cell is not None:
        sign = cell.sign(words)
        size = 12 if len(sign) < 4 else 9.5
        drawing.add(Text(x + _CELL / 2, y + _CELL / 2, sign, f"on-{role}", "middle", size, cell.kind == "supplies"))


def _legend(drawing: Drawing, kinds: list[Kind], y: float, words: Language) -> None:
    x = 12.0
    for kind in kinds:
        role, meaning = _ROLES[kind], words.write(MEANINGS[kind])
        drawing.add(Box(x, y - 9, 18, 18, role), Text(x + 9, y, SIGNS[kind], f"on-{role}", "middle", 11))
        drawing.add(Text(x + 24, y, meaning, "muted", size=12))
        x += 44 + width_of(meaning, 12)
    drawing.width = max(drawing.width, x)


def _told(found: Matrix) -> str:
    """Say in words who supplies what; who only could is left to the table of the page."""
    told = []
    for capability in found.capabilities:
        who = [
            found.partner_name(partner)
            for partner in found.members
            if (cell := found.cells.get((capability, partner))) and cell.kind in ("supplies", "holds")
        ]
        told.append(f"{found.capability_name(capability)}: {', '.join(who) or '-'}")
    return "; ".join(told)
