"""Parts of a program that share no column, to be solved apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a program.

    Attributes
    ----------
    compiled : Compiled
        The part; the costs of all parts add up to that of the whole.
    columns : array, one a column of the part
        Its position in the whole.
    """

    compiled: Compiled
    columns: Integers


def parts(compiled: Compiled) -> list[Part]:
    """Return the parts of a program that no row connects, in the order of their first columns.

    Columns without rows are one part together, the last one; rows without columns and the constant belong to the
    first part. There is always at least one part.

    Examples
    --------
    >>> from consortia.program import Linear, Program, Tag
    >>> program = Program()
    >>> columns = program.add_columns(Tag("member"), 5)
    >>> program.add_row(Tag("cover"), Linear(columns[[0, 3]]), lower=1)
    >>> program.add_row(Tag("cover"), Linear(columns[[1, 4]]), lower=1)
    >>> [part.columns.tolist() for part in parts(program.compile())]
    [[0, 3], [1, 4], [2]]
    """
    width, height = len(compiled.lower), len(compiled.row_lower)
    rows, columns = _incidence(compiled)
    label = _components(rows, columns, width)
    touched = np.bincount(columns, minlength=width) > 0
    label[~touched] = width
    names, number = np.unique(label, return_inverse=True)
    count = max(len(names), 1)
    row_part = np.zeros(height, dtype=np.int64)
    row_part[rows] = number[columns]
    grouped = [np.argsort(group, kind="stable") for group in (row_part, number)]
    cuts = [np.cumsum(np.bincount(group, minlength=count))[:-1] for group in (row_part, number)]
    found: list[Part] = []
    for own_rows, own_columns in zip(*(np.split(*pair) for pair in zip(grouped, cuts, strict=True)), strict=True):
        constant = 0 if found else compiled.constant
        found.append(Part(replace(compiled.restricted(own_rows, own_columns), constant=constant), own_columns))
    return found


def _incidence(compiled: Compiled) -> tuple[Integers, Integers]:
    """Pairs of rows and columns, in the order of rows, literals included."""
    owner = np.repeat(np.arange(len(compiled.row_lower)), np.diff(compiled.literal_indptr))
    column = np.where(compiled.literals >= 0, compiled.literals, ~compiled.literals)
    rows = np.concatenate([compiled.row_of_entry, owner])
    columns = np.concatenate([compiled.indices, column])
    order = np.argsort(rows, kind="stable")
    return rows[order], columns[order]


def _components(rows: Integers, columns: Integers, width: int) -> Integers:
    """For each column, the least column that it is connected with."""
    label = np.arange(width)
    if not len(rows):
        return label
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    lengths = np.diff(np.append(starts, len(rows)))
    while True:
        before = label.copy()
        least = np.repeat(np.minimum.reduceat(label[columns], starts), lengths)
        # the columns of a row get its least label, and so does whatever they were known to be connected with
        np.minimum.at(label, before[columns], least)
        np.minimum.at(label, columns, least)
        while np.any(label[label] != label):
            label = label[label]
        if np.array_equal(before, label):
            return label
