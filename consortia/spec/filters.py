"""Filters: which members a rule speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, RootModel, model_validator

from consortia.errors import WrongValue
from consortia.sentence import say
from consortia.spec.base import Identifier, Number, Strict

Plain = Annotated[bool | int | Decimal | str, BeforeValidator(lambda value: _plain(value))]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return Decimal(repr(value))
    if value is None or isinstance(value, dict | list):
        raise WrongValue(say("a text, a number, true or false is expected"), say("Write one, or a list of them"))
    return value


class Condition(Strict):
    """A condition on one attribute; all parts that are given must hold.

    A filter may also write a bare value for ``any`` of one, and a list for ``any`` of several. An attribute that
    is not known meets no condition, not even a negated one: what is not known never helps.
    """

    any: tuple[Plain, ...] | None = Field(default=None, description="one of these values")
    not_: Condition | None = Field(default=None, alias="not", description="a condition that must not hold")
    in_: Identifier | None = Field(default=None, alias="in", description="one of a named group of values")
    min: Number | None = Field(default=None, description="at least")
    max: Number | None = Field(default=None, description="at most")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, Condition | dict):
            return value
        if isinstance(value, list | tuple):
            if not value:
                raise WrongValue(say("an empty list admits nobody"), say("Leave the attribute out"))
            return {"any": value}
        return {"any": [value]}

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if all(part is None for part in (self.any, self.not_, self.in_, self.min, self.max)):
            raise WrongValue(say("the condition says nothing"), say("Give a value, a list, min, max, not or in"))
        return self

    def admits(self, value: object, groups: Mapping[str, frozenset[object]]) -> bool:
        """Tell whether the attribute `value` meets the condition, under the named `groups`."""
        if value is None:
            return False
        if self.any is not None and not any(_same(value, wanted) for wanted in self.any):
            return False
        if self.in_ is not None and value not in groups[self.in_]:
            return False
        if self.not_ is not None and self.not_.admits(value, groups):
            return False
        if self.min is None and self.max is None:
            return True
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    def groups(self) -> Iterator[str]:
        """Names of the groups that the condition refers to."""
        if self.in_ is not None:
            yield self.in_
        if self.not_ is not None:
            yield from self.not_.groups()


def _same(value: object, wanted: object) -> bool:
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


class Filter(RootModel[dict[str, Condition]]):
    """Conditions on attributes, all of which must hold.

    The attributes are ``id``, ``cluster``, ``country``, ``region``, ``industry``, ``kind``, ``role``, ``owner``,
    ``reliability``, those of the entry cluster (``cluster_country``, ``cluster_region``, ``cluster_industry``)
    and the partners' free attributes.

    Examples
    --------
    >>> small = Filter({"kind": "sme", "country": {"not": "BY"}})
    >>> small.admits({"kind": "sme", "country": "RU"}, {})
    True
    >>> small.admits({"kind": "sme"}, {})
    False
    """

    model_config = {"frozen": True}

    def admits(self, attributes: Mapping[str, object], groups: Mapping[str, frozenset[object]]) -> bool:
        """Tell whether somebody with these `attributes` passes."""
        return all(condition.admits(attributes.get(name), groups) for name, condition in self.root.items())

    def with_default(self, attribute: str, value: str) -> Filter:
        """Return the same filter, with a condition on `attribute` if it has none."""
        if attribute in self.root:
            return self
        return Filter.model_construct({attribute: Condition(any=(value,)), **self.root})

    def describe(self) -> str:
        """Write the filter out, as a person would in the file."""
        return " & ".join(f"{name} {_describe(condition)}" for name, condition in self.root.items())


def _describe(condition: Condition) -> str:
    parts = []
    if condition.any is not None:
        parts.append("= " + " | ".join(str(value) for value in condition.any))
    if condition.in_ is not None:
        parts.append(f"in {condition.in_}")
    if condition.min is not None:
        parts.append(f">= {condition.min}")
    if condition.max is not None:
        parts.append(f"<= {condition.max}")
    if condition.not_ is not None:
        parts.append(f"not ({_describe(condition.not_)})")
    return ", ".join(parts)
