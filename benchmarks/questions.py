"""Questions that the benchmarks share: published ones where they are found, and shipped ones."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from consortia.instance import Instance
from consortia.posing import pose

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("CONSORTIA_DATA", ROOT.parent / "shared" / "data"))

QUESTIONS = {
    "cold-chain": ("shipped", "cold-chain.yaml"),
    "scp41": ("orlib-scp", "scp/scp41.txt"),
    "scpa1": ("orlib-scp", "scp/scpa1.txt"),
    "scpnrh1": ("orlib-scp", "scp/scpnrh1.txt"),
    "holmberg-p13": ("sscflp", "sscflp/holmberg/p13"),
}


@cache
def load(name: str) -> Instance:
    """Return a question by name, or skip where its file is absent."""
    from consortia.files.published import read_published

    form, path = QUESTIONS[name]
    if form == "shipped":
        return pose(ROOT / "instances" / path)
    if not (DATA / path).exists():
        pytest.skip(f"{path} is not in the folder that CONSORTIA_DATA names")
    return read_published(form, DATA / path)
