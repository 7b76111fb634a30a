"""``consortia merge``: what partners have answered, taken into a pool."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import check_folder, format_option, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams
from consortia.cli.writing import write_pool


@click.command("merge", cls=Command)
@click.argument("pool", type=click.Path(path_type=Path))
@click.argument("filled", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILLED.xlsx...")
@click.option(
    "-o",
    "--output",
    "target",  # not the answer's own file, whose form its name would say
    type=click.Path(path_type=Path),
    required=True,
    metavar="NEWPOOL",
    help="The new pool: .yaml, .json or .xlsx, or a folder for CSV files.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which answers must still hold; by default today.",
)
@format_option
@told
def command(
    streams: Streams, pool: Path, filled: tuple[Path, ...], target: Path, on: datetime | None, form: str | None
) -> None:
    """Take filled questionnaires into POOL, and show what changed by them.

    What is blank in an answer stays as the pool has it; the offers are those of the answer. If anything is wrong with
    any of the files, all of it is told and nothing is written. The list of changes goes to stdout.
    """
    check_folder(None if target.is_dir() else target)
    from consortia.pools.changes import pool_changes
    from consortia.pools.merging import merge
    from consortia.report.merging import merging_data, write_merging

    before, merged = merge(pool, filled, date.today() if on is None else on.date())
    changes = pool_changes(before, merged.pool)
    write_pool(streams, merged.pool, target)
    give(
        streams,
        form,
        None,
        lambda: merging_data(merged, changes, str(pool), str(target), streams.words),
        lambda page: write_merging(merged, changes, before, page),
    )
