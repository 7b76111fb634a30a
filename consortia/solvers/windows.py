"""Windows: choose anew for some families at a time, and leave the rest as it is.

It starts from any values within the column bounds. Rows that they break may stay broken at a price, which grows as long
as nothing mends them; so the same search first makes a solution of what is nearly one, and then a better solution.
CP-SAT is the quicker one to mend; HiGHS, at the root of its tree, settles larger windows and finds more. 5,000 partners
and 1,000 capabilities come down from 10,522,890 to 10,496,900 in 32 s with CP-SAT, to 10,430,530 with HiGHS.

A window grows from families that have to do with a broken row, or from some of those that are in, to others that share
narrow rows with them: in turn some that are in and some that are out. What else stands in the narrow rows of the window
may move as well where its head is in, as may columns that cost nothing and lead to nothing.

Source: large neighbourhood search, Shaw 1998; with broken rows, "repair" as in Danna, Rothberg, Le Pape 2005.
"""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event, Lock

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.cpsat import search
from consortia.solvers.elastic import Elastic, dearest, elastic, lacking, sizes
from consortia.solvers.families import Families
from consortia.solvers.integer_highs import find
from consortia.solvers.lagrangian import Floats
from consortia.solvers.reduction import reduce

_WIDE = 200  # entries of rows that say little about who has to do with whom
_FAMILIES, _FEWEST, _MOST = 70, 40, 400  # in a window: at first, and at least and at most later
_ROWS = 3  # broken ones that a window begins with
_SEEDS = 4  # families that a window grows from where no row is broken
_GROWS, _SHRINKS = 1.15, 0.9  # after a window that was settled, or was not
_MENDING = 0.3  # of the effort, while rows are broken
_GAP = 0.003  # within which HiGHS settles a window
_SECONDS, _LAST = 2.0, 3.0  # that HiGHS gets of a time limit; none of the last seconds, for it may stop late
_DEARER = 1.5  # a row that stays broken
_DEAREST = 1_000  # times what its price was at first
_REACH = 2**61  # of what CP-SAT adds up
_RANGE = 1_000  # of a column that only counts what others do

Mask = npt.NDArray[np.bool_]


