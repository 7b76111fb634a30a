"""Several objectives one after the other: stages, slack, proofs, limits and interruptions, by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from consortia import check, solve, solvers
from consortia.errors import SpecError
from consortia.outcome import Outcome, Status
from consortia.progress import Progress
from consortia.solvers.contract import Answer, Request, Verdict
from consortia.solvers.cpsat import CpSat

EXACT = ("cpsat", "milp", "exhaustive")
POOL: dict[str, Any] = {
    "clusters": [{"id": "north", "fee": 3}],
    "partners": [
        {
            "id": "ada",
            "reliability": "0.8",
            "offers": [{"competence": "films", "rate": 10}, {"competence": "lab", "fixed": 9}],
        },
        {"id": "bor", "reliability": "0.95", "offers": [{"competence": "films", "rate": "11.5"}]},
        {"id": "cid", "reliability": "0.9", "clusters": ["north"], "offers": [{"competence": "lab", "fixed": 2}]},
    ],
}
FILMS = {"id": "films", "effort": 2, "providers": 1}
LAB = {"id": "lab", "mode": "delivered"}
# films by ada 20, by bor 23; lab by ada 9, by cid 2 and a fee of 3
# ada and cid 25, bor and cid 28, ada alone 29, bor and ada 32


def answer(*objectives: Any, optional: bool = False, solver: str = "cpsat", **wishes: Any) -> Outcome:
    """Solve the question of this page; where the lab is optional, it is worth 5."""
    lab = {**LAB, "optional": True, "value": 5} if optional else LAB
    project = {"title": "t", "cooperation": "any", "effort_step": 1, "capabilities": [FILMS, lab]}
    return solve({**project, "objectives": list(objectives)}, POOL, solver=solver, **wishes)


def members(outcome: Outcome) -> set[str]:
    assert outcome.consortium is not None
    return set(outcome.consortium.members)


def values(outcome: Outcome) -> list[Fraction | None]:
    return [stage.value for stage in outcome.stages]


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("objectives", "expected", "who"),
    [
        (["cost", "members"], [25, 2], {"ada", "cid"}),
        ([{"of": "cost", "slack": "15.9%"}, "members"], [25, 2], None),
        ([{"of": "cost", "slack": "16%"}, "members"], [25, 1], {"ada"}),  # 25 * 1.16 is 29
        ([{"of": "cost", "slack_amount": "3.99"}, "members"], [25, 2], None),
        ([{"of": "cost", "slack_amount": 4}, "members"], [25, 1], {"ada"}),
        (["members", "cost"], [1, 29], {"ada"}),
        ([{"of": "members", "slack_amount": 1}, "cost"], [1, 25], {"ada", "cid"}),
        (["reliability", "cost"], [Fraction(9, 10), 28], {"bor", "cid"}),
        ([{"of": "reliability", "slack": "11%"}, "cost"], [Fraction(9, 10), 28], {"bor", "cid"}),
        ([{"of": "reliability", "slack": "12%"}, "cost"], [Fraction(9, 10), 25], {"ada", "cid"}),
        ([{"of": "reliability", "slack_amount": "0.1"}, "cost"], [Fraction(9, 10), 25], {"ada", "cid"}),
        ([{"of": "cost", "slack": "12%"}, "reliability", "clusters"], [25, Fraction(9, 10), 1], {"bor", "cid"}),
        ([{"of": "clusters"}, {"of": "cost", "slack": "20%"}, "reliability"], [0, 29, Fraction(4, 5)], None),
    ],
    ids=str,
)
def test_objectives_in_their_order(solver: str, objectives: list[Any], expected: list[Any], who: Any) -> None:
    outcome = answer(*objectives, solver=solver)
    assert outcome.status is Status.OPTIMAL
    assert values(outcome) == expected
    assert [stage.bound for stage in outcome.stages] == expected
    assert {stage.proof for stage in outcome.stages} <= {"exact", "tolerance"}
    assert who is None or members(outcome) == who
    assert check(outcome.instance, outcome.to_dict()).valid


@pytest.mark.parametrize("solver", EXACT)
def test_most_value_within_the_budget(solver: str) -> None:
    outcome = answer("value", "cost", optional=True, solver=solver)
    assert values(outcome) == [5, 25]
    assert [stage.maximised for stage in outcome.stages] == [True, False]
    assert outcome.bound is None, "of the cost by itself nothing is proven"
    outcome = answer({"of": "value", "slack": "100%"}, "cost", optional=True, solver=solver)
    assert values(outcome) == [5, 20]
    assert members(outcome) == {"ada"}


def test_the_bound_is_of_the_cost_where_that_comes_first() -> None:
    outcome = answer({"of": "cost", "slack": "16%"}, "members")
    assert (outcome.cost, outcome.bound) == (29, 25)
    assert outcome.status is Status.OPTIMAL and not outcome.proven


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize(
    ("objectives", "cutoff", "expected", "cost"),
    [
        (["value", "cost"], "25.01", [5, 25], 25),
        (["value", "cost"], 25, [0, 20], 20),
        ([{"of": "cost", "slack": "50%"}, "value", "reliability"], 25, [20, 0, Fraction(19, 20)], 23),
        ([{"of": "cost", "slack": "50%"}, "value", "members"], 30, [20, 5, 1], 29),
        (["members", "reliability", "cost"], 22, [1, Fraction(4, 5), 20], 20),
    ],
)
def test_a_cutoff_is_on_the_cost(solver: str, objectives: list[Any], cutoff: Any, expected: Any, cost: int) -> None:
    outcome = answer(*objectives, optional=True, solver=solver, cutoff=Decimal(cutoff))
    assert outcome.status is Status.OPTIMAL
    assert (values(outcome), outcome.cost) == (expected, cost)


@pytest.mark.parametrize("solver", EXACT)
@pytest.mark.parametrize("first", ["value", "members", "reliability"])
def test_nothing_below_a_cutoff_is_not_infeasible(solver: str, first: str) -> None:
    outcome = answer(first, "cost", optional=True, solver=solver, cutoff=20)
    assert (outcome.status, outcome.stopped) == (Status.UNKNOWN, "cutoff")
    assert (outcome.cost, outcome.bound, outcome.consortium) == (None, None, None)
    assert len(outcome.stages) == 1


def test_a_hint_above_the_cutoff_is_no_contradiction() -> None:
    dear = answer("value", "cost", optional=True)
    assert answer("value", "cost", optional=True, hint=dear, cutoff=20).stopped == "cutoff"
    assert answer("value", "cost", optional=True, hint=dear, cutoff=21).cost == 20


@pytest.mark.parametrize("solver", EXACT)
def test_infeasible_ends_with_the_first_stage(solver: str) -> None:
    beyond = [{**FILMS, "level": 2}]
    project = {"title": "t", "cooperation": "any", "capabilities": beyond, "objectives": ["members", "cost"]}
    outcome = solve(project, POOL, solver=solver)
    assert outcome.status is Status.INFEASIBLE
    assert [stage.status for stage in outcome.stages] == [Status.INFEASIBLE]
    assert outcome.proof is not None


class Halting(CpSat):
    """Does not get anywhere from its second solve on, as if a limit or an interrupt had come then."""

    def __init__(self, reason: Any) -> None:
        self.reason, self.requests = reason, list[Request]()

    def solve(self, program: Any, request: Request) -> Answer:
        self.requests.append(request)
        if request.on_progress is not None:
            request.on_progress(0, 700, 500)  # in halves
        if len(self.requests) == 1:
            return super().solve(program, request)
        return Answer(Verdict.UNKNOWN, stopped=self.reason)


@pytest.fixture
def halting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Halting]:
    def make(reason: str) -> Halting:
        made = Halting(reason)
        monkeypatch.setattr(solvers, "find", lambda name: made)
        return made

    return make


@pytest.mark.parametrize("reason", ["time", "effort", "interrupted"])
def test_what_stops_between_stages_keeps_what_is_proven(halting: Any, reason: str) -> None:
    halting(reason)
    outcome = answer({"of": "cost", "slack": "16%"}, "members", "reliability")
    assert (outcome.status, outcome.stopped) == (Status.FEASIBLE, reason)
    assert (outcome.cost, outcome.bound) == (25, 25), "the first stage is proven"
    assert [stage.status for stage in outcome.stages] == [Status.OPTIMAL, Status.UNKNOWN]
    assert check(outcome.instance, outcome.to_dict()).valid


def test_stages_share_the_time_and_start_from_what_is_known(halting: Any) -> None:
    back_end = halting("time")
    answer("cost", "members", time_limit=1000, cutoff=1000, effort_limit=50, seed=3)
    first, second = back_end.requests
    assert second.time_limit <= first.time_limit <= 1000
    assert (first.effort_limit, second.effort_limit, second.seed) == (50, 50, 3)
    assert second.cutoff is None, "a row keeps the cost below it"
    assert second.hint, "the answer of the first stage"


@pytest.mark.parametrize(
    ("objectives", "amounts"), [(["cost", "members"], [350, None]), (["members", "cost"], [None, 350])]
)
def test_progress_shows_costs_only(halting: Any, objectives: list[str], amounts: list[int | None]) -> None:
    """A number of members is no cost."""
    halting("time")
    seen: list[Progress] = []
    answer(*objectives, on_progress=lambda progress: seen.append(progress))
    assert [progress.best for progress in seen if progress.seconds == 0] == amounts


def test_what_a_progress_function_stops_stays_stopped(halting: Any) -> None:
    back_end = halting("interrupted")
    answer("cost", "members", on_progress=lambda progress: True)
    assert all(request.stop.is_set() for request in back_end.requests)


@pytest.mark.parametrize("solver", EXACT)
def test_no_time_and_no_effort(solver: str) -> None:
    outcome = answer("value", "cost", optional=True, solver=solver, time_limit=0)
    assert outcome.status in (Status.UNKNOWN, Status.FEASIBLE, Status.OPTIMAL)
    assert (outcome.stopped == "time") == (outcome.status is not Status.OPTIMAL)
    assert outcome.bound is None


@pytest.mark.parametrize(
    ("objectives", "message"),
    [
        ([], "objectives"),
        (["prices"], "prices"),
        ([{"of": "cost", "slack": "1%", "slack_amount": 3}], "the slack is given twice"),
        ([{"of": "cost", "slack": "101%"}], "slack"),
        ([{"of": "cost", "slack_amount": -1}], "slack_amount"),
        (["cost and change"], "cost and change"),
        (["value"], "no capability has a value"),
    ],
)
def test_what_is_wrong_is_told(objectives: list[Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        answer(*objectives)
