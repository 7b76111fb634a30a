"""A page as one HTML file: it works offline, asks nothing of any host, and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import TextIO

from consortia.language import Language
from consortia.report.drawing import Drawing
from consortia.report.html import Html, element
from consortia.report.html_table import legend, matrix_table, table
from consortia.report.matrix import Matrix
from consortia.report.page import Columns, Page
from consortia.report.svg import inline_svg

_VERDICTS = {"bold": "plain", "bold green": "proven", "bold yellow": "open", "bold red": "none"}
"""Styles of text that say how an answer stands."""


class HtmlPage(Page):
    """A page of HTML: a section for each heading, tables that sort and filter, pictures drawn in it.

    Everything is there without the script; with it tables can be sorted and searched, and the colours chosen. All
    texts are escaped by construction (:func:`consortia.report.html.element`), and the page's own policy lets nothing
    run or load but its own style and script.

    Parameters
    ----------
    words : Language
    stream : text stream
    fragment : bool
        Whether to write the inside of a page only, for a notebook: without script, contents and colours to choose.
    """

    roomy = True

    def __init__(self, words: Language, stream: TextIO, fragment: bool = False) -> None:
        self.words = words
        self._stream = stream
        self._fragment = fragment
        self._title = ""
        self._head: list[Html] = []
        self._sections: list[tuple[str, list[Html]]] = []

    def __exit__(self, *failure: object) -> None:
        """Write the page."""
        if failure == (None, None, None):
            self._stream.write(self._inside() if self._fragment else self._document())

    def title(self, text: str) -> None:
        """Begin the page."""
        self._title = text

    def heading(self, text: str, **values: object) -> None:
        """Begin a section."""
        self._sections.append((self.words.say(text, **values), []))

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a paragraph; the verdict that begins a page stands out."""
        if not text:
            return
        verdict = _VERDICTS.get(style)
        if verdict and not self._sections:
            self._add(element("p", text, class_=f"verdict {verdict}"))
        else:
            self._add(element("p", text, class_={"dim": "quiet", "bold red": "missing"}.get(style)))

    def points(self, texts: Iterable[str]) -> None:
        """Write a list."""
        self._add(element("ul", *(element("li", text) for text in texts)))

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Write a few figures, each with what it counts."""
        entries = (element("div", element("dt", name), element("dd", value)) for name, value in facts)
        self._add(element("dl", *entries, class_="facts"))

    def table(self, columns: Columns, rows: Iterable[Sequence[object]]) -> None:
        """Write a table, in a frame that scrolls where it is wider than the screen."""
        caption = self._sections[-1][0] if self._sections else self._title
        self._add(self._frame(table(columns, rows, caption), caption))

    def matrix(self, make: Callable[[], Matrix]) -> None:
        """Show who supplies what."""
        found, caption = make(), self.words.say("Who supplies, who stands by, and who could")
        parts = found.parts()
        self._add(element("h3", caption))
        if not parts:
            self.line(
                self.words.say("There are too many members and capabilities for a map; the table above has them all.")
            )
            return
        self._add(legend(found, self.words))
        for part in parts:
            self._add(self._frame(matrix_table(part, self.words, caption), caption))

    def picture(self, draw: Callable[[], Drawing]) -> None:
        """Show a picture, on a page of its own."""
        if self._fragment:
            return
        drawing = draw()
        self._add(element("figure", self._frame(inline_svg(drawing), drawing.title), class_=drawing.name))

    def _frame(self, inside: Html, label: str) -> Html:
        return element("div", inside, class_="frame", role="group", tabindex=0, aria_label=label)

    def _add(self, *parts: Html) -> None:
        (self._sections[-1][1] if self._sections else self._head).extend(parts)

    def _inside(self) -> Html:
        """Return the page's body without what belongs to a page of its own."""
        parts = [element("section", element("h3", name), *inside) for name, inside in self._sections]
        head = [element("style", Html(asset("fragment.css"))), element("p", element("strong", self._title))]
        return element("div", *head, *self._head, *parts, class_="consortia")

    def _document(self) -> str:
        words, style, script = self.words, asset("page.css"), asset("page.js")
        policy = (
            f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=policy),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="referrer", content="no-referrer"),
            element("title", self._title),
            element("style", Html(style)),
        )
        entries = [element("li", element("a", name, href=f"#s{at}")) for at, (name, _) in enumerate(self._sections, 1)]
        contents = element("nav", element("ol", *entries), aria_label=words.say("Contents")) if entries else None
        sections = [
            element("section", element("h2", name, id=f"s{at}"), *inside, aria_labelledby=f"s{at}")
            for at, (name, inside) in enumerate(self._sections, 1)
        ]
        made = words.say("Made by consortia on {date}", date=date.today())
        body = element(
            "body",
            element("a", words.say("Skip to the contents"), href="#main", class_="skip"),
            element("header", element("h1", self._title), *self._head),
            contents,
            element("main", *sections, id="main", tabindex=-1),
            element("footer", element("p", made)),
            element("script", Html(script)),
            **self._told_to_script(),
        )
        return f"<!DOCTYPE html>\n{element('html', head, body, lang=words.code)}\n"

    def _told_to_script(self) -> dict[str, object]:
        """Return the words of the script, and how numbers are written."""
        words = self.words
        return {
            "data_search": words.say("Search in this table"),
            "data_none": words.say("Nothing found"),
            "data_colours": words.say("Colours"),
            "data_system": words.say("as the system"),
            "data_light": words.say("light"),
            "data_dark": words.say("dark"),
            "data_decimal": words.number(Fraction(1, 2))[1],
        }


@cache
def asset(name: str) -> str:
    """Return a style sheet or a script that comes with the package."""
    return resources.files("consortia").joinpath("report/assets", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
