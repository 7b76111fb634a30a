"""Competence prices: what capabilities, rules, capacities and the budget are worth at the margin.

A price is the multiplier of a row at the optimum of the linear relaxation of the question, with cost as the
objective, in money for one unit of that row. The multipliers together prove a bound, in exact integers
(:mod:`consortia.solvers.lagrangian`); taken one by one they are a guide, and nothing is proven of a single one.

Source: Beasley 1990, "A Lagrangian heuristic for set-covering problems", for what multipliers say of a cover.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from threading import Event
from typing import Literal

import numpy as np

from consortia.instance import Instance
from consortia.model import build
from consortia.program import INFINITE, Compiled, Integers, Program, Tag
from consortia.sentence import Sentence
from consortia.solvers.lagrangian import Floats, Relaxation
from consortia.solvers.linear_program import LinearProgram

_OF_CAPABILITIES = ("cover", "effort", "backups")
Per = Literal["holder", "provider", "delivery", "person-month", "backup", "money", "unit", "rule"]
_NOISE = 1e-7  # of the linear solver, in units of the objective


@dataclass(frozen=True)
class Price:
    """What one unit of something is worth at the margin.

    Attributes
    ----------
    kind : {"capability", "rule", "capacity", "budget"}
    name : str or Sentence
        The id of the capability, or of the partner whose capacity it is; the title of the rule; empty for the budget.
    per : str
        The unit: one more ``holder``, ``provider``, ``delivery`` (of the whole effort), ``person-month`` or ``backup``
        that is asked for of a capability; one ``person-month`` more of a capacity; one unit of ``money`` more in the
        budget; of a rule, one more in what it counts (``unit``), or the ``rule`` as a whole: by so much the proven
        bound would be lower if its multipliers were left out, and by no more if it were not there.
    amount : Fraction
        In money. Of a capability, what asking for more costs (negative where fewer would cost more); of a rule, a
        capacity and the budget, what loosening saves.
    """

    kind: Literal["capability", "rule", "capacity", "budget"]
    name: str | Sentence
    per: Per
    amount: Fraction


@dataclass(frozen=True)
class Prices:
    """The prices of a question, and what they prove together.

    Attributes
    ----------
    bound : Decimal
        No consortium costs less: the multipliers, evaluated in exact integers, say so.
    entries : tuple of Price
        One or two for each capability and each rule, in their order, also where they are zero; then capacities and the
        budget where they are not.
    """

    bound: Decimal
    entries: tuple[Price, ...]


def find_prices(instance: Instance, time_limit: float | None = None) -> Prices | None:
    """Price the rows of a question whose objective is the cost.

    Parameters
    ----------
    instance : Instance
    time_limit : float, optional
        Seconds for the linear relaxation.

    Returns
    -------
    Prices or None
        None where the linear relaxation has no solution, or was not solved in time.

    Raises
    ------
    SolverRefused
        If the amounts are too large for exact integers.

    Examples
    --------
    Two capabilities are worth 3 and 4: the third partner has both, and costs as much.

    >>> question = Instance.from_arrays(
    ...     partners=3, capabilities=2, joining=[3, 4, 7], holds=([0, 1, 2, 2], [0, 1, 0, 1])
    ... )
    >>> prices = find_prices(question)
    >>> prices.bound, [(price.name, price.per, int(price.amount)) for price in prices.entries]
    (Decimal('7'), [('1', 'holder', 3), ('2', 'holder', 4)])
    """
    program = build(instance).program
    plain, origin = program.compile().lowered()
    multipliers = _multipliers(plain, time_limit)
    if multipliers is None:
        return None
    return _Reading(instance, program, plain, origin, multipliers).prices()


def _multipliers(plain: Compiled, time_limit: float | None = None) -> Floats | None:
    """Return the multipliers at the optimum of a program's linear relaxation; None where there is none, or no time."""
    if np.any(plain.lower > plain.upper):
        return None
    deadline = None if time_limit is None else time.monotonic() + time_limit
    solved = LinearProgram(plain, Event(), deadline).solve(plain.lower, plain.upper)
    if solved.ending != "optimal":
        return None
    found: Floats = np.where(np.abs(solved.prices) < _NOISE, 0.0, solved.prices)
    found[(found > 0) & (plain.row_lower == -INFINITE)] = 0.0
    found[(found < 0) & (plain.row_upper == INFINITE)] = 0.0
    return found


def bounds_by_partner(instance: Instance, time_limit: float | None = None) -> dict[str, tuple[int, int]] | None:
    """Return what consortia with, and without, each partner cost at least, in units, as the multipliers prove.

    They are the multipliers of the question itself, so these bounds are quick and not the best.

    Parameters
    ----------
    instance : Instance
        Its objective is the cost.
    time_limit : float, optional
        Seconds for the linear relaxation.

    Returns
    -------
    dict of str to (int, int), or None
        None where the linear relaxation has no solution, was not solved in time, or its integers are too large.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=2, capabilities=1, joining=[3, 5], holds=([0, 1], [0, 0]))
    >>> bounds_by_partner(question)
    {'1': (3, 3), '2': (5, 3)}
    """
    model = build(instance)
    plain, _ = model.program.compile().lowered()
    multipliers = _multipliers(plain, time_limit)
    if multipliers is None:
        return None
    relaxation, found = Relaxation(plain), {}
    for name, column in zip(instance.partners, model.columns.member.tolist(), strict=True):
        sides = []
        for value in (1, 0):
            lower, upper = plain.lower.copy(), plain.upper.copy()
            lower[column] = upper[column] = value
            point = relaxation.point(multipliers, (lower, upper))
            if point is None:
                return None
            sides.append(plain.divisor * relaxation.least_objective(point) + plain.constant)
        found[name] = (sides[0], sides[1])
    return found


