"""Mixed-integer solvers through PuLP: ``milp:highs`` (the default), ``milp:cbc``, and every other by name.

They compute in floating point. What they find is rounded and checked in exact integers, and what they prove is worth
a tolerance.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from importlib import import_module
from threading import Lock
from typing import Literal

import numpy as np

from consortia.errors import ConsortiaError, SolverUnavailable
from consortia.program import Compiled, Integers, Program
from consortia.sentence import say
from consortia.solvers import floating
from consortia.solvers.contract import Answer, Proof, Request, Verdict, refuse
from consortia.solvers.floating import Doubles, Found, Inner, Question

_Stop = Literal["time", "effort", "interrupted"]
_STOPPED: dict[str, _Stop] = {"time": "time", "effort": "effort", "interrupted": "interrupted"}


def inner_called(name: str) -> Inner:
    """Return the solver that PuLP reaches under `name`.

    Raises
    ------
    SolverUnavailable
        If PuLP knows no such solver, or it is not installed.
    """
    try:
        if name == "highs":
            made: Inner = import_module("consortia.solvers.pulp_highs").Highs()
        elif name == "cbc":
            made = import_module("consortia.solvers.pulp_cbc").Cbc()
        else:
            named = import_module("consortia.solvers.pulp_named")
            made = named.Named(named.class_name(name))
    except ImportError as error:
        raise SolverUnavailable(
            say(
                "the solver {solver} needs the package '{package}': pip install {package}",
                solver=f"milp:{name}",
                package=error.name,
            )
        ) from error
    return made


class Milp:
    """A mixed-integer solver that PuLP reaches.

    Parameters
    ----------
    inner : str
        ``highs``, ``cbc``, or a solver by the name that PuLP has for it (``scip``, ``gurobi``, ``GLPK_CMD``, ...).

    Raises
    ------
    SolverUnavailable
        If PuLP knows no such solver, or it is not installed.
    """

    def __init__(self, inner: str = "highs") -> None:
        self.name = f"milp:{inner.lower()}"
        self._inner = inner_called(inner.lower())
        self.abilities = self._inner.abilities

    def versions(self) -> dict[str, str]:
        """Names and versions of the packages and programs it uses."""
        return self._inner.versions()

    def solve(self, program: Program, request: Request) -> Answer:
        """Minimise the program's objective.

        Raises
        ------
        SolverRefused
            If the request asks for what the solver cannot do, or the numbers are too large for doubles.
        """
        refuse(self, request)
        deadline = request.deadline()
        exact = program.compile()
        plain = floating.with_cutoff(exact.without_literals(), request.cutoff)
        floating.decline(self.name, plain, self._inner.greatest_column)
        if request.stop.is_set():
            return Answer(Verdict.UNKNOWN, stopped="interrupted")
        if floating.contradicts_itself(plain):
            return _nothing(exact, request)
        if not len(plain.lower):
            values = np.zeros(0, dtype=np.int64)
            return Answer(Verdict.OPTIMAL, values, exact.constant, self.abilities.proof)
        progress = _Progress(exact, request)
        question = Question(plain, request, deadline, progress.report)
        found = self._run(exact, question)
        if found.ended == "infeasible":
            return _nothing(exact, request)
        bound = _bound(exact, request, found)
        if found.ended == "unclear" and found.values is None and not request.stop.is_set():
            note = f"the search of {self.name} ended without a verdict"
            return _by_cpsat(program, question, _rounded(exact, None), bound, note)
        if found.values is None:
            return _answer(exact, request, found, None, bound)
        values = _rounded(exact, found.values)
        if _holds(exact, request, values):
            return _answer(exact, request, found, values, bound)
        return self._repaired(program, exact, question, found, bound)

    def _run(self, exact: Compiled, question: Question) -> Found:
        """Solve, and again without the hint if that is called optimal above the solver's own bound, as by HiGHS."""
        found, request = self._inner.run(question), question.request
        bound = _bound(exact, request, found)
        if not request.hint or found.ended != "optimal" or found.values is None or bound is None:
            return found
        cost = exact.cost(_rounded(exact, found.values))
        if cost - bound <= request.gap * abs(cost):
            return found
        return self._inner.run(replace(question, request=replace(request, hint=None)))

    def _repaired(
        self, program: Program, exact: Compiled, question: Question, found: Found, bound: int | None
    ) -> Answer:
        """Solve again with the 0-1 decisions fixed, then by CP-SAT: rounded, the answer breaks rows."""
        request, values = question.request, _rounded(exact, found.values)
        fixed = floating.with_decisions_fixed(question.compiled, values)
        again = replace(question, compiled=fixed, request=replace(request, hint=None), report=lambda best, bound: None)
        second = Found("infeasible") if floating.contradicts_itself(fixed) else self._inner.run(again)
        if second.values is not None and _holds(exact, request, _rounded(exact, second.values)):
            note = f"the solution of {self.name} did not hold when rounded; its decisions were fixed and solved again"
            return _answer(exact, request, found, _rounded(exact, second.values), bound, (note,))
        note = f"the solution of {self.name} did not hold when rounded, nor with its decisions fixed"
        return _by_cpsat(program, question, values, bound, note)


