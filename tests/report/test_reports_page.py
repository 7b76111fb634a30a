"""The pages on reports and on data frames say what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from consortia.cli.forms import BINARY, SUFFIXES
from consortia.cli.solve import PICTURES, command
from consortia.frames import TABLES
from consortia.report.matrix import OTHERS
from consortia.report.plots import PLOTS
from consortia.report.printing import VARIABLE
from consortia.report.text import MOST

DOCS = Path(__file__).parents[2] / "docs"


def test_every_form_is_described() -> None:
    page = (DOCS / "reports.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", page, re.M)
    suffixes = {suffix: form for form, names, _ in rows for suffix in re.findall(r"`(\.\w+)`", names)}
    assert suffixes == SUFFIXES
    assert {form for form, _, commands in rows if "needs a file" in commands} == BINARY
    offered = next(option.type.choices for option in command.params if option.name == "form")  # type: ignore[attr-defined]
    assert {form for form, _, commands in rows if "all" in commands or "solve" in commands} >= set(offered)


def test_every_picture_is_described() -> None:
    page = (DOCS / "reports.md").read_text(encoding="utf-8")
    section = page.partition("## Pictures")[2].partition("\n## ")[0]
    assert tuple(PLOTS) == PICTURES
    assert [kind for kind in PLOTS if f"`{kind}`" not in section] == []
    assert VARIABLE in page and "up to a thousand" in page and MOST == 1000
    assert "the twelve most able" in page and OTHERS == 12


def test_every_column_of_frames_is_described() -> None:
    page = (DOCS / "dataframes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|$", page, re.M)
    assert {name: re.findall(r"`(\w+)`", columns) for name, columns in rows} == {
        name: list(columns) for name, columns in TABLES.items()
    }


def test_the_examples_of_data_frames_hold() -> None:
    page = (DOCS / "dataframes.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3 and all("assert" in block for block in blocks)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/dataframes.md", "exec"), names)
