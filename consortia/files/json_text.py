"""JSON to plain data, strictly: exact numbers, no doubled keys, no NaN; lines are found when a message wants them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.files.loaded import Document, Loc, Source, path_text
from consortia.sentence import say

DEEPEST = 60
"""Nothing in the file schema is nested half as deep."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')


def parse(text: str, file: str) -> Document:
    """Turn JSON text into plain data.

    Parameters
    ----------
    text : str
        The text.
    file : str
        What to call it in messages.

    Returns
    -------
    Document
        With doubled keys and NaN among its problems; of doubled keys the first stands.

    Raises
    ------
    SpecError
        If the text is not JSON, or is nested too deep.
    """
    _check_depth(text, file)
    odd: list[str] = []

    def pairs(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(entries)
        if len(found) < len(entries):
            odd.append("doubled")
            found = dict(reversed(entries))
        return found

    try:
        data = json.loads(
            text,
            parse_float=Decimal,
            parse_int=lambda digits: int(digits) if len(digits) < 100 else Decimal(digits),
            parse_constant=odd.append,
            object_pairs_hook=pairs,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        remedy = say("Check commas, quotes and brackets")
        message = say("this is not JSON: {reason}", reason=error.msg)
        raise SpecError([Problem(file, place, message, remedy)]) from None
    lines = cache(lambda: {loc: line for loc, line, _ in _entries(text)})

    def locate(loc: Loc) -> str:
        known = lines()
        line = next(known[loc[:size]] for size in range(len(loc), -1, -1) if loc[:size] in known)
        return f"{path_text(loc)} (line {line})".strip()

    return Document(data, Source(file, locate), problems=tuple(_oddities(text, file)) if odd else ())


def _check_depth(text: str, file: str) -> None:
    depth = 0
    for token in _BRACKET.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, token.start()) + 1
                message = say("this is nested deeper than {what} levels", what=DEEPEST)
                remedy = say("Write the values out, as in docs/file-format.md")
                raise SpecError([Problem(file, f"line {line}", message, remedy)])
        elif token[0] in "}]":
            depth -= 1


def _oddities(text: str, file: str) -> Iterator[Problem]:
    seen: set[Loc] = set()
    for loc, line, token in _entries(text):
        if loc in seen:
            message = say("the key {key} appears twice", key=loc[-1])
            yield Problem(file, f"line {line}", message, say("Remove or rename one of them"))
        seen.add(loc)
        if token in ("NaN", "Infinity", "-Infinity"):
            message = say("{value} is not a number", value=token)
            yield Problem(file, f"{path_text(loc)} (line {line})", message, say("Write digits, or leave the key out"))


def _entries(text: str) -> Iterator[tuple[Loc, int, str]]:
    """Return path, line and first token of every value of well-formed JSON."""
    stack: list[str | int] = []
    line, position, key = 1, 0, ""
    expects_key = False
    inside: list[bool] = []  # for each container that is open, whether it is an object
    for token in _TOKEN.finditer(text):
        line += text.count("\n", position, token.start())
        position = token.start()
        mark = token[0]
        if mark == ",":
            expects_key = inside[-1]
            if not expects_key:
                stack[-1] += 1  # type: ignore[operator]
        elif mark in "}]":
            inside.pop()
            stack.pop()
        elif mark == ":":
            stack[-1] = json.loads(key)
            expects_key = False
        elif expects_key:
            key = mark
        else:
            yield tuple(stack), line, mark
            if mark in "{[":
                inside.append(mark == "{")
                expects_key = inside[-1]
                stack.append("" if expects_key else 0)
