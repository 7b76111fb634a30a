"""A choice out of a CORDIS export: years of calls, countries, kinds of organisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import get_args

from consortia.errors import Problem, SpecError
from consortia.files.cordis import Export, Organisation
from consortia.sentence import listed, say
from consortia.spec.pool import Kind


@dataclass(frozen=True)
class Choice:
    """What of an export is taken; whatever is empty chooses nothing out.

    Parameters
    ----------
    years : collection of int
        Years of calls, as the codes of their topics name them. A topic with several is taken for any of them; one that
        names none is not taken.
    countries : collection of str
        In CORDIS's own codes: EL for Greece, UK for the United Kingdom.
    kinds : collection of str
        ``sme``, ``large``, ``university``, ``research``, ``public``, ``other``.
    """

    years: Collection[int] = ()
    countries: Collection[str] = ()
    kinds: Collection[str] = ()

    def __str__(self) -> str:
        parts = (("calls of", sorted(self.years)), ("countries", self.countries), ("kinds", self.kinds))
        return "; ".join(f"{name} {listed(values)}" for name, values in parts if values)


def choose(export: Export, choice: Choice) -> Export:
    """Take organisations of some countries and kinds, with their parts in projects of some years.

    Raises
    ------
    SpecError
        If nobody is left, or a kind does not exist.
    """
    unknown = [kind for kind in choice.kinds if kind not in get_args(Kind)]
    if unknown:
        message = say("there is no kind {names}", names=listed(unknown))
        raise SpecError([Problem("kinds", "", message, say("Write one of {names}", names=listed(get_args(Kind))))])
    projects = {
        project for project, years in export.years_of.items() if not choice.years or not years.isdisjoint(choice.years)
    }
    families = {project: names for project, names in export.families_of.items() if project in projects}
    kept = [
        _part(organisation, families, everything=not choice.years)
        for organisation in export.organisations
        if (not choice.countries or organisation.country in choice.countries)
        and (not choice.kinds or organisation.kind in choice.kinds)
    ]
    organisations = [organisation for organisation in kept if organisation.rows]
    if not organisations:
        message = say("no organisation is left of the choice: {choice}", choice=str(choice))
        raise SpecError([Problem("organization.csv", "", message, say("Choose more years, countries or kinds"))])
    used = {name for names in families.values() for name in names}
    titles = {name: titles for name, titles in export.titles.items() if name in used}
    return replace(export, organisations=organisations, families_of=families, titles=titles)


def _part(organisation: Organisation, families: dict[str, set[str]], everything: bool) -> Organisation:
    """Return an organisation with its participations in some projects alone."""
    rows = [row for row in organisation.rows if everything or row["projectID"] in families]
    held = set().union(*(families.get(row["projectID"], set()) for row in rows))
    return Organisation(organisation.id, rows, held)
