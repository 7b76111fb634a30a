"""Writing project and pool data that a command made, in the form that the file's name says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consortia.cli.streams import Streams


def write_data(streams: Streams, data: Mapping[str, Any], output: Path | None) -> None:
    """Write a project or a pool as YAML (also to stdout) or, into a file called .json, as JSON.

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
    from consortia.files.write import write_json, write_yaml

    writers = {".yaml": write_yaml, ".yml": write_yaml, ".json": write_json}
    if output.suffix.lower() not in writers:
        raise click.UsageError(f"{output}: give the file a name that ends in .yaml or .json")
    writers[output.suffix.lower()](data, output)
    streams.note(streams.words.say("Written to {file}", file=output))
