"""Capabilities that nobody, or too few, can supply: what screening shows of a question before any solving."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from consortia.instance import Instance
from consortia.program import Integers
from consortia.sentence import Sentence, say


@dataclass(frozen=True)
class Shortage:
    """That the partners of a pool cannot supply what is asked for.

    Parameters
    ----------
    capability : str or None
        Its id; None where it is all capabilities together.
    sentence : Sentence
        What is short.
    """

    capability: str | None
    sentence: Sentence


def shortages(instance: Instance) -> list[Shortage]:
    """Say which capabilities cannot be supplied, whatever the rules and the budget.

    Parameters
    ----------
    instance : Instance

    Returns
    -------
    list of Shortage
        Empty where each capability by itself, and all efforts together, can be supplied.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=1, capabilities=["cut", "weld"], joining=[3], holds=([0], [0]))
    >>> [str(shortage.sentence) for shortage in shortages(question)]
    ['nobody can supply weld']
    """
    found = []
    able = suppliers(instance)
    most = most_effort(instance)
    for place, capability in enumerate(instance.capabilities):
        sentence = _short(instance, place, int(able[place]), int(most[place]))
        if sentence is not None:
            found.append(Shortage(capability, sentence))
    if not found and instance.effort.any():
        wanted, possible = int(instance.effort.sum()), effort_together(instance, instance.partners)
        if possible < wanted:
            text = "all partners together have capacity for {effort} of the {wanted} person-months"
            values = {"effort": instance.months(possible), "wanted": instance.months(wanted)}
            found.append(Shortage(None, Sentence(text, values)))
    return found


def _short(instance: Instance, place: int, count: int, most: int) -> Sentence | None:
    capability = instance.capabilities[place]
    least, backups = int(instance.least_providers[place]), int(instance.backups[place])
    if count == 0:
        return say("nobody can supply {capability}", capability=capability)
    if count < least:
        text = "{capability}: {count} can supply it, but {least} are required"
        return Sentence(text, {"capability": capability, "count": count, "least": least})
    if count < least + backups:
        text = "{capability}: {count} can supply it, but {least} and {backups} backups are required"
        return Sentence(text, {"capability": capability, "count": count, "least": least, "backups": backups})
    if most < instance.effort[place]:
        return say(
            "{capability}: its suppliers have capacity for {effort} of {wanted} person-months",
            capability=capability,
            effort=instance.months(most),
            wanted=instance.months(int(instance.effort[place])),
        )
    return None


def suppliers(instance: Instance, partners: Collection[str] | None = None) -> Integers:
    """Count, for each capability, those (of the named partners) who could hold or deliver it."""
    size = len(instance.partners)
    pairs = np.concatenate(
        [
            instance.arc_capability * size + instance.arc_partner,
            instance.hold_capability * size + instance.hold_partner,
        ]
    )
    pairs = np.unique(pairs)
    if partners is not None:
        pairs = pairs[np.isin(pairs % size, [instance.partner_at[name] for name in partners])]
    return np.bincount(pairs // max(size, 1), minlength=len(instance.capabilities))


def most_effort(instance: Instance, partners: Collection[str] | None = None) -> Integers:
    """Return, for each capability by itself, the steps of effort that (the named) partners could deliver of it."""
    arcs = np.arange(len(instance.arc_partner))
    if partners is not None:
        arcs = np.flatnonzero(np.isin(instance.arc_partner, [instance.partner_at[name] for name in partners]))
    parts: dict[int, dict[int, int]] = {}
    for arc in arcs.tolist():
        by_partner = parts.setdefault(int(instance.arc_capability[arc]), {})
        partner = int(instance.arc_partner[arc])
        by_partner[partner] = max(by_partner.get(partner, 0), int(instance.arc_limit[arc]))
    most = np.zeros(len(instance.capabilities), dtype=np.int64)
    for capability, by_partner in parts.items():
        limit = int(instance.most_providers[capability])
        largest = sorted(by_partner.values(), reverse=True)[: limit if limit >= 0 else None]
        most[capability] = min(sum(largest), int(instance.effort[capability]))
    return most


def effort_together(instance: Instance, partners: Collection[str]) -> int:
    """Return the most steps of effort that partners can deliver of all capabilities together.

    Capacities of partners and of offers are kept; numbers of providers and least shares are not. It is the largest
    flow from partners through their offers to capabilities.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    chosen = {instance.partner_at[name] for name in partners}
    total = int(instance.effort.sum())
    edges: dict[tuple[object, object], int] = {}
    for arc in np.flatnonzero(np.isin(instance.arc_partner, list(chosen))).tolist():
        partner, capability = int(instance.arc_partner[arc]), int(instance.arc_capability[arc])
        effort, offer = int(instance.effort[capability]), int(instance.arc_offer[arc])
        if effort:
            edges["from", ("partner", partner)] = _at_most(instance.capacity[partner], total)
            edges[("partner", partner), ("offer", partner, offer)] = _at_most(instance.offer_capacity[offer], total)
            edges[("offer", partner, offer), ("capability", capability)] = int(instance.arc_limit[arc])
            edges[("capability", capability), "to"] = effort
    if not edges:
        return 0
    nodes = {name: number for number, name in enumerate(dict.fromkeys(node for edge in edges for node in edge))}
    rows, columns = ([nodes[edge[end]] for edge in edges] for end in (0, 1))
    # the algorithm counts in 32 bits: beyond them steps are taken together, which can only overstate
    unit = max(1, -(-total // 2**30))
    flows = [-(-capacity // unit) for capacity in edges.values()]
    graph = csr_array((np.array(flows, dtype=np.int32), (rows, columns)), shape=(len(nodes), len(nodes)))
    return min(total, int(maximum_flow(graph, nodes["from"], nodes["to"]).flow_value) * unit)


def _at_most(capacity: int, total: int) -> int:
    return total if capacity < 0 else min(int(capacity), total)
