"""Official taxonomies: small files in the layout of the official downloads, and the real one where it is at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from consortia import SpecError, solve
from consortia.cli.running import run
from consortia.files import read_pool
from consortia.files.convert import convert
from consortia.taxonomy import Taxonomy

DATA = Path(os.environ.get("CONSORTIA_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "taxonomies"
ESCO = "http://data.europa.eu/esco/skill/"
SKILL_COLUMNS = [
    *("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status"),
    *("modifiedDate", "scopeNote", "definition", "inScheme", "description"),
]
GROUP_COLUMNS = [
    *("conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate"),
    *("scopeNote", "inScheme", "description", "code"),
]
RELATION_COLUMNS = ["conceptType", "conceptUri", "conceptLabel", "broaderType", "broaderUri", "broaderLabel"]
SKILLS = {
    "en": {"a1": "weld metal", "b2": "weld under water", "c3": "draw"},
    "fr": {"a1": "souder", "b2": "souder sous l'eau", "c3": "dessiner"},
}
GROUPS = {"en": {"S1": "joining", "S1.1": "draw"}, "fr": {"S1": "assembler", "S1.1": "dessiner"}}
BROADER = [("b2", "a1"), ("a1", "S1.1"), ("c3", "S1.1"), ("S1.1", "S1")]


def table(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def esco(folder: Path, languages: tuple[str, ...] = ("en", "fr"), groups: bool = True) -> Path:
    for language in languages:
        skills = [
            {
                "conceptType": "KnowledgeSkillCompetence",
                "conceptUri": ESCO + code,
                "preferredLabel": label,
                "altLabels": "one\ntwo, three",
            }
            for code, label in SKILLS[language].items()
        ]
        table(folder / f"skills_{language}.csv", SKILL_COLUMNS, skills)
        named = SKILLS[language] | GROUPS[language]
        if groups:
            rows = [{"conceptUri": ESCO + code, "preferredLabel": label} for code, label in GROUPS[language].items()]
            table(folder / f"skillGroups_{language}.csv", GROUP_COLUMNS, rows)
        relations = [
            {
                "conceptUri": ESCO + one,
                "conceptLabel": named[one],
                "broaderUri": ESCO + other,
                "broaderLabel": named[other],
            }
            for one, other in BROADER
        ]
        table(folder / f"broaderRelationsSkillPillar_{language}.csv", RELATION_COLUMNS, relations)
    return folder


def by_id(data: dict[str, Any]) -> dict[str, Any]:
    return {entry["id"]: (entry["labels"], entry.get("broader", [])) for entry in data["competences"]}


def test_esco(tmp_path: Path) -> None:
    found = by_id(convert("esco", esco(tmp_path), labels=("en", "fr")))
    assert found == {
        "weld metal": ({"en": "weld metal", "fr": "souder"}, ["draw [S1.1]"]),
        "weld under water": ({"en": "weld under water", "fr": "souder sous l'eau"}, ["weld metal"]),
        "draw [c3]": ({"en": "draw", "fr": "dessiner"}, ["draw [S1.1]"]),
        "draw [S1.1]": ({"en": "draw", "fr": "dessiner"}, ["joining"]),
        "joining": ({"en": "joining", "fr": "assembler"}, []),
    }


def test_ids_in_another_language_and_codes(tmp_path: Path) -> None:
    folder = esco(tmp_path)
    assert "souder sous l'eau" in by_id(convert("esco", folder, labels=("fr",)))
    codes = by_id(convert("esco", folder, ids="code"))
    assert codes["b2"] == ({"en": "weld under water"}, ["a1"])


def test_groups_may_be_named_by_relations_alone(tmp_path: Path) -> None:
    whole, without = tmp_path / "whole", tmp_path / "without"
    whole.mkdir()
    without.mkdir()
    assert convert("esco", esco(whole)) == convert("esco", esco(without, groups=False))


def test_a_narrower_skill_satisfies_a_broader_demand(tmp_path: Path) -> None:
    pool = convert("esco", esco(tmp_path))
    pool["partners"] = [{"id": "Acme", "offers": [{"competence": "weld under water"}]}]
    outcome = solve(
        {"title": "t", "cooperation": "any", "capabilities": [{"id": "joining"}]}, pool, solver="exhaustive"
    )
    assert outcome.consortium is not None and list(outcome.consortium.members) == ["Acme"]


def problems(format: str, path: Path, **options: Any) -> str:
    with pytest.raises(SpecError) as caught:
        convert(format, path, **options)
    return str(caught.value)


def test_what_esco_may_lack(tmp_path: Path) -> None:
    assert "a folder is expected" in problems("esco", tmp_path / "skills_en.csv")
    assert "there is no such file" in problems("esco", tmp_path)
    esco(tmp_path)
    assert "there is no such file" in problems("esco", tmp_path, labels=("de",))
    (tmp_path / "skillGroups_en.csv").unlink()
    table(
        tmp_path / "broaderRelationsSkillPillar_en.csv",
        ["conceptUri", "broaderUri"],
        [{"conceptUri": ESCO + "a1", "broaderUri": ESCO + "S9"}],
    )
    assert "S9 is nowhere named. Put skillGroups_en.csv into the folder" in problems("esco", tmp_path)
    (tmp_path / "skills_en.csv").write_text("conceptUri,label\n", encoding="utf-8")
    assert "there is no column preferredLabel" in problems("esco", tmp_path)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    esco(tmp_path)
    rows = [{"conceptUri": ESCO + one, "broaderUri": ESCO + other} for one, other in (("a1", "b2"), ("b2", "a1"))]
    table(tmp_path / "broaderRelationsSkillPillar_en.csv", RELATION_COLUMNS, rows)
    assert "circle" in problems("esco", tmp_path) or "cycle" in problems("esco", tmp_path)


PATHS = """code,path,title
/21,/medical and health sciences,medical and health sciences
/21/33/117,/medical and health sciences/health sciences/nutrition,nutrition
/21/33/119,/medical and health sciences/health sciences/oncology,oncology
/25/40,/natural sciences/oncology,oncology
"""


@pytest.mark.parametrize(
    "header", [None, "projectID;euroSciVocCode;euroSciVocPath;euroSciVocTitle;euroSciVocDescription"]
)
def test_euroscivoc_as_a_table(tmp_path: Path, header: str | None) -> None:
    path = tmp_path / "euroSciVoc.csv"
    rows = PATHS.splitlines()
    if header is not None:  # as CORDIS exports it beside projects: with a project a row, and so more than once
        rows = [header, *(f"101;{row.replace(',', ';')};" for row in rows[1:] for _ in range(2))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = {name: broader for name, (_, broader) in by_id(convert("euroscivoc", path)).items()}
    assert found == {
        "medical and health sciences": [],
        "health sciences": ["medical and health sciences"],
        "nutrition": ["health sciences"],
        "oncology [119]": ["health sciences"],
        "natural sciences": [],
        "oncology [40]": ["natural sciences"],
    }


def test_wrong_tables_of_euroscivoc(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,path,title\n21/33,/a/b,b\n", encoding="utf-8")
    assert "line 2: 21/33 is not a code such as /21/33/117" in problems("euroscivoc", path)
    path.write_text("code;name\n", encoding="utf-8")
    assert "there is no column path, title" in problems("euroscivoc", path)
    path.write_text("code,path,title\n", encoding="utf-8")
    assert "there is no concept" in problems("euroscivoc", path)
    path.write_text(PATHS, encoding="utf-8")
    assert "there are no labels in the language ru. Ask for some of these: en" in problems(
        "euroscivoc", path, labels=("ru",)
    )
    assert "files of the kind .pdf are not read" in problems("euroscivoc", tmp_path / "table.pdf")


VOCABULARY = "http://data.europa.eu/8mn/euroscivoc/"
RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"
  xmlns:xl="http://www.w3.org/2008/05/skos-xl#" xmlns:v="http://publications.europa.eu/ontology/euvoc#">
{0}
</rdf:RDF>
"""
CORE = f"""
<rdf:Description rdf:about="{VOCABULARY}scheme">
  <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#ConceptScheme"/>
  <skos:prefLabel xml:lang="en">EuroSciVoc</skos:prefLabel>
</rdf:Description>
<rdf:Description rdf:about="{VOCABULARY}radio">
  <v:startDate>2019-12-02</v:startDate>
  <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/>
  <prefLabel xmlns="http://www.w3.org/2004/02/skos/core#" xml:lang="de">Satellitenfunk</prefLabel>
  <prefLabel xmlns="http://www.w3.org/2004/02/skos/core#" xml:lang="en">satellite  radio</prefLabel>
  <skos:altLabel xml:lang="en">satellite radio system</skos:altLabel>
  <skos:broader rdf:resource="{VOCABULARY}networks"/>
  <skos:notation rdf:datatype="http://publications.europa.eu/ontology/euvoc#XML">1021</skos:notation>
</rdf:Description>
<skos:Concept rdf:about="{VOCABULARY}networks">
  <skos:prefLabel xml:lang="en">networks &amp; links</skos:prefLabel>
  <skos:prefLabel xml:lang="de-AT">Netze</skos:prefLabel>
</skos:Concept>
"""
EXTENDED = f"""
<rdf:Description rdf:about="{VOCABULARY}radio">
  <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/>
  <xl:prefLabel rdf:resource="{VOCABULARY}label1"/>
  <xl:prefLabel rdf:resource="{VOCABULARY}label2"/>
  <skos:broader>
    <skos:Concept rdf:about="{VOCABULARY}networks">
      <xl:prefLabel>
        <xl:Label><xl:literalForm xml:lang="en">networks &amp; links</xl:literalForm></xl:Label>
      </xl:prefLabel>
      <xl:prefLabel><xl:Label><xl:literalForm xml:lang="de">Netze</xl:literalForm></xl:Label></xl:prefLabel>
    </skos:Concept>
  </skos:broader>
  <skos:notation>1021</skos:notation>
  <v:note rdf:parseType="Literal"><p>Any <b>markup</b></p></v:note>
</rdf:Description>
<rdf:Description rdf:about="{VOCABULARY}label1">
  <rdf:type rdf:resource="http://www.w3.org/2008/05/skos-xl#Label"/>
  <xl:literalForm xml:lang="en">satellite radio</xl:literalForm>
</rdf:Description>
<xl:Label rdf:about="{VOCABULARY}label2"><xl:literalForm xml:lang="de">Satellitenfunk</xl:literalForm></xl:Label>
"""


