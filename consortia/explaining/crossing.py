"""What it is worth to cross borders: the least cost inside each single cluster, industry and country."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from consortia import packs
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.question import Question
from consortia.instance import Instance
from consortia.outcome import Status
from consortia.rules import Rule
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, say
from consortia.shortages import most_effort, suppliers

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium

Kind = Literal["cluster", "industry", "country"]
KINDS: tuple[Kind, ...] = ("cluster", "industry", "country")


class Inside(Reifiable):
    """All members have one value of an attribute: they enter from one cluster, or are of one industry or country."""

    attribute: str
    value: object

    def describe(self) -> Sentence:
        return say("all members have the {attribute} {value}", attribute=self.attribute, value=self.value)

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        outside = [instance.attribute(self.attribute, *seat) != self.value for seat in instance.seat_at]
        yield Row(columns.count(np.array(outside, dtype=bool)), most=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return [
            say("{partner} is from elsewhere", partner=partner)
            for partner, cluster in consortium.members.items()
            if instance.attribute(self.attribute, partner, cluster) != self.value
        ]


@dataclass(frozen=True)
class Region:
    """What a project would take inside one cluster, industry or country.

    Attributes
    ----------
    kind : {"cluster", "industry", "country"}
    name : str
    status : Status
    cost : Decimal or None
        The least, or the least found.
    bound : Decimal or None
        No consortium in there costs less.
    missing : tuple of str
        The capabilities that nobody, or too few, in there can supply.
    asked : bool
        Whether there was time to ask.
    """

    kind: Kind
    name: str
    status: Status
    cost: Decimal | None = None
    bound: Decimal | None = None
    missing: tuple[str, ...] = ()
    asked: bool = True


def without_cooperation(question: Question) -> tuple[Instance, tuple[Rule, ...]]:
    """Pose a question without the rules of its level of cooperation, which no single cluster could obey.

    Returns
    -------
    instance : Instance
        To be solved for the least cost, whatever the question's own objectives are.
    dropped : tuple of Rule
    """
    project, instance = question.project, question.instance
    dropped: tuple[Rule, ...] = ()
    if project is not None and project.cooperation != "any":
        dropped = packs.load(project.cooperation).marked()
        instance = question.posed(project.model_copy(update={"cooperation": "any"}))
    return instance.replace(objectives=(("cost", Fraction(0)),)), dropped


def lacking(instance: Instance) -> dict[tuple[Kind, str], tuple[str, ...]]:
    """Return the capabilities that each cluster, industry and country of the partners lacks."""
    return {
        (kind, name): _missing(instance, kind, name)
        for kind in KINDS
        for name in sorted(map(str, {instance.attribute(kind, *seat) for seat in instance.seat_at} - {None}))
    }


def to_solve(instance: Instance, missing: Iterable[tuple[str, ...]]) -> int:
    """Count the regions that lack nothing that is always undertaken, so that there is something to be solved."""
    return sum(map(instance.settled.isdisjoint, missing))


def regions(
    instance: Instance, lacked: Mapping[tuple[Kind, str], tuple[str, ...]], inquiry: Inquiry
) -> Iterator[Region]:
    """Solve a question inside each region, of which it is known what it lacks, each in its part of the time."""
    left = to_solve(instance, lacked.values())
    for (kind, name), missing in lacked.items():
        if not instance.settled.isdisjoint(missing):
            yield Region(kind, name, Status.INFEASIBLE, missing=missing)
            continue
        with inquiry.part(1 / left):
            region = _region(instance, kind, name, missing, inquiry)
        left -= 1
        yield region


def _region(instance: Instance, kind: Kind, name: str, missing: tuple[str, ...], inquiry: Inquiry) -> Region:
    if inquiry.over:
        return Region(kind, name, Status.UNKNOWN, missing=missing, asked=False)
    outcome = inquiry.ask(instance.replace(rules=(*instance.rules, Inside(attribute=kind, value=name))))
    return Region(kind, name, outcome.status, outcome.cost, outcome.bound, missing)


def _missing(instance: Instance, kind: Kind, name: str) -> tuple[str, ...]:
    """Return the capabilities that those in there cannot supply, each by itself."""
    there = {partner for partner, cluster in instance.seat_at if instance.attribute(kind, partner, cluster) == name}
    able, effort = suppliers(instance, there), most_effort(instance, there)
    short = (able < instance.least_providers + instance.backups) | (effort < instance.effort)
    return tuple(capability for capability, lacks in zip(instance.capabilities, short.tolist(), strict=True) if lacks)
