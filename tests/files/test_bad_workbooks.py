"""Every bad workbook is refused with all that is wrong with it, each with sheet, cell and remedy.

A case is what is different from a workbook that is sound: sheets, or bytes. Nothing here has a traceback.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from test_workbook import SMALL, Sheets, save

from consortia.errors import SpecError
from consortia.files import read, read_pool

Says = list[tuple[str, str, str]]
PARTNERS = ["id", "joining_cost", "capacity", "kind", "name"]
OFFERS = ["partner", "competence", "level", "rate"]
CAPABILITIES = ["id", "level", "effort", "providers min", "optional", "mode"]
RULES = ["rule", "label", "filter", "min", "max", "partners", "more"]
TYPED = "Format the cell as a number and type it again; perhaps {}"
AS_TEXT = "Format the cell as text and type it again; spreadsheets turn what looks like a day into one"


def partner(*row: Any) -> Sheets:
    return {"Partners": [PARTNERS, ["P", *row]]}


def offer(*row: Any) -> Sheets:
    return {"Offers": [OFFERS, ["P", *row]]}


def capability(*row: Any) -> Sheets:
    return {"Capabilities": [CAPABILITIES, ["a", *row]]}


def rule(*row: Any) -> Sheets:
    return {"Rules": [RULES, list(row)]}


def field(name: Any, value: Any) -> Sheets:
    return {"Project": [*SMALL["Project"], [name, value]]}


CELLS: dict[str, tuple[Any, Says]] = {
    "a day typed as a number": (
        partner(datetime(2026, 5, 1)),
        [("Partners!B2", "the cell holds the day 2026-05-01, where a number is expected", TYPED.format("1.5"))],
    ),
    "a number formatted as a day": (
        partner(None, date(1900, 1, 12)),
        [("Partners!C2", "the cell holds the day 1900-01-12, where a number is expected", TYPED.format("12"))],
    ),
    "a day where a level is asked": (
        offer("a", date(2026, 3, 2)),
        [("Offers!C2", "the cell holds the day 2026-03-02, where a number is expected", TYPED.format("2.3"))],
    ),
    "a day where an id is asked": (
        {"Partners": [PARTNERS, [date(2026, 2, 1)], ["P"]]},
        [("Partners!A2", "the cell holds the day 2026-02-01, where a text is expected", AS_TEXT)],
    ),
    "a time where a capacity is asked": (
        partner(None, time(12, 30)),
        [
            (
                "Partners!C2",
                "the cell holds the time 12:30:00",
                "Format the cell as a number or as text, and type it again",
            )
        ],
    ),
    "a kind that is not known": (
        partner(None, None, "none"),
        [("Partners!D2", "none is not one of sme, large, university, ...", "Write one of them")],
    ),
    "an error in a cell": (
        partner("#REF!", "#DIV/0!"),
        [
            ("Partners!B2", "the cell has the error #REF!", "Correct its formula, or write the value"),
            ("Partners!C2", "the cell has the error #DIV/0!", "Correct its formula, or write the value"),
        ],
    ),
    "an error where an id is asked": (
        {"Partners": [PARTNERS, ["#N/A"], ["P"]]},
        [("Partners!A2", "the cell has the error #N/A", "Correct its formula, or write the value")],
    ),
    "an error in the header": (
        {"Partners": [["id", "#NAME?"], ["P", 3]]},
        [("Partners!B1", "the cell has the error #NAME?", "Correct its formula, or write the value")],
    ),
    "a formula that was never calculated": (
        partner("=1+1"),
        [
            (
                "Partners!B2",
                "the cell has a formula whose value was not saved",
                "Open the workbook in Excel or LibreOffice and save it, or write the value",
            )
        ],
    ),
    "a formula for an id": (
        {"Partners": [PARTNERS, ['="P"&1'], ["P"]]},
        [
            (
                "Partners!A2",
                "the cell has a formula whose value was not saved",
                "Open the workbook in Excel or LibreOffice and save it, or write the value",
            )
        ],
    ),
    "a text where money is asked": (
        partner("much"),
        [("Partners!B2", "much is not a number", "Write digits, such as 1200.50 or 1200,50")],
    ),
    "truth where a number is asked": (
        partner(True),
        [("Partners!B2", "true is not a number", "Write digits, such as 1200.50 or 1200,50")],
    ),
    "thousands or a fraction": (
        partner("1,234"),
        [
            (
                "Partners!B2",
                "1,234 may be thousands or a fraction",
                "Write 1234 if this is thousands, or 1.234 if it is a fraction",
            )
        ],
    ),
    "a sign of a currency": (
        partner("€ 12"),
        [
            (
                "Partners!B2",
                "€ 12 has a sign instead of a code of a currency",
                "Write the code of the currency after the number, such as 1200 RUB",
            )
        ],
    ),
    "a currency without a rate": (
        partner("12 RUB"),
        [("Partners!B2", "there is no rate for RUB", "Give the project a dated rate for RUB under rates")],
    ),
    "a negative capacity": (
        partner(None, -1),
        [("Partners!C2", "-1 is too small", "Write 0 or more")],
    ),
    "half a level": (
        offer("a", 1.5),
        [("Offers!C2", "1.5 is not a whole number", "Write a whole number, such as 2")],
    ),
    "an offer of nobody": (
        {"Offers": [OFFERS, ["P", "a"], ["Q", "a"]]},
        [("Offers!A3", "there is no partner Q", "Add it to the partners")],
    ),
    "an offer without a competence": (
        {"Offers": [OFFERS, ["P", None, 2]]},
        [("Offers!B2", "competence is missing", "Fill the cell, or remove the row")],
    ),
    "a merged partner": (
        {"Offers": [OFFERS, ["P", "a"], [None, "b"]]},
        [("Offers!A3", "partner is missing", "Fill the cell, or remove the row")],
    ),
    "a cell without a column": (
        {"Partners": [["id"], ["P", None, "stray"]]},
        [
            (
                "Partners!C2",
                "there is a cell without a column: stray",
                "Remove it, name its column, or put quotes around a cell that contains the delimiter",
            )
        ],
    ),
    "a column that is not known": (
        {"Partners": [["id", "capcity"], ["P", 1]]},
        [("Partners!B1", "there is no such column in this table", "Perhaps capacity is meant")],
    ),
    "two columns of one name": (
        {"Partners": [["id", "мощность", "capacity"], ["P", 1, 2]]},
        [("Partners!C1", "there are two columns for capacity", "Remove one of them")],
    ),
    "no column for ids": (
        {"Partners": [["name"], ["P"]], "Offers": [OFFERS]},
        [("Partners!A1", "there is no column id", "Add one")],
    ),
    "two partners of one name": (
        {"Partners": [["id"], ["P"], ["P "]]},
        [("Partners!A3", "the partner P is defined twice", "Remove one of them, or give it another id")],
    ),
    "neither yes nor no": (
        capability(None, None, None, "maybe"),
        [("Capabilities!E2", "maybe is neither yes nor no", "Write yes or no")],
    ),
    "a mode that is not known": (
        capability(None, None, None, None, "deliverd"),
        [("Capabilities!F2", "deliverd is not one of held, delivered", "Perhaps delivered is meant")],
    ),
    "providers that are none": (
        capability(None, 2, 0),
        [("Capabilities!D2", "0 is too small", "Write 1 or more")],
    ),
    "an effort for what is held": (
        capability(None, 2, None, None, "held"),
        [
            (
                "Capabilities!A2",
                "a capability with an effort is delivered, not held",
                "Remove the effort, or write mode: delivered",
            )
        ],
    ),
    "a field that is not known": (
        field("budgt", 5),
        [("Project!A4", "there is no such field of a project", "Perhaps budget is meant")],
    ),
    "a field given twice": (
        field("cooperation", "any"),
        [("Project!B4", "cooperation is given twice", "Remove one of them")],
    ),
    "a level of cooperation that is not known": (
        {"Project": [["field", "value"], ["title", "T"], ["cooperation", "cross cluster!"]]},
        [
            (
                "Project!B3",
                "cross cluster! is not one of cross-cluster, super-regional, metacluster, any",
                "Perhaps cross cluster is meant",
            )
        ],
    ),
    "interest without a name": (
        field("interest", "accepted"),
        [("Project!B4", "accepted has no name with a value", "Write NAME = VALUE")],
    ),
    "interest of nobody": (
        field("interest", "Q = accepted"),
        [("Project!B4", "there is no partner Q", "Write one of P, or define it")],
    ),
    "a rate without its day": (
        field("rates", "currency = RUB; rate = 0.01"),
        [("Project!B4", "date is missing", "Add date")],
    ),
    "a rule that is not known": (
        rule("coordinatr"),
        [
            (
                "Rules!A2",
                "coordinatr is not one of count, distinct, representatives, share, participation, include, exclude, "
                "conflict, requires, coordinator, leaders, limit, links, connected, reliability, survives, "
                "specialisation, conditional",
                "Perhaps coordinator is meant",
            )
        ],
    ),
    "a filter of no conditions": (
        rule("count", None, "sme", 1),
        [
            (
                "Rules!C2",
                "sme has no name with a value",
                "Write terms such as kind = sme; country in eu; reliability >= 0.8",
            )
        ],
    ),
    "a parenthesis that is not closed": (
        rule("representatives", None, None, 2, None, None, "attribute = country; among = (kind = sme"),
        [
            (
                "Rules!G2",
                "attribute = country; among = (kind = sme ends too soon",
                'Write terms such as kind = sme; country = BY | RU, and texts with signs in "double quotes"',
            )
        ],
    ),
    "a quote that is not closed": (
        rule("count", None, 'country = "BY', 2),
        [
            (
                "Rules!C2",
                '"BY cannot be understood',
                "Put a text with signs into double quotes, and double the quotes inside it",
            )
        ],
    ),
    "a comparison where a value is asked": (
        rule("share", None, None, None, 0.5, None, "each >= country"),
        [
            (
                "Rules!G2",
                ">= is not expected in each >= country",
                'Write terms such as kind = sme; country = BY | RU, and texts with signs in "double quotes"',
            )
        ],
    ),
    "a rule's key that is not known": (
        rule("count", None, None, 1, None, None, "minimum = 3"),
        [("Rules!G2", "the key minimum is not known here", "Perhaps min is meant")],
    ),
    "a rule's key given twice": (
        rule("count", None, None, 1, None, None, "min = 3"),
        [("Rules!G2", "min is given twice", "Remove one of them")],
    ),
    "a rule about nobody": (
        rule("include", None, None, None, None, "P; Q"),
        [("Rules!F2", "there is no partner Q", "Write one of P, or define it")],
    ),
    "a group that is not known": (
        rule("count", None, "country in euu", 1),
        [("Rules!C2", "there is no group of values euu", "Perhaps eu is meant")],
    ),
    "a sheet whose name is nearly right": (
        {"Partner": [["id"], ["P"]], "Partners": None},
        [("Partner", "this sheet is not one that is known", "Perhaps Partners is meant")],
    ),
    "two sheets of one table": (
        {"Партнёры": [["id"], ["P"]]},
        [("Партнёры", "there is another sheet with the table partners", "Remove one of them")],
    ),
    "everything at once": (
        {**partner("much", date(2026, 5, 1)), **offer("a", "high"), **field("colour", "red"), **rule("cont")},
        [
            ("Partners!B2", "much is not a number", "Write digits, such as 1200.50 or 1200,50"),
            ("Partners!C2", "the cell holds the day 2026-05-01, where a number is expected", TYPED.format("1.5")),
            ("Offers!C2", "high is not a number", "Write digits, such as 1200.50 or 1200,50"),
            ("Project!A4", "there is no such field of a project", "..."),
            ("Rules!A2", "cont is not one of ...", "Perhaps count is meant"),
        ],
    ),
}


def told(path: Path) -> Says:
    with pytest.raises(SpecError) as caught:
        read(path)
    assert {problem.file for problem in caught.value.problems} == {str(path)}
    return [(problem.place, str(problem.message), str(problem.remedy)) for problem in caught.value.problems]


def alike(found: str, wanted: str) -> bool:
    return found.startswith(wanted[:-3]) if wanted.endswith("...") else found == wanted


@pytest.mark.parametrize("name", CELLS)
def test_each_problem_names_sheet_and_cell(name: str, tmp_path: Path) -> None:
    changed, says = CELLS[name]
    found = told(
        save(tmp_path / "x.xlsx", {name: rows for name, rows in {**SMALL, **changed}.items() if rows is not None})
    )
    assert len(found) == len(says), found
    for one, other in zip(found, says, strict=True):
        assert all(alike(*pair) for pair in zip(one, other, strict=True)), found


def sound(tmp_path: Path) -> bytes:
    return save(tmp_path / "sound.xlsx", SMALL).read_bytes()


def rebuilt(data: bytes, change: Callable[[str, bytes], bytes | None], add: dict[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = change(part, old.read(part))
            if content is not None:
                new.writestr(part, content)
        for part, content in (add or {}).items():
            new.writestr(part, content)
    return made.getvalue()


def in_part(name: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes | None]:
    return lambda part, data: data.replace(old, new, 1) if part == name else data


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "the file is empty"),
    "text": (lambda data: b"id;name\n", "this is not a workbook, whatever its name says"),
    "a picture": (lambda data: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "this is not a workbook, whatever its name says"),
    "cut short": (lambda data: data[: len(data) // 2], "the workbook is damaged: File is not a zip file"),
    "a byte turned": (lambda data: data[:300] + bytes([data[300] ^ 255]) + data[301:], "the workbook is damaged: ..."),
    "an old workbook": (
        lambda data: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "this is a workbook in the format before 2007 (.xls)",
    ),
    "a password": (
        lambda data: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "the workbook is protected by a password",
    ),
    "an encrypted part": (
        lambda data: (
            data[:6]
            + struct.pack("<H", 1)
            + data[8:].replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
        ),
        "the workbook is protected by a password",
    ),
    "a binary workbook": (
        lambda data: rebuilt(data, lambda part, content: content, {"xl/workbook.bin": b""}),
        "this is a workbook in the binary format (.xlsb)",
    ),
    "an OpenDocument": (
        lambda data: rebuilt(b_empty(), lambda part, content: content, {"mimetype": b"x", "content.xml": b"<x/>"}),
        "this is a workbook in the format OpenDocument (.ods)",
    ),
    "an archive of something else": (
        lambda data: rebuilt(b_empty(), lambda part, content: content, {"a.txt": b"x"}),
        "this is an archive, but not a workbook",
    ),
    "a sheet that is missing": (
        lambda data: rebuilt(data, lambda part, content: None if part == SHEET else content),
        "there is no sheet Project in this workbook",
    ),
    "no list of sheets": (
        lambda data: rebuilt(data, lambda part, content: None if part == "xl/workbook.xml" else content),
        "the workbook is damaged: ...",
    ),
    "XML that is not closed": (
        lambda data: rebuilt(data, in_part(SHEET, b"</sheetData>", b"")),
        "the workbook is damaged: ...",
    ),
    "a place that is none": (
        lambda data: rebuilt(data, in_part(SHEET, b'r="A2"', b'r="2A"')),
        "the workbook is damaged: ...",
    ),
    "a text that is not there": (
        lambda data: rebuilt(data, in_part(SHEET, b't="inlineStr"><is><t>title</t></is>', b't="s"><v>99999</v>')),
        "the workbook is damaged: ...",
    ),
    "entities": (
        lambda data: rebuilt(data, in_part(SHEET, b"<worksheet", LAUGHS + b"<worksheet")),
        f"the workbook defines entities in {SHEET}, as no spreadsheet does",
    ),
    "entities in another encoding": (
        lambda data: rebuilt(data, lambda part, content: content, {"xl/x.xml": (LAUGHS.decode()).encode("utf-16")}),
        "the workbook defines entities in xl/x.xml, as no spreadsheet does",
    ),
    "an entity from outside": (
        lambda data: rebuilt(
            data, in_part("xl/workbook.xml", b"<workbook", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook')
        ),
        "the workbook defines entities in xl/workbook.xml, as no spreadsheet does",
    ),
    "a bomb": (
        lambda data: rebuilt(data, lambda part, content: content, {"xl/media/x.bin": b"\0" * (20 * 2**20)}),
        "the workbook would unpack to 20 MB from 0.0 MB",
    ),
    "no sheets that are known": (
        lambda data: rebuilt(
            data, lambda part, content: content.replace(b"Partners", b"Xxx").replace(b"Capabilities", b"Yyy")
        ),
        "there is neither a sheet Partners nor a sheet Capabilities in this workbook",
    ),
}


def b_empty() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w"):
        pass
    return made.getvalue()


@pytest.mark.parametrize("name", BYTES)
def test_files_that_are_no_workbooks_are_refused(name: str, tmp_path: Path) -> None:
    change, says = BYTES[name]
    (tmp_path / "x.xlsx").write_bytes(change(sound(tmp_path)))
    found = told(tmp_path / "x.xlsx")
    assert len(found) == 1 and found[0][0] == "" and alike(found[0][1], says), found
    assert found[0][2] not in ("", "None")


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsb"])
def test_other_formats_are_refused_with_what_to_do(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"x{suffix}").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    ((_, message, remedy),) = told(tmp_path / f"x{suffix}")
    assert remedy == "Save it in Excel or LibreOffice as a workbook (.xlsx)" and message


def test_macros_are_not_run_and_that_is_said(tmp_path: Path) -> None:
    data = rebuilt(sound(tmp_path), lambda part, content: content, {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    (tmp_path / "x.xlsm").write_bytes(data)
    notes = [str(note) for note in read(tmp_path / "x.xlsm")[2]]
    assert notes == [f"{tmp_path / 'x.xlsm'} has macros; they were not run"]


def test_sides_that_are_not_there(tmp_path: Path) -> None:
    pool_alone = save(tmp_path / "pool.xlsx", {"Partners": [["id"], ["P"]]})
    assert [entry[1] for entry in told(pool_alone)] == ["there is no sheet Capabilities in this workbook"]
    project_alone = save(tmp_path / "project.xlsx", {name: SMALL[name] for name in ("Project", "Capabilities")})
    assert [entry[1] for entry in told(project_alone)] == ["no pool is given"]
    with pytest.raises(SpecError, match="there is no sheet Partners"):
        read_pool(project_alone)
    with pytest.raises(SpecError, match="there is no such file"):
        read(tmp_path / "absent.xlsx")


@pytest.mark.parametrize("seed", range(60))
def test_any_damage_is_told_and_never_a_traceback(seed: int, tmp_path: Path) -> None:
    """Bytes changed at random, in the file and in its parts."""
    import random

    drawn, data = random.Random(seed), sound(tmp_path)

    def spoil(content: bytes) -> bytes:
        made = bytearray(content)
        for _ in range(drawn.randint(1, 4)):
            made[drawn.randrange(len(made))] = drawn.randrange(256)
        return bytes(made)

    target = drawn.choice(
        ["file", SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"]
    )
    spoilt = (
        spoil(data)
        if target == "file"
        else rebuilt(data, lambda part, content: spoil(content) if part == target else content)
    )
    (tmp_path / "x.xlsx").write_bytes(spoilt)
    try:
        read(tmp_path / "x.xlsx")
    except SpecError as error:
        assert all(problem.message for problem in error.problems)
