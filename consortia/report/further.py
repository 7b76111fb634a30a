"""What else there is, and at which price: sections of a report on an answer, and parts of its JSON."""

from __future__ import annotations

from typing import Any

from consortia.explaining.further import Further
from consortia.report.entries import prices_data, write_worth
from consortia.report.others import alternatives_data, write_cheapest
from consortia.report.page import Page


def further_data(further: Further) -> dict[str, Any]:
    """Return what was asked for as plain data for JSON, by key."""
    data = {}
    if further.alternatives is not None:
        data["alternatives"] = alternatives_data(further.alternatives)
    if further.entry_prices is not None:
        data["entry_prices"] = prices_data(further.entry_prices)
    return data


def write_further(further: Further, page: Page) -> None:
    """Write the sections on what was asked for."""
    found, listed = further.alternatives, further.entry_prices
    if found is not None:
        if found.present.consortium is None:
            _nothing("The cheapest consortia that differ", page)
        else:
            write_cheapest(found, page)
    if listed is not None:
        if listed.present.consortium is None:
            _nothing("What members are worth", page)
        else:
            write_worth(listed, page)


def _nothing(heading: str, page: Page) -> None:
    """Say that the limit left no time; the cheapest consortium is asked for anew where there are other objectives."""
    page.heading(heading)
    page.line(page.words.say("Nothing was found out within the limit."))
