"""Pages as the contents of files: text, Markdown, HTML, and PDF, which a browser prints from HTML."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING

from consortia.language import Language

if TYPE_CHECKING:
    from consortia.report.page import Page


def page_file(form: str, words: Language, write: Callable[[Page], None]) -> str | bytes:
    r"""Return a page as the contents of a file.

    Parameters
    ----------
    form : {"text", "md", "html", "pdf"}
    words : Language
    write : callable
        Writes a report on a page.

    Raises
    ------
    SpecError
        If there is no browser that could print the PDF.

    Examples
    --------
    >>> from consortia.language import language
    >>> page_file("md", language("en"), lambda page: page.title("Labels <b>"))
    '# Labels \\<b\\>\n'
    """
    stream = StringIO()
    with _page(form, words, stream) as page:
        write(page)
    if form != "pdf":
        return stream.getvalue()
    from consortia.report.printing import print_to_pdf

    return print_to_pdf(stream.getvalue())


def _page(form: str, words: Language, stream: StringIO) -> Page:
    if form in ("html", "pdf"):
        from consortia.report.html_page import HtmlPage

        return HtmlPage(words, stream)
    if form == "md":
        from consortia.report.markdown_page import MarkdownPage

        return MarkdownPage(words, stream)
    from consortia.report.page import TextPage

    return TextPage(words, stream, width=100)
