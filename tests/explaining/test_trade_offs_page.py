"""The page on trade-offs shows what the tool says, and names every key of its JSON."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from consortia import front
from consortia.explaining.fronts import Front
from consortia.language import language
from consortia.report.fronts import write_front
from consortia.report.page import TextPage

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explain-trade-offs.md").read_text(encoding="utf-8").replace("\u00a0", " ")


def text(found: Front) -> str:
    with StringIO() as stream:
        with TextPage(language("en"), stream, width=100) as page:
            write_front(found, page)
        return re.sub(r"in [\d.]+ s\.", "in S s.", stream.getvalue().replace("\u00a0", " "))


def shown(title: str) -> str:
    """Return the output on the page that begins with a title."""
    (block,) = re.findall(rf"^```text\n({re.escape(title)}\n.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"in [\d.]+ s\.", "in S s.", block)


def test_the_small_example_is_shown_as_it_is() -> None:
    found = front(ROOT / "instances" / "small.yaml", solver="cpsat")
    assert text(found) == shown("A thermos box for the farmers' market")


@pytest.mark.slow
def test_the_flagship_is_shown_as_it_is() -> None:
    found = front(ROOT / "instances" / "cold-chain.yaml", objectives=("cost", "value"), solver="cpsat")
    assert text(found) == shown("Smart cold-chain packaging for vaccines")


def test_what_is_open_is_shown_as_it_is() -> None:
    found = front(ROOT / "instances" / "small.yaml", solver="cpsat", on_step=lambda step: True)
    assert text(found).endswith(shown("What is open"))


def test_the_example_holds() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert block.count("assert") == 3
    names: dict[str, Any] = {}
    exec(compile(block, "docs/explain-trade-offs.md", "exec"), names)


def test_every_key_is_described() -> None:
    table = PAGE.partition("## JSON")[2]
    described = {key for row in re.findall(r"^\| (`.*?) \|", table, re.M) for key in re.findall(r"`(\w+)`", row)}
    found = front(ROOT / "instances" / "small.yaml", solver="cpsat", on_step=lambda step: True).to_dict()
    assert described == set(found)
    inside = {*found["points"][0], *found["open"][0]} - {"proof"}
    assert [key for key in sorted(inside) if f"`{key}`" not in table] == []


def test_every_option_of_the_command_is_described() -> None:
    from consortia.cli.front import OBJECTIVES, command

    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("## `front ")[2].partition("\n## ")[0]
    options = [option.opts[0] for option in command.params if option.opts[0].startswith("--")]
    assert "--plot" in options and section
    assert [
        name
        for name in options
        if f"`{name}" not in section and name not in ("--pool", "--format", "--lang", "--debug")
    ] == []
    assert [name for name in OBJECTIVES if f"`{name}`" not in section or f"`{name}`" not in PAGE] == []
