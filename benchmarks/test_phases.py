"""Build, translate and solve, measured apart: ``python -m pytest benchmarks``."""

from __future__ import annotations

from typing import Any

import pytest
from questions import load

from consortia.model import build
from consortia.solvers import find
from consortia.solvers.contract import Request
from consortia.solvers.cpsat import translate

ALL = ["cold-chain", "scp41", "scpa1", "scpnrh1", "holmberg-p13"]
QUICK = ["cold-chain", "scp41", "holmberg-p13"]


@pytest.mark.parametrize("name", ALL)
def test_build(benchmark: Any, name: str) -> None:
    """Instance to Program."""
    instance = load(name)
    model = benchmark(build, instance)
    assert model.program.height > 0


@pytest.mark.parametrize("name", ALL)
def test_compile(benchmark: Any, name: str) -> None:
    """Program to compressed rows."""
    program = build(load(name)).program
    compiled = benchmark(program.compile)
    assert len(compiled.data) > 0


@pytest.mark.parametrize("name", ALL)
def test_translate_cpsat(benchmark: Any, name: str) -> None:
    """Compressed rows to CP-SAT's own model."""
    compiled = build(load(name)).program.compile()
    model = benchmark.pedantic(translate, args=(compiled, Request()), rounds=3)
    assert len(model.variables) == len(compiled.lower)


@pytest.mark.parametrize("solver", ["cpsat", "milp:highs", "milp:cbc", "greedy"])
@pytest.mark.parametrize("name", QUICK)
def test_solve(benchmark: Any, name: str, solver: str) -> None:
    """Program to answer, at most 60 seconds."""
    program = build(load(name)).program
    back_end = find(solver)
    limit = 60.0 if back_end.abilities.time_limit else None
    answer = benchmark.pedantic(back_end.solve, args=(program, Request(time_limit=limit)), rounds=1)
    benchmark.extra_info["verdict"] = answer.verdict.value
    benchmark.extra_info["bound"] = answer.bound
    assert answer.verdict.value != "infeasible"
