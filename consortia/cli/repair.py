"""``consortia repair``: the least that would have to change for there to be a consortium."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from consortia.cli.answering import give
from consortia.cli.asking import asking
from consortia.cli.options import check_folder, format_option, output_option, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


class Weight(click.ParamType):  # type: ignore[type-arg]
    """What something weighs: ``NAME=NUMBER``; the last equals sign counts, since names may have some."""

    name = "weight"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Decimal | str]:
        """Read a name and a number; what is no number is refused with all other problems."""
        if isinstance(value, tuple):
            return value
        name, equals, text = str(value).rpartition("=")
        if not equals or not name.strip():
            self.fail(f"{value!r} is not of the form NAME=NUMBER", param, ctx)
        return name.strip(), text.strip()


@click.command("repair", cls=Command)
@asking
@click.option("--ways", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="How many to find.")
@click.option(
    "--weight",
    "weights",
    type=Weight(),
    multiple=True,
    metavar="NAME=W",
    help="What it weighs to touch a rule (its label), a capability (its id), the budget, ...; else 1.",
)
@click.option("--keep", multiple=True, metavar="NAME", help="What may not be touched; may be given again.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    ways: int,
    weights: tuple[tuple[str, str], ...],
    keep: tuple[str, ...],
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Find the least that would have to change in PROJECT for there to be a consortium, and the best compromise.

    Exit code 0 with a way to repair it, or where there is nothing to repair; 3 when it is proven that nothing that may
    be touched repairs it, 4 when no way was found within the limit.
    """
    check_folder(output)
    from consortia.explaining.repairs import repair
    from consortia.report.repairs import write_repair

    weighed = {**dict(weights), **dict.fromkeys(keep)}
    with ProgressLine(streams) as line:
        found = repair(project, pool, weights=weighed, ways=ways, on_step=line if line.shown else None, **limits)
    give(streams, form, output, found.to_dict, lambda page: write_repair(found, page))
    if found.status in ("feasible", "repaired"):
        return 0
    if found.status == "infeasible":
        return 3
    return 130 if found.stopped == "interrupted" else 4
