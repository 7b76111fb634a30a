"""A question with what it was read from, so that it can be asked of another project or another pool as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consortia.instance import Instance
from consortia.posing import pose, read_question

if TYPE_CHECKING:
    from consortia.outcome import Outcome
    from consortia.prepared import PreparedPool
    from consortia.spec.project import Project


@dataclass(frozen=True)
class Question:
    """A question as posed, and the project and pool behind it.

    Attributes
    ----------
    instance : Instance
    project : Project or None
        None where the question came as an Instance: then levels and partners cannot be changed.
    pool : PreparedPool or None
    require, forbid : tuple of str
        Partners that must, or must not, be members, besides what the project says.
    """

    instance: Instance
    project: Project | None = None
    pool: PreparedPool | None = None
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()

    def posed(self, project: Project | None = None, pool: Any = None) -> Instance:
        """Pose the question with another project, another pool (a model or a prepared one), or both.

        Raises
        ------
        TypeError
            If the question came as an Instance.
        """
        if self.project is None or self.pool is None:
            raise TypeError("an Instance has no project and no pool that could be changed")
        return pose(project or self.project, pool or self.pool, require=self.require, forbid=self.forbid)


def check_present(project: Any, present: Outcome | None) -> None:
    """Refuse an answer to another question.

    Raises
    ------
    ValueError
        If `project` is not the very Instance that `present` answers.
    """
    if present is not None and present.instance is not project:
        raise ValueError("present answers another question: give its own instance as the project")


def asked(project: Any, pool: Any = None, *, require: Iterable[str] = (), forbid: Iterable[str] = ()) -> Question:
    """Read a question, and keep what it was read from.

    Parameters
    ----------
    project, pool, require, forbid
        As for :func:`consortia.pose`.

    Returns
    -------
    Question

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.
    """
    require, forbid = tuple(require), tuple(forbid)
    if isinstance(project, Instance):
        return Question(pose(project, pool, require=require, forbid=forbid), require=require, forbid=forbid)
    spec, prepared, notes = read_question(project, pool)
    instance = pose(spec, prepared, require=require, forbid=forbid)
    return Question(instance.replace(notes=notes), spec, prepared, require, forbid)
