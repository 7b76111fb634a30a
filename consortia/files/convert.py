"""Published and official data to the project's own file format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from consortia.errors import Problem, SpecError
from consortia.files.cordis_question import cordis_question
from consortia.files.plain import plain
from consortia.files.published import PUBLISHED, read_published
from consortia.files.reading import read_pool
from consortia.files.taxonomies import TAXONOMIES, taxonomy
from consortia.instance import Instance
from consortia.sentence import say

Path = str | os.PathLike[str]
FORMATS = (*PUBLISHED, "cordis", "csv", *TAXONOMIES)


def convert(format: str, sources: Path | Sequence[Path], **options: Any) -> dict[str, Any]:
    """Turn other people's data into what a project file, or for ``csv`` a pool file, would contain.

    Parameters
    ----------
    format : {"orlib-scp", "orlib-rail", "sscflp", "cordis", "csv", "esco", "euroscivoc", "skos"}
        Published formats (see :func:`~consortia.files.published.read_published`) become a project with its pool inline;
        so does a CORDIS export. A folder or file of CSV tables becomes a pool; a taxonomy a pool without partners.
    sources : path or sequence of path
        The files: one, and for ``cordis`` the two of organisations and of topics, or the folder that they are in.
    **options
        For ``cordis``: ``projects``, ``count``, ``seed``, ``years``, ``countries``, ``kinds``, as in
        :func:`~consortia.files.cordis_question.cordis_question`. For taxonomies: ``labels``, ``ids``, as in
        :func:`~consortia.files.taxonomies.taxonomy`.

    Returns
    -------
    dict

    Raises
    ------
    SpecError
        If a source is wrong.
    ValueError
        If there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"there is no format {format!r}; known are {', '.join(FORMATS)}")
    paths = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    if format == "cordis":
        return cordis_question(paths, **options)
    if options and format not in TAXONOMIES:
        raise ValueError(f"the format {format} takes no option {', '.join(options)}")
    if len(paths) != 1:
        message = say("one source is expected, not {count}", count=len(paths))
        raise SpecError([Problem("", "", message, say("Convert them one by one"))])
    if format in TAXONOMIES:
        pool = taxonomy(format, paths[0], **options)
        read_pool(pool)  # a vocabulary with a circle, say, is refused here
        return pool
    if format == "csv":
        return dict(plain(read_pool(paths[0]).model))
    return _project(read_published(format, paths[0]))


def _project(instance: Instance) -> dict[str, Any]:
    """Write a published question, which has no clusters and no rules, as a project with its pool."""
    offers: list[list[dict[str, Any]]] = [[] for _ in instance.partners]
    for partner, capability in zip(instance.hold_partner.tolist(), instance.hold_capability.tolist(), strict=True):
        offers[partner].append({"competence": instance.capabilities[capability]})
    for arc in np.lexsort((instance.arc_capability, instance.arc_partner)).tolist():
        competence = instance.capabilities[instance.arc_capability[arc]]
        price = instance.money(int(instance.arc_fixed[arc]))
        offers[int(instance.arc_partner[arc])].append({"competence": competence, "fixed": price})
    return {
        "title": instance.title,
        "cooperation": "any",
        "effort_step": instance.step,
        "capabilities": [_capability(instance, place) for place in range(len(instance.capabilities))],
        "pool": {
            "competences": [{"id": name} for name in instance.capabilities],
            "partners": [
                {
                    "id": name,
                    "joining_cost": instance.money(int(instance.joining[place])),
                    **(
                        {"capacity": instance.months(int(instance.capacity[place]))}
                        if instance.capacity[place] >= 0
                        else {}
                    ),
                    "offers": offers[place],
                }
                for place, name in enumerate(instance.partners)
            ],
        },
    }


def _capability(instance: Instance, place: int) -> dict[str, Any]:
    name = instance.capabilities[place]
    if not instance.delivered[place]:
        return {"id": name}
    effort = int(instance.effort[place])
    wanted = {"effort": instance.months(effort)} if effort else {"mode": "delivered"}
    return {"id": name, **wanted, "providers": 1}
