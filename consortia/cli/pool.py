"""``consortia pool``: what is done with pools by themselves."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import check_folder, format_option, output_option, told
from consortia.cli.speaking import Group, lang_option
from consortia.cli.streams import Streams


@click.group("pool", cls=Group)
@lang_option(hidden=True)
def command() -> None:
    """Compare pools."""


@command.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@format_option
@output_option
@told
def diff(streams: Streams, before: Path, after: Path, form: str | None, output: Path | None) -> None:
    """Show what the pool AFTER says differently from the pool BEFORE.

    Competences, clusters, partners and their offers that are new, gone or changed, by their ids; of what changed, the
    old value and the new one. A pool is a file or a folder of CSV files, as for --pool elsewhere; the two may be of
    different kinds.
    """
    check_folder(output)
    from consortia.files import read_pool
    from consortia.pools.changes import pool_changes
    from consortia.report.pool_changes import pool_changes_data, write_pool_changes

    old, new = read_pool(before).model, read_pool(after).model
    changes = pool_changes(old, new)
    give(
        streams,
        form,
        output,
        lambda: pool_changes_data(changes, str(before), str(after)),
        lambda page: write_pool_changes(changes, old, new, page),
    )
