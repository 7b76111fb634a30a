"""Exact numbers: from whatever they come, and within reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from consortia.errors import SpecError
from consortia.posing import pose


def question(amount: Any) -> dict[str, Any]:
    return {
        "title": "T",
        "cooperation": "any",
        "capabilities": [{"id": "a"}],
        "pool": {"partners": [{"id": "P", "joining_cost": amount, "offers": [{"competence": "a"}]}]},
    }


@pytest.mark.parametrize("amount", [10**19, 10**40, "1e19", "9" * 40, Decimal(10) ** 19, -(10**19)])
def test_numbers_beyond_reason_are_refused_with_their_place(amount: Any) -> None:
    with pytest.raises(SpecError, match=r"joining_cost.*out of range"):
        pose(question(amount))


@pytest.mark.parametrize("amount", [np.float64(12.5), np.int64(12), np.int32(12), 12.5, 12, "12.5"])
def test_numbers_of_numpy_are_numbers(amount: Any) -> None:
    posed = pose(question(amount))
    assert posed.money(int(posed.joining[0])) == Decimal(str(float(amount)))
