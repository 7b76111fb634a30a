"""Tables of official exports: CSV with a header, cells that run over lines, and columns that must be there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from consortia.files.text import read_text, refuse
from consortia.sentence import say

_LONGEST = 10_000_000
"""Cells with descriptions are longer than the csv module allows unasked."""


def official_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Read an official table row by row: the line on which each ends, and its cells by column.

    Parameters
    ----------
    path : Path
    columns : sequence of str
        Columns that must be there; others may be.

    Raises
    ------
    SpecError
        If there is no such file, it is no CSV, or a column is not there.
    """
    text, _ = read_text(path)
    head = text.partition("\n")[0]
    remedy = say("Take the file from the official download as it is")
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        missing = [column for column in columns if column not in header]
        if missing:
            raise refuse(path, "line 1", say("there is no column {columns}", columns=", ".join(missing)), remedy)
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(header):
                message = say("{count} cells, where the header has {expected}", count=len(cells), expected=len(header))
                raise refuse(path, f"line {reader.line_num}", message, remedy)
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        message = say("this is not CSV: {reason}", reason=str(error))
        raise refuse(path, f"line {reader.line_num}", message, remedy) from None
