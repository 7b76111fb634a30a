"""Readers and writers of what people write: YAML, JSON, CSV, workbooks.

Names are resolved lazily: importing this package loads neither pydantic, PyYAML nor openpyxl.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consortia.files.loaded import Loaded, Source
    from consortia.files.reading import read, read_pool, read_project
    from consortia.files.write import write_csv, write_json, write_workbook, write_yaml

_HOME = {
    "Loaded": "loaded",
    "Source": "loaded",
    "read": "reading",
    "read_pool": "reading",
    "read_project": "reading",
    "write_csv": "write",
    "write_json": "write",
    "write_workbook": "write",
    "write_yaml": "write",
}

__all__ = [
    "Loaded",
    "Source",
    "read",
    "read_pool",
    "read_project",
    "write_csv",
    "write_json",
    "write_workbook",
    "write_yaml",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
