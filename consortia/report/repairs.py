"""The least that repairs a question, as data and as a page."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.explaining.changing import Change
from consortia.explaining.repairs import Repair, Way
from consortia.language import Language
from consortia.report.conflicts import demand_data
from consortia.report.data import number
from consortia.report.money import Shown
from consortia.report.page import Page
from consortia.report.status import headline, shown
from consortia.report.supply import members
from consortia.rules import Rule


def repair_data(found: Repair) -> dict[str, Any]:
    """Return a repair as plain data for JSON."""
    return {
        "format": "consortia-repair/1",
        "title": found.instance.title,
        "status": found.status,
        "currency": found.instance.currency or None,
        "ways": [_way_data(way) for way in found.ways],
        "complete": found.complete,
        "outcome": None if found.outcome is None else found.outcome.to_dict(),
        "stopped": found.stopped,
        "asked": found.asked,
        "seconds": round(found.seconds, 3),
        "instance": found.instance.fingerprint(),
    }


def _way_data(way: Way) -> dict[str, Any]:
    return {
        "weight": number(way.weight),
        "proven": way.proven,
        "exact": way.exact,
        "changes": [
            {**demand_data(change.demand), "to": _to(change), "change": str(change.sentence)} for change in way.changes
        ],
        "violations": [str(violation) for violation in way.violations],
        "outcome": way.outcome.to_dict(),
    }


def _to(change: Change) -> Any:
    if isinstance(change.to, Rule):
        return change.to.model_dump(mode="json", exclude_none=True, by_alias=True)
    return number(change.to) if isinstance(change.to, Decimal | Fraction) else change.to


def write_repair(found: Repair, page: Page) -> None:
    """Write a repair on a page."""
    words, instance = page.words, found.instance
    page.title(instance.title or words.say("An untitled project"))
    if found.status == "feasible":
        page.line(words.say("There is a consortium: there is nothing to repair."), "bold green")
        if found.outcome is not None:
            page.line(headline(found.outcome, words))
        return
    if found.status == "infeasible":
        page.line(words.say("Proven: nothing that may be touched would repair this."), "bold red")
        return
    if found.status == "unknown":
        page.line(words.say("No way to repair this was found; there may be one"), "bold yellow")
        return
    page.line(words.say("No consortium meets these requirements as they are."), "bold red")
    for place, way in enumerate(found.ways):
        page.heading("Way {number}", number=place + 1)
        _way(way, not place, page)
    _ends(found, page)
    _compromise(found.ways[0], page)


def _way(way: Way, first: bool, page: Page) -> None:
    words = page.words
    page.points(words.write(change.sentence) for change in way.changes)
    page.line(_least(way, first, words), indent=2)
    consortium, outcome = way.outcome.consortium, way.outcome
    assert consortium is not None and outcome.cost is not None
    cost = shown(outcome.cost, outcome.instance, words)
    names = ", ".join(outcome.instance.partner_names.get(name, name) for name in consortium.members)
    if outcome.proven:
        text = words.say("Least cost then: {cost}, with {partners}", cost=cost, partners=names or "-")
    else:
        text = words.say("Then there is a consortium for {cost}, with {partners}", cost=cost, partners=names or "-")
    page.line(text, indent=2)
    if not way.exact:
        page.line(words.say("Perhaps less of a change would do as well."), indent=2)


def _least(way: Way, first: bool, words: Language) -> str:
    if not way.proven:
        return words.say("There may be a way that takes less.")
    if first:
        return words.say("Proven: nothing less will do.")
    if way.weight == len(way.changes):
        return words.say("Proven: of all other ways, none takes fewer changes.")
    return words.say("Proven: of all other ways, none weighs less than {weight}.", weight=way.weight)


def _ends(found: Repair, page: Page) -> None:
    words = page.words
    page.line("")
    if found.complete:
        page.line(words.say("Every other way contains one of these."))
    elif found.stopped is not None:
        page.line(words.say("The search ended before everything was found out; what is said above holds."))
    else:
        page.line(words.say("There may be more ways; `--ways` asks for them."))
    if any(len(way.changes) > 1 for way in found.ways):
        page.line(words.say("Amounts were made least one after another, in the order shown."))


def _compromise(way: Way, page: Page) -> None:
    """Show the consortium that breaks least of what was asked for."""
    words, outcome = page.words, way.outcome
    page.heading("The best compromise")
    page.line(words.say("This consortium breaks least of what was asked for:"))
    page.points(words.write(violation) for violation in way.violations)
    assert outcome.consortium is not None
    members(outcome, outcome.consortium, Shown(outcome), page)
