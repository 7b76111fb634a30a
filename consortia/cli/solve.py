"""``consortia solve``: the question in, a consortium and its proof out."""

from __future__ import annotations

import time
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consortia.cli.answering import give
from consortia.cli.forms import chosen_form, form_option
from consortia.cli.options import (
    Limit,
    Number,
    Setting,
    Share,
    check_folder,
    output_option,
    pool_option,
    project_argument,
    told,
)
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.outcome import Outcome

SOLVERS = ("auto", "prices", "search", "cpsat", "milp", "milp:NAME", "greedy", "exhaustive")
PICTURES = ("matrix", "network", "components", "clusters", "countries")
PICTURED = ("svg", "png")
PUBLISHED = ("orlib-scp", "orlib-rail", "sscflp")
NOTHING, INFEASIBLE, INTERRUPTED = 4, 3, 130


@click.command("solve", cls=Command)
@project_argument
@pool_option
@click.option("--from", "source", type=click.Choice(PUBLISHED), help="Read PROJECT as a file of a published format.")
@click.option("--solver", default="auto", show_default=True, help=f"{', '.join(SOLVERS)}.")
@click.option("--time-limit", type=Limit(min=0), metavar="S", help="Seconds for the solver.")
@click.option("--effort-limit", type=Limit(min=0), metavar="E", help="A limit that gives the same answer again.")
@click.option(
    "--gap", type=Share(), default="0", metavar="G", help="Stop when proven this near to the least: 0.01 or 1%."
)
@click.option("--cutoff", type=Number(), metavar="C", help="Look only for consortia that cost less.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Of the search.")
@click.option("--require", multiple=True, metavar="ID", help="A partner that must be in; may be given again.")
@click.option("--forbid", multiple=True, metavar="ID", help="A partner that must stay out; may be given again.")
@click.option(
    "--hint", type=click.Path(path_type=Path), help="Where to start: an outcome (JSON), or partners' ids, one a line."
)
@click.option("--previous", type=click.Path(path_type=Path), help="An outcome (JSON) to change as little as need be.")
@click.option("--keep", type=Number(), default="0", metavar="W", help="What avoiding one change is worth, in money.")
@click.option("--option", "options", type=Setting(), multiple=True, metavar="NAME=VALUE", help="Of the solver's own.")
@click.option("--prices", is_flag=True, help="Also say what capabilities and rules are worth at the margin.")
@click.option("--alternatives", "others", type=click.IntRange(min=1), metavar="N", help="Also the N next cheapest.")
@click.option("--entry-prices", is_flag=True, help="Also say what would let outsiders in, what members are worth.")
@click.option("--hide-rates", is_flag=True, help="A report that partners may see: nobody's prices or costs.")
@click.option(
    "--plot",
    "picture",
    type=click.Choice(PICTURES),
    default=PICTURES[0],
    show_default=True,
    help="What -o FILE.svg or .png shows.",
)
@form_option("xlsx", *PICTURED)
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    source: str | None,
    solver: str,
    time_limit: float | None,
    effort_limit: float | None,
    gap: Fraction,
    cutoff: Decimal | None,
    seed: int,
    require: tuple[str, ...],
    forbid: tuple[str, ...],
    hint: Path | None,
    previous: Path | None,
    keep: Decimal,
    options: tuple[tuple[str, Any], ...],
    prices: bool,
    others: int | None,
    entry_prices: bool,
    hide_rates: bool,
    picture: str,
    form: str | None,
    output: Path | None,
) -> int:
    """Find a least-cost consortium for PROJECT, and prove that none costs less.

    Exit code 0 with a consortium, 3 when it is proven that there is none, 4 when none was found within the limit.
    """
    check_folder(output)
    pictured = chosen_form(form, output) in PICTURED
    if hide_rates and (prices or others or entry_prices or pictured):
        raise click.UsageError("--hide-rates goes neither with prices nor with --alternatives nor with pictures")
    if pictured and (others or entry_prices):
        raise click.UsageError("pictures show neither --alternatives nor --entry-prices")
    from consortia.explaining.further import look_further
    from consortia.posing import pose
    from consortia.solving import solve

    question = _published(source, project, pool) if source is not None else project
    instance = pose(question, pool, require=require, forbid=forbid)
    if (form == "json" or output is not None) and not hide_rates:
        for note in instance.notes:
            streams.note(streams.words.write(note))
    began = time.monotonic()
    with ProgressLine(streams) as line:
        outcome = solve(
            instance,
            solver=solver,
            time_limit=time_limit,
            effort_limit=effort_limit,
            gap=gap,
            cutoff=cutoff,
            seed=seed,
            hint=None if hint is None else read_hint(hint, instance),
            previous=None if previous is None else _previous(previous),
            keep=keep,
            on_progress=line if line.shown else None,
            options=dict(options),
        )
        further = look_further(
            outcome,
            others=others or 0,
            entry_prices=entry_prices,
            solver=solver,
            time_limit=None if time_limit is None else max(0.0, time_limit - (time.monotonic() - began)),
            effort_limit=effort_limit,
            seed=seed,
            on_step=line if line.shown else None,
        )
    if further.interrupted:
        streams.note(streams.words.say("The search was interrupted; what else there is was not looked for to the end."))
    if outcome.consortium is None and pictured:
        streams.note(streams.words.say("There is no consortium, and so nothing to draw; ask for text, which says why."))
        return exit_code(outcome)
    if hide_rates:
        _give_discreetly(outcome, form, output, streams)
        return exit_code(outcome)
    from consortia.report.further import further_data
    from consortia.report.text import write_report
    from consortia.report.workbook import outcome_workbook

    give(
        streams,
        form,
        output,
        lambda: {**outcome.to_dict(prices=prices), **further_data(further)},
        lambda page: write_report(outcome, page, prices=prices, further=further),
        more={
            "xlsx": lambda: outcome_workbook(outcome, streams.words.code, prices=prices, further=further),
            **{name: partial(_picture, outcome, picture, name, streams) for name in PICTURED},
        },
    )
    return exit_code(outcome)


