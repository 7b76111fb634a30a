"""A question posed from arrays, without the objects of the file schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from consortia.amounts import exact_integers
from consortia.instance import UNLIMITED, Instance
from consortia.program import Integers, integers
from consortia.rules import Rule


def pose_arrays(
    made: type[Instance],
    *,
    partners: Iterable[str] | int,
    capabilities: Iterable[str] | int,
    joining: Iterable[Any],
    holds: tuple[object, object] | None,
    holders: object,
    deliveries: tuple[object, object, Iterable[Any]] | None,
    efforts: object,
    capacity: object,
    providers: tuple[object, object],
    title: str,
    rules: tuple[Rule, ...],
    attributes: Mapping[str, tuple[object, ...]],
) -> Instance:
    """Make the Instance that :meth:`Instance.from_arrays` describes.

    Raises
    ------
    ValueError
        If lengths differ, ids appear twice, or positions are not there.
    """
    who = tuple(str(n + 1) for n in range(partners)) if isinstance(partners, int) else tuple(partners)
    what = tuple(str(n + 1) for n in range(capabilities)) if isinstance(capabilities, int) else tuple(capabilities)
    size, breadth = len(who), len(what)
    none: tuple[object, object, list[Any]] = ([], [], [])
    supplier, supplied, prices = none if deliveries is None else deliveries
    joining, prices = list(joining), list(prices)
    _distinct("partners", who)
    _distinct("capabilities", what)
    if len(joining) != size:
        raise ValueError(f"joining has {len(joining)} costs for {size} partners")
    arc_partner, arc_capability = _positions("deliveries", supplier, supplied, size, breadth)
    if len(prices) != len(arc_partner):
        raise ValueError(f"deliveries have {len(prices)} prices for {len(arc_partner)} positions")
    if len(np.unique(arc_partner * max(breadth, 1) + arc_capability)) < len(arc_partner):
        raise ValueError("deliveries name a partner and a capability twice")
    amounts, scale = exact_integers([*joining, *prices])
    arc_price = amounts[size:]
    order = np.lexsort((arc_partner, arc_capability))
    arc_partner, arc_capability, arc_price = arc_partner[order], arc_capability[order], arc_price[order]
    hold_partner, hold_capability = _positions("holds", *(holds or ([], [])), size, breadth)
    order = np.lexsort((hold_partner, hold_capability))
    hold_partner, hold_capability = hold_partner[order], hold_capability[order]
    delivered = np.ones(breadth, dtype=bool)
    delivered[hold_capability] = False
    if deliveries is None:
        delivered[:] = False
    effort = np.where(delivered, np.broadcast_to(integers(efforts), (breadth,)), 0)
    limit = np.broadcast_to(integers(capacity), (size,)).copy()
    least, most = (np.broadcast_to(integers(bound), (breadth,)) for bound in providers)
    wanted = np.broadcast_to(integers(holders), (breadth,))
    whole = effort[arc_capability]
    room = limit[arc_partner]
    single = most[arc_capability] == 1
    fits = (room < 0) | ~single | (whole <= room)
    arc_partner, arc_capability, arc_price = arc_partner[fits], arc_capability[fits], arc_price[fits]
    whole, room, single = whole[fits], room[fits], single[fits]
    return made(
        title=title,
        partners=who,
        capabilities=what,
        joining=amounts[:size],
        capacity=limit,
        delivered=delivered,
        effort=effort,
        least_providers=np.where(delivered, least, wanted),
        most_providers=np.where(delivered, most, UNLIMITED),
        least_part=(effort > 0).astype(np.int64),
        backups=np.zeros(breadth, dtype=np.int64),
        seat_partner=np.arange(size, dtype=np.int64),
        seat_cluster=np.full(size, -1, dtype=np.int64),
        seat_paid=np.zeros(size, dtype=bool),
        offers=what,
        offer_partner=np.full(breadth, -1, dtype=np.int64),
        offer_capacity=np.full(breadth, UNLIMITED, dtype=np.int64),
        arc_partner=arc_partner,
        arc_capability=arc_capability,
        arc_offer=arc_capability,
        arc_fixed=np.where(single | (whole == 0), arc_price, 0),
        arc_rate=np.where(single | (whole == 0), 0, arc_price),
        arc_limit=np.where(room < 0, whole, np.minimum(whole, room)),
        hold_partner=hold_partner,
        hold_capability=hold_capability,
        scale=scale,
        rules=tuple(rules),
        attributes=attributes,
    )


def _distinct(name: str, ids: tuple[str, ...]) -> None:
    if len(set(ids)) < len(ids):
        twice = next(entry for entry in ids if ids.count(entry) > 1)
        raise ValueError(f"{name} has the id {twice!r} more than once")


def _positions(name: str, partners: object, capabilities: object, size: int, breadth: int) -> tuple[Integers, Integers]:
    """Return positions of partners and of capabilities, of which nothing is guessed: a negative one counts from no end.

    Raises
    ------
    ValueError
        If they are not whole, not pairs, or there are not so many partners or capabilities.
    """
    found = []
    for what, given, count in (("partners", partners, size), ("capabilities", capabilities, breadth)):
        plain = np.asarray(given).ravel()
        if plain.size and not np.issubdtype(plain.dtype, np.integer):
            raise ValueError(f"{name}: positions of {what} are whole numbers, not {plain.dtype}")
        wrong = plain[(plain < 0) | (plain >= count)] if plain.size else plain
        if wrong.size:
            raise ValueError(f"{name}: there is no position {wrong[0]} among {count} {what}")
        found.append(integers(plain))
    if len(found[0]) != len(found[1]):
        raise ValueError(f"{name}: {len(found[0])} positions of partners and {len(found[1])} of capabilities")
    return found[0], found[1]
