"""What the cells of a table mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from consortia.errors import WrongValue
from consortia.files import cells
from consortia.files.headers import COLUMNS, VALUES, folded, synonyms


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("1200", 1200),
        ("-7", -7),
        ("\u22127", -7),
        ("1200.50", Decimal("1200.50")),
        ("1200,50", Decimal("1200.50")),
        ("1 200", 1200),
        ("1\u00a0200,5", Decimal("1200.5")),
        ("12\u2009345\u2009678", 12345678),
        ("1\u202f234,567", Decimal("1234.567")),
        ("1,234,567", 1234567),
        ("1,234.50", Decimal("1234.50")),
        ("1.234.567,8", Decimal("1234567.8")),
        ("1.234,50", Decimal("1234.50")),
        ("1.234", Decimal("1.234")),
        ("0,125", Decimal("0.125")),
        ("1234,567", Decimal("1234.567")),
        ("1,2345", Decimal("1.2345")),
        (15, 15),
        (Decimal("1.5"), Decimal("1.5")),
    ],
)
def test_numbers(cell: cells.Cell, meant: object) -> None:
    assert cells.number(cell) == meant


@pytest.mark.parametrize("cell", ["1,234", "12,345", "999,999", "-1,234"])
def test_a_comma_before_three_digits_is_refused(cell: str) -> None:
    with pytest.raises(WrongValue, match="may be thousands or a fraction"):
        cells.number(cell)


@pytest.mark.parametrize("cell", ["", "ten", "1 2 3", "12 34", "1,23,456", "1e5", "5%", "1.2.3", "12 руб.", True])
def test_what_is_no_number_is_refused(cell: cells.Cell) -> None:
    with pytest.raises(WrongValue, match="is not a number"):
        cells.number(cell)


def test_amounts_may_name_a_currency() -> None:
    assert cells.money("1 200,50 RUB") == {"amount": Decimal("1200.50"), "currency": "RUB"}
    assert cells.money("7") == 7
    with pytest.raises(WrongValue, match="sign instead of a code"):
        cells.money("5 €")


def test_shares_may_be_percentages() -> None:
    assert cells.share("95 %") == cells.share("0,95") == Decimal("0.95")


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("kind", "МСП", "sme"),
        ("kind", "SME", "sme"),
        ("kind", "Университет", "university"),
        ("kind", "Cluster_organization", "cluster organisation"),
        ("role", "Субподрядчик", "subcontractor"),
        ("category", "оборудование", "equipment"),
    ],
)
def test_fixed_values_may_be_russian(column: str, cell: str, meant: str) -> None:
    assert cells.choice(cell, column) == meant


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("да", True),
        ("Yes", True),
        ("нет", False),
        ("FALSE", False),
        ("12", 12),
        ("1,5", Decimal("1.5")),
        ("0012", "0012"),
        ("'12", "12"),
        ("'да", "да"),
        ("ISO 9001", "ISO 9001"),
        ("1,2,3", "1,2,3"),
    ],
)
def test_attributes_are_booleans_numbers_or_texts(cell: str, meant: object) -> None:
    assert cells.attribute(cell) == meant
    assert type(cells.attribute(cell)) is type(meant)


def test_clusters_are_apart_by_semicolons_or_bars_and_may_be_paid() -> None:
    assert cells.memberships("A (оплачено)|B ; C (Paid)\nD (north)") == [
        {"cluster": "A", "paid": True},
        {"cluster": "B"},
        {"cluster": "C", "paid": True},
        {"cluster": "D (north)"},
    ]


def test_short_competences_may_have_levels() -> None:
    assert cells.competences("welding : 3;; esco:1201:2 | coatings") == [
        {"competence": "welding", "level": 3},
        {"competence": "esco:1201", "level": 2},
        {"competence": "coatings"},
    ]


@pytest.mark.parametrize("table", COLUMNS)
def test_no_two_columns_of_a_table_share_a_name(table: str) -> None:
    names = [folded(name) for key, others in COLUMNS[table].items() for name in {key, *others}]
    assert sorted(set(names)) == sorted(names)
    assert set(synonyms(COLUMNS[table]).values()) == set(COLUMNS[table])


@pytest.mark.parametrize("column", VALUES)
def test_no_two_values_of_a_column_share_a_name(column: str) -> None:
    names = [folded(name) for key, others in VALUES[column].items() for name in {key, *others}]
    assert sorted(set(names)) == sorted(names)


def test_values_are_those_of_the_file_schema() -> None:
    from typing import get_args

    from consortia.spec import pool

    assert {name: tuple(VALUES[name]) for name in VALUES} == {
        "kind": get_args(pool.Kind),
        "role": get_args(pool.Role),
        "category": get_args(pool.Category),
    }
