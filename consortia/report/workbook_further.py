"""What else there is, and at which price, as sheets of a workbook."""

from __future__ import annotations

from decimal import Decimal

from consortia.explaining.entries import PartnerPrice, PriceList
from consortia.explaining.further import Further
from consortia.explaining.others import Alternatives
from consortia.files.table import letters
from consortia.instance import Instance
from consortia.language import Language
from consortia.report.entries import provisos
from consortia.report.others import limits, proven
from consortia.report.sheet_tables import TEXT, Book, Entry, Formula, Sheet, money_format

_MEMBER = "●"


def further_sheets(further: Further, book: Book, words: Language) -> None:
    """Add a sheet for everything that was asked for."""
    if further.alternatives is not None:
        _alternatives(further.alternatives, book.sheet(words.say("Alternatives")), words)
    if further.entry_prices is not None:
        _entry_prices(further.entry_prices, book.sheet(words.say("Entry prices")), words)


def _alternatives(found: Alternatives, sheet: Sheet, words: Language) -> None:
    """Write who is a member of which consortium; below, what each costs and how much more that is: a formula."""
    instance = found.present.instance
    if found.present.consortium is None:
        sheet.line(words.say("Nothing was found out within the limit."))
        return
    teams = [outcome.consortium.members for outcome in found.found if outcome.consortium is not None]
    costs = [outcome.cost for outcome in found.found if outcome.cost is not None]
    partners = dict.fromkeys(partner for team in teams for partner in team)
    columns = [
        (words.say("Id"), TEXT),
        (words.say("Name"), TEXT),
        *((str(at), TEXT) for at in range(1, len(teams) + 1)),
    ]
    rows: list[list[Entry]] = [
        [partner, instance.partner_names.get(partner, ""), *(_MEMBER if partner in team else None for team in teams)]
        for partner in partners
    ]
    sheet.table(columns, rows)
    formats = [TEXT, TEXT, *[money_format(instance.currency)] * len(costs)]
    line = sheet.line(words.say("Cost"), None, *costs, bold=True, formats=formats)
    more = [Formula(f"{letters(at)}{line}-C{line}", cost - costs[0]) for at, cost in enumerate(costs[1:], 3)]
    sheet.line(words.say("Dearer than the first by"), None, None, *more, formats=formats)
    sheet.next += 1
    for text in (*limits(found, words), *proven(found, words)):
        sheet.line(text)
    sheet.sheet.freeze_panes = "C2"


def _entry_prices(found: PriceList, sheet: Sheet, words: Language) -> None:
    """Write the price of every partner and of every rule, with the limits that are proven."""
    instance, currency = found.present.instance, money_format(found.present.instance.currency)
    if found.present.consortium is None:
        sheet.line(words.say("Nothing was found out within the limit."))
        return
    ends = [(words.say("At least"), currency), (words.say("At most"), currency)]
    columns = [(words.say(text), TEXT) for text in ("Id", "Name", "Member")]
    columns += [*ends, *((words.say(text), TEXT) for text in ("Joins", "Leaves", "Reason"))]
    entries = sorted(found.partners, key=lambda entry: (not entry.member, entry.reason is not None))
    sheet.table(columns, [_partner(entry, instance, words) for entry in entries])
    sheet.next += 1
    sheet.line(words.say("Of a member: so much more would it cost without it."))
    sheet.line(
        words.say("Of others: so much would they have to come down by, for a consortium with them to be cheapest.")
    )
    if found.rules:
        sheet.next += 1
        rows: list[list[Entry]] = [
            [words.write(entry.title), None, None, entry.least, entry.most] for entry in found.rules
        ]
        sheet.table([(words.say("Rule"), TEXT), ("", TEXT), ("", TEXT), *ends], rows)
        sheet.line(words.say("So much less would it cost without them."))
    for text in provisos(found, words):
        sheet.line(text)
    sheet.sheet.freeze_panes = "C2"


def _partner(entry: PartnerPrice, instance: Instance, words: Language) -> list[Entry]:
    names = instance.partner_names
    joins, leaves = (", ".join(names.get(name, name) for name in side) for side in (entry.joins, entry.leaves))
    reason = "" if entry.reason is None else words.write(entry.reason)
    if entry.never:
        reason = words.say("irreplaceable") if entry.member else words.say("in no consortium that obeys every rule")
    least: Decimal | None = None if entry.never or entry.reason is not None else entry.least
    member = words.say("yes") if entry.member else words.say("no")
    return [entry.partner, names.get(entry.partner, ""), member, least, entry.most, joins, leaves, reason]
