"""A good start without a proof: buy what meets most for its price, take back what turned out needless.

Every column starts at its cheaper bound. While some rows are broken there, the column whose move mends most of
them for its price is fixed, and bounds are propagated. A move that breaks other rows also pays what mending
those costs at least. Contradictions are undone, newest decision first, a limited number of times. At the end,
moves that are no longer needed are taken back, the dearest first. A few constructions, which differ in how much
consequences weigh and in slightly perturbed prices, compete.

On the OR-Library covers scp41 to scp410 it ends less than 5 % above the optimum, in 0.2 s each.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from consortia.compiled import spans
from consortia.program import INFINITE, Compiled, Integers, Program
from consortia.solvers.contract import Abilities, Answer, Request, Verdict, refuse
from consortia.solvers.propagation import Domains

Floats = npt.NDArray[np.float64]

_CONSTRUCTIONS = 20  # until a solution is found
_WEIGHTS = (1.0, 0.3, 0.1, 0.03)  # of consequences; each is tried once, the cheapest solution is kept
_BACKTRACKS = 200  # a construction
_SHORTLIST = 64  # moves whose consequences are priced
_PASSES = 5  # over what may be taken back


class Greedy:
    """Construct a solution of a program by a price-for-coverage rule."""

    name = "greedy"
    abilities = Abilities(time_limit=True, effort_limit=True, progress=True, interruption=True)

    def versions(self) -> dict[str, str]:
        return {}

    def solve(self, program: Program, request: Request) -> Answer:
        """Look for a solution of low cost; it proves nothing, also when it finds none.

        The effort limit is a number of constructions.
        """
        refuse(self, request)
        compiled = program.compile()
        halt = _Halt(request)
        # literals become plain rows here; the solution is checked against the rows as they were written
        domains = Domains(compiled.without_literals())
        limit = _CONSTRUCTIONS if request.effort_limit is None else request.effort_limit
        found: tuple[int, Integers] | None = None
        attempt = 0
        if np.all(domains.lower <= domains.upper) and domains.propagate():
            random = np.random.default_rng(request.seed % 2**63)
            while attempt < limit and not (found and attempt >= len(_WEIGHTS)) and halt.reason() is None:
                values = _construct(domains, random, attempt, halt)
                attempt += 1
                if values is None or len(compiled.violated(values)):
                    continue
                cost = compiled.cost(values)
                if found is None or cost < found[0]:
                    found = cost, values
                    if request.on_progress is not None:
                        request.on_progress(halt.seconds(), cost, None)
        stopped = halt.reason()
        if stopped is None and request.effort_limit is not None and attempt >= request.effort_limit:
            stopped = "effort"
        if found is None:
            return Answer(Verdict.UNKNOWN, stopped=stopped)
        return Answer(Verdict.FEASIBLE, found[1], stopped=stopped)


def _construct(domains: Domains, random: np.random.Generator, attempt: int, halt: _Halt) -> Integers | None:
    spread = 0.0 if attempt == 0 else 0.1 if attempt < len(_WEIGHTS) else 0.5
    factors = 1 + spread * random.random(len(domains.lower))
    values = _Construction(domains, factors, _WEIGHTS[attempt % len(_WEIGHTS)], halt).run()
    return None if values is None else _take_back(domains, values, halt)


class _Halt:
    """Says when to stop, and why."""

    def __init__(self, request: Request) -> None:
        self._stop, self._deadline = request.stop, request.deadline()
        self._started = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def reason(self) -> Literal["time", "effort", "interrupted"] | None:
        if self._stop.is_set():
            return "interrupted"
        return "time" if self._deadline is not None and time.monotonic() >= self._deadline else None


@dataclass(frozen=True)
class _Decision:
    mark: int
    column: int
    value: int


class _Construction:
    """One construction; leaves `domains` as it found them."""

    def __init__(self, domains: Domains, factors: Floats, weight: float, halt: _Halt) -> None:
        self.domains, self.halt = domains, halt
        self.compiled: Compiled = domains.compiled
        self.prices = np.abs(self.compiled.objective) * factors
        self.weight = weight
        self.decisions: list[_Decision] = []
        self.backtracks = 0

    def run(self) -> Integers | None:
        start = self.domains.mark()
        values = self._construct()
        self.domains.undo(start)
        return values

    def _construct(self) -> Integers | None:
        domains, compiled = self.domains, self.compiled
        while self.halt.reason() is None:
            deficit = np.maximum(compiled.row_lower - domains.rest, 0)
            excess = np.maximum(domains.rest - compiled.row_upper, 0)
            broken = np.flatnonzero(deficit + excess)
            if not len(broken):
                return domains.values()
            move = self._choose(broken, deficit, excess)
            if not (self._go_back() if move is None else self._decide(*move)):
                return None
        return None

    def _decide(self, column: int, value: int) -> bool:
        self.decisions.append(_Decision(self.domains.mark(), column, value))
        return self.domains.narrow(column, value, value) or self._go_back()

    def _go_back(self) -> bool:
        """Undo decisions until one can be taken the other way; False if none can, or it was tried too often."""
        domains = self.domains
        while self.decisions and self.backtracks < _BACKTRACKS:
            self.backtracks += 1
            last = self.decisions.pop()
            domains.undo(last.mark)
            lower, upper = int(domains.lower[last.column]), int(domains.upper[last.column])
            # the column stays on the side of its cheaper bound
            lower, upper = (last.value + 1, upper) if domains.dear[last.column] else (lower, last.value - 1)
            if domains.narrow(last.column, lower, upper):
                return True
        return False

    def _choose(self, broken: Integers, deficit: Integers, excess: Integers) -> tuple[int, int] | None:
        """Return the column to move and its new value, None if no move mends anything."""
        domains, compiled = self.domains, self.compiled
        lengths = domains.row_lengths[broken]
        places = spans(compiled.indptr[broken], lengths)
        row, column = np.repeat(broken, lengths), compiled.indices[places]
        effect = np.where(domains.dear[column], -1, 1) * compiled.data[places]  # of one step on the row
        width = (domains.upper - domains.lower)[column]
        helps = (width > 0) & np.where(deficit[row] > 0, effect > 0, effect < 0)
        if not np.any(helps):
            return None
        row, column, size, width = row[helps], column[helps], np.abs(effect[helps]), width[helps]
        need = (deficit + excess)[row]
        fits = _room(compiled)[row] >= -need % size  # rounding up does not break the row's other end
        steps = np.clip(np.where(fits, -(-need // size), need // size), 1, width)

        columns, position = np.unique(column, return_inverse=True)
        step = np.ones(len(columns), dtype=np.int64)
        np.maximum.at(step, position, steps)
        mended = np.minimum(size * step[position], need) / need
        gain = np.bincount(position, mended, minlength=len(columns))
        price = self.prices[columns] * step
        order = np.lexsort((columns, -gain, price / gain))[:_SHORTLIST]
        columns, step, gain, price = columns[order], step[order], gain[order], price[order]
        total = price + self.weight * self._consequences(columns, step)
        best = int(np.lexsort((columns, -gain, total / gain))[0])
        chosen, moved = int(columns[best]), int(step[best])
        if domains.dear[chosen]:
            return chosen, int(domains.upper[chosen]) - moved
        return chosen, int(domains.lower[chosen]) + moved

    def _consequences(self, columns: Integers, step: Integers) -> Floats:
        """Price, at least, of mending the rows that a move of each of `columns` newly breaks."""
        domains, compiled = self.domains, self.compiled
        rows, data, owner = domains.entries(columns)
        change = np.where(domains.dear[columns], -step, step)[owner] * data
        before, after = domains.rest[rows], domains.rest[rows] + change
        low, high = compiled.row_lower[rows], compiled.row_upper[rows]
        short = np.where((after < low) & (before >= low), low - after, 0)
        over = np.where((after > high) & (before <= high), after - high, 0)
        hit = np.flatnonzero(short + over)
        if not len(hit):
            return np.zeros(len(columns))
        # the least price a unit, over the columns that can still move the row back
        lengths = domains.row_lengths[rows[hit]]
        places = spans(compiled.indptr[rows[hit]], lengths)
        which, helper = np.repeat(np.arange(len(hit)), lengths), compiled.indices[places]
        effect = np.where(domains.dear[helper], -1, 1) * compiled.data[places]
        wanted = np.where(short[hit] > 0, 1, -1)[which]
        able = (effect * wanted > 0) & (domains.upper > domains.lower)[helper] & (helper != columns[owner[hit]][which])
        unit = np.full(len(hit), np.inf)
        np.minimum.at(unit, which[able], self.prices[helper[able]] / np.abs(effect[able]))
        amounts = unit * (short + over)[hit]
        return np.bincount(owner[hit], amounts, minlength=len(columns)).astype(np.float64)


def _room(compiled: Compiled) -> Integers:
    """Distance between the two ends of each row."""
    open_ended = (compiled.row_lower == -INFINITE) | (compiled.row_upper == INFINITE)
    return np.where(open_ended, INFINITE, compiled.row_upper - compiled.row_lower)


def _take_back(domains: Domains, values: Integers, halt: _Halt) -> Integers:
    """Move columns back towards their cheaper bounds, the dearest first, while all rows stay whole."""
    compiled = domains.compiled
    values, cheap = values.copy(), domains.values()
    sums = np.zeros(len(compiled.row_lower), dtype=np.int64)
    np.add.at(sums, compiled.row_of_entry, compiled.data * values[compiled.indices])
    for _ in range(_PASSES):
        moved = np.flatnonzero((values != cheap) & (compiled.objective != 0))
        saving = np.abs(compiled.objective * (values - cheap))[moved]
        changed = False
        for column in moved[np.lexsort((moved, -saving))]:
            if halt.reason() is not None:
                return values
            rows, data, _ = domains.entries(column[None])
            # how far the column can go with each row, in steps towards its cheaper bound
            steps = abs(int(values[column] - cheap[column]))
            direction = 1 if cheap[column] > values[column] else -1
            effect = direction * data
            slack = np.where(effect > 0, compiled.row_upper[rows] - sums[rows], sums[rows] - compiled.row_lower[rows])
            reach = int(np.min(slack // np.abs(effect), initial=steps))
            if reach > 0:
                values[column] += direction * reach
                sums[rows] += effect * reach
                changed = True
        if not changed:
            break
    return values
