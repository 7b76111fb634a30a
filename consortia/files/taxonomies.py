"""Official taxonomies as competences of a pool: ESCO, EuroSciVoc, and any other in SKOS."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from consortia.errors import Problem, SpecError
from consortia.sentence import say

TAXONOMIES = ("esco", "euroscivoc", "skos")
Ids = Literal["label", "code"]


@dataclass
class Concept:
    """An entry of a taxonomy as published.

    Attributes
    ----------
    code : str
        What names it in all languages.
    labels : dict of str to str
        By language.
    broader : list of str
        Codes of the directly broader ones.
    """

    code: str
    labels: dict[str, str] = field(default_factory=dict)
    broader: list[str] = field(default_factory=list)


def taxonomy(
    format: str, source: str | os.PathLike[str], *, labels: Sequence[str] = ("en",), ids: Ids = "label"
) -> dict[str, Any]:
    """Read a published taxonomy as a pool that has competences and no partners.

    Parameters
    ----------
    format : {"esco", "euroscivoc", "skos"}
        ``esco``: the folder of the CSV download. ``euroscivoc``: the table with codes and paths that CORDIS exports, or
        the vocabulary in RDF/XML. ``skos``: any vocabulary in RDF/XML.
    source : path
    labels : sequence of str
        Languages to keep labels of, such as ``en``. The first one is that of ids.
    ids : {"label", "code"}
        What competences are called: their labels, which people can write, or their codes, which never change. Where two
        concepts have one label, their codes are added.

    Returns
    -------
    dict
        What a pool file would contain.

    Raises
    ------
    SpecError
        If the source is wrong, or has no labels in a language.
    """
    from consortia.files.esco import read_esco
    from consortia.files.euroscivoc import read_euroscivoc
    from consortia.files.skos import read_skos

    if ids not in ("label", "code"):
        raise ValueError(f"ids are label or code, not {ids!r}")
    if not labels:
        raise ValueError("name a language of labels at least")
    path = Path(source)
    if format == "esco":
        concepts = read_esco(path, labels)
    elif format == "euroscivoc":
        concepts = read_euroscivoc(path)
    else:
        concepts = read_skos(path)
    _check(path, concepts, labels)
    return {"title": _TITLES.get(format, path.stem), "competences": list(_entries(concepts, labels, ids))}


_TITLES = {
    "esco": "Skills of ESCO, European Union",
    "euroscivoc": "European Science Vocabulary (EuroSciVoc), European Union",
}


def _check(path: Path, concepts: Mapping[str, Concept], labels: Sequence[str]) -> None:
    if not concepts:
        raise SpecError([Problem(str(path), "", say("there is no concept in this file"), say("Take another file"))])
    known = sorted({language for concept in concepts.values() for language in concept.labels})
    problems = [
        Problem(
            str(path),
            "",
            say("there are no labels in the language {language}", language=language),
            say("Ask for some of these: {languages}", languages=", ".join(known)),
        )
        for language in labels
        if language not in known
    ]
    if problems:
        raise SpecError(problems)


def _entries(concepts: Mapping[str, Concept], languages: Sequence[str], ids: Ids) -> Iterable[dict[str, Any]]:
    names = {code: code for code in concepts}
    if ids == "label":
        names = _by_label(concepts, languages[0])
    for code in sorted(concepts, key=lambda code: (names[code], code)):
        concept = concepts[code]
        labels = {language: concept.labels[language] for language in languages if language in concept.labels}
        broader = sorted({names[parent] for parent in concept.broader})
        yield {"id": names[code], "labels": labels, **({"broader": broader} if broader else {})}


def _by_label(concepts: Mapping[str, Concept], language: str) -> dict[str, str]:
    """Name concepts by their labels, with codes where two have the same, and by codes where there is none."""
    labels = {code: " ".join(concept.labels.get(language, code).split()) for code, concept in concepts.items()}
    times = Counter(labels.values())
    return {code: label if times[label] == 1 else f"{label} [{code}]" for code, label in labels.items()}
