"""The Russian catalogue: complete, with the right places, and spoken by what is printed."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from io import StringIO
from string import Formatter
from typing import get_args

import pytest
from templates import templates

from consortia import packs
from consortia.errors import Problem, SpecError
from consortia.expressions import names
from consortia.language import language, read_catalogue
from consortia.posing import pose
from consortia.report.page import TextPage
from consortia.sentence import say
from consortia.solvers.contract import Abilities
from consortia.spec.pool import BUILT_IN, OF_ENTRY, Kind, Role

NBSP = "\u00a0"


def places(text: str) -> list[str]:
    """Return the names of a template's places, sorted."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def vocabulary() -> set[str]:
    """Return the words that templates are filled with and that are translated too."""
    shipped = [packs.load(name) for name in packs.names()]
    labels = {rule.label or "" for pack in shipped for rule in pack.marked()}
    labels |= {text for pack in shipped for text in (pack.title, *pack.questions)}
    abilities = {name.replace("_", " ") for name in Abilities.__dataclass_fields__} - {"proof", "options"}
    return {
        *labels,
        *abilities,
        *get_args(Kind),
        *get_args(Role),
        *BUILT_IN,
        *OF_ENTRY,
        *names(),
        "exact",
        "tolerance",
        "none",
    }


@pytest.fixture(scope="module")
def russian() -> dict[str, str]:
    return read_catalogue("ru")


def test_every_template_is_translated(russian: dict[str, str]) -> None:
    missing = {text: file for text, file in templates().items() if text not in russian}
    assert not missing


def test_every_word_of_the_vocabulary_is_translated(russian: dict[str, str]) -> None:
    assert not vocabulary() - russian.keys()


def test_nothing_is_translated_twice() -> None:
    text = resources.files("consortia").joinpath("locale/ru/LC_MESSAGES/consortia.po").read_text(encoding="utf-8")
    ids = re.findall(r"^msgid (.*)$", text, re.M)
    assert [text for text, times in Counter(ids).items() if times > 1] == []


def test_translations_have_the_places_of_their_templates(russian: dict[str, str]) -> None:
    different = {text: other for text, other in russian.items() if places(text) != places(other)}
    assert not different


def test_the_search_for_templates_follows_names() -> None:
    found = templates()
    for text in (
        "nobody supplies {capability}",  # a literal
        "{what}: {value}, but at least {limit} is required",  # one of two, by a name
        "Write it in quotes",  # by a name, in a table
        "the tag {what} is not understood",  # handed to a function that makes the sentence
        "the own cost of {partner} is stated as {stated} and is {actual}",  # the same, by a name
        "What is paid",  # a heading
        "Slack",  # one of several that are gone through
    ):
        assert text in found


def test_russian_speaks_of_levels_and_attributes() -> None:
    words = language("ru")
    rule = packs.load("cross-cluster").marked()[0]
    assert words.write(rule.title()) == "межкластерный проект: не менее двух отраслей"
    assert "«отрасль»" in words.write(rule.describe())


def test_what_has_no_translation_stays_english() -> None:
    assert language("ru").translate("not in any catalogue") == "not in any catalogue"


@pytest.mark.parametrize(
    ("code", "amount", "shown"),
    [
        ("en", "12345.6", f"12,345.60{NBSP}EUR"),
        ("ru", "12345.6", f"12{NBSP}345,60{NBSP}EUR"),
        ("ru", "-0.5", f"-0,50{NBSP}EUR"),
        ("en", "2.345", f"2.34{NBSP}EUR"),
        ("en", "2.355", f"2.36{NBSP}EUR"),
    ],
)
def test_money_in_local_form(code: str, amount: str, shown: str) -> None:
    assert language(code).money(Decimal(amount), "EUR") == shown


def test_currencies_without_minor_units() -> None:
    assert language("en").money(Decimal(1200), "JPY") == f"1,200{NBSP}JPY"


def test_days_are_in_local_form() -> None:
    note = say(
        "1 {currency} = {rate} {target} of {date}, used for {count} amounts", currency="RUB", rate=Decimal("0.0105")
    )
    told = say(note.text, **note.values, target="EUR", date="2026-11-20", count=2)
    assert language("en").write(told) == "1 RUB = 0.0105 EUR of November 20, 2026, used for 2 amounts"
    assert "20 ноября 2026" in language("ru").write(told)
    assert str(told) == "1 RUB = 0.0105 EUR of 2026-11-20, used for 2 amounts"  # as in JSON
    assert language("ru").say("As of {date}, from: {source}", date="winter 2026", source="s").count("winter 2026") == 1
    assert language("ru").country("BY") == "Беларусь" and language("ru").country("Narnia") == "Narnia"


def test_numbers_keep_what_is_exact() -> None:
    words = language("ru")
    assert words.number(Decimal("0.0105")) == "0,0105"
    assert words.number(Decimal("3.00")) == "3"
    assert words.number(Decimal(100)) == "100"
    assert words.number(Fraction(5, 2)) == "2,5"
    assert words.share(Fraction(1, 3)) == f"33,33{NBSP}%"


def test_a_problem_is_one_line() -> None:
    problem = Problem(
        "pool.csv", "row 3, column fee", say("{found} is not a number", found="x"), say("Write one of them")
    )
    assert language("en").problem(problem) == "pool.csv, row 3, column fee: x is not a number. Write one of them."
    assert (
        language("ru").problem(problem) == "pool.csv, row 3, column fee: x — не число. Напишите одно из этих значений."
    )


def test_a_problem_of_arguments_names_them_in_the_language() -> None:
    with pytest.raises(SpecError) as raised:
        pose({"title": "t", "capabilities": [{"id": "x"}]}, {"partners": [{"id": "acme"}]}, require=["acne"])
    [problem] = raised.value.problems
    assert str(raised.value) == "require or forbid: there is no partner acne. Did you mean acme?."
    said = "require или forbid: нет партнёра acne. Возможно, имелось в виду acme?"
    assert language("ru").problem(problem) == said


@pytest.mark.parametrize("width", range(24, 60))
@pytest.mark.parametrize(("code", "amount"), [("en", "244,290.21 EUR"), ("ru", "244 290,21 EUR")])
def test_a_page_breaks_no_line_within_a_number(code: str, amount: str, width: int) -> None:
    words, stream = language(code), StringIO()
    shown = words.money(Decimal("244290.21"), "EUR")
    with TextPage(words, stream, width=width) as page:
        page.title(f"a title with {shown}")
        page.heading(f"a heading with {shown}")
        page.line(f"a line that tells of {shown} and of {shown}, no less", indent=2)
        page.points([f"a point that tells of {shown} and of {shown}, no less"])
        page.table([("Words", "left"), ("No.", "right")], [[f"a cell that tells of {shown} and of {shown}", "1"]])
    assert stream.getvalue().count(shown) == 8
    assert shown.replace(NBSP, " ") == amount


def test_a_page_breaks_what_is_longer_than_a_line() -> None:
    stream = StringIO()
    with TextPage(language("en"), stream, width=20) as page:
        page.line(NBSP.join(["word"] * 12))
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 20
    assert "".join(lines).replace(NBSP, "") == "word" * 12
