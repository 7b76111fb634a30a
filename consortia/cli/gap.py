"""``consortia gap``: what a core of partners lacks, and who could bring it."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import Limit, check_folder, format_option, output_option, pool_option, project_argument, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("gap", cls=Command)
@project_argument
@pool_option
@click.option("--core", multiple=True, required=True, metavar="ID", help="A partner that is in; may be given again.")
@click.option("--complete/--no-complete", default=True, show_default=True, help="Find the least-cost completion too.")
@click.option("--solver", default="auto", show_default=True, help="For the completion.")
@click.option("--time-limit", type=Limit(min=0), default=60, show_default=True, metavar="S", help="For it.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    core: tuple[str, ...],
    complete: bool,
    solver: str,
    time_limit: float,
    form: str | None,
    output: Path | None,
) -> None:
    """Show what a core of partners already covers of PROJECT, what it lacks, and who could bring that at what cost."""
    check_folder(output)
    from consortia.gaps import find_gap
    from consortia.report.gaps import gap_data, write_gap

    names = [name.strip() for entry in core for name in entry.split(",") if name.strip()]
    gap = find_gap(project, pool, core=names)
    completion = None
    if complete:
        with ProgressLine(streams) as line:
            progress = line if line.shown and solver in ("auto", "cpsat") else None
            completion = gap.complete(solver=solver, time_limit=time_limit, on_progress=progress)
    give(
        streams,
        form,
        output,
        lambda: gap_data(gap, completion),
        lambda page: write_gap(gap, completion, page),
    )
