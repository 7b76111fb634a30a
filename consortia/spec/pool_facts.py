"""What references of a project have to know of a pool, gathered once for all the projects that are asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from consortia.spec.base import Amount
from consortia.spec.pool import Pool
from consortia.spec.references import Loc, Names, pool_names


@dataclass(frozen=True)
class PoolFacts:
    """What references to a sound pool are looked up in.

    Attributes
    ----------
    names : mapping of str to Names
        What the pool defines, by section.
    currency : str or None
        Of plain amounts.
    plain : bool
        Whether there are plain amounts.
    currencies : mapping of str to path
        Each currency that an amount names, with the first place that does.
    periods : tuple of (path, str)
        The periods that partners' capacities name, with their places.
    """

    names: Mapping[str, Names]
    currency: str | None = None
    plain: bool = False
    currencies: Mapping[str, Loc] = field(default_factory=dict)
    periods: tuple[tuple[Loc, str], ...] = ()

    @classmethod
    def of(cls, pool: Pool, names: Mapping[str, Names] | None = None) -> PoolFacts:
        """Look through a pool once."""
        currencies: dict[str, Loc] = {}
        plain = False
        for loc, value in _amounts(pool):
            if isinstance(value, Amount):
                currencies.setdefault(value.currency, loc)
            else:
                plain = True
        periods = tuple(
            (("partners", at, "capacity_per_period", name), name)
            for at, partner in enumerate(pool.partners)
            if isinstance(partner.capacity_per_period, dict)
            for name in partner.capacity_per_period
        )
        return cls(pool_names(pool) if names is None else names, pool.currency, plain, currencies, periods)


def _amounts(pool: Pool) -> Iterator[tuple[Loc, Decimal | Amount]]:
    """Return all amounts with their places; places are made up only for what is there, for there are many offers."""
    for at, cluster in enumerate(pool.clusters):
        if cluster.fee is not None:
            yield ("clusters", at, "fee"), cluster.fee
    for at, partner in enumerate(pool.partners):
        if partner.joining_cost is not None:
            yield ("partners", at, "joining_cost"), partner.joining_cost
        if partner.default_rate is not None:
            yield ("partners", at, "default_rate"), partner.default_rate
        for position, offer in enumerate(partner.offers):
            if offer.rate is not None:
                yield ("partners", at, "offers", position, "rate"), offer.rate
            if offer.fixed is not None:
                yield ("partners", at, "offers", position, "fixed"), offer.fixed
