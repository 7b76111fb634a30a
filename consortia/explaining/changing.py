"""What becomes of a demand in a repair, and how a consortium breaks it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from consortia.explaining.amounts import rounded_up
from consortia.explaining.asking import AtLevel, StandIns, Suppliers, WithinBudget
from consortia.explaining.demands import Demand, TakenApart
from consortia.explaining.repaired import Relaxed
from consortia.instance import Instance
from consortia.outcome import Outcome
from consortia.pricing import minor_unit
from consortia.rules import Exclude, Include, Rule
from consortia.sentence import InCurrency, Sentence, listed, say


@dataclass(frozen=True)
class Change:
    """What becomes of one demand.

    Attributes
    ----------
    demand : Demand
    to : Rule, int, Decimal or None
        The looser rule, the lower number or level, the budget that is enough; None where the demand is dropped.
    sentence : Sentence
        What to do.
    """

    demand: Demand
    to: Relaxed
    sentence: Sentence


def change(demand: Demand, to: Relaxed, instance: Instance) -> Change:
    """Say what becomes of a demand in the repaired question."""
    return Change(demand, to, _said(demand, to, instance))


def _said(demand: Demand, to: Relaxed, instance: Instance) -> Sentence:
    rule, capability = demand.rule, demand.capability
    if isinstance(rule, WithinBudget):
        if not isinstance(to, Decimal):
            return say("Drop the budget of {budget}", budget=InCurrency(rule.amount, rule.currency))
        enough = rounded_up(to, minor_unit(rule.currency)) if rule.currency else to
        enough = to if enough == to else enough
        return say(
            "Raise the budget from {before} to {after}",
            before=InCurrency(rule.amount, rule.currency),
            after=InCurrency(enough, rule.currency),
        )
    if isinstance(rule, AtLevel):
        return say(
            "Be content with level {after} of {capability} instead of {before}",
            capability=capability,
            before=rule.level,
            after=to,
        )
    if isinstance(rule, Suppliers):
        text = "Be content with fewer suppliers of {capability}: {after} instead of {before}"
        return Sentence(text, {"capability": capability, "before": rule.least, "after": to or 1})
    if isinstance(rule, StandIns):
        text = "Be content with fewer backups of {capability}: {after} instead of {before}"
        return Sentence(text, {"capability": capability, "before": rule.least, "after": to or 0})
    if demand.kind == "capability":
        return say("Leave out {capability}", capability=capability)
    if demand.kind == "choice":
        return say("Do not insist on {rule}", rule=demand.sentence)
    if demand.kind == "accepted":
        return say("Admit partners that have not accepted yet")
    return _of_rule(demand, to)


def _of_rule(demand: Demand, to: Relaxed) -> Sentence:
    rule = demand.original
    if isinstance(to, Rule):
        return say("Loosen the rule “{rule}” to: {looser}", rule=demand.sentence, looser=to.describe())
    if isinstance(rule, Include) and not rule.label:
        return say("Do without {partner}", partner=listed(rule.partners))
    if isinstance(rule, Exclude) and rule.filter is None and not rule.label:
        return say("Admit {partner}", partner=listed(rule.partners))
    return say("Drop the rule “{rule}”", rule=demand.sentence)


def violations(apart: TakenApart, broken: Iterable[int], outcome: Outcome) -> Iterator[Sentence]:
    """Say how a consortium of a repaired question breaks what was asked for at first."""
    consortium, instance = outcome.consortium, outcome.instance
    assert consortium is not None
    for place in sorted(broken):
        demand = apart.demands[place]
        if demand.kind == "level":
            yield from _below(apart.original, demand, outcome)
        elif demand.kind == "accepted":
            assert isinstance(demand.rule, Exclude)
            names = [name for name in consortium.members if name in demand.rule.partners]
            yield say("these members have not accepted: {partners}", partners=listed(names))
        elif demand.kind == "choice":
            yield say("not met: {rule}", rule=demand.sentence)
        elif demand.kind == "capability":
            if demand.capability not in instance.undertaken(consortium):
                yield say("{capability} is left out", capability=demand.capability)
        else:
            rule = _in_units(demand, instance)
            for sentence in rule.violations(instance, consortium):
                yield say("{rule}: {violation}", rule=demand.sentence, violation=sentence) if rule.label else sentence


def _in_units(demand: Demand, instance: Instance) -> Rule:
    """Return the rule for the repaired question, which has capabilities in one form and its own unit of money."""
    rule = demand.original or demand.rule
    if isinstance(rule, WithinBudget):
        return rule.model_copy(update={"most": instance.units(rule.amount)[0]})
    if isinstance(rule, Suppliers | StandIns):
        return rule.model_copy(update={"forms": (demand.capability,)})
    return rule


def _below(original: Instance, demand: Demand, outcome: Outcome) -> Iterator[Sentence]:
    """Name those who supply a capability and could not at the level that was asked."""
    consortium = outcome.consortium
    assert consortium is not None and isinstance(demand.rule, AtLevel) and demand.capability is not None
    before = original.holders[demand.capability]
    holders = outcome.instance.holders[demand.capability].intersection(consortium.members) - before
    suppliers = [
        made.partner
        for made in consortium.deliveries
        if made.capability == demand.capability and (made.partner, made.capability, made.offer) not in original.arc_at
    ]
    for partner in dict.fromkeys([*suppliers, *sorted(holders)]):
        yield say(
            "{partner} supplies {capability} below level {level}",
            partner=partner,
            capability=demand.capability,
            level=demand.rule.level,
        )
