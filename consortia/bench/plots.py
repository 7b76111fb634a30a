"""Pictures of a comparison; matplotlib is wanted for them and for nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from consortia.bench.comparing import VIRTUAL, Case, proven_gap
from consortia.bench.measures import profile, steps
from consortia.bench.report import Comparison
from consortia.sentence import Sentence, say

_STYLES = ("-", "--", "-.", ":")
Steps = Sequence[tuple[float, float]]


def draw(comparison: Comparison, folder: Path) -> tuple[list[Path], Sentence | None]:
    """Draw ``profile.svg`` and ``gaps.svg``, each as .png too, into a folder.

    Returns
    -------
    list of Path
        What was drawn.
    Sentence or None
        What is missing for drawing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return [], say("Plots need matplotlib: pip install consortia[bench]")
    among, solvers = comparison.among, comparison.solvers
    times = _with_best({name: [case.proved(name) for case in among] for name in solvers})
    gaps = _with_best({name: [_percent(case, name) for case in among] for name in solvers})
    drawn = []
    for stem, curves, axis, scale, end in (
        ("profile", profile(times), "time to the proof, as a multiple of the fastest solver's", "log", None),
        (
            "gaps",
            {name: steps([value for value in found if value < 100], len(found)) for name, found in gaps.items()},
            "proven gap at the end, % of the cost",
            "symlog",
            100.0,
        ),
    ):
        figure = Figure(figsize=(7.5, 4.8), layout="constrained")
        axes = figure.add_subplot()
        _curves(axes, curves, scale, end)
        axes.set_xlabel(axis)
        axes.set_ylabel(f"share of {len(among)} questions")
        figure.legend(loc="outside right upper", fontsize="small")
        for suffix in ("svg", "png"):
            path = folder / f"{stem}.{suffix}"
            figure.savefig(path, dpi=150)
            drawn.append(path)
    return drawn, None


def _with_best(found: dict[str, list[float]]) -> dict[str, list[float]]:
    """Add who picks the best solver for each question beforehand."""
    return {**found, VIRTUAL: [min(values) for values in zip(*found.values(), strict=True)]}


def _percent(case: Case, solver: str) -> float:
    return 0.0 if case.proved(solver) < inf else 100 * proven_gap(case.rows[solver])


def _curves(axes: Any, curves: Mapping[str, Steps], scale: str, end: float | None) -> None:
    """Draw steps that begin at the left edge and go on to the right one."""
    least = 1.0 if scale == "log" else 0.0
    reached = [value for curve in curves.values() for value, _ in curve]
    right = end or max(2.0, 1.5 * max(reached, default=1.0))
    if scale == "log":
        axes.set_xscale("log")
    else:
        axes.set_xscale("symlog", linthresh=0.1)
    for place, (name, curve) in enumerate(curves.items()):
        start = next((share for value, share in curve if value <= least), 0.0)
        across = [least, *(value for value, _ in curve), right]
        up = [start, *(share for _, share in curve), curve[-1][1] if curve else 0.0]
        look: dict[str, Any] = {"linestyle": _STYLES[place // 10 % len(_STYLES)], "linewidth": 1.6}
        if name == VIRTUAL:
            look = {"linestyle": "--", "linewidth": 1.2, "color": "black", "zorder": 1}  # behind the solvers
        axes.step(across, up, where="post", label=name, **look)
    axes.set_xlim(least, right)
    axes.set_ylim(0.0, 1.02)
    axes.grid(alpha=0.3)
    axes.xaxis.set_major_formatter(lambda value, place: f"{value:g}")
    crowded = right > 10 * max(least, 1.0)
    axes.xaxis.set_minor_formatter(lambda value, place: "" if crowded else f"{value:g}")
