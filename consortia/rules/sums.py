"""Rows that compare a sum with a limit where the weights are too large for one row: digit by digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from consortia.pinning import reached
from consortia.program import Linear, Tag
from consortia.rules.reifiable import Row

if TYPE_CHECKING:
    from consortia.columns import Columns

_BASE = 2**30


def over(columns: Columns, literals: Sequence[int], weights: Sequence[int], most: int) -> Iterator[Row]:
    """Return rows that hold exactly when the weights of the literals that hold add up to more than `most`."""
    yield from _compared(columns, literals, weights, most + 1, 1)


def up_to(columns: Columns, literals: Sequence[int], weights: Sequence[int], most: int) -> Iterator[Row]:
    """Return rows that hold exactly when the weights of the literals that hold add up to `most` or less."""
    yield from _compared(columns, literals, weights, most, -1)


def _compared(
    columns: Columns, literals: Sequence[int], weights: Sequence[int], limit: int, sign: int
) -> Iterator[Row]:
    """Compare sum and limit by their digits, the highest first; a lower one counts while all higher ones are equal."""
    digits = _digits(columns, literals, weights, limit.bit_length())
    equal: tuple[int, ...] = ()
    for place in reversed(range(len(digits))):
        highest = place == len(digits) - 1
        wanted = limit // _BASE**place if highest else limit // _BASE**place % _BASE
        body = sign * digits[place]
        yield Row(body, least=sign * wanted, given=equal)
        if place:
            beyond = reached(columns, Tag("digit"), body, sign * wanted + 1)
            still = int(columns.program.add_columns(Tag("digit"), 1)[0])
            columns.program.add_row(Tag("digit"), Linear([still, beyond]), 1, 1)
            equal = (*equal, still)


def _digits(columns: Columns, literals: Sequence[int], weights: Sequence[int], bits: int) -> list[Linear]:
    """Return the digits of the sum, the lowest first; the highest is whatever is left."""
    tag, program, carried, digits = Tag("digit"), columns.program, Linear(), []
    while bits >= _BASE.bit_length():
        low = Linear(literals, [weight % _BASE for weight in weights]) + carried
        most = program.ends(low)[1]
        digit = Linear(program.add_columns(tag, 1, upper=_BASE - 1))
        carried = Linear(program.add_columns(tag, 1, upper=most // _BASE))
        program.add_row(tag, low - digit - _BASE * carried, 0, 0)
        digits.append(digit)
        weights = [weight // _BASE for weight in weights]
        bits -= _BASE.bit_length() - 1
    return [*digits, Linear(literals, weights) + carried]
