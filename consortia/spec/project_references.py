"""References of a project: to a pool, to its own capabilities and groups, to rates of currencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from consortia import packs
from consortia.packs import Pack
from consortia.sentence import listed, say
from consortia.spec.base import Amount
from consortia.spec.cost_references import cost_amounts, cost_problems
from consortia.spec.pool import Kind, Role
from consortia.spec.references import Finding, Loc, Names, Which, doubled, nearest
from consortia.spec.work_references import work_problems

if TYPE_CHECKING:
    from consortia.rules import Rule
    from consortia.spec.filters import Condition, Filter
    from consortia.spec.pool_facts import PoolFacts
    from consortia.spec.project import Project

_CHOICES = {"kind": get_args(Kind), "role": get_args(Role)}
_SECTION_OF = {"id": "partners", "cluster": "clusters"}


def project_problems(project: Project, pool: PoolFacts, names: Mapping[str, Names]) -> Iterator[Finding]:
    """Find what is wrong with a project's references.

    Parameters
    ----------
    project : Project
        The project.
    pool : PoolFacts
        What there is to know of the pool that it is asked of.
    names : mapping of str to Names
        What exists, by section.
    """
    yield from _currencies(project, pool)
    for section in ("interest", "roles"):
        for partner in getattr(project, section):
            yield from names["partners"].missing("project", (section, partner), partner)
    yield from _capabilities(project, names)
    yield from work_problems(project, pool, names)
    for at, pair in enumerate(project.worked_together):
        for position, partner in enumerate(pair):
            yield from names["partners"].missing("project", ("worked_together", at, position), partner)
    for at, rule in enumerate(project.rules):
        yield from _rule(rule, ("rules", at), names)
    for at, pack in enumerate(project.packs):
        yield from _pack(pack, ("packs", at), names)
    yield from cost_problems(project, names, _filter)


def _capabilities(project: Project, names: Mapping[str, Names]) -> Iterator[Finding]:
    ids = ((("capabilities", at, "id"), entry.id) for at, entry in enumerate(project.capabilities))
    yield from doubled("project", ids, say("capability"))
    for at, capability in enumerate(project.capabilities):
        loc: Loc = ("capabilities", at)
        key = "competence" if capability.competence is not None else "id"
        yield from names["competences"].missing("project", (*loc, key), capability.wanted)
        if capability.effort is not None and capability.effort % project.effort_step:
            message = say(
                "an effort of {effort} is not a whole number of steps of {step}",
                effort=f"{capability.effort:f}",
                step=f"{project.effort_step:f}",
            )
            remedy = say("Round the effort, or set a finer effort_step")
            yield Finding("project", (*loc, "effort"), message, remedy)


def _pack(pack: str | Pack, loc: Loc, names: Mapping[str, Names]) -> Iterator[Finding]:
    """Find a pack that is not there, and what its rules speak of that nobody has."""
    if isinstance(pack, str):
        known = packs.names()
        if pack not in known:
            close = nearest(pack, known)
            remedy = say("Perhaps {name} is meant", name=close) if close else say("`consortia packs` lists them")
            yield Finding("project", loc, say("there is no rule pack {pack}", pack=pack), remedy)
            return
        pack = packs.load(pack)
    told: set[str] = set()
    for rule in (*pack.rules, *pack.unverified):
        for finding in _rule(rule, loc, {**names, "groups": names["groups"].also(pack.groups)}):
            if str(finding.message) not in told:
                told.add(str(finding.message))
                message = say("{pack}: {problem}", pack=pack.name, problem=finding.message)
                yield Finding(finding.which, loc, message, finding.remedy)


def _rule(rule: Rule, loc: Loc, names: Mapping[str, Names]) -> Iterator[Finding]:
    for here, partner in rule.partners_named():
        yield from names["partners"].missing("project", (*loc, *here), partner)
    for here, capability in rule.capabilities_named():
        yield from names["capabilities"].missing("project", (*loc, *here), capability)
    attribute = getattr(rule, "attribute", None)
    if attribute is not None:
        yield from names["attributes"].missing("project", (*loc, "attribute"), attribute)
    for key, chosen in rule.filters():
        yield from _filter(chosen, (*loc, key), names)
    for key, part in rule.parts():
        yield from _rule(part, (*loc, key), names)


def _filter(chosen: Filter, loc: Loc, names: Mapping[str, Names]) -> Iterator[Finding]:
    for attribute, condition in chosen.root.items():
        here = (*loc, attribute)
        yield from names["attributes"].missing("project", here, attribute)
        for group in condition.groups():
            yield from names["groups"].missing("project", here, group)
        for value in _values(condition):
            if attribute in _SECTION_OF:
                yield from names[_SECTION_OF[attribute]].missing("project", here, str(value))
            elif attribute in _CHOICES and value not in _CHOICES[attribute]:
                yield _never(attribute, value, here)


def _values(condition: Condition) -> Iterator[object]:
    yield from condition.any or ()
    if condition.not_ is not None:
        yield from _values(condition.not_)


def _never(attribute: str, value: object, loc: Loc) -> Finding:
    choices = _CHOICES[attribute]
    close = nearest(str(value), choices)
    remedy = say("Perhaps {name} is meant", name=close) if close else say("Write one of them")
    message = say("{found} is not one of {choices}", found=value, choices=listed(choices))
    return Finding("project", loc, message, remedy)


def _currencies(project: Project, pool: PoolFacts) -> Iterator[Finding]:
    rates = ((("rates", at, "currency"), rate.currency) for at, rate in enumerate(project.rates))
    yield from doubled("project", rates, say("rate"))
    for at, rate in enumerate(project.rates):
        if rate.currency == project.currency:
            message = say("{currency} is the project's own currency", currency=rate.currency)
            yield Finding("project", ("rates", at), message, say("Remove this rate"))
    known = {project.currency, *(rate.currency for rate in project.rates)}
    yield from _without_rate(_amounts(project), known)
    for currency, loc in pool.currencies.items():
        if currency not in known:
            yield _no_rate("pool", loc, currency)
    if pool.plain and pool.currency is not None and pool.currency not in known:
        yield _no_rate("pool", ("currency",), pool.currency)


def _amounts(project: Project) -> Iterator[tuple[Loc, Any]]:
    yield ("budget",), project.budget
    yield from cost_amounts(project)


def _without_rate(amounts: Iterator[tuple[Loc, Any]], known: set[str]) -> Iterator[Finding]:
    """Name the first amount of each currency that has no rate: the others are mended with it."""
    told: set[str] = set()
    for loc, value in amounts:
        if isinstance(value, Amount) and value.currency not in known | told:
            told.add(value.currency)
            yield _no_rate("project", loc, value.currency)


def _no_rate(which: Which, loc: Loc, currency: str) -> Finding:
    message = say("there is no rate for {currency}", currency=currency)
    remedy = say("Give the project a dated rate for {currency} under rates", currency=currency)
    return Finding(which, loc, message, remedy)
