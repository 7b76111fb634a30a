"""A choice of years, countries and kinds out of a CORDIS export."""

from __future__ import annotations

import pytest
from test_cordis import written

from consortia import SpecError
from consortia.cli.running import run
from consortia.files.convert import convert


def partners(folder, **choice):
    question = convert("cordis", written(folder), projects=choice.pop("projects", ["P1"]), **choice)
    return {
        partner["id"]: [offer["competence"] for offer in partner["offers"]] for partner in question["pool"]["partners"]
    }


def test_countries(tmp_path):
    assert set(partners(tmp_path, countries=["FI", "EL"])) == {"10", "11"}


def test_kinds(tmp_path):
    assert set(partners(tmp_path, kinds=["university", "sme"])) == {"10", "11"}


def test_years_are_those_of_calls(tmp_path):
    assert partners(tmp_path, years=[2014]) == {"10": ["ICT"], "11": ["ICT"], "12": ["ICT"]}
    assert partners(tmp_path, years=[2015], projects=["P3"]) == {"11": ["SC5"], "15": ["SC5"], "16": ["SC5"]}


def test_grants_are_those_of_the_years(tmp_path):
    whole = convert("cordis", written(tmp_path), projects=["P1"])
    part = convert("cordis", written(tmp_path), projects=["P1"], years=[2014, 2015])
    costs = [
        next(partner["joining_cost"] for partner in question["pool"]["partners"] if partner["id"] == "10")
        for question in (whole, part)
    ]
    assert costs[0] < costs[1] == 100_000


def test_the_description_says_what_was_chosen(tmp_path):
    question = convert("cordis", written(tmp_path), projects=["P1"], years=[2014], countries=["FI"], kinds=["sme"])
    assert question["description"].endswith("Chosen out of the export: calls of 2014; countries FI; kinds sme.")


def test_what_leaves_nobody_is_refused(tmp_path):
    with pytest.raises(SpecError, match="no organisation is left of the choice: countries JP"):
        partners(tmp_path, countries=["JP"])
    with pytest.raises(SpecError, match="there is no kind start-up"):
        partners(tmp_path, kinds=["start-up"])
    with pytest.raises(SpecError, match="there is no topic of the project P1"):
        partners(tmp_path, years=[2015])


def test_the_command(tmp_path, capsys):
    folder = str(written(tmp_path)[0].parent)
    arguments = ["convert", "--from", "cordis", folder, "--project", "P1", "--year", "2014", "--country", "FI"]
    assert run([*arguments, "--kind", "sme"]) == 0
    assert capsys.readouterr().out.count("joining_cost") == 1
