"""The project: what is required, under which rules, as a person writes it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from consortia.affinity import Affinity
from consortia.costs import AnyCost
from consortia.errors import WrongValue
from consortia.expressions import ExpressionName
from consortia.funding import Funding
from consortia.packs import Pack
from consortia.rules import AnyRule
from consortia.rules.links import Pair
from consortia.sentence import say
from consortia.spec.base import (
    Attribute,
    Count,
    Currency,
    Identifier,
    Money,
    NotNegative,
    Positive,
    PositiveCount,
    Share,
    Strict,
)
from consortia.spec.pool import Pool, Role

Interest = Literal["unknown", "asked", "accepted", "declined"]
Cooperation = Literal["cross-cluster", "super-regional", "metacluster", "any"]


class Providers(Strict):
    """How many partners deliver, or hold, a capability."""

    min: PositiveCount = 1
    max: PositiveCount | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"min": value, "max": value} if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _ordered(self) -> Providers:
        if self.max is not None and self.max < self.min:
            raise WrongValue(
                say("max {max} is less than min {min}", max=self.max, min=self.min), say("Correct one of them")
            )
        return self


class Capability(Strict):
    """A competence at a level that the project needs.

    It is *held* when it is enough that a member has it and *delivered* when somebody does it. With an effort it is
    delivered; delivered without an effort is for things such as a certificate, at a fixed price.
    """

    id: Identifier
    competence: Identifier | None = Field(default=None, description="by default the one called like the capability")
    name: str = ""
    level: PositiveCount = Field(default=1, description="the least level that will do")
    mode: Literal["held", "delivered"] | None = Field(
        default=None, description="by default delivered with an effort, held without"
    )
    effort: Positive | None = Field(default=None, description="person-months, met exactly")
    providers: Providers = Providers()
    least_share: Share | None = Field(default=None, description="of the effort, for each provider")
    start: Identifier | None = Field(default=None, description="the first period in which there is work on it")
    end: Identifier | None = Field(default=None, description="the last one")
    backups: Count = Field(default=0, description="further members that could deliver it and do not")
    optional: bool = Field(default=False, description="whether it may be left out")
    value: NotNegative | None = Field(default=None, description="what it is worth, for the objective value")

    @model_validator(mode="after")
    def _consistent(self) -> Capability:
        if self.effort is not None and self.mode == "held":
            raise WrongValue(
                say("a capability with an effort is delivered, not held"),
                say("Remove the effort, or write mode: delivered"),
            )
        if self.least_share is not None and self.effort is None:
            raise WrongValue(say("least_share has no effort to be a share of"), say("Give an effort, or remove it"))
        if self.backups and not self.delivered:
            raise WrongValue(
                say("backups are for delivered capabilities, and this is held"),
                say("Ask for more holders with providers.min"),
            )
        if self.least_share is not None and self.least_share * self.providers.min > 1:
            raise WrongValue(
                say(
                    "{count} providers with a share of at least {share} each exceed the whole",
                    count=self.providers.min,
                    share=self.least_share,
                ),
                say("Lower least_share or providers.min"),
            )
        return self

    @property
    def delivered(self) -> bool:
        """Whether somebody has to deliver it."""
        return self.effort is not None or self.mode == "delivered"

    @property
    def wanted(self) -> str:
        """The id of the competence."""
        return self.competence if self.competence is not None else self.id


class WorkPackage(Strict):
    """Capabilities that belong together and are led by one of those who supply them."""

    id: Identifier
    title: str = ""
    capabilities: tuple[Identifier, ...] = Field(min_length=1)


class Choice(Strict):
    """Exactly one of the options is undertaken: all capabilities of it, and none of the others.

    A bare list is a list of options, and a bare id an option of one: ``[A, [B, C]]`` is either A, or B and C.
    """

    id: Identifier | None = None
    options: tuple[tuple[Identifier, ...], ...] = Field(min_length=2)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            value = {"options": value}
        if isinstance(value, dict) and isinstance(value.get("options"), list | tuple):
            options = [option if isinstance(option, list | tuple) else [option] for option in value["options"]]
            value = {**value, "options": options}
        return value

    @model_validator(mode="after")
    def _different(self) -> Choice:
        if len({frozenset(option) for option in self.options}) < len(self.options):
            raise WrongValue(say("two options of the choice are the same"), say("Remove one of them"))
        if not all(self.options):
            raise WrongValue(say("an option of the choice is empty"), say("Mark the capabilities optional instead"))
        return self


class Objective(Strict):
    """Something to minimise or maximise, and how far later objectives may worsen it.

    A bare name is an objective without slack. The slack is a share of the best value, such as ``1%``, or an
    amount in the expression's own unit.
    """

    of: ExpressionName
    slack: Share | None = Field(default=None, description="a share of the best value")
    slack_amount: NotNegative | None = Field(default=None, description="an amount")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"of": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_slack(self) -> Objective:
        if self.slack is not None and self.slack_amount is not None:
            raise WrongValue(say("the slack is given twice"), say("Give slack or slack_amount"))
        return self

    @property
    def allowance(self) -> Fraction | Decimal:
        """The slack: a Fraction for a share, a Decimal for an amount."""
        if self.slack_amount is not None:
            return self.slack_amount
        return Fraction(self.slack or 0)


class ExchangeRate(Strict):
    """What one unit of a currency is worth in the project's own, on a day."""

    currency: Currency
    rate: Positive
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
    source: str | None = None


class Project(Strict):
    """What is to be done and what a consortium for it must obey."""

    title: str
    description: str = ""
    currency: Currency = "EUR"
    rates: tuple[ExchangeRate, ...] = ()
    budget: Money | None = Field(default=None, description="caps the whole cost")
    cooperation: Cooperation = Field(default="cross-cluster", description="the level of cooperation")
    effort_step: Positive = Field(default="0.1", validate_default=True, description="person-months")
    pool: str | Pool | None = Field(default=None, description="inline, or a path relative to this file")
    interest: dict[Identifier, Interest] = Field(default_factory=dict, description="by partner")
    accepted_only: bool = Field(default=False, description="only partners that have accepted may join")
    roles: dict[Identifier, Role] = Field(default_factory=dict, description="by partner, for this project")
    groups: dict[str, tuple[Attribute, ...]] = Field(
        default_factory=dict, description="named groups of values, for filters' `in`"
    )
    capabilities: tuple[Capability, ...] = Field(min_length=1)
    periods: tuple[Identifier, ...] = Field(default=(), description="names in their order, or how many there are")
    work_packages: tuple[WorkPackage, ...] = ()
    objectives: tuple[Objective, ...] = Field(
        default=(Objective(of="cost"),), min_length=1, description="in the order of their importance"
    )
    worked_together: tuple[Pair, ...] = Field(default=(), description="pairs of partners, for rules about links")
    choices: tuple[Choice, ...] = Field(default=(), description="alternatives among the capabilities")
    rules: tuple[AnyRule, ...] = ()
    packs: tuple[Identifier | Pack, ...] = Field(
        default=(), description="rule packs: their names, or paths relative to this file"
    )
    costs: tuple[AnyCost, ...] = Field(default=(), description="beside own costs and cluster fees")
    funding: Funding | None = Field(default=None, description="a programme: its name, or rates of its own")
    affinity: Affinity | None = Field(default=None, description="links between industries: a table's name, or a list")

    @field_validator("periods", mode="before")
    @classmethod
    def _numbered(cls, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            if not 0 <= value <= 600:
                raise WrongValue(say("{count} periods are out of range", count=value), say("Give 0 to 600"))
            return tuple(str(number + 1) for number in range(value))
        return value
