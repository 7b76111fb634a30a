"""Within which range of a rate or a fixed price the same members stay of least cost."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from consortia.consortium import Consortium
from consortia.costs import total
from consortia.explaining.cases import JustThese, LessThrough, through
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.with_and_without import settings
from consortia.instance import Instance
from consortia.outcome import Outcome, Status

Per = Literal["delivery", "person-month"]


@dataclass(frozen=True)
class PriceRange:
    """Where one price may lie for the same members to stay of least cost, all else being equal.

    Attributes
    ----------
    partner, offer : str
    per : {"delivery", "person-month"}
        Whether it is the fixed price of a delivery, or the rate.
    price : Fraction
        What it is, in money.
    lower, upper : Fraction or None
        The ends, which belong to the range; None above where there is no end, and both where nothing is known.
    known : bool
        Whether the ends are proven; a limit may have come first.
    """

    partner: str
    offer: str
    per: Per
    price: Fraction
    lower: Fraction | None = None
    upper: Fraction | None = None
    known: bool = True

    @property
    def exact(self) -> bool:
        """Whether the ends are proven."""
        return self.known


class _Line(NamedTuple):
    """What a consortium costs as the price moves: its cost where the price is, in units, and by how much it grows."""

    cost: int
    slope: int

    def at(self, move: Fraction) -> Fraction:
        return self.cost + self.slope * move

    def meets(self, other: _Line) -> Fraction:
        """Return where a line that grows more slowly, or falls faster, is as low."""
        return Fraction(other.cost - self.cost, self.slope - other.slope)


class _OutOfTime(Exception):
    """A limit came first."""


def find_ranges(inquiry: Inquiry, present: Outcome, offers: tuple[tuple[str, str], ...]) -> tuple[PriceRange, ...]:
    """Find the ranges of the prices of some offers; without any, of all that the present consortium uses."""
    assert present.consortium is not None
    if not offers:
        used = ((delivery.partner, delivery.offer) for delivery in present.consortium.deliveries)
        offers = tuple(dict.fromkeys(used))
    found = []
    for partner, offer in offers:
        for per, price in _prices(present.instance, partner, offer).items():
            found.append(_Walk(inquiry, present, partner, offer, per).range(price))
    return tuple(found)


def _prices(instance: Instance, partner: str, offer: str) -> dict[Per, Fraction]:
    """Return the fixed price and the rate of an offer, in money; a rate only where something takes effort."""
    arcs = [arc for key, arc in instance.arc_at.items() if (key[0], key[2]) == (partner, offer)]
    found: dict[Per, Fraction] = {"delivery": Fraction(int(instance.arc_fixed[arcs[0]]), instance.scale)}
    worked = [arc for arc in arcs if instance.effort[instance.arc_capability[arc]]]
    if worked:
        rate = Fraction(int(instance.arc_rate[worked[0]]), instance.scale)
        found["person-month"] = rate / Fraction(instance.step)
    return found


class _Walk:
    """Walks along the least cost as one price moves, up or down, from one consortium to the next.

    The least cost is concave in the price, and so is the least cost of these members. Between two moves at which one
    consortium is of least cost it is so everywhere; so a line is right as far as the nearest point where nothing found
    crosses it, and asking there finds what crosses it before that.
    """

    def __init__(self, inquiry: Inquiry, present: Outcome, partner: str, offer: str, per: Per) -> None:
        assert present.consortium is not None
        self.inquiry, self.present, self.instance = inquiry, present, present.instance
        self.partner, self.offer, self.per = partner, offer, per
        self.members = tuple(present.consortium.members)
        arcs = [arc for key, arc in self.instance.arc_at.items() if (key[0], key[2]) == (partner, offer)]
        steps = sum(int(self.instance.effort[self.instance.arc_capability[arc]]) for arc in arcs)
        self.most = len(arcs) if per == "delivery" else steps

    def range(self, price: Fraction) -> PriceRange:
        """Walk both ways."""
        unit = self._unit()
        try:
            if not self.present.proven:
                raise _OutOfTime
            down = self._end(-1, price / unit)
            up = self._end(1, None)
        except _OutOfTime:
            return PriceRange(self.partner, self.offer, self.per, price, known=False)
        assert down is not None
        upper = None if up is None else price + up * unit
        return PriceRange(self.partner, self.offer, self.per, price, max(Fraction(0), price - down * unit), upper)

    def _unit(self) -> Fraction:
        """Return how much money a move of one is: a unit for each delivery, or for each step of effort."""
        unit = Fraction(1, self.instance.scale)
        return unit if self.per == "delivery" else unit / Fraction(self.instance.step)

    def _end(self, way: int, furthest: Fraction | None) -> Fraction | None:
        """Return how far the price may move for these members to stay of least cost; None if without end."""
        move = Fraction(0)
        while furthest is None or move < furthest:
            line, theirs = self._least(way, move), self._least(way, move, same=True)
            if line != theirs:
                return move
            onward = self._reach(way, move, line, furthest)
            if onward is None:
                return None
            move = onward
        return furthest

    def _reach(self, way: int, move: Fraction, line: _Line, furthest: Fraction | None) -> Fraction | None:
        """Return as far as a line that is least just after `move` stays least; None if for ever."""
        if furthest is None:
            rival = self._lower(line)
            if rival is None:
                return None
            onward = line.meets(rival)
        else:
            onward = furthest
        while True:
            found = self._least(way, onward, after=False)
            if found.at(onward) == line.at(onward):
                return onward
            onward = line.meets(found)

    def _least(self, way: int, move: Fraction, same: bool = False, after: bool = True) -> _Line:
        """Return the line of a consortium, perhaps of the same members, that is of least cost at a move and just after.

        Costs at a move are multiples of a fraction that no smaller step can make up for.
        """
        near = move + (Fraction(1, 2 * move.denominator * (self.most + 1)) if after else 0)
        key = (self.partner, self.offer, self.per)
        asked = self.instance.replace(
            rebates={key: -way * near * self._unit()}, objectives=(("cost after rebates", Fraction(0)),)
        )
        if same:
            asked = asked.replace(rules=(*asked.rules, JustThese(members=self.members)))
        return self._line(way, self._ask(asked))

    def _lower(self, line: _Line) -> _Line | None:
        """Return the line of a consortium that takes less of what grows dearer; None if there is none."""
        if line.slope == 0:
            return None
        rule = LessThrough(partner=self.partner, offer=self.offer, per=self.per, below=line.slope)
        found = self._ask(self.instance.replace(rules=(*self.instance.rules, rule)))
        return None if found is None else self._line(1, found)

    def _ask(self, instance: Instance) -> Consortium | None:
        """Return the best consortium; None where there is none.

        Raises
        ------
        _OutOfTime
            If that is not proven.
        """
        if self.inquiry.over:
            raise _OutOfTime
        outcome = self.inquiry.ask(instance, hint=self.present, **settings(self.inquiry))
        if outcome.status not in (Status.OPTIMAL, Status.INFEASIBLE):
            raise _OutOfTime
        return outcome.consortium

    def _line(self, way: int, consortium: Consortium | None) -> _Line:
        assert consortium is not None, "the present one is always there"
        count = through(self.instance, consortium, self.partner, self.offer, self.per)
        return _Line(total(self.instance, consortium), way * count)
