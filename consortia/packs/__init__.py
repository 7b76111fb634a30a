"""Rule packs: the rules of funding programmes as dated data, one file a programme.

A project names packs; their rules join its own, each carrying the pack's name in every message. Calls change every
year, so a pack says where its facts come from and on which day they were true, and marks what nobody has verified.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from consortia.rules import AnyRule, Rule
from consortia.sentence import Sentence
from consortia.spec.base import Attribute, Strict


class Pack(Strict):
    """A programme's rules.

    Attributes
    ----------
    name, title, source, as_of : str
        What its rules are marked with, what it is, where its facts come from, and the day they were true.
    rules : tuple of Rule
        Verified against the source.
    unverified : tuple of Rule
        From memory; they apply as well, and say so.
    groups : dict of str to tuple
        Named groups of values that its filters use.
    questions : tuple of str
        What no data answer: the user answers by hand.
    """

    name: str = Field(default="", description="what its rules are marked with; by default that of its file")
    title: str
    source: str
    as_of: str
    description: str = ""
    rules: tuple[AnyRule, ...] = ()
    unverified: tuple[AnyRule, ...] = ()
    groups: dict[str, tuple[Attribute, ...]] = Field(default_factory=dict)
    questions: tuple[str, ...] = ()

    def marked(self) -> tuple[Rule, ...]:
        """Return its rules, the pack's name in each label."""
        verified = [rule.model_copy(update={"label": f"{self.name}: {rule.title()}"}) for rule in self.rules]
        mark = f"{self.name} (not verified)"
        doubtful = [rule.model_copy(update={"label": f"{mark}: {rule.title()}"}) for rule in self.unverified]
        return (*verified, *doubtful)

    def notes(self) -> list[Sentence]:
        """Say where the rules come from, and what they ask that no data answer."""
        text = "the rules of {pack} are those of {date}, from: {source}"
        found = [Sentence(text, {"pack": self.name, "date": self.as_of, "source": self.source})]
        text = "{pack} asks, and only you can answer: {question}"
        return found + [Sentence(text, {"pack": self.name, "question": question}) for question in self.questions]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the packs that come with `consortia`.

    Examples
    --------
    >>> "horizon-ria" in names()
    True
    """
    entries = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(entry.removesuffix(".yaml") for entry in entries if entry.endswith(".yaml")))


@cache
def load(name: str) -> Pack:
    """Return a pack that comes with `consortia`.

    Raises
    ------
    KeyError
        If there is none of that name.

    Examples
    --------
    >>> load("eureka-network").title
    'EUREKA network projects'
    """
    if name not in names():
        raise KeyError(name)
    import yaml

    data = yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return Pack.model_validate({"name": name, **data})


def is_path(name: str) -> bool:
    """Tell whether a project means a file of its own by this name."""
    return Path(name).suffix in (".yaml", ".yml", ".json")
