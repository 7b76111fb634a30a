"""Prices of rows: exact bounds at any multipliers, what they fix, and how to raise them.

Rows are relaxed with multipliers, the objective never is. What is left falls apart into columns by themselves, and
into *blocks*: a column with the knapsack that it opens (a partner with its capacity). Every row that is not kept in
a block may have any multiplier of the sign that its bounds allow, and every row whose multiplier is zero is
simply left out; so whatever rule a row came from, the bound is at most the optimum. Multipliers are scaled to integers
and evaluated in integers: the bound is exact, and its proof is the multipliers themselves.

Sources: Beasley 1990 and Caprara, Fischetti, Toth 1999 (covers); Holmberg, Rönnqvist, Yuan 1999 (knapsack blocks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from consortia.compiled import Compiled
from consortia.linear import INFINITE, Integers
from consortia.solvers.blocks import Blocks
from consortia.solvers.knapsacks import HUGE, Knapsacks

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Box = tuple[Integers, Integers]

_REACH = 2.0**60  # sums stay below it, with room for rounding
_FINEST = 2**32  # multipliers are multiples of 1 / scale
_PATIENCE, _WORTH = 20, 20  # after so many steps a twentieth of the way must be done


@dataclass(frozen=True)
class Point:
    """What multipliers say.

    Attributes
    ----------
    multipliers : array of int, one a row
        In units of ``1 / scale`` of the objective.
    bound : int
        In the same units: no solution has a smaller objective.
    reduced : array of int, one a column
        Reduced costs, in the same units.
    values : array of int, one a column
        A least point of the relaxed program.
    """

    multipliers: Integers
    bound: int
    reduced: Integers
    values: Integers


@dataclass(frozen=True)
class Filling:
    """The knapsacks of the blocks within a box, and what opening each costs with all that is inside.

    Attributes
    ----------
    knapsacks : Knapsacks
        With the room that is left once all is in that has to be.
    cost : array, one an item
    allowed, inside, taken : array, one an item
        Whether it may join, has to be in, and is taken beside that.
    least, opened : array, one a block
        What is taken costs, and all that opening the block costs.
    forced, barred : array of bool, one a block
        Whether it has to be open, and may not be.
    """

    knapsacks: Knapsacks
    cost: Integers
    allowed: Mask
    inside: Integers
    taken: Integers
    least: Integers
    opened: Integers
    forced: Mask
    barred: Mask


class Relaxation:
    """A program without literals, whose rows can be priced.

    Parameters
    ----------
    compiled : Compiled
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.blocks = Blocks.of(compiled)
        shape = (len(compiled.row_lower), len(compiled.lower))
        self.matrix = sparse.csr_array((compiled.data, compiled.indices, compiled.indptr), shape=shape)
        self.columns = sparse.csr_array(self.matrix.T)
        self._sizes = abs(self.columns).astype(np.float64)
        self.silent = self._implied()
        self._ends = np.maximum(np.abs(compiled.lower), np.abs(compiled.upper)).astype(np.float64)
        reach = float(np.abs(compiled.objective) @ self._ends) + 1
        scale = _FINEST
        while scale > 1 and scale * reach > _REACH / 256:
            scale //= 2
        self.scale = scale
        """One unit of the objective, in the units of bounds and multipliers."""

    def _implied(self) -> Integers:
        """Rows that every point of the blocks obeys: their own, and that what is taken is open."""
        compiled, blocks = self.compiled, self.blocks
        opener = np.full(len(compiled.lower), -1, dtype=np.int64)
        opener[blocks.item] = blocks.opener[blocks.knapsacks.owner]
        pairs = np.flatnonzero((np.diff(compiled.indptr) == 2) & (compiled.row_upper == 0))
        pairs = pairs[compiled.row_lower[pairs] == -INFINITE]
        first, second = compiled.indptr[pairs], compiled.indptr[pairs] + 1
        first, second = (
            np.where(compiled.data[first] > 0, first, second),
            np.where(compiled.data[first] > 0, second, first),
        )
        links = (compiled.data[first] == 1) & (compiled.data[second] == -1)
        links &= opener[compiled.indices[first]] == compiled.indices[second]
        return np.concatenate([blocks.row, pairs[links]])

    def point(self, prices: Floats, box: Box | None = None, toll: int = 1) -> Point | None:
        """Evaluate multipliers, rounded to integers; those of the wrong sign count as zero.

        Parameters
        ----------
        prices : array, one a row
            In units of the objective.
        box : pair of arrays, optional
            Lower and upper bounds of the columns, within the program's own.
        toll : {0, 1}
            What the objective counts; without it a positive bound says that the box is empty.

        Returns
        -------
        Point or None
            None if the integers would be too large.
        """
        compiled = self.compiled
        lower, upper = (compiled.lower, compiled.upper) if box is None else box
        scaled = np.clip(np.nan_to_num(prices * self.scale, posinf=0.0, neginf=0.0), -(2.0**58), 2.0**58)
        units = np.rint(scaled).astype(np.int64)
        units[(units > 0) & (compiled.row_lower == -INFINITE)] = 0
        units[(units < 0) & (compiled.row_upper == INFINITE)] = 0
        units[self.silent] = 0
        side = np.where(units > 0, compiled.row_lower, np.where(units < 0, compiled.row_upper, 0))
        size = np.abs(units).astype(np.float64)
        reach = size @ np.abs(side.astype(np.float64))
        reach += float((self._sizes @ size + self.scale * np.abs(compiled.objective)) @ self._ends)
        if reach >= _REACH:
            return None
        reduced = toll * self.scale * compiled.objective - self.columns @ units
        values = np.where(reduced < 0, upper, lower)
        if len(self.blocks.row):
            self._fill(reduced, (lower, upper), values)
        return Point(units, int(units @ side) + int(reduced @ values), reduced, values)

    def _fill(self, reduced: Integers, box: Box, values: Integers) -> None:
        """Set the `values` of the blocks' columns to their least point."""
        filling = self.filling(reduced, box)
        blocks, has = self.blocks, self.blocks.opener >= 0
        is_open = filling.forced | (~filling.barred & (filling.opened < 0))
        values[blocks.item] = (filling.taken | filling.inside) * is_open[blocks.knapsacks.owner]
        values[blocks.opener[has]] = is_open[has]

    def filling(self, reduced: Integers, box: Box) -> Filling:
        """Fill the blocks within a box at these costs of columns."""
        lower, upper = box
        blocks, item, owner = self.blocks, self.blocks.item, self.blocks.knapsacks.owner
        inside = lower[item]
        counts = len(blocks.row)
        taken = np.bincount(owner, inside * blocks.knapsacks.weight, minlength=counts).astype(np.int64)
        # what does not fit would be a contradiction; leaving no room for others is the weaker conclusion
        knapsacks = replace(blocks.knapsacks, capacity=np.maximum(blocks.knapsacks.capacity - taken, 0))
        has = blocks.opener >= 0
        barred = has & (upper[blocks.opener] == 0)
        allowed = (upper[item] > 0) & (inside == 0) & (knapsacks.weight <= knapsacks.capacity[owner]) & ~barred[owner]
        cost = np.where(allowed, reduced[item], 0)
        paid = np.zeros(counts, dtype=np.int64)
        np.add.at(paid, owner, inside * reduced[item])
        paid += np.where(has, reduced[blocks.opener], 0)
        forced = ~has | (lower[blocks.opener] == 1) | (np.bincount(owner, inside, minlength=counts) > 0)
        least, taken = knapsacks.solve(cost)
        return Filling(knapsacks, cost, allowed, inside, taken, least, paid + least, forced, barred)

    def tightened(self, point: Point, most: int, box: Box | None = None) -> Box:
        """Return column bounds such that no solution with an objective of at most `most` is lost.

        A lower bound may come to lie above an upper one where there is no such solution.
        """
        compiled, blocks = self.compiled, self.blocks
        lower, upper = (compiled.lower, compiled.upper) if box is None else box
        lower, upper = lower.copy(), upper.copy()
        # what a solution may cost more than the bound; a cut-off may be any integer, and no difference exceeds `HUGE`
        room = min(most * self.scale - point.bound, HUGE)
        if room < 0:
            return upper + 1, upper
        alone = point.reduced != 0
        alone[blocks.item] = False
        alone[blocks.opener[blocks.opener >= 0]] = False
        moving = np.flatnonzero(alone)
        steps = room // np.abs(point.reduced[moving])
        rising = point.reduced[moving] > 0
        up, down = moving[rising], moving[~rising]
        upper[up] = np.minimum(upper[up], lower[up] + steps[rising])
        lower[down] = np.maximum(lower[down], upper[down] - steps[~rising])
        if len(blocks.row):
            self._tighten_blocks(point, room, box or (compiled.lower, compiled.upper), lower, upper)
        return lower, upper

    def _tighten_blocks(self, point: Point, room: int, box: Box, lower: Integers, upper: Integers) -> None:
        blocks, owner = self.blocks, self.blocks.knapsacks.owner
        filling = self.filling(point.reduced, box)
        opened, free = filling.opened, ~filling.forced & ~filling.barred
        now = np.where(filling.forced, opened, np.where(filling.barred, 0, np.minimum(opened, 0)))
        upper[blocks.opener[free & (opened - now > room)]] = 0
        lower[blocks.opener[free & (-now > room)]] = 1
        # taking an item means opening its knapsack with it inside
        fixed = opened - filling.least
        with_item = filling.knapsacks.forced(filling.cost, now + room - fixed) + fixed[owner]
        upper[blocks.item[filling.allowed & (with_item - now[owner] > room)]] = 0

    def least_objective(self, point: Point) -> int:
        """Return the least integer objective that the point leaves possible."""
        return -(-point.bound // self.scale)

    def residual(self, point: Point, values: Floats) -> Floats:
        """What `values` lack of each row (positive), or have too much (negative), as its multiplier sees it."""
        compiled = self.compiled
        sums: Floats = self.matrix @ values
        lower = np.where(compiled.row_lower == -INFINITE, -np.inf, compiled.row_lower.astype(np.float64))
        upper = np.where(compiled.row_upper == INFINITE, np.inf, compiled.row_upper.astype(np.float64))
        lack = np.where(
            point.multipliers > 0,
            lower - sums,
            np.where(point.multipliers < 0, upper - sums, np.maximum(lower - sums, 0) + np.minimum(upper - sums, 0)),
        )
        lack[self.silent] = 0
        return lack


def raised(
    relaxation: Relaxation,
    start: Point,
    target: int,
    box: Box | None,
    steps: int,
    halt: Callable[[], bool] = lambda: False,
) -> Point:
    """Raise the bound of a point by the volume method.

    Parameters
    ----------
    relaxation : Relaxation
    start : Point
        Certified for `box`.
    target : int
        An objective that is worth reaching, such as that of the best solution.
    box : pair of arrays, optional
    steps : int
        How many multipliers are tried at most.
    halt : callable
        Asked before each of them; True ends it.

    Returns
    -------
    Point
        The best one found; `start` if none is better.

    Notes
    -----
    Barahona and Anbil 2000, "The volume algorithm: producing primal solutions with a subgradient method".
    """
    best, scale = start, relaxation.scale
    mixed = start.values.astype(np.float64)
    pace, failures = 1.0, 0
    for step in range(steps):
        if halt() or (step == _PATIENCE and (best.bound - start.bound) * _WORTH < target * scale - start.bound):
            break
        direction = relaxation.residual(best, mixed)
        size = float(direction @ direction)
        room = target - best.bound / scale
        if size < 1e-9 or room <= 0 or pace < 1e-3:
            break
        point = relaxation.point(best.multipliers / scale + pace * room / size * direction, box)
        if point is None:
            break
        mixed = 0.1 * point.values + 0.9 * mixed
        if point.bound > best.bound:
            best, failures, pace = point, 0, min(1.1 * pace, 2.0)
        else:
            failures += 1
            if failures % 5 == 0:
                pace *= 0.67
    return best


def certified(compiled: Compiled, prices: Floats) -> int | None:
    """Return an exact lower bound on the cost of a program, at any multipliers of its rows.

    Parameters
    ----------
    compiled : Compiled
        A program without literals.
    prices : array, one a row
        In units of its objective; those of the wrong sign count as zero, and all do where they are too large.

    Returns
    -------
    int or None
        None if even the costs alone are too large.

    Examples
    --------
    >>> from consortia.linear import Linear
    >>> from consortia.program import Program, Tag
    >>> program = Program()
    >>> columns = program.add_columns(Tag("member"), 3)
    >>> for left, right in ((0, 1), (1, 2), (0, 2)):
    ...     program.add_row(Tag("cover"), Linear(columns[[left, right]]), lower=1)
    >>> program.expressions["cost"] = Linear(columns, [3, 3, 3])
    >>> certified(program.compile(), np.array([0.5, 0.5, 0.5]))
    6
    """
    relaxation = Relaxation(compiled)
    point = relaxation.point(prices) or relaxation.point(np.zeros_like(prices))
    return None if point is None else compiled.divisor * relaxation.least_objective(point) + compiled.constant
