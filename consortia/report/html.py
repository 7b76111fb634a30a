"""Elements of HTML and SVG whose texts are escaped by construction."""

from __future__ import annotations

import re
from html import escape

_VOID = frozenset({"input", "br", "meta", "link"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """Text that is markup already; any other text is escaped where it becomes part of an element."""

    __slots__ = ()


def clean(text: str) -> str:
    r"""Replace what may stand in neither HTML nor XML: control characters and halves of characters.

    Examples
    --------
    >>> clean("a\x00b\tc") == "a\ufffdb\tc"
    True
    """
    return _FORBIDDEN.sub("\ufffd", text)


def element(tag: str, /, *children: object, **attributes: object) -> Html:
    """Return an element.

    Parameters
    ----------
    tag : str
    *children : object
        `Html` as it is, anything else as text; None is left out.
    **attributes : object
        ``class_`` stands for class, an underscore for a hyphen; True is an attribute without value, None and False
        are left out.

    Examples
    --------
    >>> element("td", "a < b", element("br"), class_="num", aria_sort=None)
    '<td class="num">a &lt; b<br></td>'
    """
    told = "".join(
        f" {name}" if value is True else f' {name}="{escape(clean(str(value)))}"'
        for name, value in ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{told}>")
    return Html(f"<{tag}{told}>{joined(*children)}</{tag}>")


def joined(*children: object) -> Html:
    """Return parts one after another, texts escaped."""
    return Html(
        "".join(
            child if isinstance(child, Html) else escape(clean(str(child)), quote=False)
            for child in children
            if child is not None
        )
    )
