"""``consortia convert``: published or official data into project and pool files."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.options import check_folder, told
from consortia.cli.streams import Streams
from consortia.cli.writing import write_data

FORMATS = ("orlib-scp", "orlib-rail", "sscflp", "cordis", "csv")


@click.command("convert")
@click.option("--from", "source", type=click.Choice(FORMATS), required=True, help="The format of the sources.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file: .yaml or .json; else YAML on stdout.")
@told
def command(streams: Streams, source: str, sources: tuple[Path, ...], output: Path | None) -> None:
    """Turn published files into a project with its pool, and CORDIS exports or CSV tables into a pool.

    Converted questions ask for no level of cooperation.
    """
    check_folder(output)
    from consortia.files.convert import convert

    write_data(streams, convert(source, list(sources)), output)
