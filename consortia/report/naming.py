"""How partners, clusters, capabilities and offers are called in reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consortia.consortium import Consortium


def named(names: Mapping[str, str], key: str) -> str:
    """Return an id with the name that it stands for, if there is another.

    Examples
    --------
    >>> named({"acme": "Acme Films Ltd"}, "acme"), named({}, "acme")
    ('Acme Films Ltd [acme]', 'acme')
    """
    name = names.get(key, "")
    return f"{name} [{key}]" if name and name != key else key


def through(offer: str | None, competence: str, path: Sequence[str]) -> str:
    """Return the offer and the way from what it offers to what is asked; nothing where both go without saying.

    Examples
    --------
    >>> through("laser welding", "welding", ("laser welding", "welding"))
    'laser welding < welding'
    >>> through("lw-2", "welding", ("laser welding", "welding"))
    'lw-2: laser welding < welding'
    >>> through("welding", "welding", ())
    ''
    """
    way = " < ".join(path)
    if offer is None or offer == competence or (path and offer == path[0]):
        return way
    return f"{offer}: {way}" if way else offer


def by_cluster(consortium: Consortium) -> dict[str | None, list[str]]:
    """Return the members by the cluster through which they enter; those without one come last."""
    groups: dict[str | None, list[str]] = {}
    entries = sorted(consortium.members.items(), key=lambda entry: (entry[1] is None, entry[1] or ""))
    for partner, cluster in entries:
        groups.setdefault(cluster, []).append(partner)
    return groups
