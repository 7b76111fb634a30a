"""What a core of partners lacks and who could bring it, as data and as a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from consortia.gaps import Coverage, Gap
from consortia.instance import Instance
from consortia.market import Bringer
from consortia.outcome import Outcome
from consortia.report.data import number
from consortia.report.naming import named, through
from consortia.report.page import Page
from consortia.report.status import headline, shown
from consortia.shortages import shortages

MOST = 8
"""So many partners are shown for a capability on the page; the data have them all."""


def gap_data(gap: Gap, completion: Outcome | None = None) -> dict[str, Any]:
    """Return a gap as plain data for JSON, with the least-cost completion where it was looked for."""
    return {
        "format": "consortia-gap/1",
        "title": gap.instance.title,
        "currency": gap.instance.currency or None,
        "core": list(gap.core),
        "barred": {partner: str(reason) for partner, reason in gap.barred.items()},
        "effort": number(gap.effort),
        "possible": number(gap.possible),
        "capabilities": [_coverage_data(entry) for entry in gap.coverage],
        "completion": None if completion is None else completion.to_dict(),
    }


def _coverage_data(entry: Coverage) -> dict[str, Any]:
    return {
        "capability": entry.capability,
        "competence": entry.competence,
        "level": entry.level,
        "mode": "delivered" if entry.delivered else "held",
        "covered": entry.covered,
        "by": list(entry.by),
        "required": entry.required,
        "effort": number(entry.effort),
        "possible": number(entry.possible),
        "missing": {"suppliers": entry.missing_suppliers, "effort": number(entry.missing_effort)},
        "bringers": [
            {
                "partner": bringer.partner,
                "offer": bringer.offer,
                "path": list(bringer.path),
                "effort": number(bringer.effort),
                "whole": bringer.whole,
                "cost": number(bringer.cost),
                "joining": number(bringer.joining),
                "delivery": number(bringer.delivery),
                "fee": number(bringer.fee),
                "also": list(bringer.also),
            }
            for bringer in entry.bringers
        ],
    }


def write_gap(gap: Gap, completion: Outcome | None, page: Page) -> None:
    """Write a gap on a page, with the least-cost completion where it was looked for."""
    words, instance = page.words, gap.instance
    page.title(instance.title or words.say("An untitled project"))
    core = ", ".join(instance.partner_names.get(partner, partner) for partner in gap.core)
    page.line(words.say("Core: {partners}", partners=core))
    for partner, reason in gap.barred.items():
        page.line(words.say("{partner} may not join: {reason}", partner=partner, reason=reason), "bold red")
    counts = {"covered": len(gap.coverage) - len(gap.missing), "all": len(gap.coverage)}
    style = "bold yellow" if gap.missing else "bold green"
    page.line(words.say("Capabilities covered by the core: {covered} of {all}", **counts), style)
    if gap.effort:
        values = {"possible": gap.possible, "effort": gap.effort}
        page.line(words.say("Person-months within the core's capacity: {possible} of {effort}", **values))
    page.heading("What the core covers")
    columns = [(words.say(text), "left") for text in ("Capability", "Level", "Supplied by")]
    columns += [(words.say("Person-months"), "right"), (words.say("Lacking"), "left")]
    page.table(columns, (_row(entry, instance, page) for entry in gap.coverage))
    for entry in gap.missing:
        _who_could(entry, instance, page)
    if completion is not None:
        _completion(gap, completion, page)


def _row(entry: Coverage, instance: Instance, page: Page) -> list[object]:
    words = page.words
    name = named(instance.capability_names, entry.capability)
    by = ", ".join(instance.partner_names.get(partner, partner) for partner in entry.by)
    effort = f"{words.number(entry.possible)} / {words.number(entry.effort)}" if entry.effort else ""
    return [name, entry.level, by or words.say("nobody"), effort, _lacking(entry, page)]


def _lacking(entry: Coverage, page: Page) -> str:
    words, parts = page.words, []
    if entry.missing_effort:
        parts.append(words.say("{effort} person-months", effort=entry.missing_effort))
    if entry.missing_suppliers:
        parts.append(words.say("suppliers: {count}", count=entry.missing_suppliers))
    return ", ".join(parts) or words.say("nothing")


def _who_could(entry: Coverage, instance: Instance, page: Page) -> None:
    words = page.words
    name = named(instance.capability_names, entry.capability)
    if entry.level is None or entry.level == 1:
        page.heading("Who could bring {capability}", capability=name)
    else:
        page.heading("Who could bring {capability}, level {level} or higher", capability=name, level=entry.level)
    if not entry.bringers:
        page.line(words.say("Nobody in the pool; `consortia screen` shows why."), "bold red", indent=2)
        return
    columns = [(words.say("Partner"), "left")]
    texts = ("Person-months", "Joining", "Delivery", "Fee", "Cost")
    kept = [text for text in texts if text != "Person-months" or entry.effort]
    columns += [(words.say(text), "right") for text in kept]
    page.table(columns, (_bringer(bringer, entry, instance, page) for bringer in entry.bringers[:MOST]))
    if len(entry.bringers) > MOST:
        page.line(words.say("and {count} more, dearer or in part", count=len(entry.bringers) - MOST), indent=2)


def _bringer(bringer: Bringer, entry: Coverage, instance: Instance, page: Page) -> list[object]:
    words = page.words
    who = named(instance.partner_names, bringer.partner)
    way = through(bringer.offer, entry.competence, bringer.path)
    who = f"{who}: {way}" if way else who
    if bringer.also:
        names = ", ".join(instance.capability_names.get(other, other) for other in bringer.also)
        who = words.say("{partner}; also {capabilities}", partner=who, capabilities=names)
    effort = [words.number(bringer.effort)] if entry.effort else []
    amounts = (bringer.joining, bringer.delivery, bringer.fee)
    return [
        who,
        *effort,
        *(_amount(amount, instance, page) for amount in amounts),
        shown(bringer.cost, instance, words),
    ]


def _amount(amount: Decimal, instance: Instance, page: Page) -> str:
    text = shown(amount, instance, page.words)
    return text.removesuffix(f"\u00a0{instance.currency}") if amount else "-"


def _completion(gap: Gap, completion: Outcome, page: Page) -> None:
    words, instance = page.words, gap.instance
    page.heading("The least-cost completion of the core")
    page.line(headline(completion, words), "bold")
    if completion.consortium is None:
        page.points(words.write(entry.sentence) for entry in shortages(instance))
        return
    own = completion.own_costs()
    new = [partner for partner in completion.consortium.members if partner not in gap.core]
    if not new:
        page.line(words.say("Nobody needs to be added."))
        return
    columns = [(words.say("To be added"), "left"), (words.say("Supplies"), "left"), (words.say("Own cost"), "right")]
    rows = []
    for partner in new:
        supplied = [entry.capability for entry in completion.consortium.deliveries if entry.partner == partner]
        supplied += [capability for capability, holders in instance.holders.items() if partner in holders]
        names = ", ".join(instance.capability_names.get(capability, capability) for capability in supplied)
        rows.append([named(instance.partner_names, partner), names, shown(own[partner], instance, words)])
    page.table(columns, rows)
    page.line(words.say("The whole consortium: `consortia solve` with --require for each of the core."))
