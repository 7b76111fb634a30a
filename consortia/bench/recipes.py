"""Recipes of frozen sets: a small YAML file that says how to make each instance of a set.

::

    benchmark: kcover
    about: one sentence
    instances:
      - read: orlib-scp              # files below the data folder
        files: [scp/scp*.txt]
        holders: [2, 3]
      - generate: consortium         # any parameter may be a list: all combinations are made
        seed: [1, 2, 3]
        partners: 60
        capabilities: 40
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from consortia.bench.sources import FromFile, Made, Source, natural
from consortia.errors import Problem, SpecError
from consortia.sentence import Sentence, listed, say


def read_recipe(path: Path, data: Path | None) -> list[Source]:
    """Return the instances of a recipe.

    Parameters
    ----------
    path : Path
    data : Path or None
        The folder of published files.

    Raises
    ------
    SpecError
        If the recipe cannot be understood, or files that it speaks of are not there.
    """
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
        name, entries = recipe["benchmark"], list(recipe["instances"])
        if name in (None, ""):
            raise _refused(path, say("the recipe has no name after benchmark"))
        made = [source for entry in entries for source in _sources(path, str(name), entry, data)]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        reason = f"there is no {error.args[0]}" if isinstance(error, KeyError) else str(error)
        raise _refused(path, say("the recipe cannot be understood: {reason}", reason=reason)) from None
    return made


def _sources(path: Path, name: str, entry: Any, data: Path | None) -> Iterator[Source]:
    if not isinstance(entry, dict):
        raise ValueError(f"{entry!r} does not say what to read or to generate")
    if "read" in entry:
        yield from _published(path, name, entry, data)
    else:
        yield from _generated(path, name, entry)


def _published(path: Path, name: str, entry: Mapping[str, Any], data: Path | None) -> Iterator[Source]:
    _check_keys(path, entry, ("read", "files", "holders"))
    if data is None:
        raise _refused(path, say("the recipe speaks of published files, and no folder of them is given"))
    for pattern, holders in product(_list(entry["files"]), _list(entry.get("holders"))):
        if holders is not None and (isinstance(holders, bool) or not isinstance(holders, int) or holders < 1):
            message = say("holders must be a whole number of at least 1, not {value}", value=repr(holders))
            raise _refused(path, message)
        files = sorted((file for file in data.glob(str(pattern)) if file.is_file()), key=natural)
        if not files:
            raise _refused(path, say("no file in {folder} is called {pattern}", folder=str(data), pattern=str(pattern)))
        for file in files:
            label = file.relative_to(data).as_posix()
            if holders is not None:
                label = f"{name}/{file.stem}-k{holders}"
            yield FromFile(label, file, str(entry["read"]), holders)


def _generated(path: Path, name: str, entry: Mapping[str, Any]) -> Iterator[Source]:
    from consortia.generate import FAMILIES

    family = str(entry["generate"])
    if family not in FAMILIES:
        raise ValueError(f"there is no family {family!r}")
    _check_keys(path, entry, ("generate", "seed", *(parameter.name for parameter in fields(FAMILIES[family]))))
    varied = {key: _list(value) for key, value in entry.items() if key != "generate"}
    for values in product(*varied.values()):
        parameters = dict(zip(varied, values, strict=True))
        seed = int(parameters.pop("seed"))
        made = FAMILIES[family](**parameters)
        label = f"{family}-{made.partners}x{made.capabilities}-s{seed:02}"
        yield Made(f"{name}/{label}", family, seed, tuple(parameters.items()))


def _check_keys(path: Path, entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            message = say("{key} means nothing in this place; there are {known}", key=str(key), known=listed(known))
            raise _refused(path, message)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _refused(path: Path, message: Sentence) -> SpecError:
    remedy = say("Correct the recipe, or name the folder of published files with --data or CONSORTIA_DATA")
    return SpecError([Problem(str(path), "", message, remedy)])