@dataclass(frozen=True)
class _Priced:
    """A row of the program, as it was written, with its multiplier: money for a unit of it."""

    row: int
    tag: Tag
    at: int  # its place in the block of the tag
    amount: Fraction


class _Reading:
    """Multipliers of the rows of a program without literals, read by the tags of the rows that these come from."""

    def __init__(
        self, instance: Instance, program: Program, plain: Compiled, origin: Integers, multipliers: Floats
    ) -> None:
        self.instance, self.program = instance, program
        self.plain, self.origin, self.multipliers = plain, origin, multipliers
        self.relaxation = Relaxation(plain)
        self.written = program.written()
        self.rows = list(self._priced())

    def prices(self) -> Prices | None:
        """Return all prices; None where the integers are too large to prove anything."""
        bound = self._bound(self.multipliers)
        if bound is None:
            return None
        of_rules = self._rules(bound)
        return Prices(bound, (*self._capabilities(), *of_rules, *self._capacities(), *self._budget()))

    def _bound(self, multipliers: Floats) -> Decimal | None:
        """Return what some multipliers prove of the cost."""
        point = self.relaxation.point(multipliers)
        if point is None:
            return None
        least = self.relaxation.least_objective(point)
        return self.instance.money(self.plain.divisor * least + self.plain.constant)

    def _priced(self) -> Iterator[_Priced]:
        """Return the rows with a multiplier; those that stand for the same row add up."""
        folded, written, scale = self.program.compile(), self.written, self.relaxation.scale
        free = np.flatnonzero((written.lower < written.upper)[written.indices])  # the entries that folding keeps
        amounts: dict[int, Fraction] = {}
        for place in np.flatnonzero(self.multipliers).tolist():
            row, units = int(self.origin[place]), round(float(self.multipliers[place]) * scale)
            first = int(folded.indptr[row])
            divisor = int(written.data[free[first]] // folded.data[first]) if first < folded.indptr[row + 1] else 1
            amount = Fraction(units * self.plain.divisor, scale * self.instance.scale * divisor)
            amounts[row] = amounts.get(row, Fraction(0)) + amount
        starts = [block.start for block in self.program.row_blocks]
        for row, amount in amounts.items():
            block = self.program.row_blocks[bisect_right(starts, row) - 1]
            yield _Priced(row, block.tag, row - block.start, amount)

    def _capabilities(self) -> Iterator[Price]:
        instance = self.instance
        totals = {
            (int(capability), self._per(block.tag, int(capability))): Fraction(0)
            for block in self.program.row_blocks
            if block.tag.kind in _OF_CAPABILITIES and block.tag.capabilities is not None
            for capability in block.tag.capabilities
        }
        for priced in self.rows:
            if priced.tag.kind in _OF_CAPABILITIES and priced.tag.capabilities is not None:
                capability = int(priced.tag.capabilities[priced.at])
                per = self._per(priced.tag, capability)
                unit = Fraction(instance.step) if per == "person-month" else 1
                totals[capability, per] += priced.amount / unit
        for (capability, per), amount in sorted(totals.items()):
            yield Price("capability", instance.capabilities[capability], per, amount)

    def _per(self, tag: Tag, capability: int) -> Per:
        """Say what one unit of a capability's row is."""
        if tag.kind == "effort":
            return "person-month"
        if tag.kind == "backups":
            return "backup"
        if not self.instance.delivered[capability]:
            return "holder"
        return "delivery" if self.instance.most_providers[capability] == 1 else "provider"

    def _rules(self, bound: Decimal) -> list[Price]:
        """Price each rule by its unit, where that is clear, and as a whole; a rule's parts are priced with it."""
        rules = self.instance.rules
        owner = {str(part.title()): str(rule.title()) for rule in rules for part in rule.with_parts()}
        titles = {str(rule.title()): rule.title() for rule in rules}
        owner.update({text: text for text in titles})
        of_rules: dict[str, list[_Priced]] = {text: [] for text in titles}
        for entry in self.rows:
            if entry.tag.kind == "rule":
                of_rules[owner[entry.tag.source]].append(entry)
        found = []
        for text, rows in of_rules.items():
            if rows and all(self._counts(entry) for entry in rows):
                total = sum((abs(entry.amount) for entry in rows), Fraction(0))
                found.append(Price("rule", titles[text], "unit", total))
            if not rows:
                found.append(Price("rule", titles[text], "rule", Fraction(0)))
                continue
            without = self._bound(np.where(np.isin(self.origin, [entry.row for entry in rows]), 0.0, self.multipliers))
            found.append(
                Price("rule", titles[text], "rule", Fraction(bound) - Fraction(bound if without is None else without))
            )
        return found

    def _counts(self, entry: _Priced) -> bool:
        """Tell whether a row compares a number of something with a limit, so that one more of it is a unit."""
        written = self.written
        entries = slice(written.indptr[entry.row], written.indptr[entry.row + 1])
        limit = written.row_lower[entry.row] if entry.amount > 0 else written.row_upper[entry.row]
        return bool(limit != 0 and np.all(written.data[entries] == 1))

    def _capacities(self) -> Iterator[Price]:
        totals: dict[int, Fraction] = {}
        for entry in self.rows:
            if entry.tag.kind == "capacity" and entry.tag.partners is not None:
                partner = int(entry.tag.partners[entry.at])
                totals[partner] = totals.get(partner, Fraction(0)) - entry.amount / Fraction(self.instance.step)
        for partner, amount in sorted(totals.items()):
            yield Price("capacity", self.instance.partners[partner], "person-month", amount)

    def _budget(self) -> Iterator[Price]:
        for entry in self.rows:
            if entry.tag.kind == "budget":
                yield Price("budget", "", "money", -entry.amount * self.instance.scale)
