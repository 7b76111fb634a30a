"""What comes of a folder of rows: tables as text, Markdown and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consortia.bench.comparing import Case, Known, Standing, cases, contradictions, standing, virtual
from consortia.bench.rows import ABSENT, FAILURES, Row
from consortia.errors import Problem, SpecError
from consortia.files.write import write_text
from consortia.sentence import Sentence, say

if TYPE_CHECKING:
    from consortia.language import Language
    from consortia.report.page import Page

_SHOWN = 20  # failures and contradictions of each kind

TIMES = ("Solver", "taken", "proved", "found", "failed", "mean s", "x best", "overrun s", "MB")
COSTS = ("Solver", "at best", "cost gap %", "proven gap %", "primal s", "dual s")
MEANING = (
    "taken: questions that the solver did not refuse; proved: least cost or infeasibility proven; found: a consortium "
    "that the checker passed.",
    "mean s: shifted geometric mean (shift 1 s) of the time from the Instance to the proof; unproved, refused and "
    "failed count as the limit. x best: times that of the virtual best, who picks the best solver for each question.",
    "cost gap: of the cost to the best known; proven gap: of the solver's bound to its own cost; 100 where there is "
    "none. primal s, dual s: integrals of the gap of cost and bound to the best known cost, up to the limit.",
)


@dataclass(frozen=True)
class Comparison:
    """Solvers side by side.

    Attributes
    ----------
    among : list of Case
        The instances that all solvers were given.
    standings : list of Standing
        Best mean time first, the virtual best last.
    shared : list of Standing
        The same on the questions that every solver took, where these are fewer.
    absent : mapping of str to str
        Solvers that took no question, and why.
    failures : list of str
    contradicted : list of Sentence
    left_out : int
        Instances that not every solver has been given yet.
    cores : str
    versions : mapping of str to str
    """

    among: list[Case]
    standings: list[Standing]
    shared: list[Standing]
    absent: Mapping[str, str]
    failures: list[str]
    contradicted: list[Sentence]
    left_out: int
    cores: str
    versions: Mapping[str, str]

    @property
    def solvers(self) -> list[str]:
        """Those who took part, best mean time first."""
        return [standing.solver for standing in self.standings[:-1]]

    def data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "solvers": [asdict(standing) for standing in self.standings],
            "taken by all": [asdict(standing) for standing in self.shared],
            "absent": dict(self.absent),
            "failures": self.failures,
            "contradictions": list(map(str, self.contradicted)),
            "instances": len(self.among),
            "left out": self.left_out,
            "versions": dict(self.versions),
        }

    def write(self, page: Page) -> None:
        """Write the tables on a page."""
        words = page.words
        page.title(
            words.say("Questions: {count}, solvers: {solvers}", count=len(self.among), solvers=len(self.solvers))
        )
        if page.roomy:
            page.line(words.write(self._conditions()))
        for found, title in self._parts():
            page.heading(title, count=_count(found))
            for columns, rows in ((TIMES, _times(found)), (COSTS, _costs(found))):
                kinds = [(words.translate(name), "right" if place else "left") for place, name in enumerate(columns)]
                page.table(kinds, rows)
        if page.roomy:
            page.points(words.say(text) for text in MEANING)
        for title, lines in self._remarks():
            more = [words.say("and {count} more", count=len(lines) - _SHOWN)] if len(lines) > _SHOWN else []
            page.heading(title)
            page.points([*map(words.write, lines[:_SHOWN]), *more])

    def _conditions(self) -> Sentence:
        return say(
            "Limit: {limits} s; cores: {cores}; {versions}.",
            limits=", ".join(f"{limit:g}" for limit in sorted({case.limit for case in self.among})),
            cores=self.cores,
            versions=", ".join(f"{name} {number}" for name, number in self.versions.items()),
        )

    def _parts(self) -> list[tuple[list[Standing], str]]:
        parts = [(self.standings, "All questions")]
        return [*parts, (self.shared, "Questions that every solver took: {count}")] if self.shared else parts

    def _remarks(self) -> list[tuple[str, Sequence[Sentence | str]]]:
        impossible = sum(case.impossible for case in self.among)
        left_out = [
            (self.left_out, "questions that not every solver has been given: {count}"),
            (impossible, "of gaps and integrals, questions that are proven to have no consortium: {count}"),
        ]
        found: list[tuple[str, Sequence[Sentence | str]]] = [
            ("Claims that contradict each other", self.contradicted),
            ("Runs that failed", self.failures),
            ("Solvers that took no question", [f"{name}: {reason}" for name, reason in self.absent.items()]),
            ("Left out", [say(text, count=count) for count, text in left_out if count]),
        ]
        return [(title, lines) for title, lines in found if lines]


def compare(
    rows: Sequence[Row], known: Mapping[str, Known], only: str | None = None, limit: float | None = None
) -> Comparison:
    """Compare the solvers of some rows.

    Parameters
    ----------
    rows : sequence of Row
    known : mapping of str to Known
        Best known costs by instance.
    only : str, optional
        Only instances whose names match this pattern.
    limit : float, optional
        Only runs under this limit, in seconds.

    Raises
    ------
    SpecError
        If there is nothing to compare.
    """
    asked = [row for row in rows if limit in (None, row.limit)]
    by_solver: dict[str, list[Row]] = {}
    for row in asked:
        by_solver.setdefault(row.solver, []).append(row)
    absent = {
        name: found[0].reason or found[0].status
        for name, found in by_solver.items()
        if all(row.status in ABSENT for row in found)
    }
    among, left_out = cases([row for row in asked if row.solver not in absent], known, only)
    if not among:
        raise SpecError([_nothing(rows, limit)])
    solvers = [name for name in by_solver if name in among[0].rows]
    taken = [case for case in among if all(row.status not in ABSENT for row in case.rows.values())]
    present = [row for case in among for row in case.rows.values()]
    failed = [f"{row.instance}, {row.solver}: {row.status}. {row.reason}" for row in present if row.status in FAILURES]
    return Comparison(
        among,
        _ranked(solvers, among),
        _ranked(solvers, taken) if 0 < len(taken) < len(among) else [],
        absent,
        failed,
        contradictions(among, known),
        left_out,
        "/".join(map(str, sorted({row.cores for row in present if row.cores}))) or "?",
        _versions(present),
    )


def _nothing(rows: Sequence[Row], limit: float | None) -> Problem:
    """Say why there is nothing to compare."""
    limits: dict[str, set[float]] = {}
    for row in rows:
        limits.setdefault(row.solver, set()).add(row.limit)
    every = {row.limit for row in rows}
    if not rows or (all(found == every for found in limits.values()) and limit in (None, *every)):
        message = say("there is no question that every solver has been given")
        return Problem("FOLDER", "", message, say("Run consortia bench first, with -o and this folder"))
    there = "; ".join(f"{name}: {', '.join(f'{each:g}' for each in sorted(limits[name]))}" for name in limits)
    message = say(
        "there is no question that every solver has been given under one limit (in seconds, {limits})", limits=there
    )
    remedy = say("Run all under the same --time-limit, or give it to the report as well, to compare those that had it")
    return Problem("FOLDER", "", message, remedy)


def _versions(rows: Sequence[Row]) -> dict[str, str]:
    """Return the versions of all packages; of one that was changed between two runs, all that there were."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, number in row.versions.items():
            found.setdefault(name, {})[number] = None
    return {name: "/".join(sorted(found[name])) for name in sorted(found)}


