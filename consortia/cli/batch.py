"""``consortia batch``: many projects over one pool, their answers as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consortia.cli.options import Limit, Setting, Share, check_folder, standard_output, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.many.records import Run

INTERNAL, USAGE, INTERRUPTED = 1, 2, 130


@click.command("batch", cls=Command)
@click.argument("projects", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PROJECTS...")
@click.option("--pool", type=click.Path(path_type=Path), required=True, help="Pool: a file or a folder of CSV files.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=standard_output,
    help="The file for the answers; a run that was killed goes on with it. By default stdout.",
)
@click.option("--replace", is_flag=True, help="Begin the file anew, whatever it holds.")
@click.option("--brief", is_flag=True, help="Without who was left out and why: most of a line over a large pool.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes; by default one a core.")
@click.option("--solver", default="auto", show_default=True, help="As of solve, for each project.")
@click.option("--time-limit", type=Limit(min=0), metavar="S", help="Seconds for each project.")
@click.option("--effort-limit", type=Limit(min=0), metavar="E", help="A limit that gives the same answer again.")
@click.option(
    "--gap", type=Share(), default="0", metavar="G", help="Stop when proven this near to the least: 0.01 or 1%."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Of the search.")
@click.option("--require", multiple=True, metavar="ID", help="A partner that must be in; may be given again.")
@click.option("--forbid", multiple=True, metavar="ID", help="A partner that must stay out; may be given again.")
@click.option("--option", "options", type=Setting(), multiple=True, metavar="NAME=VALUE", help="Of the solver's own.")
@told
def command(
    streams: Streams,
    projects: tuple[Path, ...],
    pool: Path,
    output: Path | None,
    replace: bool,
    brief: bool,
    workers: int | None,
    solver: str,
    time_limit: float | None,
    effort_limit: float | None,
    gap: Fraction,
    seed: int,
    require: tuple[str, ...],
    forbid: tuple[str, ...],
    options: tuple[tuple[str, Any], ...],
) -> int:
    """Solve PROJECTS over one pool: project files, folders of them, and JSON Lines with a project a line.

    Exit code 0 when every project has an answer, also that there is no consortium; 2 when some of them are wrong.
    """
    check_folder(output)
    streams.resumable = output is not None and not replace
    from consortia.files import read_pool
    from consortia.files.jsonl import is_ours
    from consortia.many.crew import crew_of
    from consortia.many.records import Run, brief_line_of, line_of
    from consortia.many.sharing import share_out
    from consortia.many.sources import check_apart, written
    from consortia.many.work import Settings
    from consortia.prepared import PreparedPool

    settings = Settings.checked(
        solver=solver,
        time_limit=time_limit,
        effort_limit=effort_limit,
        gap=gap,
        seed=seed,
        require=require,
        forbid=forbid,
        options=dict(options),
    )
    loaded = read_pool(pool)
    prepared = PreparedPool(loaded.model, loaded.notes)
    settings.check_partners(prepared)
    for note in loaded.notes:
        streams.note(streams.words.write(note))
    asked = list(written(projects, [pool, *([output] if output is not None and is_ours(output) else [])]))
    if output is not None:
        check_apart(output, pool, asked)
    run = Run(asked, loaded.model, settings)
    if output is not None and not replace:
        run.resume(output)
    if run.done:
        streams.note(streams.words.say("{count} of {total} are done already", count=len(run.done), total=len(asked)))
    shape = brief_line_of if brief else line_of
    answers = share_out(run.left(), prepared, settings, shape, lambda: crew_of(None, workers))
    interrupted = False
    try:
        with _writing(streams, output, replace) as write:
            for line in answers:
                write(run.note(line))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        answers.close()
    _sum_up(streams, run, output)
    if interrupted:
        streams.note(_interrupted(streams, output, replace))
        return INTERRUPTED
    counts = run.counts()
    return INTERNAL if counts["internal error"] else USAGE if counts["error"] else 0


def _writing(streams: Streams, output: Path | None, anew: bool) -> AbstractContextManager[Callable[[str], None]]:
    if output is None:
        return nullcontext(lambda line: streams.answer(line + "\n", encoding="utf-8"))
    from consortia.files.jsonl import appending

    return appending(output, anew)


def _interrupted(streams: Streams, output: Path | None, replace: bool) -> str:
    """Say how to go on."""
    if output is None:
        return streams.words.say("Interrupted; with -o FILE the same command would go on.")
    if replace:
        return streams.words.say("Interrupted; what is done is kept, and the same command without --replace goes on.")
    return streams.words.say("Interrupted; what is done is kept, and the same command goes on.")


def _sum_up(streams: Streams, run: Run, output: Path | None) -> None:
    """Say what became of the projects."""
    counts, words = run.counts(), streams.words
    parts = [
        words.say("proven: {count}", count=counts["optimal"]),
        words.say("with a gap: {count}", count=counts["feasible"]),
        words.say("infeasible: {count}", count=counts["infeasible"]),
        words.say("nothing found: {count}", count=counts["unknown"]),
        words.say("errors: {count}", count=counts["error"] + counts["internal error"]),
    ]
    done = words.say("{count} of {total} projects", count=len(run.done), total=len(run.asked))
    streams.note(f"{done}: {', '.join(parts)}")
    if output is not None:
        streams.note(words.say("Written to {file}", file=output))
