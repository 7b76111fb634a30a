"""Costs, funding, limits and objectives drawn together: back ends agree with what every consortium comes to."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from enumerated import consortia, tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from consortia import check, solve
from consortia.checking import verify
from consortia.consortium import Consortium
from consortia.expressions import EXPRESSIONS
from consortia.expressions import names as expressions
from consortia.instance import Instance
from consortia.outcome import Status

Data = dict[str, Any]
partners = st.sampled_from(["ada", "bor", "cid", "dor"])
money = st.sampled_from([0, 1, 2, "3.5", 5, 8])
signed = st.sampled_from([-3, -1, "-0.5", 0, 1, 2, 4])
percent = st.sampled_from(["5%", "12.5%", "20%", "50%", "70%", 1])
category = st.sampled_from(["personnel", "subcontracting", "equipment"])
filters = st.sampled_from([{"cluster": "north"}, {"kind": "sme"}, {"country": {"not": "BY"}}, {"id": ["bor", "dor"]}])


def written(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(keys).map(
        lambda made: {key: value for key, value in made.items() if value is not None}
    )


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def discounts(draw: st.DrawFn) -> Data:
    kind = draw(st.sampled_from(["cost", "effort"]))
    thresholds = {"cost": [1, "2.5", 4, 7], "effort": ["0.1", "0.2", "0.3", "0.4"]}[kind]
    chosen = sorted(draw(st.lists(st.sampled_from(range(4)), min_size=1, max_size=2, unique=True)))
    made = draw(written(category=maybe(category)))
    whose = draw(st.sampled_from([{"partner": "ada"}, {"partner": "bor"}, {"cluster": "north"}, {"cluster": "south"}]))
    return {
        "cost": "discount",
        **made,
        **whose,
        "tiers": [{kind: thresholds[at], "off": draw(percent)} for at in chosen],
    }


needs = written(capability=st.sampled_from(["films", "lab"]), hours=maybe(money), setup=maybe(money))
equipment = written(
    cost=st.just("equipment"),
    price=money,
    needed_by=st.lists(needs, min_size=1, max_size=2),
    owners=maybe(st.lists(partners, min_size=1, max_size=2, unique=True)),
    hours=maybe(st.sampled_from([0, 2, 5])),
)
services = written(cost=st.just("service"), shared=money, per_member=maybe(money), filter=maybe(filters))
coordination = written(
    cost=st.just("coordination"), same_cluster=signed, same_country=signed, across=st.just(1), filter=maybe(filters)
)
rates = written(
    filter=maybe(filters), rate=percent, by_category=maybe(st.just({"equipment": "40%"})), max_grant=maybe(money)
)
funding = written(
    rates=st.lists(rates, min_size=1, max_size=2),
    indirect=maybe(st.sampled_from(["25%", "7%"])),
    joining=maybe(st.booleans()),
    max_per_member=maybe(money),
    max_grant=maybe(money),
)
names = st.sampled_from(sorted(set(expressions()) - {"change", "coordination"}))
limits = written(rule=st.just("limit"), of=names, max=st.sampled_from([3, 6, "8.5", 12, 20]))


@st.composite
def projects(draw: st.DrawFn) -> Data:
    """Draw three to six components on top of the tiny question."""
    costs = draw(st.lists(equipment | services | discounts(), min_size=1, max_size=3))
    costs = [{**cost, "id": f"c{number}"} for number, cost in enumerate(costs)]
    return {
        "costs": costs + draw(st.lists(coordination, max_size=1)),
        "funding": draw(funding),
        "rules": draw(st.lists(limits, max_size=1)),
        "objectives": [draw(st.just("cost") | names)],
    }


@cache
def sound() -> tuple[Consortium, ...]:
    """Return every consortium that supplies the tiny question, whatever it costs."""
    plain = tiny()
    return tuple(one for one in consortia(plain) if verify(plain, one).valid)


def best(instance: Instance, name: str) -> int | None:
    """Return the best value of an expression, by meaning."""
    expression = EXPRESSIONS[name]
    values = [expression.value(instance, one) for one in sound() if verify(instance, one).valid]
    return (max if expression.maximised else min)(values, default=None)


def hold(project: Data, *solvers: str) -> None:
    instance = tiny(**project)
    (name,) = project["objectives"]
    wanted = best(instance, name)
    for solver in solvers:
        outcome = solve(instance, solver=solver)
        if wanted is None:
            assert outcome.status is Status.INFEASIBLE, solver
            continue
        assert outcome.status is Status.OPTIMAL, solver
        exact = Fraction(wanted, EXPRESSIONS[name].scale(instance))
        assert (outcome.stages[-1].value, outcome.stages[-1].bound) == (exact, exact), solver
        assert check(instance, outcome.to_dict()).valid


def test_there_is_something_to_choose_from() -> None:
    assert len(sound()) > 100


@settings(max_examples=60)
@given(projects())
def test_back_ends_agree_with_the_meaning(project: Data) -> None:
    hold(project, "cpsat", "milp:highs")


@pytest.mark.slow
@settings(max_examples=1000)
@given(projects())
def test_back_ends_agree_with_the_meaning_a_thousand_times(project: Data) -> None:
    hold(project, "cpsat", "milp:highs")
