"""Rules about who has worked with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.program import Linear, Tag
from consortia.rules.base import Measure, Rule, broken, counted, passing, who, within
from consortia.rules.reifiable import Reifiable, Row
from consortia.sentence import Sentence, listed, say
from consortia.spec.base import Identifier, PositiveCount
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance

Pair = Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=2)]


class _Graph(Rule):
    """A rule that reads pairs of partners: its own, or those of the project that have worked together."""

    filter: Filter | None = None
    pairs: tuple[Pair, ...] | None = Field(default=None, description="by default the project's worked_together")

    @model_validator(mode="after")
    def _different(self) -> Any:
        for one, other in self.pairs or ():
            if one == other:
                raise WrongValue(say("{partner} is paired with itself", partner=one), say("Name two partners"))
        return self

    def partners_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for at, pair in enumerate(self.pairs or ()):
            for position, partner in enumerate(pair):
                yield ("pairs", at, position), partner

    def _neighbours(self, instance: Instance) -> Mapping[str, set[str]]:
        """Return, for each partner that may join, those that it is linked with."""
        found: dict[str, set[str]] = {partner: set() for partner in instance.partners}
        for one, other in instance.worked_together if self.pairs is None else self.pairs:
            if one in found and other in found:
                found[one].add(other)
                found[other].add(one)
        return found


class Links(_Graph, Reifiable):
    """Each member that passes the filter has worked with at least `min` others that do."""

    rule: Literal["links"] = "links"
    min: PositiveCount = 1

    def describe(self) -> Sentence:
        return say("each of {who} has worked with at least {min} others of them", who=who(self.filter), min=self.min)

    def rows(self, columns: Columns) -> Iterator[Row]:
        instance = columns.instance
        eligible = instance.seats_passing(counted(self.filter))
        for partner, linked in self._neighbours(instance).items():
            place = instance.partner_at[partner]
            joins = columns.present(columns.seats_of(place, eligible))
            if joins is not None:
                others = np.isin(instance.seat_partner, [instance.partner_at[name] for name in linked])
                yield Row(columns.count(eligible & others) - Linear([joins], self.min), least=0)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        members = {partner for partner, _ in passing(instance, consortium, counted(self.filter))}
        neighbours = self._neighbours(instance)
        return [
            measure
            for partner in sorted(members)
            for measure in within(
                say("members that {partner} has worked with", partner=partner),
                len(neighbours[partner] & members),
                self.min,
                None,
            )
        ]


class Connected(_Graph):
    """Those members that pass the filter are connected: each is linked with every other, directly or over others."""

    rule: Literal["connected"] = "connected"

    def describe(self) -> Sentence:
        return say("{who} are connected by links between them", who=who(self.filter))

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        """Let members hang below one of them: each below a neighbour that is one level higher."""
        instance, program, tag = columns.instance, columns.program, self.tag
        eligible = instance.seats_passing(counted(self.filter))
        joins: dict[str, int] = {}
        for place, partner in enumerate(instance.partners):
            literal = columns.present(columns.seats_of(place, eligible))
            if literal is not None:
                joins[partner] = literal
        if len(joins) < 2:
            return
        made = Tag("tree")
        roots = dict(zip(joins, program.add_columns(made, len(joins)).tolist(), strict=True))
        levels = dict(zip(joins, program.add_columns(made, len(joins), upper=len(joins) - 1).tolist(), strict=True))
        columns.at_most(tag, Linear(list(roots.values())), 1)
        neighbours = self._neighbours(instance)
        for partner, joined in joins.items():
            above = []
            for other in sorted(neighbours[partner] & joins.keys()):
                hangs = int(program.add_columns(made, 1)[0])
                columns.at_most(tag, Linear([hangs, joins[other]], [1, -1]), 0)
                columns.at_least(tag, Linear([levels[partner], levels[other]], [1, -1]), 1, (hangs,))
                above.append(hangs)
            program.add_row(tag, Linear([roots[partner], *above]) - Linear([joined]), 0, 0, when)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        members = {partner for partner, _ in passing(instance, consortium, counted(self.filter))}
        neighbours = self._neighbours(instance)
        parts = []
        while members:
            reached, edge = set(), {min(members)}
            while edge:
                reached |= edge
                edge = {other for partner in edge for other in neighbours[partner] & members} - reached
            parts.append(listed(sorted(reached)))
            members -= reached
        if len(parts) < 2:
            return []
        return [say("no link leads from one of these groups to another: {groups}", groups=" | ".join(parts))]
