"""Offers that were probably meant otherwise, and partners of whom nothing can come."""

from __future__ import annotations

from collections.abc import Iterator

from consortia.linting.finding import Finder, Finding, some
from consortia.sentence import Sentence, say
from consortia.spec.pool import Offer, Partner, Pool
from consortia.spec.references import Names

_FEWEST = 20
"""With fewer offers nobody can tell which levels are usual."""


def offer_findings(pool: Pool, finder: Finder) -> Iterator[Finding]:
    """Find offers of a pool with levels out of scale or without a price, and partners that can never be used."""
    yield from _levels(pool, finder)
    yield from _prices(pool, finder)
    for at, partner in enumerate(pool.partners):
        message = _useless(partner)
        if message is not None:
            remedy = say("Say what it offers and how much it can do, or remove it")
            yield finder.find("unusable-partner", "warning", ("partners", at), message, remedy, [partner.id])


def _levels(pool: Pool, finder: Finder) -> Iterator[Finding]:
    """Find levels that are more than twice, and by more than 3 above, what nineteen in twenty offers keep to."""
    levels = sorted(offer.level for partner in pool.partners for offer in partner.offers)
    if len(levels) < _FEWEST:
        return
    usual = levels[(len(levels) - 1) * 19 // 20]
    for at, partner in enumerate(pool.partners):
        for position, offer in enumerate(partner.offers):
            if offer.level > max(2 * usual, usual + 3):
                text = (
                    "{partner} offers {competence} at level {level}; nineteen in twenty offers are at {usual} or below"
                )
                values = {"partner": partner.id, "competence": offer.competence, "level": offer.level, "usual": usual}
                loc = ("partners", at, "offers", position, "level")
                remedy = say("Correct it if it is a slip; levels are on one scale throughout a pool")
                about = [partner.id, offer.competence]
                yield finder.find("level-out-of-scale", "warning", loc, Sentence(text, values), remedy, about)


def _prices(pool: Pool, finder: Finder) -> Iterator[Finding]:
    """Find offers without a price for what others give one, a partner at a time.

    What nobody gives a price for, such as a certificate, is meant to be held; if that is everything, it is one finding.
    """
    priced = {offer.competence for partner in pool.partners for offer in partner.offers if _priced(offer, partner)}
    unpriced = {
        at: [offer for offer in partner.offers if offer.competence in priced and not _priced(offer, partner)]
        for at, partner in enumerate(pool.partners)
    }
    if not priced and any(partner.offers for partner in pool.partners):
        message = say("no offer has a price, so nothing can be delivered, only held")
        remedy = say("Give rates or fixed prices, or a partner's default_rate, if anything is to be delivered")
        yield finder.find("no-price", "note", ("partners",), message, remedy)
        return
    for at, offers in unpriced.items():
        if offers:
            partner = pool.partners[at]
            text = "{partner}: {count} of {all} offers have no price, so they can be held but not delivered: {names}"
            names = [offer.competence for offer in offers]
            values = {"partner": partner.id, "count": len(offers), "all": len(partner.offers), "names": some(names)}
            position = next(place for place, offer in enumerate(partner.offers) if offer is offers[0])
            remedy = say("Give a rate or a fixed price, 0 if it is free, or a default_rate of the partner")
            loc = ("partners", at, "offers", position)
            yield finder.find("no-price", "warning", loc, Sentence(text, values), remedy, [partner.id, *names])


def _priced(offer: Offer, partner: Partner) -> bool:
    return offer.rate is not None or offer.fixed is not None or partner.default_rate is not None


def _useless(partner: Partner) -> Sentence | None:
    """Say why nothing can come of a partner; None where something can."""
    if not partner.offers:
        return say("{partner} offers nothing, so it can only be a member that is included by name", partner=partner.id)
    if partner.capacity == 0:
        return say("{partner} has no capacity, so it can hold competences but deliver no effort", partner=partner.id)
    if all(offer.capacity == 0 for offer in partner.offers):
        return say("{partner} has no capacity in any offer, so it can deliver no effort", partner=partner.id)
    return None


def taxonomy_findings(pool: Pool, finder: Finder, taxonomy: Pool | None = None) -> Iterator[Finding]:
    """Find competences that nobody offers, and offers of competences that are in no taxonomy.

    Parameters
    ----------
    pool : Pool
    finder : Finder
    taxonomy : Pool, optional
        Another taxonomy to look competences up in; by default the pool's own.
    """
    offered: dict[str, tuple[str | int, ...]] = {}
    for at, partner in enumerate(pool.partners):
        for position, offer in enumerate(partner.offers):
            offered.setdefault(offer.competence, ("partners", at, "offers", position, "competence"))
    if taxonomy is not None:
        known = Names(say("competence"), (entry.id for entry in taxonomy.competences))
        for name, loc in offered.items():
            for found in known.missing("pool", loc, name):
                message = say("{competence} is not in the taxonomy", competence=name)
                yield finder.find("not-in-taxonomy", "warning", loc, message, found.remedy or say("Correct it"), [name])
    elif offered and not pool.competences:
        message = say("the pool has no taxonomy, so a competence misspelled is a competence of its own")
        remedy = say("List its competences under competences")
        yield finder.find("no-taxonomy", "note", ("competences",), message, remedy)
    broader = {parent for entry in pool.competences for parent in entry.broader}
    idle = [entry.id for entry in pool.competences if entry.id not in offered and entry.id not in broader]
    if idle and pool.partners:
        first = next(at for at, entry in enumerate(pool.competences) if entry.id == idle[0])
        text = "{count} of {all} competences of the taxonomy are the narrowest and offered by nobody: {names}"
        values = {"count": len(idle), "all": len(pool.competences), "names": some(idle)}
        remedy = say("Nothing need be done; if somebody has them, add offers")
        yield finder.find("not-offered", "note", ("competences", first), Sentence(text, values), remedy, idle)
