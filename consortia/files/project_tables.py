"""A project as the sheets of a workbook, the way back from :mod:`consortia.files.project_document`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from consortia.files.plain import plain
from consortia.files.pool_tables import Rows, Scalar
from consortia.files.sheets import FIELDS, SHEET_COLUMNS, choice_text
from consortia.files.terms import write_terms
from consortia.spec.project import Project

_EACH = frozenset({"rates", "worked_together", "choices", "objectives", "packs"})
_TEXTS = frozenset({"title", "description", "pool", "currency"})


def project_tables(project: Project, scalar: Callable[[Scalar], Any], lang: str = "en") -> dict[str, Rows]:
    """Write a project as tables; its pool only where it is a path.

    Parameters
    ----------
    project : Project
    scalar : callable
        Writes numbers and truth values.
    lang : {"en", "ru"}
        Of names of fields and of fixed values.

    Returns
    -------
    dict of str to rows
        By table: ``project``, ``capabilities``, ``work packages``, ``rules``, ``costs``; a header first.
    """
    data = plain(project)
    if not isinstance(data.get("pool"), str):
        data.pop("pool", None)
    told = {"title": "", "currency": project.currency, "cooperation": project.cooperation}
    return {
        "project": [["field", "value"], *_fields({**told, **data}, scalar, lang)],
        "capabilities": _table("capabilities", map(_capability, data["capabilities"]), scalar, lang),
        "work packages": _table("work packages", data.get("work_packages", []), scalar, lang),
        "rules": _table("rules", data.get("rules", []), scalar, lang),
        "costs": _table("costs", data.get("costs", []), scalar, lang),
    }


def _fields(data: Mapping[str, Any], scalar: Callable[[Scalar], Any], lang: str) -> Rows:
    rows: Rows = []
    for name in FIELDS:
        if name not in data:
            continue
        value = data[name]
        if name in _TEXTS:
            rows.append([name, value])
        elif name == "cooperation":
            rows.append([name, choice_text("cooperation", value, lang)])
        elif name in _EACH:
            rows += [[name, _entry(name, entry)] for entry in value]
        elif isinstance(value, int | Decimal):
            rows.append([name, scalar(value)])
        else:
            rows.append([name, write_terms(value)])
    return rows


def _entry(name: str, entry: Any) -> str:
    """Write one entry of a field that may stand in several rows."""
    if name == "choices" and set(entry) == {"options"}:
        entry = entry["options"]
    return write_terms(entry)


def _capability(data: Mapping[str, Any]) -> dict[str, Any]:
    providers = data.get("providers", {})
    if not isinstance(providers, Mapping):
        providers = {"min": providers, "max": providers}
    rest = {key: value for key, value in data.items() if key != "providers"}
    return {**rest, **{f"providers_{key}": value for key, value in providers.items()}}


def _table(name: str, entries: Any, scalar: Callable[[Scalar], Any], lang: str) -> Rows:
    """Write entries as rows; what has no column of its own stands in the last."""
    columns = list(SHEET_COLUMNS[name])
    rows: Rows = [columns]
    for entry in entries:
        own = {key: _cell(key, value, scalar, lang) for key, value in entry.items() if key in columns}
        more = {key: value for key, value in entry.items() if key not in columns}
        rows.append(
            [
                *(own.get(key, "") for key in columns if key != "more"),
                *([write_terms(more)] if "more" in columns else []),
            ]
        )
    return rows


def _cell(key: str, value: Any, scalar: Callable[[Scalar], Any], lang: str) -> Any:
    if isinstance(value, int | Decimal):
        return scalar(value)
    if isinstance(value, Mapping):
        return write_terms(value, filtering=key == "filter", lang=lang)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value
