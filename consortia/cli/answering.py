"""Giving an answer: in the form asked for, to stdout or into a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consortia.cli.forms import chosen_form
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.report.page import Page

NO_MORE: Mapping[str, Callable[[], str | bytes]] = {}


def give(
    streams: Streams,
    form: str | None,
    output: Path | None,
    data: Callable[[], Mapping[str, Any]],
    write: Callable[[Page], None],
    more: Mapping[str, Callable[[], str | bytes]] = NO_MORE,
) -> None:
    """Give an answer in the form asked for.

    Parameters
    ----------
    streams : Streams
    form : str or None
        One of those that the command's ``--format`` names.
    output : Path or None
        The file, written whole or not at all; None for stdout.
    data : callable
        Returns the answer as plain data.
    write : callable
        Writes the answer on a page, of whatever kind.
    more : mapping of str to callable
        What makes the answer in forms of the command's own, such as a workbook or a picture.
    """
    chosen = chosen_form(form, output)
    if chosen == "text" and output is None:
        from consortia.report.page import TextPage

        with TextPage(streams.words, streams.out) as page:
            write(page)
        streams.out.flush()
        return
    made: str | bytes
    if chosen == "json":
        made = json.dumps(data(), ensure_ascii=False, indent=2) + "\n"
    else:
        from consortia.report.pages import page_file

        made = more[chosen]() if chosen in more else page_file(chosen, streams.words, write)
    if output is not None:
        streams.save(made, output)
    else:
        assert isinstance(made, str)  # the registry of forms says which need a file
        streams.answer(made, encoding="utf-8")
