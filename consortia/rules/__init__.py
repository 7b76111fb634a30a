"""The rules of the file schema. A new rule is one class in one file and one entry in the union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from consortia.rules.base import Measure, Rule
from consortia.rules.coordination import Coordinator
from consortia.rules.counting import Count, Distinct
from consortia.rules.leadership import Leaders
from consortia.rules.membership import Conflict, Exclude, Include, Requires
from consortia.rules.representatives import Representatives
from consortia.rules.shares import Participation, Share

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
    | Leaders,
    Field(discriminator="rule"),
]

__all__ = [
    "AnyRule",
    "Conflict",
    "Coordinator",
    "Count",
    "Distinct",
    "Exclude",
    "Include",
    "Leaders",
    "Measure",
    "Participation",
    "Representatives",
    "Requires",
    "Rule",
    "Share",
]
