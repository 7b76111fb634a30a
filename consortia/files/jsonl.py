"""JSON Lines that grow while a run goes on, and that a killed run leaves readable: one record a line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.text import read_bytes
from consortia.files.write import attempt, write_all, write_text
from consortia.sentence import say

PathText = str | os.PathLike[str]

BEGINNINGS = (b'{"project": "', b'{"format": "consortia-bench/')
"""How the lines begin that are appended here: answers of a batch, rows of a bench. A last line without its end that
begins otherwise was not torn from one of them, but is part of somebody's file, and is never cut off."""


def append_record(path: PathText, record: Mapping[str, Any]) -> None:
    """Append a record as one line, and return when the disk has it.

    A line that an earlier run was killed in the middle of is cut off first, so that the new one stands by itself.

    Parameters
    ----------
    path : path
        The file; made if it does not exist, but not the folder above it.
    record : mapping
        Plain data for JSON.

    Raises
    ------
    SpecError
        If the file cannot be written, or is something else.
    """
    line = _line(record)
    with appending(path) as append:
        append(line)


@contextmanager
def appending(path: PathText, anew: bool = False) -> Iterator[Callable[[str], None]]:
    """Append lines of JSON to a file while results come in; each is with the system when the call returns.

    What was written survives the end of the process, however sudden; that it survives the end of the machine is sure
    once the file is closed. A torn last line is cut off first.

    Parameters
    ----------
    path : path
    anew : bool
        Whether to empty the file first, whatever it holds.

    Yields
    ------
    callable
        Takes the text of one line.

    Raises
    ------
    SpecError
        If the file cannot be written, or is something else.
    """
    file = Path(path)
    _check_ordinary(file)
    with attempt(file, lambda: file.open("w+b" if anew else "a+b", buffering=0)) as stream:
        attempt(file, lambda: _cut_torn_line(file, stream))

        def append(line: str) -> None:
            data = line.encode() + b"\n"
            attempt(file, lambda: write_all(stream, data))

        yield append
        attempt(file, lambda: os.fsync(stream.fileno()))


def read_records(path: PathText) -> list[dict[str, Any]]:
    """Read the records of a file; none where there is no file.

    A last line without its end is what a killed run leaves, and is passed over; :func:`append_record` cuts it off.

    Parameters
    ----------
    path : path

    Returns
    -------
    list of dict

    Raises
    ------
    SpecError
        If the file cannot be read, or a line is not a record: then the file is something else, or was edited.
    """
    file = Path(path)
    if not _check_ordinary(file):
        return []
    *lines, rest = read_bytes(file).split(b"\n")
    _check_torn(file, rest)
    return [_record(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def write_records(path: PathText, records: Iterable[Mapping[str, Any]]) -> None:
    """Write a file of records anew, whole or not at all.

    Parameters
    ----------
    path : path
    records : iterable of mapping

    Raises
    ------
    SpecError
        If it cannot be written; then it is left as it was.
    """
    write_text({Path(path): "".join(f"{_line(record)}\n" for record in records)})


def is_ours(path: PathText) -> bool:
    """Tell whether a file begins as one that was written here; so does one that is empty, or not there.

    Raises
    ------
    SpecError
        If it is no ordinary file, or cannot be read.
    """
    file = Path(path)
    return not _check_ordinary(file) or _begins(read_bytes(file))


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _begins(line: bytes) -> bool:
    """Tell whether a line, or as much as there is of it, is the beginning of one of ours."""
    return any(begin.startswith(line[: len(begin)]) for begin in BEGINNINGS)


def _check_ordinary(file: Path) -> bool:
    """Tell whether a file is there; refuse a folder, a device and a pipe, to which nothing can be added."""
    there = attempt(file, file.exists)
    if there and not file.is_file():
        message = say("this is a folder, a device or a pipe, and an ordinary file is needed")
        raise SpecError([Problem(str(file), "", message, say("Name another file"))])
    return there


def _check_torn(file: Path, rest: bytes) -> None:
    """Refuse a file whose last line has no end and yet is not torn from a record of ours."""
    if not _begins(rest):
        message = say("the last line has no end and is none of ours: the file is something else")
        raise SpecError([Problem(str(file), "", message, say("Name another file"))])


def _record(file: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        message = say("this line is not a record in JSON")
        remedy = say("Remove the line, or name another file")
        raise SpecError([Problem(str(file), f"line {number}", message, remedy)])
    return found


def _cut_torn_line(file: Path, stream: FileIO) -> None:
    """Cut a file, open for reading and appending, after its last whole line."""
    kept = end = stream.seek(0, os.SEEK_END)
    while kept:
        start = max(0, kept - 65536)
        stream.seek(start)
        place = stream.read(kept - start).rfind(b"\n")
        if place >= 0:
            kept = start + place + 1
            break
        kept = start
    if kept < end:
        stream.seek(kept)
        _check_torn(file, stream.read(max(map(len, BEGINNINGS))))
        stream.truncate(kept)
