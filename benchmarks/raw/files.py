"""Handing rows over as an MPS file, which HiGHS writes: for solvers that take arrays slowly or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from consortia.compiled import Compiled
from raw.highs import load


@contextmanager
def mps(compiled: Compiled) -> Iterator[Path]:
    """Write the program into a file; columns are called c0, c1, ..."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "program.mps"
        load(compiled).writeModel(str(path))
        yield path


def column(name: str) -> int:
    """Return the position of a column by its name."""
    return int(name.lstrip("c"))


@contextmanager
def no_output() -> Iterator[None]:
    """Keep silent what prints in C."""
    kept = os.dup(1)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        for descriptor in (kept, silent):
            with suppress(OSError):
                os.close(descriptor)
