"""A pool as tables, the way back from :mod:`consortia.files.pool_document`: rows of texts, a header first."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from consortia.errors import WrongValue
from consortia.files import cells
from consortia.files.headers import COLUMNS
from consortia.files.plain import number
from consortia.files.terms import write_terms
from consortia.spec.base import Amount
from consortia.spec.pool import Membership, Pool

Rows = list[list[Any]]


Scalar = int | Decimal | bool


def pool_tables(pool: Pool, scalar: Callable[[Scalar], Any] | None = None) -> dict[str, Rows]:
    """Write a pool as tables.

    Parameters
    ----------
    pool : Pool
        The pool.
    scalar : callable, optional
        Writes numbers and truth values; by default as texts.

    Returns
    -------
    dict of str to rows
        By table: ``pool``, ``partners``, ``offers``, ``clusters``, ``competences``.
    """
    write = scalar or _scalar
    free = sorted({name for partner in pool.partners for name in partner.attributes})
    languages = sorted({language for entry in pool.competences for language in entry.labels})
    partner_columns = [name for name in COLUMNS["partners"] if name != "competences"]
    head = [[pool.title, pool.currency or "", pool.as_of or ""]]
    return {
        "pool": [["title", "currency", "as_of"], *(head if any(head[0]) else [])],
        "partners": [
            [*partner_columns, *(f"attr:{name}" for name in free)],
            *(
                _row(partner, partner_columns, write)
                + [_attribute(partner.attributes.get(name), write) for name in free]
                for partner in pool.partners
            ),
        ],
        "offers": [
            list(COLUMNS["offers"]),
            *(
                [partner.id, *_row(offer, list(COLUMNS["offers"])[1:], write)]
                for partner in pool.partners
                for offer in partner.offers
            ),
        ],
        "clusters": [
            list(COLUMNS["clusters"]),
            *(_row(entry, list(COLUMNS["clusters"]), write) for entry in pool.clusters),
        ],
        "competences": [
            ["id", *(f"label:{language}" for language in languages), "broader"],
            *(
                [entry.id, *(entry.labels.get(language, "") for language in languages), "; ".join(entry.broader)]
                for entry in pool.competences
            ),
        ],
    }


def table_text(rows: Iterable[list[str]]) -> str:
    r"""Write rows as CSV with semicolons.

    Examples
    --------
    >>> table_text([["id", "clusters"], ["Acme", "Metal; Ice"]])
    'id;clusters\nAcme;"Metal; Ice"\n'
    """
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _row(entry: Any, columns: list[str], write: Callable[[Scalar], Any]) -> list[Any]:
    return [_cell(getattr(entry, column), write) for column in columns]


def _cell(value: Any, write: Callable[[Scalar], Any]) -> Any:
    if value is None:
        return ""
    if isinstance(value, Amount):
        return f"{_number(value.amount)} {value.currency}"
    if isinstance(value, int | Decimal):
        return write(value)
    if isinstance(value, Mapping):
        return write_terms(value)
    if isinstance(value, tuple):
        return "; ".join(map(_membership, value))
    return str(value)


def _membership(value: Membership) -> str:
    return f"{value.cluster} (paid)" if value.paid else value.cluster


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _number(value)


def _number(value: int | Decimal) -> str:
    """Write a number with a decimal comma, and never so that it may be taken for thousands."""
    written = number(value).replace(".", ",")
    try:
        cells.number(written)
    except WrongValue:
        written += "0"
    return written


def _attribute(value: Any, write: Callable[[Scalar], Any]) -> Any:
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return write(value)
    try:
        same = not value.startswith("'") and cells.attribute(value) == value
    except WrongValue:
        same = False
    return value if same else f"'{value}"
