"""What every consortium obeys, whatever its rules: the structure of the question.

Each part has rows (`post`) and a meaning of its own (`violations`), like a rule, and is held to the same test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from consortia.structure.backups import Backups
from consortia.structure.budget import Budget
from consortia.structure.calendar import Calendar
from consortia.structure.capacity import Capacity
from consortia.structure.delivery import Deliveries
from consortia.structure.entry import Entry
from consortia.structure.participation import TakesPart
from consortia.structure.reserve import Reserve
from consortia.structure.supply import Supply
from consortia.structure.undertaking import Undertaking

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.sentence import Sentence

__all__ = [
    "PARTS",
    "Backups",
    "Budget",
    "Calendar",
    "Capacity",
    "Deliveries",
    "Entry",
    "Part",
    "Reserve",
    "Supply",
    "TakesPart",
    "Undertaking",
]


class Part(Protocol):
    """One part of the structure."""

    def post(self, columns: Columns) -> None:
        """Add the part's rows."""
        ...

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        """Say how the consortium breaks this part."""
        ...


PARTS: Sequence[Part] = (
    Undertaking(),
    Supply(),
    Deliveries(),
    Backups(),
    Entry(),
    TakesPart(),
    Capacity(),
    Calendar(),
    Reserve(),
    Budget(),
)
