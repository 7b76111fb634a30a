"""The linear relaxation of a large program, on the families of columns that matter.

A few families are chosen by what they cost for each demand that they serve. The linear program of these is solved, its
multipliers are completed for all that was left out, and the families that seem to pay are added, until none does. Rows
that are broken with every column at its cheaper bound may be broken at a price, so there is always a solution.

Completing means: what hangs on a column pays for itself, from the deepest level up, by the multipliers of links that
were left out. So a family that is left out lowers the bound by what all of it could gain, and not by each part of it.

Any multipliers give a proven bound (:mod:`consortia.solvers.lagrangian`), so each step may be the last.

Source: Bixby, Gregory, Lustig, Marsten, Shanno 1992, "Very large-scale linear programming: a case study in combining
interior point and simplex methods" (sifting).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.elastic import Elastic, dearest, elastic, lacking
from consortia.solvers.families import Families
from consortia.solvers.lagrangian import Floats
from consortia.solvers.linear_program import LinearProgram

_EACH = 2  # heads that are chosen first for each demand
_LEAST_ADDED = 300
_PART = 0.01  # of a column in the solution, from which it counts
_RAISE = 8  # factor of the price of broken rows while some stay broken


@dataclass(frozen=True)
class Sifted:
    """What one linear program says.

    Attributes
    ----------
    prices : array, one a row
        Multipliers, completed for what was left out.
    charges : array, one a column
        Reduced costs, zero where a column has a part in the solution.
    whole : bool
        No row is broken in the solution.
    complete : bool
        Nothing left out seems to pay: it is the solution of the whole relaxation.
    objective : float
        Of the families that were looked at, with what broken rows cost.
    """

    prices: Floats
    charges: Floats
    whole: bool
    complete: bool
    objective: float


@dataclass(frozen=True)
class Kernel:
    """A program in which only some families are left; demands may be broken at a price.

    Attributes
    ----------
    elastic : Elastic
        Its first columns are `columns`, its rows are `rows`.
    columns, rows : array
        Positions in the whole program.
    """

    elastic: Elastic
    columns: Integers
    rows: Integers

    @staticmethod
    def of(compiled: Compiled, families: Families, kept: npt.NDArray[np.bool_], price: int) -> Kernel:
        """Leave out the families of all heads that are not `kept`."""
        gone = families.without((families.level == 1) & ~kept)
        stays = ~gone[compiled.indices]
        lengths = np.bincount(compiled.row_of_entry[stays], minlength=len(compiled.row_lower))
        rest = np.where(compiled.objective < 0, compiled.upper, compiled.lower)
        columns = np.flatnonzero(~gone)
        rows = np.flatnonzero((lengths > 0) | (lacking(compiled, rest) != 0))
        without = replace(
            compiled,
            indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            indices=compiled.indices[stays],
            data=compiled.data[stays],
        )
        low, high = without.activities()
        binds = (low < without.row_lower) | (high > without.row_upper)
        rows = rows[binds[rows]]
        prices = np.full(len(rows), price, dtype=np.int64)
        return Kernel(elastic(without.restricted(rows, columns), rest[columns], prices), columns, rows)


class Sifting:
    """Solve the linear relaxation of a program without literals by families.

    Parameters
    ----------
    compiled : Compiled
    ranks : array, one a column
    stop : Event
    deadline : float or None
        As for :class:`LinearProgram`.
    """

    def __init__(self, compiled: Compiled, ranks: Integers, stop: Event, deadline: float | None) -> None:
        self.compiled, self._stop, self._deadline = compiled, stop, deadline
        self.families = Families.of(compiled, ranks)
        shape = (len(compiled.row_lower), len(compiled.lower))
        matrix = sparse.csr_array((compiled.data.astype(float), compiled.indices, compiled.indptr), shape=shape)
        self._columns = sparse.csr_array(matrix.T)
        self._is_head = self.families.level == 1
        self._price = dearest(compiled)
        self._kept = self._first()

    def _first(self) -> npt.NDArray[np.bool_]:
        """Choose, for each demand, the heads that cost least for each demand that they serve."""
        compiled, width = self.compiled, len(self.compiled.lower)
        lack = lacking(compiled, np.where(compiled.objective < 0, compiled.upper, compiled.lower))
        row, head = compiled.row_of_entry, self.families.head[compiled.indices]
        helps = (lack[row] * compiled.data > 0) & (head >= 0)
        row, head = row[helps], head[helps]
        serves = np.bincount(head, minlength=width)
        each = (compiled.objective[head] + 1) / np.maximum(serves[head], 1)
        order = np.lexsort((head, each, row))
        row, head = row[order], head[order]
        kept = np.zeros(width, dtype=bool)
        kept[head[np.arange(len(row)) - np.searchsorted(row, row) < _EACH]] = True
        return kept

    def step(self) -> Sifted | None:
        """Solve one linear program, and choose the families of the next; None where it was stopped."""
        solved = self._solve()
        if solved is None:
            return None
        prices, values, objective, whole = solved
        prices, reduced = self._completed(prices)
        paying = np.flatnonzero(self._is_head & ~self._kept & (reduced < -1e-6))
        complete = whole and not len(paying)
        if not whole and not len(paying):
            self._price *= _RAISE
        most = max(_LEAST_ADDED, int(np.count_nonzero(self._kept)))
        self._kept[paying[np.argsort(reduced[paying], kind="stable")[:most]]] = True
        charges = np.where(values > self.compiled.lower + _PART, 0.0, np.maximum(reduced, 1e-6))
        return Sifted(prices, charges, whole, complete, objective)

    def _solve(self) -> tuple[Floats, Floats, float, bool] | None:
        """Return multipliers, values, the objective, and whether no row is broken."""
        compiled = self.compiled
        kernel = Kernel.of(compiled, self.families, self._kept, self._price)
        small = kernel.elastic.compiled
        solved = LinearProgram(small, self._stop, self._deadline, lazy=False).solve(small.lower, small.upper)
        if solved.ending != "optimal":
            return None
        prices, values = np.zeros(len(compiled.row_lower)), compiled.lower.astype(float)
        prices[kernel.rows] = solved.prices
        width = len(kernel.columns)
        values[kernel.columns] = solved.values[:width]
        return prices, values, solved.objective, bool(np.all(solved.values[width:] < 1e-6))

    def _completed(self, prices: Floats) -> tuple[Floats, Floats]:
        """Let what was left out pay for itself, by links; return multipliers and reduced costs."""
        compiled, families = self.compiled, self.families
        links, prices, sign = families.links, prices.copy(), np.ones(len(prices))
        reduced = compiled.objective - self._columns @ prices
        for level in range(int(families.level[links.child].max(initial=0)), 0, -1):
            gains = (families.level[links.child] == level) & (compiled.lower[links.child] == 0)
            some = np.flatnonzero(gains & (reduced[links.child] < -1e-9))
            if not len(some):
                continue
            # one link a column: to whom has most left to pay with
            order = some[np.lexsort((-reduced[links.parent[some]], links.child[some]))]
            chosen = order[np.concatenate([[True], np.diff(links.child[order]) > 0])]
            gain = reduced[links.child[chosen]]
            if level == 1:
                rate = links.reach[chosen] / links.share[chosen]
                gain = -_afforded(links.parent[chosen], -gain * rate, np.maximum(reduced, 0)) / rate
            change = np.zeros(len(prices))  # of several children in a row the dearest decides
            np.minimum.at(change, links.row[chosen], gain / links.share[chosen])
            sign[links.row[chosen]] = links.sign[chosen]
            prices += sign * change
            reduced = compiled.objective - self._columns @ prices
        return prices, reduced


def _afforded(payer: Integers, due: Floats, room: Floats) -> Floats:
    """Return how much of what is due each is paid, the least first, as far as the room of its payer goes."""
    order = np.lexsort((due, payer))
    total = np.cumsum(due[order])
    first = np.concatenate([[True], np.diff(payer[order]) > 0])
    before = total - due[order]
    before -= before[np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))]
    paid = np.empty(len(due))
    paid[order] = np.clip(room[payer[order]] - before, 0, due[order])
    return paid
