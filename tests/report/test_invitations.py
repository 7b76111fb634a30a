"""Invitations: what each member is told adds up to the result, and nobody is told another's amounts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from consortia import SpecError, pose, solve
from consortia.cli.running import run
from consortia.inviting import invitations
from consortia.language import language
from consortia.report.invitations import file_stem, invitation_files

PROJECT = {
    "title": "A <sledge>",
    "currency": "EUR",
    "cooperation": "any",
    "effort_step": "0.25",
    "capabilities": [
        {"id": "runners", "competence": "welding", "effort": 3, "name": "Two runners"},
        {"id": "seat", "competence": "joinery", "effort": "1.25"},
        {"id": "licence"},
    ],
    "work_packages": [{"id": "WP1", "title": "Metal", "capabilities": ["runners"]}],
    "rules": [{"rule": "coordinator", "filter": {"id": "forge"}}, {"rule": "leaders"}],
    "pool": {
        "clusters": [{"id": "metal", "name": "Metal cluster", "fee": 50}],
        "partners": [
            {
                "id": "forge",
                "name": "Forge & Sons",
                "clusters": ["metal"],
                "joining_cost": "100.333",
                "offers": [{"competence": "welding", "rate": "1111.111"}, {"competence": "licence"}],
            },
            {"id": "../ash", "offers": [{"competence": "joinery", "rate": "777.777"}]},
        ],
    },
}


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return json.loads(solve(PROJECT, solver="exhaustive").to_json(), parse_float=Decimal)


def test_parts_add_up_to_the_result(result: dict[str, Any]) -> None:
    found = invitations(result, pose(PROJECT))
    assert {entry.partner for entry in found} == {"forge", "../ash"}
    shared = sum(Decimal(line["cost"]) for line in result["shared"])
    assert sum(entry.own or 0 for entry in found) + shared == result["cost"]
    assert {(entry.partner, task.capability, task.effort) for entry in found for task in entry.tasks} == {
        ("forge", "runners", 3),
        ("../ash", "seat", Decimal("1.25")),
    }


def test_what_a_member_is_told(result: dict[str, Any]) -> None:
    forge = next(entry for entry in invitations(result, pose(PROJECT)) if entry.partner == "forge")
    assert (forge.name, forge.cluster, forge.coordinates, forge.leads) == (
        "Forge & Sons",
        "Metal cluster",
        True,
        ("Metal",),
    )
    assert (forge.holds, forge.others) == (("licence",), ("../ash",))
    assert forge.tasks[0].name == "Two runners" and forge.tasks[0].packages == ("Metal",)
    assert (forge.besides, forge.own) == (Decimal("100.333"), Decimal("3433.666"))


def test_a_result_alone_is_enough(result: dict[str, Any]) -> None:
    forge = next(entry for entry in invitations(result) if entry.partner == "forge")
    assert (forge.name, forge.cluster, forge.leads, forge.own) == ("forge", "metal", ("WP1",), Decimal("3433.666"))


@pytest.mark.parametrize("form", ["text", "md", "html"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nobody_is_told_the_amounts_of_another(result: dict[str, Any], form: str, lang: str) -> None:
    words = language(lang)
    files = invitation_files(invitations(result, pose(PROJECT)), form, words)
    (ash,) = (data.decode() for name, data in files.items() if name.startswith("ash"))
    (forge,) = (data.decode() for name, data in files.items() if name.startswith("forge"))
    amounts = {"forge": ("3433.67", "3333.33"), "ash": ("972.22",)}
    shown = {who: [words.money(Decimal(amount), "EUR") for amount in found] for who, found in amounts.items()}
    assert all(amount in forge and amount not in ash for amount in shown["forge"])
    assert all(amount in ash and amount not in forge for amount in shown["ash"])
    assert "<sledge>" not in forge or form == "text"


def test_amounts_that_are_shown_add_up(result: dict[str, Any]) -> None:
    files = invitation_files(invitations(result), "text", language("en"))
    text = files["forge.txt"].decode()
    found = {
        line.split("  ")[1].strip(): line.split()[-2]
        for line in text.splitlines()
        if line.endswith("EUR") and "  " in line
    }
    parts = [Decimal(found[name].replace(",", "")) for name in ("Joining, less discounts", "Tasks", "Your cost")]
    assert parts[0] + parts[1] == parts[2] == Decimal("3433.67")


def test_costs_that_a_result_does_not_say_are_not_shown(result: dict[str, Any]) -> None:
    bare = json.loads(json.dumps(result, default=str))
    for entry in (*bare["members"], *bare["deliveries"]):
        del entry["cost"]
    text = invitation_files(invitations(bare), "text", language("en"))["forge.txt"].decode()
    assert "Your tasks" in text and "EUR" not in text and "Your budget" not in text


def test_grants(result: dict[str, Any]) -> None:
    funded = {
        **result,
        "funding": {
            "members": [{"partner": "forge", "grant": Decimal("500.5")}, "?", {"partner": "../ash", "grant": "x"}]
        },
    }
    assert {entry.partner: entry.grant for entry in invitations(funded)} == {"forge": Decimal("500.5"), "../ash": None}
    assert b"500.50" in invitation_files(invitations(funded), "text", language("en"))["forge.txt"]


def test_a_result_of_another_project_is_refused(result: dict[str, Any]) -> None:
    other = {**PROJECT, "capabilities": [{"id": "runners", "competence": "welding", "effort": 9}]}
    with pytest.raises(SpecError, match="Solve the project again"):
        invitations(result, pose(other))


def test_names_of_files_are_safe_and_different() -> None:
    assert [file_stem(name) for name in ("../../etc/passwd", "a/b", "NUL", "...", "Ромашка")] == [
        "etc_passwd",
        "a_b",
        "_NUL",
        "partner",
        "Ромашка",
    ]
    members = [{"id": name, "cluster": None} for name in ("a/b", "A\\b", "a?b")]
    files = invitation_files(invitations({"members": members, "deliveries": []}), "md", language("en"))
    assert list(files) == ["a_b.md", "A_b-2.md", "a_b-3.md"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], result: dict[str, Any]) -> None:
    path, project = tmp_path / "result.json", tmp_path / "project.json"
    path.write_text(json.dumps(result, default=float), encoding="utf-8")
    project.write_text(json.dumps(PROJECT), encoding="utf-8")
    folder = tmp_path / "pages"
    assert run(["invite", str(path), "-o", str(folder)]) == 0
    assert sorted(file.name for file in folder.iterdir()) == ["ash.html", "forge.html"]
    path.write_text("{}", encoding="utf-8")
    assert run(["invite", str(path), "-o", str(tmp_path / "none")]) == 2
    assert run(["invite", str(tmp_path / "absent.json"), "-o", str(tmp_path / "none")]) == 2
    assert run(["invite", str(path), "-o", str(path)]) == 2
    assert run(["invite", str(path), "-o", str(tmp_path / "none"), "--pool", "pool.yaml"]) == 2
    assert not (tmp_path / "none").exists()
    assert "Traceback" not in capsys.readouterr().err
