"""``consortia lint``: what is right by the file schema, and yet probably not meant."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import check_folder, format_option, output_option, pool_option, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

FOUND = 3


@click.command("lint", cls=Command)
@click.argument("source", type=click.Path(path_type=Path), metavar="POOL_OR_PROJECT")
@pool_option
@click.option(
    "--taxonomy",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look the competences of offers up in this pool file, such as `convert --from esco` writes.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if there is an error or a warning.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    source: Path,
    pool: Path | None,
    taxonomy: Path | None,
    strict: bool,
    form: str | None,
    output: Path | None,
) -> int:
    """Look through a pool, or a project with its pool, for what is probably not meant.

    Names that may stand for the same thing, levels out of scale, offers without a price, partners that can never be
    used, capabilities with too few suppliers. Nothing is changed. Exit code 0; with --strict 3 if there is more than
    notes.
    """
    check_folder(output)
    from consortia.linting import lint
    from consortia.report.linting import linting_data, write_linting

    found = lint(source, pool, taxonomy=taxonomy)
    give(
        streams,
        form,
        output,
        lambda: linting_data(found, streams.words),
        lambda page: write_linting(found, page),
    )
    return FOUND if strict and any(finding.severity != "note" for finding in found) else 0
