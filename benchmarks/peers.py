"""Run raw solvers, and ours beside them, on the same instances in one go: rows as ``consortia bench`` writes them.

    pip install -r benchmarks/requirements-peers.txt
    python benchmarks/peers.py benchmarks/sets/consortium-60x40.yaml --peer highs --solver auto -o results
    consortia bench report results

Without ``--peer`` all of them run. A peer that is not installed, or whose licence refuses, says so in its rows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from raw.contestant import Peer

from consortia.bench.contestants import Contestant
from consortia.bench.runner import GRACE, bench, told_in_a_line
from consortia.bench.sources import find
from consortia.cli.bench import PUBLISHED, contestant
from consortia.cli.options import Limit
from consortia.errors import ConsortiaError

PEERS = {
    peer.label: peer
    for peer in (
        Peer("cpsat-2", "cpsat", {"workers": 2}),
        Peer("cpsat-8", "cpsat", {"workers": 8}),
        Peer("cpsat-reduced", "cpsat", {"workers": 4, "subsolvers": ("max_lp", "reduced_costs")}),
        Peer("cpsat-pseudo", "cpsat", {"workers": 4, "subsolvers": ("max_lp", "pseudo_costs")}),
        Peer("highs", "highs"),
        Peer("highs-fix", "highs", {"fix": True}),
        Peer("scip", "scip"),
        Peer("cbc", "cbc"),
        Peer("gurobi", "gurobi"),
        Peer("copt", "copt"),
        Peer("pycft", "pycft"),
        Peer("set-cover", "setcover"),
    )
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    seconds = _as_in_bench(Limit(min=0))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATHS")
    parser.add_argument("--peer", action="append", choices=[*PEERS], help="may be given again; all by default")
    parser.add_argument("--solver", action="append", default=[], metavar="NAME[,OPTION=VALUE...]", help="one of ours")
    parser.add_argument("--time-limit", type=seconds, default=60.0)
    parser.add_argument(
        "--grace", type=seconds, default=GRACE, help="seconds over the limit, after which a run is killed"
    )
    parser.add_argument("--seed", type=_as_in_bench(click.IntRange(min=0)), action="append")
    parser.add_argument("--from", dest="form", choices=PUBLISHED)
    parser.add_argument("--data", type=Path, help="published files of recipes; else CONSORTIA_DATA")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args(arguments)
    try:
        contestants: list[Contestant] = [contestant(text) for text in dict.fromkeys(asked.solver)]
        contestants += [PEERS[name] for name in dict.fromkeys(asked.peer or PEERS)]
        bench(
            find(asked.paths, asked.form, asked.data),
            contestants,
            asked.output,
            limit=asked.time_limit,
            seeds=tuple(dict.fromkeys(asked.seed or (0,))),
            grace=asked.grace,
            told=lambda row, done, plan: print(told_in_a_line(row, done, plan), file=sys.stderr, flush=True),
        )
    except (ConsortiaError, click.UsageError) as error:
        print(error.format_message() if isinstance(error, click.UsageError) else error, file=sys.stderr)
        return 2
    return 0


def _as_in_bench(kind: click.ParamType) -> Callable[[str], Any]:
    """Return a reader of values that takes what an option of ``consortia bench`` takes."""

    def read(text: str) -> Any:
        try:
            return kind.convert(text, None, None)
        except click.UsageError as error:
            raise argparse.ArgumentTypeError(error.message) from None

    return read


if __name__ == "__main__":
    sys.exit(main())
