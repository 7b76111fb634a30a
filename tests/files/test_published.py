"""Published formats: small files written here, and all of the published ones where they are at hand."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

import consortia
from consortia.errors import SpecError
from consortia.files.published import read_published

SCP = "2 3\n 4 5 6\n 2 1 3\n 1 2\n"
RAIL = "2 3\n 4 1 1\n 5 1 2\n 6 1 1\n"
SSCFLP = "2 3\n10 8\n7.50 3\n4 5 6\n1 2\n3.25 4\n5 6.125\n"

FOLDER = Path(os.environ.get("CONSORTIA_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
FILES = [
    *(("orlib-scp", path) for path in sorted(FOLDER.glob("scp/scp*.txt"))),
    *(("orlib-rail", path) for path in sorted(FOLDER.glob("scp/rail*"))),
    *(("sscflp", path) for path in sorted(FOLDER.glob("sscflp/*/p*"))),
]


@pytest.fixture
def reading(tmp_path):
    def read(format, text):
        path = tmp_path / "question.txt"
        path.write_text(text, encoding="utf-8")
        return read_published(format, path)

    return read


def test_rows_of_columns(reading):
    instance = reading("orlib-scp", SCP)
    assert instance.joining.tolist() == [4, 5, 6]
    assert instance.holders == {"1": {"1", "3"}, "2": {"2"}}
    assert consortia.solve(instance, solver="cpsat").cost == 9


def test_columns_of_rows(reading):
    instance = reading("orlib-rail", RAIL)
    assert instance.joining.tolist() == [4, 5, 6]
    assert instance.holders == {"1": {"1", "3"}, "2": {"2"}}


def test_single_source_with_exact_decimals(reading):
    instance = reading("sscflp", SSCFLP)
    assert instance.capacity.tolist() == [10, 8]
    assert instance.effort.tolist() == [4, 5, 6]
    # both join, 7.5 + 3; the first has room for two customers: 1 and 3 cost 1 + 5, and customer 2 costs 4 elsewhere
    outcome = consortia.solve(instance, solver="cpsat")
    assert outcome.cost == Decimal("20.5")
    assert {(d.partner, d.capability) for d in outcome.consortium.deliveries} == {("1", "1"), ("2", "2"), ("1", "3")}


def test_decimal_demands_become_steps(reading):
    instance = reading("sscflp", "1 2\n2.5\n1\n0.5 2\n1 1\n")
    assert instance.step == Decimal("0.5")
    assert [instance.months(steps) for steps in instance.effort.tolist()] == [Decimal("0.5"), 2]


def test_a_row_that_nobody_covers_is_infeasible_and_not_an_error(reading):
    assert consortia.solve(reading("orlib-scp", "1 1\n3\n0\n"), solver="cpsat").status == "infeasible"


@pytest.mark.parametrize(
    ("format", "text", "place", "message"),
    [
        ("orlib-scp", SCP.replace(" 1 2\n", ""), "line 3", "ends too soon"),
        ("orlib-scp", "2 3\n 4 5", "line 2", "ends too soon"),
        ("orlib-scp", "2", "line 1", "ends too soon"),
        ("orlib-scp", SCP + "7", "line 5", "should end before 7"),
        ("orlib-scp", SCP.replace("2 1 3", "2 1 4"), "line 3", "4 is not from 1 to 3"),
        ("orlib-scp", SCP.replace("2 1 3", "2 0 3"), "line 3", "0 is not from 1 to 3"),
        ("orlib-scp", SCP.replace("2 1 3", "4 1 3"), "line 3", "4 is not from 0 to 3"),
        ("orlib-scp", SCP.replace("2 1 3", "2 3 3"), "line 3", "3 is listed twice"),
        ("orlib-scp", SCP.replace("2 1 3", "2 1 x"), "line 3", "x is found where a whole number"),
        ("orlib-scp", SCP.replace("2 1 3", "2 1 1.5"), "line 3", "1.5 is found where a whole number"),
        ("orlib-scp", SCP.replace("4 5 6", "4 -5 6"), "line 2", "-5 is found where a number"),
        ("orlib-scp", SCP.replace("4 5 6", "4 5_0 6"), "line 2", "5_0 is found"),
        ("orlib-scp", "0 3\n1 2 3\n", "line 1", "0 is less than 1"),
        ("orlib-rail", RAIL.replace("5 1 2", "5 1 3"), "line 3", "3 is not from 1 to 2"),
        ("orlib-rail", RAIL.replace(" 6 1 1\n", " 6 1"), "line 4", "ends too soon"),
        ("orlib-rail", RAIL.replace("5 1 2", "nan 1 2"), "line 3", "nan is found"),
        ("sscflp", SSCFLP.replace("3.25", "3,25"), "line 6", "3,25 is found"),
        ("sscflp", SSCFLP.replace("3.25", "1e3"), "line 6", "1e3 is found"),
        ("sscflp", SSCFLP.replace("5 6.125", "5"), "line 7", "ends too soon"),
        ("sscflp", SSCFLP + "1 1", "line 8", "should end before 1, and 2"),
        ("sscflp", "", "", "the file is empty"),
    ],
)
def test_malformed_files_are_refused_with_their_place(reading, format, text, place, message):
    with pytest.raises(SpecError) as caught:
        reading(format, text)
    (problem,) = caught.value.problems
    assert problem.file.endswith("question.txt")
    assert problem.place == place
    assert message in str(problem.message)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SpecError, match="there is no such file"):
        read_published("sscflp", tmp_path / "p1")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="no format 'csp'"):
        read_published("csp", "anything")


@pytest.mark.skipif(not FILES, reason="the published files are not here; set CONSORTIA_DATA to their folder")
def test_all_published_files_are_read():
    assert len(FILES) == 195
    for format, path in FILES:
        instance = read_published(format, path)
        if format == "sscflp":
            assert len(instance.partners) and instance.effort.sum() <= instance.capacity.sum()
        else:
            assert set(instance.hold_capability.tolist()) == set(range(len(instance.capabilities)))
