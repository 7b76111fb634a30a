"""The chapter on explanations and repairs shows what the tool says, and its examples hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
from running import Here

from consortia import explain, repair
from consortia.cli.explain import command as explain_command
from consortia.cli.repair import command as repair_command

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explain-why-not.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", ["explain", "repair"])
def test_the_output_is_real(verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    shown = PAGE.partition(f"    consortia {verb} instances/vaccine-lab.yaml\n\n```text\n")[2].partition("```")[0]
    ended = Here(capsys)(verb, ROOT / "instances" / "vaccine-lab.yaml")
    assert ended.code == 0
    assert shown and ended.out == shown


def test_the_examples_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2 and all("assert" in block for block in blocks)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/explain-why-not.md", "exec"), names)


def test_every_key_is_described() -> None:
    question = ROOT / "instances" / "vaccine-lab.yaml"
    told, found = explain(question).to_dict(), repair(question, ways=1).to_dict()
    keys = {*told, *found, *told["conflicts"][0], *told["lacks"][0], *found["ways"][0], *found["ways"][0]["changes"][0]}
    described = set(re.findall(r"`(\w+)`", PAGE.partition("## As JSON")[2]))
    assert keys - described - {"currency"} == set()


@pytest.mark.parametrize(("verb", "command"), [("explain", explain_command), ("repair", repair_command)])
def test_every_option_is_described(verb: str, command: click.Command) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition(f"## `{verb} ")[2].partition("\n## ")[0]
    options = [option.opts[0] for option in command.params if isinstance(option, click.Option)]
    general = ("--lang", "--debug", "-o", "--format", "--pool")
    assert section and [name for name in options if f"`{name}" not in section and name not in general] == []
