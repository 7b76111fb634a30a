"""What the rows of a rule leave open, once the decisions are fixed and a literal says whether they apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from enumerated import with_costs

from consortia.columns import Columns
from consortia.consortium import Consortium
from consortia.instance import Instance
from consortia.model import Model
from consortia.program import Compiled, Program, Tag
from consortia.rules import Rule
from consortia.solvers.contract import Request, Verdict
from consortia.solvers.exhaustive import Exhaustive


class Posted:
    """Rows that `post` adds to a fresh model, and answers about them; what repeats is remembered."""

    def __init__(self, instance: Instance, post: Callable[[Columns, int], int | None]) -> None:
        self.model: Model = with_costs(instance)
        self.switch = int(self.model.program.add_columns(Tag("switch"), 1)[0])
        self.literal = post(self.model.columns, self.switch)
        self.compiled = self.model.program.compile()
        literals = np.where(self.compiled.literals >= 0, self.compiled.literals, ~self.compiled.literals)
        used = np.unique(np.concatenate([self.compiled.indices, literals]))
        self.used = used[self.compiled.lower[used] < self.compiled.upper[used]].tolist()
        self.known: dict[tuple[int | None, ...], bool] = {}

    def satisfiable(self, consortium: Consortium, decided: Mapping[int, int]) -> bool:
        """Tell whether the rows can be satisfied with the decisions, and some columns besides, fixed."""
        values = {**self.model.encode(consortium), **decided}
        key = tuple(values.get(column) for column in self.used)
        if key not in self.known:
            lower, upper = self.compiled.lower.copy(), self.compiled.upper.copy()
            lower[list(values)] = upper[list(values)] = list(values.values())
            fixed = replace(self.compiled, lower=lower, upper=upper, objective=np.zeros(len(lower), dtype=np.int64))
            answer = Exhaustive().solve(_Compiled(fixed.folded()), Request())
            assert answer.verdict in (Verdict.OPTIMAL, Verdict.INFEASIBLE)
            self.known[key] = answer.verdict is Verdict.OPTIMAL
        return self.known[key]


class _Compiled(Program):
    """A program that is compiled already."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__()
        self.compiled = compiled

    def compile(self) -> Compiled:
        return self.compiled


def hold_to_meaning(instance: Instance, rule: Rule, consortia: Iterable[Consortium]) -> set[bool]:
    """Hold a rule's rows, behind a literal that may be on or off, to its meaning; return the verdicts that were met."""
    posted = Posted(instance, lambda columns, switch: rule.post(columns, (switch,)))
    met = set()
    for consortium in consortia:
        obeys = not rule.violations(instance, consortium)
        met.add(obeys)
        assert posted.satisfiable(consortium, {posted.switch: 1}) == obeys, (rule, consortium)
        assert posted.satisfiable(consortium, {posted.switch: 0}), (rule, consortium)
    return met


def hold_literal_to_meaning(instance: Instance, rule: Rule, consortia: Iterable[Consortium]) -> None:
    """Hold the literal that tells whether a rule holds to its meaning: it can have that value and no other."""
    posted = Posted(instance, lambda columns, switch: rule.holds(columns))  # type: ignore[attr-defined]
    assert posted.literal is not None
    for consortium in consortia:
        obeys = not rule.violations(instance, consortium)
        for value in (0, 1):
            possible = posted.satisfiable(consortium, {posted.literal: value})
            assert possible == (obeys == bool(value)), (rule, consortium)
