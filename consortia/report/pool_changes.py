"""What is different between two pools, as data and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from consortia.files.plain import plain
from consortia.language import Language
from consortia.pools.changes import SECTIONS, Change, Field
from consortia.report.data import number
from consortia.report.page import Page
from consortia.sentence import Sentence
from consortia.spec.base import Amount
from consortia.spec.pool import Membership, Pool

_HEADINGS = {
    "pool": "The pool as a whole",
    "competences": "Competences",
    "clusters": "Clusters",
    "partners": "Partners",
    "offers": "Offers",
}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def pool_changes_data(changes: Sequence[Change], before: str, after: str) -> dict[str, Any]:
    """Return changes as plain data for JSON; `before` and `after` say which pools were compared."""
    return {
        "format": "consortia-pool-diff/1",
        "before": before,
        "after": after,
        "counts": {
            section: {
                kind: sum(change.section == section and change.kind == kind for change in changes) for kind in _SIGNS
            }
            for section in SECTIONS
        },
        "changes": [change_data(change) for change in changes],
    }


def change_data(change: Change) -> dict[str, Any]:
    """Return a change as plain data."""
    return {
        "section": change.section,
        "change": change.kind,
        **({"partner": change.partner} if change.partner is not None else {}),
        "id": change.id,
        "fields": [
            {"key": field.key, "before": _data(field.before), "after": _data(field.after)} for field in change.fields
        ],
    }


def _data(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_data(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _data(entry) for name, entry in value.items()}
    value = plain(value)
    return number(value) if isinstance(value, Decimal) else value


def write_pool_changes(changes: Sequence[Change], before: Pool, after: Pool, page: Page) -> None:
    """Write changes on a page, section by section: ``+`` what is new, ``-`` what is gone, ``~`` what is different."""
    words = page.words
    if not changes:
        page.line(words.say("The two pools say the same."), "bold green")
        return
    values = {kind: sum(change.kind == kind for change in changes) for kind in _SIGNS}
    page.line(words.write(Sentence("Added: {added}, removed: {removed}, changed: {changed}.", values)), "bold")
    names = {partner.id: partner.name for pool in (before, after) for partner in pool.partners}
    names |= {cluster.id: cluster.name for pool in (before, after) for cluster in pool.clusters}
    for section in SECTIONS:
        of_section = [change for change in changes if change.section == section]
        if of_section:
            page.heading(_HEADINGS[section])
            page.points(change_line(change, names.get(change.id, ""), words) for change in of_section)


def change_line(change: Change, name: str, words: Language) -> str:
    """Write a change in one line; `name` is what the id stands for, if there is a name."""
    called = f"{name} [{change.id}]" if name and name != change.id and change.section != "offers" else change.id
    who = f"{change.partner}: {called}" if change.partner is not None else called
    if change.section == "pool":
        return "; ".join(_field(field, words) for field in change.fields)
    if change.kind == "changed":
        return f"{_SIGNS[change.kind]} {who}: " + "; ".join(_field(field, words) for field in change.fields)
    told = [field for field in change.fields if field.key in ("level", "rate", "fixed", "country", "fee", "broader")]
    values = (field.after if change.kind == "added" else field.before for field in told)
    brief = ", ".join(f"{field.key} {_shown(value, words)}" for field, value in zip(told, values, strict=True))
    return f"{_SIGNS[change.kind]} {who}" + (f" ({brief})" if brief else "")


def _field(field: Field, words: Language) -> str:
    return f"{field.key}: {_shown(field.before, words)} -> {_shown(field.after, words)}"


def _shown(value: Any, words: Language) -> str:
    if value is None:
        return words.say("nothing")
    if isinstance(value, bool):
        return words.translate("yes") if value else words.translate("no")
    if isinstance(value, Amount):
        return words.money(value.amount, value.currency)
    if isinstance(value, Membership):
        return f"{value.cluster} ({words.say('paid')})" if value.paid else value.cluster
    if isinstance(value, int | Decimal):
        return words.number(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(entry, words) for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(entry, words)}" for name, entry in value.items())
    return str(value)
