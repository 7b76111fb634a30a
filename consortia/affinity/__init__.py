"""Affinity: which industries have something to give one another. A preference, never a matter of eligibility.

Tables are dated data files beside this module; a project names one or writes its own links.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.sentence import listed, say
from consortia.spec.base import Identifier, Positive, Strict

DEFAULT = "emerging-industries"


class Link(Strict):
    """That two industries, or one and any other, have an affinity."""

    between: tuple[Identifier, Identifier | None] = Field(description="two industries; null for any other")
    weight: Positive = Decimal(1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"between": value} if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _different(self) -> Link:
        if self.between[0] == self.between[1]:
            raise WrongValue(say("a link is between two industries"), say("Give another, or null for any other"))
        return self

    def joins(self, one: str, other: str) -> bool:
        """Tell whether it is between these two."""
        first, second = self.between
        return first in (one, other) if second is None else {first, second} == {one, other}


class Affinity(Strict):
    """Links between industries; a pair that several links join weighs as much as the heaviest of them."""

    table: str = Field(default="", description="a shipped table, or any name")
    title: str = ""
    source: str = ""
    as_of: str = ""
    links: tuple[Link, ...] = Field(min_length=1, description="pairs of industries, each with a weight")

    @model_validator(mode="before")
    @classmethod
    def _shipped(cls, value: Any) -> Any:
        """Read a table that is named, or a bare list of links."""
        if isinstance(value, list | tuple):
            return {"links": value}
        if not isinstance(value, str):
            return value
        if value not in tables():
            raise WrongValue(
                say("there is no table of affinities {name}", name=value),
                say("Write one of {names}, or give links", names=listed(tables())),
            )
        return {"table": value, **_data(value)}

    def weights(self, industries: set[str]) -> dict[tuple[str, str], Decimal]:
        """Return the weight of every pair of different industries that is linked."""
        found = {
            pair: max((link.weight for link in self.links if link.joins(*pair)), default=Decimal(0))
            for pair in combinations(sorted(industries), 2)
        }
        return {pair: weight for pair, weight in found.items() if weight}


def tables() -> tuple[str, ...]:
    """Return the names of the shipped tables.

    Examples
    --------
    >>> tables()
    ('emerging-industries',)
    """
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))
    )


@cache
def load(name: str = DEFAULT) -> Affinity:
    """Return a shipped table.

    Examples
    --------
    >>> sorted(load().weights({"creative", "health", "transport", "mining"}))
    [('creative', 'health'), ('creative', 'transport')]
    """
    return Affinity.model_validate(name)


@cache
def _data(name: str) -> dict[str, Any]:
    import yaml

    data = yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
