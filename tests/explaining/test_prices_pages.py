"""The pages on prices and alternatives show what the commands say, and name every key and option."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from running import Here

import consortia
from consortia.cli import alternatives, prices

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "docs" / f"explain-{name}.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    for name in ("prices", "alternatives")
}
COMMANDS = {"prices": prices.command, "alternatives": alternatives.command}


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    return Here(capsys)


@pytest.mark.parametrize("name", PAGES)
def test_the_example_is_shown_as_it_is(name: str, here: Here) -> None:
    ((line, shown),) = re.findall(r"^    consortia (.*?)\n\n```text\n(.*?)^```", PAGES[name], re.MULTILINE | re.DOTALL)
    ended = here(*line.split())
    assert ended.code == 0
    assert ended.out.replace("\u00a0", " ") == shown


@pytest.mark.parametrize("name", PAGES)
def test_the_code_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGES[name], flags=re.MULTILINE | re.DOTALL)
    assert "assert" in block
    names: dict[str, Any] = {}
    exec(compile(block, f"docs/explain-{name}.md", "exec"), names)


@pytest.mark.parametrize("name", PAGES)
def test_every_key_is_described(name: str) -> None:
    found = getattr(consortia, name)(ROOT / "instances" / "small.yaml", **{"ranges": True} if name == "prices" else {})
    data = found.to_dict()
    table = PAGES[name].partition("## JSON")[2]
    described = {key for row in re.findall(r"^\| (`.*?) \|", table, re.M) for key in re.findall(r"`(\w+)`", row)}
    assert described == set(data)
    inside = {
        key
        for value in data.values()
        if isinstance(value, list)
        for entry in value[:1]
        if isinstance(entry, dict)
        for key in entry
    }
    assert [key for key in sorted(inside) if f"`{key}`" not in table] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_option_is_described(name: str) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition(f"## `{name} PROJECT`")[2].partition("\n## ")[0]
    own = {"--pool", "--format", "--output", "--lang", "--debug"}
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}
    assert [option for option in sorted(options - own) if option not in section] == []
