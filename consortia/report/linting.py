"""What a linter found, as data and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from consortia.language import Language
from consortia.linting.finding import SEVERITIES, Finding, Severity
from consortia.report.page import Page

MOST = 20
"""So many findings of a check are shown on the page; the data have them all."""
_HEADINGS: dict[Severity, str] = {"error": "Cannot work", "warning": "Probably not meant", "note": "Worth knowing"}
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": ""}


def linting_data(findings: Sequence[Finding], words: Language) -> dict[str, Any]:
    """Return findings as plain data for JSON."""
    counts = Counter(finding.severity for finding in findings)
    return {
        "format": "consortia-lint/1",
        "counts": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [
            {
                "check": finding.check,
                "severity": finding.severity,
                "file": finding.problem.file,
                "place": finding.problem.place,
                "message": words.write(finding.problem.message),
                "remedy": words.write(finding.problem.remedy) if finding.problem.remedy is not None else None,
                "about": list(finding.about),
            }
            for finding in findings
        ],
    }


def write_linting(findings: Sequence[Finding], page: Page) -> None:
    """Write findings on a page, the gravest first, those of a check together."""
    words = page.words
    if not findings:
        page.line(words.say("Nothing was found that looks wrong."), "bold green")
        return
    counts = Counter(finding.severity for finding in findings)
    values = {f"{severity}s": counts[severity] for severity in SEVERITIES}
    text = words.say(
        "Found: {errors} that cannot work, {warnings} probably not meant, {notes} worth knowing.", **values
    )
    page.line(text, next(_STYLES[severity] for severity in SEVERITIES if counts[severity]))
    for severity in SEVERITIES:
        shown = [finding for finding in findings if finding.severity == severity]
        if not shown:
            continue
        page.heading(_HEADINGS[severity])
        for check in dict.fromkeys(finding.check for finding in shown):
            of_check = [finding for finding in shown if finding.check == check]
            page.points(f"{words.problem(finding.problem)} [{check}]" for finding in of_check[:MOST])
            if len(of_check) > MOST:
                more = words.say(
                    "and {count} more of {check}; `--format json` has them", count=len(of_check) - MOST, check=check
                )
                page.line(more, indent=4)
