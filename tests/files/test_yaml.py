"""Reading YAML: what scalars mean, where things are, and the pure-Python parser."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from consortia.files import read_pool, read_project, yaml_text
from consortia.files.yaml_text import parse

PROJECT = """\
title: Проект
currency: EUR
capabilities:
  - id: welding
    level: 2

  - {id: coatings, effort: 1.10}
interest:
  NO: declined
"""


@pytest.fixture(params=["C", "Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "C" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML is without libyaml here")
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.CSafeLoader if request.param == "C" else yaml.SafeLoader)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("NO", "NO"),
        ("off", "off"),
        ("y", "y"),
        ("12", 12),
        ("-12", -12),
        ("+3", 3),
        ("0", 0),
        ("017", "017"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("2026-01-31", "2026-01-31"),
        ("1.10", Decimal("1.10")),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("1e3", Decimal(1000)),
        ("0.1000000000000000055", Decimal("0.1000000000000000055")),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1.2.3", "1.2.3"),
        ("--", "--"),
        ("=", "="),
        ("~", None),
        ("", None),
        ("null", None),
        ('"12"', "12"),
        ("'true'", "true"),
        ("! 12", "12"),
        ("!!str 12", "12"),
        ("|\n  two\n  lines", "two\nlines"),
        ("9" * 150, Decimal("9" * 150)),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    data = parse(f"key: {written}", "file").data
    assert isinstance(data, dict)
    assert data["key"] == meant
    assert type(data["key"]) is type(meant)


def test_numbers_are_exact_and_norway_is_a_country(tmp_path: Path) -> None:
    path = tmp_path / "pool.yaml"
    path.write_text("partners: [{id: P, country: NO, joining_cost: 0.10}]", encoding="utf-8-sig")
    (partner,) = read_pool(path).model.partners
    assert partner.country == "NO"
    assert str(partner.joining_cost) == "0.10"


def test_keys_are_texts_as_they_are_written() -> None:
    assert parse("NO: 1\n12: 2\n1.50: 3\ntrue: 4", "file").data == {"NO": 1, "12": 2, "1.50": 3, "true": 4}


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        ((), "(line 1)"),
        (("title",), "title (line 1)"),
        (("capabilities", 0), "capabilities[0] (line 4)"),
        (("capabilities", 0, "level"), "capabilities[0].level (line 5)"),
        (("capabilities", 1, "effort"), "capabilities[1].effort (line 7)"),
        (("interest", "NO"), "interest.NO (line 9)"),
        (("capabilities", 1, "providers", "min"), "capabilities[1].providers.min (line 7)"),
    ],
)
def test_places_name_path_and_line(loc: tuple[str | int, ...], place: str, tmp_path: Path) -> None:
    path = tmp_path / "project.yaml"
    path.write_text(PROJECT, encoding="utf-8")
    assert read_project(path).source.place(loc) == place


def test_aliases_repeat_values() -> None:
    assert parse("a: &x {k: [1, 2]}\nb: *x\nc: [*x, 3]", "file").data == {
        "a": {"k": [1, 2]},
        "b": {"k": [1, 2]},
        "c": [{"k": [1, 2]}, 3],
    }


def test_the_first_of_doubled_keys_stands() -> None:
    document = parse("a: {x: 1}\na: {y: 2}\nb: 3", "file")
    assert document.data == {"a": {"x": 1}, "b": 3}
    assert [problem.place for problem in document.problems] == ["line 2"]
