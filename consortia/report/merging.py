"""What questionnaires changed in a pool, as data and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consortia.language import Language
from consortia.pools.answers import Merged
from consortia.pools.changes import Change
from consortia.report.page import Page
from consortia.report.pool_changes import pool_changes_data, write_pool_changes
from consortia.spec.pool import Pool


def merging_data(merged: Merged, changes: Sequence[Change], before: str, after: str, words: Language) -> dict[str, Any]:
    """Return what answers changed as plain data for JSON."""
    return {
        **pool_changes_data(changes, before, after),
        "format": "consortia-merge/1",
        "interest": dict(merged.interest),
        "notes": [words.problem(note) for note in merged.notes],
    }


def write_merging(merged: Merged, changes: Sequence[Change], before: Pool, page: Page) -> None:
    """Write what answers changed on a page."""
    words = page.words
    write_pool_changes(changes, before, merged.pool, page)
    if merged.notes:
        page.heading("To be noted")
        page.points(words.problem(note) for note in merged.notes)
    if merged.interest:
        page.heading("Interest, for the project file")
        said = ", ".join(f"{partner}: {interest}" for partner, interest in merged.interest.items())
        page.line(f"interest: {{{said}}}", indent=2)
