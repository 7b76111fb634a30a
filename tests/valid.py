"""Every valid consortium of a small question with its cost, by meaning, for oracles of explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lexicographic import candidates, complete

from consortia.consortium import Consortium
from consortia.costs import total
from consortia.instance import Instance


@dataclass
class Entry:
    cost: int
    consortium: Consortium
    valid: bool | None = None


class Valid:
    """Candidates by cost; whether one is valid is found out when it matters."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.entries = [Entry(total(instance, one), one) for one in candidates(instance)]
        self.entries.sort(key=lambda entry: entry.cost)

    def cheapest(self, wanted: Callable[[Consortium], bool] = lambda consortium: True) -> Entry | None:
        """Return the cheapest valid consortium that is wanted."""
        return next(self.all(wanted), None)

    def all(self, wanted: Callable[[Consortium], bool] = lambda consortium: True) -> Iterator[Entry]:
        """Return the valid consortia that are wanted, by cost."""
        for entry in self.entries:
            if wanted(entry.consortium):
                if entry.valid is None:
                    entry.valid = complete(self.instance, entry.consortium) is not None
                if entry.valid:
                    yield entry
