"""Several objectives one after the other, each within the slack that the ones before it allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from consortia.expressions import EXPRESSIONS, Expression
from consortia.instance import Instance
from consortia.judging import Judgement, Stopped, judge
from consortia.model import Model
from consortia.outcome import Stage, Status
from consortia.program import INFINITE, Tag
from consortia.solvers.contract import Answer, Request, Solver, Verdict


@dataclass(frozen=True)
class Course:
    """What running all stages gave: the last judgement with a consortium, its answer, and the record of stages.

    `stopped` is why the last stage that began ended before a proof.
    """

    judgement: Judgement
    answer: Answer
    stages: tuple[Stage, ...]
    stopped: Stopped | None


def run(solver: Solver, model: Model, request: Request, ask: Callable[[Request], Answer]) -> Course:
    """Run the objectives of an Instance in their order.

    Parameters
    ----------
    solver : Solver
    model : Model
        Receives a row for each stage that is done.
    request : Request
        Its cut-off is on the cost, whatever the objectives are; its time limit is for all of them together, its
        effort limit for each.
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
    below = _keep_below(model, request)
    if below:
        request = replace(request, cutoff=None)
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
            on_progress=request.on_progress if name == "cost" else _without_amounts(request),
        )
        answer = ask(asked)
        judgement = _judge(solver, model, asked, answer, objective, below and not stages)
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
    return Course(*best, tuple(stages), judgement.stopped)


def out_of_time(instance: Instance) -> Course:
    """Return the course of a question that could not even be written in time."""
    judgement = Judgement(Status.UNKNOWN, None, None, None, None, "time")
    answer = Answer(Verdict.UNKNOWN, stopped="time")
    name, slack = instance.objectives[0]
    return Course(judgement, answer, (_stage(instance, name, slack, judgement, answer),), "time")


def _keep_below(model: Model, request: Request) -> bool:
    """Keep the cost of all stages below the cut-off by a row, and tell whether that replaces the cut-off."""
    names = [name for name, _ in model.instance.objectives]
    if request.cutoff is None or names == ["cost"]:
        return False
    cost = model.program.expressions["cost"]
    model.program.add_row(Tag("stage", source="cutoff"), cost, -INFINITE, request.cutoff)
    return names[0] != "cost"


def _judge(
    solver: Solver, model: Model, request: Request, answer: Answer, objective: Expression, below: bool
) -> Judgement:
    """Check an answer; if only what is cheaper than a cut-off was looked at, nothing is known of the rest."""
    if not below:
        return judge(solver, model, request, answer, objective)
    judgement = judge(solver, model, replace(request, hint=None), answer, objective)  # the hint may be dearer
    if judgement.status is not Status.INFEASIBLE:
        return judgement
    return replace(judgement, status=Status.UNKNOWN, bound=None, stopped="cutoff")


def _without_amounts(request: Request) -> Callable[[float, int | None, int | None], None] | None:
    """Progress of a stage whose values are no costs."""
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
