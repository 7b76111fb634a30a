"""JSON Lines survive being killed in the middle of a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from consortia.bench.rows import Row
from consortia.errors import SpecError
from consortia.files.jsonl import append_record, is_ours, read_records
from consortia.many.records import Line, Run
from consortia.many.sources import Written
from consortia.many.work import Settings
from consortia.spec.pool import Pool


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


ANSWER = '{"project": "a.yaml", "question": "1"'


@pytest.mark.parametrize(
    "torn", ["{", ANSWER, ANSWER + "}", '{"format": "consortia-bench/1", "x": 1', ANSWER + "x" * 200_000]
)
def test_a_torn_last_line_is_passed_over_and_then_cut_off(file: Path, torn: str) -> None:
    append_record(file, {"cost": 1})
    with file.open("a", encoding="utf-8") as stream:
        stream.write(torn)
    assert read_records(file) == [{"cost": 1}]
    append_record(file, {"cost": 2})
    assert file.read_text(encoding="utf-8") == '{"cost": 1}\n{"cost": 2}\n'


def test_a_file_of_nothing_but_a_torn_line(file: Path) -> None:
    file.write_text('{"project":', encoding="utf-8")
    assert read_records(file) == []
    append_record(file, {"cost": 2})
    assert read_records(file) == [{"cost": 2}]


def test_the_records_of_the_package_begin_as_torn_ones_do(file: Path) -> None:
    append_record(file, Row("a", "auto", 1.0).record())
    assert is_ours(file)
    file.write_text(Run([Written("a", "", file)], Pool(), Settings()).note(Line(0, "error", "}")), encoding="utf-8")
    assert is_ours(file)


@pytest.mark.parametrize("before", ["", '{"cost": 1}\n'])
@pytest.mark.parametrize("theirs", ['{"partners": []}', '{"partners": [', "one line of text", "x" * 200_000])
def test_what_somebody_wrote_without_an_end_is_never_cut_off(file: Path, before: str, theirs: str) -> None:
    file.write_text(before + theirs, encoding="utf-8")
    for attempt in (lambda: read_records(file), lambda: append_record(file, {"cost": 2})):
        with pytest.raises(SpecError, match="something else"):
            attempt()
    assert file.read_text(encoding="utf-8") == before + theirs


def unusual(kind: str, folder: Path) -> Path:
    """Return a path that is no ordinary file, or skip."""
    path = Path(kind) if kind.startswith("/") else folder / kind
    if kind == "folder":
        path.mkdir()
    if kind == "pipe" and hasattr(os, "mkfifo"):
        os.mkfifo(path)
    return path if path.exists() else pytest.skip(f"there is no {kind} here")


@pytest.mark.parametrize("kind", ["folder", "pipe", "/dev/null", "/dev/full"])
def test_what_is_no_ordinary_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = unusual(kind, tmp_path)
    for attempt in (lambda: read_records(path), lambda: append_record(path, {"cost": 2})):
        with pytest.raises(SpecError, match="ordinary file"):
            attempt()


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "rows.jsonl"
    assert read_records(path) == []
    with pytest.raises(SpecError, match="there is no folder"):
        append_record(path, {"cost": 2})


FULL = """
import resource, sys
from consortia.errors import SpecError
from consortia.files.jsonl import append_record
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
append_record(sys.argv[1], {"project": "a"})
try:
    append_record(sys.argv[1], {"project": "b" * 200})
except SpecError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limits there")
def test_a_full_disk_is_told_and_what_was_written_stays(file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", FULL, str(file)], capture_output=True, text=True, check=False)
    assert "the file cannot be written" in ended.stdout and ended.stderr == ""
    assert read_records(file) == [{"project": "a"}]


@pytest.mark.parametrize("line", ["[1]", "not JSON", "\udcff"])
def test_a_whole_line_that_is_no_record_is_refused_with_its_place(file: Path, line: str) -> None:
    file.write_bytes(b'{"cost": 1}\n' + line.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(SpecError, match="line 2"):
        read_records(file)


def test_numbers_that_json_does_not_have_are_refused(file: Path) -> None:
    with pytest.raises(ValueError):
        append_record(file, {"cost": float("nan")})
    assert read_records(file) == []
