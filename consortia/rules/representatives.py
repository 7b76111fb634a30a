"""The rule that independent representatives can be named."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from consortia.errors import WrongValue
from consortia.program import Linear, Tag, integers
from consortia.rules.base import Measure, Rule, broken, counted, passing, who, within
from consortia.sentence import Sentence, say
from consortia.spec.base import Count, PositiveCount
from consortia.spec.filters import Filter

if TYPE_CHECKING:
    from consortia.columns import Columns
    from consortia.consortium import Consortium
    from consortia.instance import Instance


class Representatives(Rule):
    """There are `min` members, pairwise different in the attribute and in owner, `min_passing` of whom pass the filter.

    The members are taken `among` those who pass that filter, beneficiaries unless it speaks of roles. A blank owner
    is its own; a member whose attribute is not known cannot be a representative.
    """

    rule: Literal["representatives"] = "representatives"
    attribute: str
    min: PositiveCount
    among: Filter | None = None
    filter: Filter | None = None
    min_passing: Count | None = Field(default=None, description="by default one where a filter is given")
    filter_fields: ClassVar[tuple[str, ...]] = ("among", "filter")

    @model_validator(mode="after")
    def _consistent(self) -> Any:
        if self.min_passing is not None and self.filter is None:
            raise WrongValue(say("min_passing has no filter to pass"), say("Give a filter, or remove it"))
        if self.min_passing is not None and self.min_passing > self.min:
            raise WrongValue(
                say("min_passing {passing} exceeds min {min}", passing=self.min_passing, min=self.min),
                say("Correct one of them"),
            )
        return self

    @property
    def _passing(self) -> int:
        if self.filter is None:
            return 0
        return 1 if self.min_passing is None else self.min_passing

    def describe(self) -> Sentence:
        text = say(
            "{min} representatives among {who} with different {attribute} and owner",
            min=self.min,
            who=who(self.among),
            attribute=self.attribute,
        )
        if self.filter is None:
            return text
        return say(
            "{all}, {passing} of them with {filter}",
            all=text,
            passing=self._passing,
            filter=self.filter.describe(),
        )

    def post(self, columns: Columns, when: Sequence[int] = ()) -> None:
        instance, program = columns.instance, columns.program
        eligible = instance.seats_passing(counted(self.among))
        wanted = instance.seats_passing(self.filter)
        places = list(instance.seat_at)
        known = {
            seat: value
            for seat in np.flatnonzero(eligible).tolist()
            if (value := instance.attribute(self.attribute, *places[seat])) is not None
        }
        seats, tag = integers(list(known)), self.tag
        named = program.add_columns(Tag("representative"), len(seats))
        links = np.stack([columns.seat[seats], named], axis=1).ravel()
        program.add_rows(tag, np.full(len(seats), 2), links, np.tile([-1, 1], len(seats)), upper=0)
        values: dict[object, list[int]] = {}
        owners: dict[object, list[int]] = {}
        for (seat, value), column in zip(known.items(), named.tolist(), strict=True):
            values.setdefault(value, []).append(column)
            owners.setdefault(instance.attribute("owner", *places[seat]), []).append(column)
        alike = [group for group in (*values.values(), *owners.values()) if len(group) > 1]
        program.add_rows(tag, [len(group) for group in alike], list(chain.from_iterable(alike)), 1, upper=1)
        columns.at_least(tag, Linear(named), self.min, when)
        if self._passing:
            columns.at_least(tag, Linear(named[wanted[seats]]), self._passing, when)

    def name(self, instance: Instance, consortium: Consortium) -> tuple[str, ...]:
        """Name representatives: as many as are asked for if there are so many, and most of the filter's among them."""
        candidates = [
            (
                partner,
                instance.attribute(self.attribute, partner, cluster),
                instance.attribute("owner", partner, cluster),
            )
            for partner, cluster in passing(instance, consortium, counted(self.among))
        ]
        wanted = {partner for partner, _ in passing(instance, consortium, self.filter)}
        known = [candidate for candidate in candidates if candidate[1] is not None]
        return _independent(known, wanted, self.min)

    def violations(self, instance: Instance, consortium: Consortium) -> list[Sentence]:
        return broken(self.measure(instance, consortium))

    def measure(self, instance: Instance, consortium: Consortium) -> list[Measure]:
        named = self.name(instance, consortium)
        found = within(
            say("independent representatives with different {attribute}", attribute=self.attribute),
            len(named),
            self.min,
            None,
        )
        if self.filter is not None:
            wanted = {partner for partner, _ in passing(instance, consortium, self.filter)}
            what = say("representatives with {filter}", filter=self.filter.describe())
            found += within(what, len(wanted.intersection(named)), self._passing, None)
        return found


def _independent(candidates: Sequence[tuple[str, object, object]], wanted: set[str], most: int) -> tuple[str, ...]:
    """Choose up to `most` candidates with different values and owners; among the largest such, most `wanted`.

    Values and owners are the two sides of a bipartite graph and candidates its edges, so that this is a matching
    of a given size and greatest weight: one assignment problem, with a stand-in for every unmatched value and owner.
    """
    values = sorted({value for _, value, _ in candidates}, key=str)
    owners = sorted({owner for _, _, owner in candidates}, key=str)
    edges: dict[tuple[int, int], str] = {}
    for partner, value, owner in sorted(candidates, key=lambda candidate: candidate[0] not in wanted):
        edges.setdefault((values.index(value), owners.index(owner)), partner)
    for size in range(min(most, len(values), len(owners)), 0, -1):
        idle_values, idle_owners = len(values) - size, len(owners) - size
        never = -2 * len(candidates) - 2
        weight = np.zeros((len(values) + idle_owners, len(owners) + idle_values))
        weight[: len(values), : len(owners)] = never
        weight[len(values) :, len(owners) :] = never
        for (value, owner), partner in edges.items():
            weight[value, owner] = partner in wanted
        rows, chosen = _assign(weight)
        if weight[rows, chosen].sum() >= 0:
            return tuple(sorted(edges[edge] for edge in zip(rows, chosen, strict=True) if edge in edges))
    return ()


def _assign(weight: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[list[int], list[int]]:
    from scipy.optimize import linear_sum_assignment  # here, because only this rule needs scipy

    rows, chosen = linear_sum_assignment(weight, maximize=True)
    return rows.tolist(), chosen.tolist()
