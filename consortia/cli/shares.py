"""``consortia shares``: what crossing borders saves, what each member is worth, and who pays what is shared."""

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


@click.command("shares", cls=Command)
@asking
@click.option(
    "--of",
    type=click.Path(path_type=Path),
    metavar="OUTCOME.json",
    help="The consortium, an outcome in JSON; else the best one is found.",
)
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    of: Path | None,
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Tell whether the consortium of PROJECT is worth it, and divide what its members share in three ways."""
    check_folder(output)
    from consortia.explaining.fairness import shares
    from consortia.outcome import Status
    from consortia.report.shares import write_shares

    with ProgressLine(streams) as line:
        found = shares(
            project,
            pool,
            of=of,
            on_step=line if line.shown else None,
            **limits,
        )
    give(streams, form, output, found.to_dict, lambda page: write_shares(found, page))
    if found.consortium is None:
        return 3 if found.status is Status.INFEASIBLE else 4
    return 0
