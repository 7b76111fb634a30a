"""Outcomes that travel light: the question, which is far larger than its answer, stays where it was solved.

Whoever reads it later has it posed anew, from the project and the pool, which are at home already.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from consortia.indexing import index
from consortia.instance import Instance
from consortia.outcome import Outcome
from consortia.posing import REQUIRE_OR_FORBID, check_known, read_question
from consortia.prepared import PreparedPool
from consortia.sentence import Sentence
from consortia.spec.project import Project


@dataclass(frozen=True)
class Asked:
    """A question as it was read, from which its Instance can be posed anywhere, always the same."""

    project: Project
    pool: PreparedPool
    require: tuple[str, ...]
    forbid: tuple[str, ...]
    notes: tuple[Sentence, ...]

    @classmethod
    def read(cls, project: Any, pool: PreparedPool, require: tuple[str, ...], forbid: tuple[str, ...]) -> Asked:
        """Read and validate a project.

        Raises
        ------
        SpecError
            If it is wrong; it names every problem.
        """
        model, prepared, notes = read_question(project, pool)
        check_known(REQUIRE_OR_FORBID, (*require, *forbid), prepared.partners)
        return cls(model, prepared, require, forbid, notes)

    def posed(self) -> Instance:
        """Screen and index the question."""
        return index(self.project, self.pool, require=self.require, forbid=self.forbid, notes=self.notes)


class Travelling(Outcome):
    """An outcome that knows how its question was asked, so that it can come home without its Instance."""

    asked: Asked

    @classmethod
    def of(cls, outcome: Outcome, asked: Asked) -> Travelling:
        """Return an outcome as one that can travel."""
        return cls._filled({**vars(outcome), "asked": asked})

    @classmethod
    def _filled(cls, fields: dict[str, Any]) -> Travelling:
        made = object.__new__(cls)
        vars(made).update(fields)
        return made

    def light(self) -> tuple[Any, ...]:
        """Return how it is made again without its Instance, in the form that pickle takes."""
        kept = {name: value for name, value in vars(self).items() if name != "instance"}
        return Travelling._filled, (kept,)

    def __getattr__(self, name: str) -> Any:
        """Pose the question anew where it was left behind."""
        if name != "instance":
            raise AttributeError(name)
        vars(self)["instance"] = posed = self.asked.posed()
        return posed

    def __reduce__(self) -> tuple[Any, ...]:
        """Become a plain outcome where somebody else sends it: it may be read where there is no pool."""
        return Outcome, tuple(getattr(self, field.name) for field in dataclasses.fields(self))
