"""The rules of the file schema. A new rule is one class in one file and one entry in the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from consortia.rules.base import Measure, Rule
from consortia.rules.conditional import Conditional
from consortia.rules.coordination import Coordinator
from consortia.rules.counting import Count, Distinct
from consortia.rules.leadership import Leaders
from consortia.rules.limits import Limit
from consortia.rules.links import Connected, Links
from consortia.rules.membership import Conflict, Exclude, Include, Requires
from consortia.rules.reliability import Reliability
from consortia.rules.representatives import Representatives
from consortia.rules.shares import Participation, Share
from consortia.rules.specialisation import Specialisation
from consortia.rules.survival import Survives

_Reifiable = Count | Distinct | Share | Participation | Include | Exclude | Conflict | Requires | Links | Reliability
AnyCondition = Annotated[_Reifiable, Field(discriminator="rule")]
"""Rules that may be conditions of others."""

AnyConsequence = Annotated[_Reifiable | Representatives | Connected | Survives, Field(discriminator="rule")]
"""Rules that may hold under a condition."""

AnyRule = Annotated[
    Count
    | Distinct
    | Representatives
    | Share
    | Participation
    | Include
    | Exclude
    | Conflict
    | Requires
    | Coordinator
    | Leaders
    | Limit
    | Links
    | Connected
    | Reliability
    | Survives
    | Specialisation
    | Conditional,
    Field(discriminator="rule"),
]

Conditional.model_rebuild()

__all__ = [
    "AnyCondition",
    "AnyConsequence",
    "AnyRule",
    "Conditional",
    "Conflict",
    "Connected",
    "Coordinator",
    "Count",
    "Distinct",
    "Exclude",
    "Include",
    "Leaders",
    "Limit",
    "Links",
    "Measure",
    "Participation",
    "Reliability",
    "Representatives",
    "Requires",
    "Rule",
    "Share",
    "Specialisation",
    "Survives",
]