class Windows:
    """Values, and how to make them better window by window.

    Parameters
    ----------
    compiled : Compiled
    ranks : array, one a column
    values : array, one a column
        Within the column bounds.
    seed : int

    Attributes
    ----------
    values : array
    broken : array
        The rows that they break.

    Notes
    -----
    Two threads may improve the same values. What one has changed meanwhile, the other adds to what it found, and keeps
    the sum only where that is better.
    """

    def __init__(self, compiled: Compiled, ranks: Integers, values: Integers, seed: int) -> None:
        self.compiled = compiled
        self.families = Families.of(compiled, ranks)
        self._first = ranks == ranks.max(initial=0)
        self._random = np.random.default_rng(seed % 2**63)
        self._prices = np.full(len(compiled.row_lower), dearest(compiled), dtype=np.int64)
        self._limit = _DEAREST * dearest(compiled)
        self._size, self._number = float(_FAMILIES), 0
        narrow = np.diff(compiled.indptr) <= _WIDE
        narrow[self.families.links.row] = False
        row, head = compiled.row_of_entry, self.families.head[compiled.indices]
        self._narrow = narrow[row]
        joined = self._narrow & (head >= 0)
        shape = (len(compiled.lower), len(compiled.row_lower))
        shared = sparse.csr_array((np.ones(int(joined.sum())), (head[joined], row[joined])), shape=shape)
        shared.data[:] = 1.0
        self._rows_of, self._heads_of = shared, sparse.csr_array(shared.T)
        self._weight = 1.0 / np.maximum(np.diff(compiled.indptr), 1)
        self._sizes = sizes(compiled)
        self._lock = Lock()
        self.begin(values)

    def begin(self, values: Integers) -> None:
        """Go on from these values."""
        self.values = values
        self.broken = np.flatnonzero(lacking(self.compiled, values))

    @property
    def cost(self) -> int:
        """Cost of the values, whatever they break."""
        return self.compiled.cost(self.values)

    def improve(self, charges: Floats | None, effort: float, stop: Event, deadline: float | None) -> bool:
        """Try one window; tell whether the values changed.

        Parameters
        ----------
        charges : array or None
            Reduced costs of the columns: dear families are looked at less.
        effort : float
            Of CP-SAT, in its deterministic seconds.
        stop : Event
        deadline : float or None
        """
        compiled = self.compiled
        with self._lock:
            self._number += 1
            start, seed = self.values, self._number
            free = self._free(self._window(charges))
        lower, upper = np.where(free, compiled.lower, start), np.where(free, compiled.upper, start)
        relaxed = elastic(replace(compiled, lower=lower, upper=upper), start, self._prices)
        settled, found = self._solved(relaxed, seed, effort, stop, deadline)
        with self._lock:
            self._size = min(max(self._size * (_GROWS if settled else _SHRINKS), _FEWEST), _MOST)
            better = found is not None and self._take(found[: len(start)], start)
            self._prices[self.broken] = np.minimum(np.ceil(self._prices[self.broken] * _DEARER), self._limit)
        return better

    def _take(self, found: Integers, start: Integers) -> bool:
        """Take what was found from `start` on, with what has changed since; tell whether it is better."""
        values = found if start is self.values else self.values + found - start
        if np.any((values < self.compiled.lower) | (values > self.compiled.upper)):
            return False
        before, after = self._rated(self.values), self._rated(values)
        if after <= before:
            self.begin(values)
        return after < before

    def _rated(self, values: Integers) -> int:
        """Objective, with what broken rows cost."""
        lack = np.abs(lacking(self.compiled, values))
        rows = np.flatnonzero(lack)
        steps = -(-lack[rows] // self._sizes[rows])
        return int(self.compiled.objective @ values) + int(self._prices[rows] @ steps)

    def _solved(
        self, relaxed: Elastic, seed: int, effort: float, stop: Event, deadline: float | None
    ) -> tuple[bool, Integers | None]:
        """Look at what a window leaves open; return whether the search came to its end, and what it found."""
        if relaxed.compiled.reaches(_REACH):
            return False, None
        reduction = reduce(relaxed.compiled)
        if reduction.infeasible:
            return False, None
        if not len(reduction.columns):
            return False, reduction.restore(np.zeros(0, dtype=np.int64))
        program, start = reduction.compiled, reduction.project(relaxed.values)
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if len(self.broken) or len(program.literals) or (left is not None and left < _LAST):
            hint = None if start is None else dict(enumerate(start.tolist()))
            effort *= _MENDING if len(self.broken) else 1
            request = Request(left, effort, seed=seed, hint=hint, stop=stop, options={"workers": 1})
            answer = search(program, request)
            settled, found = answer.verdict is Verdict.OPTIMAL, answer.values
        else:
            seconds = None if left is None else _SECONDS
            found, settled = find(program, None, 1, seed, stop.is_set, start, _GAP, seconds)
        return settled, None if found is None else reduction.restore(found)

    def _window(self, charges: Floats | None) -> Mask:
        """Choose the heads of a window."""
        inside, chosen = self.values == 1, np.zeros(len(self.values), dtype=bool)
        heads = self.families.heads
        near = self._random.random(len(self.values))
        if charges is not None:
            cheap = max(1.0, float(np.median(charges[heads]))) if len(heads) else 1.0
            near /= 1 + np.maximum(charges, 0) / cheap * (~inside) * 20
        size = int(self._size)
        if len(self.broken):
            row = self._random.choice(self.broken, min(len(self.broken), _ROWS), replace=False)
            about = np.unique(self._heads_of[row].indices)
            chosen[about[np.argsort(-near[about], kind="stable")[: size // 3]]] = True
        if not np.any(chosen):
            here = heads[inside[heads]]
            here = heads if not len(here) else here
            chosen[self._random.choice(here, min(_SEEDS, len(here)), replace=False)] = True
        while int(chosen.sum()) < size:
            touched = (self._rows_of.T @ chosen.astype(float) > 0) * self._weight
            related = (self._rows_of @ touched) * near
            related[chosen] = 0
            before = int(chosen.sum())
            for side in (inside, ~inside):
                here = np.flatnonzero(side & (related > 0))
                chosen[here[np.argsort(-related[here], kind="stable")[: max(2, size // 8)]]] = True
            if int(chosen.sum()) == before:
                break
        return chosen

    def _free(self, window: Mask) -> Mask:
        """Return the columns that may move."""
        compiled, families = self.compiled, self.families
        level, head, links = families.level, families.head, families.links
        owned = head >= 0
        free = owned & window[np.maximum(head, 0)]
        inside = owned & (self.values[np.maximum(head, 0)] > 0)
        touched = (self._rows_of.T @ window.astype(float)) > 0
        beside = np.zeros(len(level), dtype=bool)
        beside[compiled.indices[self._narrow & touched[compiled.row_of_entry]]] = True
        beside &= inside & (level > 1)
        near = beside.copy()
        near[links.child[beside[links.parent]]] = True
        deep = beside[links.child] & (level[links.parent] > 1)
        near[links.parent[deep]] = True
        free |= near & inside
        # what heads need, what costs nothing, and what only counts
        free |= self._first & (level != 1)
        free |= (compiled.objective == 0) & ~self._first
        free |= compiled.upper - compiled.lower > _RANGE
        return free
