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
    consortium = None if answer.values is None else model.decode(answer.values)
    found = None if consortium is None else verify(model.instance, consortium)
    if found is not None and not found.valid:
        breaches = "; ".join(str(violation) for violation in found.violations)
        raise InternalError(f"the solver {solver.name} returned a consortium that breaks: {breaches}")
    value = None if consortium is None else sign * objective.value(model.instance, consortium)
    known, witness = value, _hinted(model, request) if consortium is None else None
    if witness is not None:
        known = sign * objective.value(model.instance, witness)
    bound, verdict = answer.bound, answer.verdict
    if verdict is Verdict.INFEASIBLE and request.cutoff is not None:
        verdict = Verdict.CUTOFF  # under a cut-off nothing is known of dearer consortia
    _refute(solver.name, request, answer, verdict, value, known)
    if value is None and request.cutoff is not None and (verdict is Verdict.CUTOFF or bound is not None):
        # what is dearer than the cut-off was never looked at
        bound = request.cutoff + 1 if verdict is Verdict.CUTOFF or bound is None else min(bound, request.cutoff + 1)
    reached = value is not None and bound is not None and value - bound <= request.gap * abs(value)
    if verdict is Verdict.OPTIMAL and not reached:
        raise InternalError(f"the solver {solver.name} says optimal, and its bound {bound} does not reach {value}")
    if value is not None:
        status = Status.OPTIMAL if reached else Status.FEASIBLE
    else:
        status = Status.INFEASIBLE if verdict is Verdict.INFEASIBLE else Status.UNKNOWN
    stopped: Stopped | None = "cutoff" if verdict is Verdict.CUTOFF else answer.stopped
    return Judgement(status, consortium, found, value, bound, None if status is Status.OPTIMAL else stopped)


def _refute(
    name: str, request: Request, answer: Answer, verdict: Verdict, value: int | None, known: int | None
) -> None:
    """Raise if an answer contradicts itself or a consortium that is known, its own or the one of the hint."""
    bound, proven = answer.bound, verdict in (Verdict.INFEASIBLE, Verdict.CUTOFF)
    within = known is not None and (request.cutoff is None or known <= request.cutoff)
    if proven and (value is not None or within):
        raise InternalError(f"the solver {name} says {verdict}, and a consortium is known")
    if verdict is Verdict.CUTOFF and request.cutoff is None:
        raise InternalError(f"the solver {name} speaks of a cut-off that was not asked for")
    if bound is not None and within and known is not None and bound > known:
        raise InternalError(f"the solver {name} gave the bound {bound} above the known cost {known}")
    if verdict in (Verdict.OPTIMAL, Verdict.FEASIBLE) and value is None:
        raise InternalError(f"the solver {name} says {verdict} and gives no consortium")
    if request.cutoff is not None and value is not None and value > request.cutoff:
        raise InternalError(f"the solver {name} returned a cost that is not below the cut-off")
    if answer.proof is None and (proven or verdict is Verdict.OPTIMAL):
        raise InternalError(f"the solver {name} says {verdict} and does not say how far its proof reaches")


def _hinted(model: Model, request: Request) -> Consortium | None:
    """Return a hint that happens to be a valid consortium: a witness against a back end that says there is none."""
    if request.hint is None:
        return None
    values = np.zeros(model.program.width, dtype=np.int64)
    values[list(request.hint)] = list(request.hint.values())
    consortium = model.decode(values)
    return consortium if verify(model.instance, consortium).valid else None