@pytest.mark.parametrize("body", [CORE, EXTENDED])
@pytest.mark.parametrize("format", ["euroscivoc", "skos"])
def test_vocabularies_in_rdf(tmp_path: Path, format: str, body: str) -> None:
    path = tmp_path / "vocabulary.rdf"
    path.write_text(RDF.format(body), encoding="utf-8")
    data = convert(format, path, labels=("en", "de"))
    assert by_id(data) == {
        "satellite radio": ({"en": "satellite radio", "de": "Satellitenfunk"}, ["networks & links"]),
        "networks & links": ({"en": "networks & links", "de": "Netze"}, []),
    }
    assert set(by_id(convert(format, path, ids="code"))) == {"1021", "networks"}


BOMB = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "declares entities of its own"),
        (OUTSIDE, "declares entities of its own"),
        ("<html><body>Not found</body></html>", "this is XML, but not RDF"),
        ("no XML at all", "line 1: this is not XML"),
        (RDF.format("<skos:Concept>"), "this is not XML: mismatched tag"),
        (RDF.format(""), "there is no concept in this file"),
        (RDF.format(CORE.replace("networks", "cables", 1)), "has a broader concept that is not there"),
        (
            RDF.format(CORE + CORE.replace("8mn", "9mn").replace("/networks", "/nets")),
            "two concepts have the code 1021",
        ),
        (RDF.format(CORE.replace("Netze", "N" * 20_000)), "a label has more than 10000 letters"),
    ],
)
def test_wrong_vocabularies(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "vocabulary.rdf"
    path.write_text(text, encoding="utf-8")
    assert message in problems("skos", path)


def test_vocabularies_that_are_not_there(tmp_path: Path) -> None:
    assert "the file cannot be read" in problems("skos", tmp_path / "absent.rdf")
    assert "the file cannot be read" in problems("skos", tmp_path)


def test_misuse(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ids are label or code"):
        convert("esco", tmp_path, ids="uri")
    with pytest.raises(ValueError, match="name a language"):
        convert("esco", tmp_path, labels=())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = esco(tmp_path), tmp_path / "taxonomy.yaml"
    arguments = ["convert", "--from", "esco", str(source), "--labels", "en", "--labels", "fr", "-o", str(target)]
    assert run(arguments) == 0
    assert read_pool(target).model.competences[0].id == "draw [S1.1]"
    assert run(["convert", "--from", "csv", str(source), "--labels", "en"]) == 2
    assert run(["convert", "--from", "esco", str(source), "--year", "2020"]) == 2
    assert "are for --from cordis" in capsys.readouterr().err


@pytest.mark.skipif(
    not DATA.is_dir(), reason="EuroSciVoc is not here; set CONSORTIA_DATA to the folder with taxonomies"
)
def test_the_real_table_of_euroscivoc() -> None:
    data = convert("euroscivoc", DATA / "euroscivoc.csv")
    competences = read_pool(data).model.competences
    paths = Taxonomy({entry.id: entry.broader for entry in competences}).paths("obesity")
    assert paths["medical and health sciences"] == (
        "obesity",
        "nutrition",
        "health sciences",
        "medical and health sciences",
    )
    assert len(competences) >= 961
