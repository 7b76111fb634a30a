"""Filled questionnaires into a pool: read, checked and taken in, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.answers import read_answers
from consortia.files.reading import read_pool
from consortia.pools.answers import Merged, take_answers
from consortia.spec.pool import Pool


def merge(pool: Any, filled: Sequence[str | Path], on: date) -> tuple[Pool, Merged]:
    """Read a pool and answers, and take them in.

    Parameters
    ----------
    pool : path, dict or Pool
    filled : sequence of path
        Questionnaires that were filled in: workbooks, or other pools of one partner.
    on : date
        The day on which answers must still hold.

    Returns
    -------
    before : Pool
        As it was.
    merged : Merged

    Raises
    ------
    SpecError
        If anything is wrong with the pool or any answer: all of it at once.
    """
    problems: list[Problem] = []
    before = None
    try:
        before = read_pool(pool).model
    except SpecError as error:
        problems += error.problems
    try:
        answers = read_answers([Path(path) for path in filled])
        merged = take_answers(before if before is not None else Pool(), answers, on)
    except SpecError as error:
        problems += error.problems
    if problems or before is None:
        raise SpecError(problems)
    return before, merged
