"""Which columns hang on which: a delivery on its partner, a part of it on the delivery.

A link is a row of two entries that says ``a child <= b parent`` with a 0-1 parent: no child without its parent.
Columns of the highest rank that no other of that rank needs are *heads*; a head and what hangs on it, by links from
level to level, is a family. Large programs are searched by families: those that do not matter are left out whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers

LOOSE = 9
"""The level of columns that hang on nothing."""
_DEEPEST = 4


@dataclass(frozen=True)
class Links:
    """Rows that say ``a child <= b parent``, one entry each.

    Attributes
    ----------
    row, child, parent : array
    share : array of float
        ``a``, positive.
    reach : array of float
        ``b``, positive.
    sign : array
        1 where the row is written like that, -1 where it is written the other way round.
    """

    row: Integers
    child: Integers
    parent: Integers
    share: npt.NDArray[np.float64]
    reach: npt.NDArray[np.float64]
    sign: Integers

    @staticmethod
    def of(compiled: Compiled) -> Links:
        """Find all links of a program; those under literals are none."""
        plain = (np.diff(compiled.indptr) == 2) & (np.diff(compiled.literal_indptr) == 0)
        rows = np.flatnonzero(plain)
        start = compiled.indptr[rows]
        below = (compiled.row_upper[rows] == 0) & (compiled.row_lower[rows] == -INFINITE)
        above = (compiled.row_lower[rows] == 0) & (compiled.row_upper[rows] == INFINITE)
        sign = np.where(above, -1, 1)
        one, other = sign * compiled.data[start], sign * compiled.data[start + 1]
        fits = (below | above) & (one * other < 0)
        leads = one > 0
        child = np.where(leads, compiled.indices[start], compiled.indices[start + 1])
        parent = np.where(leads, compiled.indices[start + 1], compiled.indices[start])
        fits &= (compiled.upper[parent] == 1) & (compiled.lower[parent] >= 0) & (compiled.lower[child] >= 0)
        share, reach = np.where(leads, one, other), -np.where(leads, other, one)
        return Links(rows, child, parent, share.astype(float), reach.astype(float), sign).only(fits)

    def only(self, which: npt.NDArray[np.bool_]) -> Links:
        """Return some of them."""
        whole = (self.row, self.child, self.parent)
        row, child, parent = (field[which] for field in whole)
        return Links(row, child, parent, self.share[which], self.reach[which], self.sign[which])


@dataclass(frozen=True)
class Families:
    """The families of a program.

    Attributes
    ----------
    level : array, one a column
        0 what heads need, 1 heads, more for what hangs on them, `LOOSE` for the rest.
    head : array, one a column
        The head of its family, -1 where there is none.
    links : Links
        From a level to one above it.
    """

    level: Integers
    head: Integers
    links: Links

    @staticmethod
    def of(compiled: Compiled, ranks: Integers) -> Families:
        """Find the families of a program.

        Examples
        --------
        >>> from consortia.linear import Linear
        >>> from consortia.program import Program, Tag
        >>> program = Program()
        >>> members, deliveries = program.add_columns(Tag("member"), 2), program.add_columns(Tag("delivers"), 2)
        >>> for member, delivery in zip(members, deliveries):
        ...     program.add_row(Tag("link"), Linear([delivery, member], [1, -1]), upper=0)
        >>> Families.of(program.compile(), np.array([3, 3, 0, 0])).head.tolist()
        [0, 1, 0, 1]
        """
        links, first = Links.of(compiled), ranks == ranks.max(initial=0)
        needed = np.zeros(len(ranks), dtype=bool)
        needed[links.parent[first[links.child]]] = True
        heads = first & ~needed & (compiled.lower == 0) & (compiled.upper == 1)
        level = np.where(heads, 1, np.where(first, 0, LOOSE))
        head = np.where(heads, np.arange(len(ranks)), -1)
        for deeper in range(2, _DEEPEST + 1):
            hangs = (level[links.child] == LOOSE) & (level[links.parent] == deeper - 1)
            level[links.child[hangs]] = deeper
            head[links.child[hangs]] = head[links.parent[hangs]]
        return Families(level, head, links.only(level[links.parent] < level[links.child]))

    @property
    def heads(self) -> Integers:
        """The columns that are heads."""
        return np.flatnonzero(self.level == 1)

    def without(self, closed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Tell which columns are zero where the `closed` heads are."""
        gone = closed.copy()
        for deeper in range(2, _DEEPEST + 1):
            here = self.level[self.links.child] == deeper
            child, parent = self.links.child[here], self.links.parent[here]
            gone[child[gone[parent]]] = True
        return gone
