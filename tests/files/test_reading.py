"""Reading a project with its pool: where the pool comes from, and what is told when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from consortia.errors import SpecError
from consortia.files import read, read_pool, read_project
from consortia.spec.pool import Pool
from consortia.spec.project import Project

PROJECT = {"title": "T", "capabilities": [{"id": "a"}]}
POOL = {"partners": [{"id": "P", "offers": [{"competence": "a"}]}]}


def problems(*sources: object) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read(*sources)  # type: ignore[arg-type]
    return [f"{problem.file}: {problem.place}: {problem.message}" for problem in caught.value.problems]


def test_a_pool_that_is_given_goes_before_the_inline_one() -> None:
    _, pool, _ = read({**PROJECT, "pool": POOL}, {"partners": [{"id": "Q"}]})
    assert [partner.id for partner in pool.partners] == ["Q"]


def test_an_inline_pool_is_checked_even_if_another_is_given() -> None:
    inline = {"partners": [{"id": "P", "kind": "bank"}]}
    assert [line.split(": ")[:2] for line in problems({**PROJECT, "pool": inline}, POOL)] == [
        ["project", "pool.partners[0].kind"]
    ]


def test_a_named_pool_is_relative_to_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "projects").mkdir()
    (tmp_path / "projects" / "p.yaml").write_text("title: T\npool: ../pool\ncapabilities: [{id: a}]\n")
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool" / "partners.csv").write_bytes("id;название\nP;Лёд\n".encode("cp1251"))
    monkeypatch.chdir("/")
    project, pool, notes = read(tmp_path / "projects" / "p.yaml")
    assert pool.partners[0].name == "Лёд"
    assert project.pool is pool
    assert len(notes) == 1


def test_models_are_taken_as_they_are_and_still_checked() -> None:
    project, pool = Project.model_validate(PROJECT), Pool.model_validate(POOL)
    assert read(project, pool)[1] is pool
    wrong = Project.model_validate({**PROJECT, "rules": [{"rule": "include", "partners": ["Z"]}]})
    assert problems(wrong, pool) == ["project: rules[0].partners[0]: there is no partner Z"]


def test_a_model_with_its_pool_inside_is_enough() -> None:
    project = Project.model_validate({**PROJECT, "pool": POOL})
    assert read(project)[1] == project.pool


def test_floats_in_a_mapping_are_the_digits_they_print_as() -> None:
    _, pool, _ = read(PROJECT, {"partners": [{"id": "P", "joining_cost": 0.1}]})
    assert pool.partners[0].joining_cost == Decimal("0.1")


def test_problems_of_both_come_together_structure_and_references() -> None:
    project = {**PROJECT, "titel": "T", "interest": {"Q": "declined", "R": "asked"}}
    pool = {"clusters": [{"id": "K"}], "partners": [{"id": "P", "clusters": ["L"]}, {"id": "Q", "role": "boss"}]}
    assert problems(project, pool) == [
        "project: titel: the key titel is not known here",
        "pool: partners[1].role: boss is not one of beneficiary, affiliated, associated, subcontractor",
        "project: interest.R: there is no partner R",
        "pool: partners[0].clusters[0]: there is no cluster L",
    ]


def test_a_project_alone_is_checked_as_far_as_it_goes() -> None:
    loaded = read_project({**PROJECT, "pool": "elsewhere.yaml", "rules": [{"rule": "include", "partners": ["Z"]}]})
    assert loaded.model.pool == "elsewhere.yaml"
    with pytest.raises(SpecError, match="there is no capability b"):
        read_project({**PROJECT, "rules": [{"rule": "coordinator", "capability": "b"}]})


def test_a_pool_alone_is_checked_without_the_projects_currencies() -> None:
    loaded = read_pool({"partners": [{"id": "P", "joining_cost": "5 RUB"}]})
    assert loaded.source.place(("partners", 0)) == "partners[0]"


def test_what_is_neither_path_mapping_nor_model_is_refused() -> None:
    assert problems(5, POOL) == ["project: : a path, a mapping or a model is expected, not int"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "project.yaml"
    path.write_text("title: T\n")
    path.chmod(0)
    with pytest.raises(SpecError, match="cannot be read"):
        read_project(path)


def test_importing_the_package_loads_no_reader() -> None:
    code = "import sys, consortia.files; print([name for name in ('pydantic', 'yaml', 'csv') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
