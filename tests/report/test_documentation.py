"""The pages about the command line and JSON name what there is."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import click

from consortia import Instance, solve
from consortia.cli.group import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_key_of_an_outcome_is_described() -> None:
    question = Instance.from_arrays(partners=["a"], capabilities=["x"], joining=[2], holds=([0], [0]))
    page = (DOCS / "outcome.md").read_text(encoding="utf-8")
    described = {key for row in re.findall(r"^\| (`.*?) \|", page, re.M) for key in re.findall(r"`(\w+)`", row)}
    assert described == set(solve(question, solver="cpsat").to_dict())


def test_every_command_and_option_of_solve_is_described() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"## `{name} " in page or f"## `{name}`" in page
    command = import_module("consortia.cli.solve").command
    options = [option.opts[0] for option in command.params if isinstance(option, click.Option)]
    assert [option for option in options if f"`{option}" not in page] == []
