"""Who has a competence that is short: at which levels it is offered, and who was left out and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consortia.explaining.question import Question
from consortia.sentence import Sentence


@dataclass(frozen=True)
class LeftOut:
    """A partner that has a competence, or nearly, and was left out before solving.

    Attributes
    ----------
    partner : str
    name : str
        What the pool calls it; its id where it has no other name, or the pool is not known.
    level : int or None
        The highest at which it offers the competence; None where that is not known.
    reason : Sentence
    """

    partner: str
    name: str
    level: int | None
    reason: Sentence


@dataclass(frozen=True)
class Lack:
    """Where a capability could come from.

    Attributes
    ----------
    capability : str
    level : int or None
        That which is asked for; None where it is not known.
    levels : tuple of int
        Those at which it is offered by anybody at all, left out or not.
    suppliers : tuple of str
        Those who may supply it.
    left_out : tuple of LeftOut
    """

    capability: str
    level: int | None
    levels: tuple[int, ...]
    suppliers: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def lacking(question: Question, capability: str) -> Lack:
    """Look up who offers a capability, and why some of them were left out."""
    instance, project, pool = question.instance, question.project, question.pool
    place = instance.capability_at[capability]
    partners = [
        *instance.arc_partner[instance.arc_capability == place].tolist(),
        *instance.hold_partner[instance.hold_capability == place].tolist(),
    ]
    able = tuple(dict.fromkeys(instance.partners[partner] for partner in partners))
    level: int | None = None
    levels: dict[str, int] = {}
    names: dict[str, str] = {}
    if project is not None and pool is not None:
        wanted = next(entry for entry in project.capabilities if entry.id == capability)
        level, offers = wanted.level, pool.suiting(wanted.wanted)
        for partner, offered in zip(pool.offer_partner[offers], pool.offer_level[offers], strict=True):
            name = pool.partners[int(partner)]
            levels[name] = max(levels.get(name, 0), int(offered))
        names = {pool.partners[at]: name for at, name in pool.partner_names.items()}
    reasons: dict[str, Sentence] = {}
    for entry in instance.exclusions:
        if entry.partner in able:
            continue
        if entry.capability == capability:
            reasons[entry.partner] = entry.reason
        elif entry.capability is None and entry.partner in levels:
            reasons.setdefault(entry.partner, entry.reason)
    left_out = (LeftOut(name, names.get(name, name), levels.get(name), reason) for name, reason in reasons.items())
    found = np.unique(list(levels.values())).tolist() if levels else []
    return Lack(capability, level, tuple(found), able, tuple(left_out))
