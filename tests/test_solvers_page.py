"""The page about solvers names what there is, and its example is true."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import get_args

from consortia import solvers
from consortia.cli.solve import SOLVERS
from consortia.multipliers import Per

PAGE = (Path(__file__).parents[1] / "docs" / "solvers.md").read_text(encoding="utf-8")


def test_every_solver_is_described_and_offered() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.M)
    described = {name for row in rows for name in re.findall(r"`([\w:]+)`", row)}
    assert {*solvers.names(), "milp:NAME"} <= described
    assert {*solvers.names(), "milp:NAME"} == set(SOLVERS)
    command_line = (Path(__file__).parents[1] / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in SOLVERS if f"`{name}`" not in command_line] == []


def test_every_unit_of_prices_is_described() -> None:
    assert [unit for unit in get_args(Per) if f"`{unit}`" not in PAGE] == []


def test_the_example_prints_what_it_says() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    said = [*re.findall(r"print\(.*\)  # (.*)", block), *re.findall(r"^# (.*)$", block, re.M)]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "docs/solvers.md", "exec"), {})
    assert printed.getvalue().splitlines() == said
