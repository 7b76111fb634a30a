"""A workbook that partners may see: who does what, without anybody's prices."""

from __future__ import annotations

from decimal import Decimal

from consortia.consortium import Consortium
from consortia.language import Language, language
from consortia.outcome import Outcome
from consortia.report.discreet import hidden, may_see, shows_whole
from consortia.report.sheet_tables import EFFORT, TEXT, Book, Entry
from consortia.report.status import headline, remarks
from consortia.report.workbook_budget import in_order, staff_effort


def discreet_workbook(outcome: Outcome, lang: str = "en") -> bytes:
    """Return an outcome as a workbook without rates: a summary, members, deliveries, staff effort and rules.

    Parameters
    ----------
    outcome : Outcome
    lang : {"en", "ru"}
    """
    words, book = language(lang), Book()
    sheet = book.sheet(words.say("Summary"))
    sheet.line(outcome.instance.title or words.say("An untitled project"), bold=True)
    if shows_whole(outcome):
        for text in (headline(outcome, words), *remarks(outcome, words)):
            sheet.line(text)
    sheet.next += 1
    sheet.line(words.say("Hidden in this report"), bold=True)
    for sentence in hidden(outcome):
        sheet.line(words.write(sentence))
    if outcome.consortium is not None:
        _members(outcome, outcome.consortium, book, words)
        _deliveries(outcome, outcome.consortium, book, words)
        staff_effort(outcome, outcome.consortium, book, words)
        _rules(outcome, book, words)
    return book.to_bytes()


def _members(outcome: Outcome, consortium: Consortium, book: Book, words: Language) -> None:
    instance = outcome.instance
    columns = [(words.say(text), TEXT) for text in ("Id", "Name", "Cluster", "Country", "Role")]
    rows: list[list[Entry]] = []
    for partner in in_order(consortium):
        cluster = consortium.members[partner]
        country, role = (instance.attribute(name, partner, cluster) for name in ("country", "role"))
        rows.append(
            [
                partner,
                instance.partner_names.get(partner, ""),
                "" if cluster is None else instance.cluster_names.get(cluster, cluster),
                "" if country is None else str(country),
                words.say("Coordinator") if partner == consortium.coordinator else words.translate(str(role)),
            ]
        )
    book.sheet(words.say("Members")).table(columns, rows)


def _deliveries(outcome: Outcome, consortium: Consortium, book: Book, words: Language) -> None:
    instance = outcome.instance
    columns = [(words.say(text), TEXT) for text in ("Partner", "Name", "Capability", "Offer")]
    columns += [(words.say("Person-months"), EFFORT), *((period, EFFORT) for period in instance.periods)]
    rows: list[list[Entry]] = [
        [
            entry.partner,
            instance.partner_names.get(entry.partner, ""),
            instance.capability_names.get(entry.capability, entry.capability),
            entry.offer,
            entry.effort,
            *(entry.periods.get(period, Decimal(0)) for period in instance.periods),
        ]
        for entry in consortium.deliveries
    ]
    book.sheet(words.say("Deliveries")).table(columns, rows, words.say("Total"), range(4, len(columns)))


def _rules(outcome: Outcome, book: Book, words: Language) -> None:
    columns = [(words.say(text), TEXT) for text in ("Rule", "Of what", "Value")]
    rows: list[list[Entry]] = []
    for rule, measures in outcome.measures():
        title = words.write(rule.title())
        shown = [measure for measure in measures if may_see(measure)]
        rows += [[title, words.write(measure.what), measure.value, measure.limit] for measure in shown]
        if not shown:
            rows.append([title, "", words.say("kept"), None])
    book.sheet(words.say("Rules")).table([*columns, (words.say("Limit"), TEXT)], rows)
