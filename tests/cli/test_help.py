"""Help in the reader's language: of every command, wherever the language is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from running import Here, process

from consortia.cli.group import COMMANDS, consortia
from consortia.cli.speaking import asked_language, paragraphs
from consortia.language import read_catalogue


def commands(
    command: click.Command = consortia, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Return every command with the words it is called by."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


def texts() -> Iterator[str]:
    """Return everything that help says in words."""
    yield from COMMANDS.values()
    for _, command in commands():
        for text in (command.help, command.epilog):
            yield from paragraphs(text or "")
        for parameter in command.params:
            yield getattr(parameter, "help", None) or ""
    yield from ("Usage:", "Options", "Commands", "OPTIONS", "COMMAND", "ARGS", "default", "required")
    yield "Show this message and exit."


def test_every_text_of_help_is_translated() -> None:
    assert {text for text in texts() if text} - read_catalogue("ru").keys() == set()


def test_the_walk_finds_commands_within_commands() -> None:
    paths = {path for path, _ in commands()}
    assert {("solve",), ("bench", "report"), ("pool", "diff"), ("generate", "cover")} <= paths


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_help_in_russian_has_no_english_left(here: Here, path: tuple[str, ...]) -> None:
    ended = here(*path, "--help", "--lang", "ru")
    assert ended.code == 0 and ended.err == ""
    for english in (
        "Usage",
        "Options:",
        "Commands:",
        "Show ",
        "default:",
        "required",
        "OPTIONS",
        "ARGS",
        "TEXT",
        "PATH ",
    ):
        assert english not in ended.out
    _, command = next(found for found in commands() if found[0] == path)
    russian = read_catalogue("ru")
    shown = " ".join(ended.out.split())
    for text in paragraphs(command.help or ""):
        assert " ".join(russian[text].split()) in shown


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_help_in_english_is_that_of_click(here: Here, path: tuple[str, ...]) -> None:
    ended = here(*path, "--help")
    _, command = next(found for found in commands() if found[0] == path)
    assert ended.out.startswith(f"Usage: {' '.join(('consortia', *path))} [OPTIONS]")
    assert paragraphs(command.help or "")[0] in " ".join(ended.out.split())
    assert not re.search("[а-яё]", ended.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "ru", "solve", "--help"),
        ("--lang=ru", "solve", "--help"),
        ("solve", "--lang", "ru", "--help"),
        ("solve", "--help", "--lang", "ru"),
        ("solve", "--lang", "en", "--help", "--lang=ru"),
    ],
)
def test_the_language_is_taken_wherever_it_stands(here: Here, arguments: tuple[str, ...]) -> None:
    assert here(*arguments).out.startswith("Использование: consortia solve [ПАРАМЕТРЫ] PROJECT")


def test_the_language_of_the_environment() -> None:
    assert process("--help", CONSORTIA_LANG="ru").out.startswith("Использование: consortia")
    assert process("--lang", "en", "--help", CONSORTIA_LANG="ru").out.startswith("Usage: consortia")


def test_notes_on_options_are_translated(here: Here) -> None:
    assert "[по умолчанию: 0; x>=0]" in " ".join(here("solve", "--help", "--lang", "ru").out.split())
    assert "[обязательно]" in " ".join(here("batch", "--help", "--lang", "ru").out.split())


def test_what_is_no_language_is_not_taken() -> None:
    assert asked_language(["solve", "--lang", "de"]) is None
    assert asked_language(["solve", "--lang"]) is None
    assert asked_language(["solve", "--", "--lang", "ru"]) is None
