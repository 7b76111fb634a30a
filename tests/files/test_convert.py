"""Conversion of published questions and of tables, into data that read back as the same question."""

from __future__ import annotations

import pytest

import consortia
from consortia.errors import SpecError
from consortia.files import read, read_pool, write_json, write_yaml
from consortia.files.convert import convert
from consortia.files.published import read_published

TEXTS = {
    "orlib-scp": "2 3\n 4 5 6.5\n 2 1 3\n 1 2\n",
    "orlib-rail": "2 3\n 4 1 1\n 5 1 2\n 6 2 1 2\n",
    "sscflp": "2 3\n10 8\n7.50 3\n4 5 6\n1 2\n3.25 4\n5 6.125\n",
}


@pytest.mark.parametrize("write", [write_yaml, write_json])
@pytest.mark.parametrize("format", TEXTS)
def test_a_converted_question_has_the_same_answer(tmp_path, format, write):
    source = tmp_path / "question.txt"
    source.write_text(TEXTS[format], encoding="utf-8")
    data = convert(format, source)
    assert data["cooperation"] == "any"
    assert data["title"] == "question"
    target = tmp_path / ("question.yaml" if write is write_yaml else "question.json")
    write(data, target)
    straight = consortia.solve(read_published(format, source), solver="cpsat")
    converted = consortia.solve(target, solver="cpsat")
    assert straight.status == converted.status == "optimal"
    assert straight.cost == converted.cost


def test_demands_with_decimals_keep_their_step(tmp_path):
    source = tmp_path / "question.txt"
    source.write_text("1 2\n2.5\n1\n0.5 2\n1 1\n", encoding="utf-8")
    project, _, _ = read(convert("sscflp", source))
    assert [str(capability.effort) for capability in project.capabilities] == ["0.5", "2"]
    assert str(project.effort_step) == "0.5"


def test_a_table_becomes_a_pool(tmp_path):
    table = tmp_path / "partners.csv"
    table.write_text("id;country;competences\nalpha;BY;welding:2\nбета;RU;coating\n", encoding="utf-8")
    pool = convert("csv", table)
    assert [partner["id"] for partner in pool["partners"]] == ["alpha", "бета"]
    assert read_pool(pool).model == read_pool(table).model


def test_what_cannot_be_converted_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no format 'xml'"):
        convert("xml", tmp_path)
    with pytest.raises(ValueError, match="takes no option seed"):
        convert("csv", tmp_path, seed=1)
    with pytest.raises(SpecError, match="one source is expected, not 2"):
        convert("csv", [tmp_path, tmp_path])
