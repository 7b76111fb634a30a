"""Bars of cost: by what is paid for, by cluster, by country."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.drawing import Box, Drawing, Text, clipped, width_of
from consortia.report.money import Shown
from consortia.report.sums import cost_by_cluster, cost_by_component, cost_by_country

_WIDTH, _ROW, _LABELS = 900.0, 30.0, 320.0


def by_component(outcome: Outcome, words: Language) -> Drawing:
    """Draw the cost by what is paid for."""
    return bars(
        "components", words.say("What is paid"), cost_by_component(outcome, Shown(outcome), words), outcome, words
    )


def by_cluster(outcome: Outcome, words: Language) -> Drawing:
    """Draw the cost by cluster."""
    return bars(
        "clusters", words.say("Cost by cluster"), cost_by_cluster(outcome, Shown(outcome), words), outcome, words
    )


def by_country(outcome: Outcome, words: Language) -> Drawing:
    """Draw the cost by country."""
    return bars(
        "countries", words.say("Cost by country"), cost_by_country(outcome, Shown(outcome), words), outcome, words
    )


def bars(name: str, title: str, amounts: Mapping[str, Decimal], outcome: Outcome, words: Language) -> Drawing:
    """Draw a bar for each amount, the largest first; what is saved has another colour and a minus."""
    shown = {text: words.money(amount, outcome.instance.currency) for text, amount in amounts.items()}
    drawing = Drawing(
        name,
        title,
        "; ".join(f"{text}: {amount}" for text, amount in shown.items()),
        _WIDTH,
        _ROW * max(1, len(amounts)) + 12,
    )
    most = max((float(abs(amount)) for amount in amounts.values()), default=0.0) or 1.0
    room = max((width_of(text) for text in shown.values()), default=0.0)
    unit = (_WIDTH - _LABELS - room - 20) / most
    order = sorted(amounts, key=lambda text: -amounts[text])
    for row, text in enumerate(order):
        y, length = 6 + _ROW * (row + 0.5), float(abs(amounts[text])) * unit
        role = "member" if amounts[text] >= 0 else "backup"
        drawing.add(Text(_LABELS - 10, y, clipped(text, _LABELS - 16), anchor="end"))
        drawing.add(Box(_LABELS, y - 10, max(length, 1.0), 20, role))
        drawing.add(Text(_LABELS + length + 8, y, shown[text], "muted"))
    return drawing
