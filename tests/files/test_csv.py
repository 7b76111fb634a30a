"""Reading pools from CSV: encodings, delimiters, headers, rows, and what each column becomes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from consortia.files import read_pool
from consortia.spec.pool import Pool

SIMPLE = "id,name,competences\nP,Сварка и лёд,welding:3\n"


def single(folder: Path, content: str | bytes) -> Pool:
    path = folder / "partners.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_pool(path).model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = {
        "pool": "Название;Валюта;Дата\nПул;BYN;2026-01-31\n",
        "competences": "id;название;label:en;шире\nwelding;Сварка;Welding;\nlaser;;;welding|\n",
        "clusters": "Идентификатор;Название;Страна;Отрасль;Взнос\nK1;Полимер;BY;plastics;1 200,50\nK2;Лёд;NO;food;\n",
        "partners": (
            "ID;Имя;Кластеры;Страна;Регион;Отрасль;Вид;Роль;Владелец;Стоимость вступления;Ставка;Ёмкость;"
            "Надёжность;attr:exporter;attr:staff;Контакт;Источник\n"
            "P1;ООО «Лёд»;K1 (оплачено)|K2;BY;BY-MI;;МСП;;H;15,5 RUB;100;12,5;95 %;да;40;;\n"
            "P2;;;NO;;;ВУЗ;субподрядчик;;;;;;;;a@b.no;сайт\n"
            ";;;;;;;;;;;;;;;;\n"
        ),
        "offers": (
            "Партнёр;Компетенция;Уровень;Ставка;Фиксированная цена;Мощность;Категория;Надёжность;id\n"
            "P1;welding;3;1 000;;2,5;персонал;;\n\nP1;laser;;;500 RUB;;;0,9;L\n"
        ),
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return tmp_path


def test_a_folder_with_russian_headers_is_the_pool_that_it_says(folder: Path) -> None:
    assert read_pool(folder).model == Pool.model_validate(
        {
            "title": "Пул",
            "currency": "BYN",
            "as_of": "2026-01-31",
            "competences": [
                {"id": "welding", "labels": {"ru": "Сварка", "en": "Welding"}},
                {"id": "laser", "broader": ["welding"]},
            ],
            "clusters": [
                {"id": "K1", "name": "Полимер", "country": "BY", "industry": "plastics", "fee": Decimal("1200.50")},
                {"id": "K2", "name": "Лёд", "country": "NO", "industry": "food"},
            ],
            "partners": [
                {
                    "id": "P1",
                    "name": "ООО «Лёд»",
                    "clusters": [{"cluster": "K1", "paid": True}, "K2"],
                    "country": "BY",
                    "region": "BY-MI",
                    "kind": "sme",
                    "owner": "H",
                    "joining_cost": "15.5 RUB",
                    "default_rate": 100,
                    "capacity": Decimal("12.5"),
                    "reliability": "95%",
                    "attributes": {"exporter": True, "staff": 40},
                    "offers": [
                        {"competence": "welding", "level": 3, "rate": 1000, "capacity": Decimal("2.5")},
                        {"id": "L", "competence": "laser", "fixed": "500 RUB", "reliability": Decimal("0.9")},
                    ],
                },
                {
                    "id": "P2",
                    "country": "NO",
                    "kind": "university",
                    "role": "subcontractor",
                    "contact": "a@b.no",
                    "source": "сайт",
                },
            ],
        }
    )


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("partners", 0, "joining_cost"), "partners.csv, line 2, column Стоимость вступления"),
        (("partners", 0, "attributes", "staff"), "partners.csv, line 2, column attr:staff"),
        (("partners", 0, "clusters", 1, "cluster"), "partners.csv, line 2, column Кластеры"),
        (("partners", 0, "offers", 1, "rate"), "offers.csv, line 4, column Ставка"),
        (("competences", 1, "broader", 0), "competences.csv, line 3, column шире"),
        (("competences", 0, "labels", "ru"), "competences.csv, line 2, column название"),
        (("clusters", 1), "clusters.csv, line 3"),
        (("currency",), "pool.csv, line 2, column Валюта"),
    ],
)
def test_places_name_file_line_and_column(folder: Path, loc: tuple[str | int, ...], place: str) -> None:
    source = read_pool(folder).source
    assert source.file == str(folder)
    assert source.place(loc) == place


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_line_ends_and_encoding_are_found_out(
    tmp_path: Path, delimiter: str, ending: str, encoding: str
) -> None:
    text = SIMPLE.replace(",", delimiter).replace("\n", ending)
    (partner,) = single(tmp_path, text.encode(encoding)).partners
    assert (partner.id, partner.name, partner.offers[0].level) == ("P", "Сварка и лёд", 3)


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert [partner.id for partner in single(tmp_path, "id\nA, B\nC\n").partners] == ["A, B", "C"]


def test_the_delimiter_may_be_told_in_the_manner_of_spreadsheets(tmp_path: Path) -> None:
    (partner,) = single(tmp_path, "sep=|\r\nid|name\r\nP|a;b,c\r\n").partners
    assert partner.name == "a;b,c"


def test_windows_1251_is_read_with_a_visible_note(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_bytes("id;название\nP;Полимер\n".encode("cp1251"))
    loaded = read_pool(path)
    assert loaded.model.partners[0].name == "Полимер"
    (note,) = loaded.notes
    assert str(note) == f"{path} is not in UTF-8 and was read as Windows-1251; check that it reads well: название"


def test_utf_8_gives_no_note(folder: Path) -> None:
    assert read_pool(folder).notes == ()


def test_texts_are_composed_and_yo_is_kept(tmp_path: Path) -> None:
    (partner,) = single(tmp_path, "id;name\nЁлка;и\u0306ёж\n").partners
    assert (partner.id, partner.name) == ("Ёлка", "йёж")


def test_headers_fold_yo_case_and_underscores(tmp_path: Path) -> None:
    (partner,) = single(tmp_path, "ID ;ЕМКОСТЬ;надежность;Default-Rate\nP;5;0,5;7\n").partners
    assert (partner.capacity, partner.reliability, partner.default_rate) == (5, Decimal("0.5"), 7)


def test_quoted_cells_may_hold_delimiters_quotes_and_lines(tmp_path: Path) -> None:
    pool = single(tmp_path, 'id;name;competences\nP;"a; ""b""\nc";"x:2; y"\nQ;z;\n')
    assert pool.partners[0].name == 'a; "b"\nc'
    assert [offer.competence for offer in pool.partners[0].offers] == ["x", "y"]


def test_lines_are_counted_through_quoted_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_text('id;name\nP;"a\nb"\n\nQ;z\n', encoding="utf-8")
    assert read_pool(path).source.place(("partners", 1, "name")) == "line 5, column name"


def test_short_rows_are_blank_at_their_end_and_blank_columns_are_nothing(tmp_path: Path) -> None:
    pool = single(tmp_path, "id;name;country;;\nP\nQ;q;BY;;\n;;;;\n\n")
    assert [(partner.id, partner.country) for partner in pool.partners] == [("P", None), ("Q", "BY")]


def test_a_table_with_only_a_header_is_empty(folder: Path) -> None:
    (folder / "offers.csv").write_text("partner;competence\n", encoding="utf-8")
    assert all(not partner.offers for partner in read_pool(folder).model.partners)


def test_short_and_long_offers_stand_together(tmp_path: Path) -> None:
    (tmp_path / "Partners.CSV").write_text("id;competences\nP;a:2\n", encoding="utf-8")
    (tmp_path / "предложения.csv").write_text("partner;competence\nP;b\n", encoding="utf-8")
    (partner,) = read_pool(tmp_path).model.partners
    assert [offer.competence for offer in partner.offers] == ["a", "b"]


def test_other_files_are_named_in_a_note(folder: Path) -> None:
    (folder / "budget2026.csv").write_text("x\n", encoding="utf-8")
    (note,) = read_pool(folder).notes
    assert str(note) == f"{folder / 'budget2026.csv'} is not a table of a pool and was not read"


def test_tables_beside_a_single_file_are_named_in_a_note(folder: Path) -> None:
    (folder / "partners.csv").write_text(SIMPLE, encoding="utf-8")
    (note,) = read_pool(folder / "partners.csv").notes
    assert "offers.csv" in str(note)
