"""The page about benchmarks names what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click

from consortia.bench.rows import ABSENT, FAILURES, FORMAT, Row
from consortia.cli.bench import run

PAGE = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_every_key_of_a_row_is_described() -> None:
    described = {key for line in re.findall(r"^\| (`.*?) \|", PAGE, re.M) for key in re.findall(r"`(\w+)`", line)}
    assert {entry.name for entry in fields(Row)} - {"reason"} <= described
    assert FORMAT in PAGE
    assert [status for status in (*FAILURES, *ABSENT) if f"`{status}`" not in PAGE] == []


def test_every_option_is_described() -> None:
    options = [option.opts[0] for option in run.params if isinstance(option, click.Option)]
    assert [option for option in options if f"`{option}" not in PAGE and option not in ("--lang", "--debug")] == []
