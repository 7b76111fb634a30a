"""``consortia screen``: who may supply what, and why the others may not."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import check_folder, format_option, output_option, pool_option, project_argument, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("screen", cls=Command)
@project_argument
@pool_option
@format_option
@output_option
@told
def command(streams: Streams, project: Path, pool: Path | None, form: str | None, output: Path | None) -> None:
    """Show who of the pool may supply what PROJECT asks for, and why the others may not.

    Capabilities that nobody, or too few, can supply come first.
    """
    check_folder(output)
    from consortia.posing import pose
    from consortia.report.screening import screening_data, write_screening

    instance = pose(project, pool)
    give(
        streams,
        form,
        output,
        lambda: screening_data(instance, streams.words),
        lambda page: write_screening(instance, page),
    )
