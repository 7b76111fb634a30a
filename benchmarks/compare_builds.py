"""Compare the time to build a shipped question in several checkouts, in one run: ``compare_builds.py BEFORE AFTER``.

Checkouts take turns, each in a process of its own, so that a machine that slows down slows all of them; the least
time of each counts. What is not used should cost nothing: the ratio of a later checkout to an earlier one is near 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

MEASURE = """
import sys, time
sys.path.insert(0, sys.argv[1])
from consortia.model import build
from consortia.posing import pose
instance = pose(sys.argv[2])
def least(work):
    times = []
    for _ in range(40):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
start = time.perf_counter()
pose(sys.argv[2])
posing = time.perf_counter() - start
program = build(instance).program
print(posing, least(lambda: build(instance)), least(program.compile), program.width, program.height)
"""


def main() -> None:
    """Print a line for each checkout: seconds to pose, build and compile, and the size of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--question", type=Path, help="by default the flagship of the first checkout")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    question = asked.question or asked.checkouts[0] / "instances" / "cold-chain.yaml"
    times: dict[Path, list[list[float]]] = {checkout: [] for checkout in asked.checkouts}
    for _ in range(asked.rounds):
        for checkout in asked.checkouts:
            command = [sys.executable, "-c", MEASURE, str(checkout), str(question)]
            made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            times[checkout].append([float(number) for number in made.split()])
    print(f"{'checkout':<24}{'pose ms':>10}{'build ms':>10}{'compile ms':>12}{'columns':>9}{'rows':>7}")
    for checkout, found in times.items():
        pose, build, compiled, columns, rows = (min(values) for values in zip(*found, strict=True))
        figures = f"{pose * 1e3:>10.2f}{build * 1e3:>10.2f}{compiled * 1e3:>12.2f}{columns:>9.0f}{rows:>7.0f}"
        print(f"{checkout.name:<24}{figures}")


if __name__ == "__main__":
    main()
