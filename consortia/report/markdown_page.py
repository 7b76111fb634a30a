"""A page in Markdown, with tables as GitHub and most others read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from consortia.language import Language
from consortia.report.html import clean
from consortia.report.matrix import MEANINGS, SIGNS, Matrix
from consortia.report.page import Columns, Page

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~#$])")
_START = re.compile(r"^(\s*(?:\d{1,9}(?=[.)](?:\s|$)))?)([.)=+-])")


def escaped(plain: str) -> str:
    r"""Return a text that reads as it is: no letter of it means emphasis, a link, a tag, a list or a column.

    Examples
    --------
    >>> print(escaped("<b> & a_b* | [x](y) &amp;"))
    \<b\> & a\_b\* \| \[x\](y) \&amp;
    >>> print(escaped("- no list"))
    \- no list
    """
    line = " ".join(clean(plain).split("\n")).replace("\r", " ")
    line = re.sub(r"&(?=#?\w+;)", r"\\&", _MARKUP.sub(r"\\\1", line))
    return _START.sub(lambda found: f"{found[1]}\\{found[2]}", line)


class MarkdownPage(Page):
    """A page of Markdown.

    Parameters
    ----------
    words : Language
    stream : text stream
    """

    roomy = True

    def __init__(self, words: Language, stream: TextIO) -> None:
        self.words = words
        self._stream = stream
        self._blocks: list[str] = []

    def __exit__(self, *failure: object) -> None:
        """Write the page."""
        if failure == (None, None, None):
            self._stream.write("\n\n".join(self._blocks) + "\n")

    def title(self, text: str) -> None:
        """Begin the page."""
        self._blocks.append(f"# {escaped(text)}")

    def heading(self, text: str, **values: object) -> None:
        """Begin a section."""
        self._blocks.append(f"## {escaped(self.words.say(text, **values))}")

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a paragraph."""
        if text:
            self._blocks.append(f"**{escaped(text)}**" if "bold" in style else escaped(text))

    def points(self, texts: Iterable[str]) -> None:
        """Write a list."""
        self._blocks.append("\n".join(f"- {escaped(text)}" for text in texts))

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Write a few figures in one line."""
        self._blocks.append(" · ".join(f"{escaped(name)}: **{escaped(value)}**" for name, value in facts))

    def table(self, columns: Columns, rows: Iterable[Sequence[object]]) -> None:
        """Write a table; rows that are set off are bold."""
        lines = [_row(escaped(heading) for heading, _ in columns)]
        lines.append(_row("---:" if kind == "right" else "---" for _, kind in columns))
        for row in rows:
            bold = bool(row) and row[0] is None
            cells = ["" if cell is None else str(cell) for cell in (row[2:] if bold else row)]
            lines.append(_row(_cell(cell, bold) for cell in cells))
        self._blocks.append("\n".join(lines))

    def matrix(self, make: Callable[[], Matrix]) -> None:
        """Write who supplies what as tables of signs."""
        found, words = make(), self.words
        for part in found.parts():
            columns = [(words.say("Capability"), "left"), *((part.partner_name(key), "left") for key in part.partners)]
            rows = []
            for capability in part.capabilities:
                cells = (part.cells.get((capability, key)) for key in part.partners)
                rows.append(
                    [part.capability_name(capability), *("" if cell is None else cell.sign(words) for cell in cells)]
                )
            self.table(columns, rows)
        if found.parts():
            self.line("; ".join(f"{SIGNS[kind]} {words.write(MEANINGS[kind])}" for kind in found.kinds))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str, bold: bool) -> str:
    indent = "\u2003" if text.startswith("  ") else ""
    made = indent + escaped(text.strip())
    return f"**{made}**" if bold and made else made
