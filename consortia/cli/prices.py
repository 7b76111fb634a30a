"""``consortia prices``: at which price outsiders come in, members are replaced, and rules could go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from consortia.cli.answering import give
from consortia.cli.asking import asking
from consortia.cli.options import check_folder, format_option, output_option, told
from consortia.cli.progress import ProgressLine
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("prices", cls=Command)
@asking
@click.option("--rules/--no-rules", default=True, show_default=True, help="Find what each rule costs, too.")
@click.option("--capabilities", is_flag=True, help="Find what each capability costs, too.")
@click.option("--ranges", is_flag=True, help="Find within which prices of its offers the members stay the same.")
@click.option(
    "--offer",
    "offers",
    multiple=True,
    metavar="PARTNER:OFFER",
    help="Find that range for an offer, of a member or not; may be given again.",
)
@click.option("--multipliers", is_flag=True, help="Show the prices at the margin beside the exact ones.")
@format_option
@output_option
@told
def command(
    streams: Streams,
    project: Path,
    pool: Path | None,
    rules: bool,
    capabilities: bool,
    ranges: bool,
    offers: tuple[str, ...],
    multipliers: bool,
    form: str | None,
    output: Path | None,
    **limits: Any,
) -> int:
    """Tell at which price each partner of PROJECT would come in or could be replaced, and what each rule costs."""
    pairs = [tuple(part.strip() for part in entry.split(":", 1)) for entry in offers]
    wrong = [entry for entry, pair in zip(offers, pairs, strict=True) if len(pair) != 2 or not all(pair)]
    if wrong:
        raise click.UsageError(f"{wrong[0]!r} is not of the form PARTNER:OFFER")
    if ranges and offers:
        raise click.UsageError("--ranges is for the offers of the consortium; with --offer name others instead")
    check_folder(output)
    from consortia.explaining.entries import prices
    from consortia.report.entries import write_price_list
    from consortia.report.others import ended

    with ProgressLine(streams) as line:
        found = prices(
            project,
            pool,
            rules=rules,
            capabilities=capabilities,
            ranges=[(pair[0], pair[1]) for pair in pairs] if pairs else ranges,
            on_step=line if line.shown else None,
            **limits,
        )
    give(
        streams,
        form,
        output,
        lambda: found.to_dict(multipliers=multipliers),
        lambda page: write_price_list(found, page, multipliers),
    )
    return ended(found.present)
