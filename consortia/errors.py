"""Everything `consortia` raises on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consortia.sentence import Sentence


class ConsortiaError(Exception):
    """The root of all errors that `consortia` raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    file : str or Sentence
        The file, or ``"project"`` / ``"pool"`` where the input was not read from a file, or which argument it is.
    place : str
        Where in the file: a path such as ``partners[3].rate`` (``line 17``), or line and column of a table.
    message : Sentence
        What is wrong.
    remedy : Sentence or None
        What to do about it.
    """

    file: str | Sentence
    place: str
    message: Sentence
    remedy: Sentence | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (str(self.file), self.place) if part)
        text = f"{where}: {self.message}" if where else str(self.message)
        return f"{text}. {self.remedy}." if self.remedy is not None else text


class SpecError(ConsortiaError):
    """An input is wrong; all that is wrong with it is told at once.

    Parameters
    ----------
    problems : iterable of Problem
        What is wrong, in the order of the input.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[SpecError], tuple[tuple[Problem, ...]]]:
        """Travel between processes with the problems."""
        return SpecError, (self.problems,)


class WrongValue(ValueError):
    """A value is not what is expected there; whoever knows the place makes a :class:`Problem` of it.

    Parameters
    ----------
    message : Sentence
        What is wrong.
    remedy : Sentence
        What to do about it.
    """

    def __init__(self, message: Sentence, remedy: Sentence) -> None:
        super().__init__(f"{message}. {remedy}.")
        self.message = message
        self.remedy = remedy


class SolverUnavailable(ConsortiaError):
    """A solver is not installed, has no licence, or does not exist by that name."""


class SolverRefused(ConsortiaError):
    """A solver was asked for something that it cannot do: an option, a limit, or numbers too large for it."""


class InternalError(ConsortiaError):
    """A solver's answer contradicts itself or the independent checker; it is never shown."""
