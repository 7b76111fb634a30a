"""Writing models to files: whole or not at all, and the same bytes everywhere."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

from consortia.errors import Problem, SpecError
from consortia.files import csv_text
from consortia.files.emit import to_json, to_yaml
from consortia.files.plain import plain
from consortia.files.pool_document import pool_document
from consortia.files.pool_tables import pool_tables, table_text
from consortia.files.structure import draft
from consortia.files.table import Tables
from consortia.sentence import say
from consortia.spec.pool import Pool
from consortia.spec.project import Project

PathText = str | os.PathLike[str]
Writable = Project | Pool | Mapping[str, Any]
Made = TypeVar("Made")


def write_yaml(data: Writable, path: PathText) -> None:
    """Write a project, a pool or plain data as YAML.

    Parameters
    ----------
    data : Project, Pool or mapping
        What to write; of a model, without what is the default anyway.
    path : path
        The file, replaced if it exists.

    Raises
    ------
    SpecError
        If it cannot be written; then nothing is.
    """
    write_text({Path(path): to_yaml(plain(data))})


def write_json(data: Writable, path: PathText) -> None:
    """Write a project, a pool or plain data as JSON, with exact numbers.

    Parameters
    ----------
    data : Project, Pool or mapping
        What to write; of a model, without what is the default anyway.
    path : path
        The file, replaced if it exists.

    Raises
    ------
    SpecError
        If it cannot be written; then nothing is.
    """
    write_text({Path(path): to_json(plain(data))})


def write_csv(pool: Pool, folder: PathText) -> None:
    """Write a pool as a folder of CSV files that spreadsheets open: ``;``, UTF-8 with a mark, decimal commas.

    All tables are written, empty ones too, so that none of an earlier pool is left beside them.

    Parameters
    ----------
    pool : Pool
        What to write.
    folder : path
        The folder; made if it does not exist, but not those above it.

    Raises
    ------
    SpecError
        If the pool says something that tables cannot, or it cannot be written; then nothing is.
    """
    target = Path(folder)
    texts = {name: table_text(rows) for name, rows in pool_tables(pool).items()}
    _check_readable(pool, texts, target)
    write_folder(target, {f"{name}.csv": text.encode("utf-8-sig") for name, text in texts.items()})


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, all of them or none.

    Parameters
    ----------
    target : Path
        The folder; made if it does not exist, but not those above it.
    files : mapping of str to bytes
        By name.

    Raises
    ------
    SpecError
        If one of them cannot be written; then a folder that was made is gone again.
    """
    made = _make_folder(target)
    try:
        write_bytes({target / name: data for name, data in files.items()})
    except BaseException:
        if made:
            target.rmdir()
        raise


def write_workbook(data: Writable, path: PathText, lang: str = "en") -> None:
    """Write a project with its pool, or a pool, as a workbook that people fill in and that reads back as the same.

    Parameters
    ----------
    data : Project, Pool or mapping
        What to write.
    path : path
        The file, replaced if it exists.
    lang : {"en", "ru"}
        Of the names of sheets and columns, of fixed values and of comments.

    Raises
    ------
    SpecError
        If there is something that a workbook cannot say, or it cannot be written; then nothing is.
    """
    from consortia.files.reading import read_either, read_project
    from consortia.files.workbook_sheets import workbook

    project: Project | None = data if isinstance(data, Project) else None
    pool: Pool | None = data if isinstance(data, Pool) else None
    if isinstance(data, Mapping):
        if "capabilities" in data:
            project = read_project(data).model
        else:
            pool = read_either(data)[1].model
    write_bytes({Path(path): workbook(project, pool, lang, str(path))})


def write_text(files: Mapping[Path, str], encoding: str = "utf-8") -> None:
    """Write texts to files, all of them or none: each aside in its folder first, then put in place.

    A link keeps pointing where it does. Devices and pipes are written to, never replaced by a file.

    Parameters
    ----------
    files : mapping of Path to str
        What to write where.
    encoding : str
        How.

    Raises
    ------
    SpecError
        If one of them cannot be written.
    """
    write_bytes({path: text.encode(encoding) for path, text in files.items()})


