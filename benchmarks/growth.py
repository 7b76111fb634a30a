"""Time and memory against size: run solvers on the recipe ``growth``, fit the exponents, and plot.

    python benchmarks/growth.py --solver auto --solver cpsat --time-limit 20 -o FOLDER

The rows are those of ``consortia bench``, and a killed run goes on. Exponents are the slopes of straight lines through
the logarithms; only what was measured counts, so of the time to the proof only runs that proved.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from consortia.bench.measures import LEAST, exponent
from consortia.bench.rows import Row
from consortia.bench.runner import bench, told_in_a_line
from consortia.bench.sources import find
from consortia.cli.bench import contestant

RECIPE = Path(__file__).parent / "sets" / "growth.yaml"
_SIZE = re.compile(r"-(\d+)x")  # of the pool; the row's own figure is without those who were screened out

MEASURES: dict[str, Callable[[Row], float | None]] = {
    "read s": lambda row: row.reading,
    "first s": lambda row: row.first,
    "best s": lambda row: row.best,
    "proof s": lambda row: row.proved,
    "memory MB": lambda row: row.memory,
}


def points(rows: Sequence[Row], measure: Callable[[Row], float | None]) -> list[tuple[int, float]]:
    """Return the median of a measure at each size, where at least half of the runs have it."""
    sizes = [int(found[1]) if (found := _SIZE.search(row.instance)) else 0 for row in rows]
    found = []
    for size in sorted(set(sizes)):
        here = [measure(row) for row, of in zip(rows, sizes, strict=True) if of == size]
        values = [max(value, LEAST) for value in here if value is not None]
        if 2 * len(values) >= len(here):
            found.append((size, median(values)))
    return found


def power(found: Sequence[tuple[int, float]]) -> float | None:
    """Return the exponent, of at least three sizes above the clock's resolution."""
    clear = [(size, value) for size, value in found if value > LEAST]
    return exponent(*zip(*clear, strict=True)) if len(clear) >= 3 else None


def write_table(rows: Sequence[Row], path: Path) -> None:
    """Write sizes, medians and exponents, and print the exponents."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["solver", "measure", "partners", "median"])
        for solver, name, found in curves(rows):
            table.writerows([solver, name, size, f"{value:.4g}"] for size, value in found)
            grown = power(found)
            shown = "too few sizes" if grown is None else f"{grown:.2f}"
            table.writerow([solver, name, "exponent", shown])
            reach = f"up to {found[-1][0]:,} partners" if found else "nowhere"
            print(f"{solver:<16}{name:<12}exponent {shown:<16}{reach}")


def curves(rows: Sequence[Row]) -> list[tuple[str, str, list[tuple[int, float]]]]:
    """Return solver, name of the measure and medians."""
    return [
        (solver, name, points([row for row in rows if row.solver == solver], measure))
        for solver in dict.fromkeys(row.solver for row in rows)
        for name, measure in MEASURES.items()
    ]


def draw(rows: Sequence[Row], folder: Path) -> None:
    """Draw a panel for times and one for memory, both axes logarithmic."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.8), layout="constrained")
    panels = dict(zip(("s", "MB"), figure.subplots(1, 2), strict=True))
    colours = {solver: f"C{place}" for place, solver in enumerate(dict.fromkeys(row.solver for row in rows))}
    marks = dict(zip(MEASURES, ("x:", "^-.", "s--", "o-", "o-"), strict=True))
    for solver, name, found in curves(rows):
        if not found:
            continue
        grown = power(found)
        label = f"{solver}, {name}" + ("" if grown is None else f": power {grown:.2f}")
        panels[name.split()[-1]].plot(*zip(*found, strict=True), marks[name], color=colours[solver], label=label)
    for unit, axes in panels.items():
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("partners")
        axes.set_ylabel({"s": "seconds, median", "MB": "peak memory, MB"}[unit])
        sizes = sorted({size for _, _, found in curves(rows) for size, _ in found})
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=45)
        axes.set_xticks([], minor=True)
        axes.yaxis.set_major_formatter(lambda value, place: f"{value:,g}")
        axes.yaxis.set_minor_formatter(lambda value, place: f"{value:,g}" if f"{value:e}"[0] in "25" else "")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="x-small")
    for suffix in ("svg", "png"):
        figure.savefig(folder / f"growth.{suffix}", dpi=150)


def main() -> None:
    """Measure, fit and plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solver", action="append", metavar="NAME[,OPTION=VALUE...]")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--most", type=int, help="only questions of at most so many partners")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    sources = [
        source
        for source in find([asked.recipe])
        if asked.most is None or dict(getattr(source, "parameters", ())).get("partners", 0) <= asked.most
    ]
    rows = bench(
        sources,
        [contestant(text) for text in asked.solver or ["auto"]],
        asked.output,
        limit=asked.time_limit,
        told=lambda row, done, plan: print(told_in_a_line(row, done, plan), file=sys.stderr, flush=True),
    )
    write_table(rows, asked.output / "growth.csv")
    try:
        draw(rows, asked.output)
    except ImportError:
        print("The plot needs matplotlib: pip install consortia[bench]", file=sys.stderr)


if __name__ == "__main__":
    main()
