"""YAML to plain data, strictly, with scalars as YAML 1.2 means them.

PyYAML parses, in C where it can; what its events mean is decided here. Only ``true`` and ``false`` are booleans, so
``country: NO`` is Norway; there are no sexagesimal, octal or date surprises; numbers with a point are exact.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from consortia.errors import Problem, SpecError
from consortia.files.loaded import Document, Loc, Source, path_text
from consortia.sentence import say

DEEPEST = 60
"""Nothing in the file schema is nested half as deep."""
MOST_REPEATED = 100_000
"""Values that aliases may add to a file; a few lines of nested aliases would otherwise fill the memory."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}  # type: ignore[dict-item]
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})\Z")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_STRING_TAG = "tag:yaml.org,2002:str"


def scalar(text: str) -> object:
    """Return what a plain scalar means.

    Examples
    --------
    >>> [scalar(text) for text in ("12", "1.50", "NO", "017", "true", "~")]
    [12, Decimal('1.50'), 'NO', '017', True, None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-.":
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return Decimal(text)
    return text


def parse(text: str, file: str) -> Document:
    """Turn YAML text into plain data.

    Parameters
    ----------
    text : str
        The text of one YAML document.
    file : str
        What to call it in messages.

    Returns
    -------
    Document
        With doubled keys among its problems; the first of them stands.

    Raises
    ------
    SpecError
        If the text is not YAML, or it is of a kind that is refused as a whole.
    """
    builder = _Builder(file)
    data = builder.build(text)

    @cache
    def tracked() -> _Builder:
        # lines are wanted only for messages, so that the usual reading does not pay for them
        again = _Builder(file, track=True)
        again.build(text)
        return again

    def locate(loc: Loc) -> str:
        line = tracked().line(loc)
        return f"{path_text(loc)} (line {line})".strip()

    return Document(data, Source(file, locate), problems=tuple(builder.problems))


class _Builder:
    """Builds data from events, with a stack of its own instead of recursion."""

    def __init__(self, file: str, track: bool = False) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[int, dict[Any, int]] | None = {} if track else None
        self.root: Any = None
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.repeated = 0

    def build(self, text: str) -> Any:
        try:
            return self._events(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            reason = error.problem or error.context or "?"
            remedy = say("indent with spaces, not tabs") if "\\t" in reason else say("check colons, quotes and indents")
            raise SpecError(
                [Problem(self.file, place, say("this is not YAML: {reason}", reason=reason), remedy)]
            ) from None
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            raise SpecError(
                [Problem(self.file, "", say("this is not YAML: {reason}", reason=reason), None)]
            ) from None

    def line(self, loc: Loc) -> int:
        """Return the line of the deepest part of a path that exists."""
        assert self.lines is not None
        value, line = self.root, self.lines[0][""]
        for part in loc:
            known = self.lines.get(id(value), {})
            if part not in known:
                break
            value, line = value[part], known[part]
        return line

    def _events(self, text: str) -> Any:  # noqa: C901 - one branch an event; apart they would hide the loop
        stack: list[tuple[Any, str | None, int]] = []  # container, anchor, values before it
        container: Any = None
        key: Any = None  # of the mapping being filled; None where a key is expected
        keys: list[Any] = []  # of the mappings further out
        count = documents = 0
        scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
        mapping_start, sequence_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
        for event in yaml.parse(text, Loader=_LOADER):
            kind = type(event)
            if kind is scalar_event:
                count += 1
                if event.tag is not None and event.tag not in ("!", _STRING_TAG):
                    raise self._refuse(event, "the tag {what} is not understood", event.tag)
                plain = event.implicit[0] and event.tag is None
                if type(container) is dict and key is None:
                    key = self._key(container, event, plain)
                    continue
                value = scalar(event.value) if plain else event.value
                if event.anchor is not None:
                    self.anchors[event.anchor] = (value, 1)
            elif kind is mapping_start or kind is sequence_start:
                count += 1
                if type(container) is dict and key is None:
                    raise self._refuse(event, "a key must be a single text", "")
                if event.tag is not None:
                    raise self._refuse(event, "the tag {what} is not understood", event.tag)
                if len(stack) >= DEEPEST:
                    raise self._refuse(event, "this is nested deeper than {what} levels", DEEPEST)
                stack.append((container, event.anchor, count))
                keys.append(key)
                container, key = {} if kind is mapping_start else [], None
                self._mark(container, "", event)
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value, key = container, keys.pop()
                container, anchor, before = stack.pop()
                if anchor is not None:
                    self.anchors[anchor] = (value, count - before + 1)
            elif kind is alias_event:
                if type(container) is dict and key is None:
                    raise self._refuse(event, "a key must be a single text", "")
                value, size = self._repeat(event)
                count += size
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self._refuse(event, "one YAML document is expected, and another begins here", "")
                continue
            else:
                continue
            if container is None:
                self.root = value
                if self.lines is not None:
                    self.lines[0] = {"": event.start_mark.line + 1 if kind is scalar_event else 1}
            elif type(container) is dict:
                if key is not _DOUBLED:
                    container[key] = value
                key = None
            else:
                if self.lines is not None:
                    self._mark_item(container, value, event)
                container.append(value)
        return self.root

    def _key(self, container: dict[Any, Any], event: Any, plain: bool) -> Any:
        name = event.value
        if plain and name == "<<":
            raise self._refuse(event, "merge keys ({what}) are not part of YAML 1.2", "<<")
        if plain and scalar(name) is None:
            raise self._refuse(event, "a key must be a single text", "")
        if name in container:
            self.problems.append(
                Problem(
                    self.file,
                    f"line {event.start_mark.line + 1}",
                    say("the key {key} appears twice", key=name),
                    say("remove or rename one of them"),
                )
            )
            return _DOUBLED
        container[name] = None
        self._mark(container, name, event)
        return name

    def _repeat(self, event: Any) -> tuple[Any, int]:
        if event.anchor not in self.anchors:
            raise self._refuse(event, "the alias *{what} has no anchor before it, or contains itself", event.anchor)
        value, size = self.anchors[event.anchor]
        self.repeated += size
        if self.repeated > MOST_REPEATED:
            raise self._refuse(event, "aliases repeat more than {what} values", MOST_REPEATED)
        return value, size

    def _mark(self, container: Any, key: Any, event: Any) -> None:
        if self.lines is not None:
            self.lines.setdefault(id(container), {})[key] = event.start_mark.line + 1

    def _mark_item(self, container: Any, value: Any, event: Any) -> None:
        assert self.lines is not None
        begun = self.lines.get(id(value), {}).get("") if isinstance(value, dict | list) else None
        self.lines[id(container)][len(container)] = begun or event.start_mark.line + 1

    def _refuse(self, event: Any, text: str, what: object) -> SpecError:
        place = f"line {event.start_mark.line + 1}, column {event.start_mark.column + 1}"
        message = say(text, what=what)
        return SpecError([Problem(self.file, place, message, say("write the values out, as plain YAML"))])


_DOUBLED = object()