def write_bytes(files: Mapping[Path, bytes]) -> None:
    """Write files as `write_text` does, whatever is in them.

    Raises
    ------
    SpecError
        If one of them cannot be written.
    """
    asides: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            if _is_special(path):
                attempt(path, lambda path=path, data=data: _write_into(path, data))  # type: ignore[misc]
                continue
            target = _behind_links(path)
            aside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
            asides[aside] = target
            attempt(path, lambda aside=aside, data=data: _write_aside(aside, data))  # type: ignore[misc]
        for path in files:
            if path.is_dir():
                raise _cannot(path, "Is a directory")
        for aside, path in asides.items():
            attempt(path, lambda aside=aside, path=path: aside.replace(path))  # type: ignore[misc]
    finally:
        for aside in asides:
            aside.unlink(missing_ok=True)


def begin_file(path: Path) -> None:
    """Make a file that will grow, and the folders above it, unless it is there.

    Parameters
    ----------
    path : Path

    Raises
    ------
    SpecError
        If it could not be written to.
    """
    attempt(path.parent, lambda: _make_folders(path.parent))
    attempt(path, lambda: path.open("ab").close())


def _write_aside(aside: Path, data: bytes) -> None:
    with aside.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _is_special(path: Path) -> bool:
    """Tell whether something is there that is neither a file nor a folder: a device, a pipe."""
    try:
        return path.exists() and not path.is_file() and not path.is_dir()
    except OSError:
        return False


def _behind_links(path: Path) -> Path:
    try:
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError):  # links in a circle
        return path


def _write_into(path: Path, data: bytes) -> None:
    with path.open("wb", buffering=0) as stream:
        write_all(stream, data)


def write_all(stream: FileIO, data: bytes) -> None:
    """Write all of it to a stream without a buffer, which may take a part at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def attempt(path: Path, action: Callable[[], Made]) -> Made:
    """Do something that writes to a file, and return what comes of it.

    Raises
    ------
    SpecError
        If the system does not let it.
    """
    try:
        return action()
    except (OSError, ValueError) as error:
        if not os.path.isdir(path.parent):  # noqa: PTH112 - a name too long is no folder, and no error
            message = say("there is no folder {folder} to write to", folder=str(path.parent))
            raise SpecError([Problem(str(path), "", message, say("Make it, or correct the path"))]) from None
        raise _cannot(path, getattr(error, "strerror", None) or str(error)) from None


def _cannot(path: Path, reason: str) -> SpecError:
    message = say("the file cannot be written: {reason}", reason=reason)
    return SpecError([Problem(str(path), "", message, say("Write it elsewhere, or check permissions"))])


def _make_folders(target: Path) -> None:
    if target.is_file():
        message = say("this is a file, and a folder is to be written")
        raise SpecError([Problem(str(target), "", message, say("Name another folder"))])
    target.mkdir(parents=True, exist_ok=True)


def _make_folder(target: Path) -> bool:
    """Make a folder, and tell whether it was made."""
    if target.is_dir():
        return False
    attempt(target, target.mkdir)
    return True


def _check_readable(pool: Pool, texts: Mapping[str, str], target: Path) -> None:
    """Read what is going to be written, and refuse it where it would not be the same pool."""
    tables = {name: csv_text.parse_table(text, name, f"{name}.csv") for name, text in texts.items()}
    back = draft(Pool, pool_document(Tables(str(target), tables)))
    if not back.problems and back.model == pool:
        return
    found = list(back.problems)
    for section in ("competences", "clusters", "partners"):
        before, after = getattr(pool, section), getattr(back.model, section, ())
        for at, entry in enumerate(before):
            if not back.problems and (at >= len(after) or after[at] != entry):
                message = say("{id} has a text that tables cannot hold", id=entry.id)
                remedy = say("Remove semicolons, bars and outer spaces from its texts, or write YAML")
                found.append(Problem(str(target), f"{section}[{at}]", message, remedy))
    if not found:
        message = say("the title, the currency or the day has a text that tables cannot hold")
        found.append(Problem(str(target), "", message, say("Remove outer spaces, or write YAML")))
    raise SpecError(found)
