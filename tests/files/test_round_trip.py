"""What is written reads back as the same, drawn at random: models to YAML, JSON and CSV and back."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia.errors import SpecError
from consortia.files import read, read_pool, read_project, write_csv, write_json, write_yaml
from consortia.files.emit import to_json, to_yaml
from consortia.files.json_text import parse as parse_json
from consortia.files.yaml_text import parse as parse_yaml
from consortia.spec.pool import Pool
from consortia.spec.project import Project

ODD = [
    "NO",
    "yes",
    "true",
    "null",
    "~",
    "017",
    "1,234",
    "1.234",
    "'x",
    "- a",
    "a: b",
    "#",
    "a #b",
    "[x]",
    "Ёж й",
    "1e3",
]
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"))
TEXTS = st.sampled_from(ODD) | st.text(LETTERS, max_size=12)
WORDS = TEXTS.map(lambda text: unicodedata.normalize("NFC", text.strip())).filter(bool)
TABLE_WORDS = WORDS.filter(lambda text: not set(text) & set(";|:()\n\r"))
NUMBERS = st.decimals(0, 10**9, places=4) | st.integers(0, 10**9).map(Decimal) | st.just(Decimal("1E+3"))
AMOUNTS = st.builds("{:f} {}".format, NUMBERS, st.sampled_from(["RUB", "USD"])) | NUMBERS
SHARES = st.decimals(0, 1, places=3)
SCALARS = st.booleans() | st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=3)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a mapping in which every key may be absent but ``id`` and ``competence``."""
    needed = {name: parts.pop(name) for name in ("id", "competence") if name in parts}
    return st.fixed_dictionaries(needed, optional=parts)


@st.composite
def pools(draw: st.DrawFn, words: st.SearchStrategy[str]) -> Pool:
    names = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    name = st.sampled_from(names)
    offers = some(
        competence=name,
        level=st.integers(1, 9),
        rate=AMOUNTS,
        fixed=AMOUNTS,
        capacity=NUMBERS,
        category=st.sampled_from(["travel", "personnel"]),
        reliability=SHARES,
    )
    places = {"name": words, "country": words, "region": words, "industry": words}
    membership = st.fixed_dictionaries({"cluster": name}, optional={"paid": st.booleans()})
    partners = some(
        id=words,
        clusters=st.lists(membership, max_size=3, unique_by=lambda entry: entry["cluster"]),
        kind=st.sampled_from(["sme", "cluster organisation"]),
        role=st.sampled_from(["affiliated", "beneficiary"]),
        owner=words,
        joining_cost=AMOUNTS,
        default_rate=AMOUNTS,
        capacity=NUMBERS,
        reliability=SHARES,
        attributes=st.dictionaries(st.sampled_from(["exporter", "размер", "a b"]), SCALARS | words),
        contact=words,
        source=words,
        offers=st.lists(offers, max_size=3),
        **places,
    )
    clusters = [draw(some(id=st.just(entry), fee=AMOUNTS, **places)) for entry in names]
    labels = st.dictionaries(st.sampled_from(["en", "ru"]), words)
    competences = [draw(some(id=st.just(entry), labels=labels)) for entry in names]
    competences[-1]["broader"] = names[:-1]
    listed = st.lists(partners, max_size=4, unique_by=lambda entry: entry["id"])
    head = draw(some(title=words, currency=st.just("BYN"), as_of=words))
    return Pool.model_validate({**head, "competences": competences, "clusters": clusters, "partners": draw(listed)})


CONDITIONS = st.one_of(
    SCALARS | WORDS,
    st.lists(SCALARS | WORDS, min_size=1, max_size=3),
    st.just({"in": "eu"}),
    st.fixed_dictionaries({"min": NUMBERS}, optional={"max": NUMBERS, "not": WORDS}),
)
FILTERS = st.dictionaries(st.sampled_from(["country", "owner", "reliability"]), CONDITIONS, max_size=2)
RULES = st.one_of(
    some(rule=st.just("count"), min=st.integers(0, 5), filter=FILTERS, label=WORDS),
    some(rule=st.just("distinct"), attribute=st.just("country"), max=st.integers(0, 5), filter=FILTERS),
    some(
        rule=st.just("share"), of=st.just("effort"), each=st.just("country"), max=SHARES, base=FILTERS | st.just("own")
    ),
    some(rule=st.just("representatives"), attribute=st.just("country"), min=st.integers(1, 5), among=FILTERS),
    some(rule=st.just("participation"), min_effort=NUMBERS),
    some(rule=st.just("coordinator"), filter=FILTERS),
)
PROJECTS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "capabilities": st.lists(
            some(id=WORDS, competence=WORDS, name=TEXTS, level=st.integers(1, 5), providers=st.integers(1, 3)),
            min_size=1,
            max_size=3,
            unique_by=lambda entry: entry["id"],
        ),
    },
    optional={
        "description": TEXTS,
        "currency": st.just("BYN"),
        "budget": NUMBERS,
        "cooperation": st.sampled_from(["any", "metacluster"]),
        "accepted_only": st.booleans(),
        "groups": st.dictionaries(WORDS, st.lists(SCALARS | WORDS, max_size=3), max_size=2),
        "interest": st.dictionaries(WORDS, st.just("asked"), max_size=2),
        "rules": st.lists(RULES, max_size=3),
    },
)


def valid(data: dict[str, Any]) -> Project | None:
    """Return the project, or None where what was drawn is no sound one."""
    try:
        return read_project(data).model
    except SpecError:
        return None


@pytest.mark.parametrize(("write", "name"), [(write_yaml, "x.yaml"), (write_json, "x.json")])
@QUICK
@given(pool=pools(WORDS))
def test_pools(write: Any, name: str, tmp_path: Path, pool: Pool) -> None:
    write(pool, tmp_path / name)
    assert read_pool(tmp_path / name).model == pool


@QUICK
@given(pool=pools(TABLE_WORDS))
def test_pools_as_tables(tmp_path: Path, pool: Pool) -> None:
    write_csv(pool, tmp_path)
    assert read_pool(tmp_path).model == pool


@pytest.mark.parametrize(("write", "name"), [(write_yaml, "x.yaml"), (write_json, "x.json")])
@QUICK
@given(project=PROJECTS.map(valid).filter(lambda project: project is not None))
def test_projects(write: Any, name: str, tmp_path: Path, project: Project) -> None:
    write(project, tmp_path / name)
    assert read_project(tmp_path / name).model == project


def test_projects_with_their_pool(tmp_path: Path) -> None:
    project, pool, _ = read(
        {"title": "T", "capabilities": [{"id": "a"}], "pool": {"partners": [{"id": "P", "attributes": {"x": True}}]}}
    )
    write_yaml(project, tmp_path / "project.yaml")
    assert read(tmp_path / "project.yaml") == (project, pool, ())


PLAIN = st.recursive(
    st.none() | SCALARS | st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@QUICK
@given(data=PLAIN)
def test_plain_data_of_any_shape(data: Any) -> None:
    assert parse_yaml(to_yaml(data), "x").data == data
    assert parse_json(to_json(data), "x").data == data
