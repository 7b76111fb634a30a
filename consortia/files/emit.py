"""Plain data to YAML and JSON text: the same bytes on every platform and with every version of a library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from consortia.files.plain import number

_SAFE = re.compile(r"[^\W\d_][\w ./()+%-]*(?<! )\Z")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that some reader of YAML takes for something else than a text."""
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE = 100


def to_yaml(data: Any) -> str:
    """Write plain data as YAML, with short lists and mappings on a line of their own.

    Examples
    --------
    >>> print(to_yaml({"title": "Ice", "capabilities": [{"id": "NO", "level": 2}]}), end="")
    title: Ice
    capabilities:
      - {id: "NO", level: 2}
    """
    return "".join(f"{line}\n" for line in _block(data, ""))


def _block(data: Any, indent: str) -> Iterator[str]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _entry(f"{indent}{_text(key)}:", value, indent + "  ")
    elif isinstance(data, list) and data:
        for value in data:
            yield from _item(value, indent)
    else:
        yield indent + _inline(data)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    short = f"{head} {_inline(value)}" if _is_flat(value) else ""
    if short and (len(short) <= _LINE or not isinstance(value, dict | list) or not value):
        yield short
    else:
        yield head
        yield from _block(value, indent)


def _item(value: Any, indent: str) -> Iterator[str]:
    short = f"{indent}- {_inline(value)}" if _is_flat(value) else ""
    if short and (len(short) <= _LINE or not isinstance(value, dict | list) or not value):
        yield short
        return
    lines = _block(value, indent + "  ")
    first = next(lines)
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from lines


def _is_flat(value: Any) -> bool:
    """Tell whether a value may stand on one line: nothing in it is longer than a list of scalars."""
    if isinstance(value, dict):
        return not any(isinstance(entry, dict | list) for entry in value.values())
    return not isinstance(value, list) or not any(isinstance(entry, dict | list) for entry in value)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_inline(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _text(value) if isinstance(value, str) else _constant(value)


def _text(value: str) -> str:
    if _SAFE.match(value) and value.casefold() not in _RESERVED:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _constant(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int | Decimal):
        return number(value)
    raise TypeError(f"{value!r} is neither a text, a number, true, false nor null")


def to_json(data: Any) -> str:
    """Write plain data as JSON, with numbers as they are: no Decimal becomes a float.

    Examples
    --------
    >>> print(to_json({"rate": Decimal("0.10")}), end="")
    {
      "rate": 0.10
    }
    """
    return "".join(_json(data, "\n")) + "\n"


def _json(value: Any, newline: str) -> Iterator[str]:
    if isinstance(value, str):
        yield _quoted(value)
    elif not isinstance(value, dict | list):
        yield _constant(value)
    elif not value:
        yield "{}" if isinstance(value, dict) else "[]"
    else:
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        entries = value.items() if isinstance(value, dict) else ((None, entry) for entry in value)
        separator = opening
        for key, entry in entries:
            yield f"{separator}{newline}  " + ("" if key is None else f"{_quoted(key)}: ")
            yield from _json(entry, newline + "  ")
            separator = ","
        yield newline + closing
