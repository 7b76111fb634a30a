"""What instances are made of: files, folders, published formats, and recipes of frozen sets."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from consortia.errors import Problem, SpecError
from consortia.files.text import read_bytes, read_text
from consortia.instance import Instance
from consortia.many.sources import PROJECTS, WORKBOOKS
from consortia.sentence import say

_RECIPE = re.compile(r"^\{?\s*benchmark\s*:", re.M)
_NUMERIC = re.compile(r"\s*\d+\s+\d+\s+[\d\s.eE+-]+")


class Source(Protocol):
    """Where an instance comes from. It is sent to the process of a run, so it can be pickled."""

    @property
    def name(self) -> str:
        """Name of the instance in rows and tables."""
        ...

    def content(self) -> str:
        """Return a digest of what the instance is made of."""
        ...

    def instance(self) -> Instance:
        """Read or make the instance."""
        ...


@dataclass(frozen=True)
class FromFile:
    """A project file, or a file of a published format.

    Parameters
    ----------
    name : str
    path : Path
    format : str or None
        A published format; None for a project file, or to recognise a published one by what is in it.
    holders : int or None
        Held capabilities need at least so many distinct holders, or all of them where there are fewer.
    """

    name: str
    path: Path
    format: str | None = None
    holders: int | None = None

    def content(self) -> str:
        """Return a digest of the file and how it is read."""
        how = f"{self.format} {self.holders}".encode()
        return hashlib.sha256(read_bytes(self.path) + how).hexdigest()[:16]

    def instance(self) -> Instance:
        """Read the file."""
        from consortia.files.published import read_published
        from consortia.posing import pose

        if self.path.suffix.lower() in PROJECTS:
            instance = pose(self.path)
        else:
            instance = read_published(self.format or recognise(self.path), self.path)
        return instance if self.holders is None else multiple(instance, self.holders)


@dataclass(frozen=True)
class Made:
    """A generated instance.

    Parameters
    ----------
    name : str
    family : str
        As for :func:`consortia.generate.generate`.
    seed : int
    parameters : tuple of pair
    """

    name: str
    family: str
    seed: int
    parameters: tuple[tuple[str, int | bool], ...] = ()

    def content(self) -> str:
        """Return a digest of family, seed and parameters."""
        return hashlib.sha256(repr((self.family, self.seed, sorted(self.parameters))).encode()).hexdigest()[:16]

    def project(self) -> dict[str, Any]:
        """Return what a project file would contain."""
        from consortia.generate import generate

        return generate(self.family, self.seed, **dict(self.parameters))

    def instance(self) -> Instance:
        """Generate the question and pose it."""
        from consortia.posing import pose

        return pose(self.project())


def multiple(instance: Instance, holders: int) -> Instance:
    """Return a question in which each held capability needs `holders` distinct holders, or all that it has.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=2, capabilities=2, joining=[1, 1], holds=([0, 1, 1], [0, 0, 1]))
    >>> multiple(question, 2).least_providers.tolist()
    [2, 1]
    """
    there = np.bincount(instance.hold_capability, minlength=len(instance.capabilities))
    wanted = np.minimum(holders, np.maximum(there, 1))
    return instance.replace(least_providers=np.where(instance.delivered, instance.least_providers, wanted))


def recognise(path: Path) -> str:
    """Return the published format that a file of numbers is in, by counting them.

    Raises
    ------
    SpecError
        If it is in none.
    """
    try:
        numbers = np.array(path.read_text(encoding="ascii").split(), dtype=float)
    except ValueError:
        numbers = np.zeros(0)
    if len(numbers) > 2:
        one, two, total = int(numbers[0]), int(numbers[1]), len(numbers)
        if total == 2 + 2 * one + two + one * two:
            return "sscflp"
        if _length(numbers, 2 + two, one, 0) == total:
            return "orlib-scp"
        if _length(numbers, 2, two, 1) == total:
            return "orlib-rail"
    message = say("this is no question: neither a project file nor a published format")
    raise SpecError([Problem(str(path), "", message, say("Name a project file, or give the format with --from"))])


def _length(numbers: Any, start: int, records: int, before: int) -> int:
    """Return where `records` lists end that begin at `start`, each with `before` numbers and its count in front."""
    place = start
    for _ in range(records):
        if place + before >= len(numbers) or numbers[place + before] < 0:
            return -1
        place += before + 1 + int(numbers[place + before])
    return place


def find(paths: Iterable[Path], format: str | None = None, data: Path | None = None) -> list[Source]:
    """Return the instances of files, folders and recipes, in their order.

    Parameters
    ----------
    paths : iterable of Path
        Of a folder, all files below it that are questions, or meant as such, are taken, and recipes.
    format : str, optional
        The published format of files that are no projects; else each is recognised.
    data : Path, optional
        The folder of published files that recipes speak of; by default the variable ``CONSORTIA_DATA`` says.

    Raises
    ------
    SpecError
        If a path is not there or is no question, a folder has none, or two instances have the same name.
    """
    found: list[Source] = []
    for path in paths:
        inside = list(_below(path, format, data) if path.is_dir() else _named(path, format, data))
        if not inside:
            remedy = say("Name project files, published files, recipes of sets, or folders of them")
            raise SpecError([Problem(str(path), "", say("there is no question in it"), remedy)])
        found += inside
    for name, times in Counter(source.name for source in found).items():
        if times > 1:
            message = say("two instances are called {name}", name=name)
            raise SpecError([Problem("PATHS", "", message, say("Name one of them, or put them into folders"))])
    return found


def _below(folder: Path, format: str | None, data: Path | None) -> Iterator[Source]:
    """Find what is below a folder, apart from what is no question: pools, tables, texts."""
    top = folder.resolve()
    for file in sorted((file for file in top.rglob("*") if file.is_file()), key=natural):
        if not _hidden(file, top) and (kind := _kind(file)) not in ("pool", None):
            yield from _of_file(file, kind, top.parent, format, data)


def _named(path: Path, format: str | None, data: Path | None) -> Iterator[Source]:
    """Find what is in a file that somebody has named; what is no question is refused."""
    if not path.is_file():
        read_text(path)  # it says what is wrong
    kind = _kind(path)
    if format is None and kind not in ("project", "recipe"):
        recognise(path)
    yield from _of_file(path.resolve(), kind, path.resolve().parent.parent, format, data)


def _hidden(file: Path, top: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in file.relative_to(top).parts)


def natural(path: Path) -> list[tuple[int, str]]:
    """Sort p2 before p10."""
    return [(int(part or 0), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", str(path))]


def _kind(path: Path) -> str | None:
    """Return ``recipe``, ``project``, ``pool`` or ``published`` as a file looks, or None.

    A file that cannot be read as any data counts as a project: its runs will say what is wrong with it.
    """
    suffix = path.suffix.lower()
    if suffix in PROJECTS:
        from consortia.files.reading import holds

        try:
            if suffix not in WORKBOOKS and _RECIPE.search(read_text(path)[0]):
                return "recipe"
            return holds(path)
        except SpecError:
            return "project"
    with path.open("rb") as stream:
        start = stream.read(4096).decode("ascii", errors="replace")
    return "published" if _NUMERIC.fullmatch(start) else None


def _of_file(path: Path, kind: str | None, top: Path, format: str | None, data: Path | None) -> Iterator[Source]:
    if kind == "recipe":
        from consortia.bench.recipes import read_recipe

        yield from read_recipe(path, data or data_folder())
    else:
        yield FromFile(path.relative_to(top).as_posix(), path, format)


def data_folder() -> Path | None:
    """Return the folder of published files that the environment names."""
    named = os.environ.get("CONSORTIA_DATA")
    return Path(named) if named else None
