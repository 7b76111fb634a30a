"""Whom a solver did without: in the outcome, apart from whom screening left out."""

from __future__ import annotations

import pickle

import pytest

from consortia import Instance, solve
from consortia.checking import check
from consortia.generate import generate
from consortia.leaving_out import LeftOut
from consortia.model import build
from consortia.outcome import Outcome
from consortia.posing import pose
from consortia.report.text import text_report


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    question = generate("cover", seed=3, partners=80, capabilities=12, holders=1)
    return solve(question, solver="prices")


def test_some_best_consortium_has_none_of_them(outcome: Outcome) -> None:
    assert outcome.proven
    names = [entry.partner for entry in outcome.left_out]
    assert len(names) > 20
    assert len(set(names)) == len(names)
    assert outcome.consortium is not None
    assert not set(names).intersection(outcome.consortium.members)
    without = solve(pose(outcome.instance, forbid=names), solver="cpsat")
    assert without.cost == outcome.cost


class Everybody:
    """Says that the first five members stand in, each by itself, for the sixth."""

    def left_out(self, column: int) -> tuple[str, list[int]] | None:
        return ("dominated", [0, 1, 2, 3, 4]) if column == 5 else None


def test_of_many_who_stand_in_three_are_named() -> None:
    model = build(Instance.from_arrays(partners=list("abcdef"), capabilities=1, joining=[1] * 6, holds=([0], [0])))
    (entry,) = LeftOut(model, Everybody())
    assert (entry.partner, str(entry.reason)) == ("f", "each of a, b, c can do all that it can, at no more cost")


def test_json_tells_screening_from_presolve(outcome: Outcome) -> None:
    data = outcome.to_dict()
    by = [entry["by"] for entry in data["excluded"]]
    assert by.count("presolve") == len(outcome.left_out)
    assert by.count("screening") == len(outcome.instance.exclusions)
    assert not check(outcome.instance, data).violations


@pytest.mark.parametrize(
    ("lang", "heading"), [("en", "Done without while solving"), ("ru", "Без кого обошлось решение")]
)
def test_the_report_says_it_shortly(outcome: Outcome, lang: str, heading: str) -> None:
    lines = text_report(outcome, lang, width=200).splitlines()
    section = lines[lines.index(heading) :]
    section = section[: section.index("")]
    assert len(section) <= 10
    assert str(len(outcome.left_out)) in section[1]


def test_who_solves_without_presolve_leaves_nobody_out() -> None:
    small = generate("cover", seed=1, partners=6, capabilities=3, holders=1)
    assert not solve(small, solver="cpsat").left_out
    assert "Done without" not in text_report(solve(small))


def test_nothing_is_said_where_there_is_no_consortium(outcome: Outcome) -> None:
    nothing = solve(outcome.instance, solver="prices", cutoff=outcome.cost)
    assert nothing.consortium is None
    assert not nothing.left_out


def test_it_travels_without_the_model(outcome: Outcome) -> None:
    sent = pickle.dumps(outcome.left_out)
    assert list(pickle.loads(sent)) == list(outcome.left_out)
    assert b"Instance" not in sent
