"""What is different between two pools: partners, offers, clusters, competences added, removed, changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from consortia.spec.base import Strict
from consortia.spec.pool import Pool

Kind = Literal["added", "removed", "changed"]
Section = Literal["pool", "clusters", "competences", "partners", "offers"]
SECTIONS: tuple[Section, ...] = ("pool", "competences", "clusters", "partners", "offers")
_NESTED = ("attributes", "labels")
_IN_ANY_ORDER = ("broader",)


@dataclass(frozen=True)
class Field:
    """A value that is another: None where there is none."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One entry that is new, gone or different.

    Attributes
    ----------
    section : str
        ``pool`` for what is said of the pool as a whole.
    kind : str
        ``added``, ``removed`` or ``changed``.
    id : str
        Of the entry; of an offer, within its partner.
    partner : str or None
        Whose offer it is.
    fields : tuple of Field
        What is said of what is new or gone, and what is different in what is changed.
    """

    section: Section
    kind: Kind
    id: str
    partner: str | None = None
    fields: tuple[Field, ...] = ()


def pool_changes(before: Pool, after: Pool) -> list[Change]:
    """Compare two pools by the ids of their entries.

    The order of entries does not matter. An offer without an id is told by its competence, and by a number where a
    partner has several of one competence. A partner that is new or gone brings or takes its offers without saying so.

    Parameters
    ----------
    before, after : Pool

    Returns
    -------
    list of Change
        Section by section; empty if the pools say the same.

    Examples
    --------
    >>> old = Pool.model_validate({"partners": [{"id": "a", "capacity": 5}, {"id": "b"}]})
    >>> new = Pool.model_validate({"partners": [{"id": "c"}, {"id": "a", "capacity": 6}]})
    >>> for change in pool_changes(old, new):
    ...     print(change.kind, change.id, *(f"{field.key}: {field.before} -> {field.after}" for field in change.fields))
    removed b
    added c
    changed a capacity: 5 -> 6
    """
    found: list[Change] = []
    whole = tuple(_different(_values(before, _OF_POOL), _values(after, _OF_POOL)))
    if whole:
        found.append(Change("pool", "changed", "", None, whole))
    found += _entries("competences", _by_id(before.competences), _by_id(after.competences))
    found += _entries("clusters", _by_id(before.clusters), _by_id(after.clusters))
    ours, theirs = _by_id(before.partners), _by_id(after.partners)
    found += _entries("partners", ours, theirs)
    for name, partner in theirs.items():
        if name in ours:
            found += _entries("offers", _offers(ours[name]), _offers(partner), name)
    return found


_OF_POOL = ("title", "currency", "as_of")


def _by_id(entries: Iterable[Any]) -> dict[str, Any]:
    return {entry.id: entry for entry in entries}


def _offers(partner: Any) -> dict[str, Any]:
    return dict(zip(partner.offer_ids(), partner.offers, strict=True))


def _entries(
    section: Section, before: Mapping[str, Strict], after: Mapping[str, Strict], partner: str | None = None
) -> Iterator[Change]:
    """Compare entries: first those that are gone, then what there is in its order."""
    for name, entry in before.items():
        if name not in after:
            yield Change(section, "removed", name, partner, tuple(_different(_said(entry), {})))
    for name, entry in after.items():
        if name not in before:
            yield Change(section, "added", name, partner, tuple(_different({}, _said(entry))))
            continue
        fields = tuple(_different(_values(before[name]), _values(entry)))
        if fields:
            yield Change(section, "changed", name, partner, fields)


def _values(entry: Strict, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """Return what is said of an entry, by key, without what is not said and without ids and offers."""
    found: dict[str, Any] = {}
    for key in keys or type(entry).model_fields:
        value = getattr(entry, key)
        if key in _NESTED:
            found |= {f"{key}.{name}": inner for name, inner in value.items()}
        elif key not in ("id", "offers") and value is not None and value != "" and value != ():
            found[key] = tuple(sorted(value)) if key in _IN_ANY_ORDER else value
    return found


def _said(entry: Strict) -> dict[str, Any]:
    """Return what is said of an entry, without what would be so without saying."""
    fields = type(entry).model_fields
    return {key: value for key, value in _values(entry).items() if key not in fields or value != fields[key].default}


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Field]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old != new or isinstance(old, bool) != isinstance(new, bool):  # True == 1
            yield Field(key, old, new)
