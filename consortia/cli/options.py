"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from consortia.cli.forms import check_form, form_option
from consortia.cli.forms import chosen_form as chosen_form
from consortia.cli.speaking import lang_option
from consortia.cli.streams import Streams

Function = TypeVar("Function", bound=Callable[..., Any])


class Share(click.ParamType):  # type: ignore[type-arg]
    """A share: ``0.01`` or ``1%``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """Read a share."""
        if isinstance(value, Fraction | int):
            return Fraction(value)
        text = str(value).strip().replace(",", ".")
        try:
            share = Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)
        except (ValueError, ZeroDivisionError):
            self.fail(f"{value!r} is not a share; write 0.01 or 1%", param, ctx)
        if not 0 <= share < 1:
            self.fail(f"{value!r} is not between 0 and 1 (or 0% and 100%)", param, ctx)
        return share


class Limit(click.FloatRange):
    """A finite number that is not negative."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class Number(click.ParamType):  # type: ignore[type-arg]
    """An exact decimal number."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read a number."""
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            self.fail(f"{value!r} is not a number; write digits with a decimal point, such as 1200.50", param, ctx)
        if not number.is_finite():
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class Setting(click.ParamType):  # type: ignore[type-arg]
    """An option of a solver's own: ``NAME=VALUE``."""

    name = "setting"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:
        """Read a name and a value: true or false, a number, or a text."""
        name, equals, text = str(value).partition("=")
        if not equals or not name.strip():
            self.fail(f"{value!r} is not of the form NAME=VALUE", param, ctx)
        return name.strip(), _plain(text.strip())


def _plain(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _debug(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Streams).debug = True


def standard_output(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Take the names of stdout for stdout."""
    return None if value is not None and str(value) in ("-", "/dev/stdout", "/dev/fd/1") else value


def told(function: Function) -> Function:
    """Give a command the streams, ``--lang`` and ``--debug``, and keep stdout for its answer."""

    @lang_option()
    @click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_debug,
        help="Show the traceback of errors.",
    )
    @click.pass_context
    @wraps(function)
    def command(ctx: click.Context, *arguments: Any, **options: Any) -> Any:
        streams = ctx.ensure_object(Streams)
        streams.begin()
        check_form(ctx, options.get("form"), options.get("output"))
        return function(streams, *arguments, **options)

    return command  # type: ignore[return-value]


project_argument = click.argument("project", type=click.Path(path_type=Path))
pool_option = click.option(
    "--pool", type=click.Path(path_type=Path), help="Pool: a file or a folder of CSV files; else the project's own."
)
format_option = form_option()
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=standard_output,
    help="Write the answer into a file instead of stdout; - is stdout.",
)


def check_folder(output: Path | None) -> None:
    """Refuse a file that could not be written, before any work is done for it.

    Raises
    ------
    SpecError
        If its folder does not exist, or it is a folder itself.
    """
    from consortia.errors import Problem, SpecError
    from consortia.sentence import say

    if output is None:
        return
    if not output.parent.is_dir():
        message = say("there is no folder {folder} to write to", folder=str(output.parent))
        raise SpecError([Problem(str(output), "", message, say("Make it, or correct the path"))])
    if output.is_dir():
        message = say("this is a folder, and a file is to be written")
        raise SpecError([Problem(str(output), "", message, say("Name a file in it"))])
