"""Help in the reader's language: click's words and ours are translated as they are shown.

The English stays in the code and is the key of the catalogue: docstrings a paragraph at a time, helps of options whole.
In English nothing is in between, and no catalogue is read.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import click

from consortia.cli.streams import Streams
from consortia.language import LANGUAGES, Language

Function = TypeVar("Function", bound=Callable[..., Any])
_NOTES = re.compile(r"(?P<help>.*?)(?:(?:^|  )\[(?P<notes>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\])?", re.DOTALL)
_PLACEHOLDER = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*")


def asked_language(arguments: Sequence[str]) -> str | None:
    """Return the language asked for anywhere on a command line, also behind ``--help`` or what is wrong.

    Examples
    --------
    >>> asked_language(["solve", "--help", "--lang", "ru"]), asked_language(["solve", "--", "--lang=ru"])
    ('ru', None)
    """
    options = list(arguments[: list(arguments).index("--")] if "--" in arguments else arguments)
    asked = [after for option, after in pairwise(options) if option == "--lang"]
    asked += [option.removeprefix("--lang=") for option in options if option.startswith("--lang=")]
    return next((lang for lang in reversed(asked) if lang in LANGUAGES), None)


def lang_option(hidden: bool = False) -> Callable[[Function], Function]:
    """Return the option ``--lang``."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        hidden=hidden,
        callback=_speak,
        help="Language of the output; by default that of the variable CONSORTIA_LANG, or en.",
    )


def _speak(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(Streams).speak(value)


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a help text, each in one line.

    Examples
    --------
    >>> paragraphs("Do this\n    and that.\n\n    Then end.")
    ['Do this and that.', 'Then end.']
    """
    return [" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n")]


class Formatter(click.HelpFormatter):
    """Writes help in another language than English."""

    def __init__(self, words: Language, width: int | None, max_width: int | None) -> None:
        super().__init__(width=width, max_width=max_width)
        self._words = words

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        super().write_usage(prog, self._placeholders(args), f"{self._words.translate('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(self._words.translate(heading))

    def write_text(self, text: str) -> None:
        """Write what a command does."""
        super().write_text("\n\n".join(map(self._words.translate, paragraphs(text))))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options, or commands, with what they mean."""
        translated = [(self._placeholders(name), self._meaning(text)) for name, text in rows]
        super().write_dl(translated, col_max, col_spacing)

    def _placeholders(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: self._words.translate(found[0]), text)

    def _meaning(self, text: str) -> str:
        """Translate the help of an option, and what click notes behind it in brackets."""
        found = _NOTES.fullmatch(text)
        if found is None or found["notes"] is None:
            return self._words.translate(text)
        notes = "; ".join(map(self._note, found["notes"].split("; ")))
        return f"{self._words.translate(found['help'])}  [{notes}]".lstrip()

    def _note(self, note: str) -> str:
        name, colon, value = note.partition(": ")
        return f"{self._words.translate(name)}{colon}{value}"


class Context(click.Context):
    """A context whose help is in the reader's language."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return click's own formatter in English, else one that translates."""
        streams = self.find_object(Streams)
        if streams is None or streams.words.code == "en":
            return super().make_formatter()
        return Formatter(streams.words, self.terminal_width, self.max_content_width)


class Command(click.Command):
    """A command whose help is in the reader's language."""

    context_class = Context


class Group(click.Group):
    """A group whose help is in the reader's language."""

    context_class = Context
    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries; in another language whole, since click cuts the English ones."""
        if not isinstance(formatter, Formatter):
            super().format_commands(ctx, formatter)
            return
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        summaries = [
            (name, paragraphs(command.help or "")[0]) for name, command in commands.items() if command is not None
        ]
        with formatter.section("Commands"):
            formatter.write_dl(summaries)
