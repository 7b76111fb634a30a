"""Giving an answer: as text or JSON, to stdout or into a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consortia.cli.options import chosen_form
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.report.page import Page


def give(
    streams: Streams,
    form: str | None,
    output: Path | None,
    data: Callable[[], Mapping[str, Any]],
    write: Callable[[Page], None],
) -> None:
    """Give an answer in the form asked for.

    Parameters
    ----------
    streams : Streams
    form : {"text", "json"} or None
    output : Path or None
        The file, written whole or not at all; None for stdout.
    data : callable
        Returns the answer as plain data.
    write : callable
        Writes the answer on a page.
    """
    if chosen_form(form, output) == "json":
        text = json.dumps(data(), ensure_ascii=False, indent=2) + "\n"
        if output is None:
            streams.answer(text, encoding="utf-8")
        else:
            streams.save(text, output)
        return
    from consortia.report.page import Page

    if output is None:
        with Page(streams.words, streams.out) as page:
            write(page)
        streams.out.flush()
        return
    kept = StringIO()
    with Page(streams.words, kept, width=100) as page:
        write(page)
    streams.save(kept.getvalue(), output)
