"""An outcome as a page that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from consortia.instance import Exclusion, Instance
from consortia.language import Language, language
from consortia.outcome import Outcome, Status
from consortia.report.funding import funded
from consortia.report.money import Shown
from consortia.report.naming import named
from consortia.report.page import Page, TextPage
from consortia.report.status import EXPLAIN, shown
from consortia.report.summary import summary
from consortia.report.supply import costs, members, rules, supplied
from consortia.report.work import calendar, changed, choices, objectives, packages
from consortia.sentence import say
from consortia.shortages import shortages

if TYPE_CHECKING:
    from consortia.explaining.further import Further

UNVERIFIED = (
    say("that partners have the competences and levels they declare, and will work at the rates they name"),
    say("that partners are willing: an interest not marked accepted is an assumption"),
    say("that partners, costs and rates are eligible under the programme that is to fund the project"),
    say("that the data of the pool are up to date"),
)
"""What no software can find out; every report ends with it."""
MOST = 1000
"""So many who were left out are listed on a page that has room."""


def text_report(outcome: Outcome, lang: str = "en", width: int = 80, *, prices: bool = False) -> str:
    """Return the report on an outcome as plain text.

    Parameters
    ----------
    outcome : Outcome
    lang : {"en", "ru"}
    width : int
        Columns of the page.
    prices : bool
        Whether to show prices, which may have to be found first.

    Examples
    --------
    >>> from consortia import Instance, solve
    >>> question = Instance.from_arrays(partners=["ink"], capabilities=["print"], joining=[7], holds=([0], [0]))
    >>> print(text_report(solve(question, solver="cpsat")).splitlines()[1])
    Proven least cost: 7
    """
    stream = StringIO()
    with TextPage(language(lang), stream, width) as page:
        write_report(outcome, page, prices)
    return stream.getvalue()


def html_report(outcome: Outcome, lang: str = "en", *, prices: bool = False) -> str:
    """Return the report on an outcome as a page of HTML."""
    from consortia.report.html_page import HtmlPage

    stream = StringIO()
    with HtmlPage(language(lang), stream) as page:
        write_report(outcome, page, prices)
    return stream.getvalue()


def write_report(outcome: Outcome, page: Page, prices: bool = False, further: Further | None = None) -> None:
    """Write all sections of the report, with prices or without, and with what else was asked for."""
    words, instance = page.words, outcome.instance
    summary(outcome, page)
    if outcome.consortium is not None:
        amounts = Shown(outcome)
        objectives(outcome, page)
        changed(outcome, page)
        members(outcome, outcome.consortium, amounts, page)
        supplied(outcome, outcome.consortium, amounts, page)
        choices(instance, outcome.consortium, page)
        packages(instance, outcome.consortium, page)
        calendar(instance, outcome.consortium, page)
        costs(outcome, amounts, page)
        funded(outcome, amounts, page)
        rules(outcome, outcome.consortium, page)
    elif outcome.status is Status.INFEASIBLE:
        _why_not(instance, page)
    if prices:
        from consortia.report.prices import write_prices

        write_prices(outcome.prices, instance, page)
    if further is not None:
        from consortia.report.further import write_further

        write_further(further, page)
    _screening(instance, page)
    _done_without(outcome, page)
    _assumed(outcome, page)
    page.heading("What no software can verify")
    page.points(words.write(sentence) for sentence in UNVERIFIED)


def _why_not(instance: Instance, page: Page) -> None:
    """Say what is seen without solving of why there is no consortium."""
    words = page.words
    page.heading("Why not")
    short = shortages(instance)
    if short:
        page.points(words.write(entry.sentence) for entry in short)
        page.line(words.say("`consortia screen` shows who was left out, and why."))
        page.line(words.write(EXPLAIN))
        return
    page.line(
        words.say(
            "Each capability by itself could be supplied: it is the rules, the budget, capacities and numbers of "
            "suppliers together that cannot be met. These rules apply:"
        )
    )
    page.points(words.write(rule.title()) for rule in instance.rules)
    if instance.budget is not None:
        budget = shown(instance.money(instance.budget), instance, words)
        page.points([words.say("the whole costs at most {budget}", budget=budget)])
    page.line(words.write(EXPLAIN))


def _screening(instance: Instance, page: Page) -> None:
    """Say how many were left out before solving, for which reasons, with an example of each."""
    words = page.words
    if not instance.exclusions:
        return
    page.heading("Left out before solving")
    out = len({entry.partner for entry in instance.exclusions if entry.capability is None})
    page.line(
        words.say(
            "Partners that may join: {candidates}; left out: {out}. Partners for single capabilities: {pairs}.",
            candidates=len(instance.partners),
            out=out,
            pairs=sum(entry.capability is not None for entry in instance.exclusions),
        )
    )
    if page.roomy:
        _all(instance.exclusions, instance, page)
        return
    _by_reason(instance.exclusions, instance, page)
    page.line(words.say("All of them, with their reasons: `consortia screen`."))


def _all(exclusions: Sequence[Exclusion], instance: Instance, page: Page) -> None:
    """List who was left out for what, each with the reason."""
    words = page.words
    columns = [(words.say(text), "left") for text in ("Partner", "Capability", "Reason")]
    rows = [
        [
            named(instance.partner_names, entry.partner),
            "" if entry.capability is None else named(instance.capability_names, entry.capability),
            words.write(entry.reason),
        ]
        for entry in exclusions[:MOST]
    ]
    page.table(columns, rows)
    if len(exclusions) > MOST:
        page.line(words.say("and {count} more; `--format json` has all of them", count=len(exclusions) - MOST))


def _by_reason(exclusions: Iterable[Exclusion], instance: Instance, page: Page) -> None:
    """List reasons by how many they are given for, with an example of each."""
    words = page.words
    groups: dict[str, list[Exclusion]] = {}
    for entry in exclusions:
        groups.setdefault(entry.reason.text, []).append(entry)
    page.points(
        words.say("{count} ×, such as: {example}", count=len(entries), example=exclusion(entries[0], instance, words))
        for entries in sorted(groups.values(), key=len, reverse=True)
    )


def _done_without(outcome: Outcome, page: Page) -> None:
    """Say how many partners the solver did without from the start, for which reasons, with an example of each."""
    if not outcome.left_out:
        return
    page.heading("Done without while solving")
    page.line(
        page.words.say(
            "At least one best consortium has none of these {count} partners; others that are as good may have some.",
            count=len(outcome.left_out),
        )
    )
    if page.roomy:
        _all(outcome.left_out, outcome.instance, page)
        return
    _by_reason(outcome.left_out, outcome.instance, page)
    page.line(page.words.say("All of them, with their reasons: `--format json`, under excluded."))


def exclusion(entry: Exclusion, instance: Instance, words: Language) -> str:
    """Write out why a partner was left out, or left out for one capability."""
    who = named(instance.partner_names, entry.partner)
    what = f", {named(instance.capability_names, entry.capability)}" if entry.capability is not None else ""
    return f"{who}{what}: {words.write(entry.reason)}"


def _assumed(outcome: Outcome, page: Page) -> None:
    notes = (*outcome.instance.notes, *outcome.notes)
    if notes:
        page.heading("What was assumed")
        page.points(page.words.write(note) for note in notes)
