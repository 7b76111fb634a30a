"""Options of commands that ask a solver many questions about one project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from consortia.cli.options import Limit, pool_option, project_argument

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    project_argument,
    pool_option,
    click.option("--solver", default="auto", show_default=True, help="See: consortia solvers."),
    click.option(
        "--time-limit", type=Limit(min=0), default=60, show_default=True, metavar="S", help="For all of it together."
    ),
    click.option("--effort-limit", type=Limit(min=0), metavar="E", help="For each question, in the solver's units."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the search."),
    click.option("--require", multiple=True, metavar="ID", help="A partner that must be in; may be given again."),
    click.option("--forbid", multiple=True, metavar="ID", help="A partner that must stay out; may be given again."),
)


def asking(function: Function) -> Function:
    """Give a command the project, the pool, and the limits on all that is asked."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
