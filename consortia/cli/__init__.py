"""The command line: the only place that prints or exits.

Exit codes: 0 a consortium (or, of other commands, done), 1 an internal error, 2 bad input or usage, 3 proven
infeasible (of ``check``: the consortium does not hold), 4 nothing found within the limit, 130 interrupted with
nothing found, 141 the reader of stdout went away.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, and exit."""
    import sys

    from consortia.cli.running import leave, run

    leave(run(sys.argv[1:] if arguments is None else arguments))
