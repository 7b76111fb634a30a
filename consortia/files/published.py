"""Published instances of set covering and facility location, straight into an Instance."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np

from consortia.amounts import exact_integers
from consortia.files.numbers import Numbers
from consortia.instance import Instance
from consortia.sentence import say

PUBLISHED = ("orlib-scp", "orlib-rail", "sscflp")


def read_published(format: str, path: str | os.PathLike[str]) -> Instance:
    """Read a file of a published format. The question asks for no level of cooperation and has no rules.

    Parameters
    ----------
    format : {"orlib-scp", "orlib-rail", "sscflp"}
        ``orlib-scp``: weighted set covering of the OR-Library: rows, columns; the columns' costs; for each row how
        many columns cover it, and which. ``orlib-rail``: the same by columns, each with its cost, how many rows it
        covers, and which. Rows are capabilities to be held, columns partners with joining costs.
        ``sscflp``: single-source capacitated facility location: facilities, customers; capacities; fixed costs;
        demands; for each customer the cost of its whole demand from each facility. Facilities are partners with a
        joining cost and a capacity, customers capabilities with an effort that exactly one partner delivers.
    path : path
        The file.

    Returns
    -------
    Instance

    Raises
    ------
    SpecError
        If the file is not in the format, with the place.
    ValueError
        If there is no such format.
    """
    if format not in PUBLISHED:
        raise ValueError(f"there is no format {format!r}; known are {', '.join(PUBLISHED)}")
    numbers = Numbers(Path(path))
    instance = _READERS[format](numbers)
    numbers.end()
    return instance.replace(title=numbers.path.stem)


def _by_rows(numbers: Numbers) -> Instance:
    rows, columns = numbers.whole(2, say("rows, columns"), 1)
    costs = numbers.exact(columns, say("costs of columns"))
    _, row, column = numbers.records(rows, say("columns that cover a row"), columns)
    return Instance.from_arrays(partners=columns, capabilities=rows, joining=costs, holds=(column, row))


def _by_columns(numbers: Numbers) -> Instance:
    rows, columns = numbers.whole(2, say("rows, columns"), 1)
    costs, column, row = numbers.records(columns, say("cost of a column and rows that it covers"), rows, head=True)
    return Instance.from_arrays(partners=columns, capabilities=rows, joining=costs, holds=(column, row))


def _single_source(numbers: Numbers) -> Instance:
    facilities, customers = numbers.whole(2, say("facilities, customers"), 1)
    capacities = numbers.exact(facilities, say("capacities"))
    fixed = numbers.exact(facilities, say("fixed costs"))
    demands = numbers.exact(customers, say("demands"))
    costs = numbers.exact(facilities * customers, say("costs of serving customers"))
    steps, scale = exact_integers([*capacities, *demands])
    instance = Instance.from_arrays(
        partners=facilities,
        capabilities=customers,
        joining=fixed,
        capacity=steps[:facilities],
        efforts=steps[facilities:],
        deliveries=(np.tile(np.arange(facilities), customers), np.repeat(np.arange(customers), facilities), costs),
    )
    return instance.replace(step=Decimal(1) / scale)


_READERS: dict[str, Callable[[Numbers], Instance]] = {
    "orlib-scp": _by_rows,
    "orlib-rail": _by_columns,
    "sscflp": _single_source,
}
