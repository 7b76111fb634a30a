"""Strategies of hypothesis that draw small questions, as people would write them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PARTNERS = ("ada", "bor", "cid", "dor")
CLUSTERS = ("north", "south", "west")
COMPETENCES = [
    {"id": "joining"},
    {"id": "welding", "broader": ["joining"]},
    {"id": "laser", "broader": ["welding"]},
    {"id": "films"},
]
COUNTRIES = ("BY", "RU", "KZ")
INDUSTRIES = ("packaging", "pharma")
KINDS = ("sme", "large")
OWNERS = ("holding", "bor")  # the second is a partner's id as well
Data = dict[str, Any]

levels_of_cooperation = st.sampled_from(["any"] * 6 + ["cross-cluster", "super-regional", "metacluster"])
money = st.sampled_from([0, 1, 2, 3, 5, 7, 10, "2.5", "0.01", "3.3333"])
shares = st.sampled_from(["0", "0.2", "1/3", "0.5", "0.65", "1"]).map(lambda text: "0.3333" if text == "1/3" else text)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw None half the time."""
    return st.none() | strategy


def written(**entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    """Draw a mapping whose entries of None are left out."""
    return st.fixed_dictionaries(entries).map(
        lambda data: {key: value for key, value in data.items() if value is not None}
    )


offers = written(
    competence=st.sampled_from(["laser", "laser", "films", "films", "welding", "joining"]),
    level=st.sampled_from([None, 1, 2, 3]),
    rate=st.sampled_from([0, 1, 2, 3, 5, "0.01", "3.3333", None]),
    fixed=st.sampled_from([0, 1, 2, "2.5", None, None]),
    capacity=st.sampled_from([None, None, None, "0.1", "0.2", "0.25", "0.5"]),
)


@st.composite
def partners(draw: st.DrawFn, name: str, clusters: tuple[str, ...]) -> Data:
    """Draw a partner; attributes are often blank."""
    through = draw(st.lists(st.sampled_from(clusters), unique=True, max_size=2)) if clusters else []
    made = draw(
        written(
            country=st.sampled_from([None, *COUNTRIES]),
            industry=maybe(st.sampled_from(INDUSTRIES)),
            kind=maybe(st.sampled_from(KINDS)),
            role=st.sampled_from([None] * 6 + ["subcontractor", "associated"]),
            owner=st.sampled_from([None, None, *OWNERS]),
            joining_cost=maybe(money),
            default_rate=st.sampled_from([None, None, 4]),
            capacity=st.sampled_from([None, None, "0.2", "0.3"]),
        )
    )
    memberships = [{"cluster": cluster, "paid": draw(st.booleans())} for cluster in through]
    return {"id": name, "clusters": memberships, "offers": draw(st.lists(offers, min_size=2, max_size=3)), **made}


@st.composite
def capabilities(draw: st.DrawFn, name: str) -> Data:
    """Draw a capability: held, delivered by one, split, or delivered without an effort."""
    made: Data = {"id": name, "competence": draw(st.sampled_from(["joining", "welding", "films", "films", "laser"]))}
    if draw(st.integers(0, 7)) == 7:
        made["level"] = 2
    way = draw(st.sampled_from(["held", "whole", "split", "split", "fixed"]))
    least = 2 if draw(st.integers(0, 7)) == 7 else 1
    if way == "held":
        return {**made, "providers": {"min": least}}
    made["backups"] = int(draw(st.integers(0, 7)) == 7)
    if way == "fixed":
        return {**made, "mode": "delivered", "providers": {"min": least}}
    made["effort"] = draw(st.sampled_from(["0.1", "0.2", "0.3"]))
    if way == "whole":
        return {**made, "providers": 1}
    if draw(st.booleans()):
        made["least_share"] = draw(st.sampled_from(["0.25", "0.5", "0.4"]))
    return {**made, "providers": draw(st.sampled_from([{"min": least}, {"min": least, "max": 2}]))}


def filters(clusters: tuple[str, ...] = CLUSTERS) -> st.SearchStrategy[Data]:
    """Draw a filter on one or two attributes."""
    conditions: dict[str, st.SearchStrategy[Any]] = {
        "country": st.sampled_from([*COUNTRIES, {"in": "eaeu"}, {"not": "BY"}, ["BY", "KZ"]]),
        "industry": st.sampled_from(INDUSTRIES),
        "kind": st.sampled_from([*KINDS, {"not": "sme"}]),
        "role": st.sampled_from([["beneficiary", "subcontractor", "associated"], "beneficiary", "subcontractor"]),
        "id": st.sampled_from(["ada", ["ada", "bor"], {"not": "ada"}]),
        "cluster_country": st.sampled_from(COUNTRIES),
    }
    if clusters:
        conditions["cluster"] = st.sampled_from([*clusters, {"not": clusters[0]}])
    return st.lists(st.sampled_from(sorted(conditions)), min_size=1, max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: conditions[name] for name in names})
    )


