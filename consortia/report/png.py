"""Drawings as PNG files; matplotlib is wanted for that and for nothing else here."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.report.drawing import PALETTE, Box, Curve, Dot, Drawing, Text
from consortia.report.html import clean
from consortia.sentence import say

_DOTS, _POINTS = 100, 72
"""Units of a drawing to an inch, and points of a letter's height."""


def png_file(drawing: Drawing) -> bytes:
    """Return a drawing as the contents of a PNG file, two dots to a unit.

    Raises
    ------
    SpecError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        message = say("Pictures in PNG need matplotlib")
        raise SpecError([Problem("", "", message, say("pip install consortia[plots], or name an .svg"))]) from None
    figure = Figure(figsize=(drawing.width / _DOTS, drawing.height / _DOTS), dpi=2 * _DOTS, facecolor=PALETTE["paper"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, drawing.width)
    axes.set_ylim(drawing.height, 0)
    axes.axis("off")
    for mark in drawing.marks:
        _draw(axes, mark)
    kept = BytesIO()
    with warnings.catch_warnings():  # letters that the font lacks become boxes, as in any program
        warnings.simplefilter("ignore")
        figure.savefig(kept, format="png", metadata={"Title": drawing.title, "Software": None})
    return kept.getvalue()


def _draw(axes: Any, mark: Any) -> None:
    from matplotlib.patches import Circle, PathPatch, Rectangle
    from matplotlib.path import Path

    colour = PALETTE[mark.role]
    match mark:
        case Box():
            axes.add_patch(Rectangle((mark.x, mark.y), mark.width, mark.height, facecolor=colour, edgecolor="none"))
        case Dot():
            axes.add_patch(Circle((mark.x, mark.y), mark.radius, facecolor=colour, edgecolor="none"))
        case Curve():
            middle = (mark.x + mark.to_x) / 2
            points = [(mark.x, mark.y), (middle, mark.y), (middle, mark.to_y), (mark.to_x, mark.to_y)]
            path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            width = mark.width * _POINTS / _DOTS
            axes.add_patch(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=width))
        case Text():
            axes.text(
                mark.x,
                mark.y,
                " ".join(clean(mark.text).split("\n")),
                color=colour,
                fontsize=mark.size * _POINTS / _DOTS,
                fontweight="bold" if mark.bold else "normal",
                horizontalalignment={"start": "left", "middle": "center", "end": "right"}[mark.anchor],
                verticalalignment="center_baseline",
                rotation=90 if mark.turned else 0,
                rotation_mode="anchor",
                parse_math=False,
            )
