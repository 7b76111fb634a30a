"""Who may supply what and why the others may not, as data and as a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from consortia.instance import Exclusion, Instance
from consortia.language import Language
from consortia.pricing import minor_unit
from consortia.report.data import number
from consortia.report.naming import named, through
from consortia.report.page import Page
from consortia.shortages import shortages


def screening_data(instance: Instance, words: Language) -> dict[str, Any]:
    """Return what screening found as plain data for JSON."""
    supplies = _supplies(instance)
    return {
        "format": "consortia-screening/1",
        "title": instance.title,
        "currency": instance.currency or None,
        "candidates": list(instance.partners),
        "capabilities": [
            {
                "id": capability,
                "mode": "delivered" if instance.delivered[place] else "held",
                "effort": number(instance.months(int(instance.effort[place]))),
                "providers": int(instance.least_providers[place]),
                "backups": int(instance.backups[place]),
                "suppliers": supplies[capability],
            }
            for place, capability in enumerate(instance.capabilities)
        ],
        "shortages": [
            {"capability": entry.capability, "reason": words.write(entry.sentence)} for entry in shortages(instance)
        ],
        "excluded": [
            {"partner": entry.partner, "capability": entry.capability, "reason": words.write(entry.reason)}
            for entry in instance.exclusions
        ],
        "notes": [words.write(note) for note in instance.notes],
        "instance": instance.fingerprint(),
    }


def _supplies(instance: Instance) -> dict[str, list[dict[str, Any]]]:
    """Return the ways in which partners may supply each capability."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for arc, (partner, capability, offer) in enumerate(instance.arc_at):
        place = instance.capability_at[capability]
        limit = int(instance.arc_limit[arc])
        rate = instance.money(int(instance.arc_rate[arc])) / instance.step if instance.effort[place] else None
        found[capability].append(
            {
                "partner": partner,
                "offer": offer,
                "path": list(instance.paths.get((partner, capability, offer), ())),
                "rate": number(rate),
                "fixed": number(instance.money(int(instance.arc_fixed[arc]))),
                "most_effort": number(instance.months(limit)) if instance.effort[place] else None,
            }
        )
    ways: dict[tuple[str, str], tuple[str | None, tuple[str, ...]]] = {}
    for (partner, capability, offer), path in instance.paths.items():
        ways.setdefault((partner, capability), (offer, path))
    for capability, holders in instance.holders.items():
        for partner in sorted(holders):
            way, path = ways.get((partner, capability), (None, ()))
            found[capability].append({"partner": partner, "offer": way, "path": list(path)})
    return found


def write_screening(instance: Instance, page: Page) -> None:
    """Write what screening found on a page."""
    words = page.words
    page.title(instance.title or words.say("An untitled project"))
    short = shortages(instance)
    if short:
        page.line(words.say("Not everything can be supplied:"), "bold red")
        page.points(words.write(entry.sentence) for entry in short)
    else:
        page.line(words.say("Every capability by itself can be supplied."), "bold green")
    page.heading("Who may supply what")
    columns = [(words.say(text), "left") for text in ("Capability", "Supplier")]
    currency = f", {instance.currency}" if instance.currency else ""
    columns.append((words.say("At most"), "right"))
    columns += [(f"{words.say(text)}{currency}", "right") for text in ("Fixed price", "Rate")]
    page.table(columns, _rows(instance, words))
    _left_out(instance, page)
    if instance.notes:
        page.heading("What was assumed")
        page.points(words.write(note) for note in instance.notes)


def _rows(instance: Instance, words: Language) -> Iterator[list[object]]:
    supplies = _supplies(instance)
    for place, capability in enumerate(instance.capabilities):
        name = named(instance.capability_names, capability)
        effort = int(instance.effort[place])
        asked = words.say("{effort} person-months", effort=instance.months(effort)) if effort else ""
        if not instance.delivered[place]:
            asked = words.say("to be held")
        if instance.least_providers[place] > 1:
            count = words.say("suppliers: {count}", count=int(instance.least_providers[place]))
            asked = f"{asked}, {count}" if asked else count
        yield [None, "bold", name, asked, "", "", ""]
        for supply in supplies[capability]:
            way = through(supply["offer"], capability, supply["path"])
            who = named(instance.partner_names, supply["partner"])
            most, fixed, rate = (_exact(supply.get(key)) for key in ("most_effort", "fixed", "rate"))
            figures = [words.number(most) if most else "", *(_price(price, instance, words) for price in (fixed, rate))]
            if fixed == 0 and not rate:
                figures[1] = words.number(0)  # for nothing, which is not the same as without a price
            yield ["", f"{who}: {way}" if way else who, *figures]
        if not supplies[capability]:
            yield ["", words.say("nobody"), "", "", ""]


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _price(price: Decimal | None, instance: Instance, words: Language) -> str:
    """Write a price with the decimal places of its currency, or more where it has more: prices are not rounded."""
    if not price:
        return ""
    unit = minor_unit(instance.currency)
    return words.number(price, -int(unit.adjusted())) if price % unit == 0 else words.number(price)


def _left_out(instance: Instance, page: Page) -> None:
    words = page.words
    whole = [entry for entry in instance.exclusions if entry.capability is None]
    pairs = [entry for entry in instance.exclusions if entry.capability is not None]
    if whole:
        page.heading("Partners left out: {count}", count=len(whole))
        rows = ([named(instance.partner_names, entry.partner), words.write(entry.reason)] for entry in whole)
        page.table([(words.say("Partner"), "left"), (words.say("Reason"), "left")], rows)
    if pairs:
        page.heading("Left out for single capabilities: {count}", count=len(pairs))
        headings = [(words.say(text), "left") for text in ("Capability", "Partner", "Reason")]
        page.table(headings, _by_capability(pairs, instance, words))


def _by_capability(pairs: list[Exclusion], instance: Instance, words: Language) -> Iterator[list[object]]:
    previous = None
    for entry in sorted(pairs, key=lambda entry: instance.capability_at[entry.capability or ""]):
        capability = entry.capability or ""
        first = named(instance.capability_names, capability) if capability != previous else ""
        previous = capability
        yield [first, named(instance.partner_names, entry.partner), words.write(entry.reason)]
