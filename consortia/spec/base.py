"""What all models of the file schema share: strictness, identifiers, exact numbers, amounts of money."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from numbers import Integral
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from consortia.errors import WrongValue
from consortia.sentence import say

_DIGITS = say("Write digits without spaces, with a decimal point, such as 1200.50")


class Strict(BaseModel):
    """A frozen model that takes no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


def _identifier(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value.strip())
        if not value:
            raise WrongValue(say("the id is empty"), say("Write one"))
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise WrongValue(say("the id contains a control character"), say("Remove line breaks and tabs from it"))
    return value


def _number(value: object) -> object:
    """Read a number exactly: a float is taken for the digits it is written with."""
    if isinstance(value, bool):
        raise WrongValue(say("a number is expected, not true or false"), _DIGITS)
    if isinstance(value, float):
        value = repr(float(value))  # of numpy's floats, the digits alone
    elif isinstance(value, Integral):
        value = Decimal(int(value))
    if isinstance(value, str):
        try:
            value = Decimal(value.strip())
        except InvalidOperation:
            raise WrongValue(say("{found} is not a number", found=str(value)[:60]), _DIGITS) from None
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise WrongValue(say("{found} is not a finite number", found=value), _DIGITS)
        if value and not -15 < value.adjusted() < 19:
            raise WrongValue(
                say("{found} is out of range", found=value), say("Write a number between 1e-14 and 1e18, or 0")
            )
        if value.as_tuple().exponent < -14:  # type: ignore[operator]
            raise WrongValue(say("{found} has more than 14 decimals", found=value), say("Round it"))
    return value


def _share(value: object) -> object:
    """Read a share between 0 and 1, or a percentage with its sign."""
    if isinstance(value, str) and value.rstrip().endswith("%"):
        number = _number(value.rstrip()[:-1])
        return number / 100 if isinstance(number, Decimal) else number
    return _number(value)


def _whole(value: object) -> object:
    if isinstance(value, bool):
        raise WrongValue(say("a whole number is expected, not true or false"), say("Write a whole number, such as 2"))
    return value


Identifier = Annotated[str, BeforeValidator(_identifier)]
Number = Annotated[Decimal, BeforeValidator(_number)]
NotNegative = Annotated[Decimal, BeforeValidator(_number), Field(ge=0)]
Positive = Annotated[Decimal, BeforeValidator(_number), Field(gt=0)]
Share = Annotated[Decimal, BeforeValidator(_share), Field(ge=0, le=1)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0)]
PositiveCount = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as EUR")]


class Amount(Strict):
    """An amount of money in a currency that is named."""

    amount: NotNegative
    currency: Currency


def _money(value: object) -> object:
    """Read ``1200``, ``"1200 RUB"`` or ``{amount: 1200, currency: RUB}``."""
    if isinstance(value, str):
        parts = re.fullmatch(r"\s*(\S+)\s+([A-Z]{3})\s*", value)
        if parts:
            return Amount(amount=_number(parts[1]), currency=parts[2])
    if isinstance(value, Mapping | Amount):
        return value
    return _number(value)


Money = Annotated[
    Annotated[Decimal, Field(ge=0)] | Amount,
    BeforeValidator(_money),
    Field(description='An amount: 1200, "1200 RUB" or {amount: 1200, currency: RUB}; never rounded'),
]

Scalar = bool | int | Decimal | str


def _scalar(value: object) -> object:
    """Keep booleans, integers and texts apart; read floats exactly."""
    return _number(value) if isinstance(value, float) else value


Attribute = Annotated[Any, BeforeValidator(_scalar)]
