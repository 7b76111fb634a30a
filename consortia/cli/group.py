"""The commands, each imported when it is run: ``--help`` loads none of them."""

from __future__ import annotations

from importlib import import_module

import click

from consortia.cli.speaking import Group, lang_option

COMMANDS = {
    "template": "Write a workbook to fill in.",
    "solve": "Find a least-cost consortium and prove it.",
    "batch": "Solve many projects over one pool, one line of JSON each.",
    "check": "Check an outcome independently of any solver.",
    "screen": "Show who may supply what, and why the others may not.",
    "explain": "Say why there is no consortium: which requirements cannot be met together.",
    "repair": "Find the least that would have to change for there to be a consortium.",
    "gap": "Show what a core of partners lacks, and who could bring it.",
    "missing": "Describe the partner that would make a project feasible, or cheaper.",
    "shares": "Tell what crossing borders saves, and divide what members share.",
    "front": "Weigh objectives against each other: every trade-off, each proven.",
    "prices": "Tell at which price partners come in or can be replaced, and what rules cost.",
    "alternatives": "Find the cheapest consortia that differ, proven one by one.",
    "lint": "Look for what is probably not meant in a pool or a project.",
    "pool": "Compare pools.",
    "questionnaire": "Write a workbook in which a partner says what it offers.",
    "merge": "Take filled questionnaires into a pool.",
    "invite": "Write a page for each member of a consortium.",
    "convert": "Turn published or official data into project and pool files.",
    "generate": "Make up a question from a seed.",
    "bench": "Measure solvers side by side, and compare them.",
    "schema": "Print the JSON Schema of project or pool files.",
    "packs": "List the rule packs of funding programmes, or show one.",
    "solvers": "List the solvers and what each can do.",
}


class LazyGroup(Group):
    """A group whose commands live in modules of their own names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are introduced."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"consortia.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"consortia {installed_version()}")
        ctx.exit()


def installed_version() -> str:
    """Return the version of the package, or "source" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("consortia")
    except PackageNotFoundError:
        return "source"


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 a consortium, 3 proven infeasible, 4 nothing found within the limit, 2 bad input or "
    "usage, 1 an internal error, 130 interrupted with nothing found.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@lang_option(hidden=True)
def consortia() -> None:
    """Find proven least-cost consortia that cover every competence a project needs."""
