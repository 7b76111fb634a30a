"""``consortia alternatives``: other consortia within a share of the least cost."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from consortia.cli.answering import give
from consortia.cli.asking import asking
from consortia.cli.options import Share, check_folder, format_option, output_option, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("alternatives", cls=Command)
@asking
@click.option("--count", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many.")
@click.option("--within", type=Share(), default="5%", show_default=True, help="How much dearer they may be.")
@click.option(
    "--distance", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="In how many they differ."
)
@click.option("--presence", is_flag=True, help="Tell who is in all of them, in some, in none; takes more solves.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    count: int,
    within: Fraction,
    distance: int,
    presence: bool,
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Find the cheapest consortia for PROJECT that differ in their members, proven one by one."""
    check_folder(output)
    from consortia.explaining.others import alternatives
    from consortia.report.others import ended, write_alternatives

    with ProgressLine(streams) as line:
        found = alternatives(
            project,
            pool,
            count=count,
            within=within,
            distance=distance,
            presence=presence,
            on_step=line if line.shown else None,
            **limits,
        )
    give(streams, form, output, found.to_dict, lambda page: write_alternatives(found, page))
    return ended(found.present)
