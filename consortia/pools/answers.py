"""What partners have answered, taken into a pool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.loaded import Source
from consortia.linting.spelling import alike
from consortia.sentence import Sentence, say
from consortia.spec.pool import Offer, Partner, Pool
from consortia.spec.project import Interest
from consortia.spec.references import Names

ASKED = ("name", "country", "region", "industry", "kind", "contact", "joining_cost", "default_rate", "capacity")
"""What of a partner the questionnaire asks, beside its offers; the rest of a partner stays as the pool has it."""
OF_OFFERS = ("competence", "level", "rate", "fixed", "capacity")
INTEREST, ANSWERED, VALID_UNTIL = "interest", "answered", "valid_until"
"""What else is asked: the last two become attributes of the partner, days as YYYY-MM-DD."""
OWN_COLUMNS: dict[str, tuple[str, ...]] = {
    INTEREST: ("would take part", "интерес", "участие"),
    ANSWERED: ("answered on", "дата ответа", "дата"),
    VALID_UNTIL: ("holds until", "действует до", "срок действия"),
}
"""What a questionnaire calls them, in English and Russian; elsewhere they are attributes like any other."""


@dataclass(frozen=True)
class Answer:
    """A questionnaire that was filled in.

    Attributes
    ----------
    partner : Partner
        What it says of the partner, and its offers.
    source : Source
        The file, with places for messages.
    interest : str or None
        As in a project's ``interest``.
    answered, valid_until : date or None
        When it was filled in, and how long it holds.
    currency : str or None
        Of its plain amounts, where it says so.
    """

    partner: Partner
    source: Source
    interest: Interest | None = None
    answered: date | None = None
    valid_until: date | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Merged:
    """A pool with answers taken in.

    Attributes
    ----------
    pool : Pool
    interest : dict of str to str
        What partners said, for the ``interest`` of a project: a pool has no place for it.
    notes : tuple of Problem
        What a person should know of the answers.
    """

    pool: Pool
    interest: dict[str, Interest] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def take_answers(pool: Pool, answers: Sequence[Answer], on: date) -> Merged:
    """Take answers into a pool.

    What is blank in an answer stays as the pool has it; offers are those of the answer alone, unless it has none.

    Parameters
    ----------
    pool : Pool
    answers : sequence of Answer
    on : date
        The day on which answers must still hold; one that does not is taken, and noted.

    Returns
    -------
    Merged

    Raises
    ------
    SpecError
        If answers name competences that the taxonomy lacks, or two of them are of one partner: all of that at once.
    """
    problems = [*_twice(answers), *_competences(pool, answers), *_currencies(pool, answers)]
    if problems:
        raise SpecError(problems)
    partners = {partner.id: partner for partner in pool.partners}
    likely = _likely(pool, answers)
    notes: list[Problem] = []
    for answer in answers:
        notes += _notes(answer, partners, likely, on)
        partners[answer.partner.id] = _taken(partners.get(answer.partner.id), answer)
    taken = pool.model_copy(update={"partners": tuple(partners.values())})
    said = {answer.partner.id: answer.interest for answer in answers if answer.interest is not None}
    return Merged(taken, said, tuple(notes))


def _twice(answers: Sequence[Answer]) -> Iterable[Problem]:
    first: dict[str, Answer] = {}
    for answer in answers:
        earlier = first.setdefault(answer.partner.id, answer)
        if earlier is not answer:
            text = "{partner} has answered in {file} already"
            message = Sentence(text, {"partner": answer.partner.id, "file": earlier.source.file})
            yield answer.source.problem(("id",), message, say("Leave one of them out"))


def _competences(pool: Pool, answers: Sequence[Answer]) -> Iterable[Problem]:
    if not pool.competences:
        return
    known = Names(say("competence"), (entry.id for entry in pool.competences))
    for answer in answers:
        for at, offer in enumerate(answer.partner.offers):
            for found in known.missing("pool", ("offers", at, "competence"), offer.competence):
                yield answer.source.problem(found.loc, found.message, found.remedy)


def _currencies(pool: Pool, answers: Sequence[Answer]) -> Iterable[Problem]:
    for answer in answers:
        if answer.currency is not None and answer.currency != pool.currency:
            text = "its amounts are in {currency}, and those of the pool in {other}"
            message = Sentence(text, {"currency": answer.currency, "other": pool.currency or "-"})
            yield answer.source.problem((), message, say("Write amounts with their currency, such as 1200 BYN"))


def _notes(answer: Answer, partners: dict[str, Partner], likely: dict[str, str], on: date) -> Iterable[Problem]:
    partner, source = answer.partner, answer.source
    if answer.valid_until is not None and answer.valid_until < on:
        text = "what {partner} answered held until {day} only"
        message = Sentence(text, {"partner": partner.id, "day": answer.valid_until.isoformat()})
        yield source.problem(("attributes", VALID_UNTIL), message, say("It was taken; ask again before relying on it"))
    if partner.id not in partners:
        remedy = say("Check the id if it should be there")
        if partner.id in likely:
            remedy = say("If it is {other}, correct the id", other=likely[partner.id])
        yield source.problem(("id",), say("{partner} is new in the pool", partner=partner.id), remedy)
    if not partner.offers:
        text = "{partner} offers nothing"
        if partners.get(partner.id, partner).offers:
            text = "{partner} gives no offers; those of the pool were kept"
        remedy = say("Ask, or remove the partner from the pool if it is to offer nothing")
        yield source.problem(("offers",), Sentence(text, {"partner": partner.id}), remedy)


def _likely(pool: Pool, answers: Sequence[Answer]) -> dict[str, str]:
    """Return, for partners that are new, the one of the pool that each perhaps is."""
    known = {partner.id for partner in pool.partners}
    new = [answer.partner for answer in answers if answer.partner.id not in known]
    found: dict[str, str] = {}
    if not new:
        return found
    everybody = [*pool.partners, *new]
    for names in ([partner.name or partner.id for partner in everybody], [partner.id for partner in everybody]):
        first = {name: at for at, name in reversed(list(enumerate(names)))}
        same = ((first[name], at) for at, name in enumerate(names))
        for one, other in chain(same, ((pair[0], pair[1]) for pair in alike(names, organisations=True))):
            if one < len(pool.partners) <= other:
                found.setdefault(everybody[other].id, everybody[one].id)
    return found


def _taken(known: Partner | None, answer: Answer) -> Partner:
    """Return a partner as the pool has it, with what the answer says."""
    said = answer.partner
    days = {ANSWERED: answer.answered, VALID_UNTIL: answer.valid_until}
    attributes = {name: day.isoformat() for name, day in days.items() if day is not None}
    if known is None:
        return said.model_copy(update={"attributes": {**said.attributes, **attributes}})
    changed: dict[str, Any] = {key: getattr(said, key) for key in ASKED if getattr(said, key) not in (None, "")}
    if said.offers:
        changed["offers"] = _offers(known, said)
    return known.model_copy(update={**changed, "attributes": {**known.attributes, **attributes}})


def _offers(known: Partner, said: Partner) -> tuple[Offer, ...]:
    """Return the offers of an answer, with what the pool knows of them and the answer was not asked."""
    before = dict(zip(known.offer_ids(), known.offers, strict=True))
    named: dict[str, Offer] = {}
    for offer in known.offers:
        named.setdefault(offer.competence, offer)
    found = []
    for name, offer in zip(said.offer_ids(), said.offers, strict=True):
        old = before.get(name) or (named.get(offer.competence) if name == offer.competence else None)
        kept = {} if old is None else {key: getattr(old, key) for key in ("id", "category", "reliability")}
        found.append(offer.model_copy(update=kept))
    return tuple(found)
