"""The pages on who is missing and on what is fair show what the commands say, and their examples hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from running import Here

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "docs" / f"explain-{name}.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    for name in ("missing", "shares")
}
SHOWN = [
    pytest.param(command, shown, id=command)
    for page in PAGES.values()
    for command, shown in re.findall(r"^    consortia (.*?)\n\n```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize(("command", "shown"), SHOWN)
def test_commands_say_what_is_shown(
    command: str, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    assert Here(capsys)(*command.split()).out.replace("\u00a0", " ") == shown


@pytest.mark.parametrize("name", PAGES)
def test_examples_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGES[name], flags=re.MULTILINE | re.DOTALL)
    assert "assert" in block
    names: dict[str, Any] = {}
    exec(compile(block, f"docs/explain-{name}.md", "exec"), names)


def test_the_pages_have_commands() -> None:
    assert len(SHOWN) == 4
