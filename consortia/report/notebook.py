"""An outcome in a notebook: a small part of its page."""

from __future__ import annotations

import os
from io import StringIO

from consortia.language import LANGUAGES, language
from consortia.outcome import Outcome
from consortia.report.html_page import HtmlPage
from consortia.report.money import Shown
from consortia.report.summary import summary
from consortia.report.supply import members


def fragment(outcome: Outcome, lang: str | None = None) -> str:
    """Return the verdict, a few figures and the members as a fragment of HTML.

    Parameters
    ----------
    outcome : Outcome
    lang : {"en", "ru"}, optional
        By default what the variable ``CONSORTIA_LANG`` says, or English.

    Examples
    --------
    >>> from consortia import Instance, solve
    >>> question = Instance.from_arrays(partners=["<ink>"], capabilities=["print"], joining=[7], holds=([0], [0]))
    >>> made = fragment(solve(question, solver="cpsat"))
    >>> "Proven least cost: 7" in made, "&lt;ink&gt;" in made, "<script" in made
    (True, True, False)
    """
    wanted = lang if lang is not None else os.environ.get("CONSORTIA_LANG", "en").strip().lower()[:2]
    words, stream = language(wanted if lang is not None or wanted in LANGUAGES else "en"), StringIO()
    with HtmlPage(words, stream, fragment=True) as page:
        summary(outcome, page)
        if outcome.consortium is not None:
            members(outcome, outcome.consortium, Shown(outcome), page)
    return stream.getvalue()
