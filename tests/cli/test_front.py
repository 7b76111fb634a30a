"""``front``: text, JSON, pictures, and how it ends."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from running import Here

import consortia
from consortia.language import language
from consortia.report.fronts import write_front
from consortia.report.page import TextPage

SMALL = Path(__file__).parents[2] / "instances" / "small.yaml"


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_line_for_each_trade_off(here: Here) -> None:
    ended = here("front", SMALL)
    assert ended.code == 0
    said = one_line(ended.out)
    assert "Proven: these 2 are all the trade-offs between cost and members" in said
    assert "20,650.00 EUR 4 exact" in said
    assert "21,370.00 EUR 3 + Design Studio Nine, \u2212 Лаборатория" in said
    assert "Members in the first line: BigPlast, Regional Polytechnic, Happy Cow Dairy, Лаборатория питания" in said


def test_the_first_objective_decides_the_order(here: Here) -> None:
    data = json.loads(here("front", SMALL, "--of", "members", "--of", "cost", "--format", "json").out)
    assert [point["values"] for point in data["points"]] == [
        {"members": 3, "cost": 21370},
        {"members": 4, "cost": 20650},
    ]


def test_json_has_consortia_that_can_be_checked(here: Here, tmp_path: Path) -> None:
    data = json.loads(here("front", SMALL, "--format", "json").out)
    assert data["format"] == "consortia-front/1"
    assert (data["status"], data["complete"], data["proof"], data["open"]) == ("optimal", True, "exact", [])
    first, second = data["points"]
    assert (first["joined"], second["joined"], second["left"]) == ([], ["studio"], ["lab", "polytechnic"])
    for point in data["points"]:
        assert len(point["members"]) == point["values"]["members"]
        path = tmp_path / "point.json"
        path.write_text(json.dumps({**point, "currency": data["currency"]}), encoding="utf-8")
        assert here("check", SMALL, path).code == 0
        path.write_text(json.dumps({**point, "cost": point["cost"] - 1}), encoding="utf-8")
        assert here("check", SMALL, path).code == 3


def test_three_objectives_in_russian(here: Here) -> None:
    ended = here("front", SMALL, "--of", "cost", "--of", "members", "--of", "clusters", "--lang", "ru")
    assert ended.code == 0
    said = one_line(ended.out)
    assert "Доказано: это все компромиссы (стоимость, участники и кластеры), их 2" in said
    assert "+ Design Studio Nine" in said


@pytest.mark.parametrize("chosen", [("cost", "members"), ("cost", "members", "affinity")])
@pytest.mark.parametrize("solver", ["cpsat", "greedy"])
def test_pictures_are_the_same_each_time(here: Here, tmp_path: Path, chosen: tuple[str, ...], solver: str) -> None:
    pytest.importorskip("matplotlib")
    objectives = [word for name in chosen for word in ("--of", name)]
    drawn = []
    for place in ("first", "second"):
        folder = tmp_path / place
        folder.mkdir()
        files = folder / "front.svg", folder / "front.PNG"
        plots = ("--plot", files[0], "--plot", files[1])
        ended = here("front", SMALL, *objectives, *plots, "--solver", solver)
        assert ended.code == 0
        assert all(f"Written to {file}" in ended.err for file in files)
        drawn.append([file.read_bytes() for file in files])
    assert drawn[0] == drawn[1]
    svg, png = drawn[0]
    assert svg.startswith(b"<?xml") and "Cost, EUR" in svg.decode() and "thermos box" in svg.decode()
    assert png.startswith(b"\x89PNG")


def test_without_matplotlib_no_work_is_done(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consortia.report.trade_offs.find_spec", lambda name: None)
    ended = here("front", SMALL, "--plot", tmp_path / "front.svg")
    assert (ended.code, ended.out) == (2, "")
    assert "pip install consortia[bench]" in ended.err


def test_proven_that_there_is_none(here: Here, impossible: Path) -> None:
    ended = here("front", impossible)
    assert ended.code == 3
    assert "Proven: no consortium meets these requirements" in ended.out
    assert "`consortia explain` finds which" in ended.out
    assert "найдёт `consortia explain`" in here("front", impossible, "--lang", "ru").out


def test_nothing_found_within_the_limit(here: Here, labels: Path) -> None:
    ended = here("front", labels, "--time-limit", "0")
    assert ended.code == 4
    assert "No trade-off between cost and members is proven yet" in ended.out
    assert "The search ended at its time limit." in ended.out
    assert "- everywhere" in ended.out


def test_what_is_found_without_a_proof_is_called_so(here: Here) -> None:
    ended = here("front", SMALL, "--solver", "greedy")
    assert ended.code == 0
    assert "everywhere; found there, not proven to be best: cost 21,200.00 EUR, members 5" in one_line(ended.out)
    data = json.loads(here("front", SMALL, "--solver", "greedy", "--format", "json").out)
    assert (data["status"], data["points"], data["proof"]) == ("feasible", [], None)
    part, *_ = data["open"]
    assert (part["objective"], part["bound"], part["limits"], part["found"]["proof"]) == ("cost", None, {}, None)


def test_what_is_open_names_its_limits() -> None:
    found = consortia.front(SMALL, solver="cpsat", on_step=lambda step: True)
    (part,) = found.to_dict()["open"]
    assert (part["limits"], part["bound"]) == ({"members": 3}, 20650)
    with StringIO() as stream:
        with TextPage(language("en"), stream) as page:
            write_front(found, page)
        said = one_line(stream.getvalue())
    assert "Proven so far, of the trade-offs between cost and members: 1; there may be more" in said
    assert "members at most 3: cost is at least 20,650.00 EUR there" in said


@pytest.mark.parametrize(
    "wrong",
    [
        ("--of", "cost"),
        ("--of", "cost", "--of", "cost"),
        ("--of", "cost", "--of", "change"),
        ("--of", "cost", "--of", "members", "--of", "clusters", "--of", "affinity"),
        ("--of", "cost", "--of", "value"),
        ("--plot", "front.pdf"),
        ("--plot", "nowhere/front.svg"),
        ("--time-limit", "-1"),
        ("--solver", "nobody"),
        ("--require", "nobody"),
    ],
    ids=" ".join,
)
def test_wrong_usage(here: Here, wrong: tuple[str, ...]) -> None:
    ended = here("front", SMALL, *wrong)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
