"""``consortia front``: the trade-offs between two or three objectives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consortia.cli.answering import give
from consortia.cli.asking import asking
from consortia.cli.options import check_folder, format_option, output_option, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.explaining.fronts import Front

OBJECTIVES = (
    *("cost", "members", "clusters", "reliability", "affinity", "value", "coordination"),
    *("grant", "own contribution", "total cost", "eligible cost"),
)
"""What a project can be weighed by from the command line, where there is no previous consortium to change."""


@click.command("front", cls=Command)
@asking
@click.option(
    "--of",
    "objectives",
    multiple=True,
    default=("cost", "members"),
    show_default=True,
    type=click.Choice(OBJECTIVES),
    help="An objective; given two or three times.",
)
@click.option(
    "--plot",
    "plots",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw it too, into a file called .svg or .png; may be given again.",
)
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    objectives: tuple[str, ...],
    plots: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Find every trade-off between objectives of PROJECT, each with a proven consortium."""
    if not 2 <= len(objectives) <= 3 or len(set(objectives)) < len(objectives):
        raise click.UsageError("--of is given two or three times, each time with another objective")
    for path in (output, *plots):
        check_folder(path)
    _check_plots(plots)
    from consortia.explaining.fronts import front
    from consortia.outcome import Status
    from consortia.report.fronts import write_front

    with ProgressLine(streams) as line:
        found = front(
            project,
            pool,
            objectives,
            on_step=line if line.shown else None,
            **limits,
        )
    give(streams, form, output, found.to_dict, lambda page: write_front(found, page))
    if found.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return 3 if found.status is Status.INFEASIBLE else 4
    _draw(found, plots, streams)
    return 0


def _draw(found: Front, plots: tuple[Path, ...], streams: Streams) -> None:
    if not plots:
        return
    from consortia.files.write import write_bytes
    from consortia.report.trade_offs import picture

    write_bytes({path: picture(found, path.suffix.lower(), streams.words) for path in plots})
    for path in plots:
        streams.note(streams.words.say("Written to {file}", file=path))


def _check_plots(plots: tuple[Path, ...]) -> None:
    """Refuse pictures that cannot be drawn, before any work is done for them."""
    if not plots:
        return
    from consortia.report.trade_offs import SUFFIXES, can_draw

    for path in plots:
        if path.suffix.lower() not in SUFFIXES:
            raise click.UsageError(f"{path}: give the file a name that ends in .svg or .png")
    if not can_draw():
        raise click.UsageError("plots need matplotlib: pip install consortia[bench]")
