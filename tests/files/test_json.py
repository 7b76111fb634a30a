"""Reading JSON: exact numbers, and where things are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from consortia.files.json_text import parse

TEXT = """{
  "title": "a \\"quoted\\" {name}: [x]",
  "capabilities": [
    {"id": "a"},
    {"id": "b",
     "effort": 1.10, "more": [[], {}, -1.5e2]}
  ],
  "interest": {"a, b": "declined"}
}"""


def test_numbers_are_exact() -> None:
    data = parse(TEXT, "file").data
    assert isinstance(data, dict)
    assert str(data["capabilities"][1]["effort"]) == "1.10"
    assert parse("[1, 1.0, 1e2]", "file").data == [1, Decimal("1.0"), Decimal("1e2")]
    assert parse("9" * 5000, "file").data == Decimal("9" * 5000)


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("title",), "title (line 2)"),
        (("capabilities", 0, "id"), "capabilities[0].id (line 4)"),
        (("capabilities", 1), "capabilities[1] (line 5)"),
        (("capabilities", 1, "effort"), "capabilities[1].effort (line 6)"),
        (("capabilities", 1, "more", 2), "capabilities[1].more[2] (line 6)"),
        (("interest", "a, b"), "interest.a, b (line 8)"),
        (("rules", 0), "rules[0] (line 1)"),
        ((), "(line 1)"),
    ],
)
def test_places_name_path_and_line(loc: tuple[str | int, ...], place: str) -> None:
    assert parse(TEXT, "file").source.place(loc) == place


def test_every_oddity_is_told_and_the_first_of_doubled_keys_stands() -> None:
    document = parse('{"a": 1,\n "a": 2,\n "b": [NaN,\n -Infinity, {"c": 1, "c": 2}]}', "file")
    assert isinstance(document.data, dict)
    assert document.data["a"] == 1
    assert [problem.place for problem in document.problems] == ["line 2", "b[0] (line 3)", "b[1] (line 4)", "line 4"]
