"""An outcome as a workbook: what a cluster manager shows, checks and calculates further with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from consortia.consortium import Consortium, Delivery
from consortia.files.table import letters
from consortia.instance import Exclusion, Instance
from consortia.language import Language, language
from consortia.outcome import Outcome
from consortia.report.matrix import MEANINGS, SIGNS, matrix
from consortia.report.money import Shown
from consortia.report.naming import through
from consortia.report.prices import NO_PRICES, price_rows
from consortia.report.sheet_tables import EFFORT, SHARE, TEXT, Book, Entry, Formula, Sheet, money_format, rounding
from consortia.report.status import headline, remarks
from consortia.report.sums import cost_by_cluster, cost_by_country, cost_by_item
from consortia.report.text import UNVERIFIED
from consortia.report.workbook_budget import budget, in_order, staff_effort
from consortia.rules import Measure

if TYPE_CHECKING:
    from consortia.explaining.further import Further


def outcome_workbook(
    outcome: Outcome, lang: str = "en", *, prices: bool = False, further: Further | None = None
) -> bytes:
    """Return an outcome as a workbook.

    Parameters
    ----------
    outcome : Outcome
    lang : {"en", "ru"}
    prices : bool
        Whether to add prices, which may have to be found first.
    further : Further, optional
        What else was asked for: other consortia, entry prices.

    Returns
    -------
    bytes
        The same for the same outcome and language.

    Examples
    --------
    >>> from consortia import Instance, solve
    >>> question = Instance.from_arrays(partners=["ink"], capabilities=["print"], joining=[7], holds=([0], [0]))
    >>> outcome_workbook(solve(question, solver="cpsat"))[:2]
    b'PK'
    """
    words, book = language(lang), Book()
    amounts = None if outcome.consortium is None else Shown(outcome)
    _summary(outcome, amounts, book, words)
    if outcome.consortium is not None and amounts is not None:
        _members(outcome, outcome.consortium, amounts, book, words)
        _matrix(outcome, outcome.consortium, book, words)
        _deliveries(outcome, outcome.consortium, amounts, book, words)
        staff_effort(outcome, outcome.consortium, book, words)
        budget(outcome, outcome.consortium, amounts, book, words)
        _rules(outcome, book, words)
    if prices:
        _prices(outcome, book, words)
    if further is not None:
        from consortia.report.workbook_further import further_sheets

        further_sheets(further, book, words)
    _left_out(outcome, book, words)
    return book.to_bytes()


def _summary(outcome: Outcome, amounts: Shown | None, book: Book, words: Language) -> None:
    """Write what is known, what it costs in all, and what nobody has verified."""
    instance, sheet = outcome.instance, book.sheet(words.say("Summary"))
    sheet.line(instance.title or words.say("An untitled project"), bold=True)
    sheet.line(headline(outcome, words), bold=True)
    for text in remarks(outcome, words):
        sheet.line(text)
    if amounts is not None:
        currency = money_format(instance.currency)
        for title, sums in (
            (words.say("What is paid"), cost_by_item(outcome, amounts, words)),
            (words.say("Cost by cluster"), cost_by_cluster(outcome, amounts, words) if instance.clusters else {}),
            (words.say("Cost by country"), cost_by_country(outcome, amounts, words)),
        ):
            if not sums:
                continue
            sheet.next += 1
            columns = [(title, TEXT), (words.say("Cost"), currency)]
            _, last = sheet.table(columns, list(sums.items()), words.say("Total"), [1])
            if instance.budget is not None and title == words.say("What is paid"):
                _budget_line(outcome, instance.money(instance.budget), sheet, last + 1, words)
    for heading, sentences in (
        (words.say("What was assumed"), (*instance.notes, *outcome.notes)),
        (words.say("What no software can verify"), UNVERIFIED),
    ):
        if sentences:
            sheet.next += 1
            sheet.line(heading, bold=True)
            for sentence in sentences:
                sheet.line(words.write(sentence))


def _budget_line(outcome: Outcome, budget: Decimal, sheet: Sheet, total: int, words: Language) -> None:
    """Write the budget and what is left of it, below the sum of all that is paid."""
    formats = [TEXT, money_format(outcome.instance.currency)]
    line = sheet.line(words.say("Budget"), budget, formats=formats)
    left = budget - sheet.values[f"B{total}"]
    sheet.line(words.say("Left of the budget"), Formula(f"B{line}-B{total}", left), formats=formats)


def _members(outcome: Outcome, consortium: Consortium, amounts: Shown, book: Book, words: Language) -> None:
    instance, currency = outcome.instance, money_format(outcome.instance.currency)
    sheet = book.sheet(words.say("Members"))
    texts = (words.say("Id"), words.say("Name"), words.say("Cluster"), words.say("Country"), words.say("Industry"))
    columns = [(text, TEXT) for text in (*texts, words.say("Kind"), words.say("Role"))]
    columns += [(words.say("Person-months"), EFFORT)]
    columns += [(words.say("Joining cost"), currency), (words.say("Deliveries"), currency)]
    columns += [(words.say("Own cost"), currency)]
    rows: list[list[Entry]] = []
    for number, partner in enumerate(in_order(consortium), sheet.next + 1):
        cluster = consortium.members[partner]
        row: list[Entry] = [partner, instance.partner_names.get(partner, "")]
        row.append("" if cluster is None else instance.cluster_names.get(cluster, cluster))
        for name in ("country", "industry", "kind"):
            value = instance.attribute(name, partner, cluster)
            row.append("" if value is None else words.translate(str(value)))
        role = str(instance.attribute("role", partner, cluster))
        row.append(words.say("Coordinator") if partner == consortium.coordinator else words.translate(role))
        effort = sum((entry.effort for entry in consortium.deliveries if entry.partner == partner), Decimal(0))
        joining, deliveries = _own_parts(outcome, amounts, partner)
        own = Formula(f"I{number}+J{number}", joining + deliveries)
        rows.append([*row, effort, joining, deliveries, own])
    sheet.table(columns, rows, words.say("Total"), (7, 8, 9, 10))
    sheet.sheet.freeze_panes = "B2"
    for rule, chosen in outcome.representatives():
        names = ", ".join(instance.partner_names.get(partner, partner) for partner in chosen)
        sheet.line(f"{words.write(rule.title())}: {names}")


def _own_parts(outcome: Outcome, amounts: Shown, partner: str) -> tuple[Decimal, Decimal]:
    """Return what a member's joining costs and what its deliveries do, discounts taken off."""
    joining = sum(
        (
            amount
            for line, amount in zip(outcome.lines, amounts.items, strict=True)
            if line.partner == partner and line.component == "joining"
        ),
        Decimal(0),
    )
    return joining, amounts.own[partner] - joining


