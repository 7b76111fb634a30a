"""Reading a project and a pool: every problem of both, at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel

from consortia.errors import Problem, SpecError
from consortia.files import csv_text, json_text, workbook, yaml_text
from consortia.files.loaded import Document, Loaded, Source
from consortia.files.pool_document import pool_document
from consortia.files.project_document import book_document
from consortia.files.structure import Draft, draft
from consortia.files.text import read_text, refuse
from consortia.packs import Pack, is_path
from consortia.sentence import Sentence, say
from consortia.spec.pool import Pool
from consortia.spec.pool_facts import PoolFacts
from consortia.spec.project import Project
from consortia.spec.references import Known, problems, problems_with

Model = TypeVar("Model", bound=BaseModel)
PathText = str | os.PathLike[str]
ProjectSource = PathText | Mapping[str, Any] | Project | Document
PoolSource = PathText | Mapping[str, Any] | Pool | Document


class _Parser(Protocol):
    def __call__(self, text: str, file: str) -> Document: ...


_PARSERS: dict[str, _Parser] = {".yaml": yaml_text.parse, ".yml": yaml_text.parse, ".json": json_text.parse}


def read(project: ProjectSource, pool: PoolSource | None = None) -> tuple[Project, Pool, tuple[Sentence, ...]]:
    """Read a project and its pool, and check them together.

    Parameters
    ----------
    project : path, mapping or Project
        The project: a YAML or JSON file or a workbook, what such a file would contain, or a model.
    pool : path, mapping or Pool, optional
        The pool: a YAML, JSON or CSV file, a workbook, a folder of CSV files, what a file would contain, or a model.
        By default what the project says: a pool inline, or a path relative to the project's file.

    Returns
    -------
    project : Project
    pool : Pool
    notes : tuple of Sentence
        What a person should know about the reading, such as that an encoding was guessed.

    Raises
    ------
    SpecError
        If anything is wrong, with all that is wrong in both.

    Examples
    --------
    >>> project, pool, notes = read(
    ...     {"title": "A prototype", "capabilities": [{"id": "welding"}]},
    ...     {"partners": [{"id": "Acme", "offers": [{"competence": "welding", "level": 2}]}]},
    ... )
    >>> project.capabilities[0].level, pool.partners[0].id
    (1, 'Acme')
    """
    asked, offered = read_located(project, pool)
    return asked.model.model_copy(update={"pool": offered.model}), offered.model, (*asked.notes, *offered.notes)


def read_located(project: ProjectSource, pool: PoolSource | None = None) -> tuple[Loaded[Project], Loaded[Pool]]:
    """Read a project and its pool as :func:`read` does, for who has to name places in both.

    Parameters
    ----------
    project, pool
        As in :func:`read`.

    Returns
    -------
    project : Loaded
    pool : Loaded

    Raises
    ------
    SpecError
        If anything is wrong, with all that is wrong in both.
    """
    ours, inline = _project_drafts(project)
    ours, packs = _with_packs(ours, project)
    theirs = _pool_draft(pool) if pool is not None else inline or _named_pool(ours, project)
    ahead: list[Draft[Any]] = [ours, *packs, *([inline] if inline is not None and inline is not theirs else [])]
    drafts = [*ahead, theirs]
    _raise_if_any([*(found for each in drafts for found in each.problems), *_references(ours, theirs)])
    assert ours.model is not None and theirs.model is not None
    notes = tuple(note for each in ahead for note in each.notes)
    return Loaded(ours.model, ours.source, notes), Loaded(theirs.model, theirs.source, theirs.notes)


def read_project(source: ProjectSource) -> Loaded[Project]:
    """Read a project, with its pool where that is inline, and check what can be checked without a pool elsewhere.

    Parameters
    ----------
    source : path, mapping or Project
        As in :func:`read`.

    Returns
    -------
    Loaded
        With the project as its model; a path to a pool is left as it is.

    Raises
    ------
    SpecError
        If anything is wrong, with all that is wrong.
    """
    ours, inline = _project_drafts(source)
    ours, packs = _with_packs(ours, source)
    nowhere: Draft[Pool] = Draft(None, (), Known.nothing("pool"), Source("pool"))
    found = _references(ours, inline or nowhere)
    of_packs = [problem for each in packs for problem in each.problems]
    _raise_if_any([*ours.problems, *of_packs, *(inline.problems if inline else ()), *found])
    assert ours.model is not None
    model = ours.model.model_copy(update={"pool": inline.model}) if inline else ours.model
    return Loaded(model, ours.source, ours.notes)


def read_for(source: ProjectSource, pool: PoolFacts) -> Loaded[Project]:
    """Read a project that is asked of a pool which has been read already; the pool that it names itself is not used.

    Parameters
    ----------
    source : path, mapping or Project
        As in :func:`read`.
    pool : PoolFacts
        What references are looked up in.

    Returns
    -------
    Loaded
        With the project as its model.

    Raises
    ------
    SpecError
        If anything is wrong, with all that is wrong.
    """
    ours, inline = _project_drafts(source)
    ours, packs = _with_packs(ours, source)
    drafts: list[Draft[Any]] = [ours, *packs, *([inline] if inline is not None else [])]
    found = [problem for each in drafts for problem in each.problems]
    if ours.model is not None:
        sources = {"project": ours.source, "pool": Source("pool")}
        findings = problems_with(ours.model, pool, ours.known)
        found += [sources[each.which].problem(each.loc, each.message, each.remedy) for each in findings]
    _raise_if_any(found)
    assert ours.model is not None
    return Loaded(ours.model, ours.source, tuple(note for each in drafts for note in each.notes))


def read_pool(source: PoolSource) -> Loaded[Pool]:
    """Read a pool, and check it by itself.

    Parameters
    ----------
    source : path, mapping or Pool
        As in :func:`read`.

    Returns
    -------
    Loaded
        With the pool as its model.

    Raises
    ------
    SpecError
        If anything is wrong, with all that is wrong.
    """
    theirs = _pool_draft(source)
    nobody: Draft[Project] = Draft(None, (), Known(), Source("project"))
    _raise_if_any([*theirs.problems, *_references(nobody, theirs)])
    assert theirs.model is not None
    return Loaded(theirs.model, theirs.source, theirs.notes)


def _raise_if_any(found: Iterable[Problem]) -> None:
    unique: dict[tuple[str, str, str], Problem] = {}
    for problem in found:
        unique.setdefault((str(problem.file), problem.place, str(problem.message)), problem)
    if unique:
        raise SpecError(unique.values())


def _references(ours: Draft[Project], theirs: Draft[Pool]) -> list[Problem]:
    sources = {"project": ours.source, "pool": theirs.source}
    return [
        sources[finding.which].problem(finding.loc, finding.message, finding.remedy)
        for finding in problems(ours.model, theirs.model, ours.known | theirs.known)
    ]


def _project_drafts(source: ProjectSource) -> tuple[Draft[Project], Draft[Pool] | None]:
    if isinstance(source, Project):
        inline = _pool_draft(source.pool) if isinstance(source.pool, Pool) else None
        return Draft(source, (), Known(), Source("project")), inline
    try:
        document = _document(source, "project")
    except SpecError as error:
        return Draft(None, error.problems, Known.nothing("project"), Source(str(source))), None
    data = document.data
    if not isinstance(data, Mapping) or not isinstance(data.get("pool"), Mapping):
        return draft(Project, document), None
    rest = {key: value for key, value in data.items() if key != "pool"}
    ours = draft(Project, Document(rest, document.source, document.notes, document.problems, document.unsure))
    return ours, draft(Pool, Document(data["pool"], document.source.inner("pool"), unsure=document.unsure))


def _pool_draft(source: PoolSource) -> Draft[Pool]:
    if isinstance(source, Pool):
        return Draft(source, (), Known(), Source("pool"))
    try:
        return draft(Pool, _document(source, "pool"))
    except SpecError as error:
        return Draft(None, error.problems, Known.nothing("pool"), Source(str(source)))


def _with_packs(ours: Draft[Project], source: ProjectSource) -> tuple[Draft[Project], list[Draft[Pack]]]:
    """Read the rule packs that a project names by path, and put them into the project."""
    if ours.model is None or not ours.model.packs:
        return ours, []
    drafts: list[Draft[Pack]] = []
    packs: list[str | Pack] = []
    for pack in ours.model.packs:
        if isinstance(pack, Pack) or not is_path(pack):
            packs.append(pack)
            continue
        path = _folder(source) / pack
        try:
            drafts.append(draft(Pack, _document(path, "project")))
        except SpecError as error:
            drafts.append(Draft(None, error.problems, Known.nothing("project"), Source(str(path))))
        read_pack = drafts[-1].model
        if read_pack is not None:
            packs.append(read_pack if read_pack.name else read_pack.model_copy(update={"name": path.stem}))
    return replace(ours, model=ours.model.model_copy(update={"packs": tuple(packs)})), drafts


def _folder(source: ProjectSource) -> Path:
    if isinstance(source, Document):
        return Path(source.source.file).parent
    return Path(source).parent if isinstance(source, str | os.PathLike) else Path()


def _named_pool(ours: Draft[Project], source: ProjectSource) -> Draft[Pool]:
    """Read the pool that a project names by path, or say that there is none."""
    named = ours.model.pool if ours.model is not None else None
    if isinstance(named, Pool):
        return _pool_draft(named)
    if isinstance(named, str):
        return _pool_draft(_folder(source) / named)
    problem: tuple[Problem, ...] = ()
    if ours.model is not None and not any(found.place.startswith("pool") for found in ours.problems):
        message = say("no pool is given")
        remedy = say("Write one under pool, name its file there, or give one beside the project")
        problem = (ours.source.problem(("pool",), message, remedy),)
    return Draft(None, problem, Known.nothing("pool"), Source("pool"))


def read_either(
    source: ProjectSource | PoolSource, pool: PoolSource | None = None
) -> tuple[Loaded[Project] | None, Loaded[Pool]]:
    """Read a pool, or a project and its pool, whichever it is.

    Parameters
    ----------
    source : path, mapping, Project or Pool
        What has ``capabilities`` is a project; anything else, and any folder or CSV file, a pool.
    pool : path, mapping or Pool, optional
        The project's pool; where there is one, `source` is a project.

    Returns
    -------
    project : Loaded or None
    pool : Loaded

    Raises
    ------
    SpecError
        If anything is wrong.
    """
    if pool is not None or isinstance(source, Project):
        return read_located(source, pool)  # type: ignore[arg-type]
    if isinstance(source, Pool):
        return None, read_pool(source)
    document = _document(source, "either")
    if _is_project(document.data):
        return read_located(document)
    return None, read_pool(document)


def holds(path: PathText) -> Literal["project", "pool"] | None:
    """Tell from the names at its top what a file holds, whether it is right or wrong.

    Parameters
    ----------
    path : path
        A YAML or JSON file or a workbook.

    Returns
    -------
    {"project", "pool"} or None
        What has neither ``capabilities`` nor ``partners`` was meant as a project if it has any other name of one, or is
        no mapping; None where it is something else, such as an answer.

    Raises
    ------
    SpecError
        If it cannot be read as data.
    """
    data = _document(path, "either").data
    if _is_project(data) or not isinstance(data, Mapping):
        return "project"
    if "partners" in data:
        return "pool"
    answer = str(data.get("format", "")).startswith("consortia-")
    return None if answer or not data.keys() & Project.model_fields.keys() else "project"


def _is_project(data: object) -> bool:
    return isinstance(data, Mapping) and "capabilities" in data


def _book(path: Path, name: str) -> Document:
    tables = workbook.read_workbook(path)
    if name == "project" and "capabilities" not in tables.tables:
        message = say("there is no sheet Capabilities in this workbook")
        remedy = say("Add it, or give the workbook as the pool of a project")
        raise SpecError([*tables.problems, Problem(str(path), "", message, remedy)])
    if name == "pool" and "partners" not in tables.tables:
        message = say("there is no sheet Partners in this workbook")
        raise SpecError(
            [*tables.problems, Problem(str(path), "", message, say("Add it; the other tables may be missing"))]
        )
    return pool_document(workbook.of_pool(tables)) if name == "pool" else book_document(tables)


def _document(source: PathText | Mapping[str, Any] | Any, name: str) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, Mapping):
        return Document(source, Source(name))
    if not isinstance(source, str | os.PathLike):
        message = say("a path, a mapping or a model is expected, not {found}", found=type(source).__name__)
        raise SpecError([Problem(name, "", message, say("Give one of these"))])
    path = Path(source)
    if path.is_dir() and name != "project":
        return pool_document(csv_text.read_folder(path))
    suffix = path.suffix.lower()
    if name != "project" and suffix in (".csv", ".tsv", ".txt"):
        return pool_document(csv_text.read_single(path))
    if suffix in workbook.SUFFIXES:
        return _book(path, name)
    if suffix in _PARSERS:
        text, notes = read_text(path)
        document = _PARSERS[suffix](text, str(path))
        return Document(document.data, document.source, notes, document.problems)
    if path.is_dir():
        raise refuse(path, "", say("a file is expected, and this is a folder"), say("Name a file in it"))
    if not path.exists():
        read_text(path)
    kinds = ".yaml, .json, .xlsx" if name == "project" else ".yaml, .json, .csv, .xlsx"
    message = say("files of the kind {suffix} are not read", suffix=suffix or path.name)
    raise refuse(path, "", message, say("Write one of {kinds}, or a folder of CSV files for a pool", kinds=kinds))
