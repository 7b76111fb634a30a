"""Several objectives one after the other, each within the slack that the ones before it allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.judging import Judgement, judge
from consortia.model import Model
from consortia.outcome import Stage, Status
from consortia.program import INFINITE, Tag
from consortia.solvers.contract import Answer, Request, Solver


@dataclass(frozen=True)
class Course:
    """What running all stages gave: the last judgement with a consortium, its answer, and the record of stages."""

    judgement: Judgement
    answer: Answer
    stages: tuple[Stage, ...]


def run(solver: Solver, model: Model, request: Request, ask: Callable[[Request], Answer]) -> Course:
    """Run the objectives of an Instance in their order.

    Parameters
    ----------
    solver : Solver
    model : Model
        Receives a row for each stage that is done.
    request : Request
        Its cut-off is for the first stage; its time limit for all of them together.
    ask : callable
        Runs the back end.

    Returns
    -------
    Course
        A stage that is not proven ends it.
    """
    deadline = request.deadline()
    stages: list[Stage] = []
    best: tuple[Judgement, Answer] | None = None
    for number, (name, slack) in enumerate(model.instance.objectives):
        objective = EXPRESSIONS[name]
        body = objective.post(model.columns)
        model.program.expressions[name] = body
        goal = f"most {name}" if objective.maximised else name
        model.program.expressions[goal] = -1 * body if objective.maximised else body
        model.program.objective = goal
        asked = replace(
            request,
            time_limit=None if deadline is None else max(0.0, deadline - time.monotonic()),
            on_progress=request.on_progress if objective.money else _without_amounts(request),
        )
        answer = ask(asked)
        judgement = judge(solver, model, asked, answer, objective)
        stages.append(_stage(model.instance, name, slack, judgement, answer))
        if judgement.consortium is not None or best is None:
            best = (judgement, answer)
        if judgement.status is not Status.OPTIMAL or number + 1 == len(model.instance.objectives):
            break
        assert judgement.value is not None and answer.values is not None
        most = judgement.value + _allowance(objective.scale(model.instance), slack, judgement.value)
        model.program.add_row(Tag("stage", source=name), model.program.expressions[goal], -INFINITE, most)
        hint = dict(enumerate(answer.values.tolist())) if solver.abilities.hint else None
        request = replace(request, cutoff=None, hint=hint)
    assert best is not None, "there is at least one objective"
    return Course(*best, tuple(stages))


def _without_amounts(request: Request) -> Callable[[float, int | None, int | None], None] | None:
    """Progress of a stage whose values are no amounts of money."""
    tell = request.on_progress
    return None if tell is None else lambda seconds, best, bound: tell(seconds, None, None)


def _allowance(scale: int, slack: Fraction | Decimal, value: int) -> int:
    """How far a later stage may worsen a value: a share of it, or an amount."""
    if isinstance(slack, Decimal):
        return int(Fraction(slack) * scale // 1)
    return int(slack * abs(value) // 1)


def _stage(instance: Instance, name: str, slack: Fraction | Decimal, judgement: Judgement, answer: Answer) -> Stage:
    objective = EXPRESSIONS[name]
    sign, scale = (-1 if objective.maximised else 1), objective.scale(instance)
    value, bound = (
        None if units is None else Fraction(sign * units, scale) for units in (judgement.value, judgement.bound)
    )
    return Stage(name, objective.maximised, value, bound, slack, judgement.status, answer.proof)
