"""Strategies of hypothesis that draw questions with much that could be asked for less of."""

from __future__ import annotations

from typing import Any

from combining import combinations
from hypothesis import strategies as st


@st.composite
def asking(draw: st.DrawFn) -> tuple[Any, Any]:
    """Draw a question that asks for what can be left out: levels, backups, a budget, exclusions, acceptance."""
    project, pool = draw(combinations())
    for capability in project["capabilities"]:
        capability.setdefault("level", draw(st.sampled_from([1, 2, 2, 3])))
        if capability.get("effort") is None and capability.get("mode") != "delivered":
            continue
        capability["backups"] = draw(st.sampled_from([0, 0, 1]))
    if draw(st.booleans()):
        project["budget"] = draw(st.sampled_from([1, 3, 5, "8.25", 12]))
    extra = st.sampled_from(
        [
            {"rule": "exclude", "partners": ["ada"]},
            {"rule": "exclude", "filter": {"country": "BY"}},
            {"rule": "include", "partners": ["ada", "bor"]},
            {"rule": "count", "min": 2, "max": 2, "label": "pairs"},
        ]
    )
    project["rules"] = [*project["rules"], *draw(st.lists(extra, max_size=2))]
    if draw(st.booleans()):
        project["interest"] = {"ada": "accepted", "bor": draw(st.sampled_from(["accepted", "declined", "asked"]))}
        project["accepted_only"] = draw(st.booleans())
    return project, pool
