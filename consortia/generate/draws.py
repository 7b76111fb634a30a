"""Random draws that are the same on every platform, with every version of every library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")
_MASK = (1 << 64) - 1


class Draws:
    """The SplitMix64 sequence of a seed, in integers only.

    Parameters
    ----------
    seed : int
        From 0 to 2^64 - 1.

    Notes
    -----
    The state grows by an odd constant; a draw mixes it with two multiplications. Numbers below a limit come from
    draws by rejection, so that they are exactly uniform. See Steele, Lea and Flood, "Fast splittable pseudorandom
    number generators", 2014.

    Examples
    --------
    The first draw of seed 0, as published:

    >>> hex(Draws(0).draw())
    '0xe220a8397b1dcdaf'
    """

    def __init__(self, seed: int) -> None:
        if not 0 <= seed <= _MASK:
            raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
        self._state = seed

    def draw(self) -> int:
        """Return 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit - 1``."""
        usable = (1 << 64) - (1 << 64) % limit
        while (number := self.draw()) >= usable:
            pass
        return number % limit

    def between(self, least: int, most: int, step: int = 1) -> int:
        """Return one of ``least, least + step, ...`` up to `most`."""
        return least + step * self.below((most - least) // step + 1)

    def happens(self, percent: int) -> bool:
        """Return True in so many of a hundred cases."""
        return self.below(100) < percent

    def one_of(self, items: Sequence[Item]) -> Item:
        """Return one item, each as likely as another."""
        return items[self.below(len(items))]

    def some_of(self, items: Sequence[Item], count: int) -> list[Item]:
        """Return `count` different items, in random order."""
        pile = list(items)
        for place in range(count):
            other = place + self.below(len(pile) - place)
            pile[place], pile[other] = pile[other], pile[place]
        return pile[:count]

    def place(self, weights: Weights) -> int:
        """Return a position, as likely as its weight says."""
        return bisect_right(weights.sums, self.below(weights.sums[-1]))


class Weights:
    """How likely each position is to be drawn, in whole numbers."""

    def __init__(self, weights: Sequence[int]) -> None:
        self.sums = list(accumulate(weights))
