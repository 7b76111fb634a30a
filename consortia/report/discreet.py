"""An outcome as partners may see it: who does what, and nobody's prices.

What may be shown is listed; everything else is hidden, so that a key that is new is hidden until somebody thinks of it.
"""

from __future__ import annotations

from typing import Any

from consortia.consortium import Consortium
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.naming import by_cluster, named, through
from consortia.report.page import Page
from consortia.report.status import headline, remarks
from consortia.report.work import calendar, changed, choices, packages
from consortia.rules import Measure
from consortia.sentence import Sentence, say

FEWEST = 3
"""With fewer members each could tell the costs of the other from the whole, so that is hidden as well."""
_SHOWN = frozenset(
    {"format", "title", "status", "proof", "stopped", "currency", "seconds", "solver", "coordinator", "leaders"}
    | {"backups", "undertaken", "representatives", "changes", "versions"}
)
_WHOLE = ("cost", "bound", "gap", "budget")
_MEASURED = ("count", "effort")
"""Units of measures that say nothing of money."""
_HIDDEN = (
    say("rates, prices, and the costs of members and of what they deliver"),
    say("discounts, grants and marginal prices"),
    say("cost by cluster and by country, shares, and how far rules about money are kept"),
    say("who else was considered, and why they are not in"),
)
_HIDDEN_WHOLE = say("the cost of the whole: with two members each could tell that of the other")


def hidden(outcome: Outcome) -> list[Sentence]:
    """Say what is hidden."""
    return [*_HIDDEN, *([] if shows_whole(outcome) else [_HIDDEN_WHOLE])]


def shows_whole(outcome: Outcome) -> bool:
    """Tell whether the cost of the whole may be shown."""
    return outcome.consortium is None or len(outcome.consortium.members) >= FEWEST


def may_see(measure: Measure) -> bool:
    """Tell whether a measure says nothing of money."""
    return measure.unit in _MEASURED


def discreet_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome in the form of its JSON, with null for what is hidden, and `hidden` to say so."""
    data: dict[str, Any] = outcome.to_dict()
    whole = shows_whole(outcome)
    found = {key: value for key, value in data.items() if key in _SHOWN}
    found |= {key: data[key] if whole else None for key in _WHOLE}
    found["members"] = [{**entry, "cost": None} for entry in data["members"]]
    found["deliveries"] = [{**entry, "cost": None} for entry in data["deliveries"]]
    found["rules"] = [
        entry if entry["unit"] in _MEASURED else {**entry, "value": None, "slack": None} for entry in data["rules"]
    ]
    found["objectives"] = [
        {**entry, "value": None, "bound": None} if _is_money(entry["expression"]) else entry
        for entry in data["objectives"]
    ]
    empty: dict[str, Any] = {"shared": [], "discounts": [], "excluded": [], "notes": []}
    found |= empty | dict.fromkeys(("funding", "prices", "conflict", "instance"))
    return {key: found[key] for key in data if key in found} | {"hidden": [str(entry) for entry in hidden(outcome)]}


def _is_money(expression: str) -> bool:
    return expression not in EXPRESSIONS or EXPRESSIONS[expression].money


def write_discreet(outcome: Outcome, page: Page) -> None:
    """Write a report that partners may see."""
    words, instance, consortium = page.words, outcome.instance, outcome.consortium
    page.title(instance.title or words.say("An untitled project"))
    if shows_whole(outcome):
        page.line(headline(outcome, words), "bold")
        page.line(" ".join(remarks(outcome, words)), "dim")
    if consortium is not None:
        changed(outcome, page)
        _members(instance, consortium, page)
        _supplied(instance, consortium, page)
        choices(instance, consortium, page)
        packages(instance, consortium, page)
        calendar(instance, consortium, page)
        _rules(outcome, page)
    page.heading("Hidden in this report")
    page.points(words.write(entry) for entry in hidden(outcome))


def _members(instance: Instance, consortium: Consortium, page: Page) -> None:
    words = page.words
    page.heading("Members: {count}", count=len(consortium.members))
    rows = []
    for cluster, partners in by_cluster(consortium).items():
        for partner in partners:
            name = named(instance.partner_names, partner)
            if partner == consortium.coordinator:
                name = words.say("{partner} (coordinator)", partner=name)
            country = instance.attribute("country", partner, cluster)
            through_cluster = "" if cluster is None else named(instance.cluster_names, cluster)
            rows.append([name, "" if country is None else str(country), through_cluster])
    page.table([(words.say(text), "left") for text in ("Member", "Country", "Cluster")], rows)


def _supplied(instance: Instance, consortium: Consortium, page: Page) -> None:
    words, rows = page.words, []
    for capability in instance.capabilities:
        what = named(instance.capability_names, capability)
        for entry in (entry for entry in consortium.deliveries if entry.capability == capability):
            path = instance.paths.get((entry.partner, capability, entry.offer), ())
            way = through(entry.offer, capability, path)
            who = instance.partner_names.get(entry.partner, entry.partner)
            rows.append([what, f"{who}: {way}" if way else who, words.number(entry.effort) if entry.effort else ""])
            what = ""
        holders = sorted(instance.holders.get(capability, frozenset()) & consortium.members.keys())
        if holders:
            names = ", ".join(instance.partner_names.get(holder, holder) for holder in holders)
            rows.append([what, words.say("held by {partners}", partners=names), ""])
    page.heading("Who supplies what")
    columns = [(words.say("Capability"), "left"), (words.say("Supplier"), "left")]
    page.table([*columns, (words.say("Person-months"), "right")], rows)
    standing = [
        words.say("{partner} stands by for {capability}", partner=entry.partner, capability=entry.capability)
        for entry in consortium.backups
    ]
    if standing:
        page.points(standing)


def _rules(outcome: Outcome, page: Page) -> None:
    words = page.words
    rows = []
    for rule, measures in outcome.measures():
        title = words.write(rule.title())
        shown = [measure for measure in measures if may_see(measure)]
        if not shown:
            rows.append([title, words.say("kept"), ""])
        for measure in shown:
            name = title if len(measures) == 1 else f"{title}: {words.write(measure.what)}"
            rows.append([name, *_value(measure, words)])
    if rows:
        page.heading("Rules")
        columns = [(words.say("Rule"), "left"), (words.say("Value"), "right"), (words.say("Limit"), "right")]
        page.table(columns, rows)


def _value(measure: Measure, words: Language) -> tuple[str, str]:
    value, limit = ("-" if each is None else words.number(each) for each in (measure.value, measure.limit))
    return value, f"{'≥' if measure.least else '≤'} {limit}"
