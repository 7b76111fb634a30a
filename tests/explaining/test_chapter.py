"""The chapter on what a solve leaves open shows what the commands say, and leads to pages that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import Here

import consortia
from consortia.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "explaining.md").read_text(encoding="utf-8").replace("\u00a0", " ")
VERBS = re.findall(r"^\| .*? \| \[`(\w+)`\]\(([\w-]+\.md)\) \|", PAGE, flags=re.MULTILINE)
EXAMPLES = re.findall(r"^    consortia (.*?)\n\n((?:```text\n.*?^```\n\n?)+)", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("CONSORTIA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    return Here(capsys)


def test_every_verb_is_there_with_its_page() -> None:
    assert len(VERBS) == 7
    for verb, page in VERBS:
        assert callable(getattr(consortia, verb)) and verb in COMMANDS
        assert (DOCS / page).is_file()


def test_every_verb_has_an_example() -> None:
    assert {command.split()[0] for command, _ in EXAMPLES} == {verb for verb, _ in VERBS}


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_commands_say_what_the_chapter_shows(here: Here, command: str, shown: str) -> None:
    ended = here(*command.split())
    assert ended.code in (0, 3)
    said = ended.out.replace("\u00a0", " ")
    for part in re.findall(r"^```text\n(.*?)^```", shown, flags=re.MULTILINE | re.DOTALL):
        assert part in said
