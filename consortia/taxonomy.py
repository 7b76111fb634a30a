"""Broader and narrower competences."""

from __future__ import annotations

from collections.abc import Mapping


class Taxonomy:
    """Which competence is broader than which.

    Parameters
    ----------
    broader : mapping of str to sequence of str
        The directly broader competences of each; what is not listed has none. Free of cycles.

    Examples
    --------
    >>> Taxonomy({"laser welding": ["welding"], "welding": ["joining"]}).paths("laser welding")["joining"]
    ('laser welding', 'welding', 'joining')
    """

    def __init__(self, broader: Mapping[str, tuple[str, ...] | list[str]]) -> None:
        self._broader = broader
        self._paths: dict[str, dict[str, tuple[str, ...]]] = {}
        self._narrower: dict[str, list[str]] = {}
        for name, parents in broader.items():
            for parent in parents:
                self._narrower.setdefault(parent, []).append(name)

    @property
    def flat(self) -> bool:
        """Whether no competence is broader than another."""
        return not self._narrower

    def paths(self, competence: str) -> dict[str, tuple[str, ...]]:
        """Return a shortest path to each competence that this one is a case of, itself included."""
        if competence not in self._paths:
            found: dict[str, tuple[str, ...]] = {competence: (competence,)}
            frontier = [competence]
            while frontier:
                reached = []
                for narrower in frontier:
                    for parent in self._broader.get(narrower, ()):
                        if parent not in found:
                            found[parent] = (*found[narrower], parent)
                            reached.append(parent)
                frontier = reached
            self._paths[competence] = found
        return self._paths[competence]

    def narrower(self, competence: str) -> list[str]:
        """Return all competences that are cases of this one, itself first."""
        found = dict.fromkeys([competence])
        frontier = [competence]
        while frontier:
            frontier = [name for parent in frontier for name in self._narrower.get(parent, ()) if name not in found]
            found.update(dict.fromkeys(frontier))
        return list(found)