def _ranked(solvers: Sequence[str], among: Sequence[Case]) -> list[Standing]:
    found = sorted((standing(name, among) for name in solvers), key=lambda one: (one.seconds, -one.proved))
    return [*found, virtual(solvers, among)]


def _count(found: Sequence[Standing]) -> int:
    return max(one.taken for one in found)


def _times(found: Sequence[Standing]) -> list[list[str]]:
    best = max(found[-1].seconds, 1e-9)
    return [
        [
            one.solver,
            str(one.taken),
            str(one.proved),
            str(one.found),
            str(one.failed),
            f"{one.seconds:.3g}" if one.seconds < 100 else f"{one.seconds:.0f}",
            f"{one.seconds / best:.2f}",
            f"{one.overrun:.1f}",
            "" if one.memory is None else f"{one.memory:.0f}",
        ]
        for one in found
    ]


def _costs(found: Sequence[Standing]) -> list[list[str]]:
    return [
        [
            one.solver,
            str(one.at_best),
            _shown(one.cost_gap, 3, 100),
            _shown(one.proven_gap, 3, 100),
            _shown(one.primal, 2),
            _shown(one.dual, 2),
        ]
        for one in found
    ]


def _shown(value: float | None, places: int, times: int = 1) -> str:
    return "" if value is None else f"{times * value:.{places}f}"


def write_files(comparison: Comparison, folder: Path, words: Language) -> list[Path]:
    """Write ``report.md``, ``solvers.csv`` and ``instances.csv``; the last can be given as ``--best-known`` later.

    Parameters
    ----------
    comparison : Comparison
    folder : Path
    words : Language
        Of ``report.md``; the tables are for programs.
    """
    from consortia.report.pages import page_file

    report = page_file("md", words, comparison.write)
    assert isinstance(report, str)
    solvers = [list(asdict(comparison.standings[0])), *(list(asdict(one).values()) for one in comparison.standings)]
    texts = {
        folder / "report.md": report,
        folder / "solvers.csv": _csv(solvers),
        folder / "instances.csv": _csv(_instances(comparison)),
    }
    write_text(texts)
    return [*texts]


def _instances(comparison: Comparison) -> list[list[object]]:
    head: list[object] = ["file", "best_known", "proven_optimal", "hash", "limit"]
    for name in comparison.solvers:
        head += [f"{name} {what}" for what in ("status", "cost", "bound", "seconds to proof", "seconds to best", "MB")]
    lines = [head]
    for case in comparison.among:
        rows = [case.rows[name] for name in comparison.solvers]
        proved = any(row.solved and row.cost is not None and row.cost == case.reference for row in rows)
        line: list[object] = [case.instance, _exact(case.reference), "proved" if proved else "no"]
        line += [next((row.hash for row in rows if row.hash), ""), case.limit]
        for row in rows:
            seconds = "" if case.proved(row.solver) == inf else row.proved
            line += [row.status, row.cost, row.bound, seconds, row.best, row.memory]
        lines.append(line)
    return lines


def _exact(cost: float | None) -> object:
    return int(cost) if cost is not None and cost == int(cost) else cost


def _csv(lines: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
