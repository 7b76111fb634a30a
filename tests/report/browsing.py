"""A real browser without a window, and the checker of accessibility that runs in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from consortia.report.printing import browser

AXE = "axe-core@4.14.1"


def needed(reason: str) -> None:
    """Skip for want of something; where everything has to be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser that prints PDF files."""
    program = browser()
    if program is None:
        needed("there is no Chromium, Chrome or Edge")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        needed("playwright is not installed: pip install 'consortia[browser]'")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


def axe(cache: Path) -> str:
    """Return the checker's script; npm fetches it once into a folder of the cache."""
    script = cache / f"{AXE}.min.js"
    if script.is_file():
        return script.read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        needed("there is no npm to fetch axe-core with")
    cache.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run([str(npm), "pack", "--silent", AXE], cwd=cache, capture_output=True, text=True, check=False)
    if packed.returncode:
        needed(f"npm could not fetch {AXE}: {packed.stderr.strip()[-200:]}")
    archive = cache / packed.stdout.split()[-1]
    with tarfile.open(archive) as files:
        inside = files.extractfile("package/axe.min.js")
        assert inside is not None
        script.write_bytes(inside.read())
    archive.unlink()
    return script.read_text(encoding="utf-8")


class Visit:
    """A page that was opened, with everything that went wrong and everything that it asked for."""

    def __init__(self, started: Any, path: Path, **context: Any) -> None:
        self.page = started.new_page(**context)
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.faults.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))
        self.page.goto(path.as_uri())

    def wider_than_its_window(self) -> bool:
        """Tell whether one has to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def column(self, table: str, number: int) -> list[str]:
        """Return the texts of a column of the rows that are shown."""
        cells = self.page.locator(f"{table} tbody tr:visible > :nth-child({number})")
        return [text.strip() for text in cells.all_inner_texts()]
