"""Search published single-source questions for as long as said, and print what is found beside the best known cost.

python benchmarks/assigning.py FOLDER SECONDS [BEGINNING]

FOLDER holds `best_known.csv` and the folder `sscflp`; files are those whose path in it begins with BEGINNING. Seconds
are of processor time. A search also ends once it has found a cost as low as the best known one.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

from consortia.files.published import read_published
from consortia.model import build
from consortia.solvers.assigning import search_assignment

EARLY = 2.0
"""Seconds after which a first look is taken."""


def measure(path: Path, seconds: float, known: float) -> tuple[float, float, float]:
    """Return by how many per cent the cost is above the best known, early and late, and the seconds to the last."""
    model = build(read_published("sscflp", path))
    compiled = model.program.compile()
    # a published cost has two decimals at most; the program's unit is found where one opener costs something
    numbers = [float(word) for word in path.read_text(encoding="utf-8").split()]
    fees = numbers[2 + int(numbers[0]) : 2 + 2 * int(numbers[0])]
    dearest = max(range(len(fees)), key=fees.__getitem__)
    unit = compiled.divisor * float(compiled.objective[dearest]) / fees[dearest]
    began, seen = time.process_time(), [(0.0, float("inf"))]
    found = search_assignment(
        compiled,
        halt=lambda: time.process_time() - began > seconds,
        on_better=lambda cost, values: seen.append((time.process_time() - began, cost / unit)),
        target=round(known * unit),
    )
    assert found is not None and not len(compiled.violated(found[1]))
    early = min(cost for moment, cost in seen if moment <= EARLY)
    return 100 * (early / known - 1), 100 * (seen[-1][1] / known - 1), seen[-1][0]


def main() -> None:
    """Measure every file."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    beginning = f"sscflp/{sys.argv[3] if len(sys.argv) > 3 else ''}"
    with (folder / "best_known.csv").open(encoding="utf-8") as lines:
        known = {row["file"]: float(row["best_known"]) for row in csv.DictReader(lines)}
    print(
        f"file, per cent above the best known after {EARLY:g} s, after {seconds:g} s, seconds to the last improvement"
    )
    for name in sorted(name for name in known if name.startswith(beginning)):
        early, late, last = measure(folder / name, seconds, known[name])
        print(f"{name}, {early:.3f}, {late:.3f}, {last:.2f}", flush=True)


if __name__ == "__main__":
    main()
