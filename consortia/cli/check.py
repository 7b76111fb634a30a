"""``consortia check``: the verdict of the independent checker."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import check_folder, format_option, output_option, pool_option, project_argument, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

DOES_NOT_HOLD = 3


@click.command("check", cls=Command)
@project_argument
@click.argument("outcome", type=click.Path(path_type=Path))
@pool_option
@format_option
@output_option
@told
def command(
    streams: Streams, project: Path, outcome: Path, pool: Path | None, form: str | None, output: Path | None
) -> int:
    """Check the consortium in OUTCOME.json, and the costs stated there, against PROJECT.

    Everything is recomputed without a solver. Exit code 0 if it holds, 3 if it does not; each violation is a sentence.
    """
    check_folder(output)
    from consortia.checking import check
    from consortia.posing import pose
    from consortia.report.verdict import verdict_data, write_verdict

    instance = pose(project, pool)
    found = check(instance, outcome)
    give(
        streams,
        form,
        output,
        lambda: verdict_data(instance, found, streams.words),
        lambda page: write_verdict(instance, found, page),
    )
    return 0 if found.valid else DOES_NOT_HOLD
