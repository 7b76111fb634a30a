"""What a member is told, on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from consortia.inviting import Invitation, Task
from consortia.language import Language
from consortia.report.money import apportion, minor_unit, rounded
from consortia.report.page import Page
from consortia.report.pages import page_file

SUFFIXES = {"html": ".html", "md": ".md", "text": ".txt", "pdf": ".pdf"}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)
"""Names that files cannot have on Windows."""


def invitation_files(invitations: Iterable[Invitation], form: str, words: Language) -> dict[str, bytes]:
    """Return a file for each member, by its name.

    Parameters
    ----------
    invitations : iterable of Invitation
    form : {"html", "md", "text", "pdf"}
    words : Language
    """
    files: dict[str, bytes] = {}
    taken: set[str] = set()
    for invitation in invitations:
        name = stem = file_stem(invitation.partner)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        made = page_file(form, words, lambda page, invitation=invitation: write_invitation(invitation, page))  # type: ignore[misc]
        files[name + SUFFIXES[form]] = made if isinstance(made, bytes) else made.encode()
    return files


def file_stem(partner: str) -> str:
    """Return a partner's id as a name that a file may have anywhere.

    Examples
    --------
    >>> file_stem("acme"), file_stem("../etc/Белплёнка & Co"), file_stem("con"), file_stem("?")
    ('acme', 'etc_Белплёнка_Co', '_con', 'partner')
    """
    stem = re.sub(r"[^\w-]+", "_", partner).strip("_")[:80] or "partner"
    return f"_{stem}" if _RESERVED.match(stem) else stem


def write_invitation(invitation: Invitation, page: Page) -> None:
    """Write what a member is told."""
    words, invitation = page.words, _rounded(invitation)
    page.title(invitation.title or words.say("An untitled project"))
    called = f"{invitation.name} [{invitation.partner}]" if invitation.name != invitation.partner else invitation.name
    page.line(words.say("The part of {partner}", partner=called), "bold")
    page.points(_role(invitation, words))
    if invitation.tasks:
        _tasks(invitation, page)
    if invitation.holds:
        page.heading("What you are to have")
        page.points(invitation.holds)
    if invitation.stands_by:
        page.heading("What you keep capacity for, should another drop out")
        page.points(
            f"{entry.capability}: {words.say('{effort} person-months', effort=entry.effort)}"
            if entry.effort
            else entry.capability
            for entry in invitation.stands_by
        )
    _budget(invitation, page)
    if invitation.others:
        page.heading("Who else takes part")
        page.points(invitation.others)


def _rounded(invitation: Invitation) -> Invitation:
    """Round amounts to the currency's minor unit, so that those of tasks add up with the rest to the whole."""
    costs = [task.cost for task in invitation.tasks if task.cost is not None]
    if invitation.own is None or invitation.besides is None or not invitation.currency:
        return invitation
    unit = minor_unit(invitation.currency)
    own = rounded(invitation.own, unit)
    _, *parts = apportion(own, [invitation.besides, *costs], unit)
    tasks = tuple(replace(task, cost=part) for task, part in zip(invitation.tasks, parts, strict=True))
    return replace(invitation, own=own, tasks=tasks)


def _role(invitation: Invitation, words: Language) -> Iterable[str]:
    yield words.say("coordinator of the project") if invitation.coordinates else words.say("member of the consortium")
    if invitation.leads:
        yield words.say("leads {packages}", packages=", ".join(invitation.leads))
    if invitation.cluster is not None:
        yield words.say("enters through {cluster}", cluster=invitation.cluster)


def _tasks(invitation: Invitation, page: Page) -> None:
    words, tasks = page.words, invitation.tasks
    packages = any(task.packages for task in tasks)
    costs = all(task.cost is not None for task in tasks)
    columns = [(words.say("Work package"), "left")] * packages + [(words.say("Task"), "left")]
    columns += [(words.say("Person-months"), "right")] + [(words.say("Cost"), "right")] * costs

    def row(package: str, what: str, effort: Decimal, cost: Decimal | None) -> list[object]:
        shown = [package] * packages + [what, words.number(effort) if effort else ""]
        return [*shown, *[_money(cost, invitation, words)] * costs]

    rows = []
    for task in tasks:
        rows.append(row(", ".join(task.packages), _named(task), task.effort, task.cost))
        rows += [row("", f"  {period}", effort, None) for period, effort in task.periods.items() if effort]
    total = sum((task.cost for task in tasks if task.cost is not None), Decimal(0))
    names = (words.say("Total"), "") if packages else ("", words.say("Total"))
    rows.append([None, "bold", *row(*names, invitation.effort, total)])
    page.heading("Your tasks")
    page.table(columns, rows)


def _named(task: Task) -> str:
    return task.name if task.offer in (task.capability, task.name) else f"{task.name}: {task.offer}"


def _budget(invitation: Invitation, page: Page) -> None:
    words = page.words
    if invitation.own is None:
        return
    rows: list[list[object]] = []
    if invitation.besides:
        rows.append([words.say("Joining, less discounts"), _money(invitation.besides, invitation, words)])
    if invitation.besides is not None and invitation.tasks:
        rows.append([words.say("Tasks"), _money(invitation.own - invitation.besides, invitation, words)])
    rows.append([None, "bold", words.say("Your cost"), _money(invitation.own, invitation, words)])
    if invitation.grant is not None:
        rows.append([words.say("Grant"), _money(invitation.grant, invitation, words)])
    page.heading("Your budget")
    page.table([(words.say("Item"), "left"), (words.say("Amount"), "right")], rows)


def _money(amount: Decimal | None, invitation: Invitation, words: Language) -> str:
    return "" if amount is None else words.money(amount, invitation.currency)
