"""``consortia explain``: why there is no consortium."""

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


@click.command("explain", cls=Command)
@asking
@format_option
@output_option
@told
def command(
    streams: Streams, project: Path, pool: Path | None, form: str | None, output: Path | None, **limits: Any
) -> int:
    """Say why there is no consortium for PROJECT: what nobody has, and which requirements cannot be met together.

    Exit code 0 with an explanation, or where there is a consortium; 4 when neither was found within the limit.
    """
    check_folder(output)
    from consortia.explaining.conflicts import explain
    from consortia.report.conflicts import write_explanation

    with ProgressLine(streams) as line:
        found = explain(project, pool, on_step=line if line.shown else None, **limits)
    give(streams, form, output, found.to_dict, lambda page: write_explanation(found, page))
    if found.status != "unknown":
        return 0
    return 130 if found.stopped == "interrupted" else 4
