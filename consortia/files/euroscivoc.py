"""EuroSciVoc, the European Science Vocabulary: as a table of paths, or as RDF."""

from __future__ import annotations

from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.files.official_table import official_rows
from consortia.files.skos import read_skos
from consortia.files.taxonomies import Concept
from consortia.files.text import refuse
from consortia.sentence import say

_COLUMNS = (("code", "path", "title"), ("euroSciVocCode", "euroSciVocPath", "euroSciVocTitle"))
"""Of the vocabulary by itself, and of the file euroSciVoc.csv that CORDIS exports beside its projects."""


def read_euroscivoc(path: Path) -> dict[str, Concept]:
    """Read the vocabulary.

    Parameters
    ----------
    path : Path
        A table with codes such as ``/21/33/117``, paths of names and titles, in English; or RDF/XML.

    Returns
    -------
    dict of str to Concept
        By code: the last number, such as ``117``.

    Raises
    ------
    SpecError
        If the file is wrong.
    """
    if path.suffix.lower() in (".rdf", ".xml"):
        return read_skos(path)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        message = say("files of the kind {suffix} are not read", suffix=path.suffix or path.name)
        raise refuse(path, "", message, say("Take the table in CSV, or the vocabulary in RDF/XML"))
    concepts: dict[str, Concept] = {}
    named: set[str] = set()
    problems: list[Problem] = []
    columns = _columns(path)
    for line, row in official_rows(path, columns):
        code, names, title = (row[column].strip() for column in columns)
        parts, texts = code.strip("/").split("/"), names.strip("/").split("/")
        if not code.startswith("/") or not all(part.strip() for part in parts):
            message = say("{code} is not a code such as /21/33/117", code=code[:60])
            remedy = say("Take the file from the official download as it is")
            problems.append(Problem(str(path), f"line {line}", message, remedy))
            continue
        for at, part in enumerate(parts):
            concept = concepts.setdefault(part, Concept(part, {"en": part}))
            if at + 1 == len(parts) and title:
                concept.labels["en"] = title
                named.add(part)
            elif part not in named and len(texts) == len(parts) and texts[at].strip():
                concept.labels["en"] = texts[at].strip()
            if at and parts[at - 1] not in concept.broader:
                concept.broader.append(parts[at - 1])
    if problems:
        raise SpecError(problems)
    return concepts


def _columns(path: Path) -> tuple[str, ...]:
    """Find out which of the two tables this is."""
    try:
        next(official_rows(path, _COLUMNS[1]), None)
    except SpecError:
        return _COLUMNS[0]
    return _COLUMNS[1]
