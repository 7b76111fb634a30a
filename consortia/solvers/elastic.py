"""Rows that may be broken at a price: so a search can start from values that break some."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers

_DEAREST = 2.0**36  # so that sums of prices stay exact


@dataclass(frozen=True)
class Elastic:
    """A program with a column more for each row that some values break.

    Attributes
    ----------
    compiled : Compiled
        The new columns come last.
    values : array, one a column of `compiled`
        The values, with what mends them.
    rows : array
        The rows that the values break.
    """

    compiled: Compiled
    values: Integers
    rows: Integers


def lacking(compiled: Compiled, values: Integers) -> Integers:
    """Return what each row lacks at these values (positive), or has too much (negative)."""
    sums = np.zeros(len(compiled.row_lower), dtype=np.int64)
    np.add.at(sums, compiled.row_of_entry, compiled.data * values[compiled.indices])
    short = np.where(compiled.row_lower == -INFINITE, 0, np.maximum(compiled.row_lower - sums, 0))
    over = np.where(compiled.row_upper == INFINITE, 0, np.maximum(sums - compiled.row_upper, 0))
    lack: Integers = short - over
    if len(compiled.literals):
        holds = np.where(compiled.literals >= 0, values[compiled.literals], 1 - values[~compiled.literals]) == 1
        owner = np.repeat(np.arange(len(lack)), np.diff(compiled.literal_indptr))
        lack[owner[~holds]] = 0
    return lack


def sizes(compiled: Compiled) -> Integers:
    """Return how much one step of a column usually changes each row."""
    order = np.lexsort((np.abs(compiled.data), compiled.row_of_entry))
    lengths = np.diff(compiled.indptr)
    usual = np.ones(len(lengths), dtype=np.int64)
    some = lengths > 0
    usual[some] = np.abs(compiled.data)[order][(compiled.indptr[:-1] + lengths // 2)[some]]
    return usual


def dearest(compiled: Compiled) -> int:
    """Return what the dearest column costs: a first guess at what to pay for mending a row."""
    steps = np.clip(compiled.upper - compiled.lower, 0, 1_000)
    most = (np.abs(compiled.objective.astype(float)) * steps).max(initial=0)
    return int(min(max(1.0, most), _DEAREST))


def elastic(compiled: Compiled, values: Integers, prices: Integers) -> Elastic:
    """Let the rows be broken that `values` break, up to as far as they do.

    Parameters
    ----------
    compiled : Compiled
    values : array, one a column
        Within the column bounds.
    prices : array, one a row
        What each usual step away from the row costs.

    Examples
    --------
    >>> from consortia.linear import Linear
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> program.add_row(Tag("cover"), Linear(program.add_columns(Tag("member"), 2)), lower=2)
    >>> relaxed = elastic(program.compile(), np.array([1, 0]), np.array([9]))
    >>> relaxed.values.tolist(), len(relaxed.compiled.violated(relaxed.values)), relaxed.compiled.objective.tolist()
    ([1, 0, 1], 0, [0, 0, 9])
    """
    lack = lacking(compiled, values)
    rows = np.flatnonzero(lack)
    steps = sizes(compiled)[rows]
    two_ended = (compiled.row_lower[rows] != -INFINITE) & (compiled.row_upper[rows] != INFINITE)
    steps = np.where(two_ended, np.gcd(steps, lack[rows]), steps)  # not a step too far
    amounts = -(-np.abs(lack[rows]) // steps)
    width = len(compiled.lower)
    shape = (len(compiled.row_lower), width)
    matrix = sparse.csr_array((compiled.data, compiled.indices, compiled.indptr), shape=shape)
    mending = sparse.csr_array(
        (np.sign(lack[rows]) * steps, (rows, np.arange(len(rows)))), shape=(shape[0], len(rows)), dtype=np.int64
    )
    both = sparse.csr_array(sparse.hstack([matrix, mending], format="csr"))
    relaxed = replace(
        compiled,
        lower=np.concatenate([compiled.lower, np.zeros(len(rows), dtype=np.int64)]),
        upper=np.concatenate([compiled.upper, amounts]),
        indptr=both.indptr.astype(np.int64),
        indices=both.indices.astype(np.int64),
        data=both.data.astype(np.int64),
        objective=np.concatenate([compiled.objective, prices[rows]]),
    )
    return Elastic(relaxed, np.concatenate([values, amounts]), rows)
