"""Printing a page to PDF with a browser that is installed: Chromium, Chrome or Edge.

The browser prints what a person would print from the page, so there is one style sheet to keep right; and nearly every
desk has one of the three, while libraries that lay out HTML need system libraries of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.sentence import Sentence, say

VARIABLE = "CONSORTIA_BROWSER"
"""The environment variable that names the browser to print with."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
_LIMIT = 120


def browser() -> str | None:
    """Return the browser to print with: the one that `VARIABLE` names, else one that is installed."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in found if path), next((place for place in _PLACES if Path(place).is_file()), None))


def print_to_pdf(page: str) -> bytes:
    """Return an HTML page as a PDF file.

    Raises
    ------
    SpecError
        If there is no browser, or it fails.
    """
    program = browser()
    if program is None:
        raise _refused(say("a PDF is printed by Chromium, Chrome or Edge, and none of them is found"))
    with tempfile.TemporaryDirectory(prefix="consortia-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8", newline="\n")
        options = [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--disable-extensions",
            f"--user-data-dir={Path(folder, 'profile')}",
            f"--print-to-pdf={target}",
        ]
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium's own needs a user that is not root
        try:
            subprocess.run([program, *options, source.as_uri()], capture_output=True, timeout=_LIMIT, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            reason = _last_words(error)
            raise _refused(say("{browser} did not print the page: {reason}", browser=program, reason=reason)) from None


def _last_words(error: Exception) -> str:
    """Return what a program said at the end, or how it ended."""
    said = getattr(error, "stderr", None) or b""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    if isinstance(error, subprocess.CalledProcessError):
        return lines[-1][:300] if lines else f"exit code {error.returncode}"
    return f"no answer within {_LIMIT} s" if isinstance(error, subprocess.TimeoutExpired) else str(error)


def _refused(message: Sentence) -> SpecError:
    remedy = say(
        "Install one of them, or name one in the variable {variable}, or write .html and print it there",
        variable=VARIABLE,
    )
    return SpecError([Problem("", "", message, remedy)])
