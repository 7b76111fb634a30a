"""``consortia shares``: what crossing borders saves, what each member is worth, and who pays what is shared."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import Limit, check_folder, format_option, output_option, pool_option, project_argument, told
from consortia.cli.progress import ProgressLine
from consortia.cli.streams import Streams


@click.command("shares")
@project_argument
@pool_option
@click.option(
    "--of",
    type=click.Path(path_type=Path),
    metavar="OUTCOME.json",
    help="The consortium, an outcome in JSON; else the best one is found.",
)
@click.option("--solver", default="auto", show_default=True, help="See: consortia solvers.")
@click.option(
    "--time-limit", type=Limit(min=0), default=60, show_default=True, metavar="S", help="For all of it together."
)
@click.option("--effort-limit", type=Limit(min=0), metavar="N", help="For each question, in the solver's units.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Also of sampled orders.")
@click.option("--require", multiple=True, metavar="ID", help="A partner that must be in; may be given again.")
@click.option("--forbid", multiple=True, metavar="ID", help="A partner that must stay out; may be given again.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    of: Path | None,
    solver: str,
    time_limit: float,
    effort_limit: float | None,
    seed: int,
    require: tuple[str, ...],
    forbid: tuple[str, ...],
    form: str | None,
    output: Path | None,
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
            solver=solver,
            time_limit=time_limit,
            effort_limit=effort_limit,
            seed=seed,
            require=require,
            forbid=forbid,
            on_step=line if line.shown else None,
        )
    give(streams, form, output, found.to_dict, lambda page: write_shares(found, page))
    if found.consortium is None:
        return 3 if found.status is Status.INFEASIBLE else 4
    return 0
