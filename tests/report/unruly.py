"""A question whose every name tries to be something else, and its answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from consortia import Instance, Outcome, solve
from consortia.language import language
from consortia.report.pages import page_file
from consortia.report.text import write_report

NAMES = (
    "<script>alert('studio')</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; & \u0000\ud800 ]]> -->",
    "$x^2$ `code` **bold** | column",
    '=HYPERLINK("http://example.org")',
    "Лаборатория «Ёлка» </style></script><svg/onload=alert(2)>",
)


@cache
def outcome() -> Outcome:
    """Return an answer to a question with all those names."""
    industries = ("food<b>", "textile&amp;")
    project: dict[str, Any] = {
        "title": f"{NAMES[0]} & {NAMES[5]}",
        "currency": "EUR",
        "cooperation": "any",
        "budget": 30000,
        "capabilities": [
            {"id": "<u>print</u>", "effort": 3, "providers": {"min": 2}, "backups": 1},
            {"id": "a|b", "name": NAMES[3], "effort": 1.5},
            {"id": "certificate"},
            {"id": "lab", "mode": "delivered"},
        ],
        "rules": [
            {"rule": "coordinator", "label": NAMES[1]},
            {"rule": "share", "each": "partner", "max": "80%"},
            {"rule": "exclude", "partners": ["p5"]},
        ],
    }
    pool: dict[str, Any] = {
        "clusters": [
            {"id": f"c{n}", "name": f"{NAMES[n]} cluster", "country": "BY", "industry": industries[n], "fee": 100.005}
            for n in range(2)
        ],
        "partners": [
            {
                "id": f"p{n}",
                "name": name,
                "clusters": [f"c{n % 2}"] if n < 4 else [],
                "country": ("BY", "RU", "Atlantis")[n % 3],
                "kind": "sme",
                "joining_cost": 10 + n,
                "offers": [
                    {"competence": "<u>print</u>", "rate": 1000 + n},
                    {"competence": ("a|b", "certificate", "lab")[n % 3], "fixed": 50 * n},
                ],
            }
            for n, name in enumerate(NAMES)
        ],
    }
    return solve(project, pool, solver="cpsat")


@cache
def page(form: str, lang: str = "en") -> str:
    """Return the page on it."""
    return written(outcome(), form, lang)


def written(outcome: Outcome, form: str, lang: str = "en", *, prices: bool = False) -> str:
    """Return a page on an answer."""
    made = page_file(form, language(lang), lambda page: write_report(outcome, page, prices))
    assert isinstance(made, str)
    return made


@cache
def crowd(size: int) -> Outcome:
    """Return an answer with so many members, one for each capability, and two partners that stay out."""
    question = Instance.from_arrays(
        partners=[f"partner-{n} of a long name" for n in range(size + 2)],
        capabilities=[f"capability {n}" for n in range(size)],
        joining=[1000 + n for n in range(size)] + [5000, 5001],
        holds=([*range(size), size, size + 1], [*range(size), 0, 1]),
        title="A crowd",
    )
    return solve(question, solver="cpsat")
