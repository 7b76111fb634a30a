"""Who pays what is shared, what each member is worth, and what crossing borders saves, as data and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import lcm
from typing import Any

from consortia.explaining.coalitions import Division
from consortia.explaining.crossing import KINDS, Region
from consortia.explaining.fairness import Shares, Worth
from consortia.language import Language
from consortia.outcome import Status
from consortia.pricing import minor_unit
from consortia.report.data import number
from consortia.report.money import apportion, rounded
from consortia.report.naming import named
from consortia.report.page import Page
from consortia.report.status import EXPLAIN, shown


def amounts(found: Shares, division: Division) -> dict[str, Decimal]:
    """Return the parts of a division, rounded to the cent so that they add up to the rounded shared lines."""
    instance, parts = found.instance, list(division.parts.values())
    unit = minor_unit(instance.currency) if instance.currency else instance.money(1)
    whole = lcm(*(part.denominator for part in parts))
    with localcontext(Context(prec=200)):
        units = [Decimal(int(part * whole)) for part in parts]
        cents = apportion(rounded(found.shared, unit) * whole, units, unit * whole)
        return {name: (part / whole).quantize(unit) for name, part in zip(division.parts, cents, strict=True)}


def shares_data(found: Shares) -> dict[str, Any]:
    """Return what was found as plain data for JSON."""
    parts = {division.by: amounts(found, division) for division in found.divisions}
    errors = {division.by: division.errors for division in found.divisions if division.errors}
    members = {} if found.consortium is None else found.consortium.members
    return {
        "format": "consortia-shares/1",
        "title": found.instance.title,
        "currency": found.instance.currency or None,
        "status": found.status.value,
        "complete": found.complete,
        "cost": number(found.cost),
        "bound": number(found.bound),
        "shared": number(found.shared),
        "members": [
            {
                "id": member,
                "cluster": cluster,
                "own": number(found.own[member]),
                **{by: number(of[member]) for by, of in parts.items()},
                "error": {by: of[member] for by, of in errors.items()} or None,
                "worth": _worth_data(found, member),
            }
            for member, cluster in members.items()
        ],
        "divisions": [
            {
                "by": division.by,
                "all groups": division.all_groups,
                "group": list(division.group),
                "excess": number(division.excess),
            }
            for division in found.divisions
        ],
        "dropped": [str(rule.title()) for rule in found.dropped],
        "inside": [_region_data(region) for region in found.regions],
        "savings": {kind: number(found.saving(kind)) for kind in KINDS},
        "seconds": round(found.seconds, 3),
    }


def _worth_data(found: Shares, member: str) -> dict[str, Any] | None:
    worth = found.worth.get(member)
    if worth is None:
        return None
    more = None if worth.cost is None or found.cost is None else worth.cost - found.cost
    return {
        "status": worth.status.value,
        "cost": number(worth.cost),
        "bound": number(worth.bound),
        "more": number(more),
    }


def _region_data(region: Region) -> dict[str, Any]:
    return {
        "kind": region.kind,
        "name": region.name,
        "status": region.status.value,
        "cost": number(region.cost),
        "bound": number(region.bound),
        "missing": list(region.missing),
        "asked": region.asked,
    }


def write_shares(found: Shares, page: Page) -> None:
    """Write what was found on a page."""
    words, instance = page.words, found.instance
    page.title(instance.title or words.say("An untitled project"))
    if found.consortium is None:
        proven = found.status is Status.INFEASIBLE
        text = (
            "Proven: no consortium meets these requirements" if proven else "No consortium was found; there may be one"
        )
        page.line(words.say(text), "bold red")
        if proven:
            page.line(words.write(EXPLAIN))
        return
    assert found.cost is not None
    values = {"cost": shown(found.cost, instance, words), "shared": shown(found.shared, instance, words)}
    page.line(words.say("A consortium for {cost}; what its members share comes to {shared} of that.", **values), "bold")
    if found.divisions:
        _divisions(found, page)
    _worth(found, page)
    _borders(found, page)
    if not found.complete:
        page.line(words.say("The limit came first: what is not proven is said as such, and some was not asked."))


def _divisions(found: Shares, page: Page) -> None:
    words, instance = page.words, found.instance
    page.heading("Who pays what is shared")
    parts = [amounts(found, division) for division in found.divisions]
    columns = [(words.say("Member"), "left"), (words.say("Own cost"), "right")]
    columns += [(words.say("Equally"), "right"), (words.say("By own cost"), "right"), (words.say("Shapley"), "right")]
    rows: list[list[object]] = [
        [
            named(instance.partner_names, member),
            *(_plain(amount, found, words) for amount in (found.own[member], *(of[member] for of in parts))),
        ]
        for member in found.divisions[0].parts
    ]
    total = [sum(of.values(), Decimal(0)) for of in (found.own, *parts)]
    rows.append([None, "bold", words.say("Together"), *(_plain(amount, found, words) for amount in total)])
    page.table(columns, rows)
    page.points(_fairness(found, division, words) for division in found.divisions)
    if not found.divisions[-1].all_groups:
        errors = found.divisions[-1].errors or {}
        worst = Decimal(max(errors.values(), default=0.0))
        page.line(
            words.say(
                "Shapley's division is a mean over sampled orders: its standard error is at most {error}.",
                error=shown(worst, instance, words),
            )
        )


def _fairness(found: Shares, division: Division, words: Language) -> str:
    """Say whether some group would pay less by itself."""
    texts = {
        "equal": "Equal parts: {verdict}",
        "own cost": "In proportion to own costs: {verdict}",
        "shapley": "By what each adds, averaged over all orders of joining (Shapley): {verdict}",
    }
    if division.group:
        names = ", ".join(found.instance.partner_names.get(member, member) for member in division.group)
        amount = shown(_decimal(division.excess), found.instance, words)
        verdict = words.say("{group} would pay {amount} less by themselves.", group=names, amount=amount)
    elif division.all_groups:
        verdict = words.say("no group would pay less by itself.")
    else:
        verdict = words.say("no group that was looked at would pay less by itself.")
    return words.say(texts[division.by], verdict=verdict)


def _worth(found: Shares, page: Page) -> None:
    if not found.worth:
        return
    words = page.words
    page.heading("What each member is worth: the least cost without it")
    columns = [(words.say("Without"), "left"), (words.say("Cost"), "right"), (words.say("More by"), "right")]
    page.table(columns, (_replaced(found, member, worth, words) for member, worth in found.worth.items()))


def _replaced(found: Shares, member: str, worth: Worth, words: Language) -> list[object]:
    name = named(found.instance.partner_names, member)
    if worth.status is Status.INFEASIBLE:
        return [name, words.say("irreplaceable"), ""]
    if worth.cost is None or found.cost is None:
        return [name, words.say("not known"), ""]
    cells = [_plain(worth.cost, found, words), _plain(worth.cost - found.cost, found, words)]
    if worth.status is not Status.OPTIMAL:
        cells[1] = words.say("at most {amount}", amount=cells[1])
    return [name, *cells]


def _borders(found: Shares, page: Page) -> None:
    if not found.regions or found.cost is None:
        return
    words, instance = page.words, found.instance
    page.heading("What crossing borders saves")
    texts = {
        "cluster": "the cheapest single cluster would take {cost}; across clusters it is {saving} less.",
        "industry": "the cheapest single industry would take {cost}; across industries it is {saving} less.",
        "country": "the cheapest single country would take {cost}; across countries it is {saving} less.",
    }
    none = {
        "cluster": "no single cluster can do it.",
        "industry": "no single industry can do it.",
        "country": "no single country can do it.",
    }
    lines = []
    for kind in KINDS:
        inside = [region for region in found.regions if region.kind == kind]
        saving = found.saving(kind)
        if saving is not None:
            values = {"cost": found.cost + saving, "saving": saving}
            lines.append(
                words.say(texts[kind], **{key: shown(value, instance, words) for key, value in values.items()})
            )
        elif inside and all(region.status is Status.INFEASIBLE for region in inside):
            lines.append(words.say(none[kind]))
    page.points(lines)
    columns = [(words.say("Only inside"), "left"), (words.say("Cost"), "right"), (words.say("Lacking"), "left")]
    page.table(columns, (_inside(found, region, words) for region in found.regions))
    if found.dropped:
        rules = "; ".join(words.write(rule.title()) for rule in found.dropped)
        page.line(words.say("Not asked for inside: {rules}.", rules=rules))


def _inside(found: Shares, region: Region, words: Language) -> list[object]:
    names = found.instance.cluster_names if region.kind == "cluster" else {}
    name = named(names, region.name)
    if region.cost is not None:
        cost = _plain(region.cost, found, words)
        if region.status is not Status.OPTIMAL:
            cost = words.say("at most {amount}", amount=cost)
        return [name, cost, ""]
    called = found.instance.capability_names
    lacking = _few([called.get(entry, entry) for entry in region.missing], words)
    if region.status is Status.INFEASIBLE:
        return [name, words.say("none"), lacking or words.say("the rules cannot be met")]
    return [name, words.say("not known"), lacking]


def _few(names: Sequence[str], words: Language, most: int = 4) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return words.say("{names} and {count} more", names=", ".join(names[:most]), count=len(names) - most)


def _plain(amount: Decimal, found: Shares, words: Language) -> str:
    text = shown(amount, found.instance, words)
    return text.removesuffix(f"\u00a0{found.instance.currency}")


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
