"""References inside a pool: ids, memberships, competences, the taxonomy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from consortia.sentence import say
from consortia.spec.references import Finding, Loc, Names, doubled

if TYPE_CHECKING:
    from consortia.spec.pool import Partner, Pool


_KINDS = (("competences", say("competence")), ("clusters", say("cluster")), ("partners", say("partner")))


def pool_problems(pool: Pool, names: Mapping[str, Names]) -> Iterator[Finding]:
    """Find what is wrong inside a pool.

    Parameters
    ----------
    pool : Pool
        The pool.
    names : mapping of str to Names
        What exists, by section.
    """
    for section, kind in _KINDS:
        entries = ((_id(section, at), entry.id) for at, entry in enumerate(getattr(pool, section)))
        yield from doubled("pool", entries, kind)
    for at, competence in enumerate(pool.competences):
        for position, broader in enumerate(competence.broader):
            yield from names["competences"].missing("pool", ("competences", at, "broader", position), broader)
    yield from _cycles(pool)
    for at, partner in enumerate(pool.partners):
        yield from _partner(partner, ("partners", at), names)


def _id(section: str, at: int) -> Loc:
    return (section, at, "id")


def _partner(partner: Partner, loc: Loc, names: Mapping[str, Names]) -> Iterator[Finding]:
    seen = set()
    for at, membership in enumerate(partner.clusters):
        here = (*loc, "clusters", at)
        yield from names["clusters"].missing("pool", here, membership.cluster)
        if membership.cluster in seen:
            message = say("the partner {partner} is in {cluster} twice", partner=partner.id, cluster=membership.cluster)
            yield Finding("pool", here, message, say("Remove one of them"))
        seen.add(membership.cluster)
    competences = names["competences"]
    for at, offer in enumerate(partner.offers):
        if competences.lack(offer.competence):
            yield from competences.missing("pool", (*loc, "offers", at, "competence"), offer.competence)
    ids = _offer_ids(partner)
    if len(set(ids)) < len(ids):
        yield from doubled("pool", (((*loc, "offers", at, "id"), name) for at, name in enumerate(ids)), say("offer"))


def _offer_ids(partner: Partner) -> list[str]:
    """Return the ids that must differ: those written, and those made up that a written one might take."""
    return [offer.id or made for offer, made in zip(partner.offers, partner.offer_ids(), strict=True)]


def _cycles(pool: Pool) -> Iterator[Finding]:
    """Name each competence that is, over others, broader than itself; each circle once."""
    broader = {competence.id: competence.broader for competence in pool.competences}
    place = {competence.id: at for at, competence in enumerate(pool.competences)}
    done: set[str] = set()
    for start in broader:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(name)
                done.add(name)
            elif name in on_path:
                circle = [*path[path.index(name) :], name]
                message = say("the taxonomy goes round in a circle: {circle}", circle=" -> ".join(circle))
                remedy = say("Remove one of these from broader")
                yield Finding("pool", ("competences", place[circle[-2]], "broader"), message, remedy)
            elif name not in done and name in broader:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((parent, False) for parent in reversed(broader[name]))
