"""What readers hand over: a model, where it came from, and what a person should know about the reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from consortia.errors import Problem
from consortia.sentence import Sentence

Model = TypeVar("Model")
Loc = tuple[str | int, ...]
"""A path into nested data, as pydantic writes it: ``("partners", 3, "rate")``."""


def path_text(loc: Loc) -> str:
    """Write a path as a person would.

    Examples
    --------
    >>> path_text(("partners", 3, "offers", 0, "rate"))
    'partners[3].offers[0].rate'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


@dataclass(frozen=True)
class Source:
    """Where an input came from.

    Parameters
    ----------
    file : str
        The file or folder, or ``"project"`` / ``"pool"`` for what was not read from one.
    locate : callable
        Turns a path into nested data into a place that a person can find.
    within : tuple
        Where in the file the input begins, such as ``("pool",)`` for a pool inside a project.
    """

    file: str
    locate: Callable[[Loc], str] = path_text
    within: Loc = ()

    def place(self, loc: Loc) -> str:
        """Return the place of a path: ``partners[3].rate (line 17)``, or line and column of a table."""
        return self.locate(self.within + loc)

    def inner(self, *loc: str | int) -> Source:
        """Return the source of a part of this input."""
        return replace(self, within=self.within + loc)

    def problem(self, loc: Loc, message: Sentence, remedy: Sentence | None = None) -> Problem:
        """Say what is wrong at a path."""
        return Problem(self.file, self.place(loc), message, remedy)


@dataclass(frozen=True)
class Loaded(Generic[Model]):
    """An input that was read and found right.

    Attributes
    ----------
    model : Project or Pool
        What was read.
    source : Source
        Where it came from, for messages about it.
    notes : tuple of Sentence
        What a person should know, such as that an encoding was guessed.
    """

    model: Model
    source: Source
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Document:
    """Plain data as a file gives them, before the file schema has looked at them.

    Attributes
    ----------
    data : object
        Mappings, lists, texts, integers, Decimals, booleans, None.
    source : Source
        Where they came from.
    notes : tuple of Sentence
        What a person should know about the reading.
    problems : tuple of Problem
        What is wrong already: a doubled key, a cell that is not a number. The data are without it.
    unsure : frozenset of str
        Sections such as ``partners`` that define ids which could not be read.
    """

    data: object
    source: Source
    notes: tuple[Sentence, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsure: frozenset[str] = field(default_factory=frozenset)
