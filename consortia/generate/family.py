"""What all families of generated questions share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from consortia.consortium import Consortium


def parameter(default: Any, text: str, least: int = 0, most: int | None = None) -> Any:
    """Declare a field of a family: its default, what it means, and its range."""
    return field(default=default, metadata={"help": text, "least": least, "most": most})


@dataclass(frozen=True)
class Generated:
    """A generated question.

    Attributes
    ----------
    project : dict
        What a project file would contain, with the pool inline.
    planted : Consortium or None
        A consortium that obeys everything, rarely the cheapest; None where the question is infeasible.
    """

    project: dict[str, Any]
    planted: Consortium | None


@dataclass(frozen=True)
class Family(ABC):
    """Parameters of a family of questions; :meth:`draw` makes one of them."""

    name: ClassVar[str]
    partners: int = parameter(60, "how many partners there are", 2)
    capabilities: int = parameter(40, "how many capabilities are asked for", 1)
    infeasible: bool = parameter(False, "whether no consortium is possible")

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, least, most = getattr(self, entry.name), entry.metadata["least"], entry.metadata["most"]
            if isinstance(entry.default, bool):
                if not isinstance(value, bool):
                    raise ValueError(f"{entry.name} must be true or false, not {value!r}")
            elif isinstance(value, bool) or not isinstance(value, int):
                raise ValueError(f"{entry.name} must be a whole number, not {value!r}")
            elif value < least or (most is not None and value > most):
                raise ValueError(f"{entry.name} must be {_range(least, most)}, not {value}")

    @abstractmethod
    def draw(self, seed: int) -> Generated:
        """Make the question of a seed."""

    def heading(self, seed: int) -> dict[str, Any]:
        """Return title and description; the description says how to make the same question again."""
        changed = [
            f"{entry.name}={getattr(self, entry.name)}"
            for entry in fields(self)
            if getattr(self, entry.name) != entry.default
        ]
        size = f"{self.partners} x {self.capabilities}"
        return {
            "title": f"{self.name} {size}, seed {seed}",
            "description": f"generated: {', '.join([self.name, f'seed={seed}', *changed])}",
        }


def numbered(letter: str, count: int) -> list[str]:
    """Return ids with as many digits as the largest needs.

    Examples
    --------
    >>> numbered("p", 10)[:2]
    ['p01', 'p02']
    """
    digits = len(str(count))
    return [f"{letter}{number:0{digits}}" for number in range(1, count + 1)]


def percent(part: int, whole: int, *, up: bool) -> int:
    """Return a share in whole percent, rounded up or down.

    Examples
    --------
    >>> percent(1, 3, up=True), percent(1, 3, up=False)
    (34, 33)
    """
    return -(-100 * part // whole) if up else 100 * part // whole


def _range(least: int, most: int | None) -> str:
    return f"at least {least}" if most is None else f"from {least} to {most}"
