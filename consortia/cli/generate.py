"""``consortia generate``: a question from a seed; one subcommand a family, one option a parameter."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from consortia.cli.options import check_folder, standard_output, told
from consortia.cli.speaking import Command, Group, lang_option
from consortia.cli.streams import Streams
from consortia.cli.writing import write_data


class Families(Group):
    """The families of generated questions, with their parameters as options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the families."""
        from consortia.generate import FAMILIES

        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a family."""
        from consortia.generate import FAMILIES

        return _command(cmd_name) if cmd_name in FAMILIES else None


@click.group("generate", cls=Families)
@lang_option(hidden=True)
def command() -> None:
    """Make up a question of a documented family from a seed: the same seed gives the same bytes everywhere."""


def _command(kind: str) -> click.Command:
    from consortia.generate import FAMILIES

    family = FAMILIES[kind]

    @told
    def make(streams: Streams, seed: int, output: Path | None, **parameters: Any) -> None:
        check_folder(output)
        from consortia.generate import generate

        try:
            project = generate(kind, seed, **parameters)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        write_data(streams, project, output)

    options: list[click.Parameter] = [
        click.Option(["--seed"], type=click.IntRange(min=0), required=True, help="Which question of the family."),
        click.Option(
            ["-o", "--output"],
            type=click.Path(path_type=Path),
            callback=standard_output,
            help="The file: .yaml or .json; else stdout.",
        ),
        *(_option(entry) for entry in fields(family)),
        *getattr(make, "__click_params__", []),
    ]
    text = (family.__doc__ or "").strip().partition("\n\n")[0]
    return Command(kind, callback=make, params=options, help=text, short_help=text.partition(".")[0])


def _option(entry: Any) -> click.Option:
    flag = entry.name.replace("_", "-")
    text = entry.metadata.get("help", "")
    if isinstance(entry.default, bool):
        return click.Option([f"--{flag}/--no-{flag}", entry.name], default=entry.default, show_default=True, help=text)
    return click.Option(
        [f"--{flag}", entry.name], type=type(entry.default), default=entry.default, show_default=True, help=text
    )
