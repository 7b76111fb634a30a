"""The verdict of the independent checker, as data and as a page."""

from __future__ import annotations

from typing import Any

from consortia.checking import Verification
from consortia.instance import Instance
from consortia.language import Language
from consortia.report.data import number
from consortia.report.page import Page
from consortia.report.status import shown


def verdict_data(instance: Instance, found: Verification, words: Language) -> dict[str, Any]:
    """Return a verdict as plain data for JSON."""
    return {
        "format": "consortia-verdict/1",
        "title": instance.title,
        "valid": found.valid,
        "violations": [words.write(violation) for violation in found.violations],
        "cost": number(instance.money(found.cost)),
        "currency": instance.currency or None,
        "instance": instance.fingerprint(),
    }


def write_verdict(instance: Instance, found: Verification, page: Page) -> None:
    """Write a verdict on a page."""
    words = page.words
    page.title(instance.title or words.say("An untitled project"))
    cost = shown(instance.money(found.cost), instance, words)
    if found.valid:
        page.line(words.say("The consortium holds. Its cost, recomputed: {cost}", cost=cost), "bold green")
        return
    page.line(words.say("The consortium does not hold. Violations: {count}", count=len(found.violations)), "bold red")
    page.points(words.write(violation) for violation in found.violations)
    page.line(words.say("Cost of what is known of it, recomputed: {cost}", cost=cost))
