"""Consortia near one that is known, from few partners: quick to find where those from all partners are not.

What is found is a consortium of the whole question as well, and is checked there; that there is none means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from consortia.checking import check
from consortia.consortium import Consortium
from consortia.explaining.cases import AsBefore, Settled
from consortia.explaining.inquiry import Inquiry
from consortia.instance import Instance, Mask
from consortia.outcome import Outcome
from consortia.program import Integers
from consortia.rules import Requires

_T = TypeVar("_T")
_REACHES = (1, 2)
_EFFORT = 0.1  # of each question, in CP-SAT's deterministic seconds
_ONE_WORKER: dict[str, Any] = {"solver": "cpsat", "options": {"workers": 1}}
_SUBSTITUTES = 4  # for each capability of somebody who is to leave


def found_near(
    inquiry: Inquiry, present: Outcome, wanted: Callable[[str], bool], together: int = 1
) -> Iterator[Outcome]:
    """Look for consortia near the present one with each outsider, and without each member.

    Parameters
    ----------
    inquiry : Inquiry
    present : Outcome
    wanted : callable
        Whether no such consortium is known yet of a partner; asked again as some are found.
    together : int
        So many outsiders come in together at first, so that soon there is something for everybody, if dear; in the
        end one by one.

    Yields
    ------
    Outcome
        With a consortium of the whole question.
    """
    instance, consortium = present.instance, present.consortium
    assert consortium is not None
    outsiders = [name for name in instance.partners if name not in consortium.members]
    dear: set[str] = set()
    for size, reach in [(together, 1)] * (together > 1) + [(1, reach) for reach in _REACHES]:
        names = [name for name in (outsiders if size > 1 else instance.partners) if wanted(name)]
        groups = [names[at : at + size] for at in range(0, len(names), size)]
        for group, outcome in _asked(inquiry, present, groups, reach, wanted):
            dear.update(group if size > 1 else ())
            yield outcome
    for _, outcome in _asked(inquiry, present, [[name] for name in outsiders if name in dear], 1, dear.__contains__):
        yield outcome


def _asked(
    inquiry: Inquiry, present: Outcome, groups: Sequence[list[str]], reach: int, wanted: Callable[[str], bool]
) -> Iterator[tuple[list[str], Outcome]]:
    """Ask for each group of partners that is still wanted, two groups at a time; return those that were found."""
    instance, consortium = present.instance, present.consortium
    assert consortium is not None
    for pair in inquiry.in_pairs(group for group in groups if any(map(wanted, group))):
        effort = _EFFORT * reach * max(map(len, pair)) ** 0.5
        limit = effort if inquiry.effort_limit is None else min(effort, inquiry.effort_limit)
        questions = [near(instance, consortium, group, group[0] not in consortium.members, reach) for group in pair]
        outcomes = inquiry.ask_together(questions, hint=present, effort_limit=limit, **_ONE_WORKER)
        for group, outcome in zip(pair, outcomes, strict=True):
            if outcome.consortium is not None and check(instance, outcome.consortium).valid:
                yield group, outcome


def near(instance: Instance, consortium: Consortium, group: Sequence[str], joins: bool, reach: int) -> Instance:
    """Ask for a consortium of these members with some outsiders, or of the others without some members.

    Parameters
    ----------
    instance : Instance
    consortium : Consortium
        One of its consortia.
    group : sequence of str
    joins : bool
        Whether the group is to come in, and those without whom it may not; else it is to leave, and the cheapest who
        could do its work may come in.
    reach : int
        How far from the group deliveries may change: of those whose work it shares, of those whose work they share.

    Returns
    -------
    Instance
    """
    extra = (
        _company(instance, group)
        if joins
        else {one for name in group for one in _substitutes(instance, consortium, name)}
    )
    few = among(instance, {*consortium.members, *extra})
    made = tuple((made.partner, made.capability, made.offer) for made in consortium.deliveries)
    moved = extra if joins else {*group}
    free = {capability for who, capability, _ in (instance.arc_at if joins else made) if who in moved}
    alike = {who for name in moved for capability in instance.held_by(name) for who in instance.holders[capability]}
    for _ in range(reach):
        around = {who for who, capability, _ in made if capability in free or who in alike}
        free |= {capability for who, capability, _ in made if who in around}
    rest = AsBefore(through=made, free=tuple(sorted(free)))
    inside, outside = (tuple(group), ()) if joins else ((), tuple(group))
    return few.replace(rules=(*few.rules, Settled(inside=inside, outside=outside), rest))


def _company(instance: Instance, group: Iterable[str]) -> set[str]:
    """Return some outsiders with one for each that rules let them join only with."""
    found, waiting = set[str](), list(group)
    while waiting:
        name = waiting.pop()
        found.add(name)
        for rule in instance.rules:
            if isinstance(rule, Requires) and rule.when == name and not found.intersection(rule.any_of):
                waiting.append(rule.any_of[0])
    return found


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
