"""Rounds on programs that are too large for CP-SAT as a whole: a dive once prices are known, then window by window."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers.diving import dive
from consortia.solvers.elastic import dearest
from consortia.solvers.families import Families
from consortia.solvers.lagrangian import Floats
from consortia.solvers.record import Record
from consortia.solvers.sifting import Sifting
from consortia.solvers.windows import Windows

_WINDOW = 1.0  # effort of one window
_SIFTS = 10  # linear programs after which one without broken rows is no longer expected


class WindowRounds:
    """Finds values to begin with, and makes them better.

    Parameters
    ----------
    record : Record
    ranks : array, one a column
    retired : Event
        Ends a window early.
    offer : callable
        Gets values that break no row.
    """

    def __init__(self, record: Record, ranks: Integers, retired: Event, offer: Callable[[Integers], object]) -> None:
        self._record, self._ranks, self._retired, self._offer = record, ranks, retired, offer
        self._windows: Windows | None = None

    @property
    def begun(self) -> bool:
        """Whether there are values to make better."""
        return self._windows is not None

    def begin(self, values: Integers | None, charges: Floats | None, alone: bool) -> bool:
        """Begin with values, or go on from them where they are better; tell whether there are any.

        Parameters
        ----------
        values : array or None
            The best solution.
        charges : array or None
            Reduced costs of the columns, to dive along where there is no solution.
        alone : bool
            Whether nobody else will find charges.
        """
        windows = self._windows
        if windows is None:
            start = values if values is not None else self._dived(charges, alone)
            if start is not None:
                self._windows = Windows(self._record.compiled, self._ranks, start, self._record.request.seed)
                self._tell()
        elif values is not None and (len(windows.broken) or self._record.compiled.cost(values) < windows.cost):
            windows.begin(values)
        return self.begun

    def improve(self, charges: Floats | None) -> float:
        """Try one window; return the effort that this counts as."""
        assert self._windows is not None, "there is something to begin with"
        self._windows.improve(charges, _WINDOW, self._retired, self._record.deadline)
        self._tell()
        return _WINDOW

    def _tell(self) -> None:
        assert self._windows is not None, "there is something to tell of"
        values = self._windows.values
        if not len(self._record.compiled.violated(values)):
            self._offer(values)

    def _dived(self, charges: Floats | None, alone: bool) -> Integers | None:
        record = self._record
        if charges is None and not alone:
            return None
        plain = record.compiled.without_literals()
        charges = self._sifted(plain) if charges is None else charges
        if charges is None:
            return None
        families = Families.of(plain, self._ranks)
        found = dive(plain, self._ranks, families, charges, dearest(plain), self._retired, record.deadline)
        rest = np.where(plain.objective < 0, plain.upper, plain.lower)
        return rest if found is None and not record.over else found

    def _sifted(self, plain: Compiled) -> Floats | None:
        sifting = Sifting(plain, self._ranks, self._retired, self._record.deadline)
        for _ in range(_SIFTS):
            found = sifting.step()
            if found is None or found.whole:
                return None if found is None else found.charges
        return None
