"""``consortia missing``: the partner that would make a question feasible, or its answer cheaper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from consortia.cli.answering import give
from consortia.cli.asking import asking
from consortia.cli.options import check_folder, format_option, output_option, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("missing", cls=Command)
@asking
@click.option(
    "--most", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="So many profiles, at most."
)
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    most: int,
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Describe the partner that would make PROJECT feasible, or cheaper, as a call that can be sent out."""
    check_folder(output)
    from consortia.explaining.profiles import missing
    from consortia.report.missing import write_missing

    with ProgressLine(streams) as line:
        found = missing(
            project,
            pool,
            most=most,
            on_step=line if line.shown else None,
            **limits,
        )
    give(streams, form, output, found.to_dict, lambda page: write_missing(found, page))
    if found.profiles:
        return 0
    return 3 if found.impossible else 4
