"""The forms in which an answer can be given, and the names of files that ask for them.

Every command that writes a page has the forms `PAGES` and JSON. What else a command can give it hands to `give`, as
``more={"xlsx": make}``, and names in `form_option`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

SUFFIXES = {
    ".json": "json",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
    ".svg": "svg",
    ".png": "png",
}
PAGES = ("text", "md", "html", "pdf")
BINARY = frozenset({"pdf", "xlsx", "png"})
"""Forms that are no text, and so never go to a terminal."""
_OFFERED = "consortia.forms"


def form_option(*more: str) -> Callable[[Any], Any]:
    """Return the option ``--format`` of a command that has the forms of all and some more."""
    return click.option(
        "--format",
        "form",
        type=click.Choice([PAGES[0], "json", *PAGES[1:], *more]),
        help="Form of the answer; without it as the name after -o says: text unless it ends as a form does.",
        callback=lambda ctx, parameter, value: _offered(ctx, value, (PAGES[0], "json", *PAGES[1:], *more)),
    )


def chosen_form(form: str | None, output: Path | None) -> str:
    """Return the form of the answer: as asked for, else as the name of the file says, else text."""
    if form is not None:
        return form
    return "text" if output is None else SUFFIXES.get(output.suffix.lower(), "text")


def _offered(ctx: click.Context, form: str | None, offered: tuple[str, ...]) -> str | None:
    """Keep what a command can give where `check_form` finds it."""
    ctx.meta[_OFFERED] = offered
    return form


def check_form(ctx: click.Context, form: str | None, output: Path | None) -> None:
    """Refuse a form that a command does not have, or that needs a file, before any work is done for it.

    Raises
    ------
    click.UsageError
    """
    chosen, offered = chosen_form(form, output), ctx.meta.get(_OFFERED)
    if offered is None:
        return
    if chosen not in offered:
        raise click.UsageError(f"{output}: this command gives no {chosen}; it gives {', '.join(offered)}")
    if chosen in BINARY and output is None:
        raise click.UsageError(f"--format {chosen} needs a file: -o FILE.{chosen}")
