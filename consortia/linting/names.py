"""Names that may stand for the same thing, and names written in two alphabets at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from consortia.files.loaded import Loc
from consortia.linting.finding import Finder, Finding, Severity
from consortia.linting.spelling import LEGAL_FORM, LETTERS, alike, mixed_words
from consortia.sentence import Sentence, listed, say
from consortia.spec.pool import Pool


@dataclass(frozen=True)
class Named:
    """A name, what bears it, and its place."""

    text: str
    id: str
    loc: Loc


def name_findings(pool: Pool, finder: Finder) -> Iterator[Finding]:
    """Find names in a pool that are nearly alike or mix alphabets."""
    partners = [Named(entry.id, entry.id, ("partners", at, "id")) for at, entry in enumerate(pool.partners)]
    called = [Named(entry.name, entry.id, ("partners", at, "name")) for at, entry in enumerate(pool.partners)]
    clusters = [Named(entry.id, entry.id, ("clusters", at, "id")) for at, entry in enumerate(pool.clusters)]
    titles = [Named(entry.name, entry.id, ("clusters", at, "name")) for at, entry in enumerate(pool.clusters)]
    competences = _competences(pool)
    yield from _alike(finder, say("partner"), [called, partners], organisations=True)
    yield from _alike(finder, say("cluster"), [titles, clusters])
    # a taxonomy has many near names that are meant: organic and inorganic chemistry, fission and fusion
    slight = (LETTERS,) if pool.competences else ()
    yield from _alike(finder, say("competence"), [competences, *_labels(pool)], slight=slight)
    values = dict(_values(pool))
    for attribute, names in values.items():
        yield from _alike_values(finder, attribute, names)
    for each in chain(called, partners, titles, clusters, competences, *values.values()):
        words = mixed_words(each.text)
        if words:
            message = say("{words}: Latin and Cyrillic letters in one word", words=listed(words))
            remedy = say("Write it in one alphabet: what looks the same is not found under the same name")
            yield finder.find("mixed-letters", "warning", each.loc, message, remedy, [each.id])


def _competences(pool: Pool) -> list[Named]:
    """Return the competences: those of the taxonomy, or, without one, those that offers name, each once."""
    if pool.competences:
        return [Named(entry.id, entry.id, ("competences", at, "id")) for at, entry in enumerate(pool.competences)]
    found: dict[str, Named] = {}
    for at, partner in enumerate(pool.partners):
        for position, offer in enumerate(partner.offers):
            loc = ("partners", at, "offers", position, "competence")
            found.setdefault(offer.competence, Named(offer.competence, offer.competence, loc))
    return list(found.values())


def _labels(pool: Pool) -> list[list[Named]]:
    """Return the labels of the taxonomy, a list for each language."""
    found: dict[str, list[Named]] = {}
    for at, entry in enumerate(pool.competences):
        for language, label in entry.labels.items():
            found.setdefault(language, []).append(Named(label, entry.id, ("competences", at, "labels", language)))
    return list(found.values())


def _values(pool: Pool) -> Iterator[tuple[str, list[Named]]]:
    """Return the different values of attributes whose values are counted or compared."""
    for attribute in ("industry", "country", "region", "owner"):
        found: dict[str, Named] = {}
        for section in ("clusters", "partners"):
            for at, entry in enumerate(getattr(pool, section)):
                value = getattr(entry, attribute, None)
                if value:
                    found.setdefault(value, Named(value, value, (section, at, attribute)))
        yield attribute, list(found.values())


def _alike(
    finder: Finder,
    kind: Sentence,
    lists: list[list[Named]],
    *,
    organisations: bool = False,
    slight: tuple[Sentence, ...] = (LEGAL_FORM,),
) -> Iterator[Finding]:
    """Say which things may be one, each two once; with a slight difference it is a note."""
    seen: set[tuple[str, str]] = set()
    for names in lists:
        for one, other, message in chain(_same(names, kind), _different(names, kind, organisations)):
            if one.id != other.id and (one.id, other.id) not in seen:
                seen |= {(one.id, other.id), (other.id, one.id)}
                remedy = say(
                    "If they are one, keep one of them; the other stands at {place}", place=finder.place(one.loc)
                )
                severity: Severity = "note" if message.values["what"] in slight else "warning"
                yield finder.find("alike", severity, other.loc, message, remedy, [one.id, other.id])


def _different(names: list[Named], kind: Sentence, organisations: bool) -> Iterator[tuple[Named, Named, Sentence]]:
    for earlier, later, what in alike([name.text for name in names], organisations=organisations):
        one, other = names[earlier], names[later]
        values = {"kind": kind, "one": one.text, "other": other.text, "what": what}
        yield one, other, Sentence('perhaps one {kind}: "{one}" and "{other}" differ only in {what}', values)


def _same(names: list[Named], kind: Sentence) -> Iterator[tuple[Named, Named, Sentence]]:
    first: dict[str, Named] = {}
    for name in names:
        one = first.setdefault(name.text, name)
        if name.text and one is not name:
            values = {"kind": kind, "one": one.id, "other": name.id, "what": name.text}
            yield one, name, Sentence("perhaps one {kind}: {one} and {other} are both called {what}", values)


def _alike_values(finder: Finder, attribute: str, names: Iterable[Named]) -> Iterator[Finding]:
    listed_names = list(names)
    for earlier, later, what in alike([name.text for name in listed_names]):
        one, other = listed_names[earlier], listed_names[later]
        message = say(
            'perhaps one value of {attribute}: "{one}" and "{other}" differ only in {what}',
            attribute=attribute,
            one=one.text,
            other=other.text,
            what=what,
        )
        remedy = say(
            "Write it in one way, else rules count two; the other stands at {place}", place=finder.place(one.loc)
        )
        yield finder.find("alike", "warning", other.loc, message, remedy, [one.text, other.text])
