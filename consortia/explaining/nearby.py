"""Consortia near one that is known, from few partners: quick to find where those from all partners are not.

What is found is a consortium of the whole question as well, and is checked there; that there is none means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from consortia.checking import check
from consortia.consortium import Consortium
from consortia.explaining.cases import AsBefore, OneCase
from consortia.explaining.inquiry import Inquiry
from consortia.instance import Instance, Mask
from consortia.outcome import Outcome
from consortia.program import Integers

_T = TypeVar("_T")
_REACHES = (1, 2)
_EFFORT = 0.1  # of each question, in CP-SAT's deterministic seconds
_TOGETHER = 2
_ONE_WORKER: dict[str, Any] = {"solver": "cpsat", "options": {"workers": 1}}
_SUBSTITUTES = 4  # for each capability of somebody who is to leave


def found_near(inquiry: Inquiry, present: Outcome, wanted: Callable[[str], bool]) -> Iterator[Outcome]:
    """Look for consortia near the present one with each outsider, and without each member.

    Parameters
    ----------
    inquiry : Inquiry
    present : Outcome
    wanted : callable
        Whether no such consortium is known yet of a partner; asked again as some are found.

    Yields
    ------
    Outcome
        With a consortium of the whole question.
    """
    instance, consortium = present.instance, present.consortium
    assert consortium is not None
    effort = _EFFORT if inquiry.effort_limit is None else min(_EFFORT, inquiry.effort_limit)
    for reach in _REACHES:
        unknown = [name for name in instance.partners if wanted(name)]
        for at in range(0, len(unknown), _TOGETHER):
            names = [name for name in unknown[at : at + _TOGETHER] if wanted(name)]
            if inquiry.over:
                return
            questions = [near(instance, consortium, name, name not in consortium.members, reach) for name in names]
            for outcome in inquiry.ask_together(questions, hint=present, effort_limit=effort, **_ONE_WORKER):
                if outcome.consortium is not None and check(instance, outcome.consortium).valid:
                    yield outcome


def near(instance: Instance, consortium: Consortium, partner: str, joins: bool, reach: int) -> Instance:
    """Ask for a consortium of these members with an outsider, or of the others without a member.

    Parameters
    ----------
    instance : Instance
    consortium : Consortium
        One of its consortia.
    partner : str
    joins : bool
        Whether the partner is to come in; else it is to leave, and the cheapest who could do its work may come in.
    reach : int
        How far from the partner deliveries may change: of those whose work it shares, of those whose work they share.

    Returns
    -------
    Instance
    """
    extra = {partner} if joins else _substitutes(instance, consortium, partner)
    few = among(instance, {*consortium.members, *extra})
    made = tuple((made.partner, made.capability, made.offer) for made in consortium.deliveries)
    free = {capability for who, capability, _ in (instance.arc_at if joins else made) if who == partner}
    alike = {who for capability in instance.held_by(partner) for who in instance.holders[capability]}
    for _ in range(reach):
        around = {who for who, capability, _ in made if capability in free or who in alike}
        free |= {capability for who, capability, _ in made if who in around}
    rest = AsBefore(through=made, free=tuple(sorted(free)))
    return few.replace(rules=(*few.rules, OneCase(cases=((partner, joins, None),)), rest))


def _substitutes(instance: Instance, consortium: Consortium, partner: str) -> set[str]:
    """Return the cheapest who could deliver, or hold, what a member does."""
    found: set[str] = set()
    joining = instance.joining
    for capability in {made.capability for made in consortium.deliveries if made.partner == partner}:
        place = instance.capability_at[capability]
        arcs = np.flatnonzero(instance.arc_capability == place)
        price = instance.arc_fixed[arcs] + instance.arc_rate[arcs] * max(1, int(instance.effort[place]))
        found.update(_cheapest(instance, instance.arc_partner[arcs], price + joining[instance.arc_partner[arcs]]))
    for capability in instance.held_by(partner):
        holders = instance.hold_partner[instance.hold_capability == instance.capability_at[capability]]
        found.update(_cheapest(instance, holders, joining[holders]))
    return found


def _cheapest(instance: Instance, partners: Integers, cost: Integers) -> Iterable[str]:
    order = np.argsort(cost, kind="stable")[: _SUBSTITUTES + 1]  # the member itself may be among them
    return (instance.partners[place] for place in partners[order].tolist())


def among(instance: Instance, partners: Iterable[str]) -> Instance:
    """Return the question with only these partners, as if the others had been left out before.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=3, capabilities=1, joining=[3, 5, 4], holds=([0, 1, 2], [0, 0, 0]))
    >>> among(question, ["2", "3"]).joining.tolist()
    [5, 4]
    """
    wanted = set(partners)
    kept = np.array([name in wanted for name in instance.partners], dtype=bool)
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    seats, arcs = kept[instance.seat_partner], kept[instance.arc_partner]
    holds = kept[instance.hold_partner]
    return instance.replace(
        partners=tuple(name for name in instance.partners if name in wanted),
        joining=instance.joining[kept],
        capacity=instance.capacity[kept],
        attributes={name: _chosen(values, kept) for name, values in instance.attributes.items()},
        seat_partner=place[instance.seat_partner[seats]],
        seat_cluster=instance.seat_cluster[seats],
        seat_paid=instance.seat_paid[seats],
        offer_partner=np.where(instance.offer_partner < 0, -1, place[instance.offer_partner]),
        arc_partner=place[instance.arc_partner[arcs]],
        arc_capability=instance.arc_capability[arcs],
        arc_offer=instance.arc_offer[arcs],
        arc_fixed=instance.arc_fixed[arcs],
        arc_rate=instance.arc_rate[arcs],
        arc_limit=instance.arc_limit[arcs],
        arc_category=_chosen(instance.arc_category, arcs) if instance.arc_category else (),
        hold_partner=place[instance.hold_partner[holds]],
        hold_capability=instance.hold_capability[holds],
        period_capacity=instance.period_capacity[kept] if len(instance.period_capacity) else instance.period_capacity,
    )


def _chosen(values: tuple[_T, ...], kept: Mask) -> tuple[_T, ...]:
    return tuple(value for value, keep in zip(values, kept.tolist(), strict=True) if keep)
