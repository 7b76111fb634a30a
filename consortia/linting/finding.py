"""What a linter finds: right by the file schema, and yet probably not meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from consortia.errors import Problem
from consortia.files.loaded import Loc, Source
from consortia.sentence import Sentence

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The levels of SARIF, the exchange format of static analysis."""


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at.

    Parameters
    ----------
    check : str
        What was looked for, such as ``no-price``.
    severity : str
        ``error``: something asked for cannot work; ``warning``: probably a mistake; ``note``: worth knowing.
    problem : Problem
        The place, what is found there, and a remedy.
    about : tuple of str
        The ids that it is about, all of them, where the sentence names a few.
    """

    check: str
    severity: Severity
    problem: Problem
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finder:
    """Makes findings about one input.

    Parameters
    ----------
    source : Source
        Where the input came from.
    """

    source: Source

    def find(
        self, check: str, severity: Severity, loc: Loc, message: Sentence, remedy: Sentence, about: Any = ()
    ) -> Finding:
        """Return a finding at a path into the input."""
        return Finding(check, severity, self.source.problem(loc, message, remedy), tuple(about))

    def place(self, loc: Loc) -> str:
        """Return the place of a path, to be named in a sentence about another."""
        return self.source.place(loc)


def some(names: Any, most: int = 5) -> str:
    """Join the first few names.

    Examples
    --------
    >>> some(["a", "b", "c"], most=2)
    'a, b, ...'
    """
    names = list(names)
    return ", ".join([*names[:most], *(["..."] if len(names) > most else [])])