def exit_code(outcome: Outcome) -> int:
    """Return the exit code that says what is known."""
    if outcome.consortium is not None:
        return 0
    if outcome.status == "infeasible":
        return INFEASIBLE
    return INTERRUPTED if outcome.stopped == "interrupted" else NOTHING


def _give_discreetly(outcome: Outcome, form: str | None, output: Path | None, streams: Streams) -> None:
    """Give an answer that partners may see."""
    from consortia.report.discreet import discreet_data, write_discreet
    from consortia.report.discreet_workbook import discreet_workbook

    give(
        streams,
        form,
        output,
        lambda: discreet_data(outcome),
        lambda page: write_discreet(outcome, page),
        more={"xlsx": lambda: discreet_workbook(outcome, streams.words.code)},
    )


def _picture(outcome: Outcome, kind: str, form: str, streams: Streams) -> str | bytes:
    from consortia.report.plots import plot
    from consortia.report.png import png_file
    from consortia.report.svg import svg_file

    drawing = plot(outcome, kind, streams.words)
    return svg_file(drawing) if form == "svg" else png_file(drawing)


def _published(source: str, path: Path, pool: Path | None) -> Any:
    from consortia.files.published import read_published

    if pool is not None:
        raise click.UsageError("--pool cannot be given with --from: published files carry both sides")
    return read_published(source, path)


def _previous(path: Path) -> Consortium:
    from consortia.stated import read_answer

    return read_answer(path)[0]


def read_hint(path: Path, instance: Instance) -> Consortium | list[str]:
    """Read a hint: an outcome in its JSON form, or ids of partners, one a line; what follows a # is a remark.

    Raises
    ------
    SpecError
        If it can be read as neither, or names partners that the pool does not have.
    """
    from consortia.errors import Problem, SpecError
    from consortia.files.text import read_text
    from consortia.sentence import say
    from consortia.stated import read_answer

    text, _ = read_text(path)
    if text.lstrip().startswith("{"):
        return read_answer(path)[0]
    known = {*instance.partners, *(entry.partner for entry in instance.exclusions)}
    names, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        name = line.partition("#")[0].strip()
        if name and name not in known:
            problems.append(Problem(str(path), f"line {number}", say("there is no partner {partner}", partner=name)))
        elif name:
            names.append(name)
    if problems:
        raise SpecError(problems)
    return names
