"""Which columns hang on which: a delivery on its partner, a part of it on the delivery.

A link is a row that says ``a child <= b parent`` with a 0-1 parent, of one child or of several together: no child
without its parent. Columns of the highest rank are *heads*, but for those that others of that rank need while they
need none (a country, a cluster); a head and what hangs on it, by links from level to level, is a family. Large programs
are searched by families: those that do not matter are left out whole.
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
_WIDEST = 50  # entries of a row that says of several columns whose children they are


@dataclass(frozen=True)
class Links:
    """What rows say of the form ``a child + ... <= b parent``, one entry for each child.

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
    def of(compiled: Compiled, widest: int = _WIDEST) -> Links:
        """Find all links of a program, rows of two entries first; wider rows and those under literals are none."""
        length, bare = np.diff(compiled.indptr), np.diff(compiled.literal_indptr) == 0
        below = (compiled.row_upper == 0) & np.isin(compiled.row_lower, (0, -INFINITE))
        above = (compiled.row_lower == 0) & (compiled.row_upper == INFINITE)
        sign = np.where(above, -1, 1)
        row = compiled.row_of_entry
        factor = sign[row] * compiled.data
        last = factor < 0
        fits = bare & (below | above) & (length > 1) & (length <= widest)
        fits &= np.bincount(row[last], minlength=len(length)) == 1
        fits[row[compiled.lower[compiled.indices] < 0]] = False
        parent, reach = np.zeros(len(length), dtype=np.int64), np.zeros(len(length))
        ends = np.flatnonzero(last & fits[row])
        parent[row[ends]], reach[row[ends]] = compiled.indices[ends], -factor[ends]
        fits &= compiled.upper[parent] == 1
        entries = np.flatnonzero(fits[row] & ~last)
        entries = entries[np.argsort(length[row[entries]] > 2, kind="stable")]
        rows = row[entries]
        share = factor[entries].astype(float)
        return Links(rows, compiled.indices[entries], parent[rows], share, reach[rows], sign[rows])

    def returned(self) -> npt.NDArray[np.bool_]:
        """Tell which links have a twin the other way round, and a parent on which more hangs than on the child.

        The two columns are equal: a partner is the only one of its country, say, and it is the country that it needs.
        """
        width = 1 + int(max(self.child.max(initial=0), self.parent.max(initial=0)))
        there, back = self.parent * width + self.child, self.child * width + self.parent
        hanging = np.bincount(self.parent, minlength=width)
        more, less = hanging[self.parent], hanging[self.child]
        found: npt.NDArray[np.bool_] = np.isin(back, there) & ((more > less) | ((more == less) & (there < back)))
        return found

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
        among = links.only(first[links.child] & first[links.parent] & ~links.returned())
        above = np.zeros(len(ranks), dtype=bool)
        above[among.parent] = True
        above[among.child] = False
        heads = first & ~above & (compiled.lower == 0) & (compiled.upper == 1)
        level = np.where(heads, 1, np.where(first, 0, LOOSE))
        head = np.where(heads, np.arange(len(ranks)), -1)
        alone = np.bincount(links.row, minlength=len(compiled.row_lower))[links.row] == 1
        used = np.zeros(len(links.row), dtype=bool)
        # a row of several children serves those that no row of their own ties, and what hangs on them
        for which in (alone, alone | (level[links.child] == LOOSE)):
            for deeper in range(2, _DEEPEST + 1):
                hangs = which & (level[links.child] == LOOSE) & (level[links.parent] == deeper - 1)
                level[links.child[hangs]] = deeper
                head[links.child[hangs]] = head[links.parent[hangs]]
                used |= hangs
        return Families(level, head, links.only((alone | used) & (level[links.parent] == level[links.child] - 1)))

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