@st.composite
def _bounds(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Data:
    low, high = sorted((draw(values), draw(values)), key=float)
    return draw(st.sampled_from([{"min": low}, {"max": high}, {"max": high}, {"min": low, "max": high}]))


_counts = _bounds(st.sampled_from([0, 1, 1, 2, 2, 3]))
_attributes = st.sampled_from(["country", "industry", "cluster", "owner", "kind", "cluster_country", "id"])


@st.composite
def rules(
    draw: st.DrawFn,
    partners: tuple[str, ...] = PARTNERS,
    clusters: tuple[str, ...] = CLUSTERS,
    capabilities: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> Data:
    """Draw a rule of one of the `kinds`, by default of any."""
    some = st.lists(st.sampled_from(partners), min_size=1, max_size=3, unique=True)
    chosen = maybe(filters(clusters))
    makers: dict[str, st.SearchStrategy[Data]] = {
        "count": st.tuples(_counts, written(filter=chosen)).map(_joined),
        "distinct": st.tuples(_counts, written(filter=chosen, attribute=_attributes)).map(_joined),
        "representatives": written(
            attribute=_attributes,
            min=st.sampled_from([1, 1, 2, 2, 3]),
            among=chosen,
            filter=chosen,
            min_passing=maybe(st.integers(0, 3)),
        ).map(_representatives),
        "share": st.tuples(
            _bounds(shares),
            written(
                of=st.sampled_from(["cost", "effort"]),
                filter=chosen,
                each=maybe(st.sampled_from(["partner", "cluster", "country", "owner"])),
                base=st.sampled_from([None, "own", "total"]) | filters(clusters),
            ),
        )
        .map(_joined)
        .map(_share),
        "participation": st.tuples(
            written(filter=chosen),
            st.sampled_from(
                [
                    {"min_effort": "0.1"},
                    {"min_effort": "0.15"},
                    {"min_share": "0.2"},
                    {"min_effort": 0, "min_share": "0.5"},
                ]
            ),
        ).map(_joined),
        "include": st.fixed_dictionaries({"partners": some}),
        "exclude": st.one_of(
            st.fixed_dictionaries({"partners": some}), st.fixed_dictionaries({"filter": filters(clusters)})
        ),
        "requires": st.fixed_dictionaries({"when": st.sampled_from(partners), "any_of": some}),
        "coordinator": written(
            filter=chosen, capability=maybe(st.sampled_from(capabilities)) if capabilities else st.none()
        ),
    }
    if len(partners) > 1:
        makers["conflict"] = st.fixed_dictionaries(
            {
                "partners": st.lists(st.sampled_from(partners), min_size=2, max_size=3, unique=True),
                "at_most": st.sampled_from([1, 1, 2]),
            }
        )
    kind = draw(st.sampled_from(sorted(set(kinds or makers) & set(makers))))
    return {"rule": kind, **draw(makers[kind])}


def _joined(parts: tuple[Data, ...]) -> Data:
    return {key: value for part in parts for key, value in part.items()}


def _representatives(rule: Data) -> Data:
    if "filter" not in rule:
        rule.pop("min_passing", None)
    elif "min_passing" in rule:
        rule["min_passing"] = min(rule["min_passing"], rule["min"])
    return rule


def _share(rule: Data) -> Data:
    if rule["of"] == "effort" and rule.get("base") == "total":
        del rule["base"]
    return rule


@st.composite
def questions(
    draw: st.DrawFn, most_partners: int = 4, most_capabilities: int = 3, most_rules: int = 2
) -> tuple[Data, Data]:
    """Draw a project and a pool; many of them have no consortium at all."""
    clusters = CLUSTERS[: draw(st.integers(0, 3))]
    names = PARTNERS[: draw(st.integers(2, most_partners))]
    wanted = tuple(f"c{number}" for number in range(draw(st.integers(1, most_capabilities))))
    asked = draw(st.lists(rules(names, clusters, wanted), max_size=most_rules))
    coordinating = [rule for rule in asked if rule["rule"] == "coordinator"]
    project = {
        "title": "drawn",
        "cooperation": draw(levels_of_cooperation) if len(clusters) > 1 else "any",
        "capabilities": [draw(capabilities(name)) for name in wanted],
        "rules": [rule for rule in asked if rule["rule"] != "coordinator"] + coordinating[:1],
        "interest": draw(st.sampled_from([{}, {}, {}, {}, {}, {}, {"ada": "declined"}])),
    }
    if draw(st.integers(0, 7)) == 7:
        project["budget"] = draw(st.sampled_from([2, 4, 8, "12.345"]))
    everything = [{"competence": name, "level": 3, "rate": 6, "fixed": 9} for name in ("laser", "films")]
    able = draw(st.sampled_from([*names, None]))  # a partner that can deliver everything, most of the time
    pool = {
        "competences": COMPETENCES,
        "clusters": [
            {
                "id": cluster,
                **draw(
                    written(
                        country=maybe(st.sampled_from(COUNTRIES)),
                        industry=maybe(st.sampled_from(INDUSTRIES)),
                        fee=maybe(money),
                    )
                ),
            }
            for cluster in clusters
        ],
        "partners": [draw(partners(name, clusters)) for name in names],
    }
    for partner in pool["partners"]:
        if partner["id"] == able:
            partner["offers"] = everything
            partner.pop("capacity", None)
    return project, pool
