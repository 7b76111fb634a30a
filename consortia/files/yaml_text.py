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
from consortia.sentence import Sentence, say

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
        self.lines: dict[int, dict[Any, int]] | None = {0: {"": 1}} if track else None
        self.root: Any = None
        self.container: Any = None
        self.key: Any = None  # of the mapping that is being filled; None where a key is expected
        self.stack: list[tuple[Any, Any, str | None, int, int]] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = self.repeated = self.documents = 0
        self.handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def build(self, text: str) -> Any:
        handlers: dict[Any, Any] = self.handlers
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        except yaml.YAMLError as error:
            raise SpecError([_not_yaml(self.file, text, error)]) from None
        return self.root

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

    def _scalar(self, event: Any) -> None:
        self.count += 1
        if event.tag is not None and event.tag not in ("!", _STRING_TAG):
            raise self._refuse(event, say("the tag {what} is not understood", what=event.tag))
        plain = event.implicit[0] and event.tag is None
        if self.key is None and type(self.container) is dict:
            self._begin_entry(event, plain)
            return
        value = scalar(event.value) if plain else event.value
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self._add(value, event.start_mark.line + 1)

    def _start(self, event: Any) -> None:
        self.count += 1
        self._no_key(event)
        if event.tag is not None:
            raise self._refuse(event, say("the tag {what} is not understood", what=event.tag))
        if len(self.stack) >= DEEPEST:
            raise self._refuse(event, say("this is nested deeper than {what} levels", what=DEEPEST))
        line = event.start_mark.line + 1
        self.stack.append((self.container, self.key, event.anchor, self.count, line))
        self.container, self.key = {} if type(event) is yaml.MappingStartEvent else [], None
        if self.lines is not None:
            self.lines[id(self.container)] = {}

    def _end(self, event: Any) -> None:
        value = self.container
        self.container, self.key, anchor, before, line = self.stack.pop()
        if anchor is not None:
            self.anchors[anchor] = (value, self.count - before + 1)
        self._add(value, line)

    def _alias(self, event: Any) -> None:
        self._no_key(event)
        if event.anchor not in self.anchors:
            raise self._refuse(
                event, say("the alias *{what} has no anchor before it, or contains itself", what=event.anchor)
            )
        value, size = self.anchors[event.anchor]
        self.count += size
        self.repeated += size
        if self.repeated > MOST_REPEATED:
            raise self._refuse(event, say("aliases repeat more than {what} values", what=MOST_REPEATED))
        self._add(value, event.start_mark.line + 1)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refuse(event, say("one YAML document is expected, and another begins here"))

    def _begin_entry(self, event: Any, plain: bool) -> None:
        name = event.value
        if plain and name == "<<":
            raise self._refuse(event, say("merge keys ({what}) are not part of YAML 1.2", what="<<"))
        if plain and scalar(name) is None:
            raise self._refuse(event, say("a key must be a single text"))
        if name not in self.container:
            self.key = name
            return
        self.key = _DOUBLED
        message = say("the key {key} appears twice", key=name)
        place = f"line {event.start_mark.line + 1}"
        self.problems.append(Problem(self.file, place, message, say("Remove or rename one of them")))

    def _no_key(self, event: Any) -> None:
        if self.key is None and type(self.container) is dict:
            raise self._refuse(event, say("a key must be a single text"))

    def _add(self, value: Any, line: int) -> None:
        """Put a value where the events have come to."""
        container, key = self.container, self.key
        if container is None:
            self.root = value
            key = ""
        elif type(container) is list:
            key = len(container)
            container.append(value)
        else:
            self.key = None
            if key is _DOUBLED:
                return
            container[key] = value
        if self.lines is not None:
            self.lines[id(container) if container is not None else 0][key] = line

    def _refuse(self, event: Any, message: Sentence) -> SpecError:
        place = f"line {event.start_mark.line + 1}, column {event.start_mark.column + 1}"
        remedy = say("Write the values out, as plain YAML")
        return SpecError([Problem(self.file, place, message, remedy)])


def _not_yaml(file: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None or getattr(error, "problem", None) == "found unexpected end of stream":
        mark = getattr(error, "context_mark", None) or mark  # where the quote was opened
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    reason = getattr(error, "problem", None) or getattr(error, "context", None) or str(error).splitlines()[0]
    begun = text.splitlines()[mark.line][: mark.column + 1] if mark and mark.line < text.count("\n") else ""
    tabs = "\t" in begun and not begun.strip()
    remedy = say("Indent with spaces, not tabs") if tabs else say("Check colons, quotes and indents")
    return Problem(file, place, say("this is not YAML: {reason}", reason=reason), remedy)


_DOUBLED = object()
