"""Other consortia within a share of the least cost, as data and as a page."""

from __future__ import annotations

from typing import Any, get_args

from consortia.explaining.others import Alternatives, Presence
from consortia.language import Language
from consortia.outcome import Outcome, Status
from consortia.report.data import number, outcome_data
from consortia.report.page import Page
from consortia.report.status import EXPLAIN, headline, shown

FORMAT = "consortia-alternatives/1"
_KEPT = ("status", "proof", "cost", "bound", "members", "deliveries", "shared", "coordinator", "leaders")


def alternatives_data(found: Alternatives) -> dict[str, Any]:
    """Return consortia as plain data for JSON."""
    present = found.present
    return {
        "format": FORMAT,
        "title": present.instance.title,
        "currency": present.instance.currency or None,
        "status": present.status.value,
        "within": float(found.within),
        "limit": number(found.limit),
        "distance": found.distance,
        "by_cost_alone": found.by_cost_alone,
        "proven": found.proven,
        "more": found.more,
        "stopped": found.stopped,
        "seconds": round(found.seconds, 3),
        "questions": found.questions,
        "consortia": [_consortium_data(outcome, present) for outcome in found.found if outcome.consortium is not None],
        "presence": dict(found.presence),
    }


def _consortium_data(outcome: Outcome, present: Outcome) -> dict[str, Any]:
    whole = outcome_data(outcome)
    joins, leaves = _changes(outcome, present)
    return {**{key: whole[key] for key in _KEPT}, "joins": joins, "leaves": leaves}


def _changes(outcome: Outcome, present: Outcome) -> tuple[list[str], list[str]]:
    """Return who is in a consortium and not in the least-cost one, and the other way round."""
    assert outcome.consortium is not None and present.consortium is not None
    new, old = outcome.consortium.members, present.consortium.members
    return [name for name in new if name not in old], [name for name in old if name not in new]


def write_alternatives(found: Alternatives, page: Page) -> None:
    """Write consortia on a page of their own."""
    words, present = page.words, found.present
    page.title(present.instance.title or words.say("An untitled project"))
    page.line(headline(present, words), "bold")
    if present.consortium is not None:
        write_cheapest(found, page)
    elif present.status is Status.INFEASIBLE:
        page.line(words.write(EXPLAIN))


def write_cheapest(found: Alternatives, page: Page) -> None:
    """Write what each consortium costs, and how it differs from the least-cost one."""
    words = page.words
    page.heading("The cheapest consortia that differ")
    for text in limits(found, words):
        page.line(text)
    columns = [(words.say(text), "right") for text in ("No.", "Cost", "More")]
    columns += [(words.say(text), "left") for text in ("Joins", "Leaves")]
    page.table(columns, (_row(place, outcome, found, page) for place, outcome in enumerate(found.found, 1)))
    for text in proven(found, words):
        page.line(text)
    _presence(found, page)


def limits(found: Alternatives, words: Language) -> list[str]:
    """Say among which consortia these are the cheapest."""
    present, told = found.present, []
    assert present.cost is not None
    if found.by_cost_alone:
        told.append(words.say("Consortia are compared by the cost alone; other objectives are left aside."))
    limit = shown(found.limit or present.cost, present.instance, words)
    share = words.share(found.within)
    told.append(words.say("Within {share} of the least cost, that is up to {limit}.", share=share, limit=limit))
    if found.distance > 1:
        text = "Any two differ in at least {count} members: who is in one of them and not in the other."
        told.append(words.say(text, count=found.distance))
    return told


def proven(found: Alternatives, words: Language) -> list[str]:
    """Say what is proven of consortia, and what is not."""
    told = []
    if not found.proven:
        told.append(_unproven(found, words))
    if found.more is None:
        told.append(words.say("The search ended early; whether there are more is open."))
    else:
        told.append(words.say("There are more.") if found.more else words.say("Proven: there are no others."))
    return told


def _unproven(found: Alternatives, words: Language) -> str:
    """Say which are not proven to be the cheapest, and what is proven of them."""
    place = next(place for place, outcome in enumerate(found.found, 1) if not outcome.proven)
    outcome = found.found[place - 1]
    if outcome.bound is None:
        return words.say("From No. {place} on they are the cheapest that were found, which is no proof.", place=place)
    bound = shown(outcome.bound, found.present.instance, words)
    text = "From No. {place} on they are the cheapest that were found, not proven; none left costs less than {bound}."
    if place == 1:
        text = "They are the cheapest that were found, not proven; none costs less than {bound}."
    return words.say(text, place=place, bound=bound)


def _row(place: int, outcome: Outcome, found: Alternatives, page: Page) -> list[object]:
    words, present = page.words, found.present
    assert outcome.cost is not None and present.cost is not None
    names = present.instance.partner_names
    who = [", ".join(names.get(name, name) for name in side) or "-" for side in _changes(outcome, present)]
    above = shown(outcome.cost - present.cost, present.instance, words) if place > 1 else "-"
    return [place, shown(outcome.cost, present.instance, words), above, *who]


def _presence(found: Alternatives, page: Page) -> None:
    words, names = page.words, found.present.instance.partner_names
    if not found.presence:
        return
    page.heading("Who is in them")
    who = dict.fromkeys(get_args(Presence), "")
    for kind in who:
        who[kind] = ", ".join(names.get(name, name) for name, said in found.presence.items() if said == kind)
    lines = {
        "all": words.say("In every consortium within the limit: {names}.", names=who["all"]),
        "some": words.say("In some: {names}.", names=who["some"]),
        "none": words.say("In none: {names}.", names=who["none"]),
        "unknown": words.say("Not found out: {names}.", names=who["unknown"]),
    }
    for kind, text in lines.items():
        if who[kind]:
            page.line(text)


def ended(present: Outcome) -> int:
    """Return the exit code that goes with what is known of the question itself."""
    if present.consortium is not None:
        return 0
    if present.status is Status.INFEASIBLE:
        return 3
    return 130 if present.stopped == "interrupted" else 4
