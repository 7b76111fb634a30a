"""What the linter finds in pools and projects, where, and what it passes over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consortia import SpecError
from consortia.cli.running import run
from consortia.language import language
from consortia.linting import CHECKS, lint
from consortia.report.linting import linting_data


def partner(key: str, /, *competences: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "offers": [{"competence": each, "rate": 100} for each in competences], **more}


def pool(*partners: dict[str, Any], **more: Any) -> dict[str, Any]:
    names = dict.fromkeys(offer["competence"] for entry in partners for offer in entry["offers"])
    return {"competences": [{"id": name} for name in names], "partners": list(partners), **more}


def project(*capabilities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "t", "cooperation": "any", "capabilities": list(capabilities), **more}


def found(source: Any, **more: Any) -> list[tuple[str, str, str]]:
    return [(entry.check, entry.severity, entry.problem.place) for entry in lint(source, **more)]


SOUND = pool(partner("Acme", "welding"), partner("Borealis", "welding", "coating"), partner("Cetus", "coating"))


def test_a_sound_pool_is_clean() -> None:
    assert lint(SOUND) == []
    assert lint(project({"id": "welding", "effort": 3}), SOUND) == []


def test_partners_that_are_perhaps_one() -> None:
    entries = lint(pool(partner("acme", "welding", name="Acme Films"), partner("b", "welding", name="ACME FILMS")))
    assert [(entry.check, entry.severity, entry.about) for entry in entries] == [("alike", "warning", ("acme", "b"))]
    assert entries[0].problem.place == "partners[1].name"
    assert "partners[0].name" in str(entries[0].problem.remedy)


def test_two_ids_of_one_name() -> None:
    entries = lint(pool(partner("a", "welding", name="Acme"), partner("b", "welding", name="Acme")))
    assert [str(entry.problem.message) for entry in entries] == ["perhaps one partner: a and b are both called Acme"]


def test_a_legal_form_is_a_note() -> None:
    assert found(pool(partner("Acme Ltd", "welding"), partner("Acme", "welding"))) == [
        ("alike", "note", "partners[1].id")
    ]


def test_competences_that_are_perhaps_one() -> None:
    assert found(pool(partner("Acme", "heat treatment"), partner("Borealis", "heat-treatment"))) == [
        ("alike", "warning", "competences[1].id")
    ]


def test_near_names_in_a_taxonomy_are_a_note() -> None:
    near = pool(partner("Acme", "organic chemistry"), partner("Borealis", "inorganic chemistry"))
    assert found(near) == [("alike", "note", "competences[1].id")]


def test_labels_are_compared_within_a_language() -> None:
    base = pool(partner("Acme", "w", "p"))
    labels = [{"id": "w", "labels": {"en": "welding"}}, {"id": "p", "labels": {"en": "Welding", "ru": "welding"}}]
    assert found({**base, "competences": labels}) == [("alike", "warning", "competences[1].labels.en")]


def test_competences_without_a_taxonomy_are_those_of_offers() -> None:
    base = pool(partner("Acme", "welding"), partner("Borealis", "wleding"))
    del base["competences"]
    assert found(base) == [
        ("alike", "warning", "partners[1].offers[0].competence"),
        ("no-taxonomy", "note", "competences"),
    ]


def test_industries_that_count_as_two() -> None:
    clusters = [{"id": "k", "industry": "Food"}, {"id": "m", "industry": "food"}]
    assert ("alike", "warning", "clusters[1].industry") in found({**SOUND, "clusters": clusters})


def test_letters_of_two_alphabets() -> None:
    assert found(pool(partner("Aкмe", "welding"))) == [("mixed-letters", "warning", "partners[0].id")]


def levels(*values: int) -> dict[str, Any]:
    offers = [{"competence": "welding", "level": level, "rate": 1} for level in values]
    partners = [{"id": f"partner {at}", "offers": [offer]} for at, offer in enumerate(offers)]
    return {"competences": [{"id": "welding"}], "partners": partners}


def test_a_level_far_above_the_others() -> None:
    assert found(levels(*[1, 2, 3, 4, 5] * 5, 50)) == [
        ("level-out-of-scale", "warning", "partners[25].offers[0].level")
    ]


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5] * 5, [1] * 24 + [4], [1, 9], [1] * 12 + [9] * 12])
def test_levels_that_are_a_scale(values: list[int]) -> None:
    assert found(levels(*values)) == []


def test_an_offer_without_the_price_that_others_give() -> None:
    lacking = {"id": "Acme", "offers": [{"competence": "welding"}]}
    assert found(pool(lacking, partner("Borealis", "welding"))) == [("no-price", "warning", "partners[0].offers[0]")]
    assert found(pool({**lacking, "default_rate": 0}, partner("Borealis", "welding"))) == []


def test_what_nobody_gives_a_price_for_is_held() -> None:
    certificate = {"id": "Acme", "offers": [{"competence": "certificate"}]}
    assert found(pool(certificate, partner("Borealis", "welding"))) == []
    assert found(pool(certificate)) == [("no-price", "note", "partners")]


@pytest.mark.parametrize(
    "useless",
    [
        {"id": "Acme", "offers": []},
        partner("Acme", "welding", capacity=0),
        {"id": "Acme", "offers": [{"competence": "welding", "rate": 1, "capacity": 0}]},
    ],
)
def test_partners_of_whom_nothing_can_come(useless: dict[str, Any]) -> None:
    assert found(pool(useless, partner("Borealis", "welding"))) == [("unusable-partner", "warning", "partners[0]")]


def test_competences_that_nobody_offers() -> None:
    base = pool(partner("Acme", "laser welding"))
    base["competences"] = [
        {"id": "joining"},
        {"id": "welding", "broader": "joining"},
        {"id": "laser welding", "broader": "welding"},
        {"id": "sewing", "broader": "joining"},
    ]
    entries = lint(base)
    assert [(entry.check, entry.about) for entry in entries] == [("not-offered", ("sewing",))]


def test_another_taxonomy() -> None:
    entries = lint(SOUND, taxonomy={"competences": [{"id": "welding"}, {"id": "coatings"}]})
    assert [(entry.check, entry.about, str(entry.problem.remedy)) for entry in entries] == [
        ("not-in-taxonomy", ("coating",), "Perhaps coatings is meant")
    ]


def test_capabilities_with_no_or_one_supplier() -> None:
    asked = project({"id": "joining", "competence": "welding", "level": 3}, {"id": "coating"}, {"id": "welding"})
    both = [
        ("no-supplier", "error", "capabilities[0]"),
        ("single-supplier", "warning", "capabilities[1]"),
    ]
    assert found(asked, pool=pool(partner("Acme", "welding", "coating"), partner("Borealis", "welding"))) == both
    asked["capabilities"][0]["optional"] = True
    assert found(asked, pool=pool(partner("Acme", "welding", "coating"), partner("Borealis", "welding"))) == [
        ("no-supplier", "warning", "capabilities[0]"),
        both[1],
    ]


def test_too_few_for_all_efforts_together() -> None:
    offers = pool(*(partner(name, "welding", "coating", capacity=5) for name in ("Acme", "Borealis")))
    asked = project({"id": "welding", "effort": 6}, {"id": "coating", "effort": 6})
    assert ("no-supplier", "error", "capabilities") in found(asked, pool=offers)


def test_levels_above_what_is_asked() -> None:
    offers = levels(1, 2, 3)
    assert found(project({"id": "welding", "level": 2}), pool=offers) == [
        ("level-never-asked", "note", "partners[2].offers[0].level")
    ]
    assert found(project({"id": "welding"}), pool=offers) == []


def test_who_has_declined() -> None:
    asked = project({"id": "welding"}, interest={"Cetus": "declined"})
    assert found(asked, pool=SOUND) == [("declined", "note", "interest.Cetus")]


def test_places_in_files(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_text("id;competences\nAcme;welding\nACME;welding\n", encoding="utf-8")
    entry = lint(path)[0]
    assert (entry.check, entry.problem.file, entry.problem.place) == ("alike", str(path), "line 3, column id")


def test_what_is_wrong_comes_first() -> None:
    with pytest.raises(SpecError, match="defined twice"):
        lint(pool(partner("Acme", "welding"), partner("Acme", "welding")))


def test_every_check_is_listed() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [check for check in CHECKS if f'"{check}"' not in text] == []


def test_data_in_russian() -> None:
    data = linting_data(lint(pool(partner("Acme", "welding"), partner("ACME", "welding"))), language("ru"))
    assert data["counts"] == {"error": 0, "warning": 1, "note": 0}
    assert data["findings"][0]["message"].startswith("возможно, одно и то же")


def write(folder: Path, name: str, data: dict[str, Any]) -> str:
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = write(tmp_path, "clean.json", SOUND)
    noted = write(tmp_path, "noted.json", pool({"id": "Acme", "offers": [{"competence": "welding"}]}))
    wrong = write(tmp_path, "wrong.json", pool(partner("Acme", "welding"), partner("ACME", "welding")))
    assert run(["lint", clean, "--strict"]) == 0
    assert "Nothing was found" in capsys.readouterr().out
    assert [run(["lint", noted, "--strict"]), run(["lint", wrong]), run(["lint", wrong, "--strict"])] == [0, 0, 3]
    shown = " ".join(capsys.readouterr().out.split())
    assert "Probably not meant" in shown and "[alike]" in shown and "partners[1].id (line" in shown
    assert run(["lint", wrong, "--format", "json", "--lang", "ru"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "consortia-lint/1"
    assert run(["lint", str(tmp_path / "absent.yaml")]) == 2


def test_the_page_shows_a_few_of_a_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    idle = [{"id": f"partner {at}", "offers": []} for at in range(30)]
    assert run(["lint", write(tmp_path, "pool.json", pool(partner("Acme", "welding"), *idle))]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.count("[unusable-partner]") == 20 and "and 10 more of unusable-partner" in shown
