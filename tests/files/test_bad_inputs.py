"""Every bad input of the corpus is refused with all that is wrong with it, each with file, place and remedy.

A file of the corpus holds cases. ``## name`` begins one, ``--- file`` a file of it, ``--- says`` what must be said:
file and place on a line, then message and remedy. ``(escaped)`` behind a file's name means that the text is in
Python's escapes, ``(absent)`` that there is no such file. Files that a case does not name are sound.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from consortia.errors import Problem, SpecError
from consortia.files import read

CORPUS = Path(__file__).parent / "corpus"
SOUND = {
    "project.yaml": "title: T\ncapabilities: [{id: a}]\n",
    "pool.yaml": "partners: [{id: P, offers: [{competence: a}]}]\n",
}


@dataclass
class Case:
    name: str
    files: dict[str, bytes | None] = field(default_factory=dict)
    says: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        sound = {name: text.encode() for name, text in SOUND.items()}
        for name, content in {**sound, **self.files}.items():
            if content is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)


def content(text: str, kind: str) -> bytes | None:
    if kind == "absent":
        return None
    if kind == "escaped":
        return codecs.escape_decode(text.rstrip("\n").encode("ascii"))[0]
    return text.encode()


def cases(text: str) -> list[Case]:
    found = []
    for block in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, *parts = re.split(r"^--- ", block, flags=re.MULTILINE)
        name, _, options = head.partition("\n")
        case = Case(name, options=dict(line.split(": ") for line in options.split("\n") if line))
        for part in parts:
            title, _, body = part.partition("\n")
            file, _, kind = title.rstrip(")").partition(" (")
            if file == "says":
                case.says = body.strip()
            else:
                case.files[file] = content(body, kind)
        found.append(case)
    return found


CASES = [case for path in sorted(CORPUS.glob("*.txt")) for case in cases(path.read_text(encoding="utf-8"))]


def written(problem: Problem, folder: Path) -> str:
    text = f"{problem.file}, {problem.place}\n    {problem.message}\n    {problem.remedy}"
    return text.replace(f"{folder}{os.sep}", "").replace(", \n", "\n")


def said_of(case: Case, folder: Path) -> str:
    case.write(folder)
    pool = case.options.get("pool", "pool.yaml")
    with pytest.raises(SpecError) as caught:
        read(folder / case.options.get("project", "project.yaml"), None if pool == "none" else folder / pool)
    return "\n".join(written(problem, folder) for problem in caught.value.problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_problems_are_told_with_place_and_remedy(case: Case, tmp_path: Path) -> None:
    assert said_of(case, tmp_path) == case.says


def test_the_corpus_is_large_and_its_cases_have_names_of_their_own() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_problem_has_a_remedy_that_is_a_sentence() -> None:
    remedies = [line for case in CASES for line in case.says.splitlines()[2::3]]
    assert len(remedies) > 100
    assert [line for line in remedies if not re.fullmatch(r"    (?!None)[A-Z].*", line)] == []
