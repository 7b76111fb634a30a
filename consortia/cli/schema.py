"""``consortia schema``: the JSON Schema of what people write."""

from __future__ import annotations

import json

import click

from consortia.cli.options import told
from consortia.cli.speaking import Command
from consortia.cli.streams import Streams


@click.command("schema", cls=Command)
@click.argument("kind", type=click.Choice(["project", "pool"]))
@told
def command(streams: Streams, kind: str) -> None:
    """Print the JSON Schema of project or pool files, for editors that complete and check them."""
    from pydantic import BaseModel

    from consortia.spec.pool import Pool
    from consortia.spec.project import Project

    model: type[BaseModel] = Project if kind == "project" else Pool
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    streams.answer(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
