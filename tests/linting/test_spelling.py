"""Names spelled nearly alike: what is found is what comparing all with all finds."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia.linting.spelling import alike, misspelled, mixed_words, near, skeleton


def distance(one: str, other: str) -> int:
    """Least number of letters put in, taken out, changed, or swapped with a neighbour, by the definition."""

    @cache
    def to(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        best = min(to(i - 1, j) + 1, to(i, j - 1) + 1, to(i - 1, j - 1) + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, to(i - 2, j - 2) + 1)
        return best

    return to(len(one), len(other))


def few(one: str, other: str) -> bool:
    return distance(one, other) <= (2 if min(len(one), len(other)) >= 12 else 1)


words = st.one_of(st.text("abc", min_size=5, max_size=9), st.text("ab", min_size=10, max_size=15))


@st.composite
def changed(draw: st.DrawFn) -> list[str]:
    """Words and, of some of them, what few changes make of them."""
    found = draw(st.lists(words, min_size=1, max_size=6))
    for word in list(found):
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(word) - 1))
            letter = draw(st.sampled_from("abc"))
            swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            word = draw(st.sampled_from([word[:at] + letter + word[at:], word[:at] + word[at + 1 :], swapped]))
        found.append(word)
    return [word for word in dict.fromkeys(found) if len(word) >= 5]


@given(words, words)
def test_near_is_the_distance(one: str, other: str) -> None:
    assert near(one, other) == few(one, other)


@given(changed())
def test_all_near_pairs_are_found_and_no_others(names: list[str]) -> None:
    by_definition = [
        (earlier, later)
        for earlier in range(len(names))
        for later in range(earlier + 1, len(names))
        if few(names[earlier], names[later])
    ]
    assert misspelled(names) == by_definition


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("Acme Films", "ACME  films.", "capitals, spaces or punctuation"),
        ("Берёзка", "Березка", "marks on letters, such as ё and е"),
        ("Universität Graz", "UNIVERSITAT GRAZ", "marks on letters, such as ё and е"),
        ("COBA", "СОВА", "Latin and Cyrillic letters that look the same"),
        ("лaзер", "лазер", "Latin and Cyrillic letters that look the same"),
        ("ООО «Ромашка»", "Ромашка", "the legal form"),
        ("thermal insulation", "termal isulation", "a letter or two"),
        ("сварка", "савркa", "a letter or two"),
    ],
)
def test_what_differs_is_said(one: str, other: str, what: str) -> None:
    assert [(first, second, str(how)) for first, second, how in alike([one, other], organisations=True)] == [
        (0, 1, what)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Line 2", "Line 3"),
        ("Partner 017", "Partner 018"),
        ("work group A", "work group B"),
        ("framework II", "framework III"),
        ("GMP certificate", "GDP certificate"),
        ("steel", "steal works"),
        ("coating", "casting"),
        ("SC1", "SC5"),
        ("", ""),
        ("...", "-"),
    ],
)
def test_what_is_not_alike(one: str, other: str) -> None:
    assert list(alike([one, other], organisations=True)) == []


def test_a_legal_form_counts_for_organisations_only() -> None:
    assert list(alike(["Acme Ltd", "Acme"])) == []


@given(st.lists(st.text(max_size=12), max_size=8), st.booleans())
def test_any_names_can_be_compared(names: list[str], organisations: bool) -> None:
    pairs = [(earlier, later) for earlier, later, _ in alike(names, organisations=organisations)]
    assert all(0 <= earlier < len(names) and names[earlier] != names[later] for earlier, later in pairs)
    assert len(set(pairs)) == len(pairs)


def test_words_in_two_alphabets() -> None:
    assert mixed_words("laser cварка, сталь steel") == ["cварка"]
    assert skeleton("cварка") == skeleton("сварка")
