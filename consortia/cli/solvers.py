"""``consortia solvers``: which back ends there are and what each can do."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from consortia.cli.answering import give
from consortia.cli.options import format_option, told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.report.page import Page


@click.command("solvers", cls=Command)
@format_option
@told
def command(streams: Streams, form: str | None) -> None:
    """List the solvers, what each can do, and which of PuLP's are installed."""
    found = [_describe(name) for name in _names()]
    give(streams, form, None, lambda: {"solvers": [_plain(entry) for entry in found]}, lambda page: _write(found, page))


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "reason": str(entry["reason"])} if "reason" in entry else entry


def _names() -> list[str]:
    from consortia import solvers
    from consortia.errors import SolverUnavailable

    names = list(solvers.names())
    try:
        from consortia.solvers.pulp_versions import known
    except ImportError:
        return names
    place = names.index("milp") + 1
    others = {name.lower().partition("_")[0] for name in known()} - {"highs", "coin", "pulp"}
    inner = ["highs", "cbc", *sorted(others)]
    usable = []
    for name in inner:
        try:
            solvers.find(f"milp:{name}")
        except SolverUnavailable:
            continue
        usable.append(f"milp:{name}")
    return [*names[:place], *usable, *names[place:]]


def _describe(name: str) -> dict[str, Any]:
    from consortia import solvers
    from consortia.errors import SolverUnavailable

    try:
        solver = solvers.find(name)
    except SolverUnavailable as error:
        return {"name": name, "available": False, "reason": error.args[0]}
    abilities = {entry.name: getattr(solver.abilities, entry.name) for entry in fields(solver.abilities)}
    return {"name": name, "available": True, "versions": solver.versions(), "abilities": abilities}


def _write(found: list[dict[str, Any]], page: Page) -> None:
    words = page.words
    page.title(words.say("Solvers"))
    rows: list[list[object]] = []
    for entry in found:
        if not entry["available"]:
            rows.append([entry["name"], words.say("not available: {reason}", reason=entry["reason"])])
            continue
        abilities = dict(entry["abilities"])
        grade, options = abilities.pop("proof"), abilities.pop("options")
        parts = [words.say("proof: {grade}", grade=words.translate(grade or "none"))]
        parts += [words.translate(name.replace("_", " ")) for name, able in abilities.items() if able]
        text = ", ".join(parts)
        if options:
            text += "; " + words.say("options: {options}", options=", ".join(options))
        versions = ", ".join(f"{package} {version}" for package, version in entry["versions"].items())
        rows.append([entry["name"], f"{text} ({versions})" if versions else text])
    page.table([(words.say("Solver"), "left"), (words.say("What it can do"), "left")], rows)
    page.line(
        words.say(
            "What a solver cannot do it refuses. What each is for: docs/solvers.md; grades of proof: docs/proof.md."
        )
    )
