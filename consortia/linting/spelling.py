"""Names that are spelled nearly alike: the same but for what the eye passes over, or for a letter or two."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from consortia.sentence import Sentence, say

_LOOK_ALIKES = str.maketrans("авекмнорстухіѕјԁӏ", "abekmhopctyxisjdl")
"""Cyrillic letters, small or capital, with the Latin ones that look the same."""
_LEGAL_FORMS = frozenset(
    re.findall(
        r"\w+",
        "ltd limited llc inc corp plc gmbh ag kg ug sa sas sarl srl spa bv nv oy oyj ab as asa aps doo sro kft "
        "ооо оао зао пао ао одо тоо уп чуп руп чтуп ип нпо",
    )
)
_COUNTED = re.compile(r"\d+|\b[^\W\d_]{1,3}\b|\b[ivx]+\b")
"""What tells one thing from its like: digits, short words such as acronyms, Roman numerals."""
_SHORTEST, _LONG = 5, 12
"""Names of fewer letters are never compared by spelling; from so many on, two letters may differ."""

LEGAL_FORM, LETTERS = say("the legal form"), say("a letter or two")


def plain(text: str) -> str:
    """Return a name without capitals, spaces and punctuation.

    Examples
    --------
    >>> plain("Acme  Films, Ltd.") == plain("ACME films ltd")
    True
    """
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def skeleton(text: str) -> str:
    """Return a name as it looks: also without marks on letters, and with Latin letters for their look-alikes.

    Examples
    --------
    >>> skeleton("Берёзка") == skeleton("БЕРЕЗКА"), skeleton("СОВА") == skeleton("COBA")
    (True, True)
    """
    bare = (letter for letter in unicodedata.normalize("NFKD", plain(text)) if not unicodedata.combining(letter))
    return "".join(bare).translate(_LOOK_ALIKES)


def without_legal_form(text: str) -> str:
    """Return an organisation's name without what says that it is a company.

    Examples
    --------
    >>> without_legal_form("ООО «Ромашка»"), without_legal_form("Acme Films Ltd"), without_legal_form("AS")
    ('Ромашка', 'Acme Films', 'AS')
    """
    kept = [word for word in re.findall(r"[^\W_]+", text) if word.casefold() not in _LEGAL_FORMS]
    return " ".join(kept) or text


def mixed_words(text: str) -> list[str]:
    """Return the words that mix Latin and Cyrillic letters.

    Examples
    --------
    >>> mixed_words("laser cвapкa")
    ['cвapкa']
    """
    return [word for word in re.findall(r"[^\W\d_]+", text) if len({_script(letter) for letter in word} - {""}) > 1]


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in ("LATIN", "CYRILLIC") if name.startswith(script)), "")


def alike(names: Sequence[str], *, organisations: bool = False) -> Iterator[tuple[int, int, Sentence]]:
    """Find names that are spelled nearly alike.

    Names that differ in a number or an acronym are not: *line 2* and *line 3* are two things.

    Parameters
    ----------
    names : sequence of str
        Names of different things; blank ones and those that are wholly the same are passed over.
    organisations : bool
        Whether a legal form may be missing.

    Yields
    ------
    earlier, later : int
        Positions of two names.
    difference : Sentence
        In what they differ.

    Examples
    --------
    >>> for earlier, later, what in alike(["welding", "Milling", "weldin", "WELDING", "line 2", "line 3"]):
    ...     print(earlier, later, what)
    0 3 capitals, spaces or punctuation
    0 2 a letter or two
    """
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        look = skeleton(name)
        earlier = first.setdefault(look, at) if look else at
        if names[earlier] != name:
            yield earlier, at, _difference(names[earlier], name)
    if organisations:
        shorter: dict[str, int] = {}
        for at in first.values():
            earlier = shorter.setdefault(skeleton(without_legal_form(names[at])), at)
            if earlier != at:
                yield earlier, at, LEGAL_FORM
        first = {look: at for look, at in first.items() if at in shorter.values()}
    groups: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for look, at in first.items():
        if len(look) >= _SHORTEST:
            groups[tuple(_COUNTED.findall(names[at].casefold()))].append((look, at))
    for group in groups.values():
        for earlier, later in misspelled([look for look, _ in group]):
            yield group[earlier][1], group[later][1], LETTERS


def _difference(one: str, other: str) -> Sentence:
    if plain(one) == plain(other):
        return say("capitals, spaces or punctuation")
    if _unmarked(one) == _unmarked(other):
        return say("marks on letters, such as ё and е")
    return say("Latin and Cyrillic letters that look the same")


def _unmarked(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain(text)) if not unicodedata.combining(letter))


def misspelled(words: Sequence[str]) -> list[tuple[int, int]]:
    """Find pairs of words with a letter or two more, less, different or swapped.

    Words that are so near share a piece, a third or a fifth of the shorter, moved by a letter or two at most: only
    words that share one are compared.

    Parameters
    ----------
    words : sequence of str
        Different from each other.

    Returns
    -------
    list of (int, int)
        Pairs of positions, sorted.

    Examples
    --------
    >>> misspelled(["coating", "caoting", "milling", "thermal insulation", "termal isulation"])
    [(0, 1), (3, 4)]
    """
    found: set[tuple[int, int]] = set()
    odd = [_odd_letters(word) for word in words]
    pieces: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for later in sorted(range(len(words)), key=lambda at: (len(words[at]), at)):
        word = words[later]
        candidates: set[int] = set()
        for length in range(max(_SHORTEST, len(word) - 2), len(word) + 1):
            for number, (start, end) in enumerate(_cuts(length)):
                for shift in range(-2, 3):
                    if start + shift >= 0 and end + shift <= len(word):
                        candidates.update(pieces.get((length, number, word[start + shift : end + shift]), ()))
        for earlier in candidates:
            if (odd[earlier] ^ odd[later]).bit_count() <= 4 and near(words[earlier], word):
                found.add((min(earlier, later), max(earlier, later)))
        for number, (start, end) in enumerate(_cuts(len(word))):
            pieces[len(word), number, word[start:end]].append(later)
    return sorted(found)


def _odd_letters(word: str) -> int:
    """Return as bits which letters a word has an odd number of: a change of one letter changes two of them at most."""
    bits = 0
    for letter in word:
        bits ^= 1 << ord(letter) % 61
    return bits


def _cuts(length: int) -> Iterable[tuple[int, int]]:
    """Cut a word into one piece more than changes can spoil: a swap may spoil two."""
    parts = 2 * _allowed(length) + 1
    ends = [length * part // parts for part in range(parts + 1)]
    return pairwise(ends)


def _allowed(length: int) -> int:
    return 2 if length >= _LONG else 1


def near(one: str, other: str) -> bool:
    """Tell whether few enough letters differ: one, or two in names that are long; a swap of neighbours is one.

    Examples
    --------
    >>> near("weldign", "welding"), near("casting", "coating"), near("steel", "stel")
    (True, False, True)
    """
    most = _allowed(min(len(one), len(other)))
    if abs(len(one) - len(other)) > most:
        return False
    start = _in_common(one, other)
    one, other = one[start:], other[start:]
    end = _in_common(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if max(len(one), len(other)) <= most:
        return True
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, against in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != against))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == against:
                cost = min(cost, earlier[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def _in_common(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    count = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its:
            break
        count += 1
    return count
