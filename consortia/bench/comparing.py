"""From rows to figures: how solvers compare on the instances that they all were given."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatch
from io import StringIO
from math import inf
from pathlib import Path
from statistics import fmean

from consortia.bench.measures import gap, integral, shifted_mean
from consortia.bench.rows import ABSENT, FAILURES, Row
from consortia.errors import Problem, SpecError
from consortia.files.text import read_text
from consortia.sentence import Sentence, say

VIRTUAL = "virtual best"


@dataclass(frozen=True)
class Known:
    """What is known of an instance from elsewhere.

    Attributes
    ----------
    cost : float
    rounding : float
        Half a unit of the last decimal that is stated.
    """

    cost: float
    rounding: float = 0.0


@dataclass(frozen=True)
class Case:
    """One instance under one limit and seed, and what each solver made of it.

    Attributes
    ----------
    instance : str
    limit : float
    rows : mapping of str to Row
    reference : float or None
        The best cost that is known: certified in these rows, or from elsewhere.
    """

    instance: str
    limit: float
    rows: Mapping[str, Row]
    reference: float | None

    @property
    def impossible(self) -> bool:
        """Whether there is no consortium, as far as is known: then there are no gaps."""
        return self.reference is None and any(row.status == "infeasible" for row in self.rows.values())

    def proved(self, solver: str) -> float:
        """Seconds to the proof; infinite where there is none within the limit, of which a little over is forgiven."""
        seconds = self.rows[solver].proved
        return inf if seconds is None or seconds > 1.05 * self.limit + 0.2 else seconds

    def counted(self, solver: str) -> float:
        """Seconds to the proof, or the limit."""
        return min(self.proved(solver), self.limit)


@dataclass(frozen=True)
class Standing:
    """How one solver did.

    Attributes
    ----------
    solver : str
    taken, proved, found, failed : int
        Questions that it took, proved, found a consortium for, and failed at.
    seconds : float
        Shifted geometric mean of the times to the proof; unproved counts as the limit.
    at_best : int
        Questions where its cost is the best known.
    cost_gap, proven_gap : float or None
        Means of the gap of its cost to the best known, and of its bound to its cost; 1 where there is nothing. These
        and the integrals are over questions that are not proven to have no consortium; None where there are none.
    primal, dual : float or None
        Means of the integrals, in seconds.
    overrun : float
        The worst, in seconds.
    memory : float or None
        The most, in megabytes.
    """

    solver: str
    taken: int
    proved: int
    found: int
    failed: int
    seconds: float
    at_best: int
    cost_gap: float | None
    proven_gap: float | None
    primal: float | None
    dual: float | None
    overrun: float = 0.0
    memory: float | None = None


def cases(rows: Iterable[Row], known: Mapping[str, Known], only: str | None = None) -> tuple[list[Case], int]:
    """Return the instances that every solver was given, and how many were left out because one was not.

    A solver that took no question at all is not waited for.
    """
    kept = {row.key: row for row in rows if only is None or fnmatch(row.instance, only)}
    grouped: dict[tuple[str, str, float, int], dict[str, Row]] = {}
    for row in kept.values():
        grouped.setdefault((row.instance, row.content, row.limit, row.seed), {})[row.solver] = row
    solvers = {row.solver for row in kept.values()}
    made = [
        Case(instance, limit, found, _reference(found.values(), match(instance, known)))
        for (instance, _, limit, _), found in grouped.items()
        if set(found) == solvers
    ]
    return made, len(grouped) - len(made)


def _reference(rows: Iterable[Row], known: Known | None) -> float | None:
    costs = [float(row.cost) for row in rows if row.cost is not None]
    if known is not None and not any(abs(cost - known.cost) <= known.rounding for cost in costs):
        costs.append(known.cost)
    return min(costs, default=None)


def standing(solver: str, among: Sequence[Case]) -> Standing:
    """Return how a solver did on some instances."""
    rows = [case.rows[solver] for case in among]
    return Standing(
        solver,
        sum(row.status not in ABSENT for row in rows),
        sum(case.proved(solver) < inf for case in among),
        sum(row.cost is not None for row in rows),
        sum(row.status in FAILURES for row in rows),
        shifted_mean(case.counted(solver) for case in among),
        sum(_at_best(case, solver) for case in among),
        _mean(among, lambda case: cost_gap(case, solver)),
        _mean(among, lambda case: proven_gap(case.rows[solver])),
        _mean(among, lambda case: _integral(case, solver, 1)),
        _mean(among, lambda case: _integral(case, solver, 2)),
        max((row.overrun for row in rows), default=0.0),
        max((row.memory for row in rows if row.memory is not None), default=None),
    )


def virtual(solvers: Sequence[str], among: Sequence[Case]) -> Standing:
    """Return how somebody would have done who picked the best solver for each instance beforehand."""

    def best(value: Callable[[Case, str], float]) -> float | None:
        return _mean(among, lambda case: min(value(case, solver) for solver in solvers))

    return Standing(
        VIRTUAL,
        sum(any(case.rows[solver].status not in ABSENT for solver in solvers) for case in among),
        sum(any(case.proved(solver) < inf for solver in solvers) for case in among),
        sum(any(case.rows[solver].cost is not None for solver in solvers) for case in among),
        0,
        shifted_mean(min(case.counted(solver) for solver in solvers) for case in among),
        sum(any(_at_best(case, solver) for solver in solvers) for case in among),
        best(cost_gap),
        best(lambda case, solver: proven_gap(case.rows[solver])),
        best(lambda case, solver: _integral(case, solver, 1)),
        best(lambda case, solver: _integral(case, solver, 2)),
    )


def _mean(among: Sequence[Case], value: Callable[[Case], float]) -> float | None:
    """Return a mean over the instances that may have a consortium at all."""
    values = [value(case) for case in among if not case.impossible]
    return fmean(values) if values else None


def cost_gap(case: Case, solver: str) -> float:
    """Gap of a solver's cost to the best known one."""
    return 0.0 if _at_best(case, solver) else gap(case.rows[solver].cost, case.reference)


