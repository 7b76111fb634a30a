"""Neighbourhoods of the best solution, each searched by HiGHS: what is far from the linear relaxation is left alone.

Three kinds take turns. *Settled*: members as they are, deliveries anew. *Induced*: only what the solution and a linear
relaxation disagree on, after Danna, Rothberg, Le Pape 2005, "Exploring relaxation induced neighborhoods to improve MIP
solutions". *Exchanged*: some members anew, those first on which they disagree, with all deliveries; as many as HiGHS
can decide on. Without quantities to be split CP-SAT is as good at the first and the last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from consortia.linear import Integers
from consortia.solvers.integer_highs import find, has_quantities
from consortia.solvers.lagrangian import Box, Floats
from consortia.solvers.record import Record

_NODES = 20  # of HiGHS in a neighbourhood
_EXCHANGES = 3  # in a round
_MEMBERS, _FEWEST, _MOST = 8.0, 2.0, 40.0  # that are exchanged: at first, and at least and at most later
_GROWS, _SHRINKS = 1.2, 0.8  # after a neighbourhood that was searched to its end, or was not
_ALIKE = 1e-6
_CHANCE = 0.1  # of a member on which both agree, where 1 is that of one on which they do not

Mask = npt.NDArray[np.bool_]


class Neighbourhoods:
    """Searches round after round.

    Parameters
    ----------
    record : Record
    ranks : array, one a column
        Columns of the highest rank decide on the rest.
    offer : callable
        Gets better values as they are found.
    """

    def __init__(self, record: Record, ranks: Integers, offer: Callable[[Integers], object]) -> None:
        self._record, self._first, self._offer = record, ranks == ranks.max(), offer
        self.splits = has_quantities(record.compiled)
        """Whether deliveries may be split, so that HiGHS finds more than CP-SAT."""
        self._random = np.random.default_rng(record.request.seed % 2**63)
        self._members = _MEMBERS
        self._settled: Integers | None = None  # the members for which deliveries were chosen last
        self._vain = self._skip = 0  # induced neighbourhoods that found nothing, and how many rounds to do without

    def search(self, values: Integers, relaxed: Floats, box: Box, seed: int) -> Integers:
        """Return better values, or the same.

        Parameters
        ----------
        values : array
            A solution within `box`.
        relaxed : array
            Of a linear relaxation.
        box : pair of arrays
            Column bounds to search within.
        seed : int
        """
        lower, upper = box
        if self.splits and not np.array_equal(self._settled, values[self._first]):  # type: ignore[arg-type]
            self._settled = values[self._first]
            values, _ = self._searched(values, self._first, box, seed)
        if self._skip:
            self._skip -= 1
        else:
            better, _ = self._searched(values, np.abs(relaxed - values) <= _ALIKE, box, seed)
            self._vain = 0 if better is not values else self._vain + 1
            self._skip, values = 2**self._vain - 1, better
        for number in range(_EXCHANGES if self.splits else 0):
            kept = self._first.copy()
            kept[self._exchanged(values, relaxed, self._first & (lower < upper))] = False
            values, complete = self._searched(values, kept, box, seed + number)
            self._members = min(max(self._members * (_GROWS if complete else _SHRINKS), _FEWEST), _MOST)
        return values

    def _exchanged(self, values: Integers, relaxed: Floats, open_: Mask) -> Integers:
        """Choose members."""
        members = np.flatnonzero(open_)
        score = self._random.random(len(members)) * (_CHANCE + np.abs(relaxed - values)[members])
        return members[np.argsort(-score, kind="stable")[: int(self._members)]]

    def _searched(self, values: Integers, kept: Mask, box: Box, seed: int) -> tuple[Integers, bool]:
        """Search what is not kept; return better values or the same, and whether the search came to its end."""
        record = self._record
        lower, upper = (np.where(kept, values, end) for end in box)
        program = replace(record.compiled, lower=lower, upper=upper)
        most = int(record.compiled.objective @ values) - 1
        found, complete = find(program, most, _NODES, seed, lambda: record.over, values)
        if found is None:
            return values, complete
        self._offer(found)
        return found, complete
