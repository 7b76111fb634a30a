"""Writing: what the text looks like, and that nothing is ever written by halves."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from consortia.errors import SpecError
from consortia.files import write as writing
from consortia.files import write_csv, write_json, write_yaml
from consortia.spec.pool import Pool
from consortia.spec.project import Project

POOL = Pool.model_validate(
    {
        "clusters": [{"id": "K", "country": "NO", "fee": Decimal("1E+3")}],
        "partners": [
            {
                "id": "P",
                "name": "ООО «Лёд»",
                "clusters": ["K"],
                "attributes": {"code": "12", "staff": Decimal("1.234"), "exporter": True},
                "offers": [{"competence": "welding", "level": 2, "rate": "10.50 RUB"}],
            }
        ],
    }
)
PROJECT = Project.model_validate(
    {
        "title": "T",
        "capabilities": [{"id": "a", "effort": 2, "providers": 2}],
        "rules": [{"rule": "count", "min": 2, "filter": {"country": ["NO", "BY"], "kind": "sme"}}],
    }
)


def test_yaml_is_short_and_leaves_out_defaults(tmp_path: Path) -> None:
    write_yaml(POOL, tmp_path / "pool.yaml")
    assert (tmp_path / "pool.yaml").read_bytes().decode() == (
        "clusters:\n"
        '  - {id: K, country: "NO", fee: 1000}\n'
        "partners:\n"
        "  - id: P\n"
        '    name: "ООО «Лёд»"\n'
        "    clusters: [K]\n"
        '    attributes: {code: "12", staff: 1.234, exporter: true}\n'
        "    offers:\n"
        '      - {competence: welding, level: 2, rate: "10.50 RUB"}\n'
    )


def test_rules_keep_their_names_and_conditions_are_short(tmp_path: Path) -> None:
    write_json(PROJECT, tmp_path / "project.json")
    text = (tmp_path / "project.json").read_bytes().decode()
    assert '"rule": "count"' in text
    assert '"kind": "sme"' in text
    assert '"providers": 2' in text
    assert "\r" not in text
    assert '"effort": 2\n' in text or '"effort": 2,\n' in text


def test_tables_are_for_spreadsheets(tmp_path: Path) -> None:
    write_csv(POOL, tmp_path / "new")
    data = (tmp_path / "new" / "partners.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;name;")
    assert data.decode("utf-8-sig").splitlines()[1].split(";")[-3:] == ["'12", "yes", "1,2340"]
    assert (tmp_path / "new" / "offers.csv").read_text("utf-8-sig").splitlines()[
        1
    ] == "P;;welding;2;10,50 RUB;;;personnel;"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "clusters.csv",
        "competences.csv",
        "offers.csv",
        "partners.csv",
        "pool.csv",
    ]


def test_what_tables_cannot_hold_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    pool = Pool.model_validate({"partners": [{"id": "P"}, {"id": "Q", "name": " spaced "}]})
    with pytest.raises(SpecError) as caught:
        write_csv(pool, tmp_path / "new")
    assert [problem.place for problem in caught.value.problems] == ["partners[1]"]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("write", [write_yaml, write_json, write_csv])
def test_a_missing_folder_is_a_problem(write: object, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no folder"):
        write(POOL, tmp_path / "nowhere" / "x")  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be written"):
        write_yaml(POOL, tmp_path)
    assert tmp_path.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("old\n" * 1000, encoding="utf-8")
    write_yaml({"title": "T"}, path)
    assert path.read_text(encoding="utf-8") == "title: T\n"


def test_an_interrupted_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(POOL, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = []

    def fails_third(aside: Path, data: bytes) -> None:
        if len(done) == 2:
            aside.write_bytes(data[:5])
            raise KeyboardInterrupt
        done.append(aside)
        aside.write_bytes(data)

    monkeypatch.setattr(writing, "_write_aside", fails_third)
    with pytest.raises(KeyboardInterrupt):
        write_csv(Pool.model_validate({"partners": [{"id": "Z"}]}), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_is_no_regular_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_yaml({"title": "Ice"}, pipe)
        assert os.read(reader, 100) == b"title: Ice\n"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipe"]


def test_a_link_keeps_pointing_where_it_does(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "real.yaml", tmp_path / "link.yaml"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write_yaml({"title": "Ice"}, link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "title: Ice\n"
