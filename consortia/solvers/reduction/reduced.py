"""A program made smaller, the way back, and why each column is out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers


class Why(IntEnum):
    """Why a column is not in the smaller program."""

    KEPT = 0
    GIVEN = 1  # its bounds were equal from the beginning
    FORCED = 2  # no solution has another value
    DEAR = 3  # no solution within the cut-off has another value
    IDLE = 4  # it costs and helps nothing, or helps and costs nothing
    DOMINATED = 5  # each of the columns that stand in can do as much at no more cost
    COVERED = 6  # the columns that stand in can together do as much at no more cost


@dataclass(frozen=True, eq=False)
class Reduction:
    """A smaller program, and the way back.

    Attributes
    ----------
    compiled : Compiled
        The smaller program; a solution of it costs what the restored solution costs.
    columns : array, one a column of the smaller program
        Its position in the original.
    fixed : array, one a column of the original
        Values of the columns that were taken out.
    why : array, one a column of the original
        A :class:`Why` each.
    order : array
        The columns that were taken out for others, in the order in which they can be exchanged.
    owner, by : array
        Pairs: a column that was taken out for another, and the other.
    infeasible : bool
        Proven: there is no solution (within the cut-off). The program is then the original one.
    """

    compiled: Compiled
    columns: Integers
    fixed: Integers
    why: Integers
    order: Integers
    owner: Integers
    by: Integers
    infeasible: bool = False

    @cached_property
    def _stands_in(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for column, other in zip(self.owner.tolist(), self.by.tolist(), strict=True):
            found.setdefault(column, []).append(other)
        return found

    def stands_in(self, column: int) -> list[int]:
        """Return the columns for which `column` was taken out."""
        return self._stands_in.get(column, [])

    def left_out(self, column: int) -> tuple[str, list[int]] | None:
        """Tell why a column was left at zero, and for which others.

        Returns
        -------
        (str, list of int) or None
            ``forced``, ``dear``, ``idle``, ``dominated`` or ``covered`` (see :class:`Why`), and what stands in. None
            for a column that is in the smaller program, has another value, or was given.
        """
        why = Why(self.why[column])
        if self.fixed[column] or why in (Why.KEPT, Why.GIVEN):
            return None
        return why.name.lower(), self.stands_in(column)

    def restore(self, values: Integers) -> Integers:
        """Turn values of the smaller program into values of the original."""
        restored = self.fixed.copy()
        restored[self.columns] = values
        return restored

    def project(self, values: Integers) -> Integers | None:
        """Turn a solution of the original into one of the smaller program that costs no more.

        Columns that were taken out for others are exchanged for them.

        Returns
        -------
        array or None
            None where the values have no place in the smaller program.
        """
        values = values.copy()
        for column in self.order.tolist():
            if values[column] != self.fixed[column]:
                others = self.stands_in(column)
                if self.why[column] == Why.DOMINATED:
                    others = [other for other in others if not values[other]][:1]
                values[others] = 1
                values[column] = self.fixed[column]
        gone = np.ones(len(values), dtype=bool)
        gone[self.columns] = False
        if np.any(values[gone] != self.fixed[gone]):
            return None
        smaller = values[self.columns]
        return None if len(self.compiled.violated(smaller)) else smaller

    def reduced_hint(self, hint: Mapping[int, int]) -> dict[int, int]:
        """Turn a hint for the original into one for the smaller program; what has no place in it is dropped."""
        place = {column: number for number, column in enumerate(self.columns.tolist())}
        return {place[column]: value for column, value in hint.items() if column in place}
