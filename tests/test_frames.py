"""Data frames in and out say the same as files and outcomes do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as narwhals
import pandas
import polars
import pytest

from consortia import Instance, Outcome, SpecError, from_frames, solve
from consortia.files import read_pool
from consortia.frames import TABLES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "instances" / "pools" / "circular-textiles"
NAMES = ("partners", "offers", "clusters", "competences")


def pandas_text(path: Path) -> Any:
    return pandas.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig")


def pandas_typed(path: Path) -> Any:
    return pandas.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")


def polars_text(path: Path) -> Any:
    return polars.read_csv(path, separator=";", infer_schema=False)


def polars_typed(path: Path) -> Any:
    return polars.read_csv(path, separator=";", decimal_comma=True)


@pytest.mark.parametrize("reader", [pandas_text, pandas_typed, polars_text, polars_typed])
def test_frames_are_read_as_files_are(reader: Any) -> None:
    frames = {name: reader(FOLDER / f"{name}.csv") for name in NAMES if (FOLDER / f"{name}.csv").exists()}
    expected = read_pool(FOLDER).model
    assert len(frames) >= 3
    pool = from_frames(**frames)
    for part in ("partners", "clusters", "competences"):
        assert getattr(pool, part) == getattr(expected, part)


@pytest.mark.parametrize("library", [pandas, polars])
def test_cells_of_frames(library: Any) -> None:
    partners = library.DataFrame(
        {
            "партнёр": ["a", "b", None],
            "clusters": [["k", "l (paid)"], None, None],
            "joining_cost": [10.0, 0.5, None],
            "attr:startup": [True, None, None],
        }
    )
    clusters = library.DataFrame({"id": ["k", "l"], "fee": ["1 200 RUB", ""], "industry": ["food", "print"]})
    offers = library.DataFrame({"partner": ["a", "b"], "competence": ["x", "x"], "level": [2.0, None]})
    pool = from_frames(partners=partners, clusters=clusters, offers=offers)
    expected = read_pool(
        {
            "clusters": [
                {"id": "k", "fee": {"amount": 1200, "currency": "RUB"}, "industry": "food"},
                {"id": "l", "industry": "print"},
            ],
            "partners": [
                {
                    "id": "a",
                    "clusters": [{"cluster": "k"}, {"cluster": "l", "paid": True}],
                    "joining_cost": 10,
                    "attributes": {"startup": True},
                    "offers": [{"competence": "x", "level": 2}],
                },
                {"id": "b", "joining_cost": 0.5, "offers": [{"competence": "x"}]},
            ],
        }
    ).model
    assert pool == expected


@pytest.mark.parametrize("library", [pandas, polars])
def test_everything_that_is_wrong_is_said_with_its_place(library: Any) -> None:
    partners = library.DataFrame({"id": ["a", "b"], "joining_cost": ["many", "3"], "colour": ["", ""]})
    offers = library.DataFrame({"partner": ["a", "c"], "competence": ["x", "y"], "level": [1.5, None]})
    with pytest.raises(SpecError) as error:
        from_frames(partners=partners, offers=offers)
    found = {(problem.file, problem.place) for problem in error.value.problems}
    assert ("frames", "partners, row 1, column joining_cost") in found
    assert ("frames", "offers, row 1, column level") in found
    assert ("frames", "offers, row 2, column partner") in found
    assert any("colour" in place for _, place in found)


@pytest.mark.parametrize("nothing", [None, [{"id": "a"}], "partners.csv", {"id": ["a"]}])
def test_what_is_no_frame_is_refused(nothing: Any) -> None:
    with pytest.raises(TypeError, match="partners takes a data frame"):
        from_frames(partners=nothing)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return solve(ROOT / "instances" / "small.yaml", solver="cpsat")


def test_outcomes_become_frames(outcome: Outcome) -> None:
    data = outcome.to_dict()
    for frames in (outcome.to_pandas(), outcome.to_polars()):
        assert frames.keys() == TABLES.keys()
        tables = {name: narwhals.from_native(frame, eager_only=True) for name, frame in frames.items()}
        for name, table in tables.items():
            assert table.columns == list(TABLES[name])
        assert tables["costs"]["cost"].sum() == pytest.approx(float(data["cost"]))
        assert tables["members"]["id"].to_list() == [entry["id"] for entry in data["members"]]
        assert tables["members"]["cost"].to_list() == [entry["cost"] for entry in data["members"]]
        assert tables["members"]["country"].to_list() == ["BY"] * len(data["members"])
        assert tables["deliveries"]["effort"].to_list() == [entry["effort"] for entry in data["deliveries"]]
        assert tables["rules"]["rule"].to_list() == [entry["rule"] for entry in data["rules"]]
        assert tables["excluded"].shape[0] == len(data["excluded"])
        assert {str(kind) for kind in tables["members"].schema.values()} == {"String", "Boolean", "Float64"}


def test_without_a_consortium_frames_have_their_columns() -> None:
    nobody = Instance.from_arrays(partners=["a"], capabilities=["x", "y"], joining=[1], holds=([0], [0]))
    outcome = solve(nobody, solver="cpsat")
    for frames in (outcome.to_pandas(), outcome.to_polars()):
        for name, frame in frames.items():
            table = narwhals.from_native(frame, eager_only=True)
            assert table.columns == list(TABLES[name])
            if name in ("members", "deliveries", "costs"):
                assert table.shape[0] == 0
                assert [str(kind) for kind in table.schema.values()] == [
                    {str: "String", bool: "Boolean", float: "Float64"}[kind] for kind in TABLES[name].values()
                ]


def test_a_pool_of_frames_answers_as_its_file(outcome: Outcome) -> None:
    frames = {name: pandas_text(FOLDER / f"{name}.csv") for name in NAMES if (FOLDER / f"{name}.csv").exists()}
    project = ROOT / "instances" / "eu-circular-textiles.yaml"
    assert solve(project, from_frames(**frames), solver="cpsat").cost == solve(project, solver="cpsat").cost


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    monkeypatch.chdir(ROOT / "docs")
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for cell in cells:
        assert cell["outputs"] == []
        exec(compile("".join(cell["source"]), "notebook.ipynb", "exec"), names)
    assert names["outcome"].proven and names["dearer"].cost >= names["outcome"].cost
    assert names["blanket"].cost == 6100 + 800  # weavers and dyers: 2 x 2100 + 1900, and 500 + 300 for joining
    assert "<script>" in names["page"] and "<script" not in names["blanket"]._repr_html_()
