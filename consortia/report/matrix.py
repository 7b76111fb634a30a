"""Who supplies what, who could, and who is in reserve: capabilities x partners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from consortia.consortium import Consortium
from consortia.instance import Instance
from consortia.language import Language
from consortia.report.naming import by_cluster
from consortia.sentence import say

Kind = Literal["supplies", "holds", "backup", "could"]
SIGNS: Mapping[Kind, str] = {"supplies": "●", "holds": "✓", "backup": "◆", "could": "○"}
MEANINGS = {
    "supplies": say("supplies (person-months where there are any)"),
    "holds": say("holds"),
    "backup": say("stands by, or is in reserve"),
    "could": say("could supply"),
}
OTHERS = 12
"""So many candidates that are no members are shown beside them: those that could supply most."""
ACROSS = 32
"""So many partners stand side by side on A4; more of them make a table of their own."""
MOST_CELLS = 20_000
"""A larger matrix says nothing to anybody."""


@dataclass(frozen=True)
class Cell:
    """What a partner is to a capability; `effort` of what it supplies, zero where there is none."""

    kind: Kind
    effort: Decimal = Decimal(0)

    def sign(self, words: Language) -> str:
        """Return what is shown of it."""
        return words.number(self.effort) if self.effort and self.kind == "supplies" else SIGNS[self.kind]


@dataclass(frozen=True)
class Matrix:
    """The table of a consortium.

    Attributes
    ----------
    capabilities : tuple of str
    members : tuple of str
        By the cluster through which they enter.
    others : tuple of str
        Candidates that could supply something and are no members, the most able first.
    more : int
        How many further candidates there are.
    cells : mapping of (capability, partner) to Cell
    names : mapping of str to str
        What partners are called, where they have names besides their ids.
    capability_names : mapping of str to str
    """

    capabilities: tuple[str, ...]
    members: tuple[str, ...]
    others: tuple[str, ...]
    more: int
    cells: Mapping[tuple[str, str], Cell]
    names: Mapping[str, str]
    capability_names: Mapping[str, str]

    def partner_name(self, partner: str) -> str:
        """Return what a partner is called."""
        return self.names.get(partner, partner)

    def capability_name(self, capability: str) -> str:
        """Return what a capability is called."""
        return self.capability_names.get(capability, capability)

    @property
    def partners(self) -> tuple[str, ...]:
        """The columns."""
        return (*self.members, *self.others)

    def parts(self) -> list[Matrix]:
        """Split the columns into tables that fit on A4, none where the whole is too large to say anything."""
        if len(self.capabilities) * len(self.partners) > MOST_CELLS:
            return []
        size = len(self.members)
        return [
            replace(
                self,
                members=self.partners[at : min(at + ACROSS, size)],
                others=self.partners[max(at, size) : at + ACROSS],
            )
            for at in range(0, len(self.partners), ACROSS)
        ]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of cells that there are."""
        found = {cell.kind for cell in self.cells.values()}
        return [kind for kind in SIGNS if kind in found]


def matrix(instance: Instance, consortium: Consortium, others: int = OTHERS) -> Matrix:
    """Return who supplies, backs up and could supply what.

    Parameters
    ----------
    instance : Instance
    consortium : Consortium
    others : int
        How many candidates to show that are no members.

    Examples
    --------
    >>> question = Instance.from_arrays(
    ...     partners=["a", "b"], capabilities=["x"], joining=[1, 2], holds=([0, 1], [0, 0]))
    >>> found = matrix(question, Consortium({"a": None}))
    >>> found.partners, found.cells["x", "a"].kind, found.cells["x", "b"].kind
    (('a', 'b'), 'holds', 'could')
    """
    members = tuple(partner for partners in by_cluster(consortium).values() for partner in partners)
    cells: dict[tuple[str, str], Cell] = {}
    able = _able(instance)
    ranked = Counter(partner for _, partner in able if partner not in consortium.members)
    order = sorted(ranked, key=lambda partner: (-ranked[partner], instance.partner_at[partner]))
    shown = {*members, *order[:others]}
    undertaken = instance.undertaken(consortium)
    for capability, partner in able:
        if partner in shown:
            reserve = partner in consortium.members and bool(instance.backups[instance.capability_at[capability]])
            cells[capability, partner] = Cell("backup" if reserve and capability in undertaken else "could")
    for capability in instance.capabilities:
        for partner in instance.holders[capability].intersection(shown):
            held = partner in consortium.members and capability in undertaken
            cells[capability, partner] = Cell("holds" if held else "could")
    for backup in consortium.backups:
        cells[backup.capability, backup.partner] = Cell("backup", backup.effort)
    for delivery in consortium.deliveries:
        at = delivery.capability, delivery.partner
        before = cells[at].effort if at in cells and cells[at].kind == "supplies" else Decimal(0)
        cells[at] = Cell("supplies", before + delivery.effort)
    return Matrix(
        instance.capabilities,
        members,
        tuple(order[:others]),
        max(0, len(order) - others),
        cells,
        instance.partner_names,
        instance.capability_names,
    )


def _able(instance: Instance) -> dict[tuple[str, str], None]:
    """Return pairs of capabilities and partners that may deliver or hold them, each once."""
    pairs = {
        (instance.capabilities[capability], instance.partners[partner]): None
        for capability, partner in zip(instance.arc_capability.tolist(), instance.arc_partner.tolist(), strict=True)
    }
    for capability, holders in instance.holders.items():
        pairs |= {(capability, partner): None for partner in sorted(holders)}
    return pairs
