"""The search for all that is not surpassed: what is open is entered in the order of what it may still hold."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from consortia.explaining.bounds import Bound
from consortia.explaining.inquiry import Inquiry
from consortia.explaining.quadrants import Corner, inside, largest, split, within
from consortia.expressions import EXPRESSIONS
from consortia.instance import Instance
from consortia.outcome import Outcome, Status

LEAST_SHARE = 1.0  # seconds; else a question gets a quarter of the time that is left, so that there are others
Grade = Literal["exact", "tolerance"]
Stopped = Literal["time", "effort", "interrupted", "cutoff"]


@dataclass(eq=False)
class Quadrant:
    """A part of what is open: all that is below a corner in every objective but the leading one.

    Attributes
    ----------
    least : int or None
        The leading objective is not less than this; None as long as nothing is known.
    best : tuple of int or None
        The point of it that is least in the leading objective, then in the others, once that is proven.
    hint, found : Outcome or None
        Where to start from; the best consortium where the limits came before a proof.
    short : bool
        Whether its share of the time was too short for a proof.
    """

    corner: Corner
    least: int | None = None
    best: tuple[int, ...] | None = None
    hint: Outcome | None = None
    found: Outcome | None = None
    short: bool = False

    def rank(self) -> tuple[bool, int, bool]:
        """Order by what the leading objective may still reach; what is solved comes before what may be as good."""
        return self.least is not None, self.least or 0, self.best is None


class Sweep:
    """Solves quadrants and splits them until none is left, or the limits come first.

    Values are in units here, and less is better; the leading objective comes first.

    Parameters
    ----------
    instance : Instance
    names : tuple of str
        The objectives.
    inquiry : Inquiry

    Attributes
    ----------
    points : mapping of tuple of int to Outcome
        What is proven not to be surpassed.
    waiting, given_up : list of Quadrant
        What is open: not entered yet, or left without a proof.
    empty : list of tuple
        Corners of quadrants that are proven to hold nothing.
    """

    def __init__(self, instance: Instance, names: tuple[str, ...], inquiry: Inquiry) -> None:
        self.instance, self.names, self.inquiry = instance, names, inquiry
        money = [name for name in names if EXPRESSIONS[name].money]
        self.leading = "cost" if "cost" in names else (money or names)[0]  # the others rather have few values
        self.others = tuple(name for name in names if name != self.leading)
        self.points: dict[tuple[int, ...], Outcome] = {}
        self.waiting = [Quadrant((None,) * len(self.others))]
        self.given_up: list[Quadrant] = []
        self.empty: list[Corner] = []
        self.proofs: set[Grade | None] = set()
        self.stopped: Stopped | None = None

    def run(self) -> None:
        """Go on until nothing is open, or the limits come first."""
        while self.waiting or self._again():
            lowest = min(self.waiting, key=Quadrant.rank)
            if lowest.best is not None:
                self._split(lowest.best)
            elif self.inquiry.over:
                break
            else:
                self._solve(lowest)

    def _solve(self, quadrant: Quadrant) -> None:
        """Find the point of a quadrant that is least in the leading objective, then in the others."""
        limits = [
            Bound(of=name, units=sign(name) * (corner - 1), least=EXPRESSIONS[name].maximised)
            for name, corner in zip(self.others, quadrant.corner, strict=True)
            if corner is not None
        ]
        narrowed = self.instance.replace(
            rules=(*self.instance.rules, *limits),
            objectives=tuple((name, Fraction(0)) for name in (self.leading, *self.others)),
        )
        left = self.inquiry.left
        share = {} if left is None else {"time_limit": min(left, max(left / 4, LEAST_SHARE))}
        outcome = self.inquiry.ask(narrowed, hint=quadrant.hint, **share)
        if outcome.status is Status.OPTIMAL:
            quadrant.best = self.units(outcome)
            quadrant.least = quadrant.best[0]
            self.points.setdefault(quadrant.best, outcome)
            self.proofs.update(stage.proof for stage in outcome.stages)
            return
        self.waiting.remove(quadrant)
        if outcome.status is Status.INFEASIBLE:
            self.proofs.add(outcome.proof)
            self.empty.append(quadrant.corner)
            self.given_up = [one for one in self.given_up if not within(one.corner, quadrant.corner)]
            return
        once_more = quadrant.short
        self._give_up(quadrant, outcome)
        if left is not None and outcome.consortium is not None and not once_more:
            self._wait([*self.waiting, *self._parts(quadrant, outcome)])

    def _again(self) -> bool:
        """Where nothing else is left to do with the time, try once more what it was too short for."""
        short = [quadrant for quadrant in self.given_up if quadrant.short]
        if not short or self.inquiry.over:
            return False
        again = min(short, key=Quadrant.rank)
        again.hint = again.found or again.hint
        self.given_up.remove(again)
        self.waiting = [again]
        return True

    def _give_up(self, quadrant: Quadrant, outcome: Outcome) -> None:
        """Leave a quadrant without a proof, with what is known of it."""
        if (bound := outcome.stages[0].bound) is not None:
            units = int(sign(self.leading) * bound * EXPRESSIONS[self.leading].scale(self.instance))
            quadrant.least = units if quadrant.least is None else max(units, quadrant.least)
        quadrant.found = quadrant.found if outcome.consortium is None else outcome
        quadrant.short = outcome.stopped == "time"
        self.stopped = self.stopped or outcome.stopped
        self.given_up.append(quadrant)

    def _split(self, point: tuple[int, ...]) -> None:
        """Take a point out of every quadrant that waits; in none of them can the leading objective be less."""
        made: list[Quadrant] = []
        for quadrant in self.waiting:
            within_it = inside(point[1:], quadrant.corner)
            made += self._parts(quadrant, self.points[point]) if within_it else [quadrant]
        self._wait(made)

    def _parts(self, quadrant: Quadrant, outcome: Outcome) -> list[Quadrant]:
        """Return what a quadrant still holds that is better than an outcome in one of the other objectives."""
        parts = []
        for corner in split(self.units(outcome)[1:], quadrant.corner):
            best = quadrant.best if quadrant.best and inside(quadrant.best[1:], corner) else None
            parts.append(Quadrant(corner, quadrant.least, best, hint=outcome))
        return parts

    def _wait(self, quadrants: list[Quadrant]) -> None:
        """Keep what lies in nothing else that waits, and in nothing that is proven to be empty."""
        by_corner = {quadrant.corner: quadrant for quadrant in quadrants}
        self.given_up = [one for one in self.given_up if not any(within(one.corner, whole) for whole in by_corner)]
        kept = (one for one in largest(by_corner) if not any(within(one, empty) for empty in self.empty))
        self.waiting = [by_corner[corner] for corner in kept]

    def units(self, outcome: Outcome) -> tuple[int, ...]:
        """Return the values of an outcome's consortium, the leading objective's first."""
        consortium = outcome.consortium
        assert consortium is not None
        order = (self.leading, *self.others)
        return tuple(sign(name) * EXPRESSIONS[name].value(self.instance, consortium) for name in order)

    def amount(self, name: str, units: int) -> Fraction:
        """Turn units of an objective, less of which is better, into its value."""
        return Fraction(sign(name) * units, EXPRESSIONS[name].scale(self.instance))


def sign(name: str) -> int:
    """Return 1 for an expression less of which is better, -1 for one that is maximised."""
    return -1 if EXPRESSIONS[name].maximised else 1
