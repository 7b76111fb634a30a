"""``consortia bench``: solvers on instances, each run in a process of its own, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from consortia.cli.options import Limit, Setting, format_option, told
from consortia.cli.speaking import Group, lang_option
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.bench.contestants import Ours

PUBLISHED = ("orlib-scp", "orlib-rail", "sscflp")


class Bench(Group):
    """A group in which ``run`` need not be said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` in front of what is no command."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("bench", cls=Bench, invoke_without_command=False)
@lang_option(hidden=True)
def command() -> None:
    """Measure solvers side by side: bench PATHS... --solver a --solver b -o FOLDER, then bench report FOLDER."""


@command.command("run")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATHS...")
@click.option(
    "--solver",
    "solvers",
    multiple=True,
    default=("auto",),
    show_default=True,
    metavar="NAME[,OPTION=VALUE...]",
    help="Who is measured; may be given again.",
)
@click.option("--time-limit", type=Limit(min=0), default=60.0, show_default=True, metavar="S", help="For each run.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder for the rows.")
@click.option("--seed", "seeds", type=click.IntRange(min=0), multiple=True, default=(0,), help="A run for each.")
@click.option("--from", "source", type=click.Choice(PUBLISHED), help="Format of files that are no projects.")
@click.option("--data", type=click.Path(path_type=Path), help="Published files of recipes; else CONSORTIA_DATA.")
@click.option("--grace", type=Limit(min=0), default=30.0, show_default=True, metavar="S", help="Then a run is killed.")
@click.option("--memory-limit", type=Limit(min=0), metavar="MB", help="Data that a run may have.")
@told
def run(
    streams: Streams,
    paths: tuple[Path, ...],
    solvers: tuple[str, ...],
    time_limit: float,
    output: Path,
    seeds: tuple[int, ...],
    source: str | None,
    data: Path | None,
    grace: float,
    memory_limit: float | None,
) -> None:
    """Run every solver on every instance of PATHS: project files, published files, folders, recipes of sets.

    A row is written when its run has ended; runs that the folder has already are not done again.
    """
    from consortia.bench.runner import bench, told_in_a_line
    from consortia.bench.sources import find

    streams.resumable = True
    bench(
        find(paths, source, data),
        [contestant(text) for text in dict.fromkeys(solvers)],
        output,
        limit=time_limit,
        seeds=tuple(dict.fromkeys(seeds)),
        grace=grace,
        memory=memory_limit,
        told=lambda row, done, plan: streams.note(told_in_a_line(row, done, plan)),
    )
    streams.note(streams.words.say("The rows are in {folder}", folder=output))


def contestant(text: str) -> Ours:
    """Read the name of a solver with its options: ``cpsat,workers=1``.

    Raises
    ------
    SolverUnavailable
        If there is no such solver.
    SolverRefused
        If it does not take one of the options.
    click.UsageError
        If an option is not of the form NAME=VALUE.
    """
    from consortia.bench.contestants import Ours
    from consortia.solvers import find
    from consortia.solvers.contract import Request, refuse

    name, *settings = text.split(",")
    setting = Setting()
    options = dict(setting.convert(entry, None, None) for entry in settings)
    refuse(find(name), Request(options=options))
    return Ours(name, options)


@command.command("report")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--best-known", type=click.Path(path_type=Path), help="A CSV file: file, best_known, proven_optimal.")
@click.option("--only", metavar="PATTERN", help="Only instances with such names, as in scp/scpa*.")
@click.option("--time-limit", type=Limit(min=0), metavar="S", help="Only runs under this limit.")
@format_option
@told
def report(
    streams: Streams,
    folder: Path,
    best_known: Path | None,
    only: str | None,
    time_limit: float | None,
    form: str | None,
) -> None:
    """Compare the solvers in FOLDER: report.md, solvers.csv, instances.csv and plots are written into it."""
    from consortia.bench.comparing import read_best_known
    from consortia.bench.plots import draw
    from consortia.bench.report import compare, write_files
    from consortia.bench.runner import read_rows
    from consortia.cli.answering import give

    known = {} if best_known is None else read_best_known(best_known)
    comparison = compare(read_rows(folder), known, only, time_limit)
    written = write_files(comparison, folder, streams.words)
    drawn, missing = draw(comparison, folder)
    give(streams, form, None, comparison.data, comparison.write)
    if missing is not None:
        streams.note(streams.words.write(missing))
    streams.note(streams.words.say("Written: {files}", files=", ".join(map(str, [*written, *drawn]))))
