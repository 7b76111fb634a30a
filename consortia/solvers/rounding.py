"""Rows that whole numbers obey and the linear relaxation breaks: mixed-integer rounding.

All columns are whole. Where ``a x >= b`` for columns of at least 0, any step d gives

    sum of (r floor(a / d) + min(r, a mod d)) x >= r ceil(b / d),    r = (b - 1) mod d + 1,

in integers, so that what is added is as exact as what was there. Columns count from their bounds: from zero or one,
and quantities from what a delivery has at least or at most if there is one.

Source: Marchand, Wolsey 2001, "Aggregation and mixed integer rounding to solve MIPs".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse

from consortia.compiled import Compiled, spans
from consortia.linear import INFINITE, Integers, Linear
from consortia.solvers.lagrangian import Floats, Mask

_LARGEST = 2**36  # of numbers in rows
_CELLS = 1_000_000  # of tables at a time,
_TABLE = 20_000  # and of those of one row
_THRESHOLDS = (2.0, 0.999, 0.75, 0.5, 0.25, 0.001)  # columns of 0 and 1 that are above it count from one
_BROKEN = 1e-3  # by how much, for coefficients of length one, a row has to be broken
_WHOLE = 1e-6


@dataclass(frozen=True)
class Rows:
    """Rows ``matrix x >= lower``."""

    matrix: Any
    lower: Integers

    @staticmethod
    def of(compiled: Compiled, some: Integers) -> Rows:
        """Return some rows of a program without literals, if they have more than two columns, one for each bound."""
        shape = (len(compiled.row_lower), len(compiled.lower))
        matrix = sparse.csr_array((compiled.data, compiled.indices, compiled.indptr), shape=shape)
        long = np.zeros(shape[0], dtype=bool)
        long[some] = np.diff(compiled.indptr)[some] > 2
        below = np.flatnonzero(long & (compiled.row_lower > -INFINITE))
        above = np.flatnonzero(long & (compiled.row_upper < INFINITE))
        return Rows(
            sparse.vstack([matrix[below], -matrix[above]]).tocsr(),
            np.concatenate([compiled.row_lower[below], -compiled.row_upper[above]]),
        )

    def tight(self, values: Floats) -> Rows:
        """Return those without slack at a point."""
        slack = self.matrix @ values - self.lower
        rows = np.flatnonzero(slack <= _WHOLE * (1 + np.abs(self.lower)))
        return Rows(self.matrix[rows], self.lower[rows])

    def joined(self, row: Linear, least: int) -> Rows:
        """Return them with one more."""
        ends = np.array([0, len(row.columns)])
        added = sparse.csr_array((row.coefficients, row.columns, ends), shape=(1, self.matrix.shape[1]))
        return Rows(sparse.vstack([self.matrix, added]).tocsr(), np.append(self.lower, least))


@dataclass(frozen=True)
class _Ends:
    """Bounds ``column <= factor x other + constant`` of quantities, or ``>=`` where `sign` is -1."""

    sign: int
    column: Integers
    other: Integers
    factor: Integers
    constant: Integers

    @staticmethod
    def of(compiled: Compiled, sign: int) -> _Ends:
        """Read rows of two columns; bounds of columns as such have a factor of 0."""
        wide = compiled.upper - compiled.lower > 1
        pairs = np.flatnonzero(np.diff(compiled.indptr) == 2)
        first = compiled.indptr[pairs]
        columns = np.flatnonzero(wide)
        found = [(columns, columns, 0 * columns, (compiled.upper if sign > 0 else compiled.lower)[columns])]
        for mine, its in ((first, first + 1), (first + 1, first)):
            column, other = compiled.indices[mine], compiled.indices[its]
            own, factor = compiled.data[mine], compiled.data[its]
            for side, absent, turn in ((compiled.row_upper, INFINITE, 1), (compiled.row_lower, -INFINITE, -1)):
                fit = wide[column] & ~wide[other] & (own == turn * sign) & (side[pairs] != absent)
                found.append((column[fit], other[fit], (-own * factor)[fit], (own * side[pairs])[fit]))
        column, other, factor, constant = (np.concatenate(part) for part in zip(*found, strict=True))
        return _Ends(sign, column, other, factor, constant)

    def nearest(self, values: Floats) -> _Nearest:
        """Choose the one that is nearest at a point; of equals one that depends on another column."""
        far = np.maximum(self.sign * (self.factor * values[self.other] + self.constant - values[self.column]), 0)
        order = np.lexsort((self.factor == 0, np.round(far, 6), self.column))
        column, at = np.unique(self.column[order], return_index=True)
        chosen = np.zeros(len(values), dtype=np.int64)
        chosen[column] = order[at]
        distance = np.full(len(values), np.inf)
        distance[column] = far[chosen[column]]
        return _Nearest(distance, self.other, self.factor, self.constant, chosen)


@dataclass(frozen=True)
class _Nearest:
    """For each quantity one of its bounds, and how far it is."""

    distance: Floats
    _other: Integers
    _factor: Integers
    _constant: Integers
    _chosen: Integers

    def of(self, column: Integers) -> tuple[Integers, Integers, Integers]:
        """The column on which the bound depends, its factor, and the constant."""
        chosen = self._chosen[column]
        return self._other[chosen], self._factor[chosen], self._constant[chosen]


@dataclass(frozen=True)
class _Shifted:
    """Rows over columns that are at least 0: those of the program, what quantities lack, and what they have above.

    `values` says how far each is at a point, `binary` whether it is at most 1.
    """

    matrix: Any
    lower: Integers
    values: Floats
    binary: Mask


@dataclass(frozen=True)
class Rounded:
    """A row: `broken` by so much at a point, for coefficients of length one."""

    broken: float
    row: Linear
    least: int


class Rounding:
    """Finds rounded rows of a program without literals.

    Parameters
    ----------
    compiled : Compiled
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._ends = _Ends.of(compiled, 1), _Ends.of(compiled, -1)

    def of(self, rows: Rows, values: Floats) -> list[Rounded]:
        """For each row the rounded one that is broken most at a point, where one is; those broken most come first."""
        near = self._ends[0].nearest(values), self._ends[1].nearest(values)
        shifted = self._shifted(rows, values, near)
        found = []
        for columns, coefficients, least in _broken(shifted):
            row, least = self._restored(columns, coefficients, least, near)
            size = float(np.sqrt((row.coefficients.astype(float) ** 2).sum()))
            lack = least - float(row.coefficients @ values[row.columns])
            if lack > _BROKEN * size and np.abs(row.coefficients).max() < _LARGEST:
                found.append(Rounded(lack / size, row, least))
        return sorted(found, key=lambda rounded: -rounded.broken)

    def _shifted(self, rows: Rows, values: Floats, near: tuple[_Nearest, _Nearest]) -> _Shifted:
        compiled, width = self.compiled, len(values)
        matrix = rows.matrix.tocoo()
        row, column, data = matrix.row.astype(np.int64), matrix.col.astype(np.int64), matrix.data
        wide = (compiled.upper - compiled.lower > 1)[column]
        lacks, has = near[0].distance[column], near[1].distance[column]
        closer = (lacks < has - _WHOLE) | ((lacks <= has + _WHOLE) & (data > 0))
        lower = rows.lower.copy()
        parts = [(row[~wide], column[~wide], data[~wide])]
        for kind, some in enumerate((wide & closer, wide & ~closer)):
            other, factor, constant = near[kind].of(column[some])
            np.subtract.at(lower, row[some], data[some] * constant)
            parts.append((row[some], (1 + kind) * width + column[some], (-data if kind == 0 else data)[some]))
            parts.append((row[some], other, data[some] * factor))
        row, column, data = (np.concatenate(part) for part in zip(*parts, strict=True))
        summed = sparse.csr_array((data, (row, column)), shape=(len(lower), 3 * width))
        summed.sum_duplicates()
        summed.eliminate_zeros()
        lower -= summed[:, :width] @ compiled.lower
        ends = np.concatenate([values - compiled.lower, near[0].distance, near[1].distance])
        binary = np.arange(3 * width) < width
        return _Shifted(summed, lower, np.maximum(ends, 0), binary)

    def _restored(
        self, columns: Integers, coefficients: Integers, least: int, near: tuple[_Nearest, _Nearest]
    ) -> tuple[Linear, int]:
        """Return a row over the program's own columns."""
        kind, column = np.divmod(columns, len(self.compiled.lower))
        own = kind == 0
        parts = [Linear(column[own], coefficients[own])]
        least += int(coefficients[own] @ self.compiled.lower[column[own]])
        for end, turn in ((0, -1), (1, 1)):
            some = kind == 1 + end
            mine = turn * coefficients[some]
            other, factor, constant = near[end].of(column[some])
            parts += [Linear(column[some], mine), Linear(other, -mine * factor)]
            least += int(mine @ constant)
        row = Linear.total(parts).merged()
        common = int(np.gcd.reduce(row.coefficients)) or 1
        return Linear(row.columns, row.coefficients // common), -(-least // common)


def _broken(shifted: _Shifted) -> Iterator[tuple[Integers, Integers, int]]:
    """For each row the rounded one that is broken most, if one is: its columns, coefficients, and least sum."""
    matrix = shifted.matrix
    lengths = np.diff(matrix.indptr)
    owner, at = np.repeat(np.arange(len(lengths)), lengths), shifted.values[matrix.indices]
    between = (at > _WHOLE) & ((at < 1 - _WHOLE) | ~shifted.binary[matrix.indices]) & (np.abs(matrix.data) > 1)
    between &= (np.abs(matrix.data) < _LARGEST) & (np.abs(shifted.lower) < _LARGEST)[owner]
    row, step = np.unique(np.stack([owner[between], np.abs(matrix.data[between])]), axis=1)
    # of the steps of a long row every second, third, ...
    number = np.arange(len(row)) - np.searchsorted(row, row)
    many = np.bincount(row, minlength=len(lengths))[row] * lengths[row] // _TABLE + 1
    row, step = row[number % many == 0], step[number % many == 0]
    best: dict[int, tuple[float, Integers, int]] = {}
    start = 0
    while start < len(row):
        end = start + max(1, _CELLS // int(lengths[row[start:]].max()))
        _round(shifted, row[start:end], step[start:end], best)
        start = end
    for number, (_, coefficients, least) in sorted(best.items()):
        columns = matrix.indices[matrix.indptr[number] : matrix.indptr[number + 1]].astype(np.int64)
        used = coefficients != 0
        yield columns[used], coefficients[used], least


def _round(shifted: _Shifted, row: Integers, step: Integers, best: dict[int, tuple[float, Integers, int]]) -> None:
    """Round rows by steps; keep for each row what is broken most."""
    matrix = shifted.matrix
    lengths = np.diff(matrix.indptr)[row]
    inside = np.arange(lengths.max())[None] < lengths[:, None]
    place = spans(matrix.indptr[row].astype(np.int64), lengths)
    table, at, binary = np.zeros(inside.shape, dtype=np.int64), np.zeros(inside.shape), np.zeros_like(inside)
    table[inside], at[inside] = matrix.data[place], shifted.values[matrix.indices[place]]
    binary[inside] = shifted.binary[matrix.indices[place]]
    steps = step[:, None]
    for threshold in _THRESHOLDS:
        turned = binary & (at >= threshold)
        signed = np.where(turned, -table, table)
        rest = shifted.lower[row] - np.where(turned, table, 0).sum(axis=1)
        left = (rest - 1) % step + 1
        coefficients = left[:, None] * (signed // steps) + np.minimum(left[:, None], signed % steps)
        least = left * -(-rest // step)
        lack = least - (coefficients * np.where(turned, 1 - at, at)).sum(axis=1)
        broken = lack / np.maximum(np.sqrt((coefficients.astype(float) ** 2).sum(axis=1)), 1e-9)
        for pair in np.flatnonzero(broken > _BROKEN).tolist():
            number = int(row[pair])
            if number not in best or broken[pair] > best[number][0]:
                plain = np.where(turned[pair], -coefficients[pair], coefficients[pair])[: lengths[pair]]
                back = int(coefficients[pair][turned[pair]].sum())
                best[number] = float(broken[pair]), plain, int(least[pair]) - back
