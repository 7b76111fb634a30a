"""Strategies of hypothesis that put three to six components of richer projects on top of small drawn questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drawing import Data, filters, maybe, money, questions, rules, written
from hypothesis import strategies as st

from consortia.expressions import names as expressions

NAMES = ("ada", "bor")  # every drawn question has them
signed = st.sampled_from([-3, -1, "-0.5", 0, 1, 2, 4])
percent = st.sampled_from(["5%", "12.5%", "20%", "50%", 1])
seats = filters(())
efforts = st.sampled_from(["0.1", "0.2", "0.3"])
pairs = st.lists(st.sampled_from([["ada", "bor"], ["bor", "cid"], ["ada", "cid"]]), max_size=2, unique_by=str)
Component = Callable[[st.DrawFn, Data, Data], None]


def _ids(project: Data) -> list[str]:
    return [capability["id"] for capability in project["capabilities"]]


def optional(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Let some capabilities be left out; others have a value as well."""
    for capability in project["capabilities"]:
        capability.update(draw(written(optional=maybe(st.just(True)), value=maybe(money))))


def choice(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Choose between a capability that is there and a new one, perhaps with another besides."""
    first, *others = _ids(project)
    new = {"id": "other", "competence": draw(st.sampled_from(["films", "laser"])), "effort": "0.1", "value": 1}
    project["capabilities"].append(new)
    beside = st.sampled_from([[], others[:1]])
    project["choices"] = [[[first, *draw(beside)], ["other", *draw(beside)], *draw(st.sampled_from([[], others[:1]]))]]


def periods(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Spread the work over two or three periods, with capacities by partner."""
    project["periods"] = names = ["first", "second", "third"][: draw(st.integers(2, 3))]
    for capability in project["capabilities"]:
        if draw(st.booleans()):
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(names) - 1)] * 2)))
            capability.update(start=names[start], end=names[end])
    room = st.sampled_from(["0.1", "0.2", "0.1", 0])
    for partner in pool["partners"]:
        limit = draw(maybe(room | st.fixed_dictionaries({"first": room})))
        if limit is not None:
            partner["capacity_per_period"] = limit


