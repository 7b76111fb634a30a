"""Data frames: pools out of those of pandas, polars and others, outcomes as those of pandas and polars."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from consortia.outcome import Outcome

if TYPE_CHECKING:
    import pandas
    import polars

    from consortia.spec.pool import Pool

TABLES: Mapping[str, Mapping[str, type]] = {
    "members": {
        "id": str,
        "name": str,
        "cluster": str,
        "country": str,
        "industry": str,
        "kind": str,
        "coordinator": bool,
        "cost": float,
    },
    "deliveries": {"partner": str, "capability": str, "offer": str, "effort": float, "cost": float},
    "costs": {"component": str, "item": str, "partner": str, "cost": float},
    "rules": {"rule": str, "what": str, "unit": str, "value": float, "sense": str, "limit": float, "slack": float},
    "excluded": {"partner": str, "capability": str, "by": str, "reason": str},
}
"""The tables of an outcome: their columns, and what is in them."""


def from_frames(
    *, partners: object, offers: object = None, clusters: object = None, competences: object = None
) -> Pool:
    """Make a pool of data frames with the columns that the CSV tables of a pool have.

    Parameters
    ----------
    partners : data frame
        Of pandas, polars, or any other eager frame that narwhals knows. Names of columns may be in English or Russian,
        as in files; what is missing in a cell is blank, and a list is several entries.
    offers, clusters, competences : data frame, optional

    Returns
    -------
    Pool
        To be given as the pool to :func:`consortia.solve` and others.

    Raises
    ------
    SpecError
        If the data are wrong; it names every problem with its table, row (the first is row 1) and column.
    TypeError
        If one of them is no data frame.
    ImportError
        If narwhals is not installed.

    Examples
    --------
    >>> import pandas
    >>> pool = from_frames(
    ...     partners=pandas.DataFrame({"id": ["acme"], "country": ["BY"], "joining_cost": [100]}),
    ...     offers=pandas.DataFrame({"partner": ["acme"], "competence": ["welding"], "rate": [2000.5]}),
    ... )
    >>> pool.partners[0].offers[0].competence
    'welding'
    """
    from consortia.files.pool_document import pool_document
    from consortia.files.reading import read_pool
    from consortia.files.table import Row, Table, Tables

    given = {"partners": partners, "offers": offers, "clusters": clusters, "competences": competences}
    tables = {}
    for name, frame in given.items():
        if frame is not None or name == "partners":
            columns = _columns(name, frame)
            rows = zip(*columns.values(), strict=True)
            filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell is not None for cell in row)]
            made = tuple(Row(f"row {number}", row) for number, row in filled)
            tables[name] = Table(name, name, Row("the names of the columns", tuple(columns)), made)
    return read_pool(pool_document(Tables("frames", tables))).model


def _columns(name: str, frame: object) -> dict[str, list[object]]:
    """Return the cells of a frame, column by column."""
    try:
        narwhals = import_module("narwhals.stable.v2")
    except ImportError as error:
        raise ImportError("data frames are read through narwhals: pip install consortia[frames]") from error
    try:
        known = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        raise TypeError(
            f"{name} takes a data frame of pandas, polars or the like, not {type(frame).__name__}"
        ) from None
    return {
        str(column): [
            None if blank else _cell(value)
            for value, blank in zip(known[column].to_list(), known[column].is_null().to_list(), strict=True)
        ]
        for column in known.columns
    }


def _cell(value: Any) -> object:
    """Return a cell as the readers of tables take it: whole numbers without a fraction, lists with semicolons."""
    if hasattr(value, "tolist"):  # a number or an array of numpy
        value = value.tolist()
    if isinstance(value, list | tuple):
        return "; ".join(str(entry) for entry in value)
    if isinstance(value, float):
        if value != value:  # a missing number, in frames that tell it from a missing value
            return None
        return int(value) if value.is_integer() else value
    return value.date() if isinstance(value, datetime.datetime) else value


def pandas_frames(outcome: Outcome) -> dict[str, pandas.DataFrame]:
    """Return the tables of an outcome as pandas frames."""
    frames = _library("pandas")
    types = {str: "str" if int(frames.__version__.split(".")[0]) > 2 else "object", float: "float64", bool: "bool"}
    return {
        name: frames.DataFrame(
            {column: frames.Series(values, dtype=types[TABLES[name][column]]) for column, values in table.items()}
        )
        for name, table in outcome_tables(outcome).items()
    }


def polars_frames(outcome: Outcome) -> dict[str, polars.DataFrame]:
    """Return the tables of an outcome as polars frames."""
    frames = _library("polars")
    types = {str: frames.String, float: frames.Float64, bool: frames.Boolean}
    return {
        name: frames.DataFrame(table, schema={column: types[kind] for column, kind in TABLES[name].items()})
        for name, table in outcome_tables(outcome).items()
    }


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install {name}") from error


def outcome_tables(outcome: Outcome) -> dict[str, dict[str, list[Any]]]:
    """Return the tables of an outcome, column by column; without a consortium most are empty."""
    data = outcome.to_dict()
    rows: dict[str, Iterator[Mapping[str, Any]]] = {
        "members": _members(outcome),
        "deliveries": iter(data["deliveries"]),
        "costs": _costs(outcome),
        "rules": iter(data["rules"]),
        "excluded": iter(data["excluded"]),
    }
    made: dict[str, dict[str, list[Any]]] = {}
    for name, columns in TABLES.items():
        entries = list(rows[name])
        made[name] = {column: [_typed(entry[column], kind) for entry in entries] for column, kind in columns.items()}
    return made


def _typed(value: Any, kind: type) -> Any:
    return None if value is None else kind(value)


def _members(outcome: Outcome) -> Iterator[Mapping[str, Any]]:
    instance, consortium, own = outcome.instance, outcome.consortium, outcome.own_costs()
    for partner, cluster in () if consortium is None else consortium.members.items():
        yield {
            "id": partner,
            "name": instance.partner_names.get(partner, partner),
            "cluster": cluster,
            "coordinator": consortium is not None and partner == consortium.coordinator,
            "cost": own[partner],
            **{name: instance.attribute(name, partner, cluster) for name in ("country", "industry", "kind")},
        }


def _costs(outcome: Outcome) -> Iterator[Mapping[str, Any]]:
    for line in outcome.lines:
        cost = outcome.instance.money(line.cost)
        yield {"component": line.component, "item": line.item, "partner": line.partner, "cost": cost}
