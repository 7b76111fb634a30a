"""How far reduction gets on published covers: ``python benchmarks/reduction.py FILES``, or all of CONSORTIA_DATA."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from questions import DATA

from consortia.files.published import read_published
from consortia.model import build
from consortia.solvers.reduction import parts, reduce


def measure(path: Path) -> str:
    """Reduce one question, twice, and return a row of a table."""
    instance = read_published("orlib-rail" if path.name.startswith("rail") else "orlib-scp", path)
    compiled = build(instance).program.compile()
    times = []
    for _ in range(2):
        began = time.process_time()
        reduction = reduce(compiled)
        times.append(time.process_time() - began)
    smaller = reduction.compiled
    before, after = (len(made.row_lower) for made in (compiled, smaller))
    return (
        f"| {path.name.removesuffix('.txt')} | {before} x {len(instance.partners)} | {len(compiled.data)} "
        f"| {after} x {len(reduction.columns)} | {len(smaller.data)} | {len(parts(smaller))} | {min(times):.3f} |"
    )


if __name__ == "__main__":
    print("| file | rows x columns | entries | left | entries | parts | processor seconds |")
    print("|---|---|---|---|---|---|---|")
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted((DATA / "scp").iterdir()):
        print(measure(path), flush=True)
