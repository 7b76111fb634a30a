"""Pictures of fronts; matplotlib is wanted for them and for nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from consortia.explaining.fronts import Front
from consortia.expressions import EXPRESSIONS
from consortia.language import Language, language
from consortia.report.fronts import heading

SUFFIXES = (".svg", ".png")


def can_draw() -> bool:
    """Tell whether there is what pictures take."""
    return find_spec("matplotlib") is not None


def picture(front: Front, suffix: str, words: Language | None = None) -> bytes:
    """Draw a front of two objectives as steps, one of three as dots coloured by the third.

    Parameters
    ----------
    front : Front
    suffix : {".svg", ".png"}
        What to draw; the same front gives the same picture, to the byte.
    words : Language, optional
        English by default.

    Returns
    -------
    bytes
        What the file is made of. Dots that are not filled are not proven.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    words = words or language("en")
    figure = Figure(figsize=(7.5, 4.8), layout="constrained")
    axes = figure.add_subplot()
    points = [[float(value) for value in point.values] for point in front.points]
    found = [[float(value) for value in part.found.values] for part in front.open if part.found is not None]
    labels = [_label(name, front, words) for name in front.objectives]
    if len(labels) == 2:
        _steps(axes, front, points, words)
        axes.plot([at[0] for at in found], [at[1] for at in found], "o", markerfacecolor="none", color="C1")
    else:
        _coloured(figure, axes, points, found, labels[2])
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_title(front.instance.title, fontsize="medium")
    axes.margins(0.08)
    axes.grid(alpha=0.3)
    for axis, name in ((axes.xaxis, front.objectives[0]), (axes.yaxis, front.objectives[1])):
        _ticks(axis, name)
    drawn = BytesIO()
    with rc_context({"svg.hashsalt": "consortia", "svg.fonttype": "none"}):
        metadata = {"Date": None} if suffix == ".svg" else {"Software": None}
        figure.savefig(drawn, format=suffix.removeprefix("."), dpi=150, metadata=metadata)
    return drawn.getvalue()


def _label(name: str, front: Front, words: Language) -> str:
    currency = front.instance.currency if EXPRESSIONS[name].money else ""
    return f"{heading(name, words)}, {currency}" if currency else heading(name, words)


def _steps(axes: Any, front: Front, points: Sequence[Sequence[float]], words: Language) -> None:
    """Draw what is the best that can be had of the second objective, for each value of the first."""
    across, up = [at[0] for at in points], [at[1] for at in points]
    axes.step(across, up, where="post", color="C0", alpha=0.5)
    axes.plot(across, up, "o", color="C0")
    for point, at in zip(front.points, points, strict=True):
        if "members" not in front.objectives:
            text = words.say("members: {count}", count=len(point.members))
            axes.annotate(text, at, xytext=(5, 5), textcoords="offset points", fontsize="x-small")


def _coloured(
    figure: Any, axes: Any, points: Sequence[Sequence[float]], found: Sequence[Sequence[float]], label: str
) -> None:
    third = [at[2] for at in (*points, *found)]
    scale = {"vmin": min(third, default=0), "vmax": max(third, default=1), "cmap": "viridis"}
    dots = axes.scatter(*[[at[place] for at in points] for place in range(2)], c=[at[2] for at in points], **scale)
    axes.scatter(*[[at[place] for at in found] for place in range(2)], facecolors="none", edgecolors="C1")
    for at in points:
        axes.annotate(f"{at[2]:,.6g}", at[:2], xytext=(5, 5), textcoords="offset points", fontsize="x-small")
    figure.colorbar(dots, ax=axes, label=label)


def _ticks(axis: Any, name: str) -> None:
    """Write whole numbers where there are no others, and thousands apart."""
    from matplotlib.ticker import MaxNLocator

    if name in ("members", "clusters", "change"):
        axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axis.set_major_formatter(lambda value, place: f"{value:,.10g}")
