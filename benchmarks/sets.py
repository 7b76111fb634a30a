"""The frozen sets of the benchmarks: list them, or write one as project files that any program can read.

    python benchmarks/sets.py
    python benchmarks/sets.py consortium-60x40 -o FOLDER

``consortia bench`` takes the recipes in ``benchmarks/sets`` themselves and needs no such files; they are for others,
and are not kept in the repository.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from consortia.bench.recipes import read_recipe
from consortia.bench.sources import FromFile, Made, Source, data_folder, recognise

RECIPES = {path.stem: path for path in sorted((Path(__file__).parent / "sets").glob("*.yaml"))}


def project(source: Source) -> dict[str, Any]:
    """Return what a project file of an instance would contain."""
    from consortia.files.convert import convert

    if isinstance(source, Made):
        return source.project()
    assert isinstance(source, FromFile)
    made = convert(source.format or recognise(source.path), [source.path])
    if source.holders is not None:
        wanted = dict(zip(source.instance().capabilities, source.instance().least_providers.tolist(), strict=True))
        for capability in made["capabilities"]:
            capability["providers"] = {"min": wanted[str(capability["id"])]}
    return made


def write(source: Source, folder: Path) -> Path:
    """Write an instance as a project file in JSON."""
    from consortia.files import write_json

    path = folder / f"{Path(source.name).stem}.json"
    write_json(project(source), path)
    return path


def main() -> None:
    """List the sets, or write one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=[*RECIPES])
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--data", type=Path, help="the folder of published files; else CONSORTIA_DATA")
    asked = parser.parse_args()
    if asked.name is None:
        for name, path in RECIPES.items():
            print(f"{name:<20} {path.read_text(encoding='utf-8').partition(chr(10))[0].lstrip('# ')}")
        return
    sources = read_recipe(RECIPES[asked.name], asked.data or data_folder())
    if asked.output is None:
        print(*(source.name for source in sources), sep="\n")
        return
    asked.output.mkdir(parents=True, exist_ok=True)
    for source in sources:
        print(write(source, asked.output))


if __name__ == "__main__":
    main()
