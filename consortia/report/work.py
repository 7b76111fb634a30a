"""Sections of the report on how the work is arranged: objectives, choices, work packages, periods, changes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from consortia.consortium import Consortium
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome, Stage, Status
from consortia.report.naming import named
from consortia.report.page import Page
from consortia.report.status import shown


def objectives(outcome: Outcome, page: Page) -> None:
    """List what was minimised or maximised, one after the other, with the proof of each."""
    if [stage.expression for stage in outcome.stages] in ([], ["cost"]):
        return
    words, instance = page.words, outcome.instance
    page.heading("Objectives, in the order of their importance")
    rows: list[list[object]] = []
    for number, stage in enumerate(outcome.stages, 1):
        text = "{expression}, maximised" if stage.maximised else "{expression}, minimised"
        name = words.say(text, expression=words.translate(stage.expression))
        proof = words.say("proven") if stage.status is Status.OPTIMAL and stage.value == stage.bound else ""
        if not proof and stage.bound is not None:
            proof = words.say("bound {bound}", bound=_value(stage, stage.bound, instance, words))
        rows.append([f"{number}. {name}", _value(stage, stage.value, instance, words), _slack(stage, words), proof])
    columns = [(words.say("Objective"), "left"), (words.say("Value"), "right")]
    page.table([*columns, (words.say("May worsen by"), "right"), (words.say("Proof"), "left")], rows)


def _value(stage: Stage, value: Fraction | None, instance: Instance, words: Language) -> str:
    if value is None:
        return "-"
    if EXPRESSIONS[stage.expression].money:
        return shown(Decimal(value.numerator) / value.denominator, instance, words)
    return words.number(value)


def _slack(stage: Stage, words: Language) -> str:
    if not stage.slack:
        return ""
    return words.number(stage.slack) if isinstance(stage.slack, Decimal) else words.share(stage.slack)


def choices(instance: Instance, consortium: Consortium, page: Page) -> None:
    """Say what was chosen, and which of the optional capabilities are undertaken."""
    words = page.words
    undertaken = instance.undertaken(consortium)
    left_open = [name for name in instance.capabilities if name not in instance.settled]
    if not left_open:
        return
    chosen_from = {name for options in instance.choices for option in options for name in option}
    points = []
    for options in instance.choices:
        taken = max((option for option in options if undertaken.issuperset(option)), key=len)
        rest = " / ".join(_listed(instance, option) for option in options if option != taken)
        points.append(words.say("{chosen}, rather than {rest}", chosen=_listed(instance, taken), rest=rest))
    for name in left_open:
        if name not in chosen_from:
            texts = {True: "{capability}: undertaken", False: "{capability}: left out"}
            points.append(words.say(texts[name in undertaken], capability=_worth(instance, name, words)))
    page.heading("What was left open")
    page.points(points)


def _listed(instance: Instance, option: frozenset[str]) -> str:
    names = (name for name in instance.capabilities if name in option)
    return " + ".join(instance.capability_names.get(name, name) for name in names)


def _worth(instance: Instance, name: str, words: Language) -> str:
    """Return a capability with its value, if it has any."""
    called = named(instance.capability_names, name)
    value = 0 if instance.value is None else int(instance.value[instance.capability_at[name]])
    if not value:
        return called
    worth = words.number(Fraction(value, instance.value_scale))
    return words.say("{capability} (value {value})", capability=called, value=worth)


def packages(instance: Instance, consortium: Consortium, page: Page) -> None:
    """List the work packages with their leaders and person-months."""
    if not instance.work_packages:
        return
    words = page.words
    rows: list[list[object]] = []
    for package, capabilities in instance.work_packages.items():
        effort = sum((entry.effort for entry in consortium.deliveries if entry.capability in capabilities), Decimal(0))
        leader = consortium.leaders.get(package)
        who = "-" if leader is None else instance.partner_names.get(leader, leader)
        rows.append([named(instance.package_names, package), who, words.number(effort) if effort else ""])
    page.heading("Work packages")
    columns = [(words.say("Work package"), "left"), (words.say("Leader"), "left")]
    page.table([*columns, (words.say("Person-months"), "right")], rows)


def calendar(instance: Instance, consortium: Consortium, page: Page) -> None:
    """List who works how much in each period."""
    if not instance.periods:
        return
    words = page.words
    rows: list[list[object]] = []
    for partner in consortium.members:
        by_period = dict.fromkeys(instance.periods, Decimal(0))
        for entry in consortium.deliveries:
            if entry.partner == partner:
                for period, effort in entry.periods.items():
                    by_period[period] += effort
        if any(by_period.values()):
            cells = [words.number(effort) if effort else "" for effort in by_period.values()]
            rows.append([instance.partner_names.get(partner, partner), *cells])
    page.heading("Who works when, in person-months")
    page.table([(words.say("Member"), "left"), *((period, "right") for period in instance.periods)], rows)


def changed(outcome: Outcome, page: Page) -> None:
    """Say what is different from the previous consortium."""
    if outcome.instance.previous is None:
        return
    words = page.words
    page.heading("What changes against the previous consortium")
    page.points([words.write(sentence) for sentence in outcome.changes()] or [words.say("nothing")])
