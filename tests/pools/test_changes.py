"""Differences of pools: exactly what was changed, and nothing where nothing was."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia import Pool
from consortia.cli.running import run
from consortia.files import read_pool, write_csv, write_yaml
from consortia.pools.changes import Change, pool_changes

INSTANCES = Path(__file__).resolve().parents[2] / "instances" / "pools"
names = st.sampled_from(["a", "b", "c", "d"])
offers = st.fixed_dictionaries(
    {"competence": st.sampled_from(["x", "y", "z"]), "level": st.integers(1, 3)},
    optional={"rate": st.integers(0, 2), "id": st.sampled_from(["p", "q", "r"])},
)
partners = st.fixed_dictionaries(
    {"id": names, "offers": st.lists(offers, max_size=3, unique_by=lambda offer: offer.get("id", offer["competence"]))},
    optional={
        "name": st.sampled_from(["", "N", "M"]),
        "capacity": st.integers(0, 2),
        "clusters": st.lists(st.sampled_from(["k", "m"]), unique=True),
        "attributes": st.dictionaries(st.sampled_from(["iso", "size"]), st.sampled_from([True, 1, "x"])),
    },
)
pools = st.fixed_dictionaries(
    {
        "partners": st.lists(partners, max_size=4, unique_by=lambda partner: partner["id"]),
        "clusters": st.just([{"id": "k"}, {"id": "m"}]),
    },
    optional={"title": st.sampled_from(["old", "new"]), "currency": st.sampled_from(["EUR", "BYN"])},
).map(Pool.model_validate)

DEFAULTS = {"partners": {"role": "beneficiary"}, "offers": {"level": 1, "category": "personnel"}}
BLANK = (None, "", ())


def applied(before: Pool, after: Pool, changes: list[Change]) -> dict[str, Any]:
    """Make the old pool's partners into the new ones by the changes alone, as a mapping."""
    state = {partner.id: facts(partner) for partner in before.partners}
    inner = {
        partner.id: dict(zip(partner.offer_ids(), map(facts, partner.offers), strict=True))
        for partner in before.partners
    }
    coming = {
        partner.id: dict(zip(partner.offer_ids(), map(facts, partner.offers), strict=True))
        for partner in after.partners
    }
    for change in changes:
        if change.section not in ("partners", "offers"):
            continue
        target = state if change.partner is None else inner[change.partner]
        if change.kind == "removed":
            del target[change.id]
            if change.partner is None:
                del inner[change.id]
            continue
        if change.kind == "added":
            target[change.id] = dict(DEFAULTS[change.section])
            if change.partner is None:
                inner[change.id] = coming[change.id]
        for field in change.fields:
            if change.kind == "changed":
                assert repr(target[change.id].get(field.key)) == repr(field.before)
            target[change.id][field.key] = field.after
    return {name: (clean(state[name]), {offer: clean(entry) for offer, entry in inner[name].items()}) for name in state}


def facts(entry: Any) -> dict[str, Any]:
    found = {key: value for key, value in entry if key not in ("id", "offers", "attributes") and value not in BLANK}
    return found | {f"attributes.{name}": value for name, value in getattr(entry, "attributes", {}).items()}


def clean(entry: dict[str, Any]) -> dict[str, str]:
    return {key: repr(value) for key, value in entry.items() if value not in BLANK}


@given(pools, pools)
def test_changes_turn_the_old_pool_into_the_new_one(before: Pool, after: Pool) -> None:
    made = applied(before, after, pool_changes(before, after))
    assert made == applied(after, after, [])
    whole = [change for change in pool_changes(before, after) if change.section == "pool"]
    assert bool(whole) == ((before.title, before.currency) != (after.title, after.currency))


@given(pools, st.randoms(use_true_random=False))
def test_no_changes_where_only_the_order_differs(pool: Pool, random: Any) -> None:
    shuffled = list(pool.partners)
    random.shuffle(shuffled)
    assert pool_changes(pool, pool.model_copy(update={"partners": tuple(shuffled)})) == []


@given(pools, pools)
def test_the_way_back_is_the_opposite(one: Pool, other: Pool) -> None:
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    there = {(change.section, change.kind, change.partner, change.id) for change in pool_changes(one, other)}
    back = {(change.section, opposite[change.kind], change.partner, change.id) for change in pool_changes(other, one)}
    assert there == back


def test_numbers_are_compared_as_numbers() -> None:
    one, other = ({"partners": [{"id": "a", "capacity": Decimal(text)}]} for text in ("5", "5.0"))
    assert pool_changes(Pool.model_validate(one), Pool.model_validate(other)) == []


def test_taxonomies_and_clusters() -> None:
    one = {"competences": [{"id": "x"}, {"id": "y", "broader": ["x"]}], "clusters": [{"id": "k", "fee": 5}]}
    other = {
        "competences": [{"id": "x", "labels": {"ru": "икс"}}, {"id": "z"}],
        "clusters": [{"id": "k", "fee": "5 BYN"}],
    }
    changes = pool_changes(Pool.model_validate(one), Pool.model_validate(other))
    assert [(change.section, change.kind, change.id, [field.key for field in change.fields]) for change in changes] == [
        ("competences", "removed", "y", ["broader"]),
        ("competences", "changed", "x", ["labels.ru"]),
        ("competences", "added", "z", []),
        ("clusters", "changed", "k", ["fee"]),
    ]


@pytest.mark.parametrize("name", ["circular-textiles", "workshop.csv"])
def test_files_of_different_kinds_of_one_pool(name: str, tmp_path: Path) -> None:
    pool = read_pool(INSTANCES / name).model
    write_yaml(pool, tmp_path / "pool.yaml")
    write_csv(pool, tmp_path / "pool")
    assert pool_changes(read_pool(tmp_path / "pool.yaml").model, read_pool(tmp_path / "pool").model) == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.yaml"
    old.write_text("id;name;capacity;competences\nacme;Acme;5;welding; \nbor;Borealis;;coating\n", encoding="utf-8")
    partner = {
        "id": "acme",
        "name": "Acme",
        "capacity": 7,
        "offers": [{"competence": "welding", "level": 2, "rate": 10}],
    }
    write_yaml({"partners": [partner, {"id": "cet"}]}, new)
    assert run(["pool", "diff", str(old), str(new)]) == 0
    shown = capsys.readouterr().out
    assert "Added: 1, removed: 1, changed: 2." in shown
    assert "~ Acme [acme]: capacity: 5 -> 7" in shown and "- Borealis [bor]" in shown and "+ cet" in shown
    assert "~ acme: welding: level: 1 -> 2; rate: nothing -> 10" in shown
    assert run(["pool", "diff", str(old), str(new), "--format", "json", "--lang", "ru"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "consortia-pool-diff/1" and data["counts"]["partners"] == {
        "added": 1,
        "removed": 1,
        "changed": 1,
    }
    assert {"key": "level", "before": 1, "after": 2} in data["changes"][-1]["fields"]
    assert run(["pool", "diff", str(old), str(old), "--lang", "ru"]) == 0
    assert "одно и то же" in capsys.readouterr().out
    assert run(["pool", "diff", str(old), str(tmp_path / "absent.csv")]) == 2
    assert run(["pool"]) == 2
