"""Whether a file is a workbook that may be opened: looked at from outside, before any of it is parsed.

A workbook is a ZIP archive of XML. One that would fill the memory, that defines entities, or that is encrypted is
refused here; whoever opens it afterwards meets nothing of the kind.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from consortia.errors import SpecError
from consortia.files.text import read_bytes, refuse
from consortia.sentence import Sentence, say

MOST_UNPACKED = 400 * 2**20
"""Bytes; a workbook of 40,000 offers has about 20 million."""
MOST_RATIO = 300
"""Times that a part may grow when it is unpacked; spreadsheets' own parts grow tenfold to fiftyfold."""
SMALL = 2**20
"""Parts that are smaller than this when unpacked may grow as they like."""
_CHUNK = 2**20
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<([A-Za-z0-9]+:)?f[\s>/]")
_SAVE = say("Save it in Excel or LibreOffice as a workbook (.xlsx)")
_DAMAGED = say("Open it in Excel or LibreOffice and save it again, or get a whole copy of it")


@dataclass(frozen=True)
class Archive:
    """A workbook that may be opened.

    Attributes
    ----------
    data : bytes
    macros : bool
        Whether it has macros, which are never run.
    formulas : bool
        Whether any sheet has formulas.
    """

    data: bytes
    macros: bool
    formulas: bool


def open_archive(path: Path) -> Archive:
    """Read a file and look at it from outside.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Archive

    Raises
    ------
    SpecError
        If it is no workbook, or one that is refused.
    """
    data = read_bytes(path)
    if not data:
        raise refuse(path, "", say("the file is empty"), _SAVE)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _compound(path, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _looked_at(path, data, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        if data.startswith(b"PK"):
            raise refuse(path, "", say("the workbook is damaged: {reason}", reason=str(error)), _DAMAGED) from None
        raise refuse(path, "", say("this is not a workbook, whatever its name says"), _SAVE) from None


def _compound(path: Path, data: bytes) -> SpecError:
    """Say what a file of the format before 2007 is: an encrypted workbook, or an old one."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        remedy = say("Open it, take the password off (File, Info, Protect Workbook), and save it")
        return refuse(path, "", say("the workbook is protected by a password"), remedy)
    return refuse(path, "", say("this is a workbook in the format before 2007 (.xls)"), _SAVE)


def _looked_at(path: Path, data: bytes, archive: zipfile.ZipFile) -> Archive:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(path, "", say("the workbook is protected by a password"), say("Save it without one"))
    if "xl/workbook.bin" in names:
        raise refuse(path, "", say("this is a workbook in the binary format (.xlsb)"), _SAVE)
    if "mimetype" in names and "content.xml" in names:
        raise refuse(path, "", say("this is a workbook in the format OpenDocument (.ods)"), _SAVE)
    if "[Content_Types].xml" not in names:
        raise refuse(path, "", say("this is an archive, but not a workbook"), _SAVE)
    _check_sizes(path, parts)
    formulas = False
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")):
            formulas |= _check_part(path, archive, part)
    return Archive(data, any(name.endswith("vbaProject.bin") for name in names), formulas)


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    grown = [part for part in parts if part.file_size > SMALL and part.file_size > MOST_RATIO * part.compress_size]
    if total > MOST_UNPACKED or grown:
        message = say(
            "the workbook would unpack to {size} MB from {packed} MB",
            size=total // 2**20,
            packed=round(sum(part.compress_size for part in parts) / 2**20, 1),
        )
        remedy = say("Delete empty rows and sheets that are not needed; at most {most} MB", most=MOST_UNPACKED // 2**20)
        raise refuse(path, "", message, remedy)


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Refuse entities in any encoding, and tell whether there are formulas."""
    formulas, kept = False, b""
    of_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen = kept + chunk.replace(b"\0", b"")
            if _ENTITIES.search(seen):
                message: Sentence = say(
                    "the workbook defines entities in {part}, as no spreadsheet does", part=part.filename
                )
                raise refuse(path, "", message, _SAVE)
            formulas |= of_sheet and _FORMULA.search(seen) is not None
            kept = seen[-20:]
    return formulas
