"""JSON Lines that grow while a run goes on, and that a killed run leaves readable: one record a line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.sentence import say

PathText = str | os.PathLike[str]


def append_record(path: PathText, record: Mapping[str, Any]) -> None:
    """Append a record as one line, and return when the disk has it.

    A line that an earlier run was killed in the middle of is cut off first, so that the new one stands by itself.

    Parameters
    ----------
    path : path
        The file; made if it does not exist, but not the folder above it.
    record : mapping
        Plain data for JSON.
    """
    line = json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    with Path(path).open("a+b") as stream:
        _cut_torn_line(stream)
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def appending(path: PathText) -> Iterator[Callable[[str], None]]:
    """Append lines of JSON to a file while results come in; each is with the system when the call returns.

    What was written survives the end of the process, however sudden; that it survives the end of the machine is sure
    once the file is closed. A torn last line is cut off first.

    Parameters
    ----------
    path : path

    Yields
    ------
    callable
        Takes the text of one line.
    """
    with Path(path).open("a+b") as stream:
        _cut_torn_line(stream)

        def append(line: str) -> None:
            stream.write(line.encode() + b"\n")
            stream.flush()

        yield append
        os.fsync(stream.fileno())


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
        If a whole line is not a record: then the file is something else, or was edited.
    """
    file = Path(path)
    if not file.exists():
        return []
    lines = file.read_bytes().split(b"\n")[:-1]
    return [_record(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


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


def _cut_torn_line(stream: Any) -> None:
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
        stream.truncate(kept)
