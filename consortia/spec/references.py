"""References between the parts of a project and a pool: everything named exists, once, and makes sense together."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from consortia.sentence import Sentence, listed, say

if TYPE_CHECKING:
    from consortia.spec.pool import Partner, Pool
    from consortia.spec.pool_facts import PoolFacts
    from consortia.spec.project import Project

Loc = tuple[str | int, ...]
Which = Literal["project", "pool"]
SECTIONS = ("competences", "clusters", "partners", "capabilities")
_DEFINES: dict[Which, frozenset[str]] = {
    "project": frozenset({"capabilities", "groups"}),
    "pool": frozenset({"competences", "clusters", "partners", "attributes"}),
}


@dataclass(frozen=True)
class Finding:
    """A reference that is wrong.

    Attributes
    ----------
    which : str
        ``"project"`` or ``"pool"``.
    loc : tuple
        The path in it.
    message : Sentence
        What is wrong.
    remedy : Sentence or None
        What to do about it.
    """

    which: Which
    loc: Loc
    message: Sentence
    remedy: Sentence | None = None


@dataclass(frozen=True)
class Known:
    """What parts of an input define that are themselves wrong, so that nobody is told that it does not exist.

    Attributes
    ----------
    ids : mapping of str to frozenset of str
        Ids by section (``partners``, ...), and names of ``attributes``.
    unsure : frozenset of str
        Sections that may define anything: references to them are not looked up.
    """

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    @classmethod
    def nothing(cls, which: Which) -> Known:
        """Return what is known of a project or a pool that could not be read at all: nothing for sure."""
        return cls(unsure=_DEFINES[which])

    def __or__(self, other: Known) -> Known:
        names = {*self.ids, *other.ids}
        return Known(
            {name: self.ids.get(name, frozenset()) | other.ids.get(name, frozenset()) for name in names},
            self.unsure | other.unsure,
        )


def written_ids(data: Mapping[str, Any], unsure: Iterable[str] = ()) -> Known:
    """Collect the ids that plain data define, right or wrong as the data may be otherwise.

    Parameters
    ----------
    data : mapping
        A project or a pool, before validation.
    unsure : iterable of str
        Sections of which it is known already that they lack ids.
    """
    ids: dict[str, frozenset[str]] = {}
    open_ended = set(unsure)
    for section in SECTIONS:
        entries = data.get(section, ())
        if not isinstance(entries, list | tuple):
            open_ended.add(section)
            continue
        found = [_written(entry, "id") for entry in entries]
        ids[section] = frozenset(str(name).strip() for name in found if isinstance(name, str | int))
        if any(not isinstance(name, str | int) for name in found):
            open_ended.add(section)
    partners = data.get("partners", ())
    partners = partners if isinstance(partners, list | tuple) else ()
    attributes = [_written(entry, "attributes", {}) for entry in partners]
    ids["attributes"] = frozenset(str(name) for entry in attributes if isinstance(entry, Mapping) for name in entry)
    if "partners" in open_ended or any(not isinstance(entry, Mapping) for entry in attributes):
        open_ended.add("attributes")
    groups = data.get("groups", {})
    if isinstance(groups, Mapping):
        ids["groups"] = frozenset(map(str, groups))
    else:
        open_ended.add("groups")
    return Known(ids, frozenset(open_ended))


def _written(entry: Any, key: str, default: Any = None) -> Any:
    return entry.get(key, default) if isinstance(entry, Mapping) else getattr(entry, key, None)


def nearest(name: str, names: Iterable[str], least: float = 0.6) -> str | None:
    """Return the name most like the one given, if any is near.

    Examples
    --------
    >>> nearest("weldin", ["welding", "coatings"])
    'welding'
    """
    folded = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=least)
    return folded[close[0]] if close else None


class Names:
    """The names of one kind that exist.

    Parameters
    ----------
    kind : Sentence
        What they are names of.
    names : iterable of str
        All of them.
    certain : bool
        Whether a name that is not among them does not exist.
    """

    most_suggestions = 200
    """Looking for a near name in a large pool takes milliseconds each; past this many nobody reads them."""

    few = 20
    """So many names can be told one by one."""

    def __init__(self, kind: Sentence, names: Iterable[str], certain: bool = True) -> None:
        self.kind = kind
        self.names = frozenset(names)
        self.certain = certain
        self._near: dict[str, str | None] = {}

    def also(self, names: Iterable[str]) -> Names:
        """Return the same with further names."""
        return Names(self.kind, self.names.union(names), self.certain)

    def lack(self, name: str) -> bool:
        """Tell whether a name does not exist, for certain."""
        return self.certain and name not in self.names

    def missing(self, which: Which, loc: Loc, name: str) -> Iterator[Finding]:
        """Say that a name does not exist, unless it does or nobody can tell."""
        if not self.lack(name):
            return
        message = say("there is no {kind} {name}", kind=self.kind, name=name)
        yield Finding(which, loc, message, self._remedy(name))

    def _remedy(self, name: str) -> Sentence:
        if name not in self._near and len(self._near) < self.most_suggestions:
            self._near[name] = nearest(name, sorted(self.names))
        close = self._near.get(name)
        if close is not None:
            return say("Perhaps {name} is meant", name=close)
        if 0 < len(self.names) <= self.few:
            return say("Write one of {names}, or define it", names=listed(sorted(self.names)))
        return say("Define it, or correct the id")


def problems(project: Project | None, pool: Pool | None, known: Known | None = None) -> list[Finding]:
    """Find references that are wrong.

    Parameters
    ----------
    project : Project, optional
        Without it only the pool is looked at.
    pool : Pool, optional
        Without it nothing that a pool would define is looked up.
    known : Known, optional
        What was defined in parts that had to be taken out because they are wrong.

    Returns
    -------
    list of Finding
        In the order of project and pool.
    """
    from consortia.spec.pool_facts import PoolFacts
    from consortia.spec.pool_references import pool_problems

    known = known or Known()
    names = pool_names(pool, known)
    found: list[Finding] = []
    if project is not None:
        facts = PoolFacts(names) if pool is None else PoolFacts.of(pool, names)
        found.extend(problems_with(project, facts, known))
    if pool is not None:
        found.extend(pool_problems(pool, names))
    return found


def problems_with(project: Project, pool: PoolFacts, known: Known | None = None) -> list[Finding]:
    """Find references of a project that are wrong, given what there is to know of its pool."""
    from consortia.spec.project_references import project_problems

    return list(project_problems(project, pool, {**pool.names, **_project_names(project, known or Known())}))


def pool_names(pool: Pool | None, known: Known | None = None) -> dict[str, Names]:
    """Return what a pool defines, by section; without a pool nothing is certain."""
    from consortia.spec.pool import BUILT_IN, OF_ENTRY

    defined: dict[str, set[str]] = {
        "competences": {entry.id for entry in pool.competences} if pool else set(),
        "clusters": {entry.id for entry in pool.clusters} if pool else set(),
        "partners": {entry.id for entry in pool.partners} if pool else set(),
        "attributes": {*BUILT_IN, *OF_ENTRY, *_attributes(pool.partners if pool else ())},
    }
    kinds = {
        "competences": say("competence"),
        "clusters": say("cluster"),
        "partners": say("partner"),
        "attributes": say("attribute"),
    }
    known, found = known or Known(), {}
    for section, names in defined.items():
        names = names | known.ids.get(section, frozenset())
        certain = section not in known.unsure and pool is not None
        if section == "competences" and not names:
            certain = False  # without a taxonomy competences are what offers name; screening says who has none
        found[section] = Names(kinds[section], names, certain)
    return found


def _project_names(project: Project, known: Known) -> dict[str, Names]:
    from consortia.groups import names as built_in_groups

    defined: dict[str, set[str]] = {
        "capabilities": {entry.id for entry in project.capabilities},
        "groups": {*built_in_groups(), *project.groups},
    }
    kinds = {"capabilities": say("capability"), "groups": say("group of values")}
    return {
        section: Names(kinds[section], names | known.ids.get(section, frozenset()), certain=section not in known.unsure)
        for section, names in defined.items()
    }


def _attributes(partners: Iterable[Partner]) -> set[str]:
    return {name for partner in partners for name in partner.attributes}


def doubled(which: Which, entries: Iterable[tuple[Loc, Hashable]], kind: Sentence) -> Iterator[Finding]:
    """Say which ids are used more than once, at every place but the first."""
    seen: Counter[Hashable] = Counter()
    for loc, name in entries:
        seen[name] += 1
        if seen[name] > 1:
            message = say("the {kind} {name} is defined twice", kind=kind, name=name)
            yield Finding(which, loc, message, say("Remove one of them, or give it another id"))
