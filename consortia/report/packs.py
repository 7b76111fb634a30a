"""Rule packs, as a list and one by one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from consortia.files.plain import plain
from consortia.packs import Pack
from consortia.report.data import number
from consortia.report.page import Page


def pack_data(pack: Pack) -> dict[str, Any]:
    """Return a pack as plain data."""
    data = _with_numbers(plain(pack))
    assert isinstance(data, dict)
    return data


def _with_numbers(value: Any) -> Any:
    """Return plain data with the numbers of JSON in place of decimals."""
    if isinstance(value, Mapping):
        return {key: _with_numbers(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_with_numbers(entry) for entry in value]
    return number(value) if isinstance(value, Decimal) else value


def write_list(packs: Mapping[str, Pack], page: Page) -> None:
    """Write the names, titles and days of packs."""
    words = page.words
    columns = [(words.say("Pack"), "word"), (words.say("Programme"), "left"), (words.say("As of"), "word")]
    page.table(columns, [(name, words.say(pack.title), pack.as_of) for name, pack in packs.items()])
    page.line(words.say("A project names packs under `packs:`; a path names a file of your own."), "dim")


def write_pack(pack: Pack, page: Page) -> None:
    """Write what a pack asks, rule by rule."""
    words = page.words
    page.title(words.say(pack.title))
    page.line(words.say("As of {date}, from: {source}", date=pack.as_of, source=pack.source), "dim")
    titles = [words.write(rule.title()).partition(": ")[2] for rule in pack.marked()]
    page.heading("Rules")
    page.points(titles[: len(pack.rules)])
    if pack.unverified:
        page.heading("Rules that nobody has verified")
        page.points(titles[len(pack.rules) :])
    if pack.questions:
        page.heading("Questions that only you can answer")
        page.points(words.say(question) for question in pack.questions)
