"""References of what structures the work: choices, work packages, periods, and what objectives need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from consortia.sentence import say
from consortia.spec.references import Finding, Loc, Names, doubled

if TYPE_CHECKING:
    from consortia.spec.pool_facts import PoolFacts
    from consortia.spec.project import Project


def work_problems(project: Project, pool: PoolFacts, names: Mapping[str, Names]) -> Iterator[Finding]:
    """Find what is wrong with the references of a project's choices, work packages, periods and objectives.

    Parameters
    ----------
    project : Project
    pool : PoolFacts
        Its partners may have capacities by period.
    names : mapping of str to Names
        What exists, by section.
    """
    known = names["capabilities"]
    for at, choice in enumerate(project.choices):
        for option, capabilities in enumerate(choice.options):
            for position, name in enumerate(capabilities):
                yield from known.missing("project", ("choices", at, "options", option, position), name)
    yield from doubled(
        "project", ((("choices", at), each.id) for at, each in enumerate(project.choices) if each.id), say("choice")
    )
    packages = ((("work_packages", at, "id"), each.id) for at, each in enumerate(project.work_packages))
    yield from doubled("project", packages, say("work package"))
    for at, package in enumerate(project.work_packages):
        for position, name in enumerate(package.capabilities):
            yield from known.missing("project", ("work_packages", at, "capabilities", position), name)
    yield from _leaders(project)
    yield from _periods(project, pool)
    if known.names == {capability.id for capability in project.capabilities}:  # else one with a value may be missing
        yield from _value(project)


def _leaders(project: Project) -> Iterator[Finding]:
    """Name what keeps leaders from being named: none to lead, or rules that would have to agree on them."""
    leading = [at for at, rule in enumerate(project.rules) if rule.rule == "leaders"]
    for at in leading[1:]:
        yield Finding("project", ("rules", at), say("there is more than one leaders rule"), say("Keep one of them"))
    if leading and not project.work_packages:
        message = say("there are no work packages to lead")
        yield Finding("project", ("rules", leading[0]), message, say("Give the project work_packages"))


def _periods(project: Project, pool: PoolFacts) -> Iterator[Finding]:
    periods = Names(say("period"), project.periods)
    yield from doubled("project", ((("periods", at), name) for at, name in enumerate(project.periods)), say("period"))
    for at, capability in enumerate(project.capabilities):
        loc: Loc = ("capabilities", at)
        ends = [(key, name) for key in ("start", "end") if (name := getattr(capability, key)) is not None]
        for key, name in ends:
            yield from periods.missing("project", (*loc, key), name)
        places = [project.periods.index(name) for _, name in ends if name in periods.names]
        if places != sorted(places):
            message = say("{end} is before {start}", end=capability.end, start=capability.start)
            yield Finding("project", (*loc, "end"), message, say("Correct one of them"))
    if not project.periods:
        return  # the pool may serve other projects, which have periods
    for loc, name in pool.periods:
        yield from periods.missing("pool", loc, name)


def _value(project: Project) -> Iterator[Finding]:
    """Name the places that ask for value where nothing has any."""
    if any(capability.value for capability in project.capabilities):
        return
    asked: list[Loc] = [
        ("objectives", at) for at, objective in enumerate(project.objectives) if objective.of == "value"
    ]
    asked += [("rules", at) for at, rule in enumerate(project.rules) if rule.rule == "limit" and rule.of == "value"]
    for loc in asked:
        yield Finding("project", loc, say("no capability has a value"), say("Give the optional ones a value"))
