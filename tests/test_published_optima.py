"""Published questions solved to their published optima, where the files are at hand. Minutes: run with ``-m slow``."""

from __future__ import annotations

import csv
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

import consortia
from consortia.files.published import read_published

FOLDER = Path(os.environ.get("CONSORTIA_DATA", Path(__file__).parents[2] / "shared" / "data"))
BEST_KNOWN = FOLDER / "best_known.csv"
WANTED = re.compile(r"scp/scp[456abc]\d+\.txt|sscflp/holmberg/p(\d|1\d|2[0-4])|sscflp/orlib/p(\d|1[0-2])")


def optima():
    """Return file and published value of the questions that are solved here."""
    if not BEST_KNOWN.exists():
        return []
    with BEST_KNOWN.open(encoding="utf-8", newline="") as stream:
        return [(row["file"], row["best_known"]) for row in csv.DictReader(stream) if WANTED.fullmatch(row["file"])]


OPTIMA = optima()
here = pytest.mark.skipif(not OPTIMA, reason="the published files are not here; set CONSORTIA_DATA to their folder")


@here
def test_all_of_them_are_listed():
    assert len(OPTIMA) == 40 + 24 + 12


@here
@pytest.mark.slow
@pytest.mark.parametrize(("file", "published"), OPTIMA or [("", "")])
def test_the_least_cost_is_the_published_one(file, published):
    instance = read_published("sscflp" if file.startswith("sscflp") else "orlib-scp", FOLDER / file)
    outcome = consortia.solve(instance)
    assert outcome.proven
    assert outcome.proof == "exact"
    # sources state some values with fewer decimals than the costs have, rounded either way; ours has all of them
    stated = Decimal(published)
    unit = Decimal(1).scaleb(stated.as_tuple().exponent)
    assert abs(outcome.cost - stated) <= (unit / 2 if "orlib" in file else 0)
