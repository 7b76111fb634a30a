"""The notation of cells that say more than one value: ``kind = sme; country in eaeu; reliability >= 0,7``.

Terms stand apart by semicolons or new lines, alternatives by bars, and parentheses hold terms or alternatives inside.
A text that contains one of these signs stands in double quotes, which are doubled inside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from consortia.errors import WrongValue
from consortia.files import cells
from consortia.files.headers import COLUMNS, VALUES, folded, synonyms
from consortia.files.plain import number
from consortia.files.sheets import choice_text, in_language
from consortia.sentence import say
from consortia.spec.pool import BUILT_IN, OF_ENTRY

DEEPEST = 20
_TOKEN = re.compile(
    r'[^\S\n]*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<sign>[<>!]=|[;|()=≥≤≠\n])|(?P<word>(?:(?![<>!]=)[^"();|=≥≤≠\n])+))'
)
_COMPARING = {"≥": ">=", "≤": "<=", "≠": "!="}
_IN = re.compile(r"(?P<key>.+?)\s+(?P<not>not |не )?\s*(in|в)\s+(?P<group>.+)", re.IGNORECASE | re.DOTALL)
_PERCENTAGE = re.compile(r"-?\d+([.,]\d+)?\s*%")
_FILTERS = frozenset({"filter", "among", "base"})
_LISTS = frozenset({"partners", "any_of", "capabilities", "pairs", "needed_by", "owners", "tiers"})
"""Keys whose value is a list also where only one entry is written."""
_TEXTS = frozenset({*BUILT_IN, *OF_ENTRY}) - {"reliability"}
"""Attributes that are texts whatever they look like: NO is a country."""
_TO_CONDITION = {">=": "min", "<=": "max"}


def read_terms(cell: cells.Cell, *, filtering: bool = False) -> Any:
    """Read a cell: a mapping where it has terms, a list where it has several values, else the one value.

    Parameters
    ----------
    cell : str, int, Decimal or bool
    filtering : bool
        Whether the terms are conditions on attributes of partners.

    Examples
    --------
    >>> read_terms("when = silk; any_of = a | b")
    {'when': 'silk', 'any_of': ['a', 'b']}
    >>> read_terms("country in eaeu; kind != public; reliability >= 0,7", filtering=True)
    {'country': {'in': 'eaeu'}, 'kind': {'not': 'public'}, 'reliability': {'min': Decimal('0.7')}}
    >>> read_terms("if = (rule = count; min = 3); pairs = (a | b)")
    {'if': {'rule': 'count', 'min': 3}, 'pairs': [['a', 'b']]}
    """
    if not isinstance(cell, str):
        return cell
    return _Parser(cell).read(filtering)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        end = 0
        while end < len(text.rstrip()):
            found = _TOKEN.match(text, end)
            if found is None:
                remedy = say("Put a text with signs into double quotes, and double the quotes inside it")
                raise WrongValue(say("{found} cannot be understood", found=text[end : end + 40]), remedy)
            kind = str(found.lastgroup)
            token = found[kind]
            if kind == "quoted":
                token = token.replace('""', '"')
            elif kind == "word":
                token = token.strip()
            if token or kind == "quoted":
                self.tokens.append((kind, _COMPARING.get(token, token)))
            end = found.end()
        self.at = 0

    def read(self, filtering: bool) -> Any:
        found = self._sequence(filtering, 0)
        if self.at < len(self.tokens):
            raise self._unexpected()
        return found

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")

    def _unexpected(self) -> WrongValue:
        kind, token = self._peek()
        remedy = say('Write terms such as kind = sme; country = BY | RU, and texts with signs in "double quotes"')
        if kind == "end":
            return WrongValue(say("{found} ends too soon", found=self.text[:60]), remedy)
        return WrongValue(say("{sign} is not expected in {found}", sign=token, found=self.text[:60]), remedy)

    def _sequence(self, filtering: bool, depth: int) -> Any:
        """Read parts up to the end or a closing parenthesis."""
        if depth > DEEPEST:
            raise WrongValue(say("there are too many parentheses inside one another"), say("Write it more simply"))
        named: dict[str, Any] = {}
        listed: list[Any] = []
        while self._peek()[0] != "end" and self._peek() != ("sign", ")"):
            if self._peek() in (("sign", ";"), ("sign", "\n")):
                self.at += 1
                continue
            if filtering or self._peek(1) in {("sign", sign) for sign in ("=", ">=", "<=", "!=")}:
                if listed:
                    raise self._unexpected()
                self._term(named, filtering, depth)
            else:
                if named:
                    raise self._unexpected()
                listed.append(self._value(False, depth))
            if self._peek() not in (("sign", ";"), ("sign", "\n"), ("sign", ")"), ("end", "")):
                raise self._unexpected()
        if listed:
            return listed if len(listed) > 1 else listed[0]
        return named

    def _term(self, named: dict[str, Any], filtering: bool, depth: int) -> None:
        kind, token = self._peek()
        inside = _IN.fullmatch(token) if filtering and kind == "word" else None
        if inside is not None:
            self.at += 1
            condition: Any = {"in": inside["group"].strip()}
            _add(named, _attribute(inside["key"]), {"not": condition} if inside["not"] else condition)
            return
        sign = self._peek(1)[1]
        if filtering and kind == "word" and self._peek(1)[0] in ("end", "word"):
            remedy = say("Write terms such as kind = sme; country in eu; reliability >= 0.8")
            raise WrongValue(say("{found} has no name with a value", found=token[:60]), remedy)
        if kind not in ("word", "quoted") or self._peek(1) not in {("sign", s) for s in ("=", ">=", "<=", "!=")}:
            raise self._unexpected()
        if not filtering and sign != "=":
            self.at += 1
            raise self._unexpected()
        key = _attribute(token) if filtering and kind == "word" else token
        self.at += 2
        value = self._value(key in _FILTERS and not filtering, depth, key if filtering else "")
        if not filtering:
            if key in named:
                raise WrongValue(say("{key} is given twice", key=key), say("Remove one of them"))
            named[key] = _as_list(key, value)
        elif sign == "=":
            _add(named, key, value)
        else:
            _add(named, key, {"not": value} if sign == "!=" else {_TO_CONDITION[sign]: value})

    def _value(self, filtering: bool, depth: int, attribute: str = "") -> Any:
        found = [self._item(filtering, depth, attribute)]
        while self._peek() == ("sign", "|"):
            self.at += 1
            found.append(self._item(filtering, depth, attribute))
        return found if len(found) > 1 else found[0]

    def _item(self, filtering: bool, depth: int, attribute: str) -> Any:
        kind, token = self._peek()
        if kind == "quoted":
            self.at += 1
            return token
        if kind == "word":
            self.at += 1
            return _scalar(token, attribute)
        if token != "(":
            raise self._unexpected()
        self.at += 1
        found = self._sequence(filtering, depth + 1)
        if self._peek() != ("sign", ")"):
            raise self._unexpected()
        self.at += 1
        return found


def _scalar(word: str, attribute: str = "") -> Any:
    if attribute in VALUES:
        return _values(attribute).get(folded(word), word)
    if attribute in _TEXTS:
        return word
    return word.replace(",", ".") if _PERCENTAGE.fullmatch(word) else cells.attribute(word)


@cache
def _values(attribute: str) -> dict[str, str]:
    return synonyms(VALUES[attribute])


@cache
def _attributes() -> dict[str, str]:
    return synonyms({name: others for name, others in COLUMNS["partners"].items() if name in BUILT_IN}) | {
        "кластер": "cluster",
        "cluster": "cluster",
    }


def _attribute(word: str) -> str:
    return _attributes().get(folded(word), word.strip())


def _as_list(key: str, value: Any) -> Any:
    if key not in _LISTS:
        return value
    if not isinstance(value, list):
        return [value] if value != {} else []
    return [value] if key == "pairs" and not any(isinstance(entry, list | dict) for entry in value) else value


def _add(named: dict[str, Any], key: str, value: Any) -> None:
    """Add a condition on an attribute to those that there are."""
    if key not in named:
        named[key] = value
        return
    before, added = (
        entry if isinstance(entry, Mapping) else {"any": entry if isinstance(entry, list) else [entry]}
        for entry in (named[key], value)
    )
    if set(before) & set(added):
        raise WrongValue(say("{key} is given twice", key=key), say("Remove one of them"))
    named[key] = {**before, **added}


def write_terms(value: Any, *, filtering: bool = False, lang: str = "en") -> str:
    """Write plain data in the notation; `read_terms` reads it back as the same.

    Attributes and kinds of partners in a filter are called as in the language.

    Examples
    --------
    >>> write_terms({"when": "silk", "any_of": ["a", "b; c"]})
    'when = silk; any_of = a | "b; c"'
    >>> write_terms({"kind": "sme", "country": {"not": {"in": "eu"}}, "size": {"min": 3}}, filtering=True)
    'kind = sme; country not in eu; size >= 3'
    >>> write_terms({"kind": "sme", "reliability": {"min": Decimal("0.8")}}, filtering=True, lang="ru")
    'вид = мсп; надёжность >= 0.8'
    """
    if isinstance(value, Mapping):
        made = [term for key, entry in value.items() for term in _terms(str(key), entry, filtering, lang)]
        return "; ".join(made)
    return _written(value)


def _terms(key: str, value: Any, filtering: bool, lang: str) -> list[str]:
    name = _quoted(key, filtering and (_attribute(key) != key or _IN.fullmatch(key) is not None))
    if not filtering:
        if key in _FILTERS and isinstance(value, Mapping):
            return [f"{name} = ({write_terms(value, filtering=True)})"]
        return [f"{name} = {_written(value)}"]
    if lang == "ru" and key in BUILT_IN:
        name = "кластер" if key == "cluster" else in_language(key, COLUMNS["partners"][key], lang)
    if not isinstance(value, Mapping):
        return [f"{name} = {_chosen(value, key, lang)}"]
    made = []
    for part, entry in value.items():
        if part in ("min", "max"):
            made.append(f"{name} {'>=' if part == 'min' else '<='} {_written(entry)}")
        elif part == "in" and _plain_group(entry):
            made.append(f"{name} in {entry}")
        elif part == "not" and isinstance(entry, Mapping) and set(entry) == {"in"} and _plain_group(entry["in"]):
            made.append(f"{name} not in {entry['in']}")
        elif part == "not" and not isinstance(entry, Mapping):
            made.append(f"{name} != {_chosen(entry, key, lang)}")
        elif part == "any":
            made.append(f"{name} = {_chosen(entry, key, lang)}")
        else:
            return [f"{name} = ({write_terms(value)})"]
    return made


def _chosen(value: Any, key: str, lang: str) -> str:
    """Write what an attribute is compared with, a fixed value by its name in the language."""
    entries = value if isinstance(value, list | tuple) else [value]
    if lang == "en" or not all(isinstance(entry, str) and entry in VALUES.get(key, {}) for entry in entries):
        return _written(value, key)
    return " | ".join(choice_text(key, entry, lang) for entry in entries)


def _plain_group(name: object) -> bool:
    return isinstance(name, str) and not set(name) & set('"();|=<>!≥≤≠\n')


def _written(value: Any, attribute: str = "") -> str:
    """Write a value, or alternatives."""
    if isinstance(value, list | tuple):
        return " | ".join(_item(entry, attribute) for entry in value) or "()"
    return _item(value, attribute)


def _item(value: Any, attribute: str) -> str:
    if isinstance(value, Mapping):
        return f"({write_terms(value)})"
    if isinstance(value, list | tuple):
        return f"({_written(value)})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return number(value)
    return _quoted(str(value), False, attribute)


def _quoted(text: str, always: bool, attribute: str = "") -> str:
    plain = bool(text) and not always and text == text.strip() and not set(text) & set('"();|=<>!≥≤≠\n')
    if plain:
        try:
            plain = not text.startswith("'") and _scalar(text, attribute) == text
        except WrongValue:
            plain = False
    return text if plain else '"' + text.replace('"', '""') + '"'
