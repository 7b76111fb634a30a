"""Projects on disk: files, folders of them, and JSON Lines with a project a line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.files import json_text, yaml_text
from consortia.files.loaded import Document
from consortia.files.text import read_bytes, read_text
from consortia.packs import is_path
from consortia.sentence import say

PROJECTS = (".yaml", ".yml", ".json", ".xlsx", ".xlsm")
WORKBOOKS = PROJECTS[3:]
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Written:
    """A project as it is written, not read yet: what is wrong with it is found where it is solved.

    Attributes
    ----------
    name : str
        Its path; of a line, the path and the number of the line.
    text : str or None
        None for a workbook, and where the file cannot even be read as text; reading it again says why.
    """

    name: str
    text: str | None
    path: Path

    def read(self) -> Path | Document:
        """Return what :func:`consortia.solve` takes as the project.

        Raises
        ------
        SpecError
            If a line is not JSON.
        """
        if self.text is None or self.path.suffix.lower() not in LINES:
            return self.path
        return json_text.parse(self.text, self.name)

    def digest(self) -> str:
        """Return a digest of all that is written: the text, and the rule packs that it names by their paths."""
        digest = hashlib.sha256((self.text or "").encode())
        if self.path.suffix.lower() in WORKBOOKS and self.path.is_file():
            digest.update(self.path.read_bytes())
        for path in self._packs():
            digest.update(path.read_bytes() if path.is_file() else b"")
        return digest.hexdigest()

    def _packs(self) -> list[Path]:
        if self.text is None or "packs" not in self.text:
            return []
        parse = yaml_text.parse if self.path.suffix.lower() in (".yaml", ".yml") else json_text.parse
        try:
            data = parse(self.text, self.name).data
        except SpecError:
            return []
        named = data.get("packs") if isinstance(data, dict) else None
        listed = named if isinstance(named, list | tuple) else [named]
        return [self.path.parent / name for name in listed if isinstance(name, str) and is_path(name)]


def written(paths: Iterable[Path], skipped: Iterable[Path] = ()) -> Iterator[Written]:
    """Find the projects of files, folders and JSON Lines, in their order, each once.

    Parameters
    ----------
    paths : iterable of Path
    skipped : iterable of Path
        Files that are no projects though they lie in one of the folders: the pool, and answers.

    Raises
    ------
    SpecError
        If a path does not exist or is of another kind, or a folder has no project.
    """
    seen, away = set(), {path.resolve() for path in skipped}
    for path in paths:
        for file in _files(path, away):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield from _in_file(file)


def check_apart(output: Path, pool: Path, asked: Iterable[Written]) -> None:
    """Refuse answers that would be written over what is asked.

    Raises
    ------
    SpecError
        If the file for the answers is the pool, a table of it, or holds one of the projects.
    """
    if not output.exists():
        return
    tables = pool.glob("*.csv") if pool.is_dir() else ()
    for path in (pool, *tables, *dict.fromkeys(project.path for project in asked)):
        if path.exists() and output.samefile(path):
            message = say("answers would be written over what is asked: this is the pool, or holds projects")
            raise SpecError([Problem(str(output), "", message, say("Name another file"))])


def _files(path: Path, away: set[Path]) -> list[Path]:
    if path.is_dir():
        inside = sorted(entry for entry in path.iterdir() if entry.suffix.lower() in (*PROJECTS, *LINES))
        found = [
            entry
            for entry in inside
            if entry.is_file() and entry.resolve() not in away and not entry.name.startswith("~$")
        ]
        if not found:
            message = say("there is no project in this folder")
            raise SpecError(
                [Problem(str(path), "", message, say("Put projects there as .yaml, .json, .jsonl or .xlsx"))]
            )
        return found
    if not path.exists():
        read_bytes(path)  # says so, and what may be meant
    if path.suffix.lower() not in (*PROJECTS, *LINES):
        message = say("files of the kind {suffix} are not read", suffix=path.suffix or path.name)
        raise SpecError(
            [Problem(str(path), "", message, say("Name .yaml, .json, .jsonl or .xlsx files, or folders of them"))]
        )
    return [path]


def _in_file(file: Path) -> Iterator[Written]:
    if file.suffix.lower() in LINES:
        text, _ = read_text(file)
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield Written(f"{file}:{number}", line, file)
        return
    if file.suffix.lower() in WORKBOOKS:
        yield Written(str(file), None, file)
        return
    try:
        yield Written(str(file), read_text(file)[0], file)
    except SpecError:
        yield Written(str(file), None, file)
