"""Seeded questions of documented families: the same seed and parameters give the same bytes everywhere."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from consortia.generate.consortium import ConsortiumFamily
from consortia.generate.cover import Cover
from consortia.generate.family import Family, Generated
from consortia.generate.sourcing import Sourcing

__all__ = ["FAMILIES", "Family", "Generated", "generate"]

FAMILIES: dict[str, type[Family]] = {"cover": Cover, "sourcing": Sourcing, "consortium": ConsortiumFamily}
"""The families by name. Their fields are the parameters, each with a default and a ``help`` text in its metadata."""


def generate(kind: str, seed: int, **parameters: Any) -> dict[str, Any]:
    """Generate a project with its pool inline.

    Parameters
    ----------
    kind : {"cover", "sourcing", "consortium"}
        The family.
    seed : int
        Which member of the family; not negative.
    **parameters
        Fields of the family in :data:`FAMILIES`.

    Returns
    -------
    dict
        What a project file would contain.

    Raises
    ------
    ValueError
        If there is no such family or parameter, or a parameter is out of range.

    Examples
    --------
    >>> question = generate("cover", seed=1, partners=20, capabilities=10)
    >>> len(question["pool"]["partners"]), question["title"]
    (20, 'cover 20 x 10, seed 1')
    """
    if kind not in FAMILIES:
        raise ValueError(f"there is no family {kind!r}; known are {', '.join(FAMILIES)}")
    known = [entry.name for entry in fields(FAMILIES[kind])]
    for name in parameters:
        if name not in known:
            raise ValueError(f"the family {kind} has no parameter {name!r}; it has {', '.join(known)}")
    return FAMILIES[kind](**parameters).draw(seed).project
