"""Search published covers for as long as said, and print what is found beside the best known cost.

python benchmarks/covering.py FOLDER SECONDS [NEED]

FOLDER holds files of the OR-Library, and beside it or in it `best_known.csv`. With NEED 2 or more, every row must be
covered so many times, as far as it can be.
"""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from consortia.files.published import read_published
from consortia.model import build
from consortia.solvers.covering import cover_prices, search_cover
from consortia.solvers.lagrangian import certified


def measure(path: Path, seconds: float, need: int) -> tuple[int, int, float]:
    """Return the cost found, a bound, and the seconds to the last improvement."""
    format = "orlib-rail" if path.name.startswith("rail") else "orlib-scp"
    compiled = build(read_published(format, path)).program.compile()
    free = (compiled.lower < compiled.upper)[compiled.indices]
    widths = np.bincount(compiled.row_of_entry[free], minlength=len(compiled.row_lower))
    compiled = replace(compiled, row_lower=np.minimum(need, widths).astype(np.int64))
    began, last = time.monotonic(), 0.0

    def better(cost: int, values: object) -> None:
        nonlocal last
        last = time.monotonic() - began

    found = search_cover(compiled, halt=lambda: time.monotonic() - began > seconds, on_better=better)
    assert found is not None and not len(compiled.violated(found[1]))
    prices = cover_prices(compiled, found[0], steps=1000, halt=lambda: False)
    return found[0], certified(compiled, prices), last


def main() -> None:
    """Measure every file of the folder."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    need = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    table = next(place for place in (folder, folder.parent) if (place / "best_known.csv").exists()) / "best_known.csv"
    with table.open(encoding="utf-8") as lines:
        known = {Path(row["file"]).name: row["best_known"] for row in csv.DictReader(lines)}
    print("file, cost, bound, seconds to the cost, best known with need 1")
    for path in sorted(folder.iterdir()):
        cost, bound, last = measure(path, seconds, need)
        print(f"{path.name}, {cost}, {bound}, {last:.2f}, {known[path.name]}", flush=True)


if __name__ == "__main__":
    main()
