"""The levels of cooperation, as the ordinary rules they stand for."""

from __future__ import annotations

from consortia.rules.base import Rule
from consortia.rules.counting import Distinct
from consortia.spec.filters import Filter

_EVERY_ROLE = ("beneficiary", "affiliated", "associated", "subcontractor")


def level(name: str) -> tuple[Rule, ...]:
    """Return the rules of a level of cooperation.

    Parameters
    ----------
    name : {"cross-cluster", "super-regional", "metacluster", "any"}

    Examples
    --------
    >>> [rule.attribute for rule in level("cross-cluster")]
    ['industry', 'cluster']
    """
    clusters = Distinct(attribute="cluster", min=2, label=f"{name}: at least two entry clusters")
    if name == "cross-cluster":
        return (Distinct(attribute="industry", min=2, label=f"{name}: at least two industries"), clusters)
    if name == "super-regional":
        everybody = Filter.model_validate({"role": list(_EVERY_ROLE)})
        country = Distinct(attribute="country", filter=everybody, max=1, label=f"{name}: all members in one country")
        return (country, clusters)
    if name == "metacluster":
        countries = Distinct(
            attribute="cluster_country", min=2, label=f"{name}: entry clusters in at least two countries"
        )
        return (countries,)
    return ()
