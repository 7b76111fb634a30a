"""Each rule pack is met by one consortium, and each of its rules missed by another by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consortia import packs
from consortia.checking import verify
from consortia.consortium import Consortium
from consortia.errors import SpecError
from consortia.posing import pose

Partners = list[dict[str, Any]]


def partner(number: int, country: str = "DE", **keys: Any) -> dict[str, Any]:
    free = {name: keys.pop(name) for name in list(keys) if name in FREE}
    own = {"id": f"p{number}", "country": country, "joining_cost": 10, "offers": [{"competence": "work"}]}
    return {**own, **keys, "attributes": free}


FREE = {
    "innovative",
    "programme_region",
    "region_class",
    "public_or_mandated",
    "non_profit",
    "network_management",
    "producing",
}
REGIONS = {"region_class": "more-developed"}

MEETS: dict[str, Partners] = {
    "horizon-ria": [partner(1), partner(2, "FR"), partner(3, "NO")],
    "eurostars-3": [
        partner(1, kind="sme", innovative=True, joining_cost=60),
        partner(2, "FR", kind="large", joining_cost=50),
        partner(3, "FR", kind="large", role="subcontractor", joining_cost=1),
    ],
    "eureka-network": [partner(1), partner(2, "FR")],
    "interreg-central-europe": [
        partner(1, programme_region=True),
        partner(2, "AT", programme_region=True),
        partner(3, "CZ", programme_region=False),
    ],
    "i3-strand-1": [
        partner(1, region="DE1", region_class="less-developed", public_or_mandated=True),
        partner(2, region="DE2", region_class="less-developed"),
        partner(3, "FR", region="FR1", **REGIONS),
        partner(4, "FR", region="FR2", **REGIONS),
        partner(5, "ES", region="ES1", **REGIONS),
    ],
    "i3-strand-2a": [
        partner(1, region="DE1", region_class="transition", non_profit=True),
        partner(2, region="DE2", **REGIONS),
        partner(3, "FR", region="FR1", region_class="transition"),
    ],
    "zim-international": [
        partner(1, kind="sme"),
        partner(2, kind="sme"),
        partner(3, kind="large"),
        partner(4, kind="large"),
        partner(5, kind="other", network_management=True),
        partner(6, "AT", kind="sme"),
        partner(7, "AT", kind="sme"),
        partner(8, "AT", kind="other", network_management=True),
    ],
    "cost-action": [partner(n, "PL" if n < 5 else "DE") for n in range(1, 8)],
    "russia-cluster-779": [partner(n, "RU", producing=n > 3) for n in range(1, 11)],
    "cross-cluster": [partner(1, clusters=["one"]), partner(2, clusters=["two"])],
    "super-regional": [partner(1, clusters=["one"]), partner(2, clusters=["two"])],
    "metacluster": [partner(1, clusters=["one"]), partner(2, clusters=["three"])],
}
CLUSTERS = [
    {"id": "one", "country": "DE", "industry": "packaging"},
    {"id": "two", "country": "DE", "industry": "digital"},
    {"id": "three", "country": "FR", "industry": "digital"},
    {"id": "four", "country": "DE", "industry": "packaging"},
]


def alter(number: int, **changes: Any) -> Callable[[Partners], Partners]:
    """Return a change of one partner: of its keys, or of its free attributes."""

    def change(partners: Partners) -> Partners:
        changed = []
        for entry in partners:
            if entry["id"] == f"p{number}":
                free = {**entry["attributes"], **{name: changes[name] for name in changes if name in FREE}}
                own = {name: changes[name] for name in changes if name not in FREE}
                entry = {**entry, **own, "attributes": free}
            changed.append(entry)
        return changed

    return change


def drop(number: int) -> Callable[[Partners], Partners]:
    return lambda partners: [entry for entry in partners if entry["id"] != f"p{number}"]


MISSES: list[tuple[str, str, Callable[[Partners], Partners]]] = [
    ("horizon-ria", "three independent beneficiaries", drop(2)),
    ("horizon-ria", "three independent beneficiaries", alter(2, owner="p9", country="DE")),
    ("horizon-ria", "entities of Russia and Belarus", alter(3, country="BY")),
    ("eurostars-3", "the lead is an innovative SME", alter(1, innovative=False)),
    ("eurostars-3", "two independent entities in two countries", alter(2, country="DE")),
    ("eurostars-3", "SMEs have at least half", alter(2, joining_cost=61)),
    ("eurostars-3", "no entity has more than 70 percent", alter(1, joining_cost=120)),
    ("eurostars-3", "no country has more than 70 percent", alter(1, joining_cost=120)),
    ("eureka-network", "two independent entities in two countries", alter(2, country="DE")),
    ("eureka-network", "no entity has more than 70 percent", alter(1, joining_cost=24)),
    ("eureka-network", "no country has more than 70 percent", alter(1, joining_cost=24)),
    ("interreg-central-europe", "three financing partners", alter(3, role="associated")),
    ("interreg-central-europe", "partners of three countries", alter(3, country="AT")),
    ("interreg-central-europe", "two partners in regions", alter(2, programme_region=False)),
    ("i3-strand-1", "five independent entities in five regions", alter(2, region="DE1")),
    ("i3-strand-1", "partners of three countries", alter(5, country="FR")),
    ("i3-strand-1", "two entities in different less developed", alter(2, region_class="transition")),
    ("i3-strand-1", "the coordinator is a public body", alter(1, public_or_mandated=False)),
    ("i3-strand-2a", "three independent entities in three regions", alter(2, region="DE1")),
    ("i3-strand-2a", "partners of two countries", alter(3, country="DE")),
    ("i3-strand-2a", "a non-profit coordinator", alter(1, non_profit=False)),
    ("i3-strand-2a", "a partner in a more developed region", alter(2, region_class="transition")),
    ("zim-international", "four German enterprises", alter(4, kind="public")),
    ("zim-international", "two German small", alter(2, kind="large")),
    ("zim-international", "a German network management body", alter(5, network_management=False)),
    ("zim-international", "two foreign enterprises", alter(7, kind="public")),
    ("zim-international", "a foreign network coordinator", alter(8, network_management=False)),
    ("cost-action", "seven members", drop(7)),
    ("cost-action", "half of the members", alter(4, country="DE")),
    ("russia-cluster-779", "ten participants", drop(10)),
    ("russia-cluster-779", "each participant has a contract", alter(1, id="stranger")),
    ("russia-cluster-779", "at most three participants", alter(4, producing=False)),
    ("cross-cluster", "at least two industries", alter(2, clusters=["four"])),
    ("cross-cluster", "at least two entry clusters", alter(2, clusters=["one"], industry="digital")),
    ("super-regional", "all members in one country", alter(2, country="FR")),
    ("super-regional", "at least two entry clusters", alter(2, clusters=["one"])),
    ("metacluster", "entry clusters in at least two countries", alter(2, clusters=["two"])),
]


def breaches(name: str, partners: Partners) -> list[str]:
    """Return what is wrong with everybody working together under a pack; p1 coordinates."""
    project = {
        "title": "a proposal",
        "cooperation": "any",
        "packs": [name],
        "capabilities": [{"id": "work"}],
        # a ring of contracts
        "worked_together": [[f"p{n}", f"p{n % 10 + 1}"] for n in range(2, 11)] if name.startswith("russia") else [],
    }
    known = {entry["id"] for entry in partners}
    project["worked_together"] = [pair for pair in project["worked_together"] if known.issuperset(pair)]
    instance = pose(project, {"clusters": CLUSTERS, "partners": partners})
    members = {entry["id"]: next(iter(entry.get("clusters", [])), None) for entry in partners}
    return [str(violation) for violation in verify(instance, Consortium(members, coordinator="p1")).violations]


def test_every_pack_is_tried() -> None:
    assert set(MEETS) == set(packs.names())
    tried = {(name, label) for name, label, _ in MISSES}
    for name in packs.names():
        pack = packs.load(name)
        for rule in (*pack.rules, *pack.unverified):
            assert any(name == pack_name and str(rule.title()).startswith(label) for pack_name, label in tried), rule


@pytest.mark.parametrize("name", sorted(MEETS))
def test_a_consortium_meets_the_pack(name: str) -> None:
    allowed = ["the coordinator p1"] if name not in ("eurostars-3", "i3-strand-1", "i3-strand-2a") else []
    found = breaches(name, MEETS[name])
    assert [breach for breach in found if not any(breach.startswith(text) for text in allowed)] == []


@pytest.mark.parametrize(("name", "label", "change"), MISSES)
def test_a_rule_is_missed_by_one(name: str, label: str, change: Callable[[Partners], Partners]) -> None:
    found = breaches(name, change(MEETS[name]))
    mark = name if label in str([rule.label for rule in packs.load(name).rules]) else f"{name} (not verified)"
    told = [
        breach for breach in found if f"{mark}: {label}" in breach or (label in breach and "may not join" in breach)
    ]
    assert told, found


def test_a_pack_says_where_it_comes_from_and_what_it_cannot_know() -> None:
    project = {"title": "t", "cooperation": "any", "packs": ["eureka-network"], "capabilities": [{"id": "work"}]}
    notes = [str(note) for note in pose(project, {"partners": MEETS["eureka-network"]}).notes]
    assert any(note.startswith("the rules of eureka-network are those of 2026-11-23, from:") for note in notes)
    assert any(note.startswith("eureka-network asks, and only you can answer:") for note in notes)


def test_a_pack_of_ones_own_by_path(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "title: Our call\nsource: our office\nas_of: 2026-11-23\nrules: [{rule: count, min: 2, label: two members}]\n",
        encoding="utf-8",
    )
    (tmp_path / "project.yaml").write_text(
        "title: t\ncooperation: any\npacks: [ours.yaml]\ncapabilities: [{id: work}]\n", encoding="utf-8"
    )
    instance = pose(tmp_path / "project.yaml", {"partners": MEETS["eureka-network"]})
    found = verify(instance, Consortium({"p1": None})).violations
    assert [str(violation) for violation in found] == [
        "ours: two members: members: 1, but at least 2 is required",
    ]


@pytest.mark.parametrize(
    ("pack", "message"),
    [
        ("horizon-rai", "there is no rule pack horizon-rai. Perhaps horizon-ria is meant."),
        ("ours.yaml", "there is no such file"),
        ("interreg-central-europe", "interreg-central-europe: there is no attribute programme_region"),
    ],
)
def test_packs_that_cannot_be_used(tmp_path: Path, pack: str, message: str) -> None:
    (tmp_path / "project.yaml").write_text(
        f"title: t\ncooperation: any\npacks: [{pack}]\ncapabilities: [{{id: work}}]\n", encoding="utf-8"
    )
    with pytest.raises(SpecError) as caught:
        pose(tmp_path / "project.yaml", {"partners": MEETS["eureka-network"]})
    assert message in str(caught.value)
