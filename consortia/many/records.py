"""Results as JSON Lines: one line a project, written as they come, so that a run that was killed can go on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consortia.errors import InternalError, Problem, SpecError
from consortia.files.jsonl import read_records, write_records
from consortia.many.sources import Written
from consortia.many.work import Question, Result, Settings
from consortia.sentence import say
from consortia.spec.pool import Pool

ERRORS = ("error", "internal error")
"""Kinds of results that are no answers."""


@dataclass(frozen=True)
class Line:
    """What is written of a result, but for its name: its kind, and its JSON object without the opening bracket."""

    position: int
    kind: str
    body: str


def brief_line_of(result: Result) -> Line:
    """Make a line of a result, without who was left out."""
    return line_of(result, excluded=False)


def line_of(result: Result, excluded: bool = True) -> Line:
    """Make a line of a result: the outcome in its own JSON form, or the error."""
    if result.outcome is not None:
        return Line(result.position, result.outcome.status.value, _body(result.outcome.to_dict(excluded=excluded)))
    error = result.error
    problems = error.problems if isinstance(error, SpecError) else ()
    told = [
        {
            "file": problem.file,
            "place": problem.place,
            "message": str(problem.message),
            "remedy": None if problem.remedy is None else str(problem.remedy),
        }
        for problem in problems
    ]
    kind = "internal error" if isinstance(error, InternalError) else "error"
    return Line(result.position, kind, _body({"error": str(error), "kind": kind, "problems": told}))


def _body(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)[1:]


@dataclass
class Run:
    """One run over some projects, and what earlier ones have done of it.

    Parameters
    ----------
    asked : sequence of Written
    pool : Pool
    settings : Settings

    Attributes
    ----------
    questions : dict of str to str
        For each project, by name, the digest of all that decides its answer.
    done : dict of str to str
        For each project that has its answer, its kind.
    """

    asked: list[Written]
    pool: Pool
    settings: Settings
    questions: dict[str, str] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        common = hashlib.sha256(self.pool.model_dump_json().encode())
        common.update(repr(self.settings).encode())
        for project in self.asked:
            digest = common.copy()
            digest.update(project.digest().encode())
            self.questions[project.name] = digest.hexdigest()[:16]

    def resume(self, output: Path) -> None:
        """Take note of what is done already, whatever its project was called by then.

        Answers get the names that projects have now. Errors of projects that were mended since, or are gone, are taken
        out of the file: they are to be done again.

        Raises
        ------
        SpecError
            If the file holds anything else than answers to these questions: it would be mixed up.
        """
        waiting: dict[str, dict[str, None]] = {}
        for name, question in self.questions.items():
            waiting.setdefault(question, {})[name] = None
        records, kept = read_records(output), []
        for number, record in enumerate(records, start=1):
            name, question = str(record.get("project")), str(record.get("question"))
            failed = "question" in record and _kind(record) in ERRORS
            if question not in waiting and not failed:
                message = say("this is no answer to what is asked: another project, pool or setting, or none at all")
                remedy = say("Name another file, or --replace this one")
                raise SpecError([Problem(str(output), f"line {number}", message, remedy)])
            names = waiting.get(question, {})
            if name not in names and names and not failed:
                name = next(reversed(names))
            if name in names:
                del names[name]
                self.done[name] = _kind(record)
                kept.append({**record, "project": name})
        if kept != records:
            write_records(output, kept)

    def left(self) -> Iterator[Question]:
        """Return the questions that have no answer yet."""
        for position, project in enumerate(self.asked):
            if project.name not in self.done:
                yield Question(position, project.name, project)

    def note(self, line: Line) -> str:
        """Take note of a result, and return its line, with the project's name in front."""
        name = self.asked[line.position].name
        self.done[name] = line.kind
        front = json.dumps({"project": name, "question": self.questions[name]}, ensure_ascii=False)
        return f"{front[:-1]}, {line.body}"

    def counts(self) -> Counter[str]:
        """Count what became of the projects."""
        return Counter(self.done.values())


def _kind(record: Mapping[str, Any]) -> str:
    return str(record.get("kind" if "error" in record else "status"))
