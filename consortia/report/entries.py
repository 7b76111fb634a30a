"""At which price outsiders come in, members are replaced and rules could go: as data and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from consortia.explaining.entries import PartnerPrice, PriceList
from consortia.explaining.ranges import PriceRange
from consortia.explaining.without import CapabilityCost, RuleCost
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Status
from consortia.report.data import number, outcome_data
from consortia.report.naming import named
from consortia.report.page import Page
from consortia.report.prices import write_prices
from consortia.report.status import headline, shown

FORMAT = "consortia-prices/1"


def prices_data(found: PriceList, multipliers: bool = False) -> dict[str, Any]:
    """Return prices as plain data for JSON; on request with the multipliers."""
    instance = found.present.instance
    return {
        "format": FORMAT,
        "title": instance.title,
        "currency": instance.currency or None,
        "status": found.present.status.value,
        "cost": number(found.present.cost),
        "bound": number(found.present.bound),
        "by_cost_alone": found.by_cost_alone,
        "exact": found.exact,
        "stopped": found.stopped,
        "seconds": round(found.seconds, 3),
        "questions": found.questions,
        "members": list(found.present.consortium.members) if found.present.consortium else [],
        "partners": [_partner_data(entry) for entry in found.partners],
        "rules": [
            {"rule": str(entry.title), "position": entry.rule, **_limits(entry.least, entry.most)}
            for entry in found.rules
        ],
        "capabilities": [
            {"capability": entry.capability, **_limits(entry.least, entry.most)} for entry in found.capabilities
        ],
        "ranges": [_range_data(entry) for entry in found.ranges],
        "multipliers": outcome_data(found.present, prices=True)["prices"] if multipliers else None,
    }


def _limits(least: Decimal | None, most: Decimal | None) -> dict[str, Any]:
    return {"price": number(most) if least == most else None, "at_least": number(least), "at_most": number(most)}


def _partner_data(entry: PartnerPrice) -> dict[str, Any]:
    return {
        "partner": entry.partner,
        "member": entry.member,
        **_limits(entry.least, entry.most),
        "never": entry.never,
        "joins": list(entry.joins),
        "leaves": list(entry.leaves),
        "reason": None if entry.reason is None else str(entry.reason),
    }


def _range_data(entry: PriceRange) -> dict[str, Any]:
    return {
        "partner": entry.partner,
        "offer": entry.offer,
        "per": entry.per,
        "price": number(entry.price),
        "proven": entry.known,
        "lower": number(entry.lower),
        "upper": number(entry.upper),
    }


def write_price_list(found: PriceList, page: Page, multipliers: bool = False) -> None:
    """Write prices on a page; on request with the multipliers, which are prices at the margin."""
    words, instance = page.words, found.present.instance
    page.title(instance.title or words.say("An untitled project"))
    page.line(headline(found.present, words), "bold")
    if found.present.consortium is None:
        if found.present.status is Status.INFEASIBLE:
            page.line(words.say("So nothing has a price; `consortia explain` says why there is none."))
        return
    write_worth(found, page)
    if multipliers:
        write_prices(found.present.prices, instance, page)


def write_worth(found: PriceList, page: Page) -> None:
    """Write the prices of members, of outsiders, of rules, of capabilities and of offers."""
    _members(found, page)
    _outsiders(found, page)
    _rules(found, page)
    _capabilities(found, page)
    _ranges(found, page)


def provisos(found: PriceList, words: Language) -> list[str]:
    """Say what prices leave aside, and whether something is open."""
    told = []
    if found.by_cost_alone:
        told.append(words.say("All prices are of the cost alone; other objectives of the project are left aside."))
    if not found.exact:
        told.append(words.say("Not everything could be settled in time; the limits that are given are proven."))
    return told


def _members(found: PriceList, page: Page) -> None:
    words, instance = page.words, found.present.instance
    page.heading("What members are worth")
    for text in provisos(found, words):
        page.line(text)
    page.line(words.say("So much more would it cost without them."))
    members = [entry for entry in found.partners if entry.member]
    columns = [(words.say("Member"), "left"), (words.say("Costs"), "right"), (words.say("Instead"), "left")]
    rows = []
    for entry in sorted(members, key=_order, reverse=True):
        price = words.say("irreplaceable") if entry.never else _amount(entry.least, entry.most, instance, page)
        rows.append([named(instance.partner_names, entry.partner), price, _instead(entry, instance, page)])
    page.table(columns, rows)


def _instead(entry: PartnerPrice, instance: Instance, page: Page) -> str:
    """Name who comes in for a member, and who else leaves."""
    words = page.words
    if entry.consortium is None:
        return ""
    others = [name for name in entry.leaves if name != entry.partner]
    joins = _names(entry.joins, instance) or words.say("nobody")
    if not others:
        return joins
    return words.say("{joins}; without {leaves} too", joins=joins, leaves=_names(others, instance))


def _outsiders(found: PriceList, page: Page) -> None:
    words, instance = page.words, found.present.instance
    priced = [entry for entry in found.partners if not entry.member and not entry.never and entry.reason is None]
    page.heading("What it takes to come in")
    page.line(words.say("So much would they have to come down by, in all, for a consortium with them to be cheapest."))
    columns = [(words.say("Partner"), "left"), (words.say("Dearer by"), "right"), (words.say("Would replace"), "left")]
    rows = [
        [
            named(instance.partner_names, entry.partner),
            _amount(entry.least, entry.most, instance, page),
            _names(entry.leaves, instance) or (words.say("nobody") if entry.consortium else ""),
        ]
        for entry in sorted(priced, key=_order)
    ]
    if rows:
        page.table(columns, rows)
    never = [named(instance.partner_names, entry.partner) for entry in found.partners if _never_in(entry)]
    if never:
        page.line(
            words.say("At no price, for no consortium that obeys every rule has them: {names}.", names=", ".join(never))
        )
    for entry in found.partners:
        if entry.reason is not None:
            who = named(instance.partner_names, entry.partner)
            page.line(words.say("{partner} may not join: {reason}", partner=who, reason=entry.reason))


def _never_in(entry: PartnerPrice) -> bool:
    return entry.never and not entry.member


def _order(entry: PartnerPrice | RuleCost | CapabilityCost) -> tuple[bool, Decimal]:
    """Sort by price; what has none is dearer than all."""
    none = entry.most is None
    return none, entry.most or entry.least or Decimal(0)


def _rules(found: PriceList, page: Page) -> None:
    if found.rules:
        page.heading("What rules cost")
        page.line(page.words.say("So much less would it cost without them."))
        titles = [page.words.write(entry.title) for entry in found.rules]
        _costs(page.words.say("Rule"), titles, found.rules, found, page)


def _capabilities(found: PriceList, page: Page) -> None:
    if found.capabilities:
        names = found.present.instance.capability_names
        page.heading("What capabilities cost")
        page.line(page.words.say("So much less would it cost if they were not asked for."))
        titles = [named(names, entry.capability) for entry in found.capabilities]
        _costs(page.words.say("Capability"), titles, found.capabilities, found, page)


def _costs(
    what: str, titles: list[str], costs: Sequence[RuleCost | CapabilityCost], found: PriceList, page: Page
) -> None:
    """Write a table of what costs something, the dearest first, and a list of the rest."""
    words, instance = page.words, found.present.instance
    listed = list(zip(titles, costs, strict=True))
    dear = [(title, entry) for title, entry in listed if entry.most is None or entry.most]
    rows = [
        [title, _amount(entry.least, entry.most, instance, page)]
        for title, entry in sorted(dear, key=lambda pair: _order(pair[1]), reverse=True)
    ]
    if rows:
        page.table([(what, "left"), (words.say("Costs"), "right")], rows)
    free = [title for title, entry in listed if entry.exact and not entry.most]
    if free:
        page.line(words.say("These cost nothing:"))
        page.points(free)


def _ranges(found: PriceList, page: Page) -> None:
    words, instance = page.words, found.present.instance
    if not found.ranges:
        return
    page.heading("Within which prices the members stay the same")
    columns = [(words.say(text), "left") for text in ("Partner", "Offer")]
    columns += [(words.say(text), "right") for text in ("Now", "From", "To")]
    rows = []
    for entry in found.ranges:
        per = words.say("per person-month") if entry.per == "person-month" else words.say("fixed")
        to = words.say("any") if entry.upper is None else _exactly(entry.upper, instance, page)
        ends = [_exactly(entry.lower, instance, page), to] if entry.known else ["?", "?"]
        who = named(instance.partner_names, entry.partner)
        rows.append([who, f"{entry.offer}, {per}", _exactly(entry.price, instance, page), *ends])
    page.table(columns, rows)


def _exactly(amount: Fraction | None, instance: Instance, page: Page) -> str:
    value = amount or Fraction(0)
    return shown(Decimal(value.numerator) / value.denominator, instance, page.words)


def _amount(least: Decimal | None, most: Decimal | None, instance: Instance, page: Page) -> str:
    """Write a price, or the limits that are known of it."""
    words = page.words
    if most is not None and least == most:
        return shown(most, instance, words)
    if most is None:
        return words.say("at least {amount}", amount=shown(least or Decimal(0), instance, words))
    if not least:
        return words.say("at most {amount}", amount=shown(most, instance, words))
    return words.say("{least} to {most}", least=shown(least, instance, words), most=shown(most, instance, words))


def _names(partners: tuple[str, ...] | list[str], instance: Instance) -> str:
    return ", ".join(instance.partner_names.get(name, name) for name in partners)