def proven_gap(row: Row) -> float:
    """Gap of a solver's bound to its own cost: what it knows of how good it is."""
    return 1.0 if row.cost is None else gap(row.bound, float(row.cost))


def _at_best(case: Case, solver: str) -> bool:
    cost = case.rows[solver].cost
    return cost is not None and case.reference is not None and cost <= case.reference + 1e-9 * abs(case.reference)


def _integral(case: Case, solver: str, side: int) -> float:
    return integral(case.rows[solver].trace, side, case.reference, case.limit)


def contradictions(among: Iterable[Case], known: Mapping[str, Known]) -> list[Sentence]:
    """Return where two claims cannot both be true: a bound above a certified cost, or "infeasible" beside one."""
    found = []
    for case in among:
        costs = [
            (say("the cost of {name}", name=name), float(row.cost))
            for name, row in case.rows.items()
            if row.cost is not None
        ]
        stated = match(case.instance, known)
        slack = 1e-9
        if stated is not None:
            costs.append((say("the best known cost"), stated.cost + stated.rounding))
        for name, row in case.rows.items():
            told = {"instance": case.instance, "name": name}
            if row.status == "infeasible" and costs:
                found.append(say("{instance}: {name} says infeasible, and there is {whose}", whose=costs[0][0], **told))
            for whose, cost in costs:
                if row.bound is not None and row.bound > cost + slack * abs(cost):
                    text = "{instance}: the bound {bound} of {name} is above {whose}, {cost}"
                    found.append(say(text, bound=f"{row.bound:.12g}", whose=whose, cost=f"{cost:.12g}", **told))
    return found


def match(instance: str, known: Mapping[str, Known]) -> Known | None:
    """Return what is known of an instance: under its name, or the only one that ends with it or that it ends with.

    Examples
    --------
    >>> match("scp41.txt", {"scp/scp41.txt": Known(429)}), match("set/scp/scp41.txt", {"scp/scp41.txt": Known(429)})
    (Known(cost=429, rounding=0.0), Known(cost=429, rounding=0.0))
    >>> match("p1", {"holmberg/p1": Known(1), "yang/p1": Known(2)}) is None
    True
    """
    if instance in known:
        return known[instance]
    found = [value for name, value in known.items() if name.endswith(f"/{instance}") or instance.endswith(f"/{name}")]
    return found[0] if len(found) == 1 else None


def read_best_known(path: Path) -> dict[str, Known]:
    """Read a table of best known costs with the columns ``file`` and ``best_known``.

    Raises
    ------
    SpecError
        If it cannot be read, or is no such table.
    """
    text, _ = read_text(path)
    try:
        head, *lines = csv.reader(StringIO(text, newline=""))
        name, cost = head.index("file"), head.index("best_known")
        stated = {line[name]: Decimal(line[cost]) for line in lines if line and line[cost]}
    except (csv.Error, ValueError, IndexError, InvalidOperation):
        message = say("this is no table of best known costs")
        remedy = say("Name a CSV file with the columns file and best_known")
        raise SpecError([Problem(str(path), "", message, remedy)]) from None
    return {name: Known(float(cost), _rounding(cost)) for name, cost in stated.items()}


def _rounding(cost: Decimal) -> float:
    places = cost.as_tuple().exponent
    return float(Decimal(1).scaleb(places) / 2) if isinstance(places, int) and places < 0 else 0.0
