"""Sections of the report on a consortium: members, who supplies what, cost by cluster, rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from consortia.consortium import Consortium, Delivery
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.matrix import matrix
from consortia.report.money import Shown
from consortia.report.naming import by_cluster, named, through
from consortia.report.page import Page
from consortia.report.plots import plot
from consortia.report.status import shown
from consortia.report.sums import cost_by_cluster, cost_by_country, cost_by_item, countries
from consortia.rules import Measure

Row = list[object]
TIGHTEST = 4
"""So many measures of one rule are shown on the page; the data have them all."""


def members(outcome: Outcome, consortium: Consortium, amounts: Shown, page: Page) -> None:
    """List the members by the cluster through which they enter."""
    words, instance = page.words, outcome.instance
    page.heading("Members: {count}", count=len(consortium.members))
    details = [name for name in ("country", "kind", "role") if _told(instance, consortium, name)]
    columns = [(words.say("Member"), "left"), *((words.translate(name.capitalize()), "word") for name in details)]
    columns.append((words.say("Own cost"), "right"))
    rows: list[Row] = []
    for cluster, partners in by_cluster(consortium).items():
        if instance.clusters:
            rows.append([None, "bold", _cluster(instance, cluster, words), *[""] * (len(columns) - 1)])
        for partner in partners:
            name = named(instance.partner_names, partner)
            if partner == consortium.coordinator:
                name = words.say("{partner} (coordinator)", partner=name)
            told = (instance.attribute(detail, partner, cluster) for detail in details)
            shown_details = ["" if value is None else words.translate(str(value)) for value in told]
            rows.append([name, *shown_details, words.money(amounts.own[partner], instance.currency)])
    page.table(columns, rows)
    if instance.clusters or "industry" in instance.attributes:
        page.picture(lambda: plot(outcome, "network", words))
    for rule, chosen in outcome.representatives():
        text = ", ".join(instance.partner_names.get(partner, partner) for partner in chosen)
        page.line(f"{words.write(rule.title())}: {text}", indent=2)


def _told(instance: Instance, consortium: Consortium, detail: str) -> bool:
    """Tell whether a column for an attribute would say anything."""
    values = {instance.attribute(detail, *member) for member in consortium.members.items()}
    return bool(values - {None} if detail != "role" else values - {None, "beneficiary"})


def _cluster(instance: Instance, cluster: str | None, words: Language) -> str:
    return words.say("No cluster") if cluster is None else named(instance.cluster_names, cluster)


def supplied(outcome: Outcome, consortium: Consortium, amounts: Shown, page: Page) -> None:
    """List who delivers how much of what through which offer, and who holds what is to be held."""
    words, instance = page.words, outcome.instance
    cost = {
        (line.partner, line.item): amounts.items[place]
        for place, line in enumerate(outcome.lines)
        if line.component == "delivery"
    }
    rows: list[Row] = []
    for place, capability in enumerate(instance.capabilities):
        deliveries = [entry for entry in consortium.deliveries if entry.capability == capability]
        if instance.delivered[place]:
            made = [_delivery(instance, entry, cost[entry.partner, capability], words) for entry in deliveries]
            made += _backups(instance, consortium, place, deliveries, words)
            made += _standing_by(instance, consortium, capability, words)
        else:
            made = [_holders(instance, consortium, capability, words)]
        made = made or [["", words.say("not undertaken"), "", ""]]
        made[0][0] = named(instance.capability_names, capability)
        rows += made
    page.heading("Who supplies what")
    columns = [(words.say("Capability"), "left"), (words.say("Supplier"), "left")]
    columns += [(words.say("Person-months"), "right")] if instance.effort.any() else []
    columns += [(words.say("Cost"), "right")]
    if not instance.effort.any():
        rows = [[*row[:2], row[3]] for row in rows]
    page.table(columns, rows)
    page.matrix(lambda: matrix(instance, consortium))


def _delivery(instance: Instance, entry: Delivery, cost: Decimal, words: Language) -> Row:
    path = instance.paths.get((entry.partner, entry.capability, entry.offer), ())
    who = instance.partner_names.get(entry.partner, entry.partner)
    way = through(entry.offer, entry.capability, path)
    effort = words.number(entry.effort) if entry.effort else ""
    return ["", f"{who}: {way}" if way else who, effort, words.money(cost, instance.currency)]


def _holders(instance: Instance, consortium: Consortium, capability: str, words: Language) -> Row:
    holders = sorted(instance.holders[capability].intersection(consortium.members))
    told = []
    for holder in holders:
        ways = (path for key, path in instance.paths.items() if key[:2] == (holder, capability))
        way = " < ".join(next(ways, ()))
        told.append(f"{instance.partner_names.get(holder, holder)}{f' ({way})' if way else ''}")
    if not told:
        return ["", words.say("not undertaken"), "", ""]
    return ["", words.say("held by {partners}", partners=", ".join(told)), "", ""]


def _backups(
    instance: Instance, consortium: Consortium, place: int, deliveries: list[Delivery], words: Language
) -> list[Row]:
    if not instance.backups[place] or not deliveries:
        return []
    able = instance.arc_partner[instance.arc_capability == place].tolist()
    spare = {instance.partners[partner] for partner in able}.intersection(consortium.members)
    spare -= {entry.partner for entry in deliveries}
    names = ", ".join(instance.partner_names.get(partner, partner) for partner in sorted(spare))
    return [["", words.say("in reserve: {partners}", partners=names), "", ""]]


def _standing_by(instance: Instance, consortium: Consortium, capability: str, words: Language) -> Iterator[Row]:
    for backup in consortium.backups:
        if backup.capability == capability:
            name = instance.partner_names.get(backup.partner, backup.partner)
            effort = words.number(backup.effort) if backup.effort else ""
            yield ["", words.say("stands by: {partner}", partner=name), effort and f"({effort})", ""]


def costs(outcome: Outcome, amounts: Shown, page: Page) -> None:
    """Add the cost up by what is paid for, by cluster, and by country where there are several."""
    instance, words = outcome.instance, page.words
    page.heading("What is paid")
    page.picture(lambda: plot(outcome, "components", words))
    _sums(cost_by_item(outcome, amounts, words), amounts.total, instance, page)
    if instance.clusters:
        page.heading("Cost by cluster")
        page.picture(lambda: plot(outcome, "clusters", words))
        _sums(cost_by_cluster(outcome, amounts, words), amounts.total, instance, page)
    if len(countries(outcome)) > 1:
        page.heading("Cost by country")
        page.picture(lambda: plot(outcome, "countries", words))
        _sums(cost_by_country(outcome, amounts, words), amounts.total, instance, page)


def _sums(sums: Mapping[str, Decimal], total: Decimal, instance: Instance, page: Page) -> None:
    words = page.words
    made: list[Row] = [[text, words.money(amount, instance.currency)] for text, amount in sums.items()]
    made.append([None, "bold", words.say("Total"), words.money(total, instance.currency)])
    page.table([(words.say("Item"), "left"), (words.say("Cost"), "right")], made)


def rules(outcome: Outcome, consortium: Consortium, page: Page) -> None:
    """List every rule with its value, limit and slack; presets as the rules they are."""
    words, instance = page.words, outcome.instance
    rows: list[Row] = []
    for rule, measures in outcome.measures():
        title = words.write(rule.title())
        if len(measures) == 1:
            rows.append([title, *_measure(measures[0], instance, words)])
            continue
        rows.append([title, "" if measures else words.say("kept"), "", ""])
        most = len(measures) if page.roomy else TIGHTEST
        tightest = sorted(measures, key=lambda entry: math.inf if entry.slack is None else entry.slack)
        rows += [[f"  {words.write(entry.what)}", *_measure(entry, instance, words)] for entry in tightest[:most]]
        if len(tightest) > most:
            rows.append([f"  {words.say('and {count} with more slack', count=len(tightest) - most)}", "", "", ""])
    if instance.budget is not None and outcome.cost is not None:
        rows.append([words.say("Budget"), *_budget(outcome, instance.money(instance.budget), words)])
    if rows:
        page.heading("Rules")
        columns = [(words.say("Rule"), "left")]
        columns += [(words.say(text), "right") for text in ("Value", "Limit", "Slack")]
        page.table(columns, rows)


def _measure(measure: Measure, instance: Instance, words: Language) -> Iterator[str]:
    sign = "≥" if measure.least else "≤"
    yield _in_unit(measure.value, measure.unit, instance, words)
    yield f"{sign} {_in_unit(measure.limit, measure.unit, instance, words)}"
    yield _in_unit(measure.slack, measure.unit, instance, words)


def _in_unit(value: int | Fraction | None, unit: str, instance: Instance, words: Language) -> str:
    if value is None:
        return "-"
    if unit == "share":
        return words.share(Fraction(value))
    if unit == "money":
        return words.money(Decimal(Fraction(value).numerator) / Fraction(value).denominator, instance.currency)
    return words.number(Fraction(value))


def _budget(outcome: Outcome, budget: Decimal, words: Language) -> Iterator[str]:
    assert outcome.cost is not None
    instance = outcome.instance
    yield shown(outcome.cost, instance, words)
    yield f"≤ {shown(budget, instance, words)}"
    yield shown(budget - outcome.cost, instance, words)
