"""``consortia packs``: the rule packs that come with `consortia`."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.answering import give
from consortia.cli.options import format_option, output_option, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("packs", cls=Command)
@click.argument("name", required=False)
@format_option
@output_option
@told
def command(streams: Streams, name: str | None, form: str | None, output: Path | None) -> None:
    """List the rule packs of funding programmes, or show the pack NAME rule by rule."""
    from consortia import packs
    from consortia.report.packs import pack_data, write_list, write_pack

    if name is None:
        loaded = {each: packs.load(each) for each in packs.names()}
        shown = {each: {"title": pack.title, "as_of": pack.as_of} for each, pack in loaded.items()}
        give(streams, form, output, lambda: shown, lambda page: write_list(loaded, page))
        return
    if name not in packs.names():
        raise click.UsageError(f"there is no rule pack {name!r}; there are {', '.join(packs.names())}")
    pack = packs.load(name)
    give(streams, form, output, lambda: pack_data(pack), lambda page: write_pack(pack, page))
