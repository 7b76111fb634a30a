"""From files, dicts or models to an Instance."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from consortia.errors import Problem, SpecError
from consortia.instance import Instance
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.prepared import PreparedPool
    from consortia.spec.project import Project


REQUIRE_OR_FORBID = say("require or forbid")
"""Which arguments name a partner that nobody knows."""


def pose(project: Any, pool: Any = None, *, require: Iterable[str] = (), forbid: Iterable[str] = ()) -> Instance:
    """Read, validate, screen and index a question.

    Parameters
    ----------
    project : path, dict, Project or Instance
        What is to be done. An Instance carries its pool and its rules already.
    pool : path, dict, Pool or PreparedPool, optional
        Who may do it; by default the pool that the project carries or names.
    require, forbid : iterable of str
        Partners that must, or must not, be members.

    Returns
    -------
    Instance

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.
    """
    require, forbid = _names(require), _names(forbid)
    if isinstance(project, Instance):
        if pool is not None:
            raise TypeError("an Instance carries its pool; give no other")
        check_known(REQUIRE_OR_FORBID, (*require, *forbid), project.partners)
        return _with_rules(project, require, forbid)
    from consortia.indexing import index

    asked, prepared, notes = read_question(project, pool)
    check_known(REQUIRE_OR_FORBID, (*require, *forbid), prepared.partners)
    return index(asked, prepared, require=require, forbid=forbid, notes=notes)


def read_question(project: Any, pool: Any = None) -> tuple[Project, PreparedPool, tuple[Sentence, ...]]:
    """Read and validate both sides of a question, for those who pose it in more than one way.

    Parameters
    ----------
    project : path, dict or Project
    pool : path, dict, Pool or PreparedPool, optional

    Returns
    -------
    project : Project
    pool : PreparedPool
    notes : tuple of Sentence
        What reading had to remark.

    Raises
    ------
    SpecError
        If the input is wrong; it names every problem.
    """
    from consortia.files import read
    from consortia.files.reading import read_for
    from consortia.prepared import PreparedPool

    if isinstance(pool, PreparedPool):
        loaded = read_for(project, pool.facts)
        return loaded.model, pool, loaded.notes
    asked, read_pool, notes = read(project, pool)
    return asked, PreparedPool(read_pool), notes


def prepare(pool: Any) -> PreparedPool:
    """Read, validate and lay out a pool once, for many questions.

    Parameters
    ----------
    pool : path, dict, Pool or PreparedPool
        Who may do it. One that is prepared already is returned as it is.

    Returns
    -------
    PreparedPool
        To be given as the pool to :func:`consortia.solve`, :func:`consortia.pose` or :func:`consortia.solve_many`.

    Raises
    ------
    SpecError
        If the pool is wrong; it names every problem.

    Examples
    --------
    >>> pool = prepare({"partners": [{"id": "a", "offers": [{"competence": "x"}, {"competence": "y"}]}]})
    >>> [pose({"title": "t", "cooperation": "any", "capabilities": [{"id": name}]}, pool).partners for name in "xyz"]
    [('a',), ('a',), ()]
    """
    from consortia.files import read_pool
    from consortia.prepared import PreparedPool

    if isinstance(pool, PreparedPool):
        return pool
    loaded = read_pool(pool)
    return PreparedPool(loaded.model, loaded.notes)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError("require and forbid take a list of partners' ids")
    return tuple(names)


def check_known(where: str | Sentence, names: Iterable[str], partners: Iterable[str]) -> None:
    """Refuse names that no partner has; `where` says in the message who named them."""
    named = set(names)
    if not named:
        return
    known = list(dict.fromkeys(partners))
    problems = []
    for name in named.difference(known):
        near = get_close_matches(str(name), known, n=1)
        remedy = say("Did you mean {near}?", near=near[0]) if near else None
        problems.append(Problem(where, "", say("there is no partner {partner}", partner=name), remedy))
    if problems:
        raise SpecError(sorted(problems, key=str))


def _with_rules(instance: Instance, require: tuple[str, ...], forbid: tuple[str, ...]) -> Instance:
    from consortia.rules import Exclude, Include, Rule

    rules: list[Rule] = []
    if require:
        rules.append(Include(partners=require))
    if forbid:
        rules.append(Exclude(partners=forbid))
    return instance.replace(rules=(*instance.rules, *rules)) if rules else instance
