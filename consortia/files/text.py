"""From bytes to text: encodings, and files that are not there or are no text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from consortia.errors import Problem, SpecError
from consortia.sentence import Sentence, say

_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ARCHIVE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin, whatever the file is called."""


def refuse(path: Path, place: str, message: Sentence, remedy: Sentence | None = None) -> SpecError:
    """Return the error that one problem with a file makes."""
    return SpecError([Problem(str(path), place, message, remedy)])


def read_text(path: Path, *, cyrillic: bool = False) -> tuple[str, tuple[Sentence, ...]]:
    """Read a text file: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Parameters
    ----------
    path : Path
        The file.
    cyrillic : bool
        Whether to take what is not UTF-8 for Windows-1251, with a note.

    Returns
    -------
    text : str
        What the file says; never blank.
    notes : tuple of Sentence
        That the encoding was guessed.

    Raises
    ------
    SpecError
        If there is no such file, or it cannot be read, or it is empty or no text.
    """
    text, notes = _decode(path, read_bytes(path), cyrillic)
    found = _NOT_TEXT.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise refuse(
            path,
            f"line {line}",
            say("this is not a text file: it contains the control character {code}", code=f"U+{ord(found[0]):04X}"),
            say("Save it as text in UTF-8"),
        )
    if not text.strip():
        raise refuse(path, "", say("the file is empty"), say("See docs/file-format.md for an example"))
    return text, notes


def read_bytes(path: Path) -> bytes:
    """Read a file, or say why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        remedy = _neighbour(path)
        raise refuse(path, "", say("there is no such file"), remedy) from None
    except IsADirectoryError:
        raise refuse(path, "", say("a file is expected, and this is a folder"), say("Name a file in it")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            path, "", say("the file cannot be read: {reason}", reason=reason), say("Check its permissions")
        ) from None


def _neighbour(path: Path) -> Sentence:
    from consortia.spec.references import nearest

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return say("Check the path: there is no folder {folder} either", folder=str(path.parent))
    same = (name for name in sorted(names) if Path(name).stem == path.stem)
    close = next(same, None) or nearest(path.name, names, least=0.8)
    if close is None:
        return say("Check the path")
    return say("Perhaps {name} is meant", name=str(path.with_name(close)))


def _decode(path: Path, data: bytes, cyrillic: bool) -> tuple[str, tuple[Sentence, ...]]:
    if data.startswith(_ARCHIVE):
        raise refuse(path, "", say("this is a workbook or an archive, not a text file"), say("Save it as CSV in UTF-8"))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise refuse(path, "", say("this is not a text file"), say("Save it as text in UTF-8")) from None
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if cyrillic and b"\x98" not in data and not re.search(rb"[\x00-\x08\x0e-\x1f]", data):
            return data.decode("cp1251"), (_guessed(path, data, error.start),)
        raise refuse(
            path,
            f"line {line}",
            say("this is not UTF-8: byte {byte}", byte=f"0x{data[error.start]:02X}"),
            say("Save it as text in UTF-8"),
        ) from None


def _guessed(path: Path, data: bytes, position: int) -> Sentence:
    sample = re.match(r"\w*", data[position : position + 40].decode("cp1251"))
    return say(
        "{file} is not in UTF-8 and was read as Windows-1251; check that it reads well: {sample}",
        file=str(path),
        sample=sample[0] if sample and sample[0] else data[position : position + 10].decode("cp1251"),
    )
