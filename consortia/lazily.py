"""Lists that are worked out when somebody looks at them: most answers are used without anybody looking."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, overload

Entry = TypeVar("Entry")


class Lazily(Sequence[Entry]):
    """A sequence whose entries are found when they are asked for."""

    @property
    @abstractmethod
    def _all(self) -> tuple[Entry, ...]:
        """All entries; it is asked for often, so it keeps what it has found."""

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._all[place]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._all)
