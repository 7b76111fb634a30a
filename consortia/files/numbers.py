"""Files of nothing but numbers: the layout that published instances share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from consortia.errors import SpecError
from consortia.files.text import read_text, refuse
from consortia.program import Integers
from consortia.sentence import Sentence, say

_WHOLE = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{0,14})?")


class Numbers:
    """The numbers of a file, read one group after another.

    Nothing is guessed, and the first problem is the only one told: after a wrong number all that follows could be
    shifted.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text, _ = read_text(path)
        self._words = self._text.split()
        self._next = 0

    def whole(self, count: int, what: Sentence, least: int = 0) -> list[int]:
        """Read so many whole numbers; `what` says in a message what they are."""
        words = self._take(count, what)
        self._check(words, self._next - count, what, _WHOLE)
        for place, word in enumerate(words, self._next - count):
            if int(word) < least:
                raise self._refuse(
                    place, say("{number} is less than {least} ({what})", number=word, least=least, what=what)
                )
        return [int(word) for word in words]

    def exact(self, count: int, what: Sentence) -> list[int | Decimal]:
        """Read so many numbers that are not negative, with all their decimals."""
        words = self._take(count, what)
        self._check(words, self._next - count, what, _NUMBER)
        return [int(word) if word.isdigit() else Decimal(word) for word in words]

    def records(self, count: int, what: Sentence, most: int, head: bool = False) -> tuple[Integers, Integers, Integers]:
        """Read so many records of a length and as many positions, each perhaps after a whole number.

        Parameters
        ----------
        count : int
        what : Sentence
            What the positions are of.
        most : int
            How many of these there are.
        head : bool
            Whether each record begins with a whole number.

        Returns
        -------
        heads : array
            The numbers that records begin with, if they do.
        record, position : array
            For each position, from 0, the record it is in, from 0.
        """
        start, words = self._next, self._words[self._next :]
        self._check(words, start, what, _WHOLE)
        numbers = [int(word) for word in words]
        lengths, place = np.zeros(count, dtype=np.int64), 0
        for number in range(count):
            place += head
            length = numbers[place] if place < len(numbers) else 0
            if length > most:
                raise self._out_of_range(start + place, 0, most, what)
            lengths[number] = length
            place += length + 1
        self._take(place, what)
        lists = np.array(numbers[:place], dtype=np.int64)
        at = np.cumsum(lengths + 1 + head) - lengths - 1
        inside = np.ones(place, dtype=bool)
        inside[at] = False
        inside[at - 1 if head else at] = False
        record, position = np.repeat(np.arange(count), lengths), lists[inside]
        wrong = np.flatnonzero((position < 1) | (position > most))
        if len(wrong):
            raise self._out_of_range(start + int(np.flatnonzero(inside)[wrong[0]]), 1, most, what)
        order = np.lexsort((position, record))
        twice = np.flatnonzero((np.diff(record[order]) == 0) & (np.diff(position[order]) == 0))
        if len(twice):
            again = int(order[twice[0] + 1])
            message = say("{number} is listed twice in one list ({what})", number=int(position[again]), what=what)
            raise self._refuse(start + int(np.flatnonzero(inside)[again]), message)
        return lists[at - 1] if head else lists[:0], record, position - 1

    def end(self) -> None:
        """Refuse numbers beyond the last."""
        rest = len(self._words) - self._next
        if rest:
            word = self._words[self._next][:40]
            message = say("the file should end before {word}, and {count} numbers are left", word=word, count=rest)
            raise self._refuse(self._next, message)

    def _take(self, count: int, what: Sentence) -> Sequence[str]:
        words = self._words[self._next : self._next + count]
        if len(words) < count:
            message = say(
                "the file ends too soon: {count} numbers are expected ({what}), and {found} are left",
                count=count,
                what=what,
                found=len(words),
            )
            raise self._refuse(len(self._words) - 1, message)
        self._next += count
        return words

    def _check(self, words: Sequence[str], start: int, what: Sentence, pattern: re.Pattern[str]) -> None:
        if all(map(pattern.fullmatch, words)):
            return
        wrong = next(place for place, word in enumerate(words) if not pattern.fullmatch(word))
        kind = say("a whole number") if pattern is _WHOLE else say("a number that is not negative")
        message = say("{word} is found where {kind} is expected ({what})", word=words[wrong][:40], kind=kind, what=what)
        raise self._refuse(start + wrong, message)

    def _out_of_range(self, place: int, least: int, most: int, what: Sentence) -> SpecError:
        number = self._words[place]
        message = say(
            "{number} is not from {least} to {most} ({what})", number=number, least=least, most=most, what=what
        )
        return self._refuse(place, message)

    def _refuse(self, place: int, message: Sentence) -> SpecError:
        """Return the error for the word at a place, counted from 0."""
        seen = line = 0
        for line, text in enumerate(self._text.splitlines(), 1):  # noqa: B007
            seen += len(text.split())
            if seen > place:
                break
        remedy = say("Check that the file is complete and in the format named")
        return refuse(self.path, f"line {line}", message, remedy)
