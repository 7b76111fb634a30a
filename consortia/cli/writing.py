"""Writing project and pool data that a command made, in the form that the file's name says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consortia.cli.streams import Streams

if TYPE_CHECKING:
    from consortia.spec.pool import Pool


def write_data(streams: Streams, data: Mapping[str, Any], output: Path | None) -> None:
    """Write a project or a pool as YAML (also to stdout) or, into a file called .json or .xlsx, as such.

    Raises
    ------
    click.UsageError
        If the name of the file says neither.
    SpecError
        If the file cannot be written; then nothing is.
    """
    if output is None:
        from consortia.files.emit import to_yaml
        from consortia.files.plain import plain

        streams.answer(to_yaml(plain(data)), encoding="utf-8")
        return
    from consortia.files.write import write_json, write_workbook, write_yaml

    writers = {".yaml": write_yaml, ".yml": write_yaml, ".json": write_json}
    writers[".xlsx"] = partial(write_workbook, lang=streams.words.code)
    if output.suffix.lower() not in writers:
        raise click.UsageError(f"{output}: give the file a name that ends in .yaml, .json or .xlsx")
    writers[output.suffix.lower()](data, output)
    streams.note(streams.words.say("Written to {file}", file=output))


def write_pool(streams: Streams, pool: Pool, output: Path) -> None:
    """Write a pool as YAML or JSON, or as a folder of CSV files where the name has no ending.

    Raises
    ------
    click.UsageError
        If the name of the file says none of these.
    SpecError
        If it cannot be written; then nothing is.
    """
    if output.suffix and not output.is_dir():
        from consortia.files.plain import plain

        write_data(streams, plain(pool), output)
        return
    from consortia.files.write import write_csv

    write_csv(pool, output)
    streams.note(streams.words.say("Written to {file}", file=output))