def _by_cpsat(program: Program, question: Question, values: Integers, bound: int | None, note: str) -> Answer:
    request = Request(
        time_limit=question.seconds,
        gap=question.request.gap,
        cutoff=question.request.cutoff,
        seed=question.request.seed,
        hint=dict(enumerate(values.tolist())),
        stop=question.request.stop,
    )
    try:
        answer: Answer = import_module("consortia.solvers.cpsat").CpSat().solve(program, request)
    except (ImportError, ConsortiaError) as error:
        return Answer(Verdict.UNKNOWN, None, bound, "tolerance", notes=(f"{note}; CP-SAT did not help: {error}",))
    return replace(answer, notes=(f"{note}; solved by CP-SAT instead", *answer.notes))


def _answer(
    exact: Compiled,
    request: Request,
    found: Found,
    values: Integers | None,
    bound: int | None,
    notes: tuple[str, ...] = (),
) -> Answer:
    """What `found` amounts to, with `values` that hold."""
    stopped = _STOPPED.get(found.ended)
    proof: Proof | None = None if bound is None else "tolerance"
    if values is None:
        return Answer(Verdict.UNKNOWN, None, bound, proof, stopped, notes)
    cost = exact.cost(values)
    if bound is not None and bound > cost:
        note = "the solver's bound lies above the cost of its own solution and is left out"
        return Answer(Verdict.FEASIBLE, values, None, None, stopped, (*notes, note))
    if bound is not None and cost - bound <= request.gap * abs(cost):
        return Answer(Verdict.OPTIMAL, values, bound, proof, None, notes)
    if found.ended == "optimal":
        note = "the solver calls this optimal, but its bound, less its tolerance, does not reach the cost"
        notes = (*notes, note)
    return Answer(Verdict.FEASIBLE, values, bound, proof, stopped, notes)


def _nothing(exact: Compiled, request: Request) -> Answer:
    """Nothing satisfies the rows, or the rows and the cut-off."""
    if request.cutoff is None:
        return Answer(Verdict.INFEASIBLE, proof="tolerance")
    return Answer(Verdict.CUTOFF, None, floating.next_cost(exact, request.cutoff), "tolerance")


def _bound(exact: Compiled, request: Request, found: Found) -> int | None:
    """The bound on all solutions; those beyond the cut-off were not looked at."""
    bound = floating.safe_bound(exact, found)
    if bound is None or request.cutoff is None:
        return bound
    return min(bound, floating.next_cost(exact, request.cutoff))


def _rounded(exact: Compiled, values: Doubles | None) -> Integers:
    """The nearest integers within the column bounds; some solvers say 0 of a column that is in no row."""
    if values is None:
        return np.zeros(0, dtype=np.int64)
    return np.clip(np.rint(values).astype(np.int64), exact.lower, exact.upper)


def _holds(exact: Compiled, request: Request, values: Integers) -> bool:
    within = request.cutoff is None or exact.cost(values) <= request.cutoff
    return within and not len(exact.violated(values))


@dataclass
class _Progress:
    """Passes on what is new, in exact units of money."""

    exact: Compiled
    request: Request

    def __post_init__(self) -> None:
        self._start = time.monotonic()
        self._best: int | None = None
        self._bound: int | None = None
        self._lock = Lock()

    def report(self, best: float | None, bound: float | None) -> None:
        """Take the objective of the best solution and the bound, as a solver gives them."""
        if self.request.on_progress is None:
            return
        cost = None if best is None else floating.cost_of(self.exact, best)
        proven = _bound(self.exact, self.request, Found("unclear", bound=bound))
        with self._lock:
            cost = min((each for each in (cost, self._best) if each is not None), default=None)
            proven = max((each for each in (proven, self._bound) if each is not None), default=None)
            if (cost, proven) == (self._best, self._bound):
                return
            self._best, self._bound = cost, proven
        self.request.on_progress(time.monotonic() - self._start, cost, proven)
