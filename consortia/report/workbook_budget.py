"""Sheets of a proposal: the summary of staff effort (table 3.1f) and the budget in the columns of Part A."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from consortia.consortium import Consortium
from consortia.files.table import letters
from consortia.funding import Claim, Funding
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.funding import Row as Figures
from consortia.report.funding import table as funding_table
from consortia.report.money import Shown, apportion, minor_unit
from consortia.report.sheet_tables import EFFORT, SHARE, TEXT, Book, Entry, Formula, money_format, rounding
from consortia.spec.pool import Category

_ORDER: tuple[Category, ...] = ("personnel", "subcontracting", "travel", "equipment", "other")
"""As Part A of a proposal has them."""
_FIRST = 5
"""Column of the first category, counted from 0."""


def in_order(consortium: Consortium) -> list[str]:
    """Return the members as a proposal numbers them: the coordinator first."""
    return sorted(consortium.members, key=lambda partner: partner != consortium.coordinator)


def staff_effort(outcome: Outcome, consortium: Consortium, book: Book, words: Language) -> None:
    """Write members x work packages with person-months; leaders are bold, sums are formulas."""
    instance = outcome.instance
    packages = _packages(instance, words)
    sheet = book.sheet(words.say("Table 3.1f"))
    sheet.line(words.say("Summary of staff effort, in person-months; leaders of work packages are bold"), bold=True)
    months: dict[tuple[str, str], Decimal] = {}
    for delivery in consortium.deliveries:
        for package, (_, capabilities) in packages.items():
            if delivery.capability in capabilities:
                key = delivery.partner, package
                months[key] = months.get(key, Decimal(0)) + delivery.effort
                break
    columns = [(words.say("No."), TEXT), (words.say("Participant"), TEXT)]
    columns += [(title, EFFORT) for title, _ in packages.values()]
    columns.append((words.say("Total"), EFFORT))
    rows: list[list[Entry]] = []
    top = sheet.next + 1
    last = letters(len(packages) + 1)
    for number, partner in enumerate(in_order(consortium), 1):
        row: list[Entry] = [number, instance.partner_names.get(partner, partner)]
        row += [months.get((partner, package), Decimal(0)) for package in packages]
        total = sum((months.get((partner, package), Decimal(0)) for package in packages), Decimal(0))
        row.append(Formula(f"SUM(C{top + number - 1}:{last}{top + number - 1})", total) if packages else Decimal(0))
        rows.append(row)
    sheet.table(columns, rows, words.say("Total"), range(2, len(columns)))
    for at, package in enumerate(packages):
        leader = consortium.leaders.get(package)
        if leader is not None:
            row_number = top + in_order(consortium).index(leader)
            sheet.put(row_number, at + 2, months.get((leader, package), Decimal(0)), bold=True, number_format=EFFORT)
    sheet.sheet.freeze_panes = f"C{top}"


def _packages(instance: Instance, words: Language) -> dict[str, tuple[str, frozenset[str]]]:
    """Return work packages, or capabilities where there are none, with their titles and what belongs to them."""
    names = instance.capability_names
    asked = [name for place, name in enumerate(instance.capabilities) if instance.effort[place]]
    if not instance.work_packages:
        return {name: (names.get(name, name), frozenset({name})) for name in asked}
    found = {
        package: (instance.package_names.get(package, package), frozenset(capabilities))
        for package, capabilities in instance.work_packages.items()
    }
    inside = {name for _, capabilities in found.values() for name in capabilities}
    rest = frozenset(asked) - inside
    return {**found, "\0": (words.say("Other"), rest)} if rest else found


def budget(outcome: Outcome, consortium: Consortium, amounts: Shown, book: Book, words: Language) -> None:
    """Write what each member costs by category, and what it claims and is granted where there is a programme."""
    instance, funding = outcome.instance, outcome.instance.funding
    currency = money_format(instance.currency)
    sheet = book.sheet(words.say("Budget"))
    columns = [(words.say("No."), TEXT), (words.say("PIC"), TEXT), (words.say("Name"), TEXT)]
    columns += [(words.say("Country"), TEXT), (words.say("Role"), TEXT)]
    titles = (
        words.say("Personnel costs"),
        words.say("Subcontracting costs"),
        words.say("Travel and subsistence"),
        words.say("Equipment"),
        words.say("Other goods, works and services"),
    )
    columns += [(title, currency) for title in titles]
    columns += [(words.say("Joining cost"), currency), (words.say("Own cost"), currency)]
    money = list(range(_FIRST, _FIRST + 7))
    if funding is not None:
        columns += [(words.say("Indirect costs"), currency), (words.say("Total eligible costs"), currency)]
        columns += [(words.say("Funding rate"), SHARE), (words.say("Maximum contribution"), currency)]
        columns += [(words.say("Requested contribution"), currency)]
        money += [_FIRST + 7, _FIRST + 8, _FIRST + 10, _FIRST + 11]
    rows = []
    claims = {claim.partner: claim for claim in funding.claims(instance, consortium)} if funding is not None else {}
    granted = {row.partner: row for row in funding_table(outcome, funding, amounts)} if funding is not None else {}
    for number, partner in enumerate(in_order(consortium), 1):
        line = sheet.next + number
        spent = by_category(instance, consortium, partner)
        parts = _shown(instance, partner, spent, amounts)
        row: list[Entry] = [number, _pic(instance, partner), instance.partner_names.get(partner, partner)]
        row += [_told(instance, consortium, partner, name, words) for name in ("country", "role")]
        row += parts
        own = f"SUM({letters(_FIRST)}{line}:{letters(_FIRST + 5)}{line})"
        row.append(Formula(own, sum(parts, Decimal(0))))
        if funding is not None:
            figures = granted[partner]
            row += _claimed(instance, funding, claims[partner], figures, parts, line)
        rows.append(row)
    sheet.table(columns, rows, words.say("Total"), money)
    sheet.sheet.freeze_panes = "D2"


def _claimed(
    instance: Instance, funding: Funding, claim: Claim, figures: Figures, parts: list[Decimal], line: int
) -> list[Entry]:
    """Return indirect and eligible costs, the rate, and the contribution at most and as asked for."""
    rate, currency = claim.rate, instance.currency
    if rate is None:
        return [Decimal(0), Decimal(0), None, Decimal(0), Decimal(0)]
    cells = {name: f"{letters(_FIRST + at)}{line}" for at, name in enumerate(_ORDER) if name in funding.eligible}
    values = {cells[name]: parts[at] for at, name in enumerate(_ORDER) if name in cells}
    direct, based = list(cells.values()), [cells[name] for name in cells if name not in funding.no_indirect_on]
    if funding.joining and "other" in cells:
        joining = f"{letters(_FIRST + 5)}{line}"
        values[joining] = parts[-1]
        direct.append(joining)
        based += [joining] if cells["other"] in based else []
    share = funding.indirect if rate.indirect is None else rate.indirect
    indirect: Entry = Decimal(0)
    if share and based:
        exact = share * sum((values[cell] for cell in based), Decimal(0))
        indirect = rounding(f"{share:f}*({'+'.join(based)})", exact, figures.indirect, currency)
    first, contribution = f"{letters(_FIRST + 7)}{line}", f"{letters(_FIRST + 10)}{line}"
    exact = sum((values[cell] for cell in direct), figures.indirect)
    eligible = rounding("+".join([*direct, first]), exact, figures.eligible, currency)
    unit = minor_unit(currency) if currency else Decimal(1).scaleb(-6)
    asked = Fraction(claim.grant, instance.scale * funding.factor())
    most = round(asked / Fraction(unit)) * unit
    full = not rate.by_category and asked == Fraction(rate.rate) * Fraction(
        claim.eligible, instance.scale * funding.factor()
    )
    terms = f"{letters(_FIRST + 8)}{line}*{letters(_FIRST + 9)}{line}"
    cap: Entry = rounding(terms, figures.eligible * rate.rate, most, currency) if full else most
    requested: Entry = Formula(contribution, most) if figures.grant == most else figures.grant
    return [indirect, eligible, rate.rate, cap, requested]


def by_category(instance: Instance, consortium: Consortium, partner: str) -> dict[str, int]:
    """Return what a member's deliveries cost by category, after discounts, in the instance's units."""
    spent: dict[str, int] = dict.fromkeys(_ORDER, 0)
    for delivery in consortium.deliveries:
        if delivery.partner == partner:
            spent[instance.category(delivery)] += instance.delivery_cost(delivery)
    for cost in instance.costs:
        for (name, category), off in cost.reductions(instance, consortium).items():
            if name == partner and category in spent:
                spent[category] -= off
    return spent


def _shown(instance: Instance, partner: str, spent: Mapping[str, int], amounts: Shown) -> list[Decimal]:
    """Return amounts by category and the joining cost, rounded so that they add up to the own cost that is shown."""
    exact = [*(instance.money(spent[name]) for name in _ORDER)]
    exact.append(instance.money(int(instance.joining[instance.partner_at[partner]])))
    if not instance.currency:
        return exact
    return apportion(amounts.own[partner], exact, minor_unit(instance.currency))


def _pic(instance: Instance, partner: str) -> Entry:
    """Return the participant identification code, where the pool has one among its attributes."""
    for name in ("pic", "PIC"):
        if name in instance.attributes:
            value = instance.attributes[name][instance.partner_at[partner]]
            return None if value is None else str(value)
    return None


def _told(instance: Instance, consortium: Consortium, partner: str, name: str, words: Language) -> str:
    if name == "role" and partner == consortium.coordinator:
        return words.say("Coordinator")
    value = instance.attribute(name, partner, consortium.members[partner])
    return "" if value is None else words.translate(str(value))
