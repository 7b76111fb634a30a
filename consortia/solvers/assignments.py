"""Programs that assign each choice to one opener with room, in the form that searches read: matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.propagation import Domains

Floats = npt.NDArray[np.float64]

LARGEST = 2**50
"""Costs and weights add up to less than this, so that sums of 64-bit floating-point numbers are exact."""


CELLS = 2**18
"""Larger matrices would take longer to look at than a step may last."""


@dataclass(frozen=True)
class Assignments:
    """Choices, each to be assigned to one of the openers, whose room is limited.

    Attributes
    ----------
    column : array of int (openers, choices)
        The program's column that assigns a choice to an opener, -1 where there is none.
    opener : array of int
        The column that opens each opener, -1 where it is open anyway.
    cost, weight : array of float (openers, choices)
        What an assignment costs and how much room it takes; an infinite cost where there is no column.
    fee, room : array of float
        What an opener costs once something is assigned to it, and how much room it has.
    idle : array of int
        Values of all columns where nothing is assigned.
    needed : array of bool
        Openers to which something must be assigned.
    """

    column: Integers
    opener: Integers
    cost: Floats
    weight: Floats
    fee: Floats
    room: Floats
    idle: Integers
    needed: npt.NDArray[np.bool_]

    @staticmethod
    def of(compiled: Compiled) -> Assignments | None:
        """Return the program in this form; None if it is of another kind, or plainly without a solution."""
        if len(compiled.literals):
            return None
        domains = Domains(compiled)
        if not domains.propagate():
            return None
        compiled = replace(compiled, lower=domains.lower, upper=domains.upper).folded()
        free = compiled.lower != compiled.upper
        if np.any(free & ((compiled.lower != 0) | (compiled.upper != 1))):
            return None
        if compiled.reaches(LARGEST):
            return None
        return _Reader(compiled).read()

    def values(self, at: Integers) -> Integers:
        """Values of all columns where choice ``i`` is assigned to opener ``at[i]``."""
        values = self.idle.copy()
        values[self.column[at, np.arange(len(at))]] = 1
        opened = self.opener[np.unique(at)]
        values[opened[opened >= 0]] = 1
        return values

    def only(self, chosen: Integers) -> Assignments:
        """Return the same program with the `chosen` openers alone."""
        return replace(
            self,
            column=self.column[chosen],
            opener=self.opener[chosen],
            cost=self.cost[chosen],
            weight=self.weight[chosen],
            fee=self.fee[chosen],
            room=self.room[chosen],
            needed=self.needed[chosen],
        )

    def at(self, values: Integers) -> Integers:
        """For each choice, an opener to which `values` assign it, by some opener at the least cost if to none."""
        taken = (self.column >= 0) & (values[self.column] == 1)
        found: Integers = np.where(taken.any(axis=0), taken.argmax(axis=0), self.cost.argmin(axis=0))
        return found


class _Reader:
    """Sorts the rows of a folded program into choices, links, knapsacks and rows that ask for openers to be used."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        width = len(compiled.lower)
        self.count = 0
        self.choice = np.full(width, -1)  # for each column, the choice that it settles
        self.key = np.full(width, -1)  # for each of these, the column that opens it, or its knapsack's row + width
        self.weight = np.zeros(width, dtype=np.int64)
        self.rooms: dict[int, int] = {}
        self.watched: list[int] = []  # openers that are closed when nothing uses them
        self.needed: list[int] = []

    def read(self) -> Assignments | None:
        """Return the matrices, or None if a row says something else."""
        compiled = self.compiled
        least, most = compiled.activities()
        lower = np.where(compiled.row_lower <= least, -INFINITE, compiled.row_lower)
        upper = np.where(compiled.row_upper >= most, INFINITE, compiled.row_upper)
        rows, lengths = compiled.row_of_entry, np.diff(compiled.indptr)
        units = np.bincount(rows[compiled.data == 1], minlength=len(lengths)) == lengths
        asks = units & (lower == 1)
        rest = self._choose(np.flatnonzero(asks & (upper == 1)).tolist(), np.flatnonzero(asks & (upper == INFINITE)))
        # all other rows are read as "at most"
        low, high = ~asks & (lower != -INFINITE), ~asks & (upper != INFINITE)
        if rest is None or np.any(low & high):
            return None
        self.sign, self.most = np.where(low, -1, 1), np.where(low, -lower, upper)
        others = self._link(np.flatnonzero(low | high))
        knapsacks = [row for row in others if not self._floor(row)]
        if all(map(self._fill, knapsacks)) and all(map(self._watch, others)) and all(map(self._need, rest)):
            return self._matrices()
        return None

    def _row(self, row: int) -> tuple[Integers, Integers]:
        entries = slice(self.compiled.indptr[row], self.compiled.indptr[row + 1])
        return self.compiled.indices[entries], self.sign[row] * self.compiled.data[entries]

    def _choose(self, exact: list[int], least: Integers) -> list[int] | None:
        """Number the choices; return rows that ask for one of what is settled already."""
        rest = []
        for row in exact + least.tolist():
            columns = self.compiled.indices[self.compiled.indptr[row] : self.compiled.indptr[row + 1]]
            if np.all(self.choice[columns] < 0):
                self.choice[columns] = self.count
                self.count += 1
            elif row in exact or np.any(self.choice[columns] < 0):
                return None
            else:
                rest.append(row)
        return rest

    def _link(self, rows: Integers) -> list[int]:
        """Read rows ``assignment <= opener``; return the others, the widest first."""
        compiled = self.compiled
        pairs = rows[(np.diff(compiled.indptr)[rows] == 2) & (self.most[rows] == 0)]
        first, sign = compiled.indptr[pairs], self.sign[pairs]
        ahead = sign * compiled.data[first] > 0
        item = compiled.indices[np.where(ahead, first, first + 1)]
        opener = compiled.indices[np.where(ahead, first + 1, first)]
        link = sign * compiled.data[np.where(ahead, first + 1, first)] < 0
        link &= (self.choice[item] >= 0) & (self.choice[opener] < 0)
        self.key[item[link]] = opener[link]
        agreed = self.key[item] == opener  # nothing has two openers
        others = np.setdiff1d(rows, pairs[link & agreed])
        ordered: list[int] = others[np.argsort(-np.diff(compiled.indptr)[others], kind="stable")].tolist()
        return ordered

    def _floor(self, row: int) -> bool:
        """Whether a row says that an opener is closed when nothing uses it."""
        columns, data = self._row(row)
        opener = data > 0
        return bool(opener.sum() == 1 and self.choice[columns[opener]][0] < 0 and len(columns) > 1)

    def _fill(self, row: int) -> bool:
        """Read ``sum of weight x assignment <= room x opener``, or ``<= room``."""
        columns, data = self._row(row)
        items, weights, opener = columns[data > 0], data[data > 0], columns[data < 0]
        if len(opener) > 1 or np.any(self.choice[items] < 0) or np.any(self.choice[opener] >= 0):
            return False
        keys = np.unique(self.key[items])
        given = keys[keys >= 0]
        if len(given) > 1 or (len(opener) and self.most[row] != 0):
            return False
        key = int(opener[0]) if len(opener) else int(given[0]) if len(given) else len(self.key) + row
        room = int(-data[data < 0][0]) if len(opener) else int(self.most[row])
        if (len(given) and given[0] != key) or weights.max() > room:
            return False
        self.key[items] = key
        if weights.sum() > room:
            if key in self.rooms:
                return False
            self.rooms[key] = room
            self.weight[items] = weights
        return True

    def _watch(self, row: int) -> bool:
        """Read ``opener <= sum of assignments``."""
        if not self._floor(row):
            return True
        columns, data = self._row(row)
        opener, items = int(columns[data > 0][0]), columns[data < 0]
        self.watched.append(opener)
        same = np.all(self.key[items] == opener) and len(items) == np.count_nonzero(self.key == opener)
        return bool(same and np.all(np.abs(data) == 1) and self.most[row] == 0)

    def _need(self, row: int) -> bool:
        """Read ``1 <= sum of assignments`` to an opener."""
        columns = self.compiled.indices[self.compiled.indptr[row] : self.compiled.indptr[row + 1]]
        key = int(self.key[columns[0]])
        self.needed.append(key)
        return key >= 0 and bool(np.all(self.key[columns] == key)) and len(columns) == np.count_nonzero(self.key == key)

    def _matrices(self) -> Assignments | None:
        compiled, width = self.compiled, len(self.key)
        columns = np.flatnonzero(self.choice >= 0)
        keys, place = np.unique(self.key[columns], return_inverse=True)  # -1 is open anyway and has room for all
        # of equal assignments, the cheapest one is kept
        order = np.lexsort((compiled.objective[columns], self.choice[columns], place))
        columns, place = columns[order], place[order]
        choice = self.choice[columns]
        first = np.ones(len(columns), dtype=bool)
        first[1:] = (place[1:] != place[:-1]) | (choice[1:] != choice[:-1])
        if np.any(keys[place[~first]] >= 0):
            return None
        columns, at = columns[first], (place[first], choice[first])
        shape = len(keys), self.count
        if shape[0] * shape[1] > CELLS:
            return None
        column, cost, weight = np.full(shape, -1), np.full(shape, np.inf), np.zeros(shape)
        column[at], cost[at], weight[at] = columns, compiled.objective[columns], self.weight[columns]
        opener = np.where((keys >= 0) & (keys < width), keys, -1)
        fee = np.where(opener >= 0, compiled.objective[opener], 0).astype(float)
        room = np.array([self.rooms.get(key, LARGEST) for key in keys.tolist()], dtype=float)
        loose = (compiled.lower < compiled.upper) & (self.choice < 0)
        loose[opener[opener >= 0]] = False
        if np.any(loose[compiled.indices[(self.most < INFINITE)[compiled.row_of_entry]]]):
            return None
        idle = compiled.lower.copy()
        idle[loose & (compiled.objective < 0)] = 1
        pays = (fee < 0) & (opener >= 0) & ~np.isin(opener, self.watched)  # worth opening even for nothing
        idle[opener[pays]] = 1
        fee[pays] = 0
        return Assignments(column, opener, cost, weight, fee, room, idle, np.isin(keys, self.needed))


def is_assigning(compiled: Compiled) -> bool:
    """Whether a program asks for no more than to assign each choice to one opener with room.

    That is, once fixed columns are folded into the rows: every open column is 0 or 1; of some sets of columns one each
    is taken; columns taken share the room of an opener, and need it open; it may have to be closed if it is not used.
    Nothing depends on a literal, and the matrices have no more than `CELLS` entries.

    Examples
    --------
    >>> from consortia.linear import Linear
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> opener, pairs = program.add_columns(Tag("member"), 2), program.add_columns(Tag("delivers"), 6)
    >>> for choice in range(3):
    ...     program.add_row(Tag("demand"), Linear(pairs[[choice, choice + 3]]), lower=1, upper=1)
    >>> for who in range(2):
    ...     inside = Linear(pairs[3 * who : 3 * who + 3], [3, 4, 5])
    ...     program.add_row(Tag("capacity"), inside - Linear(opener[[who]], 8), upper=0)
    >>> is_assigning(program.compile())
    True
    >>> program.add_row(Tag("limit"), Linear(opener), upper=1)
    >>> is_assigning(program.compile())
    False
    """
    return Assignments.of(compiled) is not None
