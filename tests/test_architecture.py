"""Imports run one way, as the plan of the house says; only the command line prints or exits."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "consortia"


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Return all nodes but those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if only_for_types(child):
            yield from (other for branch in child.orelse for other in ast.walk(branch))  # type: ignore[attr-defined]
            continue
        yield child
        yield from statements(child)


def imports(module: str) -> set[str]:
    """Return the modules that a module imports, at its top or later, by their full names."""
    found: set[str] = set()
    for node in statements(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None, f"{module} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
    return found


def own(module: str) -> set[str]:
    return {name for name in imports(module) if name.split(".")[0] == "consortia"}


def inside(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def members(*packages: str) -> list[str]:
    return [name for name in MODULES if inside(name, tuple(f"consortia.{package}" for package in packages))]


def test_the_modules_are_there() -> None:
    assert {"consortia.solving", "consortia.rules.shares", "consortia.solvers.cpsat", "consortia.cli"} <= set(MODULES)
    assert "consortia.solvers.contract" in imports("consortia.solving")
    assert "consortia.rules.membership" in imports("consortia.structure.participation")  # inside a function


@pytest.mark.parametrize("module", members("solvers"))
def test_back_ends_see_programs_and_nothing_of_partners(module: str) -> None:
    allowed = tuple(
        f"consortia.{name}"
        for name in ("program", "compiled", "linear", "outcome", "progress", "errors", "sentence", "solvers")
    )
    assert [name for name in own(module) if not inside(name, allowed)] == []


@pytest.mark.parametrize("module", ["consortia.program", "consortia.compiled", "consortia.linear"])
def test_programs_see_nothing_of_partners(module: str) -> None:
    allowed = tuple(f"consortia.{name}" for name in ("program", "compiled", "linear", "errors", "sentence"))
    assert [name for name in own(module) if not inside(name, allowed)] == []


@pytest.mark.parametrize("module", members("rules", "costs", "structure", "columns", "model"))
def test_meanings_see_no_solver(module: str) -> None:
    barred = tuple(f"consortia.{name}" for name in ("solvers", "solving", "files", "cli", "report", "checking"))
    assert [name for name in own(module) if inside(name, barred)] == []


@pytest.mark.parametrize("module", ["consortia.checking", "consortia.stated"])
def test_the_checker_sees_neither_program_nor_solver(module: str) -> None:
    barred = tuple(
        f"consortia.{name}" for name in ("program", "compiled", "linear", "columns", "model", "solvers", "solving")
    )
    assert [name for name in own(module) if inside(name, barred)] == []


@pytest.mark.parametrize("module", members("spec"))
def test_what_people_write_is_read_without_solvers(module: str) -> None:
    barred = tuple(f"consortia.{name}" for name in ("solvers", "solving", "model", "columns", "files", "cli", "report"))
    assert [name for name in own(module) if inside(name, barred)] == []


@pytest.mark.parametrize(
    "module",
    members(
        "files",
        "instance",
        "screening",
        "exclusions",
        "supplying",
        "indexing",
        "pricing",
        "prepared",
        "amounts",
        "taxonomy",
    ),
)
def test_questions_are_posed_without_solvers(module: str) -> None:
    barred = tuple(f"consortia.{name}" for name in ("solvers", "solving", "model", "columns", "cli", "report"))
    assert [name for name in own(module) if inside(name, barred)] == []


def test_only_solving_sees_both_sides() -> None:
    sides = ("consortia.model", "consortia.columns"), ("consortia.solvers",)
    both = [name for name in MODULES if all(any(inside(seen, side) for seen in own(name)) for side in sides)]
    assert both == [f"consortia.{name}" for name in ("judging", "multipliers", "solving", "staging")]


def test_only_the_command_line_sees_the_benchmarks() -> None:
    seen = [name for name in MODULES if any(inside(other, ("consortia.bench",)) for other in own(name))]
    assert [name for name in seen if not inside(name, ("consortia.bench", "consortia.cli"))] == []
    assert "consortia.cli.bench" in seen


@pytest.mark.parametrize("module", members("bench"))
def test_benchmarks_see_solvers_from_the_outside(module: str) -> None:
    barred = tuple(f"consortia.{name}" for name in ("model", "columns", "program", "compiled", "staging", "judging"))
    assert [name for name in own(module) if inside(name, (*barred, "consortia.cli"))] == []


@pytest.mark.parametrize("module", [f"bench.{name}" for name in ("rows", "measures", "comparing", "report", "plots")])
def test_comparisons_know_rows_and_no_solver(module: str) -> None:
    barred = tuple(f"consortia.{name}" for name in ("solvers", "solving", "instance", "checking", "bench.runner"))
    assert [name for name in own(f"consortia.{module}") if inside(name, barred)] == []


@pytest.mark.parametrize("module", members("explaining"))
def test_explanations_ask_and_do_not_solve(module: str) -> None:
    names = ("solvers", "model", "staging", "judging", "compiled", "files", "cli")
    barred = tuple(f"consortia.{name}" for name in names)
    assert [name for name in own(module) if inside(name, barred)] == []


def test_only_the_command_line_sees_the_command_line() -> None:
    seen = [name for name in MODULES if any(inside(other, ("consortia.cli",)) for other in own(name))]
    assert [name for name in seen if not inside(name, ("consortia.cli", "consortia.__main__"))] == []


@pytest.mark.parametrize("module", [name for name in MODULES if not inside(name, ("consortia.cli",))])
def test_only_the_command_line_prints_or_exits(module: str) -> None:
    if module == "consortia.__main__":
        pytest.skip("is the command line")
    found = []
    for node in statements(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "exit", "quit"):
            found.append(f"line {node.lineno}: {node.func.id}")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if name in ("sys.exit", "sys.stdout", "sys.stderr", "os._exit"):
                found.append(f"line {node.lineno}: {name}")
    assert found == []


HEAVY = ("ortools", "pulp", "highspy", "pandas", "scipy", "numpy", "pydantic", "yaml", "babel", "rich", "click")


def loaded(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert sorted(loaded("import consortia; dir(consortia)").intersection(HEAVY)) == []


def test_posing_and_checking_load_no_solver() -> None:
    code = """
from consortia import Consortium, Instance, check
question = Instance.from_arrays(partners=["a"], capabilities=1, joining=[3], holds=([0], [0]))
assert check(question, Consortium({"a": None})).valid
"""
    assert sorted(loaded(code).intersection(("ortools", "pulp", "highspy", "pandas", "scipy"))) == []


def test_small_questions_are_answered_without_highs_and_scipy() -> None:
    code = """
from consortia import Instance, solve
question = Instance.from_arrays(partners=["a"], capabilities=1, joining=[3], holds=([0], [0]))
assert solve(question).cost == 3
"""
    assert sorted(loaded(code).intersection(("highspy", "pulp", "scipy"))) == []


def test_one_back_end_loads_no_other() -> None:
    code = """
from consortia import Instance, solve
question = Instance.from_arrays(partners=["a"], capabilities=1, joining=[3], holds=([0], [0]))
outcome = solve(question, solver="{solver}")
assert outcome.cost == 3 and outcome.to_dict()["prices"] is None
"""
    assert sorted(loaded(code.format(solver="cpsat")).intersection(("pulp", "highspy", "pandas"))) == []
    assert sorted(loaded(code.format(solver="exhaustive")).intersection(("ortools", "pulp", "highspy"))) == []
