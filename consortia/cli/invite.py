"""``consortia invite``: a page for each member of a consortium."""

from __future__ import annotations

from pathlib import Path

import click

from consortia.cli.options import check_folder, pool_option, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

FORMS = ("html", "md", "text", "pdf")


@click.command("invite", cls=Command)
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.json")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help="Where; made if need be."
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    help="The project that RESULT is of: gives names, work packages and who holds what; RESULT must hold for it.",
)
@pool_option
@click.option("--format", "form", type=click.Choice(FORMS), default="html", show_default=True, help="Of the pages.")
@told
def command(streams: Streams, result: Path, output: Path, project: Path | None, pool: Path | None, form: str) -> None:
    """Write a page for each member of the consortium in RESULT.json: its role, tasks, person-months and budget.

    Of the others a page says who they are, and no amount.
    """
    if pool is not None and project is None:
        raise click.UsageError("--pool is that of a project: give --project as well")
    if output.exists() and not output.is_dir():
        raise click.UsageError(f"{output}: this is a file, and a folder is to be written")
    check_folder(None if output.is_dir() else output)
    from consortia.files.write import write_folder
    from consortia.inviting import invitations
    from consortia.posing import pose
    from consortia.report.invitations import invitation_files

    instance = None if project is None else pose(project, pool)
    files = invitation_files(invitations(result, instance), form, streams.words)
    write_folder(output, files)
    streams.note(streams.words.say("Files written to {folder}: {count}", folder=output, count=len(files)))
