"""How a report begins: the answer in a sentence with its proof, and a few figures."""

from __future__ import annotations

from decimal import Decimal

from consortia.consortium import Consortium
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.page import Page
from consortia.report.status import headline, remarks, shown
from consortia.report.sums import countries


def summary(outcome: Outcome, page: Page) -> None:
    """Write what is known, how it was proven, and what sums the consortium up."""
    words = page.words
    page.title(outcome.instance.title or words.say("An untitled project"))
    style = "bold red" if outcome.consortium is None else ("bold green" if outcome.proven else "bold yellow")
    page.line(headline(outcome, words), style)
    page.line(" ".join(remarks(outcome, words)), "dim")
    if outcome.consortium is not None:
        page.facts(_facts(outcome, outcome.consortium, words))


def _facts(outcome: Outcome, consortium: Consortium, words: Language) -> list[tuple[str, str]]:
    """Return what sums a consortium up."""
    assert outcome.cost is not None
    instance = outcome.instance
    clusters = {cluster for cluster in consortium.members.values() if cluster is not None}
    effort = sum((entry.effort for entry in consortium.deliveries), Decimal(0))
    counted = {
        words.say("Members"): len(consortium.members),
        words.say("Clusters"): len(clusters),
        words.say("Countries"): len(countries(outcome) - {None}),
        words.say("Capabilities"): len(instance.undertaken(consortium)),
    }
    facts = [(words.say("Cost"), shown(outcome.cost, instance, words))]
    facts += [(name, words.number(count)) for name, count in counted.items() if count]
    return facts + ([(words.say("Person-months"), words.number(effort))] if effort else [])
