"""References of costs and funding: to partners, clusters, capabilities, attributes; and what expressions need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from consortia.sentence import say
from consortia.spec.references import Finding, Loc, Names, doubled

if TYPE_CHECKING:
    from consortia.spec.filters import Filter
    from consortia.spec.project import Project

Filters = Callable[["Filter", Loc, Mapping[str, Names]], Iterator[Finding]]

_SECTIONS = {
    "partner": "partners",
    "partners": "partners",
    "owners": "partners",
    "cluster": "clusters",
    "capability": "capabilities",
}
_KINDS = {
    "equipment": say("equipment"),
    "service": say("service"),
    "discount": say("discount"),
    "coordination": say("coordination cost"),
}
_FUNDED = ("eligible cost", "grant")


def cost_problems(project: Project, names: Mapping[str, Names], filters: Filters) -> Iterator[Finding]:
    """Find what is wrong with the references of a project's costs, funding and expressions.

    Parameters
    ----------
    project : Project
    names : mapping of str to Names
        What exists, by section.
    filters : callable
        Finds what is wrong with a filter.
    """
    for kind in dict.fromkeys(cost.cost for cost in project.costs):
        ids = ((("costs", at, "id"), cost.id) for at, cost in enumerate(project.costs) if cost.cost == kind)
        yield from doubled("project", ids, _KINDS[kind])
    for at, cost in enumerate(project.costs):
        yield from _named(cost, ("costs", at), names)
        for key, chosen in cost.filters():
            yield from filters(chosen, ("costs", at, key), names)
    for at, rate in enumerate(project.funding.rates if project.funding else ()):
        if rate.filter is not None:
            yield from filters(rate.filter, ("funding", "rates", at, "filter"), names)
    yield from _expressions(project)


def _named(model: Any, loc: Loc, names: Mapping[str, Names]) -> Iterator[Finding]:
    """Look up whom a cost, or a part of it, names."""
    for key in type(model).model_fields:
        value = getattr(model, key)
        if key in _SECTIONS and isinstance(value, str):
            yield from names[_SECTIONS[key]].missing("project", (*loc, key), value)
        elif isinstance(value, tuple):
            for at, entry in enumerate(value):
                if key in _SECTIONS:
                    yield from names[_SECTIONS[key]].missing("project", (*loc, key, at), entry)
                elif hasattr(type(entry), "model_fields"):
                    yield from _named(entry, (*loc, key, at), names)


def _expressions(project: Project) -> Iterator[Finding]:
    """Name the expressions that are asked for and have nothing to read."""
    asked = [(("objectives", at), objective.of) for at, objective in enumerate(project.objectives)]
    asked += [(("rules", at), rule.of) for at, rule in enumerate(project.rules) if rule.rule == "limit"]
    for loc, name in asked:
        if name in _FUNDED and project.funding is None:
            yield Finding("project", loc, say("{name} needs funding", name=say(name)), say("Give the project funding"))
        if name == "coordination" and not any(cost.cost == "coordination" for cost in project.costs):
            message = say("coordination needs a coordination cost")
            yield Finding("project", loc, message, say("Give one under costs"))


def cost_amounts(project: Project) -> Iterator[tuple[Loc, Any]]:
    """Return the amounts of money of costs and funding, each with its place."""
    for at, cost in enumerate(project.costs):
        for key in ("price", "shared", "per_member"):
            yield ("costs", at, key), getattr(cost, key, None)
        for number, tier in enumerate(getattr(cost, "tiers", ())):
            yield ("costs", at, "tiers", number, "cost"), tier.cost
    if project.funding is not None:
        for key in ("max_grant", "max_per_member"):
            yield ("funding", key), getattr(project.funding, key)
        for at, rate in enumerate(project.funding.rates):
            yield ("funding", "rates", at, "max_grant"), rate.max_grant
