"""The network: clusters, members and industries in three columns.

Lines join each member with the cluster that it enters through and the industry that it works in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.drawing import Curve, Dot, Drawing, Text, clipped, width_of
from consortia.report.naming import by_cluster

_WIDTH, _ROW, _TOP = 980.0, 30.0, 46.0
_CLUSTER, _MEMBER, _INDUSTRY = 290.0, 440.0, 796.0
_SIDE, _MIDDLE, _RIGHT = 272.0, 256.0, 170.0
"""Room for the names of clusters, members and industries."""


def network(outcome: Outcome, words: Language) -> Drawing:
    """Draw each member with the cluster that it enters through and the industry that it works in."""
    instance, consortium = outcome.instance, outcome.consortium
    assert consortium is not None
    groups = by_cluster(consortium)
    members = [partner for partners in groups.values() for partner in partners]
    industry = {partner: _industry(instance, partner, consortium.members[partner]) for partner in members}
    rows = {partner: float(place) for place, partner in enumerate(members)}
    clusters = _placed({cluster: partners for cluster, partners in groups.items() if cluster is not None}, rows)
    industries = _placed(_members_of(industry), rows)
    height = _TOP + _ROW * max(len(members), len(clusters), len(industries)) + 10
    title = words.say("Members, their clusters and industries")
    drawing = Drawing("network", title, "", _WIDTH, height)
    places = {
        "member": _spread(rows, height),
        "cluster": _spread(clusters, height),
        "industry": _spread(industries, height),
    }
    told = []
    for partner in members:
        cluster, y, field = consortium.members[partner], places["member"][partner], industry[partner]
        name = instance.partner_names.get(partner, partner)
        label = clipped(name, _MIDDLE - 12)
        if cluster is not None:
            drawing.add(Curve(_CLUSTER + 6, places["cluster"][cluster], _MEMBER - 6, y, "cluster", 1.6))
        if field is not None:
            edge = _MEMBER + _MIDDLE
            drawing.add(Curve(min(edge, _MEMBER + 20 + width_of(label)), y, edge, y, "industry"))
            drawing.add(Curve(edge, y, _INDUSTRY - 6, places["industry"][field], "industry"))
        role = "coordinator" if partner == consortium.coordinator else "member"
        drawing.add(Dot(_MEMBER, y, 6, role))
        drawing.add(Text(_MEMBER + 12, y, label, role if role != "member" else "ink"))
        told.append(" - ".join([*_named_cluster(outcome, cluster), name, *_word(field, words)]))
    for key, y in places["cluster"].items():
        name = clipped(_named_cluster(outcome, key)[0], _SIDE)
        drawing.add(Dot(_CLUSTER, y, 6, "cluster"), Text(_CLUSTER - 12, y, name, anchor="end"))
    for key, y in places["industry"].items():
        name = clipped(_word(key, words)[0], _RIGHT)
        drawing.add(Dot(_INDUSTRY, y, 6, "industry"), Text(_INDUSTRY + 12, y, name))
    _heads(drawing, bool(clusters), bool(industries), consortium.coordinator is not None, words)
    drawing.description = "; ".join(told)
    return drawing


def _heads(drawing: Drawing, clusters: bool, industries: bool, coordinator: bool, words: Language) -> None:
    y = 18.0
    if clusters:
        drawing.add(Text(_CLUSTER, y, words.say("Clusters"), "cluster", "end", bold=True))
    drawing.add(Text(_MEMBER - 6, y, words.say("Members"), "member", bold=True))
    if coordinator:
        drawing.add(Text(_MEMBER + 110, y, words.say("coordinator"), "coordinator", size=12))
        drawing.add(Dot(_MEMBER + 100, y, 5, "coordinator"))
    if industries:
        drawing.add(Text(_INDUSTRY - 6, y, words.say("Industries"), "industry", bold=True))


def _industry(instance: Instance, partner: str, cluster: str | None) -> str | None:
    value = instance.attribute("industry", partner, cluster)
    return None if value is None else str(value)


def _members_of(industry: Mapping[str, str | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for partner, name in industry.items():
        if name is not None:
            found.setdefault(name, []).append(partner)
    return found


def _placed(groups: Mapping[str, Sequence[str]], rows: Mapping[str, float]) -> dict[str, float]:
    """Order groups by the middle of their members, so that few lines cross."""
    middles = {name: sum(rows[partner] for partner in partners) / len(partners) for name, partners in groups.items()}
    return dict(sorted(middles.items(), key=lambda entry: (entry[1], str(entry[0]))))


def _spread(ordered: Mapping[str, float], height: float) -> dict[str, float]:
    """Give each its height, near to the middle of its members, a row apart at least and inside the picture."""
    wanted = [_TOP + _ROW * (middle + 0.5) for middle in ordered.values()]
    for place in range(1, len(wanted)):
        wanted[place] = max(wanted[place], wanted[place - 1] + _ROW)
    for place in reversed(range(len(wanted))):
        after = wanted[place + 1] - _ROW if place + 1 < len(wanted) else height - _ROW / 2 - 10
        wanted[place] = min(wanted[place], after)
    return dict(zip(ordered, wanted, strict=True))


def _named_cluster(outcome: Outcome, cluster: str | None) -> list[str]:
    return [] if cluster is None else [outcome.instance.cluster_names.get(cluster, cluster)]


def _word(industry: str | None, words: Language) -> list[str]:
    return [] if industry is None else [words.translate(industry)]
