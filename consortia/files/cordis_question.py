"""A consortium question from a CORDIS export, with what is inferred said aloud."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.cordis import Export, Organisation, read_export
from consortia.files.cordis_choice import Choice, choose
from consortia.generate.draws import Draws
from consortia.sentence import say

_SMALLEST = 3
"""Projects with fewer organisations in the export are not drawn: they ask for no consortium."""


def cordis_question(
    sources: Sequence[str | os.PathLike[str]],
    *,
    projects: Iterable[str] | None = None,
    count: int = 12,
    seed: int = 0,
    years: Collection[int] = (),
    countries: Collection[str] = (),
    kinds: Collection[str] = (),
) -> dict[str, Any]:
    """Pose a question: who could together do what several past projects did?

    Parameters
    ----------
    sources : sequence of path
        ``organization.csv`` and ``topics.csv``, or their folder.
    projects : iterable of str, optional
        Ids of the projects whose families of call topics are asked for, at least one.
    count : int
        How many projects to draw where none are named; their families differ.
    seed : int
        Which ones to draw.
    years, countries, kinds : collection
        What of the export is taken, see :class:`~consortia.files.cordis_choice.Choice`; by default everything.

    Returns
    -------
    dict
        What a project file would contain, with the pool inline.
    """
    choice = Choice(years, countries, kinds)
    export = read_export(sources)
    if str(choice):
        export = choose(export, choice)
    chosen = _draw(export, count, seed) if projects is None else _named(export, projects)
    wanted = sorted(set().union(*(export.families_of[project] for project in chosen)))
    return {
        "title": f"What {len(chosen)} Horizon 2020 projects did, once more",
        "description": _description(export, chosen, choice),
        "currency": "EUR",
        "cooperation": "any",
        "capabilities": [{"id": name} for name in wanted],
        "rules": _rules(),
        "pool": _pool(export),
    }


def _draw(export: Export, count: int, seed: int) -> list[str]:
    """Draw projects with different families, each of them held by an organisation with a cost."""
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    priced = {name for organisation in export.organisations if organisation.grant for name in organisation.families}
    sizes: dict[str, int] = {}
    for organisation in export.organisations:
        for project in {row["projectID"] for row in organisation.rows}:
            sizes[project] = sizes.get(project, 0) + 1
    able = sorted(
        project
        for project, families in export.families_of.items()
        if sizes.get(project, 0) >= _SMALLEST and families <= priced
    )
    chosen: list[str] = []
    covered: set[str] = set()
    for project in Draws(seed).some_of(able, len(able)):
        if len(chosen) < count and not export.families_of[project] & covered:
            chosen.append(project)
            covered |= export.families_of[project]
    if len(chosen) < count:
        message = say(
            "only {found} projects have families that differ, and {count} are asked for", found=len(chosen), count=count
        )
        raise SpecError([Problem("topics.csv", "", message, say("Ask for fewer, or name projects"))])
    return chosen


def _named(export: Export, projects: Iterable[str]) -> list[str]:
    names = [str(project) for project in projects]
    if not names:
        raise ValueError("name one project at least, or none for a draw")
    unknown = [name for name in names if name not in export.families_of]
    if unknown:
        message = say("there is no topic of the project {projects}", projects=", ".join(unknown))
        raise SpecError([Problem("topics.csv", "", message, say("Name projects by their projectID"))])
    return names


def _description(export: Export, chosen: list[str], choice: Choice) -> str:
    everybody = len(export.organisations)
    unpriced = sum(organisation.grant is None for organisation in export.organisations)
    return (
        "Made from an export of CORDIS (European Union): the families of call topics of the projects "
        f"{', '.join(chosen)}, to be held by members again. {everybody} organisations, {everybody - unpriced} of them "
        f"with a cost; {unpriced} never received a net contribution and are kept out by a rule, since an absent price "
        "is not zero. A competence is the family of a call topic that an organisation took part in: inferred, not "
        "declared. A joining cost is the median of the net EU contributions that it received: a grant, not a price."
        + (f" Chosen out of the export: {choice}." if str(choice) else "")
    )


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "rule": "exclude",
            "label": "No cost is known: it never received a net contribution, and an absent price is not zero",
            "filter": {"priced": False},
        },
        {
            "rule": "representatives",
            "label": "Three countries, one of them a Member State",
            "attribute": "country",
            "min": 3,
            "filter": {"country": {"in": "eu"}},
        },
        {
            "rule": "share",
            "label": "Small and medium-sized enterprises have at least a third",
            "filter": {"kind": "sme"},
            "min": "33 %",
        },
        {
            "rule": "coordinator",
            "label": "The coordinator has coordinated before",
            "filter": {"coordinated": True},
        },
    ]


def _pool(export: Export) -> dict[str, Any]:
    return {
        "title": "Organisations of Horizon 2020 projects. Source: CORDIS, European Union",
        "currency": "EUR",
        **({"as_of": export.as_of} if export.as_of else {}),
        "competences": [{"id": name, "labels": {"en": _label(export.titles[name])}} for name in sorted(export.titles)],
        "partners": [_partner(organisation) for organisation in export.organisations],
    }


def _label(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]}, and {len(titles) - 1} other topics"


def _partner(organisation: Organisation) -> dict[str, Any]:
    partner: dict[str, Any] = {
        "id": organisation.id,
        "name": organisation.name,
        "country": organisation.country,
        "kind": organisation.kind,
        "role": organisation.role,
        "joining_cost": organisation.grant,
        "attributes": {
            "priced": organisation.grant is not None,
            "coordinated": organisation.coordinated,
            "projects": organisation.projects,
        },
        "offers": [{"competence": name} for name in sorted(organisation.families)],
    }
    return {key: value for key, value in partner.items() if value not in (None, "")}
