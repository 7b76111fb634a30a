"""The registry of back ends; each is imported when it is first asked for.

A new back end is one module and one line here.
"""

from __future__ import annotations

from importlib import import_module

from consortia.errors import SolverUnavailable
from consortia.sentence import say
from consortia.solvers.contract import Solver

_CLASSES = {
    "auto": "consortia.solvers.auto:auto",
    "prices": "consortia.solvers.auto:prices",
    "search": "consortia.solvers.auto:search",
    "cpsat": "consortia.solvers.cpsat:CpSat",
    "milp": "consortia.solvers.milp:Milp",
    "greedy": "consortia.solvers.greedy:Greedy",
    "exhaustive": "consortia.solvers.exhaustive:Exhaustive",
}


def names() -> tuple[str, ...]:
    """Names of the back ends; ``milp`` takes a PuLP solver after a colon, as in ``milp:cbc``."""
    return tuple(_CLASSES)


def find(name: str) -> Solver:
    """Return the back end called `name`.

    ``auto`` is the way that was measured to be the fastest to a proof (see ``benchmarks/RESULTS.md``).

    Raises
    ------
    SolverUnavailable
        If there is no such back end or it is not installed.
    """
    family, _, inner = name.partition(":")
    if family not in _CLASSES or (inner and family != "milp") or name.endswith(":"):
        known = ", ".join(_CLASSES)
        raise SolverUnavailable(
            say("there is no solver called {name}; known are {known}, and milp:NAME", name=repr(name), known=known)
        )
    module, _, attribute = _CLASSES[family].partition(":")
    try:
        made = getattr(import_module(module), attribute)
    except ImportError as error:
        raise SolverUnavailable(
            say(
                "the solver {solver} needs the package '{package}': pip install {package}",
                solver=name,
                package=error.name,
            )
        ) from error
    solver: Solver = made(inner) if inner else made()
    return solver
