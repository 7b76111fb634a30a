"""Whatever is read, sound or not, the answer is a model or a list of problems with places and remedies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia.errors import SpecError
from consortia.files import read

PAGE = (Path(__file__).parents[2] / "docs" / "file-format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w+\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
PROJECT, POOL, TABLE = BLOCKS[0], BLOCKS[1], BLOCKS[3]
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PIECES = st.sampled_from(
    [*"\n\t :-,;{}[]&*!|>'\"#%@`~.0", "- ", ": ", "null", "1e9", '"', "é", "\ufeff", "\x85", "\u2028", "''"]
)
WORDS = """
id partners clusters offers competence competences capabilities rules rule filter min max pool title rates attributes
groups interest providers label base each when any_of country not in any
"""
KEYS = st.sampled_from(WORDS.split())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    KEYS,
    st.sampled_from(["count", "EUR", "a"]),
)
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """Cut pieces out of a text, and put others in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(PIECES) + text[end:]
    return text


def check(*sources: Any) -> None:
    try:
        read(*sources)
    except SpecError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.file
            assert str(problem.message)
            assert problem.remedy is None or re.match("[A-Z]", str(problem.remedy))


@QUICK
@given(project=damaged(PROJECT), pool=damaged(POOL))
def test_damaged_yaml(tmp_path: Path, project: str, pool: str) -> None:
    (tmp_path / "project.yaml").write_text(project, encoding="utf-8")
    (tmp_path / "pool.yaml").write_text(pool, encoding="utf-8")
    check(tmp_path / "project.yaml")


@QUICK
@given(table=damaged(TABLE))
def test_damaged_tables(tmp_path: Path, table: str) -> None:
    (tmp_path / "partners.csv").write_text(table, encoding="utf-8")
    check({"title": "T", "capabilities": [{"id": "a"}]}, tmp_path / "partners.csv")


@pytest.mark.parametrize("suffix", ["yaml", "json", "csv"])
@QUICK
@given(data=st.binary(max_size=60))
def test_any_bytes(suffix: str, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / f"pool.{suffix}"
    path.write_bytes(data)
    check({"title": "T", "capabilities": [{"id": "a"}]}, path)


@QUICK
@given(project=st.dictionaries(KEYS, DATA), pool=st.none() | st.dictionaries(KEYS, DATA))
def test_any_data(project: Mapping[str, Any], pool: Mapping[str, Any] | None) -> None:
    check(project, pool)
