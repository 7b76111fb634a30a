"""What a project asks of its pool: capabilities with too few suppliers, levels that nobody asks, who stays out."""

from __future__ import annotations

from collections.abc import Iterator

from consortia.indexing import index
from consortia.instance import Instance
from consortia.linting.finding import Finder, Finding, Severity, some
from consortia.prepared import PreparedPool
from consortia.sentence import Sentence, listed, say
from consortia.shortages import shortages, suppliers
from consortia.spec.pool import Pool
from consortia.spec.project import Project


def supply_findings(project: Project, pool: Pool, ours: Finder, theirs: Finder) -> Iterator[Finding]:
    """Find what a project asks that few or none can supply, and what of the pool it can never use."""
    instance = index(project, PreparedPool(pool))
    yield from _suppliers(project, instance, ours)
    yield from _levels(project, pool, theirs)
    yield from _declined(project, ours)


def _suppliers(project: Project, instance: Instance, ours: Finder) -> Iterator[Finding]:
    counts = suppliers(instance)
    short = {entry.capability: entry.sentence for entry in shortages(instance)}
    if None in short:
        remedy = say("Lower efforts, or find more capacity; `consortia screen` shows who has how much")
        yield ours.find("no-supplier", "error", ("capabilities",), short[None], remedy)
    for place, capability in enumerate(project.capabilities):
        loc = ("capabilities", place)
        if capability.id in short:
            severity: Severity = "warning" if _may_be_left_out(project, capability.id) else "error"
            remedy = say("`consortia screen` shows who comes near, and why they do not suit")
            yield ours.find("no-supplier", severity, loc, short[capability.id], remedy, [capability.id])
        elif counts[place] == capability.providers.min + capability.backups:
            able = _able(instance, place)
            text = "{capability} depends on {partners}: nobody else can supply it"
            remedy = say("Look for another partner before this one is lost")
            message = Sentence(text, {"capability": capability.id, "partners": listed(able)})
            yield ours.find("single-supplier", "warning", loc, message, remedy, [capability.id, *able])


def _may_be_left_out(project: Project, capability: str) -> bool:
    chosen = {name for choice in project.choices for option in choice.options for name in option}
    return capability in chosen or any(entry.optional for entry in project.capabilities if entry.id == capability)


def _able(instance: Instance, place: int) -> list[str]:
    """Return who can hold or deliver a capability."""
    at = {*instance.arc_partner[instance.arc_capability == place].tolist()}
    at |= {*instance.hold_partner[instance.hold_capability == place].tolist()}
    return [instance.partners[partner] for partner in sorted(at)]


def _levels(project: Project, pool: Pool, theirs: Finder) -> Iterator[Finding]:
    """Say that levels are offered above the greatest that is asked: perhaps the two are on different scales."""
    asked = max(capability.level for capability in project.capabilities)
    above = [
        (at, position)
        for at, partner in enumerate(pool.partners)
        for position, offer in enumerate(partner.offers)
        if offer.level > asked
    ]
    if asked > 1 and above:
        at, position = above[0]
        names = list(dict.fromkeys(pool.partners[at].id for at, _ in above))
        text = "{count} offers are above {level}, the greatest level that the project asks: of {names}"
        message = Sentence(text, {"count": len(above), "level": asked, "names": some(names)})
        remedy = say("Nothing need be done if levels of project and pool are on one scale")
        yield theirs.find(
            "level-never-asked", "note", ("partners", at, "offers", position, "level"), message, remedy, names
        )


def _declined(project: Project, ours: Finder) -> Iterator[Finding]:
    for name, interest in project.interest.items():
        if interest == "declined":
            message = say("{partner} has declined, so it is used nowhere in this project", partner=name)
            remedy = say("Nothing need be done; take the entry out if it has changed its mind")
            yield ours.find("declined", "note", ("interest", name), message, remedy, [name])
