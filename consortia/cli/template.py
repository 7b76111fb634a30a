"""``consortia template``: a workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.options import check_folder, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("template", cls=Command)
@click.option(
    "--taxonomy",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A pool file whose competences stand in the workbook, such as `convert --from esco` writes.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE.xlsx", help="The workbook."
)
@told
def command(streams: Streams, taxonomy: Path | None, output: Path) -> None:
    """Write a workbook to fill in: a project and its partners, with one small example that solves.

    Each column says in a comment what it means. --lang ru names sheets, columns and values in Russian; either
    language is read.
    """
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{output}: give the file a name that ends in .xlsx")
    check_folder(output)
    from consortia.files.template import template

    streams.save(template(streams.words.code, taxonomy), output)