def _matrix(outcome: Outcome, consortium: Consortium, book: Book, words: Language) -> None:
    found = matrix(outcome.instance, consortium)
    sheet = book.sheet(words.say("Competences"))
    columns = [(words.say("Capability"), TEXT)]
    columns += [(found.partner_name(partner), EFFORT) for partner in found.partners]
    rows: list[list[Entry]] = []
    for capability in found.capabilities:
        row: list[Entry] = [found.capability_name(capability)]
        for partner in found.partners:
            cell = found.cells.get((capability, partner))
            supplied = cell is not None and cell.kind == "supplies" and cell.effort
            row.append(None if cell is None else cell.effort if supplied else SIGNS[cell.kind])
        rows.append(row)
    sheet.table(columns, rows)
    book.slanted.append((sheet.sheet, range(1, len(columns))))
    sheet.next += 1
    for kind in found.kinds:
        sheet.line(f"{SIGNS[kind]} {words.write(MEANINGS[kind])}")
    if found.others:
        first = letters(len(found.members) + 1)
        sheet.line(words.say("From column {column} on: candidates that are no members", column=first))
    sheet.sheet.freeze_panes = "B2"


def _deliveries(outcome: Outcome, consortium: Consortium, amounts: Shown, book: Book, words: Language) -> None:
    """Write who does how much of what, at which price: effort x rate + fixed price is a formula."""
    instance, currency = outcome.instance, money_format(outcome.instance.currency)
    sheet = book.sheet(words.say("Deliveries"))
    texts = (words.say("Partner"), words.say("Name"), words.say("Capability"), words.say("Offer"))
    columns = [(text, TEXT) for text in texts]
    columns += [(words.say("Person-months"), EFFORT), (words.say("Rate"), currency)]
    columns += [(words.say("Fixed price"), currency), (words.say("Cost"), currency)]
    columns += [(period, EFFORT) for period in instance.periods]
    cost = {
        (line.partner, line.item): amounts.items[place]
        for place, line in enumerate(outcome.lines)
        if line.component == "delivery"
    }
    rows = [
        _delivery(instance, entry, cost[entry.partner, entry.capability], sheet.next + number)
        for number, entry in enumerate(consortium.deliveries, 1)
    ]
    summed = [4, 7, *range(8, 8 + len(instance.periods))]
    sheet.table(columns, rows, words.say("Total"), summed)
    sheet.sheet.freeze_panes = "B2"
    _held(instance, consortium, sheet, words)
    if consortium.backups:
        sheet.next += 1
        columns = [(text, TEXT) for text in (words.say("Stands by"), *texts[1:])]
        backups: list[list[Entry]] = [
            [
                entry.partner,
                instance.partner_names.get(entry.partner, ""),
                instance.capability_names.get(entry.capability, entry.capability),
                entry.offer,
                entry.effort,
            ]
            for entry in consortium.backups
        ]
        sheet.table([*columns, (words.say("Person-months"), EFFORT)], backups)


