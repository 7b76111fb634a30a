"""JSON Lines survive being killed in the middle of a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from consortia.errors import SpecError
from consortia.files.jsonl import append_record, read_records


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def test_what_is_appended_is_read(file: Path) -> None:
    records = [{"name": "Ünal", "cost": 3}, {"text": "two\nlines", "none": None}]
    for record in records:
        append_record(file, record)
    assert read_records(file) == records
    assert len(file.read_bytes().splitlines()) == 2


def test_no_file_has_no_records(file: Path) -> None:
    assert read_records(file) == []


@pytest.mark.parametrize("torn", ['{"cost": 1', '{"cost": 17}', "x" * 200_000])
def test_a_torn_last_line_is_passed_over_and_then_cut_off(file: Path, torn: str) -> None:
    append_record(file, {"cost": 1})
    with file.open("a", encoding="utf-8") as stream:
        stream.write(torn)
    assert read_records(file) == [{"cost": 1}]
    append_record(file, {"cost": 2})
    assert file.read_text(encoding="utf-8") == '{"cost": 1}\n{"cost": 2}\n'


def test_a_file_of_nothing_but_a_torn_line(file: Path) -> None:
    file.write_text('{"cost":', encoding="utf-8")
    assert read_records(file) == []
    append_record(file, {"cost": 2})
    assert read_records(file) == [{"cost": 2}]


@pytest.mark.parametrize("line", ["[1]", "not JSON", "\udcff"])
def test_a_whole_line_that_is_no_record_is_refused_with_its_place(file: Path, line: str) -> None:
    file.write_bytes(b'{"cost": 1}\n' + line.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(SpecError, match="line 2"):
        read_records(file)


def test_numbers_that_json_does_not_have_are_refused(file: Path) -> None:
    with pytest.raises(ValueError):
        append_record(file, {"cost": float("nan")})
    assert read_records(file) == []
