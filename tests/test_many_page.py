"""The examples of the page on many projects do what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from consortia.cli.batch import command

DOCS = Path(__file__).parents[1] / "docs"


def test_the_examples_hold() -> None:
    page = (DOCS / "many.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2 and all("assert" in block for block in blocks)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/many.md", "exec"), names)


def test_every_option_of_batch_is_described() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("## `batch ")[2].partition("\n## ")[0]
    options = [option.opts[0] for option in command.params if isinstance(option, click.Option)]
    assert "--workers" in options and section
    assert [name for name in options if f"`{name}" not in section and name not in ("--lang", "--debug", "-o")] == []