def leaders(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Group capabilities into one or two work packages that are led."""
    ids = st.lists(st.sampled_from(_ids(project)), min_size=1, max_size=2, unique=True)
    count = draw(st.integers(1, 2))
    project["work_packages"] = [{"id": f"w{number}", "capabilities": draw(ids)} for number in range(count)]
    project["rules"].append({"rule": "leaders", **draw(written(max_led=maybe(st.just(1)), filter=maybe(seats)))})


def equipment(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Let a capability need something that is bought once, or that a partner owns."""
    needs = written(
        capability=st.sampled_from(_ids(project)), hours=maybe(st.sampled_from([5, 10])), setup=maybe(money)
    )
    made = written(
        price=st.sampled_from([1, 2, 5, "2.5"]),
        needed_by=st.lists(needs, min_size=1, max_size=2),
        owners=maybe(st.lists(st.sampled_from(NAMES), min_size=1, max_size=1)),
        hours=maybe(st.sampled_from([1, 2, 5])),
    )
    project.setdefault("costs", []).append({"cost": "equipment", "id": "press", **draw(made)})


def service(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Add a price for all against a price for each."""
    made = written(shared=money, per_member=maybe(money), filter=maybe(seats))
    project.setdefault("costs", []).append({"cost": "service", "id": "quality", **draw(made)})


def discount(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Take something off what a partner or a cluster delivers, with low thresholds."""
    clusters = [{"cluster": cluster["id"]} for cluster in pool["clusters"]]
    whose = draw(st.sampled_from([{"partner": "ada"}, {"partner": "bor"}, *clusters]))
    tiers = st.sampled_from([[{"cost": 1, "off": "10%"}], [{"cost": "0.5", "off": "5%"}, {"cost": 2, "off": "30%"}]])
    by_effort = st.tuples(efforts, percent).map(lambda drawn: [{"effort": drawn[0], "off": drawn[1]}])
    project.setdefault("costs", []).append(
        {"cost": "discount", "id": "bulk", **whose, "tiers": draw(tiers | by_effort)}
    )


def coordination(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Let pairs of members cost something, or save it."""
    listed = draw(maybe(st.just([{"partners": ["ada", "bor"], "amount": "-1.5"}])))
    by_class = written(
        same_cluster=signed, same_country=maybe(signed), across=st.sampled_from([-1, 2, 3]), filter=maybe(seats)
    )
    made = draw(by_class) if listed is None else {"pairs": listed}
    if not any(cost["cost"] == "coordination" for cost in project.get("costs", ())):
        project.setdefault("costs", []).append({"cost": "coordination", **made})


def funding(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Fund the project, with a limit on what the members bear or are granted."""
    rates = written(filter=maybe(seats), rate=percent, max_grant=maybe(money))
    project["funding"] = draw(
        written(
            rates=st.lists(rates, min_size=1, max_size=2),
            indirect=maybe(st.just("25%")),
            joining=maybe(st.booleans()),
            max_grant=maybe(money),
        )
    )
    of = draw(st.sampled_from(["grant", "own contribution", "eligible cost", "total cost"]))
    bound = draw(st.sampled_from([{"max": 15}, {"max": 8}, {"min": 0}, {"min": "0.25"}, {"max": 3}]))
    project["rules"].append({"rule": "limit", "of": of, **bound})


_shares = st.fixed_dictionaries({"filter": seats, "min_share": st.sampled_from(["0.3", "50%", 1])})
CONSEQUENCES: dict[str, st.SearchStrategy[Data]] = {
    "survives": st.fixed_dictionaries(
        {
            "rule": st.just("survives"),
            "loss_of": st.sampled_from(["member", "cluster", "country", "owner"]),
            "number": st.sampled_from([1, 1, 1, 2]),
        }
    ),
    "reliability": st.fixed_dictionaries(
        {
            "rule": st.just("reliability"),
            "min": st.sampled_from(["0.25", "0.5", "0.9", "0.95"]),
            "mode": st.sampled_from(["any", "all"]),
        }
    ),
    "links": written(rule=st.sampled_from(["links", "connected"]), filter=maybe(seats), pairs=maybe(pairs)),
    "connected": written(rule=st.just("connected"), pairs=pairs),
    "shares": _shares.map(lambda drawn: {"rule": "count", **drawn})
    | _shares.map(lambda drawn: {"rule": "distinct", "attribute": "country", **drawn}),
}


def rule(kind: str) -> Component:
    """Return what adds a rule of a kind."""

    def add(draw: st.DrawFn, project: Data, pool: Data) -> None:
        there = {partner["id"] for partner in pool["partners"]}
        made = draw(CONSEQUENCES[kind])
        if "pairs" in made:
            made["pairs"] = [pair for pair in made["pairs"] if there.issuperset(pair)]
        project["rules"].append(made)
        project["worked_together"] = [pair for pair in draw(pairs) if there.issuperset(pair)]

    return add


def conditional(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Let a rule hold only where another does."""
    condition = draw(rules(NAMES, (), kinds=("count", "include", "distinct")))
    rule(draw(st.sampled_from(sorted(CONSEQUENCES))))(draw, project, pool)
    project["rules"].append({"rule": "conditional", "if": condition, "then": project["rules"].pop()})


def pack(draw: st.DrawFn, project: Data, pool: Data) -> None:
    """Add the rules of a pack: one that is shipped, or one of the user's own."""
    own = {"name": "own", "title": "Own", "source": "nowhere", "as_of": "2026-01-01"}
    asked = draw(st.lists(rules(NAMES, (), kinds=("count", "requires", "conflict", "share")), min_size=1, max_size=2))
    part = draw(st.sampled_from(["rules", "unverified"]))
    project["packs"] = [draw(st.sampled_from([{**own, part: asked}] * 7 + ["eureka-network"]))]


COMPONENTS: tuple[Component, ...] = (
    *(optional, choice, periods, leaders, equipment, service, discount, coordination, funding),
    *(rule(kind) for kind in CONSEQUENCES),
    *(conditional, pack),
)


@st.composite
def objectives(draw: st.DrawFn, project: Data) -> list[Any]:
    """Draw one to three objectives that the project has, with slack."""
    known = {"cost", "members", "clusters", "affinity", "reliability"}
    known |= {"value"} if any(capability.get("value") for capability in project["capabilities"]) else set()
    known |= {"coordination"} if any(made["cost"] == "coordination" for made in project.get("costs", ())) else set()
    known |= {"eligible cost", "grant", "total cost", "own contribution"} if "funding" in project else set()
    assert known <= set(expressions())
    slack = st.sampled_from(
        [{"slack": "30%"}, {}, {"slack": "10%"}, {"slack": "50%"}, {"slack_amount": 1}, {"slack_amount": "0.5"}]
    )
    chosen = draw(
        st.lists(st.sampled_from(sorted(known)), min_size=draw(st.sampled_from([2, 1])), max_size=3, unique=True)
    )
    return [{"of": name, **draw(slack)} for name in chosen]


@st.composite
def combinations(draw: st.DrawFn) -> tuple[Data, Data]:
    """Draw a small question with three to six components; many of them have no consortium at all."""
    project, pool = draw(questions(most_partners=3, most_capabilities=2, most_rules=1))
    able = st.fixed_dictionaries({"level": st.just(3), "rate": st.sampled_from([2, 1, "3.5"]), "fixed": st.just(1)})
    for partner in pool["partners"]:
        if draw(st.sampled_from([True, True, False])):  # several that can do it all, for there to be a choice
            partner["offers"] += [{"competence": name, **draw(able)} for name in ("laser", "films")]
        partner.update(draw(written(reliability=maybe(st.sampled_from(["0.5", "0.9", "0.95", 1])))))
    chosen = draw(st.lists(st.sampled_from(range(len(COMPONENTS))), min_size=3, max_size=6, unique=True))
    for number in sorted(chosen):
        COMPONENTS[number](draw, project, pool)
    if draw(st.integers(0, 3)):
        project["objectives"] = draw(objectives(project))
    return project, pool
