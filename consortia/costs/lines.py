"""A line of a consortium's cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One item that is paid.

    Parameters
    ----------
    component : str
        ``joining``, ``delivery``, ``cluster fee``, ...
    item : str
        What it is paid for: an id.
    cost : int
        In the Instance's units of money.
    partner : str or None
        Whose own cost it is; None for a shared line.
    """

    component: str
    item: str
    cost: int
    partner: str | None = None
