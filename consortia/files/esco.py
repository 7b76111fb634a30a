"""ESCO, the European classification of skills, as its CSV download has it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.files.official_table import official_rows
from consortia.files.taxonomies import Concept
from consortia.files.text import refuse
from consortia.sentence import say

_RELATIONS = ("conceptUri", "broaderUri")


def read_esco(folder: Path, languages: Sequence[str]) -> dict[str, Concept]:
    """Read skills, groups of skills and what is broader than what.

    Parameters
    ----------
    folder : Path
        With ``skills_LANGUAGE.csv``, ``skillGroups_LANGUAGE.csv`` and ``broaderRelationsSkillPillar_LANGUAGE.csv``.
        Where groups are not there, relations say what groups are called.
    languages : sequence of str
        Languages of labels; relations are read in the first.

    Returns
    -------
    dict of str to Concept
        By code: the last part of the URI.

    Raises
    ------
    SpecError
        If a file or a column is missing, or a concept is broader and nowhere named.
    """
    if not folder.is_dir():
        message = say("a folder is expected: that of ESCO's classification in CSV")
        raise refuse(folder, "", message, say("Unpack the download, and name the folder"))
    concepts: dict[str, Concept] = {}
    for language in languages:
        groups = folder / f"skillGroups_{language}.csv"
        for path in [folder / f"skills_{language}.csv", *([groups] if groups.exists() else [])]:
            for _, row in official_rows(path, ("conceptUri", "preferredLabel")):
                _labelled(concepts, row["conceptUri"], row["preferredLabel"], language)
    _relate(concepts, _relations(folder, languages[0]), languages[0])
    return concepts


def _relations(folder: Path, language: str) -> Path:
    """Return the file of relations; older downloads name it without the language."""
    path, older = (folder / f"broaderRelationsSkillPillar{end}.csv" for end in (f"_{language}", ""))
    return older if older.exists() and not path.exists() else path


def _relate(concepts: dict[str, Concept], path: Path, language: str) -> None:
    problems = []
    for line, row in official_rows(path, _RELATIONS):
        pair = []
        for uri, label in (("conceptUri", "conceptLabel"), ("broaderUri", "broaderLabel")):
            code = _code(row[uri])
            if code not in concepts and row.get(label, "").strip():
                _labelled(concepts, row[uri], row[label], language)
            if code not in concepts:
                message = say("the concept {name} is nowhere named", name=row[uri][:100])
                remedy = say("Put {file} into the folder", file=f"skillGroups_{language}.csv")
                problems.append(Problem(str(path), f"line {line}", message, remedy))
            pair.append(code)
        if not problems and pair[1] not in concepts[pair[0]].broader:
            concepts[pair[0]].broader.append(pair[1])
    if problems:
        raise SpecError(problems)


def _labelled(concepts: dict[str, Concept], uri: str, label: str, language: str) -> None:
    code = _code(uri)
    if code and label.strip():
        concepts.setdefault(code, Concept(code)).labels.setdefault(language, label.strip())


def _code(uri: str) -> str:
    """Return what of a URI tells one concept from another.

    Examples
    --------
    >>> _code("http://data.europa.eu/esco/skill/S1.2.3")
    'S1.2.3'
    """
    return uri.strip().rstrip("/").rpartition("/")[2]
