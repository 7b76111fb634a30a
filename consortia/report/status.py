"""What is known of a question, in words."""

from __future__ import annotations

from decimal import Decimal

from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome, Status
from consortia.report.money import minor_unit, rounded
from consortia.sentence import say

EXPLAIN = say("`consortia explain` finds which requirements cannot be met together.")
"""Where to go on from a proof that there is none."""


def headline(outcome: Outcome, words: Language) -> str:
    """Say in one sentence what is known; "proven least cost" only where the bound equals the cost."""
    cost = None if outcome.cost is None else shown(outcome.cost, outcome.instance, words)
    if outcome.proven:
        return words.say("Proven least cost: {cost}", cost=cost)
    if cost is not None:
        if outcome.status is Status.OPTIMAL and all(stage.value == stage.bound for stage in outcome.stages):
            return words.say("Proven best by the objectives below, at a cost of {cost}", cost=cost)
        if outcome.bound is None or outcome.gap is None:
            return words.say("Cost: {cost}; how far above the least possible is not known", cost=cost)
        assert outcome.cost is not None
        above = shown(outcome.cost - outcome.bound, outcome.instance, words)
        return words.say(
            "Cost: {cost}, at most {above} ({share}) above the least possible",
            cost=cost,
            above=above,
            share=words.share(outcome.gap),
        )
    if outcome.status is Status.INFEASIBLE:
        if outcome.proof == "tolerance":
            return words.say("No consortium meets these requirements, as far as floating-point arithmetic can prove")
        return words.say("Proven: no consortium meets these requirements")
    if outcome.stopped == "cutoff":
        return words.say("Proven: no consortium costs less than the cut-off; dearer ones may exist")
    return words.say("No consortium was found; there may be one")


def remarks(outcome: Outcome, words: Language) -> list[str]:
    """Say why a search ended, how good its proof is, and what bound is known."""
    found = []
    if outcome.stopped == "time":
        found.append(words.say("The search ended at its time limit."))
    elif outcome.stopped == "effort":
        found.append(words.say("The search ended at its effort limit."))
    elif outcome.stopped == "interrupted":
        found.append(words.say("The search was interrupted."))
    if outcome.bound is not None and outcome.bound > 0 and not outcome.proven and outcome.stopped != "cutoff":
        bound = shown(outcome.bound, outcome.instance, words)
        found.append(words.say("No consortium costs less than {bound}.", bound=bound))
    if outcome.proof == "exact":
        found.append(words.say("Grade of the proof: exact, in integers all the way."))
    elif outcome.proof == "tolerance":
        found.append(
            words.say("Grade of the proof: within the tolerance of floating-point arithmetic; see docs/proof.md.")
        )
    found.append(
        words.say(
            "Solver {solver}, {seconds} s.", solver=outcome.solver, seconds=words.number(Decimal(outcome.seconds), 1)
        )
    )
    return found


def shown(amount: Decimal, instance: Instance, words: Language) -> str:
    """Write an amount in the instance's currency, rounded to its minor unit."""
    if instance.currency:
        amount = rounded(amount, minor_unit(instance.currency))
    return words.money(amount, instance.currency)
