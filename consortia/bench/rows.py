"""What is written down of a run: one record, one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any

from consortia.errors import WrongValue
from consortia.sentence import say

FORMAT = "consortia-bench/1"
"""Name and version of a row's form."""

FILE = "rows.jsonl"
"""Name of the file that a folder of results keeps its rows in."""

FAILURES = ("killed", "crashed", "wrong", "error", "unreadable")
"""Statuses of runs that ended badly."""
ABSENT = ("refused", "unavailable")
"""Statuses of runs that never began: the solver does not take the question, or is not there."""

AGAIN = ("unavailable", "unreadable", "error")
"""Statuses of runs that are done again when a folder is used again: what they lacked may be there by then."""

Point = tuple[float, float | None, float | None]
"""Seconds, the best cost and the best bound known by then."""


@dataclass(frozen=True)
class Row:
    """One run of one solver on one instance.

    Attributes
    ----------
    instance, hash : str
        The instance's name and, once it was read, the fingerprint of the question.
    partners, capabilities : int
        How many of them the question has.
    reading : float or None
        Seconds to read or make the instance, which are not counted.
    content : str
        Digest of what the instance is made of, by which a run is known to have been done already.
    solver : str
        Its label: name and options.
    limit, seed
        What was asked for.
    status : str
        ``optimal``, ``feasible``, ``infeasible``, ``unknown`` as of an outcome; or ``killed`` (it did not stop when
        the limit and the grace were over), ``crashed`` (its process died), ``wrong`` (its answer did not pass the
        checker, or contradicts itself), ``error``, ``unreadable``, ``refused``, ``unavailable``.
    reason : str
        Why, where it is one of the latter.
    cost : number or None
        Of a consortium that the checker passed, recomputed from its decisions.
    bound : number or None
        No consortium costs less, says the solver.
    proof : {"exact", "tolerance"} or None
        Grade of the bound.
    certified : bool
        Whether there is a consortium and the checker passed it.
    seconds : float or None
        From the Instance to the answer; reading and imports are over before.
    first, best, proved : float or None
        Seconds to the first consortium, to the best one, and to the proof.
    overrun : float
        Seconds over the limit.
    memory : float or None
        Peak of the process, in megabytes, reading and imports included.
    trace : tuple of Point
        How cost and bound came about.
    late_imports : tuple of str
        Packages that were imported while the clock ran in spite of the warming up.
    cores : int
        How many the process could use.
    versions : mapping of str to str
        Of the packages involved.
    """

    instance: str
    solver: str
    limit: float
    seed: int = 0
    content: str = ""
    hash: str = ""
    partners: int = 0
    capabilities: int = 0
    reading: float | None = None
    status: str = "unknown"
    reason: str = ""
    cost: int | float | None = None
    bound: int | float | None = None
    proof: str | None = None
    certified: bool = False
    stopped: str | None = None
    seconds: float | None = None
    first: float | None = None
    best: float | None = None
    proved: float | None = None
    overrun: float = 0.0
    memory: float | None = None
    trace: tuple[Point, ...] = ()
    late_imports: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cores: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, float, int]:
        """What makes a run that need not be done again."""
        return self.instance, self.content, self.solver, self.limit, self.seed

    @property
    def solved(self) -> bool:
        """Whether it ended with a proof: of the least cost, or that there is no consortium."""
        return self.proved is not None

    def record(self) -> dict[str, Any]:
        """Return the row as plain data for JSON."""
        return {"format": FORMAT, **asdict(self), "trace": [list(point) for point in self.trace]}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Row:
        """Read a row; keys of later versions are passed over.

        Raises
        ------
        WrongValue
            If it does not say which run it is of.
        """
        for name, kind in (("instance", str), ("solver", str), ("limit", int | float)):
            if not isinstance(record.get(name), kind):
                message = say("this is no row of a benchmark: it has no {key}", key=name)
                raise WrongValue(message, say("Remove the line, or name another folder"))
        known = {entry.name: record[entry.name] for entry in fields(cls) if entry.name in record}
        for name in ("trace", "late_imports", "notes"):
            known[name] = tuple(tuple(value) if isinstance(value, list) else value for value in known.get(name, ()))
        return cls(**known)


def number(amount: Decimal | None) -> int | float | None:
    """Return an amount as a number of JSON.

    Examples
    --------
    >>> number(Decimal("429.00")), number(Decimal("0.1"))
    (429, 0.1)
    """
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
