"""Which weighted sets lie within which others: candidates by fingerprints, verified item by item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from consortia.compiled import spans
from consortia.linear import Integers

Mask = npt.NDArray[np.bool_]
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_CHUNK = 1 << 17  # pairs at a time: their arrays stay in the cache
_FEW = 24  # items that a fingerprint of 64 bits still tells apart
_MOST = 40_000_000  # pairs that are looked at; sets that would take more stay as they are


@dataclass(frozen=True, eq=False)
class Sets:
    """Sets of weighted items, one after the other, each in ascending order of its items.

    Attributes
    ----------
    starts : array, one a set and one more
    items, weights : array
    universe : int
        Items are less than this.
    """

    starts: Integers
    items: Integers
    weights: Integers
    universe: int

    @classmethod
    def of(cls, owner: Integers, items: Integers, weights: Integers, count: int, universe: int) -> Sets:
        """Collect `count` sets from entries in any order."""
        order = by_number(items, universe)
        order = order[by_number(owner[order], count)]
        starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int64)
        return cls(starts, items[order], weights[order], universe)

    @cached_property
    def sizes(self) -> Integers:
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Integers:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def keys(self) -> Integers:
        """One ascending number for each set and item."""
        return self.owner * self.universe + self.items

    @cached_property
    def fingerprints(self) -> list[npt.NDArray[np.uint64]]:
        """Words with a bit for each item: those of a subset are within those of its superset.

        Of large sets each word speaks of some items only, lest all its bits be set.
        """
        filled, words = self.sizes > 0, []
        rarity = np.uint64(1 + len(self.items) // (_FEW * (1 + int(np.count_nonzero(filled)))))
        for factor in _FACTORS:
            hashed = self.items.astype(np.uint64) * np.uint64(factor)
            heard = (hashed >> np.uint64(20)) % rarity == 0
            bits = np.where(heard, np.uint64(1) << (hashed >> np.uint64(58)), np.uint64(0))
            word = np.zeros(len(self.sizes), dtype=np.uint64)
            if len(bits):
                word[filled] = np.bitwise_or.reduceat(bits, self.starts[:-1][filled])
            words.append(word)
        return words

    def screen(self, inner: Integers, outer: Integers) -> Mask:
        """Tell for pairs of sets whether `inner` may lie within `outer`."""
        passed = np.ones(len(inner), dtype=bool)
        for word in self.fingerprints:
            left = np.flatnonzero(passed)
            passed[left] = (word[inner[left]] & ~word[outer[left]]) == 0
        return passed

    def verify(self, inner: Integers, outer: Integers) -> Mask:
        """Tell for pairs of sets whether `outer` has every item of `inner`, at a weight at least as large."""
        lengths = self.sizes[inner]
        entries = spans(self.starts[inner], lengths)
        if not len(entries):
            return np.ones(len(inner), dtype=bool)
        wanted = np.repeat(outer, lengths) * self.universe + self.items[entries]
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        missing = (self.keys[place] != wanted) | (self.weights[place] < self.weights[entries])
        pair = np.repeat(np.arange(len(inner)), lengths)
        complete: Mask = np.bincount(pair[missing], minlength=len(inner)) == 0
        return complete

    def earlier(self, able: Mask | None = None) -> Iterator[tuple[Integers, Integers]]:
        """Pairs (inner, outer) with ``outer < inner`` among which are all where inner, not empty, lies within outer.

        Inner sets are only those that are `able`, by default all.

        Whoever contains a set contains each of its items, so only the sets before it with one item are looked at: the
        item for which these are fewest.
        """
        listed = by_number(self.items, self.universe)
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.items, minlength=self.universe))])
        ahead = np.empty(len(self.items), dtype=np.int64)
        ahead[listed] = np.arange(len(listed)) - np.repeat(starts[:-1], np.diff(starts))
        filled = np.flatnonzero(self.sizes > 0)
        if not len(filled):
            return
        # the position of the entry rides along with what is minimised
        least = np.minimum.reduceat(ahead * len(ahead) + np.arange(len(ahead)), self.starts[:-1][filled])
        counts, entries = least // len(ahead), least % len(ahead)
        order = np.argsort(counts, kind="stable")
        chosen = counts[order] > 0
        if able is not None:
            chosen &= able[filled[order]]
        order = order[chosen]
        order = order[np.cumsum(counts[order]) <= _MOST]
        chunk = np.cumsum(counts[order]) // _CHUNK
        members = self.owner[listed]
        for cut in np.split(order, np.flatnonzero(np.diff(chunk)) + 1):
            inner = np.repeat(filled[cut], counts[cut])
            yield inner, members[spans(starts[self.items[entries[cut]]], counts[cut])]


def by_number(values: Integers, bound: int) -> Integers:
    """Return the stable order of numbers below `bound`, in time that grows no faster than their count.

    Examples
    --------
    >>> by_number(np.array([70000, 2, 70000, 1]), 70001)
    array([3, 1, 0, 2])
    """
    order = np.argsort((values & 0xFFFF).astype(np.uint16), kind="stable")  # numpy counts digits of 16 bits
    for shift in range(16, max(bound - 1, 1).bit_length(), 16):
        order = order[np.argsort((values[order] >> shift & 0xFFFF).astype(np.uint16), kind="stable")]
    return order


def first(group: Integers, most: int) -> Integers:
    """Return the positions of the first `most` entries of each group.

    Examples
    --------
    >>> first(np.array([5, 5, 2, 5, 2]), 2)
    array([0, 1, 2, 4])
    """
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    begins = np.flatnonzero(np.diff(sorted_group, prepend=-1))
    nth = np.arange(len(group)) - np.repeat(begins, np.diff(np.append(begins, len(group))))
    return np.sort(order[nth < most])
