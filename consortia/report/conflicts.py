"""Why there is no consortium, as data and as a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from consortia.explaining.conflicts import Conflict, Explanation
from consortia.explaining.demands import Demand
from consortia.explaining.lacking import Lack
from consortia.instance import Instance
from consortia.language import Language
from consortia.report.naming import named
from consortia.report.page import Page

MOST = 10
"""So many of those who were left out are shown for a capability on the page; the data have them all."""


def explanation_data(found: Explanation) -> dict[str, Any]:
    """Return an explanation as plain data for JSON."""
    return {
        "format": "consortia-explain/1",
        "title": found.instance.title,
        "status": found.status,
        "shortages": [{"capability": entry.capability, "text": str(entry.sentence)} for entry in found.shortages],
        "conflicts": [
            {
                "demands": [demand_data(demand) for demand in conflict.demands],
                "needed": [demand.name for demand in conflict.needed],
                "minimal": conflict.minimal,
                "proof": conflict.proof,
            }
            for conflict in found.conflicts
        ],
        "complete": found.complete,
        "lacks": [_lack_data(lack) for lack in found.lacks],
        "outcome": None if found.outcome is None else found.outcome.to_dict(),
        "stopped": found.stopped,
        "asked": found.asked,
        "seconds": round(found.seconds, 3),
        "instance": found.instance.fingerprint(),
    }


def demand_data(demand: Demand) -> dict[str, Any]:
    """Return a demand as plain data: what kind, by which name weights may be given, what it asks."""
    return {
        "kind": demand.kind,
        "name": demand.name,
        "capability": demand.capability,
        "text": str(demand.sentence),
    }


def _lack_data(lack: Lack) -> dict[str, Any]:
    return {
        "capability": lack.capability,
        "level": lack.level,
        "offered_levels": list(lack.levels),
        "suppliers": list(lack.suppliers),
        "left_out": [
            {"partner": entry.partner, "level": entry.level, "reason": str(entry.reason)} for entry in lack.left_out
        ],
    }


def write_explanation(found: Explanation, page: Page) -> None:
    """Write an explanation on a page."""
    words, instance = page.words, found.instance
    page.title(instance.title or words.say("An untitled project"))
    if found.outcome is not None:
        page.line(words.say("There is a consortium: there is nothing to explain."), "bold green")
        page.line(words.say("`consortia solve` finds the cheapest one."))
        return
    if found.status == "infeasible":
        page.line(words.say("Proven: no consortium meets these requirements"), "bold red")
    else:
        page.line(words.say("No consortium was found; there may be one"), "bold yellow")
    if found.shortages:
        page.heading("What is short")
        page.points(words.write(entry.sentence) for entry in found.shortages)
    _conflicts(found, page)
    for lack in found.lacks:
        _lack(lack, instance, page)
    if found.stopped is not None:
        page.line("")
        page.line(words.say("The search ended before everything was found out; what is said above holds."))
    elif found.status == "infeasible":
        page.line("")
        page.line(words.say("`consortia repair` finds the least that would have to change."))


def _conflicts(found: Explanation, page: Page) -> None:
    words = page.words
    if not found.conflicts:
        return
    page.heading("Why not")
    for number, conflict in enumerate(found.conflicts):
        if number:
            page.line("")
        page.line(_claim(conflict, number, words))
        page.points(spelled(demand, words) for demand in conflict.needed)
        if not conflict.minimal:
            page.line(words.say("with some of these, or all of them:") if conflict.needed else "")
            open_still = [demand for demand in conflict.demands if demand not in conflict.needed]
            page.points(spelled(demand, words) for demand in open_still)
    if found.complete:
        page.line("")
        page.line(words.say("All that is not named here can be met together."))
    if any(conflict.proof == "tolerance" for conflict in found.conflicts):
        page.line(words.say("Proven within the tolerance of floating-point arithmetic; see docs/proof.md."))


def _claim(conflict: Conflict, number: int, words: Language) -> str:
    if len(conflict.demands) == 1:
        text = words.say("This cannot be met, whatever else is asked for:")
    elif conflict.needed:
        text = words.say("These cannot be met together, and without any one of them the others can:")
    else:
        text = words.say("These cannot be met together; perhaps some of them play no part:")
    return f"{words.say('And by themselves:')} {text}" if number else text


def spelled(demand: Demand, words: Language) -> str:
    """Write out what a demand asks; of a rule that has a label, also what it says."""
    text, rule = words.write(demand.sentence), demand.original
    if rule is None or not rule.label:
        return text
    said = words.write(rule.describe())
    return text if said in text else f"{text} ({said})"


def _lack(lack: Lack, instance: Instance, page: Page) -> None:
    words = page.words
    page.heading("Who has {capability}", capability=named(instance.capability_names, lack.capability))
    if lack.levels and lack.level is not None and lack.level > 1:
        levels = ", ".join(words.number(Decimal(level)) for level in lack.levels)
        page.line(words.say("Asked for at level {level}; offered at: {levels}", level=lack.level, levels=levels))
    if lack.suppliers:
        names = ", ".join(instance.partner_names.get(partner, partner) for partner in lack.suppliers)
        page.line(words.say("May supply it: {partners}", partners=names))
    if lack.left_out:
        page.line(words.say("Left out:"))
        nearest = sorted(lack.left_out, key=lambda entry: -(entry.level or 0))
        page.points(
            entry.name
            + (f" ({words.say('level {level}', level=entry.level)})" if entry.level is not None else "")
            + f": {words.write(entry.reason)}"
            for entry in nearest[:MOST]
        )
        if len(nearest) > MOST:
            page.line(words.say("and {count} more; `--format json` has them all", count=len(nearest) - MOST), indent=4)
    elif not lack.suppliers:
        page.line(words.say("Nobody in the pool."))
