"""Questions from a CORDIS export: a small one written here, and the real one where it is at hand."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

import consortia
from consortia.errors import SpecError
from consortia.files import read, write_yaml
from consortia.files.convert import convert
from consortia.files.cordis import family
from consortia.indexing import index

FOLDER = Path(os.environ.get("CONSORTIA_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "cordis"
real = pytest.mark.skipif(not FOLDER.is_dir(), reason="the CORDIS export is not here; set CONSORTIA_DATA to its folder")

HEADER = "projectID,organisationID,name,SME,activityType,country,contentUpdateDate,role,netEcContribution,totalCost"
ROWS = [
    'P1,10,Alpha Oy,True,PRC,FI,2021-01-01,coordinator,100000.0,"150000,5"',
    "P1,11,Universitas,False,HES,EL,2021-01-01,participant,50000.0,50000",
    "P1,12,Omicron Ltd,False,PRC,UK,2021-01-01,participant,0.0,90000",
    "P2,10,Alpha Oy,False,PRC,FI,2020-01-01,participant,30000.5,30000",
    "P2,13,Gesellschaft,,PRC,DE,2020-01-01,thirdParty,,0",
    "P2,14,Ville de Lyon,False,PUB,FR,2020-01-01,partner,20000,20000",
    "P2,11,Universitas,False,HES,EL,2021-01-01,participant,0,0",
    "P3,15,Institut,False,REC,FR,2020-01-01,coordinator,70000,70000",
    "P3,11,Universitas,False,HES,EL,2022-01-01,participant,10000,0",
    "P3,16,Verein,False,OTH,AT,2020-01-01,participant,5000,0",
]
TOPICS = ["projectID,topic,title", "P1,ICT-37-2014-1,Open innovation", "P2,ICT-09-2019,Robots", "P3,SC5-11d-2015,Raw"]


def written(folder, rows=ROWS, topics=TOPICS, header=HEADER):
    organisations = folder / "organization.csv"
    organisations.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "topics.csv").write_text("\n".join(topics) + "\n", encoding="utf-8")
    return [organisations, folder / "topics.csv"]


def partners(question):
    return {partner["id"]: partner for partner in question["pool"]["partners"]}


@pytest.fixture
def question(tmp_path):
    return convert("cordis", written(tmp_path), projects=["P1", "P3"])


def test_one_partner_an_organisation(question):
    found = partners(question)
    assert list(found) == ["10", "11", "12", "13", "14", "15", "16"]
    assert found["10"] == {
        "id": "10",
        "name": "Alpha Oy",
        "country": "FI",
        "kind": "sme",
        "role": "beneficiary",
        "joining_cost": Decimal("65000.25"),  # the median of 100000 and 30000.50
        "attributes": {"priced": True, "coordinated": True, "projects": 2},
        "offers": [{"competence": "ICT"}],
    }


def test_cost_is_the_median_of_positive_contributions(question):
    assert partners(question)["11"]["joining_cost"] == 30000  # of 50000 and 10000; the zero does not count


def test_kinds_roles_and_countries_come_from_the_file(question):
    found = partners(question)
    assert [found[name].get("kind") for name in found] == [
        "sme",
        "university",
        "large",
        None,  # a company of which it is not said whether it is small
        "public",
        "research",
        "other",
    ]
    assert [found[name]["role"] for name in ("11", "13", "14")] == ["beneficiary", "affiliated", "associated"]
    assert [found[name]["country"] for name in ("11", "12")] == ["EL", "UK"]


def test_unpriced_are_reported_and_never_picked(question):
    assert "7 organisations, 5 of them with a cost; 2 never received" in question["description"]
    project, pool, _ = read(question)
    instance = index(project, pool)
    reasons = {exclusion.partner: str(exclusion.reason) for exclusion in instance.exclusions}
    assert {name for name, reason in reasons.items() if "No cost is known" in reason} == {"12", "13"}
    assert not {"12", "13"} & set(instance.partners)


def test_the_requirement_joins_the_families_of_projects(question, tmp_path):
    assert [capability["id"] for capability in question["capabilities"]] == ["ICT", "SC5"]
    one = convert("cordis", tmp_path, projects=["P2"])
    assert [capability["id"] for capability in one["capabilities"]] == ["ICT"]


def test_the_rules_hold_in_the_answer(question):
    # 16 (SC5) and 11 (ICT) would be cheapest; the share of small ones brings Alpha, the third country, to coordinate
    outcome = consortia.solve(question, solver="cpsat")
    assert outcome.status == "optimal"
    assert set(outcome.consortium.members) == {"10", "11", "16"}
    assert outcome.consortium.coordinator == "10"
    assert outcome.cost == Decimal("65000.25") + 30000 + 5000


def test_semicolons_and_decimal_commas_are_read(tmp_path, question):
    rows = [
        row.replace('"150000,5"', "1").replace(",", ";").replace("30000.5", "30000,5").replace("100000.0", "100000,0")
        for row in ROWS
    ]
    topics = [row.replace(",", ";") for row in TOPICS]
    other = convert("cordis", written(tmp_path, rows, topics, HEADER.replace(",", ";")), projects=["P1", "P3"])
    assert other == question


def test_files_in_either_order_or_their_folder(tmp_path, question):
    assert convert("cordis", list(reversed(written(tmp_path))), projects=["P1", "P3"]) == question
    assert convert("cordis", tmp_path, projects=["P1", "P3"]) == question


def test_a_draw_takes_projects_with_different_families(tmp_path):
    made = convert("cordis", written(tmp_path), count=2, seed=3)
    assert [capability["id"] for capability in made["capabilities"]] == ["ICT", "SC5"]
    with pytest.raises(SpecError, match="only 2 projects have families that differ, and 3 are asked for"):
        convert("cordis", tmp_path, count=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"rows": ["P1,10,Alpha,True,PRC,FI,2021-01-01,coordinator,1 000,1"]},
            "line 2: netEcContribution is no amount",
        ),
        ({"header": HEADER.replace("SME", "small"), "rows": []}, "line 1: there is no column SME"),
        ({"topics": ["projectID,topic"]}, "line 1: there is no column title"),
        ({"rows": ["P1,10,Alpha"]}, "line 2: 3 cells, where the header has 10"),
        ({"rows": ['P1,10,"Alpha']}, "this is not CSV"),
    ],
)
def test_wrong_files_are_refused_with_their_place(tmp_path, change, message):
    with pytest.raises(SpecError, match=message):
        convert("cordis", written(tmp_path, **change))


def test_a_missing_file_and_an_unknown_project_are_refused(tmp_path):
    with pytest.raises(SpecError, match="two files are expected"):
        convert("cordis", written(tmp_path)[:1])
    with pytest.raises(SpecError, match="there is no such file"):
        convert("cordis", [tmp_path / "organization.csv", tmp_path / "topic.csv"])
    with pytest.raises(SpecError, match="no topic of the project P9"):
        convert("cordis", tmp_path, projects=["P1", "P9"])


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("EIC-SMEInst-2018-2020", "EIC-SMEINST"),
        ("SMEInst-10-2016-2017", "SMEINST"),
        ("SC1-BHC-05-2018", "SC1-BHC"),
        ("SFS-03a-2014", "SFS"),
        ("SU-DRS02-2018-2019-2020", "SU-DRS"),
        ("JTI-CS2-2018-CFP09-FRC-01-27", "JTI-CS2"),
        ("IMI2-2018-15-02", "IMI2"),
        ("S2R-CFM-IP1-01-2020", "S2R-CFM"),
        ("H2020-EIC-FTI-2018-2020", "H2020-EIC"),
        ("BBI.2018.SO3.F2", "BBI"),
    ],
)
def test_families_of_call_topics(topic, wanted):
    assert family(topic) == wanted


@real
def test_the_real_export(tmp_path):
    question = convert("cordis", [FOLDER / "organization.csv", FOLDER / "topics.csv"])
    found = partners(question)
    assert len(found) == 3114
    assert sum("joining_cost" in partner for partner in found.values()) == 2886
    assert sum(not partner["attributes"]["priced"] for partner in found.values()) == 228
    assert "3114 organisations, 2886 of them with a cost; 228 never received" in question["description"]
    assert len(question["capabilities"]) >= 8
    assert 85 <= len(question["pool"]["competences"]) <= 100
    write_yaml(question, tmp_path / "question.yaml")
    project, pool, _ = read(tmp_path / "question.yaml")
    instance = index(project, pool)
    unpriced = [exclusion for exclusion in instance.exclusions if "No cost is known" in str(exclusion.reason)]
    assert len(unpriced) == 228
    outcome = consortia.solve(instance, solver="cpsat")
    assert outcome.proven and outcome.proof == "exact"
    assert found[outcome.consortium.coordinator]["attributes"]["coordinated"]
    assert len({found[name]["country"] for name in outcome.consortium.members}) >= 3
