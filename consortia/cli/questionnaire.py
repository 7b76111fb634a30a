"""``consortia questionnaire``: a workbook that one partner fills in."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.options import check_folder, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("questionnaire", cls=Command)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE.xlsx", help="The workbook."
)
@click.option("--pool", type=click.Path(path_type=Path), help="Pool: its taxonomy, and what is known of the partner.")
@click.option("--partner", metavar="ID", help="Whom to ask; what the pool says of it is filled in already.")
@click.option(
    "--taxonomy", type=click.Path(path_type=Path), metavar="FILE", help="Choices of competences: a pool file."
)
@click.option("--project", type=click.Path(path_type=Path), metavar="FILE", help="Show what this project asks for.")
@told
def command(
    streams: Streams, output: Path, pool: Path | None, partner: str | None, taxonomy: Path | None, project: Path | None
) -> None:
    """Write a questionnaire: a workbook in which one partner says what it offers, at what price and how much.

    `consortia merge` takes the filled ones into a pool. The file is a pool with one partner: with --lang ru in Russian.
    """
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{output}: give the file a name that ends in .xlsx")
    if partner is not None and pool is None:
        raise click.UsageError("--partner is one of a pool: give --pool as well")
    check_folder(output)
    from consortia.files import read_pool, read_project
    from consortia.files.questionnaire import questionnaire
    from consortia.posing import check_known

    known = None if pool is None else read_pool(pool).model
    chosen = None
    if known is not None and partner is not None:
        check_known("--partner", [partner], [entry.id for entry in known.partners])
        chosen = next(entry for entry in known.partners if entry.id == partner)
    listed = known.competences if known is not None else ()
    if taxonomy is not None:
        listed = read_pool(taxonomy).model.competences
    asked = None if project is None else read_project(project).model
    currency = (known.currency if known is not None else None) or (asked.currency if asked is not None else None)
    streams.save(questionnaire(streams.words, chosen, taxonomy=listed, project=asked, currency=currency), output)
