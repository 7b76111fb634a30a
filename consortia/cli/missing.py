"""``consortia missing``: the partner that would make a question feasible, or its answer cheaper."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import Limit, check_folder, format_option, output_option, pool_option, project_argument, told
from consortia.cli.progress import ProgressLine
from consortia.cli.streams import Streams


@click.command("missing")
@project_argument
@pool_option
@click.option(
    "--most", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="So many profiles, at most."
)
@click.option("--solver", default="auto", show_default=True, help="See: consortia solvers.")
@click.option(
    "--time-limit", type=Limit(min=0), default=60, show_default=True, metavar="S", help="For all of it together."
)
@click.option("--effort-limit", type=Limit(min=0), metavar="N", help="For each question, in the solver's units.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the searches.")
@click.option("--require", multiple=True, metavar="ID", help="A partner that must be in; may be given again.")
@click.option("--forbid", multiple=True, metavar="ID", help="A partner that must stay out; may be given again.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    most: int,
    solver: str,
    time_limit: float,
    effort_limit: float | None,
    seed: int,
    require: tuple[str, ...],
    forbid: tuple[str, ...],
    form: str | None,
    output: Path | None,
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
            solver=solver,
            time_limit=time_limit,
            effort_limit=effort_limit,
            seed=seed,
            require=require,
            forbid=forbid,
            on_step=line if line.shown else None,
        )
    give(streams, form, output, found.to_dict, lambda page: write_missing(found, page))
    if found.profiles:
        return 0
    return 3 if found.impossible else 4
