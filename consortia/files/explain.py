"""Pydantic's errors in the words of this project, each with a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from consortia.errors import WrongValue
from consortia.files.loaded import Loc
from consortia.sentence import Sentence, listed, say
from consortia.spec.references import nearest

Finding = tuple[Loc, Sentence, Sentence | None]


def explained(error: ValidationError, kind: type[BaseModel], data: object) -> list[Finding]:
    """Say what is wrong, once a place.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    kind : type
        The model that was wanted.
    data : object
        What was given for it.

    Returns
    -------
    list of (path, message, remedy)
        In the order of pydantic. Where a value may be of several types, only the most telling error is kept.
    """
    found = []
    for entry in error.errors(include_url=False):
        loc, value = walk(data, entry["loc"])
        if entry["type"] in ("missing", "extra_forbidden") and (not loc or loc[-1] != entry["loc"][-1]):
            loc = (*loc, entry["loc"][-1])
        found.append((loc, value, entry))
    schema = _Schema(kind)
    findings: dict[tuple[Loc, str], Finding] = {}
    for position, (loc, value, entry) in enumerate(found):
        others = found[:position] + found[position + 1 :]
        if entry["type"] == "too_short" and any(place[: len(loc)] == loc for place, _, _ in others):
            continue  # entries that are wrong were not counted
        if _vague(entry) and any(_tells_more(entry, loc, other, place) for place, _, other in others):
            continue
        if _vague(entry) and any(place == loc for place, _ in findings):
            continue
        for message, remedy in _messages(entry, loc, value, schema, data):
            findings.setdefault((loc, str(message)), (loc, message, remedy))
    return list(findings.values())


def walk(data: object, loc: Loc) -> tuple[Loc, object]:
    """Follow an error's path as far as the data go, and return that path and what is there.

    Pydantic puts names of types into paths, where a value may be of several; the data do not have those.
    """
    found: list[str | int] = []
    for part in loc:
        if has(data, part):
            data = data[part]  # type: ignore[index]
            found.append(part)
    return tuple(found), data


def has(data: object, part: str | int) -> bool:
    """Tell whether data have an entry under a key or at a position."""
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and 0 <= part < len(data)


def _vague(entry: Any) -> bool:
    """Tell whether an error may only say that a value is not of one of several types."""
    return str(entry["type"]).endswith("_type") or entry["type"] in ("literal_error", "is_instance_of")


def _tells_more(entry: Any, loc: Loc, other: Any, place: Loc) -> bool:
    return place[: len(loc)] == loc and (len(place) > len(loc) or not _vague(other))


def _messages(
    entry: Any, loc: Loc, value: object, schema: _Schema, data: object
) -> Iterator[tuple[Sentence, Sentence | None]]:
    context = entry.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, ValidationError):
        for inner in cause.errors(include_url=False):
            yield from _messages(inner, loc, inner["input"], schema, data)
        return
    kind = str(entry["type"])
    shown = _shown(value)
    if kind == "missing":
        yield say("{key} is missing", key=loc[-1]), say("Add {key}", key=loc[-1])
    elif kind == "extra_forbidden":
        yield _unknown_key(str(loc[-1]), schema.keys(loc[:-1], data))
    elif kind == "value_error":
        if isinstance(cause, WrongValue):
            yield cause.message, cause.remedy
        else:
            yield say("{reason}", reason=str(cause or entry["msg"])), say("See docs/file-format.md")
    elif kind in ("literal_error", "union_tag_invalid"):
        yield _not_among(kind, context, value)
    elif kind == "union_tag_not_found":
        yield say("{key} is missing", key="rule"), say("Say which rule it is, such as rule: count")
    elif value is None and kind.endswith("_type"):
        yield say("there is no value"), say("Give one, or leave the key out")
    elif kind == "string_pattern_mismatch" and context["pattern"] in _FORMS:
        text, remedy = _FORMS[context["pattern"]]
        yield Sentence(text.text, {"found": shown}), remedy
    elif kind == "less_than_equal" and context["le"] == 1:
        yield say("{found} is too large", found=shown), say("Write a share up to 1, or a percentage such as 30%")
    elif kind in _TEXTS:
        text, remedy = _TEXTS[kind]
        values = {name: entry for name, entry in context.items() if name != "error"}
        yield Sentence(text.text, {"found": shown, **values}), Sentence(remedy.text, values)
    else:
        yield say("{reason}: {found}", reason=entry["msg"], found=shown), say("See docs/file-format.md")


_NUMBER = say("Write digits with a decimal point, such as 1200.50")
_LIST = say("Write a list, with a dash before each entry, or [] for none")
_KEYS = say("Write keys with values, such as id: ...")
_QUOTE = say("Write it in quotes")
_WHOLE = say("Write a whole number, such as 2")
_FORMS = {
    r"^[A-Z]{3}$": (say("{found} is not the code of a currency"), say("Write three capital letters, such as EUR")),
    r"^\d{4}-\d{2}-\d{2}$": (say("{found} is not a date"), say("Write year, month and day, such as 2026-01-31")),
}
_TEXTS = {
    "string_type": (say("a text is expected, not {found}"), _QUOTE),
    "string_pattern_mismatch": (say("{found} is not of the form {pattern}"), say("Write it in that form")),
    "string_too_short": (say("a text is expected, and this is empty"), say("Write it, or leave the key out")),
    "int_type": (say("a whole number is expected, not {found}"), _WHOLE),
    "int_parsing": (say("a whole number is expected, not {found}"), _WHOLE),
    "int_from_float": (say("a whole number is expected, not {found}"), _WHOLE),
    "decimal_type": (say("a number is expected, not {found}"), _NUMBER),
    "decimal_parsing": (say("a number is expected, not {found}"), _NUMBER),
    "bool_type": (say("true or false is expected, not {found}"), say("Write true or false")),
    "bool_parsing": (say("true or false is expected, not {found}"), say("Write true or false")),
    "tuple_type": (say("a list is expected, not {found}"), _LIST),
    "list_type": (say("a list is expected, not {found}"), _LIST),
    "dict_type": (say("a mapping of keys to values is expected, not {found}"), _KEYS),
    "model_type": (say("a mapping of keys to values is expected, not {found}"), _KEYS),
    "model_attributes_type": (say("a mapping of keys to values is expected, not {found}"), _KEYS),
    "greater_than": (say("{found} is too small"), say("Write more than {gt}")),
    "greater_than_equal": (say("{found} is too small"), say("Write {ge} or more")),
    "less_than": (say("{found} is too large"), say("Write less than {lt}")),
    "less_than_equal": (say("{found} is too large"), say("Write {le} or less")),
    "too_short": (say("there are too few entries: {actual_length}"), say("Give at least {min_length}")),
}


def _unknown_key(key: str, keys: list[str]) -> tuple[Sentence, Sentence]:
    close = nearest(key, keys)
    message = say("the key {key} is not known here", key=key)
    if close is not None:
        return message, say("Perhaps {name} is meant", name=close)
    return message, say("Write one of {keys}", keys=listed(keys)) if keys else say("Remove it")


def _not_among(kind: str, context: Mapping[str, Any], value: object) -> tuple[Sentence, Sentence]:
    if kind == "union_tag_invalid":
        value, expected = context["tag"], str(context["expected_tags"])
    else:
        expected = str(context["expected"])
    choices = [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")]
    close = nearest(str(value), choices)
    message = say("{found} is not one of {choices}", found=_shown(value), choices=listed(choices))
    if close is not None:
        return message, say("Perhaps {name} is meant", name=close)
    return message, say("Write one of them")


def _shown(value: object) -> object:
    if isinstance(value, Mapping):
        return say("a mapping")
    if isinstance(value, list | tuple):
        return say("a list")
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


class _Schema:
    """The keys that a model knows at a path, from its JSON Schema."""

    def __init__(self, kind: type[BaseModel]) -> None:
        self.root = kind.model_json_schema()

    def keys(self, loc: Loc, data: object) -> list[str]:
        nodes = [self.root]
        for part in loc:
            nodes = [inner for node in self._plain(nodes, data) for inner in self._inner(node, part)]
            data = data[part]  # type: ignore[index]
        return sorted({key for node in self._plain(nodes, data) for key in node.get("properties", {})})

    def _inner(self, node: Mapping[str, Any], part: str | int) -> Iterator[Any]:
        if isinstance(part, int):
            if isinstance(node.get("items"), Mapping):
                yield node["items"]
        elif part in node.get("properties", {}):
            yield node["properties"][part]
        elif isinstance(node.get("additionalProperties"), Mapping):
            yield node["additionalProperties"]

    def _plain(self, nodes: list[Any], data: object) -> Iterator[Any]:
        """Follow references and alternatives; of the rules, take the one that the data name."""
        for node in nodes:
            if "$ref" in node:
                yield from self._plain([self.root["$defs"][node["$ref"].rsplit("/", 1)[-1]]], data)
            elif "discriminator" in node and isinstance(data, Mapping):
                named = node["discriminator"]["mapping"].get(str(data.get(node["discriminator"]["propertyName"])))
                yield from self._plain([{"$ref": named}] if named else [], data)
            elif "anyOf" in node or "oneOf" in node:
                yield from self._plain([*node.get("anyOf", ()), *node.get("oneOf", ())], data)
            else:
                yield node
