"""Who is missing, as data and as calls that can be sent out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from consortia.explaining.openings import ELSEWHERE
from consortia.explaining.profiles import Missing, Profile
from consortia.language import Language
from consortia.outcome import Status
from consortia.report.data import number
from consortia.report.naming import named
from consortia.report.page import Page
from consortia.report.status import shown
from consortia.spec.pool import Offer


def missing_data(found: Missing) -> dict[str, Any]:
    """Return who is missing as plain data for JSON."""
    return {
        "format": "consortia-missing/1",
        "title": found.instance.title,
        "currency": found.instance.currency or None,
        "status": found.status.value,
        "cost": number(found.cost),
        "impossible": found.impossible,
        "complete": found.complete,
        "saves at most": {str(count): number(amount) for count, amount in found.saves.items()},
        "profiles": [_profile_data(profile) for profile in found.profiles],
        "seconds": round(found.seconds, 3),
    }


def _profile_data(profile: Profile) -> dict[str, Any]:
    return {
        "offers": [
            {
                "competence": offer.competence,
                "level": offer.level,
                "capabilities": list(profile.serves[offer.id or offer.competence]),
            }
            for offer in profile.partner.offers
        ],
        "capacity": number(profile.partner.capacity),
        "cluster": None if profile.cluster else next((entry.cluster for entry in profile.partner.clusters), None),
        "new cluster": profile.cluster is not None,
        "attributes": {
            name: number(value) if isinstance(value, Decimal) else None if value == ELSEWHERE else value
            for name, value in profile.attributes.items()
        },
        "free": number(profile.free),
        "price": number(profile.price),
        "proven": profile.proven,
        "partner": profile.partner.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
    }


def write_missing(found: Missing, page: Page) -> None:
    """Write a call for each profile on a page."""
    words, instance = page.words, found.instance
    page.title(instance.title or words.say("An untitled project"))
    if found.cost is not None:
        page.line(words.say("As it is, it costs {cost}.", cost=shown(found.cost, instance, words)), "bold")
    elif found.status is Status.INFEASIBLE:
        page.line(words.say("Proven: no consortium meets these requirements"), "bold")
    else:
        page.line(words.say("No consortium was found; there may be one"), "bold red")
    if found.impossible and found.cost is None:
        page.line(words.say("Proven: no single newcomer would change that, whatever it offers."), "bold red")
    elif found.impossible:
        page.line(words.say("Proven: no single newcomer would make it cheaper, whatever it offers."), "bold")
    elif not found.profiles:
        page.line(words.say("Nobody was found who would help; there may be somebody."), "bold red")
    for place, profile in enumerate(found.profiles):
        _call(found, profile, place + 1, page)
    for count, amount in found.saves.items():
        page.line(_at_most(count, shown(amount, instance, words), words))
    if not found.complete:
        page.line(words.say("Not everything could be looked at: there may be smaller or better profiles."))


def _at_most(count: int, amount: str, words: Language) -> str:
    """Say what nobody saves more than."""
    if count == 1:
        text = "Proven: no partner for one competence saves more than {amount}, even if it costs nothing."
        return words.say(text, amount=amount)
    text = "Proven: no partner for up to {count} competences saves more than {amount}, even if it costs nothing."
    return words.say(text, count=count, amount=amount)


def _call(found: Missing, profile: Profile, place: int, page: Page) -> None:
    words = page.words
    if len(profile.partner.offers) == 1:
        page.heading("{number}. Wanted: a partner for {competence}", number=place, competence=_titles(profile))
    else:
        page.heading("{number}. Wanted: one partner for {competence}", number=place, competence=_titles(profile))
    lines = [
        words.say("It can do: {offer}", offer=_offer(found, offer, profile, words)) for offer in profile.partner.offers
    ]
    if profile.partner.capacity is not None:
        lines.append(words.say("It has {effort} person-months for it.", effort=profile.partner.capacity))
    lines += _entry(found, profile, words)
    lines += [_attribute(name, value, words) for name, value in profile.attributes.items()]
    lines.append(_price(found, profile, words))
    page.points(lines)
    if not profile.proven:
        page.line(
            words.say("Not proven: there may be a smaller or better one, or it may cost more than this."), indent=2
        )


def _titles(profile: Profile) -> str:
    return ", ".join(offer.competence for offer in profile.partner.offers)


def _offer(found: Missing, offer: Offer, profile: Profile, words: Language) -> str:
    capabilities = profile.serves[offer.id or offer.competence]
    names = ", ".join(found.instance.capability_names.get(name, name) for name in capabilities)
    if offer.level == 1:
        return words.say("{competence} (for {capabilities})", competence=offer.competence, capabilities=names)
    text = "{competence}, level {level} or higher (for {capabilities})"
    return words.say(text, competence=offer.competence, level=offer.level, capabilities=names)


def _entry(found: Missing, profile: Profile, words: Language) -> list[str]:
    if profile.cluster is not None:
        return [words.say("It enters through a cluster that is not in the pool yet.")]
    for entry in profile.partner.clusters:
        name = named(found.instance.cluster_names, entry.cluster)
        return [words.say("It enters through the cluster {cluster}.", cluster=name)]
    return []


def _attribute(name: str, value: object, words: Language) -> str:
    if value == ELSEWHERE:
        return words.say("Its {attribute} is one that nobody in the pool has.", attribute=name)
    if value is True or value is False:
        text = "“{attribute}”: yes" if value else "“{attribute}”: no"
        return words.say(text, attribute=name)
    return words.say("Its {attribute}: {value}", attribute=name, value=words.translate(str(value)))


def _price(found: Missing, profile: Profile, words: Language) -> str:
    instance = found.instance
    if profile.price is None:
        free = shown(profile.free, instance, words)
        return words.say("There is no budget, so any price will do; the others cost {free}.", free=free)
    price = shown(profile.price, instance, words)
    if found.cost is None:
        return words.say("All in all it may cost up to {price} and still fit the budget.", price=price)
    return words.say("All in all it may cost up to {price} and still pay.", price=price)
