"""Rounds of search for better solutions, beside the search for a proof.

Each round looks at what prices have left open by then, starts from the best solution, and is limited by an effort that
grows from round to round: local search where the program is a cover or an assignment, then CP-SAT with its searches of
neighbourhoods. A round may also end with a proof.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event

import numpy as np

from consortia.compiled import Compiled
from consortia.linear import Integers
from consortia.solvers import kernels, shrinking
from consortia.solvers.assigning import is_assigning, search_assignment
from consortia.solvers.contract import Answer, Verdict
from consortia.solvers.covering import is_covering, search_cover
from consortia.solvers.cpsat import search
from consortia.solvers.lagrangian import Box, Floats
from consortia.solvers.neighbourhoods import Neighbourhoods
from consortia.solvers.record import Record
from consortia.solvers.window_rounds import WindowRounds

_EFFORT = 0.5  # of the first round, in CP-SAT's deterministic seconds
_GROWTH = 1.5
_MOST_IDLE = 8  # how much longer than a round a rest may last;
_VAIN = 3  # where the gap is wide, as long as a round, and by one longer after each so many that found nothing
_WHOLE = 3  # every so many rounds nothing is closed
_SELDOM = 6  # every so many rounds assignments that are not small go to CP-SAT: it found nothing on 20 files
_SHORT, _THIN = 6_000, 30  # entries of a cover, and of a row, up to which CP-SAT has the first round alone,
_LOOK = 0.2  # with this effort
_STEPS = 2_000  # of local search in the first round
_STALE = 3  # fruitless local searches after which only every third round has one
_LONGEST = 30  # rounds after which they grow no more
_POLL = 0.02


@dataclass(frozen=True)
class _Round:
    """What a round starts from."""

    number: int
    program: Compiled
    kernel: Box
    values: Integers | None
    most: int | None
    prices: Floats | None
    charges: Floats | None
    relaxed: Floats | None
    effort: float
    whole: bool  # not only a kernel


_Local = Callable[..., tuple[int, Integers] | None]


class Improver:
    """Runs rounds until told to stop.

    Parameters
    ----------
    record : Record
    ranks : array, one a column
        Those of the highest rank decide on the rest.
    hint : mapping of int to int
        Values of some columns to start from while nothing better is known.
    patient : bool
        Start each round, and take what it found, only when :meth:`meet` is called: so the outcome does not depend on
        which thread is faster. Otherwise everything is exchanged as it comes.
    shares : bool
        Whether another side wants the processor as well.
    """

    def __init__(self, record: Record, ranks: Integers, hint: Mapping[int, int], patient: bool, shares: bool) -> None:
        self.record, self.patient, self._ranks, self._shares = record, patient, ranks, shares
        self._hint = hint
        self.effort = 0.0
        """Spent so far."""
        self._covering = is_covering(record.compiled)
        self._local = self._local_search()
        self._turn = _SELDOM if self._local is not None and not self._covering else _WHOLE
        self._near = Neighbourhoods(record, ranks, self._offer)
        self.has_local = self._local is not None
        """Whether a local search knows this kind of program."""
        self.large = len(record.compiled.data) > shrinking.LARGE and not self.has_local
        """Whether it is searched by windows only."""
        self._idle = self._skip = 0  # rests between rounds: longer after each that found nothing better
        self._vain = 0  # rounds that found nothing better since one did
        self._rounds = 0
        self._fruitless = 0  # local searches that found nothing better
        self._next: _Round | None = None
        self._found: list[Callable[[], object]] = []
        self._ready, self._done, self._retired = Event(), Event(), Event()
        self._done.set()
        self._windows = WindowRounds(record, ranks, self._retired, self._offer)

    def run(self) -> None:
        """Run rounds; for a thread of its own."""
        while not self.record.over and not self._spent() and not self._retired.is_set():
            if self.patient and not self._ready.wait(0.05):
                continue
            self._ready.clear()
            began, before = time.monotonic(), self.record.objective
            try:
                self._play(self._next if self.patient and self._next is not None else self._prepared())
            finally:
                self._done.set()
            if not self.patient and self._shares:
                self._rest(before)
                # the other side makes better use of the time
                self._retired.wait(self._idle * (time.monotonic() - began))

    def help(self) -> None:
        """Try a window: for another thread, whose own work is done. With patience it does nothing."""
        self._shares = False
        if not self._windows.begun:
            self._retired.wait(_POLL)
        elif not self.patient:
            self._windows.improve(self.record.charges)

    def retire(self) -> None:
        """End the round under way, without another one; with patience nothing more is taken."""
        self._retired.set()

    def _rest(self, before: int | None) -> None:
        """Rest longer after each round that found nothing better, above all where little is left to find."""
        self._vain = 0 if self.record.objective != before else self._vain + 1
        most = min(_MOST_IDLE, 1 + self._vain // _VAIN) if self.record.wide else _MOST_IDLE
        self._idle = min(2 * self._idle + 1, most) if self._vain else 0

    def _spent(self) -> bool:
        limit = self.record.request.effort_limit
        return not self.patient and limit is not None and self.effort >= limit

    def meet(self) -> None:
        """Take what the last round found, and let the next one start; waits for the round to end."""
        if not self.patient:
            return
        while not self._done.wait(0.05):
            if self.record.over:
                return
        if self._skip:
            self._skip -= 1
            return
        before, played = self.record.objective, bool(self._found)
        for take in self._found:
            take()
        self._found.clear()
        if played:
            self._rest(before)
            self._skip = self._idle
        if not self.record.over:
            self._next = self._prepared()
            self._done.clear()
            self._ready.set()

    def _prepared(self) -> _Round:
        record = self.record
        lower, upper = record.box
        limit = record.request.effort_limit
        effort = _EFFORT * _GROWTH ** min(self._rounds, _LONGEST)
        if limit is not None:
            effort = min(effort, max(limit - self.effort, 0.0))
        self._rounds += 1
        kernel = open_ = upper
        if record.charges is not None and not self._covering:
            kernel = kernels.kernel(record, self._ranks, self._rounds // _WHOLE)
            open_ = upper if self._rounds % _WHOLE == 0 else kernel
        program = replace(record.compiled, lower=lower, upper=open_).folded()
        whole = bool(np.all(open_ == upper))
        found = (record.values, record.most, record.prices, record.charges, record.relaxed)
        return _Round(self._rounds, program, (lower, kernel), *found, effort, whole)

    def _play(self, task: _Round) -> None:
        record, program = self.record, task.program
        if self.large:
            self._play_windows(task)
            return
        if np.any(program.lower > program.upper):
            if task.whole:
                self._take(record.close)
            return
        short = len(program.data) <= _SHORT
        look = self._covering and task.number == 1 and short and len(program.data) <= _THIN * len(program.row_lower)
        if look:  # CP-SAT ends many of these before local search has found its best
            task = replace(task, effort=min(task.effort, _LOOK))
        elif self._local is not None and (self._fruitless < _STALE or task.number % _STALE == 0):
            task = self._search_locally(task, self._local)
        elif not self._covering and task.values is not None:
            task = self._search_near(task, task.values)
        # CP-SAT finds little where deliveries are split, and where local search has more to do than a little
        due = task.number % self._turn == 0 or not (self._near.splits or (self.has_local and not short))
        if len(program.data) <= shrinking.LARGE and (due or task.values is None) and not record.over:
            most = task.most if self.patient else record.most
            options = {"workers": 1, "linearization": 2}
            request = replace(record.inner(task.effort, most), seed=record.request.seed + task.number, options=options)
            hint = self._hint if task.values is None else dict(enumerate(task.values.tolist()))
            request = replace(request, hint=hint or None, stop=self._retired)
            answer = search(program, request, None if self.patient else record.offer)
            self._take(lambda: self._judge(answer, most, task.whole))
        self._take(lambda: self._spend(task.effort))

    def _play_windows(self, task: _Round) -> None:
        record, spent = self.record, 0.0
        if not self._windows.begin(task.values, task.charges, alone=not self._shares):
            self._retired.wait(_POLL)
            spent = task.effort
        while spent < task.effort and not record.over and not self._retired.is_set():
            spent += self._windows.improve(task.charges if self.patient else record.charges)
            if not self.patient:
                break
        self._take(lambda: self._spend(spent))

    def _search_near(self, task: _Round, values: Integers) -> _Round:
        """Return the round that goes on from what was found near the best solution."""
        record, relaxed = self.record, self._relaxed(task)
        if relaxed is None:
            return task
        found = self._near.search(values, relaxed, task.kernel, record.request.seed + task.number)
        return replace(task, values=found, most=int(record.compiled.objective @ found) - 1)

    def _relaxed(self, task: _Round) -> Floats | None:
        """Values of the latest linear relaxation."""
        return task.relaxed if self.patient else self.record.relaxed

    def _spend(self, effort: float) -> None:
        self.effort += effort

    def _local_search(self) -> _Local | None:
        """Return the local search that knows this kind of program."""
        if self._covering:
            return lambda task, **common: search_cover(
                task.program, prices=task.prices, relaxed=self._relaxed(task), **common
            )
        if is_assigning(self.record.compiled):
            return lambda task, **common: search_assignment(task.program, charges=task.charges, **common)
        return None

    def _search_locally(self, task: _Round, local: _Local) -> _Round:
        """Return the round that goes on from what was found."""
        record = self.record
        found = local(
            task,
            start=task.values,
            seed=record.request.seed + task.number,
            steps=_STEPS * task.number,
            halt=lambda: record.over,
            on_better=lambda cost, values: None if self.patient else record.offer(values),
            target=None if record.bound is None or self.patient else record.cost(record.bound),
        )
        if found is None:
            return task
        best, values = task.values, found[1]
        better = best is None or found[0] < record.compiled.cost(best)
        self._fruitless = 0 if better else self._fruitless + 1
        self._take(lambda: record.offer(values))
        most = int(record.compiled.objective @ values) - 1
        if (task.most is not None and most >= task.most) or len(record.compiled.violated(values)):
            return task
        return replace(task, values=values, most=most)

    def _offer(self, values: Integers) -> None:
        self._take(lambda: self.record.offer(values))

    def _take(self, take: Callable[[], object]) -> None:
        """Do it now, or when the next meeting comes."""
        if self.patient:
            self._found.append(take)
        else:
            take()

    def _judge(self, answer: Answer, most: int | None, whole: bool) -> None:
        """Learn from an answer about what has an objective of at most `most`."""
        record = self.record
        if answer.values is not None:
            record.offer(answer.values)
        if not whole:
            return
        if answer.verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE, Verdict.CUTOFF):
            record.close()
        elif answer.bound is not None:
            bound = record.objective_of(answer.bound)
            record.raise_bound(bound if most is None else min(bound, most + 1))
