"""Partners that nobody has found yet, who offer everything: which of their offers a consortium would really need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consortia.consortium import Consortium
    from consortia.instance import Instance

Need = frozenset[str]
"""The offers any one of which will do."""


@dataclass(frozen=True)
class Newcomers:
    """Partners of whom it is open what they offer: all have the same offers, and only some of these are counted.

    An offer counts if something is delivered through it, or if without it too few hold a capability, or too few stand
    by for it, or the newcomer would take no part.

    Attributes
    ----------
    partners : tuple of str
    serves : tuple of (str, tuple of str)
        The capabilities that each of their offers suits, by the offer's id.
    forced : tuple of str
        Offers that count in any case.
    """

    partners: tuple[str, ...]
    serves: tuple[tuple[str, tuple[str, ...]], ...]
    forced: tuple[str, ...] = ()

    def suiting(self, capability: str) -> Need:
        """Return the offers that suit a capability."""
        return frozenset(offer for offer, capabilities in self.serves if capability in capabilities)

    def counted(self, instance: Instance, consortium: Consortium) -> Iterator[frozenset[str]]:
        """Return the sets of offers that would do for their part in a consortium, fewest first.

        Sets that contain another one with an offer to spare may be among them.
        """
        used = {*self.forced}
        used |= {made.offer for made in consortium.deliveries if made.partner in self.partners}
        used |= {kept.offer for kept in consortium.backups if kept.partner in self.partners}
        open_ = [need for need in self._needs(instance, consortium) if not need & used]
        choice = sorted({offer for need in open_ for offer in need})
        for size in range(len(open_) + 1):
            for chosen in combinations(choice, size):
                if all(need.intersection(chosen) for need in open_):
                    yield frozenset(used | {*chosen})

    def _needs(self, instance: Instance, consortium: Consortium) -> Iterator[Need]:
        """Return what they are needed for beside what they deliver."""
        present = [partner for partner in self.partners if partner in consortium.members]
        others = set(consortium.members) - set(present)
        undertaken = instance.undertaken(consortium)
        delivering = {made.partner for made in consortium.deliveries}
        for place, capability in enumerate(instance.capabilities):
            if capability not in undertaken:
                continue
            if not instance.delivered[place]:
                if len(others & instance.holders[capability]) < instance.least_providers[place]:
                    yield self.suiting(capability)
            elif instance.backups[place]:
                able = {partner for partner, name, _ in instance.arc_at if name == capability} & others
                busy = {made.partner for made in consortium.deliveries if made.capability == capability}
                if len(able - busy) < instance.backups[place]:
                    yield self.suiting(capability)
        if present and not delivering.intersection(present):
            held = [name for place, name in enumerate(instance.capabilities) if not instance.delivered[place]]
            yield frozenset(offer for name in held if name in undertaken for offer in self.suiting(name))
