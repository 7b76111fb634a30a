"""An answer of a back end held against the question and against itself: only what holds is returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from consortia.checking import Verification, verify
from consortia.consortium import Consortium
from consortia.errors import InternalError
from consortia.expressions import Expression
from consortia.model import Model
from consortia.outcome import Status
from consortia.solvers.contract import Answer, Request, Solver, Verdict

Stopped = Literal["time", "effort", "interrupted", "cutoff"]


@dataclass(frozen=True)
class Judgement:
    """What holds of an answer.

    Attributes
    ----------
    status : Status
        With respect to the objective that was asked for.
    consortium : Consortium or None
        Valid.
    verification : Verification or None
        What the checker found of it.
    value, bound : int or None
        Of the objective, as it was minimised; the value by meaning.
    stopped : str or None
        Why the search ended before a proof.
    """

    status: Status
    consortium: Consortium | None
    verification: Verification | None
    value: int | None
    bound: int | None
    stopped: Stopped | None


def judge(solver: Solver, model: Model, request: Request, answer: Answer, objective: Expression) -> Judgement:
    """Check an answer.

    Raises
    ------
    InternalError
        If it breaks a rule, or contradicts itself or what is known.
    """
    sign = -1 if objective.maximised else 1

    def lie(text: str) -> InternalError:
        return InternalError(f"the solver {solver.name} {text}")

    consortium = None if answer.values is None else model.decode(answer.values)
    found = None if consortium is None else verify(model.instance, consortium)
    if found is not None and not found.valid:
        raise lie("returned a consortium that breaks: " + "; ".join(str(breach) for breach in found.violations))
    value = None if consortium is None else sign * objective.value(model.instance, consortium)
    hinted = _hinted(model, request)
    known = value if value is not None or hinted is None else sign * objective.value(model.instance, hinted)
    bound, verdict = answer.bound, answer.verdict
    if verdict in (Verdict.OPTIMAL, Verdict.FEASIBLE) and value is None:
        raise lie(f"says {verdict} and gives no consortium")
    if verdict is Verdict.CUTOFF and (request.cutoff is None or value is not None):
        raise lie("speaks of a cut-off that was not asked for, or that it is below")
    if verdict is Verdict.INFEASIBLE and request.cutoff is not None:
        verdict = Verdict.CUTOFF  # under a cut-off nothing is known of dearer consortia
    if known is not None and verdict is Verdict.INFEASIBLE:
        raise lie("says infeasible, and a consortium is known")
    if request.cutoff is not None:
        if value is not None and value > request.cutoff:
            raise lie("returned a cost that is not below the cut-off")
        if verdict is Verdict.CUTOFF:
            if known is not None and known <= request.cutoff:
                raise lie("says that nothing is below the cut-off, and a consortium that is is known")
            bound = request.cutoff + 1
    if bound is not None and known is not None and bound > known and (value is not None or request.cutoff is None):
        raise lie(f"gave the bound {bound} above a cost that is known, {known}")
    reached = value is not None and bound is not None and value - bound <= request.gap * abs(value)
    if verdict is Verdict.OPTIMAL and not reached:
        raise lie(f"says optimal, and its bound {bound} does not reach {value}")
    if value is not None:
        status = Status.OPTIMAL if reached else Status.FEASIBLE
    else:
        status = Status.INFEASIBLE if verdict is Verdict.INFEASIBLE else Status.UNKNOWN
    stopped: Stopped | None = "cutoff" if verdict is Verdict.CUTOFF else answer.stopped
    return Judgement(status, consortium, found, value, bound, None if status is Status.OPTIMAL else stopped)


def _hinted(model: Model, request: Request) -> Consortium | None:
    """Return a hint that happens to be a valid consortium: a witness against a back end that says there is none."""
    if request.hint is None:
        return None
    values = np.zeros(model.program.width, dtype=np.int64)
    values[list(request.hint)] = list(request.hint.values())
    consortium = model.decode(values)
    return consortium if verify(model.instance, consortium).valid else None
