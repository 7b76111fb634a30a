"""``consortia convert``: published or official data into project and pool files."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.options import check_folder, standard_output, told
from consortia.cli.streams import Streams
from consortia.cli.writing import write_data

FORMATS = ("orlib-scp", "orlib-rail", "sscflp", "cordis", "csv")


@click.command("convert")
@click.option("--from", "source", type=click.Choice(FORMATS), required=True, help="The format of the sources.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option(
    "--project", "projects", multiple=True, metavar="ID", help="cordis: a project to join; may be given again."
)
@click.option(
    "--count", type=click.IntRange(min=1), metavar="N", help="cordis: how many projects to draw, if none named."
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="cordis: which ones to draw.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=standard_output,
    help="The file: .yaml or .json; else YAML on stdout.",
)
@told
def command(
    streams: Streams,
    source: str,
    sources: tuple[Path, ...],
    projects: tuple[str, ...],
    count: int | None,
    seed: int | None,
    output: Path | None,
) -> None:
    """Turn published questions and exports of CORDIS into a project with its pool, and CSV tables into a pool.

    For cordis, SOURCE is the folder of the export, or its organization.csv and topics.csv. Converted questions ask
    for no level of cooperation.
    """
    check_folder(output)
    given = {"projects": projects or None, "count": count, "seed": seed}
    options = {name: value for name, value in given.items() if value is not None}
    if options and source != "cordis":
        raise click.UsageError("--project, --count and --seed are for --from cordis")
    from consortia.files.convert import convert

    write_data(streams, convert(source, list(sources), **options), output)
