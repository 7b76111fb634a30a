"""Named groups of values that filters may refer to: dated data files, one a group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Group:
    """A named group of values.

    Parameters
    ----------
    name, title, source, as_of : str
        What it is called in filters, what it is, where that comes from, and the day it was true.
    values : frozenset of str
    """

    name: str
    title: str
    source: str
    as_of: str
    values: frozenset[object]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the built-in groups.

    Examples
    --------
    >>> "eu" in names()
    True
    """
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))
    )


@cache
def load(name: str) -> Group:
    """Return the built-in group called `name`.

    Raises
    ------
    KeyError
        If there is none.

    Examples
    --------
    >>> sorted(load("eaeu").values)
    ['AM', 'BY', 'KG', 'KZ', 'RU']
    """
    import yaml

    if name not in names():
        raise KeyError(name)
    data = yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return Group(name, data["title"], data["source"], str(data["as_of"]), frozenset(data["values"]))
