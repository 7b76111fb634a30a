"""``consortia convert``: published or official data into project and pool files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from consortia.cli.options import check_folder, standard_output, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams
from consortia.cli.writing import write_data

FORMATS = ("orlib-scp", "orlib-rail", "sscflp", "cordis", "csv", "esco", "euroscivoc", "skos")
TAXONOMIES = FORMATS[-3:]


@click.command("convert", cls=Command)
@click.option(
    "--from",
    "source",
    type=click.Choice(FORMATS),
    help="The format of the sources; without it, a project or a pool as they are otherwise read.",
)
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option(
    "--project", "projects", multiple=True, metavar="ID", help="cordis: a project to join; may be given again."
)
@click.option(
    "--count", type=click.IntRange(min=1), metavar="N", help="cordis: how many projects to draw, if none named."
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="cordis: which ones to draw.")
@click.option(
    "--year",
    "years",
    multiple=True,
    type=click.IntRange(2000, 2099),
    metavar="YYYY",
    help="cordis: only projects of calls of that year; may be given again.",
)
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="CODE",
    help="cordis: only organisations there; may be given again.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="cordis: only such as sme; may be given again.")
@click.option(
    "--labels",
    multiple=True,
    metavar="LANGUAGE",
    help="Taxonomies: languages of labels, such as en; the first is that of ids. May be given again.",
)
@click.option("--ids", type=click.Choice(["label", "code"]), help="Taxonomies: what competences are called; label.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=standard_output,
    help="The file: .yaml, .json or .xlsx; else YAML on stdout.",
)
@told
def command(
    streams: Streams,
    source: str | None,
    sources: tuple[Path, ...],
    projects: tuple[str, ...],
    count: int | None,
    seed: int | None,
    years: tuple[int, ...],
    countries: tuple[str, ...],
    kinds: tuple[str, ...],
    labels: tuple[str, ...],
    ids: str | None,
    output: Path | None,
) -> None:
    """Turn published questions and exports of CORDIS into a project with its pool, and CSV tables into a pool.

    Taxonomies become a pool file with competences alone: esco from the folder of its CSV download, euroscivoc from a
    table of paths or RDF/XML, skos from RDF/XML.

    Without --from, SOURCE is a project, which gets its pool inline, or a pool: so a workbook becomes YAML, and YAML a
    workbook in the language of --lang.

    For cordis, SOURCE is the folder of the export, or its organization.csv and topics.csv. Converted questions ask
    for no level of cooperation.
    """
    check_folder(output)
    given: dict[str, Any] = {"projects": projects or None, "count": count, "seed": seed}
    given |= {"years": years or None, "countries": countries or None, "kinds": kinds or None}
    options = {name: value for name, value in given.items() if value is not None}
    if options and source != "cordis":
        raise click.UsageError("--project, --count, --seed, --year, --country and --kind are for --from cordis")
    named = {name: value for name, value in (("labels", labels or None), ("ids", ids)) if value is not None}
    if named and source not in TAXONOMIES:
        raise click.UsageError(f"--labels and --ids are for --from {', '.join(TAXONOMIES)}")
    options |= named
    if source is None:
        if len(sources) != 1:
            raise click.UsageError("without --from, name one project or one pool")
        _rewrite(streams, sources[0], output)
        return
    from consortia.files.convert import convert

    write_data(streams, convert(source, list(sources), **options), output)


def _rewrite(streams: Streams, source: Path, output: Path | None) -> None:
    """Read a project with its pool, or a pool, and write it in another form."""
    from consortia.files.plain import plain
    from consortia.files.reading import read_either

    asked, offered = read_either(source)
    for loaded in (asked, offered):
        for note in loaded.notes if loaded is not None else ():
            streams.note(streams.words.write(note))
    model = offered.model if asked is None else asked.model.model_copy(update={"pool": offered.model})
    write_data(streams, plain(model), output)
