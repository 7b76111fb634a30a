"""A consortium: who joins, through which cluster, who delivers what, who coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Delivery:
    """That a partner delivers a capability, or part of it, through one of its offers.

    Parameters
    ----------
    partner, capability, offer : str
        Ids.
    effort : Decimal
        Person-months; zero for what is delivered without an effort.
    periods : mapping of str to Decimal
        How the effort is spread, where the project has periods.
    """

    partner: str
    capability: str
    offer: str
    effort: Decimal = Decimal(0)
    periods: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Backup:
    """That a member stands by for a capability, or part of it, and keeps capacity free for it.

    Parameters
    ----------
    partner, capability, offer : str
        Ids.
    effort : Decimal
        Person-months kept free; zero for what is delivered without an effort.
    """

    partner: str
    capability: str
    offer: str
    effort: Decimal = Decimal(0)


@dataclass(frozen=True)
class Consortium:
    """The decisions, by id; every cost is computed from them.

    Parameters
    ----------
    members : mapping of str to str or None
        For each member, the cluster through which it enters, None where it has none.
    deliveries : tuple of Delivery
        Who does how much of what.
    coordinator : str or None
        The member that coordinates, where a rule asks for one.
    undertaken : frozenset of str or None
        The capabilities that are undertaken, where the project leaves a choice.
    leaders : mapping of str to str
        For each work package, the member that leads it.
    backups : tuple of Backup
        Who stands by for what, where a rule asks that losses are survived.

    Examples
    --------
    >>> Consortium({"acme": "packaging"}, (Delivery("acme", "films", "films", Decimal(3)),))
    Consortium(members={'acme': 'packaging'}, deliveries=(Delivery(partner='acme', ...
    """

    members: Mapping[str, str | None] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    coordinator: str | None = None
    undertaken: frozenset[str] | None = None
    leaders: Mapping[str, str] = field(default_factory=dict)
    backups: tuple[Backup, ...] = ()
