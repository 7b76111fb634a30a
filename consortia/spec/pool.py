"""The pool: taxonomy, clusters, partners and their offers, as a person writes them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from consortia.errors import WrongValue
from consortia.sentence import say
from consortia.spec.base import (
    Attribute,
    Currency,
    Identifier,
    Money,
    NotNegative,
    PositiveCount,
    Share,
    Strict,
)

Role = Literal["beneficiary", "affiliated", "associated", "subcontractor"]
Kind = Literal[
    "sme",
    "large",
    "university",
    "research",
    "public",
    "cluster organisation",
    "non-profit",
    "individual",
    "other",
]
Category = Literal["personnel", "subcontracting", "equipment", "travel", "other"]
BUILT_IN = ("id", "cluster", "country", "region", "industry", "kind", "role", "owner", "reliability")
"""The attributes that every partner has; free ones must have other names."""
OF_ENTRY = ("cluster", "cluster_country", "cluster_region", "cluster_industry")
"""The attributes that belong to the cluster through which a member enters."""


class Competence(Strict):
    """An entry of the taxonomy."""

    id: Identifier
    labels: dict[str, str] = Field(default_factory=dict, description="names by language: {en: ..., ru: ...}")
    broader: tuple[Identifier, ...] = Field(default=(), description="the broader competences, none or several")

    @field_validator("labels", mode="before")
    @classmethod
    def _one_label(cls, value: Any) -> Any:
        return {"en": value} if isinstance(value, str) else value

    @field_validator("broader", mode="before")
    @classmethod
    def _one_parent(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str | int) else value


class Cluster(Strict):
    """What partners belong to; it may charge a fee for this project."""

    id: Identifier
    name: str = ""
    country: str | None = None
    region: str | None = None
    industry: str | None = None
    fee: Money | None = Field(default=None, description="paid once if a member enters through the cluster")


class Membership(Strict):
    """That a partner belongs to a cluster."""

    cluster: Identifier
    paid: bool = Field(default=False, description="the fee is paid already, so this entry does not cost it")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"cluster": value} if isinstance(value, str | int) else value


class Offer(Strict):
    """A competence that a partner has, and what it asks for delivering it."""

    id: str | None = Field(default=None, description="by default the competence, numbered where it recurs")
    competence: Identifier
    level: PositiveCount = 1
    rate: Money | None = Field(default=None, description="per person-month")
    fixed: Money | None = Field(default=None, description="per capability, whatever the part delivered")
    capacity: NotNegative | None = Field(default=None, description="person-months; absent means no limit")
    category: Category = "personnel"
    reliability: Share | None = None


class Partner(Strict):
    """An organisation that may join."""

    id: Identifier
    name: str = ""
    clusters: tuple[Membership, ...] = ()
    country: str | None = Field(default=None, description="by default that of the first cluster")
    region: str | None = Field(default=None, description="NUTS code or any other")
    industry: str | None = Field(default=None, description="by default that of the first cluster")
    kind: Kind | None = None
    role: Role = "beneficiary"
    owner: str | None = Field(default=None, description="whoever controls it; blank means itself")
    joining_cost: Money | None = Field(default=None, description="one-off; absent means none")
    default_rate: Money | None = Field(default=None, description="per person-month, for offers without a price")
    capacity: NotNegative | None = Field(default=None, description="person-months over all its offers")
    capacity_per_period: NotNegative | dict[str, NotNegative] | None = Field(
        default=None, description="person-months in each period of the project, one number or by period"
    )
    reliability: Share | None = None
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    contact: str | None = None
    source: str | None = Field(default=None, description="where these data come from")
    offers: tuple[Offer, ...] = ()

    @field_validator("attributes")
    @classmethod
    def _plain_attributes(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name, entry in value.items():
            if name in BUILT_IN or name in OF_ENTRY:
                raise WrongValue(
                    say("{name} is a built-in attribute", name=name),
                    say("Give it as a key of the partner, or under another name"),
                )
            if isinstance(entry, dict | list):
                raise WrongValue(
                    say("the attribute {name} is neither a text, a number, true nor false", name=name),
                    say("Write one of these"),
                )
        return value

    def offer_ids(self) -> tuple[str, ...]:
        """Return the offers' ids, with those made up for offers that have none."""
        names = [offer.id or offer.competence for offer in self.offers]
        if len(set(names)) == len(names):
            return tuple(names)
        seen: dict[str, int] = {}
        ids = []
        for name in names:
            seen[name] = seen.get(name, 0) + 1
            ids.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
        return tuple(ids)


class Pool(Strict):
    """Partners, clusters and taxonomy."""

    title: str = ""
    currency: Currency | None = Field(default=None, description="of plain amounts; by default the project's")
    as_of: str | None = Field(default=None, description="the day these data were true")
    competences: tuple[Competence, ...] = Field(
        default=(), description="the taxonomy; where it is empty, competences are those that offers name"
    )
    clusters: tuple[Cluster, ...] = ()
    partners: tuple[Partner, ...] = ()