def _delivery(instance: Instance, entry: Delivery, shown: Decimal, line: int) -> list[Entry]:
    arc = instance.arc_at[entry.partner, entry.capability, entry.offer]
    rate = instance.money(int(instance.arc_rate[arc])) / instance.step if instance.arc_rate[arc] else None
    fixed = instance.money(int(instance.arc_fixed[arc])) if instance.arc_fixed[arc] else None
    exact = instance.money(instance.delivery_cost(entry))
    path = instance.paths.get((entry.partner, entry.capability, entry.offer), ())
    return [
        entry.partner,
        instance.partner_names.get(entry.partner, ""),
        instance.capability_names.get(entry.capability, entry.capability),
        through(entry.offer, entry.capability, path) or entry.offer,
        entry.effort,
        rate,
        fixed,
        rounding(f"E{line}*F{line}+G{line}", exact, shown, instance.currency),
        *(entry.periods.get(period, Decimal(0)) for period in instance.periods),
    ]


def _held(instance: Instance, consortium: Consortium, sheet: Sheet, words: Language) -> None:
    """List who holds what is to be held."""
    undertaken = instance.undertaken(consortium)
    rows: list[list[Entry]] = [
        [
            partner,
            instance.partner_names.get(partner, ""),
            instance.capability_names.get(capability, capability),
        ]
        for place, capability in enumerate(instance.capabilities)
        if not instance.delivered[place] and capability in undertaken
        for partner in sorted(instance.holders[capability].intersection(consortium.members))
    ]
    if rows:
        sheet.next += 1
        sheet.table([(words.say(text), TEXT) for text in ("Holder", "Name", "Capability")], rows)


def _rules(outcome: Outcome, book: Book, words: Language) -> None:
    """Write every measure of every rule with its limit; the slack is a formula."""
    sheet = book.sheet(words.say("Rules"))
    before = [(words.say(text), TEXT) for text in ("Rule", "Of what", "Value")]
    columns = [*before, ("", TEXT), (words.say("Limit"), TEXT), (words.say("Slack"), TEXT)]
    sheet.table(columns, [])
    for rule, measures in outcome.measures():
        title = words.write(rule.title())
        for measure in measures:
            what = words.write(measure.what) if len(measures) > 1 else ""
            _measure(outcome.instance, title, what, measure, sheet)
        if not measures:
            sheet.line(title, words.say("kept"))
    if sheet.next == 2:
        sheet.line(words.say("There are no rules."))
    sheet.sheet.freeze_panes = "A2"


def _measure(instance: Instance, title: str, what: str, measure: Measure, sheet: Sheet) -> None:
    number_format = {"share": SHARE, "money": money_format(instance.currency)}.get(measure.unit, "General")
    value, limit = _decimal(measure.value), _decimal(measure.limit)
    line = sheet.next
    slack: Entry = None
    if value is not None and limit is not None and measure.slack is not None:
        text = f"C{line}-E{line}" if measure.least else f"E{line}-C{line}"
        slack = Formula(text, value - limit if measure.least else limit - value)
    sign = "≥" if measure.least else "≤"
    formats = [TEXT, TEXT, number_format, TEXT, number_format, number_format]
    sheet.line(title, what, value, sign, limit, slack, formats=formats)


def _decimal(value: int | Fraction | Decimal | None) -> Decimal | None:
    if value is None:
        return None
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _prices(outcome: Outcome, book: Book, words: Language) -> None:
    sheet = book.sheet(words.say("Prices"))
    if outcome.prices is None:
        sheet.line(words.write(NO_PRICES))
        return
    columns = [(words.say("What"), TEXT), (words.say("For"), TEXT)]
    columns.append((words.say("Price"), money_format(outcome.instance.currency)))
    sheet.table(columns, price_rows(outcome.prices, outcome.instance, words))


def _left_out(outcome: Outcome, book: Book, words: Language) -> None:
    """List who was left out for what, each with the reason."""
    sheet, instance = book.sheet(words.say("Left out")), outcome.instance
    texts = (words.say("Partner"), words.say("Name"), words.say("Capability"), words.say("By"), words.say("Reason"))
    entries: Sequence[tuple[str, Exclusion]] = [
        *((words.say("screening"), entry) for entry in instance.exclusions),
        *((words.say("solving"), entry) for entry in outcome.left_out),
    ]
    rows: list[list[Entry]] = [
        [
            entry.partner,
            instance.partner_names.get(entry.partner, ""),
            "" if entry.capability is None else instance.capability_names.get(entry.capability, entry.capability),
            by,
            words.write(entry.reason),
        ]
        for by, entry in entries
    ]
    _, last = sheet.table([(text, TEXT) for text in texts], rows)
    sheet.sheet.freeze_panes = "A2"
    if rows:
        sheet.sheet.auto_filter.ref = f"A1:E{last}"
