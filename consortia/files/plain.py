"""From models to plain data, as short as a person would write them: without defaults, with the short forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, RootModel

from consortia.spec.base import Amount
from consortia.spec.filters import Condition
from consortia.spec.pool import Membership
from consortia.spec.project import Providers


def plain(value: Any) -> Any:
    """Turn a model, or data with models inside, into mappings, lists and scalars that read back as the same.

    Parameters
    ----------
    value : Project, Pool, or any part of one
        What to write.

    Examples
    --------
    >>> from consortia.spec.pool import Partner
    >>> plain(Partner(id="Acme", clusters=["Metal"], joining_cost="1200 EUR"))
    {'id': 'Acme', 'clusters': ['Metal'], 'joining_cost': '1200 EUR'}
    """
    if isinstance(value, Amount):
        return f"{number(value.amount)} {value.currency}"
    if isinstance(value, Membership) and not value.paid:
        return value.cluster
    if isinstance(value, Providers) and value.min == value.max:
        return value.min
    if isinstance(value, Condition) and value == Condition.model_construct(any=value.any) and value.any:
        return plain(value.any if len(value.any) > 1 else value.any[0])
    if isinstance(value, RootModel):
        return plain(value.root)
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def _fields(model: BaseModel) -> dict[str, Any]:
    found = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        # a rule or a cost is known by its name, although that is also its default
        if name not in ("rule", "cost") and value == field.get_default(call_default_factory=True):
            continue
        found[field.alias or name] = plain(value)
    return found


def number(value: int | Decimal) -> str:
    """Write a number with plain digits, never with an exponent.

    Examples
    --------
    >>> number(Decimal("1E+3")), number(Decimal("0.50"))
    ('1000', '0.50')
    """
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
