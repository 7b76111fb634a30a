"""A question taken apart: all demands together mean the question, and their rows mean what they say."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from demanding import asking
from hypothesis import Phase, given, settings
from lexicographic import candidates, complete

from consortia.costs import total
from consortia.explaining.demands import TakenApart
from consortia.explaining.question import asked

MANY = int(os.environ.get("CONSORTIA_CASES", "1000"))
UNSHRUNK = (Phase.generate,)


def hold_together(question: tuple[Any, Any], met: Counter[str]) -> None:
    """A consortium answers the question exactly when it answers the bare one with all demands, at the same cost."""
    apart = TakenApart(asked(*question))
    original, whole = apart.original, apart.under(range(len(apart.demands)))
    met.update({demand.kind for demand in apart.demands})
    for consortium in islice(candidates(original), 400):
        done = complete(original, consortium)
        said = replace(consortium, undertaken=original.undertaken(consortium))
        again = complete(whole, said)
        assert (done is None) == (again is None), consortium
        if done is not None:
            met["answers"] += 1
            assert total(original, done) * whole.scale == total(whole, again) * original.scale
    for consortium in islice(candidates(whole), 0, 3000, 7):
        if complete(whole, consortium) is not None:
            said = (
                consortium
                if len(original.settled) < len(original.capabilities)
                else replace(consortium, undertaken=None)
            )
            assert complete(original, said) is not None, consortium


def test_all_demands_together_are_the_question() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=40, phases=UNSHRUNK)
    @given(asking())
    def draw(question: tuple[Any, Any]) -> None:
        hold_together(question, met)

    draw()
    kinds = ("rule", "accepted", "choice", "level", "suppliers", "backups", "capability", "budget", "answers")
    assert min(met[kind] for kind in kinds) >= 1, met


@pytest.mark.slow
def test_all_demands_together_are_the_question_on_many() -> None:
    met: Counter[str] = Counter()

    @settings(max_examples=MANY, phases=UNSHRUNK)
    @given(asking())
    def draw(question: tuple[Any, Any]) -> None:
        hold_together(question, met)

    draw()
    assert met["answers"] >= MANY, met
