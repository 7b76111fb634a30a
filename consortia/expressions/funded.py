"""Eligible cost, grant, own contribution and total cost under the programme that funds a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consortia.costs import total

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance
    from consortia.program import Linear


class _Funded:
    """An amount of money in units of funding; without funding nothing is eligible, indirect or granted."""

    name: str
    maximised = False
    money = True
    spent, direct, indirect, grant = 0, 0, 0, 0
    """How often cost, eligible direct cost, indirect cost and grant count."""

    def post(self, columns: Columns) -> Linear:
        """Add up what counts, in units of funding."""
        funding = columns.instance.funding
        cost = columns.program.expressions["cost"]
        if funding is None:
            return self.spent * cost
        body = self.spent * funding.factor() * cost
        for what in ("direct", "indirect", "grant"):
            if factor := getattr(self, what):
                body += factor * funding.post(columns, what)
        return body

    def value(self, instance: Instance, consortium: Consortium) -> int:
        """Add up what members claim, and what the consortium spends."""
        cost = self.spent * total(instance, consortium) if self.spent else 0
        if instance.funding is None:
            return cost
        claims = instance.funding.claims(instance, consortium)
        return (
            cost * instance.funding.factor()
            + self.direct * sum(claim.direct for claim in claims)
            + self.indirect * sum(claim.indirect for claim in claims)
            + self.grant * instance.funding.grant(instance, claims)
        )

    def scale(self, instance: Instance) -> int:
        """Return the scale of money, refined until every percentage of it is whole."""
        return instance.scale * (1 if instance.funding is None else instance.funding.factor())


class EligibleCost(_Funded):
    """What the programme recognises: eligible direct cost and the flat indirect cost on it."""

    name = "eligible cost"
    direct = indirect = 1


class Grant(_Funded):
    """What the project is granted, within all caps."""

    name = "grant"
    grant = 1


class TotalCost(_Funded):
    """What the consortium spends, and the indirect cost that its members bear besides."""

    name = "total cost"
    spent = indirect = 1


class OwnContribution(_Funded):
    """What is left of the total cost when the grant is paid."""

    name = "own contribution"
    spent = indirect = 1
    grant = -1
