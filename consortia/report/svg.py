"""Drawings as SVG: inside a page, which colours them, or as a file with colours of its own."""

from __future__ import annotations

from consortia.report.drawing import PALETTE, Box, Curve, Dot, Drawing, Mark
from consortia.report.html import Html, element

_FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def inline_svg(drawing: Drawing) -> Html:
    """Return a drawing as an element of a page: marks have classes of their roles, and words for screen readers."""
    return _svg(drawing, {}, [_mark(mark, colours=False) for mark in drawing.marks])


def svg_file(drawing: Drawing) -> str:
    """Return a drawing as the contents of an SVG file.

    Examples
    --------
    >>> picture = Drawing("dots", "Dots", "One dot.", 20, 10, [Dot(5, 5, 2, "member")])
    >>> svg_file(picture).splitlines()[1][-58:]
    '<circle cx="5" cy="5" r="2" fill="#1d5fa8"></circle></svg>'
    """
    width, height = _n(drawing.width), _n(drawing.height)
    ground = element("rect", width=width, height=height, fill=PALETTE["paper"])
    size: dict[str, object] = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height}
    made = _svg(drawing, size, [ground, *(_mark(mark, colours=True) for mark in drawing.marks)])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{made}\n'


def _svg(drawing: Drawing, more: dict[str, object], marks: list[Html]) -> Html:
    title, description = f"{drawing.name}-title", f"{drawing.name}-description"
    return element(
        "svg",
        element("title", drawing.title, id=title),
        element("desc", drawing.description, id=description),
        *marks,
        **more,
        viewBox=f"0 0 {_n(drawing.width)} {_n(drawing.height)}",
        role="img",
        aria_labelledby=title,
        aria_describedby=description,
        font_family=_FONT,
    )


def _mark(mark: Mark, colours: bool) -> Html:
    colour = PALETTE[mark.role]
    paint: dict[str, object] = {"fill": colour} if colours else {"class": f"fill-{mark.role}"}
    if isinstance(mark, Box):
        return element("rect", x=_n(mark.x), y=_n(mark.y), width=_n(mark.width), height=_n(mark.height), rx=2, **paint)
    if isinstance(mark, Dot):
        return element("circle", cx=_n(mark.x), cy=_n(mark.y), r=_n(mark.radius), **paint)
    if isinstance(mark, Curve):
        middle = _n((mark.x + mark.to_x) / 2)
        path = (
            f"M{_n(mark.x)} {_n(mark.y)}C{middle} {_n(mark.y)} {middle} {_n(mark.to_y)} {_n(mark.to_x)} {_n(mark.to_y)}"
        )
        stroke: dict[str, object] = {"stroke": colour} if colours else {"class": f"stroke-{mark.role}"}
        return element("path", d=path, fill="none", stroke_width=_n(mark.width), **stroke)
    turn = f"rotate(-90 {_n(mark.x)} {_n(mark.y)})" if mark.turned else None
    return element(
        "text",
        mark.text,
        x=_n(mark.x),
        y=_n(mark.y),
        dy="0.35em",
        font_size=_n(mark.size),
        font_weight=600 if mark.bold else None,
        text_anchor=None if mark.anchor == "start" else mark.anchor,
        transform=turn,
        **paint,
    )


def _n(value: float) -> str:
    """Write a coordinate without digits that nobody sees."""
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.0f}"
