"""A raw solver as a contestant of the benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from math import ceil, isfinite
from typing import Any

import numpy as np

from consortia.bench.contestants import Found, Report
from consortia.compiled import Compiled
from consortia.consortium import Consortium
from consortia.errors import ConsortiaError, SolverRefused
from consortia.generate import generate
from consortia.instance import Instance
from consortia.linear import INFINITE
from consortia.model import Model, build
from consortia.posing import pose

Tell = Callable[[float | None, float | None], None]
"""Takes the best objective and the best bound so far."""


@dataclass(frozen=True)
class Reply:
    """What a raw solver says.

    Attributes
    ----------
    values : array or None
        One a column; nearly whole.
    bound : float or None
        On the objective.
    infeasible : bool
        Whether it says that there is no solution.
    exact : bool
        Whether the bound is a whole number by exact arithmetic; else a tolerance is taken off it.
    notes : tuple of str
    """

    values: Any = None
    bound: float | None = None
    infeasible: bool = False
    exact: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Peer:
    """A raw solver with settings.

    Parameters
    ----------
    label : str
    module : str
        One of this folder.
    settings : mapping
        For its ``solve``.
    """

    label: str
    module: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def prepare(self) -> None:
        """Import the solver and let it answer two small questions."""
        for kind in ("cover", "sourcing"):
            instance = pose(generate(kind, 1, partners=6, capabilities=5))
            try:
                self.answer(instance, 5.0, 0, lambda cost, bound: None)
            except ConsortiaError:
                continue  # the run itself will say so

    def answer(self, instance: Instance, limit: float, seed: int, report: Report) -> Found:
        """Hand the rows over and solve; the clock includes building them."""
        began = time.perf_counter()
        solver = import_module(f"{__package__}.{self.module}")
        model = build(instance)
        compiled = model.program.compile()

        def tell(objective: float | None, bound: float | None) -> None:
            report(_money(instance, compiled, objective), _money(instance, compiled, bound))

        left = max(0.1, limit - (time.perf_counter() - began))
        reply: Reply = solver.solve(compiled, left, seed, tell, **self.settings)
        status = "infeasible" if reply.infeasible else "unknown" if reply.values is None else "feasible"
        bound = _bound(compiled, reply)
        return Found(
            status,
            None if reply.values is None else _decoder(model, reply.values),
            None if bound is None else instance.money(bound),
            "exact" if reply.exact else "tolerance",
            notes=reply.notes,
            versions=solver.versions(),
        )


def _decoder(model: Model, values: Any) -> Callable[[], Consortium]:
    return lambda: model.decode(np.rint(np.asarray(values, dtype=float)).astype(np.int64))


def _money(instance: Instance, compiled: Compiled, objective: float | None) -> float | None:
    if objective is None or not isfinite(objective) or abs(objective) > 1e17:
        return None
    return float((compiled.divisor * Fraction(objective) + compiled.constant) / instance.scale)


def _bound(compiled: Compiled, reply: Reply) -> int | None:
    """Return the bound in units of money, rounded up to the next cost that is possible, less the tolerance."""
    if reply.bound is None or not isfinite(reply.bound) or abs(reply.bound) > 1e17:
        return None
    tolerance = 0.0 if reply.exact else 1e-6 + 1e-12 * abs(reply.bound)
    return compiled.divisor * ceil(reply.bound - tolerance) + compiled.constant


def doubles(compiled: Compiled, infinity: float) -> tuple[Compiled, Any, Any]:
    """Return the program without literals, and the sides of its rows as floats."""
    plain = compiled.without_literals()
    low = np.where(plain.row_lower == -INFINITE, -infinity, plain.row_lower.astype(float))
    high = np.where(plain.row_upper == INFINITE, infinity, plain.row_upper.astype(float))
    return plain, low, high


def matrix(compiled: Compiled) -> Any:
    """Return the rows as a sparse matrix."""
    from scipy.sparse import csr_matrix

    shape = len(compiled.row_lower), len(compiled.lower)
    return csr_matrix((compiled.data.astype(float), compiled.indices, compiled.indptr), shape=shape)


@dataclass(frozen=True)
class PlainCover:
    """Rows that each ask for one of some columns, with costs and nothing else.

    Attributes
    ----------
    costs : array (columns,)
    columns : array
        Where the columns stand in the program.
    covers : list of list of int
        The rows that each column covers.
    rows : int
    """

    costs: Any
    columns: Any
    covers: list[list[int]]
    rows: int

    @classmethod
    def of(cls, compiled: Compiled, name: str) -> PlainCover:
        """Read a program.

        Raises
        ------
        SolverRefused
            If it is anything else.
        """
        from scipy.sparse import csc_matrix

        free = np.flatnonzero(compiled.lower < compiled.upper)
        plain = (
            np.all(compiled.data == 1)
            and np.all(compiled.row_lower == 1)
            and np.all(compiled.row_upper >= np.diff(compiled.indptr))
            and not len(compiled.literals)
            and np.all(compiled.lower[free] == 0)
            and np.all(compiled.upper[free] == 1)
            and np.all(compiled.objective >= 0)
            and np.all(compiled.objective[compiled.lower == compiled.upper] == 0)
        )
        if not plain:
            raise SolverRefused(f"{name} takes plain cover only")
        entries = csc_matrix(matrix(compiled))[:, free]
        covers = [part.tolist() for part in np.split(entries.indices, entries.indptr[1:-1])]
        return cls(compiled.objective[free], free, covers, len(compiled.row_lower))

    def values(self, compiled: Compiled, chosen: Any) -> Any:
        """Return column values with the chosen columns at one."""
        found = compiled.lower.copy()
        found[self.columns[np.asarray(chosen, dtype=np.int64)]] = 1
        return found
