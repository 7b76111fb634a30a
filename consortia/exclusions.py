"""Why partners were left out before solving, found when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from consortia.instance import Exclusion
from consortia.prepared import PreparedPool
from consortia.rules import Rule
from consortia.screening import Screening
from consortia.spec.project import Project


class Exclusions(Sequence[Exclusion]):
    """Why partners were left out, found when somebody asks: many questions are answered without anybody asking.

    Parameters
    ----------
    project, pool, rules, groups
        What was screened, as for :class:`Screening`.
    """

    def __init__(
        self, project: Project, pool: PreparedPool, rules: tuple[Rule, ...], groups: Mapping[str, frozenset[object]]
    ) -> None:
        self.question = project, pool, rules, groups

    @cached_property
    def _all(self) -> tuple[Exclusion, ...]:
        return tuple(Screening(*self.question).exclusions())

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Exclusion: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Exclusion, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._all[place]

    def __iter__(self) -> Iterator[Exclusion]:
        return iter(self._all)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what was found, without the pool."""
        return tuple, (self._all,)
