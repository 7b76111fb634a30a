"""From what screening found to arrays: who may hold and who may deliver what, through which offer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from consortia.amounts import whole_steps
from consortia.program import integers
from consortia.screening import Screening, Supplies


def supplies(screening: Screening) -> dict[str, Any]:
    """Return the fields of an Instance that say who may hold and who may deliver what.

    Where nothing is delivered, those of deliveries are left as an Instance has them by itself: empty.
    """
    found = screening.supplies
    is_arc = screening.delivered[found.capability]
    holds = found.where(~is_arc)
    again = np.zeros(len(holds.partner), dtype=bool)  # several offers of a partner are one hold
    again[1:] = (holds.partner[1:] == holds.partner[:-1]) & (holds.capability[1:] == holds.capability[:-1])
    holds = holds.where(~again)
    return {
        "hold_capability": holds.capability,
        "hold_partner": screening.place[holds.partner],
        **(_arcs(screening, found.where(is_arc)) if is_arc.any() else {}),
        "reliability": _reliability(screening),
        "paths": _paths(screening),
    }


def _arcs(screening: Screening, arcs: Supplies) -> dict[str, Any]:
    """Who may deliver what, through which offer, and how much of it."""
    pool, project, place = screening.pool, screening.project, screening.place
    offers, arc_offer = np.unique(arcs.offer, return_inverse=True)
    asked = (capability.effort or Decimal(0) for capability in project.capabilities)
    of_partners, of_offers = pool.in_steps(project.effort_step)
    limit = whole_steps(asked, project.effort_step)[arcs.capability]
    for capped in (of_partners[arcs.partner], of_offers[arcs.offer]):
        limit = np.where(capped >= 0, np.minimum(limit, capped), limit)
    categories = tuple(pool.offer_category[offer] for offer in arcs.offer.tolist())
    return {
        "offers": tuple(pool.offer_names[offer] for offer in offers.tolist()),
        "offer_partner": place[pool.offer_partner[offers]],
        "offer_capacity": of_offers[offers],
        "arc_partner": place[arcs.partner],
        "arc_capability": arcs.capability,
        "arc_offer": arc_offer.reshape(-1),
        "arc_limit": limit,
        "arc_category": categories if set(categories) - {"personnel"} else (),
    }


def _reliability(screening: Screening) -> dict[tuple[str, str, str | None], Decimal]:
    """Return the reliability of offers that state one; of several by which a partner holds, that of the best."""
    pool, chosen, asked = screening.pool, screening.supplies, screening.project.capabilities
    if not pool.offer_reliability.given[chosen.offer].any():
        return {}
    pairs = list(zip(chosen.partner.tolist(), chosen.capability.tolist(), chosen.offer.tolist(), strict=True))
    stated = {(partner, place) for partner, place, offer in pairs if pool.offer_reliability[offer] is not None}
    found: dict[tuple[str, str, str | None], Decimal] = {}
    for partner, place, offer in pairs:
        own = pool.offer_reliability[offer]
        value = pool.attributes["reliability"][partner] if own is None else own
        if value is None or (partner, place) not in stated:
            continue
        assert isinstance(value, Decimal)
        name = pool.offer_names[offer] if screening.delivered[place] else None
        key = pool.partners[partner], asked[place].id, name
        found[key] = max(value, found.get(key, value))
    return found


def _paths(screening: Screening) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the way from a narrower competence that is offered to the broader one that is asked for."""
    pool, chosen, asked = screening.pool, screening.supplies, screening.project.capabilities
    if pool.taxonomy.flat:
        return {}
    codes = integers([pool.competence_code(capability.wanted) for capability in asked])
    narrower = chosen.where(pool.offer_competence[chosen.offer] != codes[chosen.capability])
    found = {}
    for place, offer, partner in zip(
        narrower.capability.tolist(), narrower.offer.tolist(), narrower.partner.tolist(), strict=True
    ):
        path = pool.taxonomy.paths(pool.competence(offer))[asked[place].wanted]
        found[pool.partners[partner], asked[place].id, pool.offer_names[offer]] = path
    return found
