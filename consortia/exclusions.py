"""Why partners were left out before solving, found when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from consortia.instance import Exclusion
from consortia.lazily import Lazily
from consortia.prepared import PreparedPool
from consortia.rules import Rule
from consortia.screening import Screening
from consortia.spec.project import Project


class Exclusions(Lazily[Exclusion]):
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

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what was found, without the pool."""
        return tuple, (self._all,)
